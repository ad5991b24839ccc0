/** What is brushed, in the words of the filter language, so that a server or a colleague can be asked for the same runs. */

/** @import { Axis } from "./axes.js" */
/** @import { Brush } from "./brushing.js" */

/**
 * @param {string} name of the axis, as the filter language writes it
 * @param {Axis} axis
 * @param {Brush} brush
 * @returns {string}
 */
export function brushFilter(name, axis, { low, high }) {
  if (axis.scale === "ordinal") {
    const levels = axis.levels.filter((_, at) => {
      const place = axis.levels.length < 2 ? 0.5 : at / (axis.levels.length - 1);
      return place >= low - 1e-6 && place <= high + 1e-6;
    });
    if (levels.length === 0) return "";
    const literals = levels.map(literal);
    return literals.length === 1 ? `${name} == ${literals[0]}` : `${name} in [${literals.join(", ")}]`;
  }
  const parts = [];
  if (low > 0) parts.push(`${name} >= ${bound(axis, low)}`);
  if (high < 1) parts.push(`${name} <= ${bound(axis, high)}`);
  return parts.join(" and ");
}

const AS_IT_STANDS = /^(?:True|False|None|[+-]?(?:nan|inf|\d[\d_]*(?:\.\d*)?(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|['"[({].*)$/s;

/**
 * A value for a filter. The server shows text without quotes where it could be read as nothing else.
 * @param {string} shown
 */
export function literal(shown) {
  return AS_IT_STANDS.test(shown) ? shown : JSON.stringify(shown);
}

/**
 * All brushes together, with the filter there is.
 * @param {string} asked
 * @param {Map<string, Brush>} brushes
 * @param {Map<string, Axis>} axes
 */
export function brushedFilter(asked, brushes, axes) {
  const parts = [];
  for (const [name, brush] of brushes) {
    const axis = axes.get(name);
    const part = axis === undefined ? "" : brushFilter(name, axis, brush);
    if (part !== "") parts.push(part);
  }
  if (asked.trim() === "") return parts.join(" and ");
  return parts.length === 0 ? asked : [/\bor\b/.test(asked) ? `(${asked})` : asked, ...parts].join(" and ");
}

/**
 * The number at a place of an axis, with as many digits as a brush can mean.
 * @param {Axis} axis
 * @param {number} place
 */
export function bound(axis, place) {
  const { least, most } = axis;
  const number = axis.scale === "log" ? least * (most / least) ** place : least + (most - least) * place;
  return String(Number(number.toPrecision(4)));
}
