/** What is said of all rows, above them: how many, what is constant, what is ignored, what has to be known. */

import { html, useSignal } from "../framework.js";
import { isLive } from "../live.js";
import { Notes } from "../plots/bars.js";

/** @import { Signal } from "../framework.js" */
/** @import { RunsPage } from "../wire.js" */

/**
 * @typedef {object} HeadProps
 * @property {any} table
 * @property {RunsPage} page
 * @property {Signal<boolean>} isChoosing
 */

/** @param {HeadProps} props */
export function Head({ table, page, isChoosing }) {
  const isConstants = useSignal(false);
  const { constants, ignored } = page;
  return html`<div>
    <div class="bar">
      <span role="status">
        <b>${page.totalShown}</b> ${page.total === 1 ? "run" : "runs"}${table.isAsking.value ? html`<span class="note"> · asking …</span>` : null}
      </span>
      ${constants.count === 0
        ? null
        : html`<button type="button" class="chip" aria-expanded=${String(isConstants.value)} onClick=${() => (isConstants.value = !isConstants.value)}>
            ${constants.count} ${constants.count === 1 ? "key" : "keys"} constant
          </button>`}
      ${ignored === 0
        ? null
        : html`<button type="button" class="chip" aria-pressed=${String(table.shownIgnored.value)} onClick=${() => (table.shownIgnored.value = !table.shownIgnored.value)}>
            ${ignored} ${ignored === 1 ? "key" : "keys"} ignored${table.shownIgnored.value ? ", shown" : ""}
          </button>`}
      <button type="button" class="chip" aria-expanded=${String(isChoosing.value)} onClick=${() => (isChoosing.value = !isChoosing.value)}>Columns</button>
      ${page.links.map(({ text, url }) => html`<a key=${text} class="chip" href=${url}>${text}</a>`)}
      <span class="end note"><span class=${isLive.value ? "live-mark on" : "live-mark"} aria-hidden="true"></span>${isLive.value === false ? "not live: the server does not answer" : isLive.value ? "live" : ""}</span>
    </div>
    ${isConstants.value ? html`<${Constants} constants=${constants} />` : null}
    <${Notes} notes=${page.notes} />
  </div>`;
}

/** @param {{constants: RunsPage["constants"]}} props */
function Constants({ constants }) {
  const left = constants.count - constants.keys.length;
  return html`<section class="drawer" aria-label="keys that are the same in all runs">
    <dl tabindex="0">
      ${constants.keys.map(
        ({ key, shown }) => html`<div key=${key}>
          <dt title=${key}><bdi>${key}</bdi></dt>
          <dd title=${shown}><bdi>${shown}</bdi></dd>
        </div>`,
      )}
    </dl>
    ${left > 0 ? html`<p class="note">and ${left} more</p>` : null}
  </section>`;
}
