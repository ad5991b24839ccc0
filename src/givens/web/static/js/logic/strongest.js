/**
 * Which key a metric depends on most, and which one next, given the first: what a scatter shows before anybody chose.
 *
 * The measure is the share of the metric's variance that lies between groups of runs, less what chance brings (ε²: Kelley,
 * 1935). Numbers with many values are grouped by rank. It chooses what to draw; importance proper is the server's.
 */

/** @import { PlotColumn } from "../wire.js" */

const BINS = 6;

/**
 * @param {PlotColumn[]} keys
 * @param {PlotColumn} metric
 * @returns {{first: string, second: string}} names; empty where there is nothing to choose
 */
export function strongest(keys, metric) {
  /** @type {number[]} */
  const runs = [];
  for (let at = 0; at < metric.numbers.length; at++) if (metric.numbers[at] !== null) runs.push(at);
  const scores = ranks(runs.map((at) => /** @type {number} */ (metric.numbers[at])));
  const groups = new Map(keys.map((key) => [key.name, groupsOf(key, runs)]));
  const first = best(keys, (key) => explained(/** @type {number[]} */ (groups.get(key.name)), scores));
  if (first === undefined) return { first: "", second: "" };
  const of = /** @type {number[]} */ (groups.get(first.name));
  const others = keys.filter((key) => key !== first);
  const second = best(others, (key) => {
    const by = /** @type {number[]} */ (groups.get(key.name));
    return explained(by.map((group, at) => group * 1000 + of[at]), scores);
  });
  return { first: first.name, second: second?.name ?? "" };
}

/**
 * @param {PlotColumn[]} keys
 * @param {(key: PlotColumn) => number} score
 */
function best(keys, score) {
  let found;
  let most = -Infinity;
  for (const key of keys) {
    const size = score(key);
    if (size > most) [found, most] = [key, size];
  }
  return found;
}

/**
 * The group of each run.
 * @param {PlotColumn} key
 * @param {number[]} runs
 */
function groupsOf({ numbers, texts }, runs) {
  const seen = new Map();
  for (const at of runs) if (!seen.has(texts[at])) seen.set(texts[at], seen.size);
  if (seen.size > 2 * BINS && runs.some((at) => numbers[at] !== null)) {
    const order = ranks(runs.map((at) => numbers[at] ?? Infinity));
    return order.map((rank) => Math.min(BINS - 1, Math.floor((rank / runs.length) * BINS)));
  }
  return runs.map((at) => /** @type {number} */ (seen.get(texts[at])));
}

/**
 * Ranks in place of numbers: one run that went astray does not decide.
 * @param {number[]} numbers
 */
function ranks(numbers) {
  const order = numbers.map((_, at) => at).sort((a, b) => numbers[a] - numbers[b] || a - b);
  const found = new Array(numbers.length).fill(0);
  order.forEach((at, rank) => (found[at] = rank));
  for (let at = 1; at < order.length; at++) {
    if (numbers[order[at]] === numbers[order[at - 1]]) found[order[at]] = found[order[at - 1]];
  }
  return found;
}

/**
 * ε² of groups for scores; below zero where there are as many groups as runs.
 * @param {number[]} groups
 * @param {number[]} scores
 */
function explained(groups, scores) {
  const count = scores.length;
  const mean = scores.reduce((sum, score) => sum + score, 0) / count;
  const total = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  /** @type {Map<number, {n: number, sum: number}>} */
  const sums = new Map();
  groups.forEach((group, at) => {
    const of = sums.get(group) ?? { n: 0, sum: 0 };
    of.n += 1;
    of.sum += scores[at];
    sums.set(group, of);
  });
  let between = 0;
  for (const { n, sum } of sums.values()) between += n * (sum / n - mean) ** 2;
  if (total === 0 || sums.size >= count) return -1;
  const withinMean = (total - between) / (count - sums.size);
  return (between - (sums.size - 1) * withinMean) / total;
}
