/** Runs parted by the value of a key: a small plot for each. */

export const MOST_FACETS = 12;

/**
 * @typedef {object} Facet
 * @property {string} level as it is shown; empty where there is one facet for all
 * @property {number[]} runs
 */

/**
 * The facets in the order of the axis' levels; beyond the twelve with most runs they are left out, and counted.
 * @param {string[]} levels in their order
 * @param {(string | null)[] | null} texts one for each run; null for no facets at all
 * @param {number} count of runs
 * @returns {{facets: Facet[], leftOut: number}}
 */
export function facetsOf(levels, texts, count) {
  if (texts === null) return { facets: [{ level: "", runs: Array.from({ length: count }, (_, at) => at) }], leftOut: 0 };
  /** @type {Map<string, number[]>} */
  const runs = new Map();
  for (let at = 0; at < count; at++) {
    const text = texts[at];
    if (text === null) continue;
    const of = runs.get(text);
    if (of === undefined) runs.set(text, [at]);
    else of.push(at);
  }
  const order = new Map(levels.map((level, at) => [level, at]));
  const largest = [...runs.entries()].sort(([, a], [, b]) => b.length - a.length).slice(0, MOST_FACETS);
  largest.sort(([a], [b]) => (order.get(a) ?? Infinity) - (order.get(b) ?? Infinity));
  return { facets: largest.map(([level, of]) => ({ level, runs: of })), leftOut: runs.size - largest.length };
}
