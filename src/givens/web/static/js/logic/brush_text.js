/** Brushes as they stand in an address: "lr:0.25:0.75". */

/** @import { Brush } from "./brushing.js" */

const FORM = /^(.+):([01](?:\.\d+)?):([01](?:\.\d+)?)$/s;

/**
 * @param {string[]} texts
 * @returns {Map<string, Brush>} those that read
 */
export function brushesIn(texts) {
  const brushes = new Map();
  for (const text of texts) {
    const found = FORM.exec(text);
    if (found === null) continue;
    const [low, high] = [Number(found[2]), Number(found[3])];
    if (low < high && high <= 1) brushes.set(found[1], { low, high });
  }
  return brushes;
}

/** @param {Map<string, Brush>} brushes */
export function brushTexts(brushes) {
  const tidy = (/** @type {number} */ edge) => String(Math.round(edge * 1e4) / 1e4);
  return [...brushes].map(([name, { low, high }]) => `${name}:${tidy(low)}:${tidy(high)}`);
}
