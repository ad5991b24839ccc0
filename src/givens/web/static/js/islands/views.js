/** Saved views: those there are, and this one under a name. */

import { post } from "../acts.js";
import { html, render, signal, useSignal } from "../framework.js";
import { onViews } from "../live.js";
import { asked, refusal } from "../wire.js";
import { say } from "./toast.js";

/** @typedef {{name: string, url: string}} SavedView */

/** @param {HTMLElement} place */
export function start(place) {
  const views = signal(/** @type {SavedView[]} */ ([]));
  const look = () =>
    asked("/api/views").then(
      (answer) => (views.value = answer.views),
      (failure) => say({ text: refusal(failure).text }),
    );
  onViews(look);
  place.replaceChildren();
  render(html`<${Views} views=${views} look=${look} />`, place);
}

/** @param {{views: import("../framework.js").Signal<SavedView[]>, look: () => Promise<unknown>}} props */
function Views({ views, look }) {
  const isOpen = useSignal(false);
  const name = useSignal("");

  /** @param {string} url @param {object} body @param {string} done */
  async function act(url, body, done) {
    try {
      await post(url, body);
      say({ text: done });
      await look();
    } catch (failure) {
      say({ text: refusal(failure).text });
    }
  }

  /** @param {Event} event */
  async function save(event) {
    event.preventDefault();
    const text = name.value.trim();
    if (text === "") return;
    name.value = "";
    await act("/api/views", { name: text, page: location.pathname, query: location.search.replace(/^\?/, "") }, `Saved as ${text}.`);
  }

  return html`<div
    class="views"
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (isOpen.value = false)}
  >
    <button type="button" class="chip" aria-expanded=${String(isOpen.value)} onClick=${() => ((isOpen.value = !isOpen.value), isOpen.value && look())}>Views</button>
    ${isOpen.value
      ? html`<section class="views-list" aria-label="saved views">
          ${views.value.length === 0
            ? html`<p class="note">None is saved yet. A view is an address with a name; it lies in the store, for everybody.</p>`
            : html`<ul>
                ${views.value.map(
                  (view) => html`<li key=${view.name}>
                    <a href=${view.url}><bdi>${view.name}</bdi></a>
                    <button type="button" class="plain" aria-label=${`delete the view ${view.name}`} onClick=${() => act("/api/views/delete", { name: view.name }, `Deleted ${view.name}.`)}>×</button>
                  </li>`,
                )}
              </ul>`}
          <form class="bar" onSubmit=${save}>
            <label>this view as <input value=${name.value} size="16" onInput=${(/** @type {any} */ event) => (name.value = event.currentTarget.value)} /></label>
            <button type="submit">Save</button>
          </form>
        </section>`
      : null}
  </div>`;
}
