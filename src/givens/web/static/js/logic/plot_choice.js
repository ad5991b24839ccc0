/** What a plot shows before anybody chose: the keys that vary and the metric, which stands at the right. */

import { strongest } from "./strongest.js";

/** @import { PlotColumn, PlotData } from "../wire.js" */

const MOST_AXES = 9;

/**
 * The axes from left to right.
 * @param {PlotData | null} plot
 * @param {string[]} chosen
 * @param {string[]} brushed a brush is seen, so its axis is there
 * @returns {string[]}
 */
export function startingAxes(plot, chosen, brushed) {
  if (plot === null) return [];
  const here = new Set(plot.columns.map((column) => column.name));
  if (chosen.length > 0) return chosen.filter((name) => here.has(name));
  const keys = plot.columns.filter((column) => !column.isResult).map((column) => column.name);
  const end = here.has(plot.metric) ? [plot.metric] : [];
  const first = [...keys.slice(0, MOST_AXES - end.length), ...brushed.filter((name) => here.has(name))];
  return [...new Set(first)].filter((name) => name !== end[0]).concat(end);
}

/**
 * What a scatter shows before anybody chose: the metric over the key it depends on most, coloured by the one that matters next.
 * @param {PlotData | null} plot
 * @param {{x: string, y: string, color: string}} chosen
 */
export function startingScatter(plot, { x, y, color }) {
  if (plot === null) return { x, y, color };
  const here = (/** @type {string} */ name) => plot.columns.some((column) => column.name === name);
  const meant = here(y) ? y : here(plot.metric) ? plot.metric : (plot.columns[plot.columns.length - 1]?.name ?? "");
  const metric = plot.columns.find((column) => column.name === meant);
  const keys = plot.columns.filter((column) => !column.isResult && column.name !== meant);
  const { first, second } = metric === undefined ? { first: "", second: "" } : strongest(keys, metric);
  const shownX = here(x) ? x : first || meant;
  return { x: shownX, y: meant, color: color || (shownX === first ? second : first) };
}

/**
 * The places of the kept runs, the best by the metric first; those without it last.
 * @param {Uint8Array} kept
 * @param {PlotColumn | undefined} metric
 * @returns {number[]}
 */
export function bestFirst(kept, metric) {
  const order = [];
  for (let at = 0; at < kept.length; at++) if (kept[at]) order.push(at);
  if (metric === undefined) return order;
  const sign = metric.goal === "max" ? -1 : 1;
  const worst = Infinity;
  const score = (/** @type {number} */ at) => {
    const number = metric.numbers[at];
    return number === null ? worst : sign * number;
  };
  const scores = order.map((at) => /** @type {[number, number]} */ ([score(at), at]));
  scores.sort(([a, x], [b, y]) => (a === b ? x - y : a - b));
  return scores.map(([, at]) => at);
}

/** What stands in the address where no column gives the colour. It is a value and names no key, as `none` would: a key that is called so is `config.None`. */
export const NO_COLOR = "None";
