import assert from "node:assert/strict";
import { test } from "node:test";

import { axisFor, placesOn, tickText, ticksOf } from "../../../src/givens/web/static/js/logic/axes.js";

/** @param {(number | string | null)[]} given */
function values(given) {
  return {
    numbers: given.map((each) => (typeof each === "number" ? each : null)),
    texts: given.map((each) => (each === null ? null : String(each))),
  };
}

const range = (count, make) => values(Array.from({ length: count }, (_, at) => make(at)));

test("few numbers are levels in the order of numbers, not of texts", () => {
  const axis = axisFor(values([128, 16, 64, 32, 16]));
  assert.equal(axis.scale, "ordinal");
  assert.deepEqual(axis.levels, ["16", "32", "64", "128"]);
});

test("many positive numbers over a wide range are logarithmic, over a narrow one linear", () => {
  assert.equal(axisFor(range(40, (at) => 10 ** (-5 + at / 10))).scale, "log");
  assert.equal(axisFor(range(40, (at) => 100 + at)).scale, "linear");
  assert.equal(axisFor(range(40, (at) => at * 1000)).scale, "linear", "zero has no logarithm");
});

test("a result is measured: a range also where it has few values", () => {
  assert.equal(axisFor(values([0.1, 0.2, 0.3]), { result: true }).scale, "linear");
});

test("a single value of a result stands in the middle", () => {
  const only = values([0.5, 0.5]);
  const axis = axisFor(only, { result: true });
  assert.equal(axis.scale, "ordinal");
  assert.deepEqual([...placesOn(axis, only)], [0.5, 0.5]);
});

test("numbers stand before texts, and what a run does not have stands nowhere", () => {
  const mixed = values(["'auto'", 8, null, 2]);
  const axis = axisFor(mixed);
  assert.deepEqual(axis.levels, ["2", "8", "'auto'"]);
  assert.equal(axis.hasMissing, true);
  assert.deepEqual([...placesOn(axis, mixed)], [1, 0.5, NaN, 0]);
});

test("a text among many numbers makes the axis ordinal; of a result it only stands nowhere", () => {
  const given = [...Array.from({ length: 20 }, (_, at) => at + 1), "nan"];
  assert.equal(axisFor(values(given)).scale, "ordinal");
  const result = axisFor(values(given), { result: true });
  assert.equal(result.scale, "linear");
  assert.ok(Number.isNaN(placesOn(result, values(given))[20]));
});

test("places on a logarithmic axis go by powers", () => {
  const given = range(9, (at) => 10 ** (at - 8));
  const places = placesOn(axisFor(given), given);
  assert.equal(places[0], 0);
  assert.equal(places[8], 1);
  assert.ok(Math.abs(places[4] - 0.5) < 1e-6);
});

test("levels of keys that objects have by themselves are levels like others", () => {
  const given = values(["__proto__", "constructor", "toString", "__proto__"]);
  const axis = axisFor(given);
  assert.deepEqual(axis.levels, ["__proto__", "constructor", "toString"]);
  assert.deepEqual([...placesOn(axis, given)], [0, 0.5, 1, 0]);
});

test("ticks of a logarithmic axis are powers of ten, and parts of them where few fit", () => {
  assert.deepEqual(
    ticksOf({ scale: "log", levels: [], least: 1e-5, most: 1, hasMissing: false }).map((tick) => tick.text),
    ["1e-5", "1e-4", "0.001", "0.01", "0.1", "1"],
  );
  const narrow = ticksOf({ scale: "log", levels: [], least: 0.01, most: 0.5, hasMissing: false });
  assert.deepEqual(narrow.map((tick) => tick.text), ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5"]);
});

test("ticks of a linear axis are round, within it, and no more than fit", () => {
  const ticks = ticksOf({ scale: "linear", levels: [], least: 0.13, most: 0.97, hasMissing: false }, 6);
  assert.deepEqual(ticks.map((tick) => tick.text), ["0.2", "0.4", "0.6", "0.8"]);
  assert.ok(ticks.every((tick) => tick.place >= 0 && tick.place <= 1));
});

test("an axis of very many levels shows as many as there is room for", () => {
  const many = axisFor(range(500, (at) => `'name-${at}'`));
  assert.equal(many.levels.length, 500);
  assert.ok(ticksOf(many, 8).length <= 9);
});

test("a tick's text holds no digits that only arithmetic brought", () => {
  assert.equal(tickText(0.1 + 0.2), "0.3");
  assert.equal(tickText(3 * 10 ** -5), "3e-5");
  assert.equal(tickText(150000), "1.5e5");
  assert.equal(tickText(-0.25), "-0.25");
  assert.equal(tickText(0), "0");
});
