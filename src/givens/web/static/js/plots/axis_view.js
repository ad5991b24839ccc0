/** One axis of parallel coordinates: its name, its ticks, its brush; by mouse and by keyboard. */

import { html, useRef } from "../framework.js";
import { ticksOf } from "../logic/axes.js";
import { nudged } from "../logic/brushing.js";

/** @import { Axis } from "../logic/axes.js" */
/** @import { Brush } from "../logic/brushing.js" */
/** @import { PlotColumn } from "../wire.js" */

const BRUSH_WIDTH = 26;
const MOST_TICK_CHARACTERS = 14;

/**
 * @typedef {object} AxisProps
 * @property {PlotColumn} column
 * @property {Axis} axis
 * @property {Brush | null} brush
 * @property {string} brushText what is brushed, in words; empty for nothing
 * @property {number} x
 * @property {number} top
 * @property {number} bottom
 * @property {number | null} missing where the runs pass that do not have it; null where all do
 * @property {number} room pixels to the next axis
 * @property {boolean} isColour
 * @property {(brush: Brush | null) => void} onBrush
 * @property {(by: number) => void} onMove places to the right
 * @property {() => void} onColour
 * @property {() => void} onLeave it is taken away
 */

/** @param {AxisProps} props */
export function AxisView({ column, axis, brush, brushText, x, top, bottom, missing, room, isColour, onBrush, onMove, onColour, onLeave }) {
  const height = bottom - top;
  const dragged = useRef(/** @type {{from: number, brush: Brush | null} | null} */ (null));
  const title = useRef(/** @type {number | null} */ (null));
  const placeOf = (/** @type {PointerEvent} */ event) => {
    const box = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    return Math.min(Math.max((box.bottom - event.clientY) / box.height, 0), 1);
  };

  /** @param {PointerEvent} event */
  function onDown(event) {
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    const place = placeOf(event);
    const isInside = brush !== null && place > brush.low && place < brush.high;
    dragged.current = { from: place, brush: isInside ? brush : null };
  }

  /** @param {PointerEvent} event */
  function onDrag(event) {
    if (dragged.current === null) return;
    const place = placeOf(event);
    const { from, brush: held } = dragged.current;
    if (held !== null) {
      const by = Math.min(Math.max(place - from, -held.low), 1 - held.high);
      onBrush({ low: held.low + by, high: held.high + by });
    } else if (Math.abs(place - from) * height > 3) {
      onBrush({ low: Math.min(from, place), high: Math.max(from, place) });
    }
  }

  /** @param {PointerEvent} event */
  function onUp(event) {
    if (dragged.current !== null && dragged.current.brush === null && Math.abs(placeOf(event) - dragged.current.from) * height <= 3) {
      onBrush(null);
    }
    dragged.current = null;
  }

  /** @param {KeyboardEvent} event */
  function onKeyDown(event) {
    const act = KEYS[event.key];
    if (act === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    act({ brush, onBrush, onMove, onLeave });
    // an axis that moved has left its place in the page, and with it the focus
    const button = /** @type {HTMLElement} */ (event.currentTarget);
    requestAnimationFrame(() => button.isConnected && button.focus());
  }

  /** @param {PointerEvent} event */
  function onTitleUp(event) {
    if (title.current === null) return;
    const by = Math.round((event.clientX - title.current) / room);
    if (by === 0 && Math.abs(event.clientX - title.current) < 4) onColour();
    else if (by !== 0) onMove(by);
    title.current = null;
  }

  const ticks = ticksOf(axis, Math.max(2, Math.floor(height / 26)), column.ticks);
  const scale = axis.scale === "ordinal" ? `${axis.levels.length} values` : `${axis.scale} scale`;
  const said = `${column.head}, ${scale}${brushText === "" ? "" : `, brushed: ${brushText}`}${isColour ? ", colours the lines" : ""}`;
  return html`<div class="axis-view" style=${{ left: `${x}px`, top: "0", height: `${bottom}px` }}>
    <button
      type="button"
      class=${isColour ? "axis-title colours" : "axis-title"}
      style=${{ maxWidth: `${Math.max(60, room - 8)}px` }}
      aria-label=${said}
      aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - Escape Delete"
      title=${`${column.name}: ${scale}. Click to colour by it, drag to move it. ← → move, ↑ ↓ + − brush, Esc clears, Del takes it away`}
      onKeyDown=${onKeyDown}
      onPointerDown=${(/** @type {PointerEvent} */ event) => {
        title.current = event.clientX;
        /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
      }}
      onPointerUp=${onTitleUp}
      onClick=${(/** @type {MouseEvent} */ event) => event.detail === 0 && onColour()}
    >
      <bdi>${column.head}</bdi>
    </button>
    <div
      class="axis-line"
      style=${{ top: `${top}px`, height: `${height}px` }}
      onPointerDown=${onDown}
      onPointerMove=${onDrag}
      onPointerUp=${onUp}
    >
      ${brush === null
        ? null
        : html`<div class="brush" style=${{ bottom: `${brush.low * 100}%`, height: `${(brush.high - brush.low) * 100}%`, width: `${BRUSH_WIDTH}px` }}></div>`}
    </div>
    ${ticks.map(
      ({ place, text }) =>
        html`<span key=${text} class="axis-tick" style=${{ top: `${bottom - place * height}px`, maxWidth: `${Math.max(40, room - 14)}px` }}
          ><bdi>${text.length > MOST_TICK_CHARACTERS ? `${text.slice(0, MOST_TICK_CHARACTERS - 1)}…` : text}</bdi></span
        >`,
    )}
    ${missing === null ? null : html`<span class="axis-tick absent" style=${{ top: `${missing}px` }}>missing</span>`}
  </div>`;
}

/**
 * @typedef {Pick<AxisProps, "brush" | "onBrush" | "onMove" | "onLeave">} Acts
 * @type {Record<string, (acts: Acts) => void>}
 */
const KEYS = {
  ArrowLeft: ({ onMove }) => onMove(-1),
  ArrowRight: ({ onMove }) => onMove(1),
  ArrowUp: ({ brush, onBrush }) => onBrush(nudged(brush, "up")),
  ArrowDown: ({ brush, onBrush }) => onBrush(nudged(brush, "down")),
  "+": ({ brush, onBrush }) => onBrush(nudged(brush, "grow")),
  "-": ({ brush, onBrush }) => onBrush(nudged(brush, "shrink")),
  Escape: ({ onBrush }) => onBrush(null),
  Delete: ({ onLeave }) => onLeave(),
};
