/** A metric of some runs over their steps; it grows while they run. */

import { html, render, signal } from "../framework.js";
import { onChange } from "../live.js";
import { Notes } from "../plots/bars.js";
import { Curves } from "../plots/curves.js";
import { showSame } from "../same.js";
import * as wire from "../wire.js";

/** @param {HTMLElement} place */
export function start(place) {
  const given = new URLSearchParams(location.search);
  const runs = (given.getAll("runs").join(",") || (place.getAttribute("data-run") ?? "")).split(",").filter((each) => each !== "");
  const metric = signal(given.get("metric") ?? place.getAttribute("data-metric") ?? "");
  const answer = signal(/** @type {wire.CurvesAnswer | null} */ (null));
  const failure = signal("");

  async function ask() {
    try {
      const found = await wire.curvesOf(runs, metric.peek());
      answer.value = found;
      showSame(found);
      failure.value = "";
    } catch (wrong) {
      failure.value = wire.refusal(wrong).text;
    }
  }

  /** @param {string} name */
  function choose(name) {
    metric.value = name;
    const query = new URLSearchParams(location.search);
    query.set("metric", name);
    history.replaceState(null, "", `?${query}`);
    ask();
  }

  // the form that the server wrote asks at once, now that it can
  const select = document.querySelector('#narrow select[name="metric"]');
  select?.addEventListener("change", () => choose(/** @type {HTMLSelectElement} */ (select).value));
  onChange((changed) => {
    const isMeant = changed === null || changed.more || answer.peek()?.curves.some((curve) => changed.ids.includes(curve.id));
    if (isMeant) ask();
  });
  place.replaceChildren();
  render(html`<${View} answer=${answer} failure=${failure} />`, place);
  ask();
}

/** @param {{answer: import("../framework.js").Signal<wire.CurvesAnswer | null>, failure: import("../framework.js").Signal<string>}} props */
function View({ answer, failure }) {
  const found = answer.value;
  if (failure.value !== "") return html`<p class="error" role="alert">${failure.value}</p>`;
  if (found === null) return html`<p class="note" role="status">Looking for curves …</p>`;
  return html`<section class="panel" aria-label="curves">
    ${found.curves.length === 0 ? html`<p class="note">None of these runs logged a metric.</p>` : html`<${Curves} metric=${found.metric} curves=${found.curves} />`}
    <${Notes} notes=${found.notes} />
  </section>`;
}
