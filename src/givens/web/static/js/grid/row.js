/** One row of a grid. */

import { html } from "../framework.js";

/** @import { Cell, GridColumn, GridRow } from "../wire.js" */

const PLAIN = /^[\x20-\x7e]*$/;

/**
 * @typedef {object} RowProps
 * @property {number} at
 * @property {GridRow | undefined} row undefined while it is on its way
 * @property {GridColumn[]} columns
 * @property {number[]} widths
 * @property {boolean} isTicked
 * @property {(id: string, row: GridRow | undefined, through: boolean) => void} tick
 * @property {number} active the column the keyboard is at; -1 for none
 * @property {(row: GridRow | null) => void} [onHover]
 */

/** @param {RowProps} props */
export function Row({ at, row, columns, widths, isTicked, tick, active, onHover }) {
  if (row === undefined) {
    return html`<div class="row coming" role="row" aria-rowindex=${at + 2} aria-busy="true"><div class="cell" role="gridcell">…</div></div>`;
  }
  /** @param {MouseEvent} event */
  const onTick = (event) => tick(row.id, row, event.shiftKey);
  return html`<div
    class=${isTicked ? "row ticked" : "row"}
    role="row"
    aria-rowindex=${at + 2}
    aria-selected=${isTicked ? "true" : "false"}
    onMouseEnter=${onHover && (() => onHover(row))}
    onMouseLeave=${onHover && (() => onHover(null))}
  >
    <div class=${active === 0 ? "cell tick active" : "cell tick"} role="gridcell" id=${`cell-${at}-0`}>
      <input type="checkbox" tabindex="-1" checked=${isTicked} aria-label=${`compare ${row.name}`} onClick=${onTick} />
    </div>
    ${row.cells.map((cell, place) => cellOf(cell, columns[place], widths[place], row, at, place, active === place + 1))}
  </div>`;
}

/**
 * @param {Cell | null} cell
 * @param {GridColumn} column
 * @param {number} width
 * @param {GridRow} row
 * @param {number} at
 * @param {number} place
 * @param {boolean} isActive
 */
function cellOf(cell, column, width, row, at, place, isActive) {
  let name = `cell ${column.kind}`;
  if (column.isRight) name += " right";
  if (column.isName) name += " pinned";
  if (isActive) name += " active";
  if (cell === null) name += " absent";
  else {
    if (cell.best) name += " best";
    if (cell.edited) name += " edited";
  }
  return html`<div
    class=${name}
    role="gridcell"
    id=${`cell-${at}-${place + 1}`}
    style=${{ width: `${width}px` }}
    title=${cell !== null && cell.shown.length > 24 ? cell.shown : null}
  >
    ${contentOf(cell, column, row)}
  </div>`;
}

/**
 * @param {Cell | null} cell
 * @param {GridColumn} column
 * @param {GridRow} row
 */
function contentOf(cell, column, row) {
  if (cell === null) return html`<span aria-hidden="true">·</span><span class="unseen">missing</span>`;
  // text that cannot turn the line round needs no wall about it, and a row of such cells is drawn in half the time
  const text = PLAIN.test(cell.shown) ? cell.shown : html`<bdi>${cell.shown}</bdi>`;
  const said = cell.best ? html`<span class="unseen"> best</span>` : cell.edited ? html`<span class="unseen"> edited</span>` : null;
  if (column.isName) return html`<a href=${row.url} tabindex="-1">${text}</a>${said}`;
  if (column.isState) return html`<span class=${`state ${cell.shown}`}>${text}</span>`;
  return said === null ? text : html`${text}${said}`;
}
