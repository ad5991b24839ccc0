/** Keys that the views of a project leave out: which patterns there are, another one, one fewer. */

import { post } from "../acts.js";
import { html, render, signal, useSignal } from "../framework.js";
import { renewMain } from "../renewing.js";
import { asked, refusal, selection } from "../wire.js";
import { say } from "./toast.js";

/** @typedef {{patterns: string[], settings: string[]}} Kept */

/** @param {HTMLElement} place */
export function start(place) {
  place.replaceChildren();
  render(html`<${Ignoring} then=${renewMain} />`, place);
}

/** What is kept, for the project of this page; it stays while the page does. */
const kept = signal(/** @type {Kept | null} */ (null));

function project() {
  return selection().get("project") ?? "";
}

async function look() {
  try {
    kept.value = await asked(`/api/ignore?${new URLSearchParams({ project: project() })}`);
  } catch (failure) {
    say({ text: refusal(failure).text });
  }
}

/**
 * A button, and below it the patterns.
 * @param {{then: () => void}} props `then`: the patterns are others now
 */
export function Ignoring({ then }) {
  const isOpen = useSignal(false);
  const text = useSignal("");
  const found = kept.value;
  const here = selection().getAll("ignore");

  /** @param {string[]} patterns */
  async function keep(patterns) {
    try {
      const answer = await post("/api/ignore", { project: project(), patterns });
      kept.value = { patterns: answer.patterns, settings: found?.settings ?? [] };
      then();
    } catch (failure) {
      say({ text: refusal(failure).text });
    }
  }

  /** @param {Event} event */
  function add(event) {
    event.preventDefault();
    const pattern = text.value.trim();
    text.value = "";
    if (pattern !== "" && found !== null) keep([...found.patterns, pattern]);
  }

  return html`<button type="button" class="chip" aria-expanded=${String(isOpen.value)} onClick=${() => ((isOpen.value = !isOpen.value), isOpen.value && look())}>Ignore keys</button>
    ${!isOpen.value || found === null
      ? null
      : html`<section class="drawer" aria-label="ignored keys">
          <form class="bar" onSubmit=${add}>
            <label>Leave out of every view${project() === "" ? "" : html` of <bdi>${project()}</bdi>`} <input value=${text.value} placeholder="*.path" size="16" spellcheck="false" onInput=${(/** @type {any} */ event) => (text.value = event.currentTarget.value)} /></label>
            <button type="submit">Ignore</button>
          </form>
          <ul class="tags" aria-label="patterns">
            ${found.patterns.map(
              (each) => html`<li class="tag" key=${each}>
                <code>${each}</code> <button type="button" class="plain" aria-label=${`no longer ignore ${each}`} onClick=${() => keep(found.patterns.filter((other) => other !== each))}>×</button>
              </li>`,
            )}
            ${found.settings.map((each) => html`<li class="tag" key=${`settings ${each}`}><code>${each}</code> <span class="note">by pyproject.toml</span></li>`)}
            ${here
              .filter((each) => !found.patterns.includes(each))
              .map(
                (each) => html`<li class="tag" key=${`here ${each}`}>
                  <code>${each}</code> <span class="note">here only</span> <button type="button" class="plain" aria-label=${`keep ignoring ${each}`} onClick=${() => keep([...found.patterns, each])}>Keep</button>
                </li>`,
              )}
          </ul>
        </section>`}`;
}
