/**
 * A table of runs that draws only the rows in view; the whole of it by keyboard.
 *
 * The focus stays on the grid; `aria-activedescendant` names the cell that is meant, so that a row which leaves the view
 * takes no focus with it. Arrows move, Space ticks, Enter opens a run or sorts by a head.
 */

import { html, useEffect, useRef, useSignal } from "../framework.js";
import { rowsInView, scrollHeight, scrolledTo } from "../logic/scrolling.js";
import { Row } from "./row.js";

/** @import { GridColumn, GridRow } from "../wire.js" */

export const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 33;
/** The edges of the box, and the bar to scroll sideways. */
const BESIDE_HEIGHT = 18;

/**
 * @typedef {object} RowSource
 * @property {number} total
 * @property {import("../framework.js").ReadonlySignal<number>} version
 * @property {(at: number) => GridRow | undefined} row
 * @property {(first: number, end: number) => void} want
 *
 * @typedef {object} GridProps
 * @property {string} label
 * @property {GridColumn[]} columns
 * @property {number[]} widths
 * @property {RowSource} source
 * @property {import("../framework.js").Signal<string[]>} ticked ids, in the order they were ticked
 * @property {(id: string, row: GridRow | undefined, through: boolean) => void} tick
 * @property {(column: GridColumn) => void} onSort
 * @property {(row: GridRow | null) => void} [onHover]
 */

/** @param {GridProps} props */
export function Grid(props) {
  const { label, columns, widths, source, ticked, tick, onSort } = props;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const scrollTop = useSignal(0);
  const height = useSignal(600);
  /** row -1 is the heads, column 0 the tick */
  const active = useSignal({ row: 0, column: 1 });
  /** the mark of the place is for those who use the keyboard; a mouse has its own */
  const isMarked = useSignal(false);
  source.version.value;

  const extent = { total: source.total, rowHeight: ROW_HEIGHT, viewport: Math.max(ROW_HEIGHT, height.value - HEAD_HEIGHT) };
  const { first, end, offset } = rowsInView(extent, scrollTop.value);

  useEffect(() => {
    const element = /** @type {HTMLElement} */ (box.current);
    const watching = new ResizeObserver(() => (height.value = element.clientHeight));
    watching.observe(element);
    return () => watching.disconnect();
  }, []);
  useEffect(() => source.want(first, end), [source, first, end, source.version.value]);

  /** @param {Event} event */
  function onScroll(event) {
    const top = /** @type {HTMLElement} */ (event.currentTarget).scrollTop;
    const next = rowsInView(extent, top);
    // within the spare rows nothing has to be drawn
    if (next.first !== first || next.end !== end || next.offset !== offset) scrollTop.value = top;
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    if (event.altKey || event.metaKey) return;
    if (event.key !== "Tab" && event.key !== "Shift") isMarked.value = true;
    const { row, column } = active.value;
    const next = movedBy(event, row, column, Math.max(1, Math.floor(extent.viewport / ROW_HEIGHT) - 1), extent.total, columns.length);
    if (next !== null) {
      event.preventDefault();
      active.value = next;
      show(next);
    } else if (event.key === " " && row >= 0) {
      event.preventDefault();
      const found = source.row(row);
      if (found !== undefined) tick(found.id, found, event.shiftKey);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (row < 0 && column > 0) onSort(columns[column - 1]);
      else if (row >= 0) open(source.row(row), event);
    }
  }

  /** The keyboard goes on where the mouse was. @param {PointerEvent} event */
  function onPointerDown(event) {
    isMarked.value = false;
    const cell = /** @type {Element} */ (event.target).closest("[id^=cell-]");
    const found = /^cell-(-?\d+)-(\d+)$/.exec(cell?.id ?? "");
    if (found !== null) active.value = { row: Number(found[1]), column: Number(found[2]) };
  }

  /** @param {{row: number, column: number}} place */
  function show({ row, column }) {
    const element = /** @type {HTMLElement} */ (box.current);
    if (row >= 0) element.scrollTop = scrolledTo(extent, element.scrollTop, row);
    if (column <= 0) return;
    const left = widths.slice(0, column - 1).reduce((sum, width) => sum + width, 0);
    const right = left + widths[column - 1] + TICK_WIDTH;
    const pinned = columns[0].isName && column > 1 ? widths[0] : 0;
    if (left - pinned < element.scrollLeft) element.scrollLeft = left - pinned;
    else if (right > element.scrollLeft + element.clientWidth) element.scrollLeft = right - element.clientWidth;
  }

  const drawn = useRef(/** @type {Map<number, Drawn>} */ (new Map()));
  const kept = new Map();
  const isTicked = new Set(ticked.value);
  const rows = [];
  for (let at = first; at < end; at++) {
    const row = source.row(at);
    const looks = { row, columns, widths, isTicked: row !== undefined && isTicked.has(row.id), active: isMarked.value && active.value.row === at ? active.value.column : -1 };
    const before = drawn.current?.get(at);
    // an element that is the very same is not even compared: a step of scrolling costs the rows that came into view
    const element =
      before !== undefined && isSame(before.looks, looks)
        ? before.element
        : html`<${Row} key=${at} at=${at} ...${looks} tick=${tick} onHover=${props.onHover} />`;
    kept.set(at, { looks, element });
    rows.push(element);
  }
  drawn.current = kept;
  const shownHeight = scrollHeight(extent);
  return html`<div
    class="grid"
    role="grid"
    aria-label=${label}
    aria-rowcount=${extent.total + 1}
    aria-colcount=${columns.length + 1}
    aria-multiselectable="true"
    aria-activedescendant=${isMarked.value ? `cell-${active.value.row}-${active.value.column}` : null}
    tabindex="0"
    style=${{ "--whole": `${shownHeight + HEAD_HEIGHT + BESIDE_HEIGHT}px` }}
    ref=${box}
    onScroll=${onScroll}
    onKeyDown=${onKeyDown}
    onFocusIn=${(/** @type {FocusEvent} */ event) => (isMarked.value = event.target === box.current && (box.current?.matches(":focus-visible") ?? false))}
    onFocusOut=${() => (isMarked.value = false)}
    onPointerDown=${onPointerDown}
  >
    <div class="heads" role="row" aria-rowindex="1">
      <div class="head tick" role="columnheader" id="cell--1-0"><span class="unseen">ticked</span></div>
      ${columns.map((column, at) => {
        const isSorted = column.sorted === null ? null : column.sorted === "asc" ? "ascending" : "descending";
        return html`<div
          key=${column.name}
          id=${`cell--1-${at + 1}`}
          class=${`head ${column.kind} ${column.isRight ? "right" : ""} ${column.isName ? "pinned" : ""} ${isSorted ? "sorted" : ""} ${
            isMarked.value && active.value.row === -1 && active.value.column === at + 1 ? "active" : ""
          }`}
          role="columnheader"
          aria-sort=${isSorted}
          style=${{ width: `${widths[at]}px` }}
        >
          <button type="button" tabindex="-1" title=${column.title} disabled=${column.sort === null} onClick=${() => onSort(column)}>
            <span><bdi>${column.head}</bdi></span>${isSorted ? html`<span aria-hidden="true">${isSorted === "ascending" ? "↑" : "↓"}</span>` : null}
          </button>
        </div>`;
      })}
    </div>
    <div class="rows" role="rowgroup" style=${{ height: `${shownHeight}px` }}>
      <div class="window" role="presentation" style=${{ transform: `translateY(${offset}px)` }}>${rows}</div>
    </div>
  </div>`;
}

const TICK_WIDTH = 34;

/**
 * @typedef {{row: GridRow | undefined, columns: GridColumn[], widths: number[], isTicked: boolean, active: number}} Looks
 * @typedef {{looks: Looks, element: unknown}} Drawn
 */

/**
 * @param {Looks} a
 * @param {Looks} b
 */
function isSame(a, b) {
  return a.row === b.row && a.columns === b.columns && a.widths === b.widths && a.isTicked === b.isTicked && a.active === b.active;
}

/**
 * Where the keyboard goes; null where the key moves nothing.
 * @param {KeyboardEvent} event
 * @param {number} row
 * @param {number} column
 * @param {number} page rows of a page
 * @param {number} rows
 * @param {number} columns
 */
function movedBy(event, row, column, page, rows, columns) {
  const last = rows - 1;
  switch (event.key) {
    case "ArrowDown":
      return { row: Math.min(row + 1, last), column };
    case "ArrowUp":
      return { row: Math.max(row - 1, -1), column };
    case "ArrowRight":
      return { row, column: Math.min(column + 1, columns) };
    case "ArrowLeft":
      return { row, column: Math.max(column - 1, 0) };
    case "PageDown":
      return { row: Math.min(row + page, last), column };
    case "PageUp":
      return { row: Math.max(row - page, 0), column };
    case "Home":
      return event.ctrlKey ? { row: 0, column: 1 } : { row, column: 0 };
    case "End":
      return event.ctrlKey ? { row: last, column } : { row, column: columns };
    default:
      return null;
  }
}

/**
 * @param {GridRow | undefined} row
 * @param {KeyboardEvent} event
 */
function open(row, event) {
  if (row === undefined) return;
  if (event.ctrlKey) window.open(row.url, "_blank", "noopener");
  else location.assign(row.url);
}
