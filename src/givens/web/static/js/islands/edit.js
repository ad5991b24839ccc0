/** On the page of a run: its tags, notes and values can be changed; every change is recorded and has its way back. */

import { change, undo } from "../acts.js";
import { html, render, useSignal } from "../framework.js";
import { renewMain } from "../renewing.js";
import { inlineIn } from "../wire.js";

/** What the document says of the run. @typedef {{id: string, name: string, tags: string[], notes: string | null, edits: any[]}} Subject */

/** @param {HTMLElement} place */
export function start(place) {
  const subject = inlineIn(place);
  if (subject === null) return;
  // what can be changed here need not stand there a second time
  if (place.previousElementSibling?.matches("ul.tags")) place.previousElementSibling.remove();
  place.replaceChildren();
  render(html`<${About} subject=${subject} />`, place);
  for (const row of document.querySelectorAll("tr[data-path][data-value]")) addEdit(/** @type {HTMLElement} */ (row), subject);
}

/** @param {{subject: Subject}} props */
function About({ subject }) {
  const tag = useSignal("");
  const notes = useSignal(subject.notes ?? "");
  const isNoting = useSignal(false);
  const wrong = useSignal("");
  const runs = [subject.id];
  /** @param {Partial<import("../acts.js").Edit>} edit */
  const act = async (edit) => (wrong.value = await change({ runs, ...edit }, renewMain));
  const last = subject.edits[subject.edits.length - 1];
  return html`<div class="about">
    <div class="bar">
      <ul class="tags" aria-label="tags">
        ${subject.tags.map(
          (each) => html`<li class="tag" key=${each}>
            <bdi>${each}</bdi> <button type="button" class="plain" aria-label=${`remove the tag ${each}`} onClick=${() => act({ untag: [each] })}>×</button>
          </li>`,
        )}
      </ul>
      <form
        onSubmit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          const text = tag.value.trim();
          tag.value = "";
          if (text !== "") act({ tag: [text] });
        }}
      >
        <label>tag <input value=${tag.value} size="12" onInput=${(/** @type {any} */ event) => (tag.value = event.currentTarget.value)} /></label>
        <button type="submit">Add</button>
      </form>
      <button type="button" aria-expanded=${String(isNoting.value)} onClick=${() => (isNoting.value = !isNoting.value)}>${subject.notes ? "Edit the note" : "Add a note"}</button>
      ${last?.id && !last.undone ? html`<button type="button" onClick=${() => undo(last.id, renewMain)}>Undo the last edit</button>` : null}
    </div>
    ${isNoting.value
      ? html`<form
          class="bar edit-form"
          onSubmit=${async (/** @type {Event} */ event) => {
            event.preventDefault();
            await act({ notes: notes.value });
            isNoting.value = wrong.value !== "";
          }}
        >
          <label class="grow">note <textarea rows="3" value=${notes.value} onInput=${(/** @type {any} */ event) => (notes.value = event.currentTarget.value)}></textarea></label>
          <button type="submit" class="primary">Save</button>
        </form>`
      : subject.notes
        ? html`<p class="run-note"><bdi>${subject.notes}</bdi></p>`
        : null}
    ${wrong.value === "" ? null : html`<p class="error" role="alert">${wrong.value}</p>`}
  </div>`;
}

/**
 * A button beside a value; it opens a field in its place.
 * @param {HTMLElement} row
 * @param {Subject} subject
 */
function addEdit(row, subject) {
  const cell = row.querySelector("td.value") ?? row.querySelector("td");
  if (cell === null) return;
  const place = document.createElement("span");
  place.className = "edit";
  cell.append(place);
  render(html`<${Leaf} path=${row.dataset.path} value=${row.dataset.value} id=${subject.id} />`, place);
}

/** @param {{path: string, value: string, id: string}} props */
function Leaf({ path, value, id }) {
  const isOpen = useSignal(false);
  const text = useSignal(value);
  const wrong = useSignal("");
  if (!isOpen.value) {
    return html` <button type="button" class="plain edit-open" aria-label=${`edit ${path}`} title=${`edit ${path}`} onClick=${() => (isOpen.value = true)}>✎</button>`;
  }
  return html`<form
    class="edit-form"
    onSubmit=${async (/** @type {Event} */ event) => {
      event.preventDefault();
      wrong.value = await change({ runs: [id], set: Object.fromEntries([[path, text.value]]) }, renewMain);
      if (wrong.value === "") isOpen.value = false;
    }}
    onKeyDown=${(/** @type {KeyboardEvent} */ event) => event.key === "Escape" && (isOpen.value = false)}
  >
    <label class="unseen" for=${`edit-${path}`}>new value of ${path}</label>
    <input id=${`edit-${path}`} value=${text.value} spellcheck="false" onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)} />
    <button type="submit" class="primary">Save</button>
    <button type="button" onClick=${() => (isOpen.value = false)}>Cancel</button>
    ${wrong.value === "" ? null : html`<p class="error" role="alert">${wrong.value}</p>`}
  </form>`;
}
