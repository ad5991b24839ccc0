"""The picture of a plot for one HTML file that is taken away: drawn here, as SVG, since that file runs no script."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Any, NamedTuple

from ..api.page.plot_columns import PlotColumn, Plotted
from ..configs.explanation import one_line

_WIDTH, _HEIGHT = 1_000, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 930, 30, 390
_MOST_TICKS = 8
_MOST_FACETS, _ABREAST = 12, 2
_NAME = 24  #: characters of a name
#: of runs, of values that are few; and from the least to the greatest number
_KINDS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#7a5195")
_RAMP = ("#440154", "#414487", "#2a788e", "#22a884", "#7ad151")


class Axis(NamedTuple):
    """One column: its name, a place from 0 to 1 for each run or None, and what is written at which place."""

    name: str
    places: tuple[float | None, ...]
    ticks: tuple[tuple[float, str], ...]
    is_few: bool


def parallel_picture(found: Plotted) -> str:
    """Every column an axis, every run a line, coloured by the last column that is a result."""
    axes = [axis_of(column) for column in found.columns]
    if len(axes) < 2:
        return ""
    metric = next((at for at in reversed(range(len(axes))) if found.columns[at].about.scope == "summary"), -1)
    step = (_RIGHT - _LEFT) / (len(axes) - 1)
    parts = []
    for run in range(len(found.ids)):
        places = [(_LEFT + at * step, axis.places[run]) for at, axis in enumerate(axes)]
        parts.append(_line([(x, place) for x, place in places], _ramp(axes[metric].places[run]), 0.5))
    for at, axis in enumerate(axes):
        x = _LEFT + at * step
        parts.append(_text(x, 16, axis.name, "middle"))
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_BOTTOM}" stroke="#888"/>')
        parts += (_text(x + 4, _y(place) + 4, text) for place, text in axis.ticks)
    return _svg(parts, "parallel coordinates")


def scatter_picture(found: Plotted, x: str | None, y: str | None, colour: str | None, facet: str | None = None) -> str:
    """One column over another, in the colours of a third; a panel for each value of a fourth."""
    named = {column.about.column.name: column for column in found.columns}
    keys = [column for column in found.columns if column.about.scope == "config"]
    results = [column for column in found.columns if column.about.scope == "summary"]
    if not (keys or x in named) or not (results or y in named):
        return ""
    across, up = axis_of(named.get(x or "") or keys[0]), axis_of(named.get(y or "") or results[-1])
    by = named.get(colour or "")
    third = axis_of(by) if by is not None else None
    legend = [] if third is None else list(_legend(third.name, [(text, _ramp(place)) for place, text in third.ticks]))
    colour_of, said = _colouring(third), f"{up.name} over {across.name}"
    apart = named.get(facet or "")
    if apart is None:
        return _svg([*_dots(across, up, range(len(found.ids)), colour_of), *legend], said)
    panels = []
    facets, left_out = facets_of(apart)
    if left_out:
        legend.append(_text(_WIDTH - 10, 18, f"{left_out} more not shown", "end"))
    for level, runs in facets:
        title = _text((_LEFT + _RIGHT) / 2, 18, f"{apart.about.column.head} = {level}", "middle")
        panels.append("".join((*_dots(across, up, runs, colour_of), title)))
    return _in_rows(panels, legend, f"{said}, by {apart.about.column.head}")


def facets_of(column: PlotColumn) -> tuple[list[tuple[str, list[int]]], int]:
    """Each value of a column with its runs, in order; of very many values those with most runs, and how many are left out."""
    if column.levels is not None and column.texts is not None:
        levels: Sequence[str] = column.levels
        texts = [None if at < 0 else column.levels[at] for at in column.texts]
    else:
        levels, texts = (), [text or None for text in column.shown or ()]
    runs: dict[str, list[int]] = {}
    for run, text in enumerate(texts):
        if text is not None:
            runs.setdefault(text, []).append(run)
    largest = sorted(runs.items(), key=lambda facet: -len(facet[1]))[:_MOST_FACETS]
    order = {level: at for at, level in enumerate(levels)}
    return sorted(largest, key=lambda facet: order.get(facet[0], len(order))), len(runs) - len(largest)


def curves_picture(metric: str, runs: Sequence[dict[str, Any]]) -> str:
    """The courses of a metric, in the shape of ``/api/curves``."""
    lines = [
        [
            (at if step is None else step, value)
            for at, (step, value) in enumerate(zip(run["steps"], run["values"], strict=True))
        ]
        for run in runs
    ]
    values = [value for line in lines for _, value in line if value is not None]
    if not values:
        return ""
    across = _numbers("step", [step for line in lines for step, _ in line])
    up = _numbers(metric, values)
    parts = list(_frame(*(Axis(name, (), ticks, False) for name, _, ticks in (across, up))))
    for at, line in enumerate(lines):
        points = [(_x(across[1](step)), None if value is None else up[1](value)) for step, value in line]
        parts.append(_line(points, _KINDS[at % len(_KINDS)], 1))
    parts += _legend("", [(run["name"], _KINDS[at % len(_KINDS)]) for at, run in enumerate(runs[:_MOST_TICKS])])
    return _svg(parts, f"{metric} over steps")


def axis_of(column: PlotColumn) -> Axis:
    """A column as an axis: few values apart evenly, numbers by their size or its logarithm."""
    name = column.about.column.head
    if column.levels is not None and column.texts is not None:
        last = max(1, len(column.levels) - 1)
        ticks = [(at / last, text) for at, text in enumerate(column.levels)]
        if len(ticks) > 4 * _MOST_TICKS:
            ticks = ticks[:: len(ticks) // _MOST_TICKS]
        return Axis(name, tuple(None if at < 0 else at / last for at in column.texts), tuple(ticks), True)
    numbers = column.numbers or ()
    scaled = math.log10 if column.scale == "log" else float
    sizes = [scaled(number) for number in numbers if number is not None]
    least, most = min(sizes, default=0.0), max(sizes, default=1.0)

    def place(number: float) -> float:
        return (scaled(number) - least) / (most - least) if most > least else 0.5

    ticks = [(place(number), text) for number, text in column.ticks if column.scale != "log" or number > 0]
    within = tuple(tick for tick in ticks if -0.001 <= tick[0] <= 1.001)
    return Axis(name, tuple(None if number is None else place(number) for number in numbers), within, False)


def _numbers(name: str, values: list[float]) -> tuple[str, Callable[[float], float], tuple[tuple[float, str], ...]]:
    least, most = min(values), max(values)
    span = (most - least) or 1.0
    ticks = tuple((at / 4, f"{least + span * at / 4:.4g}") for at in range(5))
    return name, lambda value: (value - least) / span, ticks


def _dots(across: Axis, up: Axis, runs: Iterable[int], colour_of: Callable[[int], str]) -> Iterable[str]:
    """The frame of two axes and a dot a run."""
    yield from _frame(across, up)
    for run in runs:
        left, high = across.places[run], up.places[run]
        if left is not None and high is not None:
            yield f'<circle cx="{_x(left):.1f}" cy="{_y(high):.1f}" r="4" fill="{colour_of(run)}" opacity=".85"/>'


def _in_rows(panels: Sequence[str], legend: Sequence[str], said: str) -> str:
    """Panels side by side, each as large as fits, below the legend of all."""
    abreast = max(1, min(_ABREAST, len(panels)))
    size, above = 1 / abreast, 26 if legend else 0
    parts = list(legend)
    for at, panel in enumerate(panels):
        x, y = at % abreast * _WIDTH * size, above + at // abreast * _HEIGHT * size
        # texts of a half or third would be hard to read
        parts.append(
            f'<g transform="translate({x:.1f} {y:.1f}) scale({size:.4f})" font-size="{12 + 4 * abreast}">{panel}</g>'
        )
    rows = -(-len(panels) // abreast)
    return _svg(parts, said, height=above + rows * _HEIGHT * size)


def _colouring(axis: Axis | None) -> Callable[[int], str]:
    return (lambda run: _KINDS[0]) if axis is None else (lambda run: _ramp(axis.places[run]))


def _ramp(place: float | None) -> str:
    return "#999" if place is None else _RAMP[min(len(_RAMP) - 1, int(place * len(_RAMP)))]


def _x(place: float) -> float:
    return _LEFT + place * (_RIGHT - _LEFT)


def _y(place: float) -> float:
    return _BOTTOM - place * (_BOTTOM - _TOP)


def _line(points: Iterable[tuple[float, float | None]], colour: str, opacity: float) -> str:
    """A line through places; where one is missing it is broken."""
    moves, pen = [], "M"
    for x, place in points:
        if place is None:
            pen = "M"
        else:
            moves.append(f"{pen}{x:.1f} {_y(place):.1f}")
            pen = "L"
    return f'<path d="{"".join(moves)}" fill="none" stroke="{colour}" stroke-width="1.5" opacity="{opacity}"/>'


def _frame(across: Axis, up: Axis) -> Iterable[str]:
    yield f'<path d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="#888"/>'
    yield from (_text(_x(place), _BOTTOM + 18, text, "middle") for place, text in across.ticks)
    yield from (_text(_LEFT - 6, _y(place) + 4, text, "end") for place, text in up.ticks)
    yield _text((_LEFT + _RIGHT) / 2, _BOTTOM + 38, across.name, "middle")
    yield _text(_LEFT, 18, up.name, "middle")


def _legend(name: str, entries: Iterable[tuple[str, str]]) -> Iterable[str]:
    left = 150
    if name:
        yield _text(left, 18, name)
        left += 16 + 7 * min(len(name), _NAME)
    for text, colour in entries:
        yield f'<circle cx="{left}" cy="14" r="5" fill="{colour}"/>'
        yield _text(left + 9, 18, text)
        left += 30 + 7 * min(len(text), _NAME)


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    shown = one_line(text)
    cut = shown if len(shown) <= _NAME else f"{shown[: _NAME - 1]}…"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(cut)}</text>'


def _svg(parts: Iterable[str], said: str, height: float = _HEIGHT) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-label="{escape(one_line(said))}" font-size="12" '
        f'font-family="sans-serif"><rect width="{_WIDTH}" height="{height:.0f}" fill="#fff"/>{"".join(parts)}</svg>'
    )
