/** Which runs lie within the brushed parts of their axes. */

/**
 * @typedef {object} Brush a part of an axis, 0 at the bottom and 1 at the top
 * @property {number} low
 * @property {number} high
 */

/**
 * One byte for each run: 1 where it lies within every brush.
 * @param {Map<string, Brush>} brushes by the name of the axis
 * @param {Map<string, Float32Array>} places by the name of the axis
 * @param {number} count of runs
 * @param {Uint8Array} [into] is written where it is long enough
 * @returns {Uint8Array}
 */
export function within(brushes, places, count, into) {
  const kept = into !== undefined && into.length === count ? into : new Uint8Array(count);
  kept.fill(1);
  for (const [name, { low, high }] of brushes) {
    const on = places.get(name);
    if (on === undefined) continue;
    // an edge that was dragged to a place that is shown there takes it in
    const from = low - 1e-6;
    const to = high + 1e-6;
    for (let at = 0; at < count; at++) {
      if (!(on[at] >= from && on[at] <= to)) kept[at] = 0;
    }
  }
  return kept;
}

/**
 * How many.
 * @param {Uint8Array} kept
 */
export function counted(kept) {
  let found = 0;
  for (let at = 0; at < kept.length; at++) found += kept[at];
  return found;
}

/**
 * A brush moved or stretched by the keyboard; null where it has come to hold the whole axis.
 * @param {Brush | null} brush
 * @param {"up" | "down" | "grow" | "shrink"} how
 * @param {number} [step]
 * @returns {Brush | null}
 */
export function nudged(brush, how, step = 0.05) {
  const { low, high } = brush ?? { low: 0, high: 1 };
  const tidy = (/** @type {number} */ edge) => Math.round(edge * 1e6) / 1e6;
  if (how === "grow" || how === "shrink") {
    const by = how === "grow" ? step : -step;
    const next = { low: tidy(Math.max(0, low - by / 2)), high: tidy(Math.min(1, high + by / 2)) };
    if (next.high - next.low < step / 2) return brush;
    return next.low <= 0 && next.high >= 1 ? null : next;
  }
  if (brush === null) return how === "up" ? { low: 0.5, high: 1 } : { low: 0, high: 0.5 };
  const by = how === "up" ? Math.min(step, 1 - high) : -Math.min(step, low);
  return { low: tidy(low + by), high: tidy(high + by) };
}

/**
 * A list with one of its items moved by some places.
 * @template T
 * @param {readonly T[]} list
 * @param {number} at
 * @param {number} by
 * @returns {T[]}
 */
export function moved(list, at, by) {
  const to = Math.min(Math.max(at + by, 0), list.length - 1);
  const next = [...list];
  const [item] = next.splice(at, 1);
  next.splice(to, 0, item);
  return next;
}
