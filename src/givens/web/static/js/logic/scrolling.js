/**
 * Which rows are in view, and where they stand: the arithmetic of a table that is longer than a browser can scroll.
 *
 * A browser stops at about 17 million pixels of height. Up to there the scroll height is the true one; beyond, it is
 * scaled: the bar moves through all rows, and a pixel of it is more than a pixel of rows.
 */

/** Pixels of scroll height at most: 600,000 rows of 26 pixels. */
export const MOST_PIXELS = 15_600_000;

/**
 * @typedef {object} Extent
 * @property {number} total rows there are
 * @property {number} rowHeight pixels of a row
 * @property {number} viewport pixels in view
 */

/**
 * The height of the scrolled element.
 * @param {Extent} extent
 */
export function scrollHeight({ total, rowHeight }) {
  return Math.min(total * rowHeight, MOST_PIXELS);
}

/**
 * Where in the true, unscaled height the upper edge of the view lies.
 * @param {Extent} extent
 * @param {number} scrollTop
 */
export function trueTop(extent, scrollTop) {
  const real = extent.total * extent.rowHeight;
  const shown = scrollHeight(extent);
  if (real <= shown) return clamp(scrollTop, 0, Math.max(0, real - extent.viewport));
  const part = clamp(scrollTop / (shown - extent.viewport), 0, 1);
  return part * (real - extent.viewport);
}

/**
 * The scroll position at which the upper edge of the view lies at a place of the true height.
 * @param {Extent} extent
 * @param {number} top
 */
export function scrollTopFor(extent, top) {
  const real = extent.total * extent.rowHeight;
  const shown = scrollHeight(extent);
  const wanted = clamp(top, 0, Math.max(0, real - extent.viewport));
  if (real <= shown) return wanted;
  return (wanted / (real - extent.viewport)) * (shown - extent.viewport);
}

/**
 * The rows to draw, and how far from the top of the scrolled element the first of them stands.
 * @param {Extent} extent
 * @param {number} scrollTop
 * @param {number} [spare] rows beyond each edge of the view
 * @returns {{first: number, end: number, offset: number}}
 */
export function rowsInView(extent, scrollTop, spare = 8) {
  const { total, rowHeight, viewport } = extent;
  if (total === 0) return { first: 0, end: 0, offset: 0 };
  const top = trueTop(extent, scrollTop);
  // an even first row, so that stripes stay where they are
  const first = Math.max(0, (Math.floor(top / rowHeight) - spare) & ~1);
  const end = Math.min(total, Math.ceil((top + viewport) / rowHeight) + spare);
  const isScaled = total * rowHeight > MOST_PIXELS;
  return { first, end, offset: isScaled ? scrollTop - (top - first * rowHeight) : first * rowHeight };
}

/**
 * The scroll position that brings a row into view; the present one where it is in view.
 * @param {Extent} extent
 * @param {number} scrollTop
 * @param {number} row
 */
export function scrolledTo(extent, scrollTop, row) {
  const top = trueTop(extent, scrollTop);
  const upper = row * extent.rowHeight;
  const lower = upper + extent.rowHeight;
  if (upper < top) return scrollTopFor(extent, upper);
  if (lower > top + extent.viewport) return scrollTopFor(extent, lower - extent.viewport);
  return scrollTop;
}

/**
 * The pages of rows that hold some rows.
 * @param {number} first
 * @param {number} end one past the last
 * @param {number} pageRows
 * @returns {number[]}
 */
export function pagesOf(first, end, pageRows) {
  const pages = [];
  for (let page = Math.floor(first / pageRows); page * pageRows < end; page++) pages.push(page);
  return pages;
}

/**
 * @param {number} number
 * @param {number} least
 * @param {number} most
 */
function clamp(number, least, most) {
  return Math.min(Math.max(number, least), most);
}
