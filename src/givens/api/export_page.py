"""One HTML page with runs in it, that needs nothing else: no server, no file beside it, no request to anywhere.

Everything that comes from a run passes through ``_safe``. Values are written by Python; the script only moves rows that are
there, and hides them. The page forbids itself every request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from html import escape

from ..configs.explanation import explain_section, local_time, one_line, shown_value
from ..keys import format_path
from ..records.change import MISSING
from ..records.durations import duration_text
from .formats.cell_text import number_of
from .formats.plain_text import mark_of
from .grid import LABELS, TEXT, Grid
from .stored.stored_run import StoredRun

_VALUE_WIDTH = 500
_CELL_WIDTH = 80

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --dim: #888; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; }
h1 { font-size: 1.3rem; margin: 0; } p { margin: .2rem 0; } .dim { color: var(--dim); }
input { font: inherit; padding: .3rem .5rem; margin: 1rem 0 .5rem; width: min(30rem, 90%); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .2rem .7rem; border-bottom: 1px solid var(--line); white-space: pre; vertical-align: top; }
th.n, td.n { text-align: right; } #runs th { cursor: pointer; position: sticky; top: 0; background: Canvas; }
#runs th[aria-sort=ascending]::after { content: " \\2191"; } #runs th[aria-sort=descending]::after { content: " \\2193"; }
details { border-bottom: 1px solid var(--line); padding: .3rem 0; } summary { cursor: pointer; }
details td { white-space: pre-wrap; overflow-wrap: anywhere; } h3 { font-size: 1rem; margin: .6rem 0 .1rem; }
.failed, .lost { color: #c33; } .running { color: #28c; } pre { white-space: pre-wrap; }
"""

_SCRIPT = """
"use strict";
const table = document.getElementById("runs"), body = table.tBodies[0], heads = [...table.tHead.rows[0].cells];
const key = (row, at) => {
  const cell = row.cells[at], number = cell.dataset.n;
  return number !== undefined ? [0, Number(number)] : cell.textContent ? [1, cell.textContent] : [2, ""];
};
const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const sort = (at) => {
  const up = heads[at].getAttribute("aria-sort") !== "ascending";
  heads.forEach((head) => head.removeAttribute("aria-sort"));
  heads[at].setAttribute("aria-sort", up ? "ascending" : "descending");
  const rows = [...body.rows].map((row) => [key(row, at), row]);
  rows.sort(([a], [b]) => before(a[0], b[0]) || (up ? before(a[1], b[1]) : before(b[1], a[1])));
  body.append(...rows.map(([, row]) => row));
};
heads.forEach((head, at) => {
  head.tabIndex = 0;
  head.addEventListener("click", () => sort(at));
  head.addEventListener("keydown", (event) => { if (event.key === "Enter") sort(at); });
});
const box = document.getElementById("filter"), count = document.getElementById("count");
box.addEventListener("input", () => {
  const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const row of body.rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  count.textContent = words.length ? `${shown} of ${body.rows.length}` : "";
});
const open = () => {
  const found = document.getElementById(location.hash.slice(1));
  if (found && found.tagName === "DETAILS") { found.open = true; found.scrollIntoView(); }
};
addEventListener("hashchange", open);
open();
"""


def export_page(
    grid: Grid, runs: Iterable[StoredRun], *, title: str, words: str, told: Callable[[int, int], None] | None = None
) -> str:
    """The page.

    Args:
        grid: the table of the runs; ``grid.ids`` leads from its rows to the details.
        runs: the runs themselves, for the details.
        title: what stands above.
        words: the filter, as a person would say it.
        told: called with (runs done, runs to do).
    """
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">",
        f"<title>{_safe(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{_safe(title)}</h1>",
        f"<p>{_count(len(grid.rows))} where {_safe(words)}</p>" if words else f"<p>{_count(len(grid.rows))}</p>",
        f'<p class="dim">Written by givens, {time.strftime("%Y-%m-%d %H:%M")}.</p>',
        *(f'<p class="dim">{_safe(note)}</p>' for note in grid.notes),
        '<label>Only rows with these words: <input id="filter" type="search" autocomplete="off"></label> ',
        '<span id="count" class="dim" aria-live="polite"></span>',
        *_table(grid),
        "<h2>Runs</h2>",
    ]
    for done, run in enumerate(runs, 1):
        parts += _details(run)
        if told is not None:
            told(done, len(grid.rows))
    parts += [f"<script>{_SCRIPT}</script>", "</body></html>", ""]
    return "\n".join(parts)


def _count(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"


def _safe(text: object) -> str:
    return escape(one_line(text))


def _table(grid: Grid) -> Iterator[str]:
    right = frozenset(grid.right())
    heads = "".join(f"<th{_right(at in right)}>{_safe(head)}</th>" for at, head in enumerate(grid.heads))
    yield f'<div class="wide"><table id="runs"><thead><tr>{heads}</tr></thead><tbody>'
    names = [at for at, column in enumerate(grid.columns) if column.name in ("run.name", "run.id")]
    for row, cells in enumerate(grid.shown(limit=_CELL_WIDTH)):
        made = []
        for at, text in enumerate(cells):
            inner = _safe(text + mark_of(grid, row, at).replace("*", ""))
            if (row, at) in grid.best:
                inner = f"<strong>{inner}</strong>"
            if at in names[:1] and grid.ids:
                inner = f'<a href="#run-{_safe(grid.ids[row])}">{inner}</a>'
            made.append(f"<td{_right(at in right)}{_number(grid, row, at)}>{inner}</td>")
        yield f"<tr>{''.join(made)}</tr>"
    yield "</tbody></table></div>"


def _right(to_right: bool) -> str:
    return ' class="n"' if to_right else ""


def _number(grid: Grid, row: int, at: int) -> str:
    """What a cell is sorted by, where it is a number; NaN stays a text."""
    kind, cell = grid.columns[at].kind, grid.rows[row][at]
    number = None if cell is MISSING or kind in (TEXT, LABELS) else number_of(cell)
    if number is None or number != number:
        return ""
    try:
        return f' data-n="{float(number)!r}"'.replace("inf", "Infinity")
    except OverflowError:  # an int beyond any float
        return f' data-n="{"-" if number < 0 else ""}Infinity"'


def _details(run: StoredRun) -> Iterator[str]:
    yield f'<details id="run-{_safe(run.id)}"><summary><b>{_safe(run.name)}</b> '
    yield f'<span class="{_safe(run.state)}">{_safe(run.state)}</span></summary>'
    yield "<table>"
    yield from (f"<tr><td>{_safe(name)}</td><td>{_safe(fact)}</td></tr>" for name, fact in _facts(run))
    yield "</table>"
    leaves = explain_section(run.folded.state, ()).inside
    if leaves:
        yield "<h3>config</h3><table>"
        for leaf in leaves:
            note = f"; {leaf.description}" if leaf.description else ""
            cells = (format_path(leaf.path), shown_value(leaf.value, _VALUE_WIDTH), f"{leaf.origin or 'unknown'}{note}")
            yield f'<tr><td>{_safe(cells[0])}</td><td>{_safe(cells[1])}</td><td class="dim">{_safe(cells[2])}</td></tr>'
        yield "</table>"
    results = run.folded.state.results
    if results:
        yield "<h3>results</h3><table><tr><th></th><th>last</th><th>min</th><th>max</th></tr>"
        for name, found in results.items():
            ends = ["" if end is None else shown_value(end) for end in (found.min, found.max)]
            last = "" if found.last is MISSING else shown_value(found.last, _VALUE_WIDTH)
            shown = "".join(f"<td>{_safe(cell)}</td>" for cell in (name, last, *ends))
            yield f"<tr>{shown}</tr>"
        yield "</table>"
    if run.error:
        lines = "\n".join(map(_safe, run.error.rstrip().splitlines()))
        yield f"<h3>error</h3><pre>{lines}</pre>"
    yield "</details>"


def _facts(run: StoredRun) -> Iterator[tuple[str, str]]:
    start = run.folded.state.start or {}
    took = "" if run.duration_s is None else f", took {duration_text(run.duration_s)}"
    dirty = ", with uncommitted changes" if run.git.dirty else ""
    facts = {
        "id": run.id,
        "project": run.project,
        "group": run.group,
        "tags": ", ".join(run.tags),
        "notes": run.notes,
        "created": f"{local_time(str(start.get('t', '')))}{took}",
        "command": run.command,
        "code": f"{run.git.commit}{dirty}" if run.git.commit else None,
        "python": run.python,
        "host": run.host,
        "exit code": None if run.exit_code is None else str(run.exit_code),
        "fingerprint": run.fingerprint,
    }
    return ((name, fact) for name, fact in facts.items() if fact)
