/** What happens in the store while somebody looks: one stream of events for the whole page. */

import { signal } from "./framework.js";

/** Whether the stream stands; null before it was opened. */
export const isLive = signal(/** @type {boolean | null} */ (null));

/** @type {Set<(ids: string[] | null) => void>} */
const told = new Set();
/** @type {EventSource | undefined} */
let source;

/**
 * Be told what changed: the ids of runs, or null for "look at everything again".
 * @param {(ids: string[] | null) => void} tell
 * @returns {() => void} stops it
 */
export function onChange(tell) {
  told.add(tell);
  return () => told.delete(tell);
}

/**
 * Listen for as long as the page is looked at. A browser keeps six connections to one server for all its tabs, so a tab
 * that nobody sees gives its own back, and looks everything up when it is seen again; so does one whose stream broke.
 * @param {string} url
 */
export function listen(url) {
  let isBehind = false;
  function open() {
    if (source !== undefined || document.hidden) return;
    source = new EventSource(url);
    source.addEventListener("open", () => {
      isLive.value = true;
      if (isBehind) for (const tell of told) tell(null);
      isBehind = false;
    });
    source.addEventListener("error", () => {
      isLive.value = false;
      isBehind = true;
    });
    source.addEventListener("changed", (event) => {
      const ids = idsIn(/** @type {MessageEvent<string>} */ (event).data);
      for (const tell of told) tell(ids);
    });
  }
  function close() {
    source?.close();
    source = undefined;
    isBehind = true;
  }
  document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
  window.addEventListener("pagehide", close);
  window.addEventListener("pageshow", open);
  open();
}

/** @param {string} data */
function idsIn(data) {
  const said = JSON.parse(data);
  return Array.isArray(said.ids) ? /** @type {string[]} */ (said.ids) : null;
}
