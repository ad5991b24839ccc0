/**
 * The lines of parallel coordinates on a canvas: two layers, the runs that are brushed away and those that are kept.
 *
 * A colour is a path: 5,000 lines are 32 strokes. The layer below only changes with the axes; a step of a brush draws the
 * upper one.
 */

import { BUCKETS } from "../logic/colours.js";

/**
 * @typedef {object} Lines
 * @property {Float32Array[]} places one for each axis, from left to right; NaN where a run does not have it
 * @property {Int8Array} buckets the colour of each run; -1 for none
 * @property {string[]} colours
 * @property {string} faint colour of what is brushed away
 * @property {string} plain colour of runs that have none
 */

/**
 * @typedef {object} Frame
 * @property {number} width
 * @property {number} height
 * @property {number[]} xs of the axes
 * @property {number} top of the axes
 * @property {number} bottom
 * @property {number} missing where runs pass that do not have the key
 */

/**
 * A canvas in the pixels of the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {{width: number, height: number}} frame
 * @returns {CanvasRenderingContext2D}
 */
export function sized(canvas, { width, height }) {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.height = `${height}px`;
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  return pen;
}

/**
 * Every run, faint.
 * @param {HTMLCanvasElement} canvas
 * @param {Frame} frame
 * @param {Lines} lines
 */
export function drawFaint(canvas, frame, lines) {
  const pen = sized(canvas, frame);
  pen.strokeStyle = lines.faint;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.45;
  pen.beginPath();
  const count = lines.places[0]?.length ?? 0;
  for (let run = 0; run < count; run++) trace(pen, frame, lines.places, run);
  pen.stroke();
  pen.globalAlpha = 1;
}

/**
 * The runs that are kept, each in its colour; the one that is pointed at above all.
 * @param {HTMLCanvasElement} canvas
 * @param {Frame} frame
 * @param {Lines} lines
 * @param {Uint8Array} kept
 * @param {number} pointed its place; -1 for none
 */
export function drawKept(canvas, frame, lines, kept, pointed) {
  const pen = sized(canvas, frame);
  const { places, buckets, colours } = lines;
  const count = buckets.length;
  const runs = byBucket(buckets, kept);
  pen.lineWidth = count > 1500 ? 1 : 1.3;
  pen.globalAlpha = count > 2000 ? 0.5 : count > 300 ? 0.7 : 0.9;
  for (let bucket = 0; bucket <= BUCKETS; bucket++) {
    const of = runs[bucket];
    if (of.length === 0) continue;
    pen.strokeStyle = bucket === BUCKETS ? lines.plain : colours[bucket];
    pen.beginPath();
    for (const run of of) trace(pen, frame, places, run);
    pen.stroke();
  }
  pen.globalAlpha = 1;
  if (pointed >= 0 && pointed < count) {
    pen.lineWidth = 3.5;
    pen.strokeStyle = buckets[pointed] < 0 ? lines.plain : colours[buckets[pointed]];
    pen.beginPath();
    trace(pen, frame, places, pointed);
    pen.stroke();
  }
}

/**
 * The runs of each colour; the last list has those without one.
 * @param {Int8Array} buckets
 * @param {Uint8Array} kept
 * @returns {number[][]}
 */
function byBucket(buckets, kept) {
  const runs = Array.from({ length: BUCKETS + 1 }, () => /** @type {number[]} */ ([]));
  for (let run = 0; run < buckets.length; run++) {
    if (kept[run]) runs[buckets[run] < 0 ? BUCKETS : buckets[run]].push(run);
  }
  return runs;
}

/**
 * A run's line; where it does not have a key it passes below the axis.
 * @param {CanvasRenderingContext2D} pen
 * @param {Frame} frame
 * @param {Float32Array[]} places
 * @param {number} run
 */
function trace(pen, { xs, top, bottom, missing }, places, run) {
  for (let axis = 0; axis < places.length; axis++) {
    const place = places[axis][run];
    const y = place !== place ? missing : bottom - place * (bottom - top);
    if (axis === 0) pen.moveTo(xs[axis], y);
    else pen.lineTo(xs[axis], y);
  }
}

/**
 * The kept run whose line passes nearest to a point; -1 where none passes within some pixels.
 * @param {Frame} frame
 * @param {Lines} lines
 * @param {Uint8Array} kept
 * @param {number} x
 * @param {number} y
 * @param {number} [reach]
 */
export function runAt(frame, lines, kept, x, y, reach = 6) {
  const { xs, top, bottom, missing } = frame;
  let right = xs.findIndex((each) => each >= x);
  if (right < 0) right = xs.length - 1;
  const left = Math.max(0, right - 1);
  const part = right === left ? 0 : (x - xs[left]) / (xs[right] - xs[left]);
  if (part < -0.02 || part > 1.02) return -1;
  let found = -1;
  let nearest = reach;
  for (let run = 0; run < kept.length; run++) {
    if (!kept[run]) continue;
    const [from, to] = [lines.places[left][run], lines.places[right][run]];
    const fromY = from !== from ? missing : bottom - from * (bottom - top);
    const toY = to !== to ? missing : bottom - to * (bottom - top);
    const distance = Math.abs(fromY * (1 - part) + toY * part - y);
    if (distance < nearest) {
      nearest = distance;
      found = run;
    }
  }
  return found;
}
