import assert from "node:assert/strict";
import { test } from "node:test";

import { onceMore } from "../../../src/givens/web/static/js/logic/once_more.js";

/** Work whose end a test decides: how often it began, and what ends it. */
function held() {
  /** @type {(() => void)[]} */
  const ends = [];
  return { ends, work: () => new Promise((/** @type {(value: void) => void} */ end) => ends.push(end)) };
}

test("what is wanted while it is under way is done once more afterwards, and only once", async () => {
  const { ends, work } = held();
  const want = onceMore(work);
  const done = want();
  want();
  want();
  assert.equal(ends.length, 1, "one at a time");
  ends[0]();
  await new Promise(setImmediate);
  assert.equal(ends.length, 2);
  ends[1]();
  await done;
  assert.equal(ends.length, 2);
});

test("what is wanted later begins anew, also after a failure", async () => {
  let count = 0;
  const want = onceMore(async () => {
    count += 1;
    if (count === 1) throw new Error("no answer");
  });
  await assert.rejects(want());
  await want();
  assert.equal(count, 2);
});
