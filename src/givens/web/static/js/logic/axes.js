/**
 * What an axis of a plot is like, chosen by its values: ordinal, logarithmic or linear; and where a value stands on it.
 *
 * Texts of values come from the server and are shown as they are; numbers are only used to place them.
 */

/**
 * @typedef {object} AxisValues one for each run
 * @property {(number | null)[]} numbers null where a value is no finite number
 * @property {(string | null)[]} texts as Python writes it; null where the run does not have it
 */

/**
 * @typedef {object} Axis
 * @property {"ordinal" | "log" | "linear"} scale
 * @property {string[]} levels of an ordinal axis, from the bottom up
 * @property {number} least
 * @property {number} most
 * @property {boolean} hasMissing some run does not have the key
 */

/** Numbers with at most so many different values are levels rather than a range. */
export const FEW_LEVELS = 8;
/** Positive numbers that span more than this factor, most of them near the lower end, stand on a logarithmic axis. */
export const LOG_FACTOR = 30;
const NEAR_LOWER_END = 0.25;

/**
 * The axis for some values.
 * @param {AxisValues} values
 * @param {{result?: boolean}} [of] a result is never ordinal: it is measured, not chosen
 * @returns {Axis}
 */
export function axisFor({ numbers, texts }, { result = false } = {}) {
  /** @type {Map<string, number | null>} */
  const levels = new Map();
  let least = Infinity;
  let most = -Infinity;
  let isNumeric = true;
  let hasMissing = false;
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at];
    if (text === null) {
      hasMissing = true;
      continue;
    }
    const number = numbers[at];
    if (number === null) {
      isNumeric = isNumeric && result;
    } else {
      if (number < least) least = number;
      if (number > most) most = number;
    }
    if (levels.size < 2000 && !levels.has(text)) levels.set(text, number);
  }
  const isRange = isNumeric && least < most && (result || levels.size > FEW_LEVELS);
  if (isRange) {
    const isLog = least > 0 && most / least > LOG_FACTOR && (medianOf(numbers) - least) / (most - least) < NEAR_LOWER_END;
    return { scale: isLog ? "log" : "linear", levels: [], least, most, hasMissing };
  }
  return { scale: "ordinal", levels: sortedLevels(levels), least, most, hasMissing };
}

/** @param {(number | null)[]} numbers */
function medianOf(numbers) {
  const sorted = Float64Array.from(numbers.filter((number) => number !== null)).sort();
  return sorted[sorted.length >> 1];
}

/**
 * Levels with numbers first and in their order, then texts by their alphabet.
 * @param {Map<string, number | null>} levels
 */
function sortedLevels(levels) {
  return [...levels.entries()]
    .sort(([a, x], [b, y]) => {
      if (x !== null && y !== null) return x - y || compare(a, b);
      if (x !== null || y !== null) return x !== null ? -1 : 1;
      return compare(a, b);
    })
    .map(([text]) => text);
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Where values stand on an axis: 0 at the bottom, 1 at the top, NaN where the run does not have it.
 * @param {Axis} axis
 * @param {AxisValues} values
 * @returns {Float32Array}
 */
export function placesOn(axis, { numbers, texts }) {
  const places = new Float32Array(texts.length);
  /** @type {Map<string, number>} */
  const levels = new Map(axis.levels.map((level, at) => [level, at]));
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at];
    places[at] = text === null ? NaN : placeOn(axis, levels, numbers[at], text);
  }
  return places;
}

/**
 * @param {Axis} axis
 * @param {Map<string, number>} levels
 * @param {number | null} number
 * @param {string} text
 */
function placeOn(axis, levels, number, text) {
  if (axis.scale === "ordinal") {
    const level = levels.get(text);
    return level === undefined ? NaN : levels.size < 2 ? 0.5 : level / (levels.size - 1);
  }
  if (number === null) return NaN;
  if (axis.scale === "log") return Math.log(number / axis.least) / Math.log(axis.most / axis.least);
  return (number - axis.least) / (axis.most - axis.least);
}

/**
 * The ticks of an axis: a place, and the text beside it. On a range they are no values of a run: the server's where it gave
 * enough, else chosen here.
 * @param {Axis} axis
 * @param {number} [room] how many fit
 * @param {[number, string][]} [given]
 * @returns {{place: number, text: string}[]}
 */
export function ticksOf(axis, room = 8, given = []) {
  if (axis.scale === "ordinal") {
    const count = axis.levels.length;
    const step = Math.max(1, Math.ceil(count / room));
    return axis.levels
      .map((text, at) => ({ place: count < 2 ? 0.5 : at / (count - 1), text }))
      .filter((_, at) => at % step === 0 || (at === count - 1 && (count - 1) % step > step / 2));
  }
  const here = given
    .map(([number, text]) => ({ place: placeOn(axis, new Map(), number, ""), text }))
    .filter(({ place }) => place >= 0 && place <= 1);
  if (here.length >= 3 && here.length <= room && isSpread(here)) return here;
  const places = axis.scale === "log" ? logTicks(axis.least, axis.most, room) : linearTicks(axis.least, axis.most, room);
  return places.map((number) => ({ place: placeOn(axis, new Map(), number, ""), text: tickText(number) }));
}

/**
 * Whether ticks stand apart on this axis: those meant for another scale crowd at one end.
 * @param {{place: number}[]} ticks
 */
function isSpread(ticks) {
  const places = ticks.map(({ place }) => place).sort((a, b) => a - b);
  return places.every((place, at) => at === 0 || place - places[at - 1] > 0.4 / places.length);
}

/**
 * @param {number} least
 * @param {number} most
 * @param {number} room
 */
function linearTicks(least, most, room) {
  const rough = (most - least) / Math.max(1, room - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? 10 * power;
  const ticks = [];
  for (let at = Math.ceil(least / step - 1e-9); at * step <= most + step * 1e-9; at++) ticks.push(at * step);
  return ticks;
}

/**
 * Powers of ten; where fewer than three fit into the range, also twice and five times them.
 * @param {number} least
 * @param {number} most
 * @param {number} room
 */
function logTicks(least, most, room) {
  const low = Math.floor(Math.log10(least) - 1e-9);
  const high = Math.ceil(Math.log10(most) + 1e-9);
  const every = Math.max(1, Math.ceil((high - low) / room));
  const parts = high - low <= 3 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = low; power <= high; power += every) {
    for (const part of parts) ticks.push(part * 10 ** power);
  }
  return ticks.filter((tick) => tick >= least * (1 - 1e-9) && tick <= most * (1 + 1e-9));
}

/**
 * The text of a tick that was chosen here: short, no digits that only arithmetic brought.
 * @param {number} number
 */
export function tickText(number) {
  if (number === 0) return "0";
  const size = Math.abs(number);
  if (size >= 1e5 || size < 1e-3) {
    const [digits, power] = number.toExponential(3).split("e");
    return `${Number(digits)}e${Number(power) < 0 ? "-" : ""}${Math.abs(Number(power))}`;
  }
  return String(Number(number.toPrecision(6)));
}
