import assert from "node:assert/strict";
import { test } from "node:test";

import { PAGE_ROWS, RowPages } from "../../../src/givens/web/static/js/grid/row_pages.js";

const TOTAL = 3 * PAGE_ROWS;

/** @param {number} offset @param {string} said */
function answer(offset, said) {
  const rows = Array.from({ length: PAGE_ROWS }, (_, at) => ({ id: `${said}${offset + at}`, name: "", url: "", cells: [] }));
  return { rows, total: TOTAL };
}

test("a page that came with something else is not asked for once more; the others in view are", async () => {
  /** @type {number[]} */
  const asked = [];
  const pages = new RowPages(async (offset) => {
    asked.push(offset);
    return answer(offset, "old");
  });
  pages.put(answer(0, "old"));
  pages.want(0, 2 * PAGE_ROWS);
  await new Promise(setImmediate);
  assert.deepEqual(asked, [PAGE_ROWS]);
  pages.outdate();
  pages.put(answer(0, "new"));
  pages.want(0, 2 * PAGE_ROWS);
  await new Promise(setImmediate);
  assert.deepEqual(asked, [PAGE_ROWS, PAGE_ROWS]);
  assert.equal(pages.row(0)?.id, "new0");
});
