/** What a plot has to know of the page around it: how wide it may be, and its colours, which follow light and dark. */

import { signal, useEffect, useState } from "../framework.js";

/** @typedef {{isDark: boolean, ink: string, soft: string, line: string, faint: string, accent: string, surface: string}} Theme */

/** @returns {Theme} */
function lookedUp() {
  const style = getComputedStyle(document.documentElement);
  const of = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return {
    isDark: matchMedia("(prefers-color-scheme: dark)").matches,
    ink: of("--ink"),
    soft: of("--soft"),
    line: of("--line"),
    faint: of("--faint-stroke"),
    accent: of("--accent"),
    surface: of("--surface"),
  };
}

/** The colours of the page. */
export const themed = signal(lookedUp());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => (themed.value = lookedUp()));

/**
 * How wide an element is, now and whenever it changes; 0 before it is there.
 * @param {{current: HTMLElement | null}} box
 */
export function useWidth(box) {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const watching = new ResizeObserver(() => setWidth(Math.floor(element.clientWidth)));
    watching.observe(element);
    return () => watching.disconnect();
  }, []);
  return width;
}
