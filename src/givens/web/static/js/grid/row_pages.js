/** The rows of a long table, page by page from the server: what is in view is asked for, what has left it is called off. */

import { signal } from "../framework.js";
import { pagesOf } from "../logic/scrolling.js";

/** @import { GridRow } from "../wire.js" */

export const PAGE_ROWS = 50;
/** Pages that are kept; beyond, those that were looked at longest ago go. */
const KEPT_PAGES = 60;
/** Milliseconds that a view rests before pages far from those it had are asked for: a bar that is dragged passes many. */
const REST_MS = 60;

/**
 * @typedef {object} Page
 * @property {GridRow[]} rows
 * @property {number} total
 */

export class RowPages {
  /** @param {(offset: number, limit: number, called_off: AbortSignal) => Promise<Page>} ask */
  constructor(ask) {
    this._ask = ask;
    /** @type {Map<number, GridRow[]>} in the order they were last looked at */
    this._pages = new Map();
    /** @type {Map<number, AbortController>} */
    this._asked = new Map();
    /** @type {Set<number>} pages that are shown as they were, until they come anew */
    this._stale = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this._resting = undefined;
    this._total = 0;
    /** Grows when rows came: what draws them looks at it. */
    this.version = signal(0);
    /** @type {import("../framework.js").Signal<Error | null>} */
    this.failure = signal(/** @type {Error | null} */ (null));
  }

  get total() {
    return this._total;
  }

  /** How many requests are on their way. */
  get inFlight() {
    return this._asked.size;
  }

  /**
   * A page that came with something else.
   * @param {Page} page the first one
   */
  put(page) {
    this._total = page.total;
    for (const at of pagesOf(0, page.rows.length, PAGE_ROWS)) {
      const rows = page.rows.slice(at * PAGE_ROWS, (at + 1) * PAGE_ROWS);
      // a page that was cut short is no page, except the last
      if (rows.length < PAGE_ROWS && at * PAGE_ROWS + rows.length !== page.total) continue;
      this._pages.set(at, rows);
      this._stale.delete(at);
    }
    this.version.value++;
  }

  /**
   * The row; undefined where it has not come yet.
   * @param {number} at
   * @returns {GridRow | undefined}
   */
  row(at) {
    return this._pages.get(Math.floor(at / PAGE_ROWS))?.[at % PAGE_ROWS];
  }

  /** @returns {Iterable<GridRow>} the rows that are here */
  *here() {
    for (const rows of this._pages.values()) yield* rows;
  }

  /**
   * These rows are in view: ask for what is not here, call off what is not in view any more.
   * @param {number} first
   * @param {number} end
   */
  want(first, end) {
    const wanted = new Set(pagesOf(first, end, PAGE_ROWS));
    for (const [page, controller] of this._asked) {
      if (!wanted.has(page)) {
        controller.abort();
        this._asked.delete(page);
      }
    }
    const lacking = [...wanted].filter((page) => this._isLacking(page));
    clearTimeout(this._resting);
    if (lacking.length === 0) return;
    const isNear = lacking.some((page) => this._pages.has(page) || this._pages.has(page - 1) || this._pages.has(page + 1));
    if (isNear || this._pages.size === 0) for (const page of lacking) this._fetch(page);
    else this._resting = setTimeout(() => lacking.forEach((page) => this._isLacking(page) && this._fetch(page)), REST_MS);
  }

  /** What is here may not be true any more: shown until it has come anew. */
  outdate() {
    for (const page of this._pages.keys()) this._stale.add(page);
    for (const controller of this._asked.values()) controller.abort();
    this._asked.clear();
    this.version.value++;
  }

  /** Nobody looks any more. */
  close() {
    clearTimeout(this._resting);
    for (const controller of this._asked.values()) controller.abort();
    this._asked.clear();
  }

  /** @param {number} page */
  _isLacking(page) {
    return (!this._pages.has(page) || this._stale.has(page)) && !this._asked.has(page);
  }

  /** @param {number} page */
  async _fetch(page) {
    const controller = new AbortController();
    this._asked.set(page, controller);
    try {
      const answer = await this._ask(page * PAGE_ROWS, PAGE_ROWS, controller.signal);
      if (controller.signal.aborted) return;
      this._asked.delete(page);
      this._stale.delete(page);
      this._pages.delete(page);
      this._pages.set(page, answer.rows);
      this._total = answer.total;
      this._letGo();
      this.failure.value = null;
      this.version.value++;
    } catch (failure) {
      if (controller.signal.aborted) return;
      this._asked.delete(page);
      this.failure.value = /** @type {Error} */ (failure);
    }
  }

  _letGo() {
    for (const page of this._pages.keys()) {
      if (this._pages.size <= KEPT_PAGES) break;
      this._pages.delete(page);
      this._stale.delete(page);
    }
  }
}
