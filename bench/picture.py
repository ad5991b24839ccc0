"""The picture of the benchmarks: for each measurement, how many times as much as givens every tool needs.

SVG by hand, on a logarithmic axis, readable on a light and on a dark page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from spread import Spread, number
from table import TIMES, Row

#: what of the rows is drawn -> its heading
DRAWN = {
    "import, CPU over bare Python": "import",
    "config.lr ÷ SimpleNamespace.lr": "read config.lr",
    "set one key in a live run, CPU p50": "set one key in a live run, CPU",
    "set one key in a live run, wall p50": "set one key in a live run, wall",
    "init with 50 keys, first of a process, in a new store": "init with 50 keys, the first of a process",
    "script: init + 10 sets + finish, CPU over bare Python": "a whole script: init, 10 sets, finish, CPU",
    "runs a second, init + finish with 50 keys, one process": "runs of 50 keys a second, one process",
    "runs a second, init + finish with 50 keys, 8 processes": "runs of 50 keys a second, 8 processes",
    "size of each further run": "bytes on disk, each further run",
}
WIDTH, LEFT, RIGHT = 860, 150, 110
BAR, GAP, HEAD, TOP, BOTTOM = 13, 4, 30, 86, 34
FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif"
STYLE = f"""
  text {{ font: 12px {FONT}; fill: #1f2328; }}
  .title {{ font-size: 16px; font-weight: 600; }}
  .head {{ font-weight: 600; }}
  .quiet {{ fill: #59636e; }}
  .end {{ text-anchor: end; }}
  .mid {{ text-anchor: middle; }}
  .page {{ fill: #ffffff; }}
  .line {{ stroke: #d1d9e0; stroke-width: 1; }}
  .one {{ stroke: #1a7f37; stroke-width: 2; }}
  .kept {{ fill: #4c78a8; }}
  .late {{ fill: url(#late); stroke: #4c78a8; stroke-width: 1; }}
  .stripe {{ stroke: #4c78a8; stroke-width: 2; }}
  .better {{ fill: #bc4c00; font-weight: 600; }}
  @media (prefers-color-scheme: dark) {{
    text {{ fill: #e6edf3; }}
    .quiet {{ fill: #9198a1; }}
    .page {{ fill: #0d1117; }}
    .line {{ stroke: #30363d; }}
    .one {{ stroke: #3fb950; }}
    .kept {{ fill: #79a8d8; }}
    .late {{ stroke: #79a8d8; }}
    .stripe {{ stroke: #79a8d8; }}
    .better {{ fill: #f0883e; }}
  }}
"""


class _Axis:
    """Ratio -> place, logarithmic, over whole powers of ten."""

    def __init__(self, ratios: Sequence[float]) -> None:
        self.low = min(-1, math.floor(math.log10(min(ratios, default=1.0))))
        self.high = max(1, math.ceil(math.log10(max(ratios, default=1.0))))

    def x(self, ratio: float) -> float:
        share = (math.log10(ratio) - self.low) / (self.high - self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def marks(self) -> list[int]:
        return list(range(self.low, self.high + 1))


def picture(report: Any) -> str:
    """The text of the SVG."""
    rows = [row for row in report.rows() if row.what in DRAWN and row.ours is not None]
    drawn = [(row, sorted(_ratios(report, row), key=lambda pair: pair[1])) for row in rows]
    drawn = [(row, ratios) for row, ratios in drawn if ratios]
    axis = _Axis([ratio for _, ratios in drawn for _, ratio in ratios])
    parts: list[str] = []
    y = float(TOP)
    for row, ratios in drawn:
        parts.append(_text(16, y + 18, DRAWN[row.what], "head"))
        parts.append(_text(WIDTH - 12, y + 18, f"givens {number(row.ours.median)} {row.unit}".rstrip(), "quiet end"))
        y += HEAD
        for name, ratio in ratios:
            parts.append(_bar(report, row, name, ratio, axis, y))
            y += BAR + GAP
    height = y + BOTTOM
    return "\n".join([_head(height), *_grid(axis, y), *parts, *_foot(axis, y), "</svg>", ""])


def _ratios(report: Any, row: Row) -> list[tuple[str, float]]:
    peers = report.peers(row)
    found = [(name, row.ratio(name)) for name in peers if isinstance(row.measured.get(name), Spread)]
    return [(name, ratio) for name, ratio in found if ratio is not None and ratio > 0]


def _bar(report: Any, row: Row, name: str, ratio: float, axis: _Axis, y: float) -> str:
    begin, end = sorted((axis.x(1), axis.x(ratio)))
    late = report.named(name, row) != name
    measured = f"{row.cell(name)} {row.unit}".rstrip()
    box = f'<rect class="{"late" if late else "kept"}" x="{begin:.1f}" y="{y:.1f}" width="{max(end - begin, 1):.1f}" height="{BAR}"/>'
    said = f"{number(ratio)} {TIMES}" if ratio >= 1 else f"{number(1 / ratio)} {TIMES} less than givens"
    label = _text(max(end, axis.x(1)) + 6, y + 11, said, "better" if ratio < 0.95 else "quiet")
    title = f"<title>{escape(f'{report.named(name, row)}: {measured}')}</title>"
    return f"<g>{title}{_text(LEFT - 8, y + 11, name, 'end')}{box}{label}</g>"


def _head(height: float) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" width="{WIDTH}" height="{height:.0f}"'
        ' role="img" aria-labelledby="name">\n'
        '<title id="name">How many times as much as givens other tools need</title>\n'
        f"<style>{STYLE}</style>\n"
        '<defs><pattern id="late" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="stripe" d="M 0 0 V 6"/></pattern></defs>\n'
        f'<rect class="page" width="{WIDTH}" height="{height:.0f}" rx="8"/>\n'
        + "\n".join(
            [
                _text(16, 28, "How many times as much as givens other tools need", "title"),
                f'<rect class="kept" x="16" y="44" width="22" height="{BAR}"/>',
                _text(44, 55, "on disk when the call returns, or nothing to keep", "quiet"),
                f'<rect class="late" x="346" y="44" width="22" height="{BAR}"/>',
                _text(374, 55, "not durable: on disk later, or after a kill never", "quiet"),
                _text(
                    16,
                    76,
                    "of time or of bytes; of a rate, the part in so many; the green line is givens",
                    "quiet",
                ),
            ]
        )
    )


def _grid(axis: _Axis, y: float) -> list[str]:
    return [f'<path class="line" d="M {axis.x(10.0**mark):.1f} {TOP + 24} V {y + 4:.1f}"/>' for mark in axis.marks()]


def _foot(axis: _Axis, y: float) -> list[str]:
    x = axis.x(1)
    marks = [_text(axis.x(10.0**mark), y + 20, f"{10.0**mark:,g} {TIMES}", "quiet mid") for mark in axis.marks()]
    return [f'<path class="one" d="M {x:.1f} {TOP + 24} V {y + 4:.1f}"/>', *marks]


def _text(x: float, y: float, said: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(said)}</text>'
