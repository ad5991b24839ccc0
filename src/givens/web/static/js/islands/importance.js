/** Importance as bars, in place of the table that the server wrote. */

import { html, render } from "../framework.js";
import { Bars } from "../plots/bars.js";
import { importanceFrom, inlineIn } from "../wire.js";

/** @param {HTMLElement} place */
export function start(place) {
  const answer = inlineIn(place);
  if (answer === null || answer.rows.length === 0) return;
  place.replaceChildren();
  render(html`<${Bars} importance=${importanceFrom(answer)} />`, place);
}
