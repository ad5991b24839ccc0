import assert from "node:assert/strict";
import { test } from "node:test";

import { counted, moved, nudged, within } from "../../../src/givens/web/static/js/logic/brushing.js";
import { brushFilter, brushedFilter, literal } from "../../../src/givens/web/static/js/logic/brush_filter.js";
import { brushTexts, brushesIn } from "../../../src/givens/web/static/js/logic/brush_text.js";
import { BUCKETS, bucketsOf, scaleColours } from "../../../src/givens/web/static/js/logic/colours.js";

const places = new Map([
  ["lr", Float32Array.from([0, 0.25, 0.5, 0.75, 1, NaN])],
  ["acc", Float32Array.from([1, 0.8, 0.6, 0.4, 0.2, 0])],
]);

test("without a brush every run is kept, also one that lacks a key", () => {
  assert.equal(counted(within(new Map(), places, 6)), 6);
});

test("a run is kept where it lies in every brush, edges included", () => {
  const brushes = new Map([
    ["lr", { low: 0.25, high: 0.75 }],
    ["acc", { low: 0.5, high: 1 }],
  ]);
  assert.deepEqual([...within(brushes, places, 6)], [0, 1, 1, 0, 0, 0]);
});

test("a run that lacks the key lies in no part of its axis", () => {
  assert.equal(within(new Map([["lr", { low: 0, high: 1 }]]), places, 6)[5], 0);
});

test("a brush of an axis that is not shown any more keeps every run", () => {
  assert.equal(counted(within(new Map([["gone", { low: 0, high: 0.1 }]]), places, 6)), 6);
});

test("the answer is written where there is room for it", () => {
  const room = new Uint8Array(6);
  assert.equal(within(new Map(), places, 6, room), room);
  assert.notEqual(within(new Map(), places, 5, room), room);
});

test("keys move a brush, and stretch it until it is gone", () => {
  assert.deepEqual(nudged(null, "up"), { low: 0.5, high: 1 });
  assert.deepEqual(nudged({ low: 0.5, high: 1 }, "up"), { low: 0.5, high: 1 });
  assert.deepEqual(nudged({ low: 0.5, high: 1 }, "down"), { low: 0.45, high: 0.95 });
  assert.deepEqual(nudged({ low: 0.5, high: 0.6 }, "shrink", 0.05), { low: 0.525, high: 0.575 });
  assert.deepEqual(nudged({ low: 0.5, high: 0.55 }, "shrink", 0.05), { low: 0.5, high: 0.55 }, "never to nothing");
  assert.equal(nudged({ low: 0.01, high: 0.99 }, "grow"), null);
});

test("an axis is moved within the list and no further", () => {
  assert.deepEqual(moved(["a", "b", "c"], 0, 1), ["b", "a", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, 1), ["a", "b", "c"]);
  assert.deepEqual(moved(["a", "b", "c"], 2, -5), ["c", "a", "b"]);
});

test("there are 32 colours, all different, and a bucket for each place but none for no place", () => {
  for (const isDark of [true, false]) assert.equal(new Set(scaleColours(isDark)).size, BUCKETS);
  assert.deepEqual([...bucketsOf(Float32Array.from([0, 1, 0.5, NaN]))], [0, 31, 16, -1]);
});

const ordinal = { scale: "ordinal", levels: ["32", "64", "128"], least: 32, most: 128, hasMissing: false };
const log = { scale: "log", levels: [], least: 1e-5, most: 0.1, hasMissing: false };

test("a brush is a filter in the words of the language", () => {
  assert.equal(brushFilter("batch_size", ordinal, { low: 0.4, high: 1 }), "batch_size in [64, 128]");
  assert.equal(brushFilter("batch_size", ordinal, { low: 0, high: 0.2 }), "batch_size == 32");
  assert.equal(brushFilter("batch_size", ordinal, { low: 0.1, high: 0.2 }), "", "between two values lies none");
  assert.equal(brushFilter("lr", log, { low: 0.25, high: 0.5 }), "lr >= 0.0001 and lr <= 0.001");
  assert.equal(brushFilter("lr", log, { low: 0, high: 0.5 }), "lr <= 0.001");
});

test("text is quoted in a filter, and what is a value already stays", () => {
  for (const shown of ["1e-05", "-0.5", "True", "None", "'128'", "[1, 2]", "nan", "-inf", "1_000"]) assert.equal(literal(shown), shown);
  assert.equal(literal("adam"), '"adam"');
  assert.equal(literal("1st place"), '"1st place"');
  assert.equal(literal('say "so"'), '"say \\"so\\""');
});

test("brushes join the filter there is, which is bracketed where it has an or", () => {
  const axes = new Map([["lr", log]]);
  const brushes = new Map([["lr", { low: 0, high: 0.5 }]]);
  assert.equal(brushedFilter("", brushes, axes), "lr <= 0.001");
  assert.equal(brushedFilter("a == 1 or b == 2", brushes, axes), "(a == 1 or b == 2) and lr <= 0.001");
  assert.equal(brushedFilter("a == 1", new Map(), axes), "a == 1");
});

test("brushes stand in an address and come back, whatever their axis is called", () => {
  const brushes = new Map([
    ["a:b", { low: 0.25, high: 0.75 }],
    ["__proto__", { low: 0, high: 1 }],
  ]);
  assert.deepEqual(brushesIn(brushTexts(brushes)), brushes);
  assert.equal(brushesIn(["nonsense", "lr:0.9:0.1", "lr:0:2"]).size, 0);
});
