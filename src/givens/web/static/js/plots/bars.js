/** Which keys explain a metric, as bars; with the method, the number of runs and the quality of the fit beside them. */

import { html } from "../framework.js";

/** @import { Importance } from "../wire.js" */

/** @param {{importance: Importance}} props */
export function Bars({ importance }) {
  const { heads, rows, notes } = importance;
  if (rows.length === 0) return html`<${Notes} notes=${notes} />`;
  const most = Math.max(...rows.map((row) => row.size), 1e-9);
  return html`<div>
    <table class="bars">
      <caption class="unseen">importance of keys, the greatest first</caption>
      <thead>
        <tr>
          <th scope="col">${heads[0]}</th>
          <td></td>
          ${heads.slice(1).map((head) => html`<th scope="col" class="number" key=${head}>${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) => html`<tr key=${row.key}>
            <th scope="row" title=${row.key}><bdi>${row.key}</bdi></th>
            <td><div class="track"><span style=${{ width: `${(Math.max(0, row.size) / most) * 100}%` }}></span></div></td>
            ${row.cells.map((cell, at) => html`<td class="number" key=${at}>${cell}</td>`)}
          </tr>`,
        )}
      </tbody>
    </table>
    <${Notes} notes=${notes} />
  </div>`;
}

/** @param {{notes: string[]}} props */
export function Notes({ notes }) {
  if (notes.length === 0) return null;
  return html`<ul class="notes">
    ${notes.map((note) => html`<li key=${note}>${note}</li>`)}
  </ul>`;
}
