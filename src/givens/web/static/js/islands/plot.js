/** How keys and results go together: parallel coordinates or a scatter, above a table of the runs that are brushed. */

import { batch, computed, effect, html, render, signal } from "../framework.js";
import { Grid } from "../grid/grid.js";
import { Widths } from "../grid/widths.js";
import { onChange } from "../live.js";
import { brushedFilter } from "../logic/brush_filter.js";
import { brushTexts, brushesIn } from "../logic/brush_text.js";
import { counted, within } from "../logic/brushing.js";
import { NO_COLOR, bestFirst, startingAxes, startingScatter } from "../logic/plot_choice.js";
import { readState, writeState } from "../logic/url_state.js";
import { Notes } from "../plots/bars.js";
import { Parallel, axesOf } from "../plots/parallel.js";
import { Scatter } from "../plots/scatter.js";
import { showSame } from "../same.js";
import * as wire from "../wire.js";
import { CompareBar } from "./compare_bar.js";
import { Filter } from "./filter.js";

/** @import { Brush } from "../logic/brushing.js" */
/** @import { GridColumn, GridRow, PlotData } from "../wire.js" */

/** @type {import("../logic/url_state.js").Fields} */
const FIELDS = {
  kind: { kind: "text" },
  filter: { kind: "text" },
  metric: { kind: "text" },
  axes: { kind: "names" },
  color: { kind: "text" },
  facet: { kind: "text" },
  x: { kind: "text" },
  y: { kind: "text" },
  brush: { kind: "list" },
  tick: { kind: "names" },
};

/** @param {HTMLElement} place */
export function start(place) {
  const view = new PlotView(place.getAttribute("data-island") === "scatter" ? "scatter" : "parallel");
  place.replaceChildren();
  // what the server wrote for those without scripts is part of the view itself
  for (const each of document.querySelectorAll("#narrow, #kinds")) each.remove();
  render(html`<${View} view=${view} />`, place);
}

class PlotView {
  /** @param {string} kind */
  constructor(kind) {
    const state = readState(location.search, FIELDS);
    this.kind = signal(state.kind === "scatter" || state.kind === "parallel" ? state.kind : kind);
    this.filter = signal(state.filter);
    this.metric = signal(state.metric);
    this.axes = signal(/** @type {string[]} */ (state.axes));
    this.color = signal(state.color);
    this.facet = signal(state.facet);
    this.x = signal(state.x);
    this.y = signal(state.y);
    this.brushes = signal(brushesIn(state.brush));
    this.ticked = signal(/** @type {string[]} */ (state.tick));
    this.pointed = signal(-1);
    this.plot = signal(/** @type {PlotData | null} */ (null));
    this.others = signal(/** @type {wire.KeyEntry[]} */ ([]));
    this.failure = signal(/** @type {wire.Refused | null} */ (null));
    /** @type {Map<string, string>} */
    this.names = new Map();
    this.known = computed(() => axesOf(this.plot.value?.columns ?? []));
    this.shown = computed(() => startingAxes(this.plot.value, this.axes.value, [...this.brushes.value.keys()]));
    this.meant = computed(() => startingScatter(this.plot.value, { x: this.x.value, y: this.y.value, color: this.color.value }));
    this.colored = computed(() => (this.kind.value === "scatter" ? this.meant.value.color : this.color.value || (this.plot.value?.metric ?? "")));
    this.kept = computed(() => within(this.brushes.value, this.known.value.places, this.plot.value?.ids.length ?? 0));
    /** @type {AbortController | undefined} */
    this._asked = undefined;
    this._watch();
  }

  _watch() {
    let asked = "";
    effect(() => {
      const next = JSON.stringify([this.filter.value, this.metric.value, this._wanted()]);
      if (next === asked) return;
      asked = next;
      if (!this._isHere()) this._ask();
    });
    effect(() => {
      const search = this._search();
      if (search !== location.search) history.replaceState(null, "", search || location.pathname);
    });
    effect(() => {
      const title = document.querySelector("h1");
      if (title !== null) title.textContent = this.kind.value === "scatter" ? "Scatter" : "Parallel coordinates";
    });
    effect(() => {
      const plot = this.plot.value;
      const meant = this.kind.value === "scatter" ? this.meant.value : { x: "", y: "", color: "" };
      // what is chosen stands in the address by then, and the downloads follow; a brush is no part of them
      void [this.filter.value, this.metric.value, this.axes.value, this.facet.value];
      if (plot !== null) queueMicrotask(() => showSame(plot, { kind: this.kind.peek(), ...meant }));
    });
    onChange(() => this._ask());
    wire.findKeys("").then(
      ({ keys }) => (this.others.value = keys),
      // without them there are fewer axes to choose from, which is no reason to show nothing
      () => undefined,
    );
  }

  /** Columns that were asked for by name. */
  _wanted() {
    return [...this.axes.value, this.x.value, this.y.value, this.facet.value, this.color.value, this.metric.value, ...this.brushes.value.keys()].filter((name) => name !== "" && name !== NO_COLOR);
  }

  /** Whether the columns that are wanted came already, for the filter there is. */
  _isHere() {
    const plot = this.plot.peek();
    if (plot === null || plot.question !== this.filter.peek()) return false;
    const here = new Set(plot.columns.map((column) => column.name));
    return this._wanted().every((name) => here.has(name));
  }

  _search() {
    const state = {
      kind: this.kind.value,
      filter: this.filter.value,
      metric: this.metric.value,
      axes: this.axes.value,
      color: this.color.value,
      facet: this.facet.value,
      x: this.x.value,
      y: this.y.value,
      brush: brushTexts(this.brushes.value),
      tick: this.ticked.value,
    };
    return writeState(state, FIELDS, location.search);
  }

  async _ask() {
    this._asked?.abort();
    const controller = new AbortController();
    this._asked = controller;
    try {
      const wanted = this._wanted();
      // the columns that the server chooses, and those that were asked for by name
      let plot = await wire.plotData({ filter: this.filter.peek(), metric: this.metric.peek(), cols: [] }, controller.signal);
      const here = plot.columns.map((column) => column.name);
      if (wanted.some((name) => !here.includes(name))) {
        plot = await wire.plotData(
          { filter: this.filter.peek(), metric: this.metric.peek(), cols: [...new Set([...here, ...wanted])] },
          controller.signal,
        );
      }
      if (controller.signal.aborted) return;
      batch(() => {
        this.plot.value = plot;
        this.failure.value = null;
      });
    } catch (failure) {
      if (!controller.signal.aborted) this.failure.value = wire.refusal(failure);
    }
  }

  /** @param {string} id */
  tick(id) {
    const plot = this.plot.peek();
    if (plot !== null) this.names.set(id, plot.names[plot.ids.indexOf(id)] ?? id);
    const ids = this.ticked.peek();
    this.ticked.value = ids.includes(id) ? ids.filter((each) => each !== id) : [...ids, id];
  }
}

/** @param {{view: PlotView}} props */
function View({ view }) {
  const plot = view.plot.value;
  if (plot === null) {
    return html`<div><${Filter} table=${view} /><p class="note" role="status">${view.failure.value === null ? "Looking for runs …" : ""}</p></div>`;
  }
  return html`<div class="with-table">
    <div>
      <${Filter} table=${view} />
      <${Controls} view=${view} plot=${plot} />
      ${plot.ids.length === 0
        ? html`<p class="empty">No run passes this filter.</p>`
        : html`<section class="panel" aria-label="plot"><${Picture} view=${view} plot=${plot} /></section>`}
      <${Notes} notes=${plot.notes} />
    </div>
    ${plot.ids.length === 0 ? null : html`<${Below} view=${view} plot=${plot} />`}
    <${CompareBar}
      ticked=${view.ticked}
      names=${view.names}
      compareUrl=${wire.compareUrl(view.ticked.value)}
      curvesUrl=${wire.curvesUrl(view.ticked.value)}
      clear=${() => (view.ticked.value = [])}
    />
  </div>`;
}

/** @param {{view: PlotView, plot: PlotData}} props */
function Picture({ view, plot }) {
  const both = {
    plot,
    known: view.known.value,
    kept: view.kept.value,
    pointed: view.pointed.value,
    onPoint: (/** @type {number} */ at) => (view.pointed.value = at),
    onPick: (/** @type {number} */ at) => view.tick(plot.ids[at]),
  };
  if (view.kind.value === "scatter") {
    return html`<${Scatter} ...${both} x=${view.meant.value.x} y=${view.meant.value.y} colour=${view.colored.value} facet=${view.facet.value} />`;
  }
  return html`<${Parallel}
    ...${both}
    shown=${view.shown.value}
    colour=${view.colored.value}
    brushes=${view.brushes.value}
    onBrushes=${(/** @type {Map<string, Brush>} */ brushes) => (view.brushes.value = brushes)}
    onShown=${(/** @type {string[]} */ shown) => (view.axes.value = shown)}
    onColour=${(/** @type {string} */ name) => (view.color.value = name)}
  />`;
}

/** @param {{view: PlotView, plot: PlotData}} props */
function Controls({ view, plot }) {
  const isScatter = view.kind.value === "scatter";
  const here = new Set(plot.columns.map((column) => column.name));
  const columns = [...plot.columns, ...view.others.value.filter(({ name }) => !here.has(name)).map((key) => ({ ...key, head: key.name }))];
  const select = (/** @type {string} */ label, /** @type {import("../framework.js").Signal<string>} */ on, /** @type {string} */ now, /** @type {string | null} */ none = null) =>
    html`<label
      >${label}
      <select value=${now || (none ?? "")} onChange=${(/** @type {any} */ event) => (on.value = event.currentTarget.value)}>
        ${none === null ? null : html`<option value=${none} selected=${now === "" || now === none}>no ${label}</option>`}
        ${columns.map(({ name, head }) => html`<option key=${name} value=${name} selected=${name === now}>${head}</option>`)}
      </select></label
    >`;
  const metrics = columns.filter((column) => column.isResult);
  return html`<div class="bar">
    <span class="tabs" role="group" aria-label="kind of plot">
      <button type="button" class="chip" aria-pressed=${String(!isScatter)} onClick=${() => (view.kind.value = "parallel")}>Parallel</button>
      <button type="button" class="chip" aria-pressed=${String(isScatter)} onClick=${() => (view.kind.value = "scatter")}>Scatter</button>
      <a class="chip" href=${wire.curvesUrl(view.ticked.value)}>Curves</a>
    </span>
    ${isScatter
      ? [select("x", view.x, view.meant.value.x), select("y", view.y, view.meant.value.y), select("colour", view.color, view.colored.value, NO_COLOR), select("facet", view.facet, view.facet.value, "")]
      : [
          metrics.length < 2
            ? null
            : html`<label
                >metric
                <select onChange=${(/** @type {any} */ event) => batch(() => ((view.metric.value = event.currentTarget.value), (view.color.value = ""), (view.axes.value = [])))}>
                  ${metrics.map(({ name, head }) => html`<option key=${name} value=${name} selected=${name === plot.metric}>${head}</option>`)}
                </select></label
              >`,
          select("colour", view.color, view.colored.value),
          html`<label
            >add axis
            <select value="" onChange=${(/** @type {any} */ event) => (view.axes.value = [...view.shown.peek(), event.currentTarget.value])}>
              <option value="" selected>…</option>
              ${columns.filter(({ name }) => !view.shown.value.includes(name)).map(({ name, head }) => html`<option key=${name} value=${name}>${head}</option>`)}
            </select></label
          >`,
        ]}
  </div>`;
}

/** @param {{view: PlotView, plot: PlotData}} props */
function Below({ view, plot }) {
  const rows = tableOf(view, plot);
  const count = counted(view.kept.value);
  const filter = brushedFilter(view.filter.value, view.brushes.value, view.known.value.axes);
  return html`<section aria-label="runs of the plot">
    <div class="bar">
      <span role="status"><b>${count}</b> of ${plot.ids.length} runs${view.brushes.value.size === 0 ? "" : " brushed"}</span>
      ${view.brushes.value.size === 0
        ? null
        : [
            html`<button type="button" onClick=${() => (view.brushes.value = new Map())}>Clear brushes</button>`,
            html`<a class="button" href=${wire.runsUrl(filter)}>All runs like these</a>`,
          ]}
    </div>
    <${Grid}
      label="runs of the plot"
      columns=${rows.columns}
      widths=${rows.widths}
      source=${rows.source}
      ticked=${view.ticked}
      tick=${(/** @type {string} */ id) => view.tick(id)}
      sort=""
      onSort=${() => undefined}
      onHover=${(/** @type {GridRow | null} */ row) => (view.pointed.value = row === null ? -1 : plot.ids.indexOf(row.id))}
    />
  </section>`;
}

const version = signal(0);

/** @type {{key: unknown[], rows: {columns: GridColumn[], widths: number[], source: import("../grid/grid.js").RowSource}} | null} */
let made = null;

/**
 * The kept runs as rows, the best first; made anew only when something of it changed.
 * @param {PlotView} view
 * @param {PlotData} plot
 */
function tableOf(view, plot) {
  const key = [plot, view.kept.value];
  if (made !== null && made.key.every((each, at) => each === key[at])) return made.rows;
  const metric = plot.columns.find((column) => column.name === plot.metric);
  const isSame = made !== null && made.key[0] === plot;
  const shown = [...plot.columns.filter((column) => column.isResult), ...plot.columns.filter((column) => !column.isResult)];
  const columns = isSame && made !== null ? made.rows.columns : [wire.nameColumn(), ...shown.map(wire.plotGridColumn)];
  const order = bestFirst(view.kept.value, metric);
  const row = (/** @type {number} */ at) => wire.plotRow(plot, shown, order[at]);
  const widths = isSame && made !== null ? made.rows.widths : new Widths().of(columns, order.slice(0, 60).map((_, at) => row(at)));
  /** @type {Map<number, GridRow>} */
  const rows = new Map();
  const source = {
    total: order.length,
    version,
    want: () => undefined,
    row: (/** @type {number} */ at) => {
      if (!rows.has(at) && at < order.length) rows.set(at, row(at));
      return rows.get(at);
    },
  };
  made = { key, rows: { columns, widths, source } };
  return made.rows;
}
