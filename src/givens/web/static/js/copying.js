/** Copy buttons: one for each block of text that can be taken along. Without JavaScript the text is there to be selected. */

import { say } from "./islands/toast.js";

/** @param {ParentNode} within */
export function addCopyButtons(within) {
  // a long text scrolls by itself, and the keyboard has to come to it
  for (const text of within.querySelectorAll("pre")) if ((text.textContent ?? "").length > 200) text.tabIndex = 0;
  for (const block of within.querySelectorAll(".copyable")) {
    const text = block.querySelector("pre, code");
    if (text === null || block.querySelector("button.copy") !== null) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    const name = block.getAttribute("aria-label") ?? block.getAttribute("data-name");
    if (name) button.setAttribute("aria-label", `Copy ${name}`);
    button.addEventListener("click", () => copy(text.textContent ?? "", button));
    block.append(button);
  }
}

/**
 * @param {string} text
 * @param {HTMLElement} button says that it was done
 */
export async function copy(text, button) {
  const was = button.textContent;
  const isDone = await written(text);
  if (!isDone) {
    say({ text: "The browser did not let the page copy: select the text and copy it by hand." });
    return;
  }
  button.textContent = "Copied";
  setTimeout(() => (button.textContent = was), 1_500);
}

/**
 * To the clipboard. A page that came over plain http from another machine has none of its own; the old way still works there.
 * @param {string} text
 */
async function written(text) {
  if (navigator.clipboard !== undefined) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // not allowed here: the other way may be
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "unseen";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
