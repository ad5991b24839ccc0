/** Colours that stand for numbers: 32 steps of one scale, dark to light, told apart by those who see few colours. */

export const BUCKETS = 32;

/** Viridis at nine places, red green blue. */
const VIRIDIS = [
  [68, 1, 84],
  [71, 44, 122],
  [59, 81, 139],
  [44, 113, 142],
  [33, 144, 141],
  [39, 173, 129],
  [92, 200, 99],
  [170, 220, 50],
  [253, 231, 37],
];

/**
 * The colours of a scale. On a light page its lightest end is left out, on a dark one its darkest: they would not be seen.
 * @param {boolean} isDark
 * @returns {string[]}
 */
export function scaleColours(isDark) {
  const [from, to] = isDark ? [0.28, 1] : [0, 0.86];
  return Array.from({ length: BUCKETS }, (_, at) => {
    const [red, green, blue] = mixed(from + ((to - from) * at) / (BUCKETS - 1));
    return `rgb(${red} ${green} ${blue})`;
  });
}

/** @param {number} part */
function mixed(part) {
  const place = part * (VIRIDIS.length - 1);
  const at = Math.min(Math.floor(place), VIRIDIS.length - 2);
  return VIRIDIS[at].map((low, channel) => Math.round(low + (VIRIDIS[at + 1][channel] - low) * (place - at)));
}

/** Colours for kinds that have no order (Okabe and Ito), each told apart from the others without red and green. */
export const KINDS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#7a5195"];

/**
 * The bucket of each place on an axis; -1 where there is none.
 * @param {Float32Array} places 0 to 1, or NaN
 * @returns {Int8Array}
 */
export function bucketsOf(places) {
  const buckets = new Int8Array(places.length);
  for (let at = 0; at < places.length; at++) {
    const place = places[at];
    buckets[at] = Number.isNaN(place) ? -1 : Math.min(BUCKETS - 1, Math.floor(place * BUCKETS));
  }
  return buckets;
}
