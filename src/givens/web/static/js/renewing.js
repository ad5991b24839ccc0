/** The middle of a page that the server writes, fetched anew: what was open stays open, and the view where it is. */

import { say } from "./islands/toast.js";
import { onceMore } from "./logic/once_more.js";

/** Whether somebody is in the middle of something that a new page would take away. */
export function isBusy() {
  const focus = document.activeElement;
  const isTyping = (focus instanceof HTMLInputElement || focus instanceof HTMLTextAreaElement) && focus.value !== "";
  return isTyping || document.querySelector(".edit-form") !== null;
}

/** Fetch it; where that is under way already, once more afterwards. */
export const renewMain = onceMore(async () => {
  const answer = await fetch(location.href).catch(() => null);
  // the server went away: the mark of the live stream says so, and what was there stays
  if (answer === null) return;
  const main = document.getElementById("main");
  if (!answer.ok || main === null) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("main");
  if (next === null) return;
  if (isBusy()) {
    say({ text: "This page has changed.", act: "Show", onAct: () => location.reload() });
    return;
  }
  const open = [...main.querySelectorAll("details")].map((each) => each.open);
  [...next.querySelectorAll("details")].forEach((each, at) => (each.open = open[at] ?? each.open));
  main.replaceWith(document.adoptNode(next));
  document.dispatchEvent(new CustomEvent("renewed"));
});
