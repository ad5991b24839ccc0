/** How wide columns are: by their heads and by what the first rows hold, and then as they are, so that nothing jumps. */

/** @import { GridColumn, GridRow } from "../wire.js" */

const PADDING_PX = 20;
const LEAST_PX = 56;
const MOST_PX = 230;
/** A head may take this much on its own account; what is longer can be read where the mouse rests. */
const HEAD_PX = 150;
/** Beside the text: the arrow of the sort, the star of the best, the sign of a state. */
const ARROW_PX = 16;
const MARK_PX = 20;

/** @type {((text: string, isMono: boolean, isBold: boolean) => number) | undefined} */
let measuring;

/** How wide a text is in the fonts of the page. */
function measure() {
  const pen = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(document.documentElement);
  const fonts = [style.getPropertyValue("--sans"), style.getPropertyValue("--mono")];
  return (/** @type {string} */ text, /** @type {boolean} */ isMono, /** @type {boolean} */ isBold) => {
    if (pen === null) return text.length * 8.5;
    pen.font = `${isBold ? "bold " : ""}${isMono ? 12.5 : 14}px ${fonts[isMono ? 1 : 0]}`;
    return pen.measureText(text.slice(0, 80)).width;
  };
}

/**
 * @param {GridColumn} column
 * @param {number} at its place
 * @param {Iterable<GridRow>} rows
 * @returns {number} pixels
 */
function widthOf(column, at, rows) {
  measuring ??= measure();
  const isMono = !["text", "time", "labels"].includes(column.kind);
  let width = Math.min(measuring(column.head, false, true) + ARROW_PX, HEAD_PX);
  for (const { cells } of rows) {
    const cell = cells[at];
    if (cell) width = Math.max(width, measuring(cell.shown, isMono, cell.best) + (cell.best || cell.edited || column.isState ? MARK_PX : 0));
  }
  return Math.round(Math.min(Math.max(width, LEAST_PX), MOST_PX) + PADDING_PX);
}

/** Widths once found, by the name of the column. */
export class Widths {
  constructor() {
    /** @type {Map<string, number>} */
    this._found = new Map();
  }

  /**
   * @param {GridColumn[]} columns
   * @param {Iterable<GridRow>} rows
   * @returns {number[]}
   */
  of(columns, rows) {
    const looked = [...rows].slice(0, 60);
    return columns.map((column, at) => {
      const known = this._found.get(column.name);
      if (known !== undefined) return known;
      const width = widthOf(column, at, looked);
      if (looked.length > 0) this._found.set(column.name, width);
      return width;
    });
  }
}
