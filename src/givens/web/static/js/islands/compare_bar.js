/** What can be done with the rows that are ticked: it stays at the lower edge of the page while any is. */

import { change } from "../acts.js";
import { html, useSignal } from "../framework.js";
import { say } from "./toast.js";

/** @import { Signal } from "../framework.js" */

/**
 * @typedef {object} CompareBarProps
 * @property {Signal<string[]>} ticked
 * @property {Map<string, string>} names of runs that were seen, by id
 * @property {string} compareUrl
 * @property {string} curvesUrl
 * @property {() => void} clear
 * @property {unknown} [more] further acts
 */

/** @param {CompareBarProps} props */
export function CompareBar({ ticked, names, compareUrl, curvesUrl, clear, more }) {
  const ids = ticked.value;
  const count = ids.length;
  return html`<div class="compare-bar" role="region" aria-label="ticked runs" hidden=${count === 0}>
    <span aria-live="polite"><b>${count}</b> ${count === 1 ? "run" : "runs"} ticked</span>
    <span class="names"><bdi>${ids.slice(0, 20).map((id) => names.get(id) ?? id).join(", ")}</bdi></span>
    ${count < 2
      ? html`<span class="note">tick another to compare</span>`
      : html`<a class="button primary" href=${compareUrl}>Compare</a>`}
    <a class="button" href=${curvesUrl}>Curves</a>
    ${more}
    <button type="button" onClick=${clear}>Clear</button>
  </div>`;
}

/**
 * A tag for all that are ticked. Only while it is asked for is there a field.
 * @param {{ticked: Signal<string[]>}} props
 */
export function TagTicked({ ticked }) {
  const isOpen = useSignal(false);
  const text = useSignal("");
  /** @param {Event} event */
  async function tag(event) {
    event.preventDefault();
    const tags = text.value.split(/[\s,]+/).filter((each) => each !== "");
    if (tags.length === 0) return;
    const wrong = await change({ runs: ticked.value, tag: tags }, () => undefined);
    if (wrong !== "") say({ text: wrong });
    else ((isOpen.value = false), (text.value = ""));
  }
  if (!isOpen.value) return html`<button type="button" onClick=${() => (isOpen.value = true)}>Tag …</button>`;
  return html`<form onSubmit=${tag}>
    <label>tag <input value=${text.value} size="12" ref=${(/** @type {HTMLElement | null} */ input) => input?.focus()} onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)} /></label>
    <button type="submit">Add</button>
    <button type="button" onClick=${() => (isOpen.value = false)}>Cancel</button>
  </form>`;
}
