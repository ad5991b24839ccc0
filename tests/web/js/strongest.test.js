import assert from "node:assert/strict";
import { test } from "node:test";

import { strongest } from "../../../src/givens/web/static/js/logic/strongest.js";

const column = (name, values) => ({
  name,
  numbers: values.map((value) => (typeof value === "number" ? value : null)),
  texts: values.map((value) => (value === null ? null : String(value))),
});

const runs = Array.from({ length: 120 }, (_, at) => at);
const lr = runs.map((at) => [0.001, 0.01, 0.1][at % 3]);
const batch = runs.map((at) => [32, 64][Math.floor(at / 3) % 2]);
const noise = runs.map((at) => (at * 7919) % 101);

test("the key that the metric follows comes first, and next the one that matters given it", () => {
  const loss = runs.map((at) => Math.abs(Math.log10(lr[at]) + 2) + (batch[at] === 64 ? 0.3 : 0) + noise[at] / 1000);
  const found = strongest([column("noise", noise), column("batch", batch), column("lr", lr)], column("loss", loss));
  assert.deepEqual(found, { first: "lr", second: "batch" });
});

test("a key that is different in every run explains nothing", () => {
  const loss = runs.map((at) => lr[at] + noise[at] / 1e4);
  const found = strongest([column("id", runs.map((at) => `'run-${at}'`)), column("lr", lr)], column("loss", loss));
  assert.equal(found.first, "lr");
});

test("one run that went astray does not decide", () => {
  const loss = runs.map((at) => (at === 50 ? 1e9 : lr[at]));
  assert.equal(strongest([column("batch", batch), column("lr", lr)], column("loss", loss)).first, "lr");
});

test("without keys or without results there is nothing to choose", () => {
  assert.deepEqual(strongest([], column("loss", [1, 2])), { first: "", second: "" });
  assert.deepEqual(strongest([column("lr", lr)], column("loss", runs.map(() => null))), { first: "lr", second: "" });
});
