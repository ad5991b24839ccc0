/** The mark in the footer that says whether the page is live; and pages that the server writes, which say that they are old. */

import { html, render } from "../framework.js";
import { isLive, listen, onChange, onViews } from "../live.js";
import { renewMain } from "../renewing.js";

/** @param {HTMLElement} place */
export function start(place) {
  const run = place.getAttribute("data-run");
  const compared = new Set((new URLSearchParams(location.search).get("runs") ?? "").split(","));
  listen(place.getAttribute("data-events") ?? "/api/events", Number(place.getAttribute("data-version") ?? -1));
  place.replaceChildren();
  render(html`<${Mark} />`, place);
  const page = document.body.dataset.page;
  if (page !== "run" && page !== "compare") return;
  if (page === "compare") onViews(renew);
  onChange((changed) => {
    const isMeant = changed === null || changed.more || changed.ids.some((id) => id === run || compared.has(id));
    if (isMeant) renew();
  });
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let renewing;

/** The page again as it is now; several changes at once are one. */
function renew() {
  clearTimeout(renewing);
  renewing = setTimeout(renewMain, 300);
}

function Mark() {
  const live = isLive.value;
  return html`<span role="status"
    ><span class=${live ? "live-mark on" : live === null ? "live-mark unknown" : "live-mark"} aria-hidden="true"></span>${live === false ? "not live: the server does not answer" : live ? "live" : ""}</span
  >`;
}
