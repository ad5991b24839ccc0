import assert from "node:assert/strict";
import { test } from "node:test";

import {
  MOST_PIXELS,
  pagesOf,
  rowsInView,
  scrollHeight,
  scrollTopFor,
  scrolledTo,
  trueTop,
} from "../../../src/givens/web/static/js/logic/scrolling.js";

const few = { total: 1000, rowHeight: 26, viewport: 520 };
const million = { total: 5_000_000, rowHeight: 26, viewport: 520 };

test("up to 600,000 rows the height is the true one, beyond it stops growing", () => {
  assert.equal(scrollHeight(few), 26_000);
  assert.equal(scrollHeight({ ...few, total: 600_000 }), MOST_PIXELS);
  assert.equal(scrollHeight(million), MOST_PIXELS);
});

test("a view that is not scaled draws the rows under it and some beyond each edge", () => {
  assert.deepEqual(rowsInView(few, 0, 8), { first: 0, end: 28, offset: 0 });
  const { first, end, offset } = rowsInView(few, 26 * 100, 8);
  assert.deepEqual([first, end, offset], [92, 128, 92 * 26]);
});

test("no rows at all is a view without rows", () => {
  assert.deepEqual(rowsInView({ ...few, total: 0 }, 0), { first: 0, end: 0, offset: 0 });
});

test("a table that is shorter than the view starts at its first row and ends at its last", () => {
  assert.deepEqual(rowsInView({ ...few, total: 3 }, 0), { first: 0, end: 3, offset: 0 });
});

test("the ends of a scaled bar are the first and the last row", () => {
  assert.equal(rowsInView(million, 0).first, 0);
  const bottom = MOST_PIXELS - million.viewport;
  const { end } = rowsInView(million, bottom);
  assert.equal(end, million.total);
});

test("in a scaled table the drawn rows cover the view wherever it is", () => {
  for (const part of [0, 0.1, 0.37, 0.5, 0.999, 1]) {
    const scrollTop = part * (MOST_PIXELS - million.viewport);
    const { first, end, offset } = rowsInView(million, scrollTop, 0);
    assert.ok(offset <= scrollTop + 1e-6, `at ${part} the first row begins above the view`);
    assert.ok(offset + (end - first) * 26 >= scrollTop + million.viewport - 1e-6, `at ${part} the last ends below it`);
  }
});

test("every one of five million rows can be brought into view", () => {
  for (const row of [0, 1, 599_999, 600_001, 2_500_000, 4_999_998, 4_999_999]) {
    const scrollTop = scrolledTo(million, 0, row);
    const top = trueTop(million, scrollTop);
    assert.ok(row * 26 >= top - 1 && (row + 1) * 26 <= top + million.viewport + 1, `row ${row}`);
  }
});

test("a row that is in view moves nothing", () => {
  assert.equal(scrolledTo(few, 260, 15), 260);
  assert.equal(scrolledTo(few, 260, 9), 9 * 26);
  assert.equal(scrolledTo(few, 260, 30), 31 * 26 - 520);
});

test("scroll positions and places in the true height are inverse to each other", () => {
  for (const top of [0, 13, 77_777, 129_999_480]) {
    assert.ok(Math.abs(trueTop(million, scrollTopFor(million, top)) - top) < 1e-3);
  }
});

test("rows lie on pages", () => {
  assert.deepEqual(pagesOf(0, 28, 100), [0]);
  assert.deepEqual(pagesOf(95, 205, 100), [0, 1, 2]);
  assert.deepEqual(pagesOf(100, 200, 100), [1]);
  assert.deepEqual(pagesOf(0, 0, 100), []);
});
