/** Parallel coordinates: an axis for each key that varies and for the metric, a line for each run. */

import { html, useEffect, useMemo, useRef } from "../framework.js";
import { axisFor, placesOn } from "../logic/axes.js";
import { brushFilter } from "../logic/brush_filter.js";
import { moved } from "../logic/brushing.js";
import { bucketsOf, scaleColours } from "../logic/colours.js";
import { AxisView } from "./axis_view.js";
import { drawFaint, drawKept, runAt } from "./parallel_canvas.js";
import { themed, useWidth } from "./surroundings.js";

/** @import { Brush } from "../logic/brushing.js" */
/** @import { PlotColumn, PlotData } from "../wire.js" */

const TOP = 34;
const HEIGHT = 330;
const SIDE = 60;
/** Axes stand at least so far apart; where there is less room, the plot scrolls. */
const LEAST_ROOM = 74;

/**
 * What is known of the axes of some columns.
 * @param {PlotColumn[]} columns
 */
export function axesOf(columns) {
  const axes = new Map();
  const places = new Map();
  for (const column of columns) {
    const axis = axisFor(column, { result: column.isResult });
    axes.set(column.name, axis);
    places.set(column.name, placesOn(axis, column));
  }
  return { axes, places };
}

/**
 * @typedef {object} ParallelProps
 * @property {PlotData} plot
 * @property {ReturnType<typeof axesOf>} known
 * @property {string[]} shown names of the axes, from left to right
 * @property {string} colour name of the column that colours the lines
 * @property {Map<string, Brush>} brushes
 * @property {Uint8Array} kept
 * @property {number} pointed the run that is pointed at elsewhere; -1 for none
 * @property {(at: number) => void} onPoint
 * @property {(at: number) => void} onPick a line was clicked
 * @property {(brushes: Map<string, Brush>) => void} onBrushes
 * @property {(shown: string[]) => void} onShown
 * @property {(colour: string) => void} onColour
 */

/** @param {ParallelProps} props */
export function Parallel(props) {
  const { plot, known, shown, colour, brushes, kept, pointed } = props;
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const below = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const above = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const space = useWidth(box);
  const theme = themed.value;

  const columns = shown.map((name) => plot.columns.find((column) => column.name === name)).filter((column) => column !== undefined);
  const names = columns.map((column) => column.name).join("\n");
  const width = space === 0 ? 0 : Math.max(space, 2 * SIDE + (columns.length - 1) * LEAST_ROOM);
  const room = columns.length < 2 ? 0 : (width - 2 * SIDE) / (columns.length - 1);
  const frame = useMemo(
    () => ({ width, height: HEIGHT, top: TOP, bottom: HEIGHT - 30, missing: HEIGHT - 10, xs: columns.map((_, at) => SIDE + at * room) }),
    [width, names],
  );
  const lines = useMemo(() => {
    const none = new Float32Array(plot.ids.length).fill(NaN);
    return {
      places: columns.map((column) => known.places.get(column.name) ?? none),
      buckets: bucketsOf(known.places.get(colour) ?? none),
      colours: scaleColours(theme.isDark),
      faint: theme.faint,
      plain: theme.accent,
    };
  }, [plot, known, names, colour, theme]);

  useEffect(() => {
    if (below.current && width > 0) drawFaint(below.current, frame, lines);
  }, [frame, lines]);
  useEffect(() => {
    if (above.current && width > 0) drawKept(above.current, frame, lines, kept, pointed);
  }, [frame, lines, kept, pointed]);

  /** @param {PointerEvent} event */
  const pointedAt = (event) => {
    const edge = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    return runAt(frame, lines, kept, event.clientX - edge.left, event.clientY - edge.top);
  };
  /** @param {string} name @param {Brush | null} brush */
  const onBrush = (name, brush) => {
    const next = new Map(brushes);
    if (brush === null) next.delete(name);
    else next.set(name, brush);
    props.onBrushes(next);
  };

  return html`<div class="plot parallel" ref=${box}><div
    class="parallel-inside"
    style=${{ height: `${HEIGHT}px`, width: `${width}px` }}
    onPointerMove=${(/** @type {PointerEvent} */ event) => event.buttons === 0 && props.onPoint(pointedAt(event))}
    onPointerLeave=${() => props.onPoint(-1)}
  >
    <canvas ref=${below} aria-hidden="true"></canvas>
    <canvas
      ref=${above}
      role="img"
      aria-label=${`parallel coordinates of ${plot.ids.length} runs over ${columns.map((column) => column.head).join(", ")}; the table below shows the same runs`}
      onClick=${(/** @type {PointerEvent} */ event) => {
        const at = pointedAt(event);
        if (at >= 0) props.onPick(at);
      }}
    ></canvas>
    ${columns.map((column, at) => {
      const axis = known.axes.get(column.name);
      const brush = brushes.get(column.name) ?? null;
      return html`<${AxisView}
        key=${column.name}
        column=${column}
        axis=${axis}
        brush=${brush}
        brushText=${brush === null ? "" : brushFilter(column.head, axis, brush)}
        x=${frame.xs[at]}
        top=${frame.top}
        bottom=${frame.bottom}
        missing=${axis.hasMissing ? frame.missing : null}
        room=${Math.max(room, 48)}
        isColour=${column.name === colour}
        onBrush=${(/** @type {Brush | null} */ next) => onBrush(column.name, next)}
        onMove=${(/** @type {number} */ by) => props.onShown(moved(columns.map((each) => each.name), at, by))}
        onColour=${() => props.onColour(column.name)}
        onLeave=${() => columns.length > 2 && props.onShown(columns.filter((each) => each !== column).map((each) => each.name))}
      />`;
    })}
  </div></div>`;
}
