/** How wide columns are: by their heads and by what the first rows hold, and then as they are, so that nothing jumps. */

/** @import { GridColumn, GridRow } from "../wire.js" */

const CHARACTER_PX = 7.6;
const PADDING_PX = 20;
const LEAST_CHARACTERS = 5;
const MOST_CHARACTERS = 26;
/** Of a head: the mark of the sort stands beside it. */
const MARK_CHARACTERS = 3;
/** Names of runs are what people read first. */
const NAME_CHARACTERS = 18;

/**
 * @param {GridColumn} column
 * @param {number} at its place
 * @param {Iterable<GridRow>} rows
 * @returns {number} pixels
 */
export function widthOf(column, at, rows) {
  let characters = Math.min(column.head.length, 18) + MARK_CHARACTERS;
  for (const { cells } of rows) {
    const cell = cells[at];
    if (cell) characters = Math.max(characters, cell.shown.length + (cell.best || cell.edited ? 2 : 0));
  }
  const least = column.isName ? NAME_CHARACTERS : LEAST_CHARACTERS;
  return Math.round(Math.min(Math.max(characters, least), MOST_CHARACTERS) * CHARACTER_PX + PADDING_PX);
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
