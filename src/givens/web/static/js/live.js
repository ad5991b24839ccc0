/** What happens in the store while somebody looks: one stream of events for the whole page. */

import { signal } from "./framework.js";

/** Whether the stream stands; null before it was opened. */
export const isLive = signal(/** @type {boolean | null} */ (null));

/** @typedef {{ids: string[], more: boolean} | null} Changed which runs; null where it is not known: look at everything again */

/** @type {Set<(changed: Changed) => void>} */
const told = new Set();
/** @type {Set<() => void>} */
const toldOfViews = new Set();
/** @type {EventSource | undefined} */
let source;
let version = -1;

/**
 * Be told what changed.
 * @param {(changed: Changed) => void} tell
 * @returns {() => void} stops it
 */
export function onChange(tell) {
  told.add(tell);
  return () => told.delete(tell);
}

/** Be told that saved views changed. @param {() => void} tell */
export function onViews(tell) {
  toldOfViews.add(tell);
}

/**
 * Listen for as long as the page is looked at. A browser keeps six connections to one server for all its tabs, so a tab
 * that nobody sees gives its own back, and looks everything up when it is seen again; so does one whose stream broke.
 * @param {string} url
 * @param {number} shown the version of the store that the page was made from
 */
export function listen(url, shown) {
  version = shown;
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open(url)));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", () => open(url));
  open(url);
}

/** @param {string} url */
function open(url) {
  if (source !== undefined || document.hidden) return;
  source = new EventSource(url);
  source.addEventListener("hello", (event) => {
    isLive.value = true;
    const now = JSON.parse(event.data).version;
    if (now === version) return;
    version = now;
    for (const tell of told) tell(null);
  });
  source.addEventListener("change", (event) => {
    const { version: now, ids, more } = JSON.parse(event.data);
    version = now;
    for (const tell of told) tell({ ids, more });
  });
  source.addEventListener("views", () => {
    for (const tell of toldOfViews) tell();
  });
  source.addEventListener("error", () => (isLive.value = false));
}

function close() {
  source?.close();
  source = undefined;
}
