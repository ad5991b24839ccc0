/** A line about what was done, with the way back. */

import { html, render, signal } from "../framework.js";

/**
 * @typedef {object} Toast
 * @property {string} text
 * @property {string} [act] what the button says
 * @property {() => void} [onAct]
 */

const shown = signal(/** @type {Toast | null} */ (null));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let going;
let isThere = false;

/**
 * Say it; it stays until the next one, or for some seconds where there is nothing to be done about it.
 * @param {Toast} toast
 */
export function say(toast) {
  if (!isThere) {
    isThere = true;
    const place = document.createElement("div");
    document.body.append(place);
    render(html`<${Place} />`, place);
  }
  clearTimeout(going);
  shown.value = toast;
  going = setTimeout(() => (shown.value = null), toast.onAct === undefined ? 6_000 : 20_000);
}

function Place() {
  const toast = shown.value;
  return html`<div role="status">
    ${toast === null
      ? null
      : html`<div class="toast">
          <span>${toast.text}</span>
          ${toast.onAct === undefined ? null : html`<button type="button" onClick=${() => ((shown.value = null), toast.onAct?.())}>${toast.act}</button>`}
          <button type="button" aria-label="close" onClick=${() => (shown.value = null)}>×</button>
        </div>`}
  </div>`;
}
