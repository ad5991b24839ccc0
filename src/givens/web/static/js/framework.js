/** The three small libraries that the islands are written in, from one place. framework.d.ts says what is used of them. */

import htm from "../vendor/htm.js";
import { h } from "../vendor/preact.js";

export { h, render } from "../vendor/preact.js";
export { useEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
export { batch, computed, effect, signal, useComputed, useSignal, useSignalEffect } from "../vendor/signals.js";

/** Elements, written as markup: html`<b class=${name}>${text}</b>`. What is filled in is text, never markup. */
export const html = htm.bind(h);
