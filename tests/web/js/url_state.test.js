import assert from "node:assert/strict";
import { test } from "node:test";

import { splitNames } from "../../../src/givens/web/static/js/logic/names.js";
import { nextSort, readState, writeState } from "../../../src/givens/web/static/js/logic/url_state.js";

const fields = {
  filter: { kind: "text" },
  sort: { kind: "text" },
  columns: { kind: "list" },
  size: { kind: "number", none: 20 },
  all: { kind: "flag" },
};

test("an empty address is the view as it is by itself, and is written empty", () => {
  const state = readState("", fields);
  assert.deepEqual(state, { filter: "", sort: "", columns: [], size: 20, all: false });
  assert.equal(writeState(state, fields), "");
});

test("what is written reads back the same, whatever it holds", () => {
  const state = {
    filter: `config.name == "a&b=c#d?" and lr < 1e-3 + \u202e 😀`,
    sort: "-max(val/acc)",
    columns: ["config.a,b", "__proto__", "constructor", "x y"],
    size: 5,
    all: true,
  };
  assert.deepEqual(readState(writeState(state, fields), fields), state);
});

test("what is no field stays in the address", () => {
  const search = "?token=abc&filter=old";
  assert.equal(writeState({ ...readState(search, fields), filter: "new" }, fields, search), "?token=abc&filter=new");
});

test("a number that does not read is as if it were not there", () => {
  assert.equal(readState("?size=lots", fields).size, 20);
  assert.equal(readState("?size=", fields).size, 20);
  assert.equal(readState("?size=7", fields).size, 7);
});

test("parameters named like members of objects are no state", () => {
  const state = readState("?__proto__=1&constructor=2", fields);
  assert.equal(Object.getPrototypeOf(state), Object.prototype);
  assert.equal(writeState(state, fields, "?constructor=2"), "?constructor=2");
});

test("a head that is clicked sorts, then the other way, then as if nothing were said", () => {
  assert.equal(nextSort(null, "lr", false), "lr");
  assert.equal(nextSort("asc", "lr", false), "-lr");
  assert.equal(nextSort("desc", "lr", false), "");
  assert.equal(nextSort(null, "acc", true), "-acc");
  assert.equal(nextSort("desc", "acc", true), "acc");
  assert.equal(nextSort("asc", "acc", true), "");
});

test("names stand in one parameter, and a comma in quotes or brackets belongs to a name", () => {
  const names = ['config["a,b"]', "max(val_acc)", "x['it\\'s, \"so\"']", "lr", "__proto__"];
  assert.deepEqual(splitNames(names.join(",")), names);
  assert.deepEqual(splitNames(" lr , , model.name,"), ["lr", "model.name"]);
  assert.deepEqual(splitNames(""), []);
  const cols = { cols: { kind: "names" } };
  assert.deepEqual(readState(writeState({ cols: names }, cols), cols), { cols: names });
});
