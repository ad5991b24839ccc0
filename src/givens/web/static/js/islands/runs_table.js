/** The table of runs: filter, sort, columns, ticks; its whole state stands in the address. */

import { batch, computed, effect, html, render, signal, useSignal } from "../framework.js";
import { Grid } from "../grid/grid.js";
import { RowPages, PAGE_ROWS } from "../grid/row_pages.js";
import { Widths } from "../grid/widths.js";
import { onChange, onViews } from "../live.js";
import { onceMore } from "../logic/once_more.js";
import { nextSort, readState, writeState } from "../logic/url_state.js";
import { showSame } from "../same.js";
import * as wire from "../wire.js";
import { Chooser } from "./chooser.js";
import { CompareBar, TagTicked } from "./compare_bar.js";
import { Filter } from "./filter.js";
import { Empty, Head } from "./runs_head.js";

/** @import { GridColumn, GridRow, RunsPage } from "../wire.js" */

const { RUNS_FIELDS } = wire;

/** @param {HTMLElement} place */
export function start(place) {
  const first = wire.inlineIn(place);
  const table = new RunsTable(first === null ? null : wire.runsFrom(first));
  place.replaceChildren();
  render(html`<${View} table=${table} />`, place);
}

/** What the table shows, and what changes it. */
class RunsTable {
  /** @param {RunsPage | null} first the page that came with the document */
  constructor(first) {
    const state = readState(location.search, RUNS_FIELDS);
    this.filter = signal(state.filter);
    this.sort = signal(state.sort);
    this.cols = signal(/** @type {string[]} */ (state.cols));
    this.ignored = signal(state.ignored);
    this.ticked = signal(/** @type {string[]} */ (state.tick));
    /** What is true of all rows: heads, notes, counts. It stays while the next question is on its way. */
    this.page = signal(first);
    this.isAsking = signal(first === null);
    this.failure = signal(/** @type {wire.Refused | null} */ (null));
    this.source = signal(this._pages());
    if (first !== null) this.source.peek().put(first);
    this.widths = new Widths();
    this.shownWidths = computed(() => {
      const page = this.page.value;
      return page === null ? [] : this.widths.of(page.columns, page.rows);
    });
    /** @type {Map<string, string>} */
    this.names = new Map();
    this._last = -1;
    /** @type {AbortController | undefined} */
    this._asked = undefined;
    /** Something changed after the question that is on its way was put. */
    this._isOutdated = false;
    /** Runs began or changed: look again. */
    this._changed = onceMore(() => this._lookAgain());
    this._watch(first !== null);
  }

  /** @param {boolean} isThere the first page came with the document */
  _watch(isThere) {
    let asked = isThere ? this._question() : "";
    effect(() => {
      const question = this._question();
      if (question === asked) return;
      asked = question;
      this._ask();
    });
    effect(() => {
      const search = this._search();
      if (search === location.search) return;
      const isSameQuestion = history.state?.question === this._question();
      history[isSameQuestion ? "replaceState" : "pushState"]({ question: this._question() }, "", search || location.pathname);
    });
    history.replaceState({ question: this._question() }, "");
    effect(() => {
      const page = this.page.value;
      if (page !== null) queueMicrotask(() => showSame(page));
    });
    window.addEventListener("popstate", () => this._goTo(readState(location.search, RUNS_FIELDS)));
    onChange(() => this._changed());
    onViews(() => this._changed());
  }

  _search() {
    const state = {
      filter: this.filter.value,
      sort: this.sort.value,
      cols: this.cols.value,
      ignored: this.ignored.value,
      tick: this.ticked.value,
    };
    return writeState(state, RUNS_FIELDS, location.search);
  }

  _question() {
    return JSON.stringify([this.filter.value, this.sort.value, this.cols.value, this.ignored.value]);
  }

  /** @param {Record<string, any>} state */
  _goTo(state) {
    batch(() => {
      this.filter.value = state.filter;
      this.sort.value = state.sort;
      this.cols.value = state.cols;
      this.ignored.value = state.ignored;
      this.ticked.value = state.tick;
    });
  }

  /** The question, for the server. */
  asked() {
    return {
      filter: this.filter.peek(),
      sort: this.sort.peek(),
      cols: this.cols.peek(),
      ignored: this.ignored.peek(),
    };
  }

  _pages() {
    const question = this.asked();
    return new RowPages((offset, limit, calledOff) => wire.runsPage(question, offset, limit, calledOff));
  }

  /** What is left out changed: the same question has another answer. */
  askAgain() {
    this._ask();
  }

  /** The one question that is on its way; what was on its way before is called off. */
  _put() {
    this._asked?.abort();
    this._asked = new AbortController();
    const { signal } = this._asked;
    return { signal, answer: wire.runsPage(this.asked(), 0, PAGE_ROWS, signal) };
  }

  /** Ask anew; the old rows stay until the new ones are here. */
  async _ask() {
    this.isAsking.value = true;
    this._isOutdated = false;
    const { signal, answer } = this._put();
    try {
      const page = await answer;
      if (signal.aborted) return;
      batch(() => {
        this._show(page);
        this.failure.value = null;
        this.isAsking.value = false;
      });
    } catch (failure) {
      if (signal.aborted) return;
      batch(() => {
        this.failure.value = wire.refusal(failure);
        this.isAsking.value = false;
      });
    }
    if (this._isOutdated) this._changed();
  }

  /** @param {RunsPage} page the first one of rows that nobody has seen */
  _show(page) {
    const next = this._pages();
    next.put(page);
    this.source.peek().close();
    this.source.value = next;
    this.page.value = page;
  }

  /** Look again at what is in view, and at what is said of all of the runs. */
  async _lookAgain() {
    if (this.isAsking.peek()) {
      this._isOutdated = true;
      return;
    }
    if (this.failure.peek() !== null) return;
    const { signal, answer } = this._put();
    try {
      const page = await answer;
      if (signal.aborted) return;
      batch(() => {
        if (!wire.sameColumns(page, this.page.peek())) return this._show(page);
        const source = this.source.peek();
        source.outdate();
        source.put(page);
        this.page.value = page;
      });
    } catch (failure) {
      // the server went away: the mark of the live stream says so, and what was there stays
      void failure;
    }
  }

  /** @param {GridColumn} column */
  sortBy(column) {
    if (column.sort !== null) this.sort.value = nextSort(column.sorted, column.sort, column.downFirst);
  }

  /**
   * @param {string} id
   * @param {GridRow | undefined} row
   * @param {boolean} through everything between the last tick and this one as well
   */
  tick(id, row, through) {
    const at = this._placeOf(id);
    const ids = new Set(this.ticked.peek());
    if (row !== undefined) this.names.set(id, row.name);
    if (through && this._last >= 0 && at >= 0) {
      const [from, to] = at < this._last ? [at, this._last] : [this._last, at];
      for (let each = from; each <= to; each++) {
        const between = this.source.peek().row(each);
        if (between !== undefined) ids.add(between.id), this.names.set(between.id, between.name);
      }
    } else if (ids.has(id)) ids.delete(id);
    else ids.add(id);
    this._last = at;
    this.ticked.value = [...ids];
  }

  /** @param {string} id */
  _placeOf(id) {
    const source = this.source.peek();
    for (let at = 0; at < source.total; at++) {
      const row = source.row(at);
      if (row?.id === id) return at;
      if (at > 100_000) break;
    }
    return -1;
  }
}

/** @param {{table: RunsTable}} props */
function View({ table }) {
  const isChoosing = useSignal(false);
  const page = table.page.value;
  if (page === null) {
    return html`<div>
      <${Filter} table=${table} />
      <p class="note" role="status">${table.isAsking.value ? "Looking for runs …" : ""}</p>
    </div>`;
  }
  return html`<div class="runs">
    <${Filter} table=${table} />
    <${Head} table=${table} page=${page} isChoosing=${isChoosing} />
    ${isChoosing.value
      ? html`<${Chooser}
          shown=${page.columns.map((column) => column.name)}
          isChosen=${table.cols.value.length > 0}
          find=${wire.findKeys}
          choose=${(/** @type {string[]} */ names) => (table.cols.value = names)}
        />`
      : null}
    ${page.total === 0
      ? html`<${Empty} empty=${page.empty} />`
      : html`<${Grid}
          label="runs"
          columns=${page.columns}
          widths=${table.shownWidths.value}
          source=${table.source.value}
          ticked=${table.ticked}
          tick=${(/** @type {string} */ id, /** @type {GridRow | undefined} */ row, /** @type {boolean} */ through) => table.tick(id, row, through)}
          onSort=${(/** @type {GridColumn} */ column) => table.sortBy(column)}
        />`}
    <${CompareBar}
      ticked=${table.ticked}
      names=${table.names}
      compareUrl=${wire.compareUrl(table.ticked.value)}
      curvesUrl=${wire.curvesUrl(table.ticked.value)}
      clear=${() => (table.ticked.value = [])}
      more=${html`<${TagTicked} ticked=${table.ticked} />`}
    />
  </div>`;
}
