/** How one column goes with another: a point for each run, in the colour of a third column, parted by a fourth. */

import { html, useEffect, useMemo, useRef, useSignal } from "../framework.js";
import { ticksOf } from "../logic/axes.js";
import { BUCKETS, KINDS, bucketsOf, scaleColours } from "../logic/colours.js";
import { facetsOf } from "../logic/facets.js";
import { sized } from "./parallel_canvas.js";
import { themed, useWidth } from "./surroundings.js";

/** @import { PlotColumn, PlotData } from "../wire.js" */
/** @import { Axis } from "../logic/axes.js" */

const LEFT = 58;
const BOTTOM = 40;
const TOP = 8;
const RIGHT = 12;
const REACH = 8;

/**
 * The colour of each run, and what the colours mean.
 * @param {PlotColumn | undefined} column
 * @param {{axes: Map<string, Axis>, places: Map<string, Float32Array>}} known
 * @param {import("./surroundings.js").Theme} theme
 */
export function colouring(column, known, theme) {
  if (column === undefined) return { of: () => theme.accent, legend: [] };
  const axis = /** @type {Axis} */ (known.axes.get(column.name));
  const places = /** @type {Float32Array} */ (known.places.get(column.name));
  const isKinds = axis.scale === "ordinal" && axis.levels.length <= KINDS.length && column.numbers.every((number) => number === null);
  if (isKinds) {
    const levels = new Map(axis.levels.map((level, at) => [level, KINDS[at]]));
    return {
      of: (/** @type {number} */ run) => levels.get(column.texts[run] ?? "") ?? theme.soft,
      legend: axis.levels.map((text) => ({ text, colour: /** @type {string} */ (levels.get(text)) })),
    };
  }
  const colours = scaleColours(theme.isDark);
  const buckets = bucketsOf(places);
  return {
    of: (/** @type {number} */ run) => (buckets[run] < 0 ? theme.soft : colours[buckets[run]]),
    legend: ticksOf(axis, 6).map(({ place, text }) => ({ text, colour: colours[Math.min(BUCKETS - 1, Math.max(0, Math.floor(place * BUCKETS)))] })),
  };
}

/**
 * @typedef {object} ScatterProps
 * @property {PlotData} plot
 * @property {{axes: Map<string, Axis>, places: Map<string, Float32Array>}} known
 * @property {string} x
 * @property {string} y
 * @property {string} colour
 * @property {string} facet
 * @property {Uint8Array} kept
 * @property {number} pointed
 * @property {(at: number) => void} onPoint
 * @property {(at: number) => void} onPick
 */

/** @param {ScatterProps} props */
export function Scatter(props) {
  const { plot, known, colour, facet } = props;
  const theme = themed.value;
  const column = (/** @type {string} */ name) => plot.columns.find((each) => each.name === name);
  const by = column(facet);
  const { facets, leftOut } = useMemo(
    () => facetsOf(known.axes.get(facet)?.levels ?? [], by === undefined ? null : by.texts, plot.ids.length),
    [plot, facet],
  );
  const colours = useMemo(() => colouring(column(colour), known, theme), [plot, known, colour, theme]);
  return html`<div>
    ${colours.legend.length === 0
      ? null
      : html`<ul class="legend">
          <li><b><bdi>${column(colour)?.head}</bdi></b></li>
          ${colours.legend.map(
            ({ text, colour: of }) => html`<li key=${text}><span class="dot" style=${{ background: of }}></span><bdi class="value">${text}</bdi></li>`,
          )}
        </ul>`}
    <div class=${facets.length > 1 ? "facets" : ""}>
      ${facets.map(
        ({ level, runs }) => html`<figure key=${level}>
          ${by === undefined ? null : html`<figcaption><bdi>${by.head} = ${level}</bdi> <span class="note">${runs.length} runs</span></figcaption>`}
          <${Panel} ...${props} runs=${runs} colourOf=${colours.of} theme=${theme} height=${facets.length > 1 ? 240 : 400} label=${by === undefined ? "" : `${by.head} = ${level}, `} />
        </figure>`,
      )}
    </div>
    ${leftOut > 0 ? html`<p class="note">${leftOut} more values of ${by?.head} are not shown: these are the ${facets.length} with most runs</p>` : null}
  </div>`;
}

/** @param {ScatterProps & {runs: number[], colourOf: (run: number) => string, theme: import("./surroundings.js").Theme, height: number, label: string}} props */
function Panel(props) {
  const { plot, known, x, y, runs, kept, pointed, colourOf, theme, height, label } = props;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const tip = useSignal(/** @type {{run: number, left: number, top: number} | null} */ (null));
  const width = useWidth(box);
  const right = width - RIGHT;
  const bottom = height - BOTTOM;
  const xs = known.places.get(x);
  const ys = known.places.get(y);
  const atX = (/** @type {number} */ place) => LEFT + 14 + place * (right - LEFT - 28);
  const atY = (/** @type {number} */ place) => bottom - 10 - place * (bottom - TOP - 20);
  const [spreadX, spreadY] = [spreadOf(known.axes.get(x), right - LEFT), spreadOf(known.axes.get(y), bottom - TOP)];
  const pointX = (/** @type {number} */ run) => atX(xs?.[run] ?? NaN) + spreadX * shake(run);
  const pointY = (/** @type {number} */ run) => atY(ys?.[run] ?? NaN) + spreadY * shake(run + 7919);

  useEffect(() => {
    if (canvas.current === null || width === 0 || xs === undefined || ys === undefined) return;
    const pen = sized(canvas.current, { width, height });
    const size = runs.length > 2000 ? 2 : runs.length > 300 ? 3 : 4;
    pen.globalAlpha = runs.length > 2000 ? 0.55 : 0.85;
    for (const run of runs) {
      if (!kept[run] || xs[run] !== xs[run] || ys[run] !== ys[run]) continue;
      pen.fillStyle = colourOf(run);
      pen.beginPath();
      pen.arc(pointX(run), pointY(run), size, 0, 2 * Math.PI);
      pen.fill();
    }
    pen.globalAlpha = 1;
    if (pointed >= 0 && xs[pointed] === xs[pointed] && ys[pointed] === ys[pointed] && runs.includes(pointed)) {
      pen.strokeStyle = theme.ink;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(pointX(pointed), pointY(pointed), size + 4, 0, 2 * Math.PI);
      pen.stroke();
    }
  }, [width, height, plot, known, x, y, runs, kept, pointed, colourOf, theme]);

  /** @param {PointerEvent} event */
  function nearest(event) {
    const edge = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const [left, top] = [event.clientX - edge.left, event.clientY - edge.top];
    let found = -1;
    let distance = REACH;
    for (const run of runs) {
      if (!kept[run]) continue;
      const away = Math.hypot(pointX(run) - left, pointY(run) - top);
      if (away < distance) [found, distance] = [run, away];
    }
    tip.value = found < 0 ? null : { run: found, left, top };
    props.onPoint(found);
    return found;
  }

  const columns = [x, y, props.colour].map((name) => plot.columns.find((each) => each.name === name)).filter((each) => each !== undefined);
  const shown = tip.value;
  return html`<div
    class="plot scatter"
    ref=${box}
    style=${{ height: `${height}px` }}
    onPointerMove=${nearest}
    onPointerLeave=${() => ((tip.value = null), props.onPoint(-1))}
  >
    <${Frame} known=${known} x=${x} y=${y} plot=${plot} width=${width} height=${height} bottom=${bottom} right=${right} atX=${atX} atY=${atY} />
    <canvas
      ref=${canvas}
      role="img"
      aria-label=${`${label}${runs.length} runs: ${columns[1]?.head} over ${columns[0]?.head}; the table below shows the same runs`}
      onClick=${(/** @type {PointerEvent} */ event) => {
        const run = nearest(event);
        if (run >= 0) props.onPick(run);
      }}
    ></canvas>
    ${shown === null
      ? null
      : html`<div class="tip" style=${shown.left > width / 2 ? { right: `${width - shown.left + 12}px`, top: `${shown.top + 12}px` } : { left: `${shown.left + 12}px`, top: `${shown.top + 12}px` }}>
          <b><bdi>${plot.names[shown.run]}</bdi></b>
          <dl>
            ${[...new Set(columns)].map((each) => html`<dt><bdi>${each.head}</bdi></dt><dd><bdi>${each.texts[shown.run] ?? "missing"}</bdi></dd>`)}
          </dl>
        </div>`}
  </div>`;
}

/**
 * How far points of one level may stand apart, so that they do not hide each other; nothing on a range, where a place is a number.
 * @param {Axis | undefined} axis
 * @param {number} length
 */
function spreadOf(axis, length) {
  if (axis === undefined || axis.scale !== "ordinal") return 0;
  return Math.min(16, length / (3 * Math.max(1, axis.levels.length)));
}

/**
 * Between -1 and 1, the same for a run every time.
 * @param {number} run
 */
function shake(run) {
  const part = Math.sin(run * 12.9898) * 43758.5453;
  return 2 * (part - Math.floor(part)) - 1;
}

/** @param {any} props */
function Frame({ known, x, y, plot, width, height, bottom, right, atX, atY }) {
  const columns = [x, y].map((name) => plot.columns.find((/** @type {PlotColumn} */ each) => each.name === name));
  const heads = columns.map((each) => each?.head ?? "");
  const ticks = columns.map((each) => each?.ticks ?? []);
  const [alongX, alongY] = [known.axes.get(x), known.axes.get(y)];
  if (alongX === undefined || alongY === undefined || width === 0) return null;
  return html`<svg width=${width} height=${height} aria-hidden="true" class="frame">
    ${ticksOf(alongY, Math.floor(height / 45), ticks[1]).map(
      ({ place, text }) => html`<g key=${text}>
        <line class="guide" x1=${LEFT} x2=${right} y1=${atY(place)} y2=${atY(place)} />
        <text class="tick" x=${LEFT - 6} y=${atY(place) + 4} text-anchor="end">${short(text)}</text>
      </g>`,
    )}
    ${ticksOf(alongX, Math.max(2, Math.floor(width / 80)), ticks[0]).map(
      ({ place, text }) => html`<g key=${text}>
        <line class="guide" x1=${atX(place)} x2=${atX(place)} y1=${TOP} y2=${bottom} />
        <text class="tick" x=${atX(place)} y=${bottom + 16} text-anchor="middle">${short(text)}</text>
      </g>`,
    )}
    <line class="axis" x1=${LEFT} x2=${right} y1=${bottom} y2=${bottom} />
    <line class="axis" x1=${LEFT} x2=${LEFT} y1=${TOP} y2=${bottom} />
    <text x=${(LEFT + right) / 2} y=${height - 6} text-anchor="middle">${heads[0]}${alongX.scale === "log" ? " (log)" : ""}</text>
    <text transform=${`translate(12 ${(TOP + bottom) / 2}) rotate(-90)`} text-anchor="middle">${heads[1]}${alongY.scale === "log" ? " (log)" : ""}</text>
  </svg>`;
}

/** @param {string} text */
function short(text) {
  return text.length > 12 ? `${text.slice(0, 11)}…` : text;
}
