/** What the page changes in the store: each act says what it did, and has its way back. */

import { say } from "./islands/toast.js";
import { asked, refusal } from "./wire.js";

/**
 * @param {string} url
 * @param {object} body
 * @returns {Promise<any>}
 */
export function post(url, body) {
  return asked(url, { method: "POST", headers: { "content-type": "application/json", "x-givens": "page" }, body: JSON.stringify(body) });
}

/**
 * @typedef {object} Edit
 * @property {string[]} runs
 * @property {Record<string, string>} [set]
 * @property {string[]} [delete]
 * @property {string[]} [tag]
 * @property {string[]} [untag]
 * @property {string} [notes]
 */

/**
 * Change stored runs; a toast says it, with the way back.
 * @param {Edit} edit
 * @param {() => void} then it is done, or undone: look again
 * @returns {Promise<string>} what was wrong; empty for nothing
 */
export async function change(edit, then) {
  try {
    const { said, edit: id } = await post("/api/edit", edit);
    if (id === null) say({ text: said });
    else say({ text: said, act: "Undo", onAct: () => undo(id, then, "Redo") });
    then();
    return "";
  } catch (failure) {
    return refusal(failure).text;
  }
}

/**
 * Take an edit back; taking that back does it again.
 * @param {string} id
 * @param {() => void} then
 * @param {string} [act] what the next way back is called
 */
export async function undo(id, then, act = "Redo") {
  try {
    const done = await post("/api/undo", { edit: id });
    say({ text: done.said, act, onAct: () => undo(done.id, then, act === "Redo" ? "Undo" : "Redo") });
    then();
  } catch (failure) {
    say({ text: refusal(failure).text });
  }
}
