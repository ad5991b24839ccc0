/** Where the page begins: brings those parts to life that the document has. Each view is complete in its own way without. */

import { addCopyButtons } from "./copying.js";

/** @type {Record<string, () => Promise<{start: (place: HTMLElement) => void}>>} */
const ISLANDS = {
  curves: () => import("./islands/curves.js"),
  edit: () => import("./islands/edit.js"),
  ignoring: () => import("./islands/ignoring.js"),
  importance: () => import("./islands/importance.js"),
  live: () => import("./islands/live.js"),
  parallel: () => import("./islands/plot.js"),
  runs: () => import("./islands/runs_table.js"),
  scatter: () => import("./islands/plot.js"),
  views: () => import("./islands/views.js"),
};

/** @param {ParentNode} within */
function enliven(within) {
  addCopyButtons(within);
  for (const place of within.querySelectorAll("[data-island]")) {
    const name = place.getAttribute("data-island") ?? "";
    if (!Object.hasOwn(ISLANDS, name)) continue;
    ISLANDS[name]().then(({ start }) => start(/** @type {HTMLElement} */ (place)));
  }
}

enliven(document);
document.addEventListener("renewed", () => enliven(/** @type {ParentNode} */ (document.getElementById("main"))));
