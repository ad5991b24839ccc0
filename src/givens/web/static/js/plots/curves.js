/** A metric of some runs over their steps. */

import { html, useMemo, useRef, useSignal } from "../framework.js";
import { ticksOf } from "../logic/axes.js";
import { KINDS } from "../logic/colours.js";
import { curvePaths } from "../logic/curve_paths.js";
import { useWidth } from "./surroundings.js";

/** @import { Curve } from "../wire.js" */

const LEFT = 58;
const RIGHT = 12;
const TOP = 8;
const BOTTOM = 40;
const HEIGHT = 300;
/** Colours come again after eight runs; the dashes then differ. */
const DASHES = ["", "6 3", "2 3", "10 3 2 3"];

/** @param {number} at */
const look = (at) => ({ stroke: KINDS[at % KINDS.length], dash: DASHES[Math.floor(at / KINDS.length) % DASHES.length] });

/** @param {{metric: string, curves: Curve[]}} props */
export function Curves({ metric, curves }) {
  const box = useRef(/** @type {HTMLElement | null} */ (null));
  const isLog = useSignal(false);
  const meant = useSignal("");
  const width = useWidth(box);
  const drawn = useMemo(() => curvePaths(curves, isLog.value), [curves, isLog.value]);
  const [right, bottom] = [width - RIGHT, HEIGHT - BOTTOM];
  const atX = (/** @type {number} */ place) => LEFT + place * (right - LEFT);
  const atY = (/** @type {number} */ place) => bottom - place * (bottom - TOP);
  return html`<figure class="curves">
    <div class="bar">
      <figcaption><b><bdi>${metric}</bdi></b></figcaption>
      <label><input type="checkbox" checked=${isLog.value} onChange=${() => (isLog.value = !isLog.value)} /> log scale</label>
      ${drawn.leftOut > 0 ? html`<span class="note">${drawn.leftOut} points that are not finite${isLog.value ? " or not above zero" : ""} are left out</span>` : null}
    </div>
    <div class="plot" ref=${box} style=${{ height: `${HEIGHT}px` }}>
      <svg width=${width} height=${HEIGHT} role="img" aria-label=${`${metric} over steps of ${curves.length} runs; the numbers stand in the list below`}>
        ${width === 0 || drawn.y === null
          ? null
          : html`
              ${ticksOf(drawn.y, 6).map(
                ({ place, text }) => html`<g key=${`y${text}`}>
                  <line class="guide" x1=${LEFT} x2=${right} y1=${atY(place)} y2=${atY(place)} />
                  <text class="tick" x=${LEFT - 6} y=${atY(place) + 4} text-anchor="end">${text}</text>
                </g>`,
              )}
              ${ticksOf(drawn.x, Math.max(2, Math.floor(width / 90))).map(
                ({ place, text }) => html`<text key=${`x${text}`} class="tick" x=${atX(place)} y=${bottom + 16} text-anchor="middle">${text}</text>`,
              )}
              <line class="axis" x1=${LEFT} x2=${right} y1=${bottom} y2=${bottom} />
              <text x=${(LEFT + right) / 2} y=${HEIGHT - 6} text-anchor="middle">step</text>
              ${drawn.lines.map(
                ({ id, segments }, at) => html`<path
                  key=${id}
                  d=${segments.map((points) => points.map(([x, y], first) => `${first === 0 ? "M" : "L"}${atX(x).toFixed(1)} ${atY(y).toFixed(1)}`).join("")).join("")}
                  fill="none"
                  stroke=${look(at).stroke}
                  stroke-dasharray=${look(at).dash}
                  stroke-width=${meant.value === id ? 3.5 : 1.8}
                  stroke-opacity=${meant.value === "" || meant.value === id ? 1 : 0.3}
                  stroke-linecap="round"
                />`,
              )}
            `}
      </svg>
    </div>
    <ul class="legend">
      ${curves.map(
        (curve, at) => html`<li key=${curve.id} onMouseEnter=${() => (meant.value = curve.id)} onMouseLeave=${() => (meant.value = "")}>
          <svg width="26" height="8" aria-hidden="true"><line x1="1" x2="25" y1="4" y2="4" stroke=${look(at).stroke} stroke-dasharray=${look(at).dash} stroke-width="3" /></svg>
          <a href=${curve.url} onFocus=${() => (meant.value = curve.id)} onBlur=${() => (meant.value = "")}><bdi>${curve.name}</bdi></a>
          <span class="note">${curve.said}</span>
        </li>`,
      )}
    </ul>
  </figure>`;
}
