/** What is said of all rows, above them: how many, what is constant, what is ignored, what has to be known. */

import { addCopyButtons } from "../copying.js";
import { html, useSignal } from "../framework.js";
import { isLive } from "../live.js";
import { Notes } from "../plots/bars.js";
import { selection } from "../wire.js";
import { Ignoring } from "./ignoring.js";

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
  const { constants, ignored, total } = page;
  const isShown = table.ignored.value === "show";
  return html`<div>
    <div class="bar">
      <span role="status">
        <b>${grouped(total)}</b> ${total === 1 ? "run" : "runs"}${page.said === "" ? null : html` <span class="note">where <bdi>${page.said}</bdi></span>`}${table.isAsking.value ? html`<span class="note"> · asking …</span>` : null}
      </span>
      ${constants.count === 0
        ? null
        : html`<button type="button" class="chip" aria-expanded=${String(isConstants.value)} onClick=${() => (isConstants.value = !isConstants.value)}>
            ${constants.count} ${constants.count === 1 ? "key" : "keys"} constant
          </button>`}
      ${ignored.keys === 0 && !isShown
        ? null
        : html`<button
            type="button"
            class="chip"
            title=${ignored.patterns.join(", ")}
            aria-pressed=${String(isShown)}
            onClick=${() => (table.ignored.value = isShown ? "" : "show")}
          >
            ${isShown ? "ignored keys are shown" : `${ignored.keys} ${ignored.keys === 1 ? "key" : "keys"} ignored`}
          </button>`}
      <button type="button" class="chip" aria-expanded=${String(isChoosing.value)} onClick=${() => (isChoosing.value = !isChoosing.value)}>
        Columns${page.varying === 0 ? null : html` <span class="note">${page.varying} more vary</span>`}
      </button>
      <${Ignoring} then=${() => table.askAgain()} />
      <a class="chip" href=${`/plot?${plotQuery(table.filter.value)}`}>Plot</a>
      <span class="end note"><span class=${isLive.value ? "live-mark on" : isLive.value === null ? "live-mark unknown" : "live-mark"} aria-hidden="true"></span>${isLive.value === false ? "not live: the server does not answer" : isLive.value ? "live" : ""}</span>
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
        ([key, shown]) => html`<div key=${key}>
          <dt title=${key}><bdi>${key}</bdi></dt>
          <dd title=${shown}><bdi>${shown}</bdi></dd>
        </div>`,
      )}
    </dl>
    ${left > 0 ? html`<p class="note">and ${left} more</p>` : null}
  </section>`;
}

/** @param {number} number of runs */
function grouped(number) {
  return number.toLocaleString("en");
}

/** @param {string} filter */
function plotQuery(filter) {
  const query = selection();
  query.delete("sort");
  query.delete("filter");
  if (filter !== "") query.set("filter", filter);
  query.set("kind", "scatter");
  return query;
}

/** @param {{empty: import("../wire.js").Empty | null}} props */
export function Empty({ empty }) {
  if (empty === null) return html`<p class="empty">There is no run here.</p>`;
  return html`<div class="empty" ref=${(/** @type {HTMLElement | null} */ place) => place && addCopyButtons(place)}>
    <p><b>${empty.said}</b></p>
    ${empty.lines.length === 0
      ? null
      : empty.kind === "no-runs"
        ? html`<div class="copyable"><pre><code>${empty.lines.join("\n")}</code></pre></div>
            <p>Run them with Python, and this page shows the run within a second.</p>`
        : empty.lines.map((line) => html`<p key=${line}>${line}</p>`)}
    ${empty.loosen.length === 0
      ? null
      : html`<ul>
          ${empty.loosen.map(({ text, count, query }) => html`<li key=${query}><a href=${`/?${query}`}>${text}</a>${count === null ? "" : ` · ${grouped(count)} runs`}</li>`)}
        </ul>`}
  </div>`;
}
