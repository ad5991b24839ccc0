/** Which columns the table shows: found by typing, among however many keys there are. */

import { html, useEffect, useSignal } from "../framework.js";
import { moved } from "../logic/brushing.js";

/** @import { Keys } from "../wire.js" */

const REST_MS = 120;

/**
 * @typedef {object} ChooserProps
 * @property {string[]} shown names of the columns there are, from left to right
 * @property {boolean} isChosen they were chosen; else they are those that say something
 * @property {(text: string, called_off: AbortSignal) => Promise<Keys>} find
 * @property {(names: string[]) => void} choose none: those that say something
 */

/** @param {ChooserProps} props */
export function Chooser({ shown, isChosen, find, choose }) {
  const text = useSignal("");
  const found = useSignal(/** @type {Keys | null} */ (null));
  const failure = useSignal("");

  useEffect(() => {
    const controller = new AbortController();
    const wait = setTimeout(
      () =>
        find(text.value, controller.signal).then(
          (keys) => ((found.value = keys), (failure.value = "")),
          (error) => controller.signal.aborted || (failure.value = String(error.message ?? error)),
        ),
      found.value === null ? 0 : REST_MS,
    );
    return () => (clearTimeout(wait), controller.abort());
  }, [text.value]);

  /** @param {string} name @param {boolean} isOn */
  const set = (name, isOn) => choose(isOn ? [...shown, name] : shown.filter((each) => each !== name));
  const isShown = new Set(shown);
  const keys = found.value;
  return html`<section class="drawer chooser" aria-label="columns">
    <div class="bar">
      <label class="grow">Columns <input type="search" value=${text.value} placeholder="part of a key" onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)} /></label>
      <span class="note" aria-live="polite">${keys === null ? "" : keys.total > keys.keys.length ? `${keys.keys.length} of ${keys.total} keys: type to find others` : `${keys.total} keys`}</span>
      <button type="button" disabled=${!isChosen} onClick=${() => choose([])}>Those that vary</button>
    </div>
    ${failure.value === "" ? null : html`<p class="error" role="alert">${failure.value}</p>`}
    ${isChosen
      ? html`<ol class="chosen" aria-label="chosen columns">
          ${shown.map(
            (name, at) => html`<li key=${name}>
              <bdi>${name}</bdi>
              <button type="button" class="plain" aria-label=${`move ${name} to the left`} disabled=${at === 0} onClick=${() => choose(moved(shown, at, -1))}>←</button>
              <button type="button" class="plain" aria-label=${`move ${name} to the right`} disabled=${at === shown.length - 1} onClick=${() => choose(moved(shown, at, 1))}>→</button>
              <button type="button" class="plain" aria-label=${`remove ${name}`} onClick=${() => set(name, false)}>×</button>
            </li>`,
          )}
        </ol>`
      : null}
    <ul>
      ${keys?.keys.map(
        (key) => html`<li key=${key.name}>
          <label title=${key.name}>
            <input type="checkbox" checked=${isShown.has(key.name)} onChange=${(/** @type {any} */ event) => set(key.name, event.currentTarget.checked)} />
            <span><bdi>${key.name}</bdi>${key.said === "" ? null : html` <span class="note">${key.said}</span>`}</span>
          </label>
        </li>`,
      )}
    </ul>
  </section>`;
}
