/** The lines of metrics over steps, in places from 0 to 1; broken where a value is no number. */

import { axisFor, placesOn } from "./axes.js";

/** @import { Axis } from "./axes.js" */

/**
 * @param {{id: string, steps: number[], values: (number | null)[]}[]} curves
 * @param {boolean} isLog
 * @returns {{x: Axis, y: Axis | null, lines: {id: string, segments: [number, number][][]}[], leftOut: number}}
 */
export function curvePaths(curves, isLog) {
  const steps = curves.flatMap((curve) => curve.steps);
  const values = curves.flatMap((curve) => curve.values.map((value) => (value !== null && (!isLog || value > 0) ? value : null)));
  const x = rangeOf(steps, false);
  const y = rangeOf(values, isLog);
  let at = 0;
  let leftOut = 0;
  const xs = placesOn(x, valuesOf(steps));
  const ys = placesOn(y, valuesOf(values));
  const lines = curves.map((curve) => {
    /** @type {[number, number][][]} */
    const segments = [];
    /** @type {[number, number][]} */
    let open = [];
    for (let point = 0; point < curve.steps.length; point++, at++) {
      if (Number.isNaN(ys[at]) || Number.isNaN(xs[at])) {
        leftOut++;
        if (open.length > 0) segments.push(open);
        open = [];
      } else open.push([xs[at], ys[at]]);
    }
    if (open.length > 0) segments.push(open);
    return { id: curve.id, segments: segments.map(asLine) };
  });
  return { x, y: values.some((value) => value !== null) ? y : null, lines, leftOut };
}

/**
 * A single point is drawn as a line of no length, which round ends make visible.
 * @param {[number, number][]} points
 */
function asLine(points) {
  return points.length === 1 ? [points[0], points[0]] : points;
}

/** @param {(number | null)[]} numbers */
function valuesOf(numbers) {
  return { numbers, texts: numbers.map((number) => (number === null ? null : "")) };
}

/**
 * @param {(number | null)[]} numbers
 * @param {boolean} isLog
 * @returns {Axis}
 */
function rangeOf(numbers, isLog) {
  const axis = axisFor(valuesOf(numbers), { result: true });
  let { least, most } = axis;
  if (!Number.isFinite(least)) [least, most] = [0, 1];
  if (least === most) [least, most] = isLog ? [least / 2, most * 2] : [least - 0.5, most + 0.5];
  return { scale: isLog ? "log" : "linear", levels: [], least, most, hasMissing: axis.hasMissing };
}
