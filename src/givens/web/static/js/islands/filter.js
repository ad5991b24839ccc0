/** The filter: one line, asked when Enter is pressed or typing rests; what is wrong with it stands below, with a caret. */

import { html, useSignal, useSignalEffect } from "../framework.js";

/** @import { Signal } from "../framework.js" */
/** @import { Refused } from "../wire.js" */

/** @param {{table: {filter: Signal<string>, failure: Signal<Refused | null>}}} props */
export function Filter({ table }) {
  const text = useSignal(table.filter.peek());
  // the filter also changes elsewhere: by the back button, by loosening it
  useSignalEffect(() => {
    text.value = table.filter.value;
  });
  const failure = table.failure.value;
  /** @param {Event} event */
  function ask(event) {
    event.preventDefault();
    table.filter.value = text.value.trim();
  }
  return html`<form role="search" onSubmit=${ask}>
    <div class="bar">
      <label class="unseen" for="filter">filter</label>
      <input
        id="filter"
        type="search"
        name="filter"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        placeholder="filter: lr < 1e-3 and max(val_acc) > 0.9"
        value=${text.value}
        aria-invalid=${failure === null ? null : "true"}
        aria-describedby=${failure === null ? null : "filter-wrong"}
        onInput=${(/** @type {any} */ event) => {
          text.value = event.currentTarget.value;
          if (text.value === "") table.filter.value = "";
        }}
      />
      <button type="submit">Filter</button>
    </div>
    ${failure === null ? null : html`<pre class="error" role="alert" id="filter-wrong">${failure.text}</pre>`}
  </form>`;
}
