"""One HTML page with runs in it, that needs nothing else: no server, no file beside it, no request to anywhere.

Everything that comes from a run passes through ``safe``. Values are written by Python; the script only moves rows that are
there, and hides them. The page forbids itself every request.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator

from ..configs.html_style import STYLE
from ..records.change import MISSING
from .column_names import MANY_KEYS, MANY_RESULTS
from .formats.cell_text import number_of
from .formats.html_table import class_of, html_cell, safe
from .formats.run_html import run_html
from .grid import LABELS, TEXT, Grid
from .run_table import RunTable
from .stored.stored_run import StoredRun

MOST_ROWS = 100_000  #: of a table that nobody limited
MOST_DETAILED = 500  #: runs whose details a page then holds
_CELL_WIDTH = 80

_STYLE = """
:root { color-scheme: light dark; } body { margin: 1.5rem; }
.givens { font-size: 14px; } .givens h1 { font-size: 1.3rem; margin: 0; } .givens h2 { font-size: 1.1rem; margin: 1.2rem 0 .3rem; }
.givens h3 { font-size: 1rem; margin: .6rem 0 .1rem; }
.givens input { font: inherit; padding: .3rem .5rem; margin: 1rem 0 .5rem; width: min(30rem, 90%); }
#runs th { cursor: pointer; position: sticky; top: 0; background: Canvas; }
#runs th[aria-sort=ascending]::after { content: " \\2191"; } #runs th[aria-sort=descending]::after { content: " \\2193"; }
.givens details { border-bottom: 1px solid var(--line); padding: .3rem 0; } .givens summary { cursor: pointer; }
.givens details td, .givens pre { white-space: pre-wrap; overflow-wrap: anywhere; }
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


def table_page(table: RunTable, *, title: str, words: str) -> str:
    """The page of a table of runs, whole up to ``MOST_ROWS``, with the details of the first ``MOST_DETAILED``.

    Args:
        table: the runs, in their order, with their columns.
        title: what stands above.
        words: the filter, as a person would say it.
    """
    grid = table.grid(limit=MOST_ROWS, most_keys=MANY_KEYS, most_results=MANY_RESULTS)
    return export_page(grid, table[:MOST_DETAILED], title=title, words=words)


def export_page(
    grid: Grid, runs: Iterable[StoredRun], *, title: str, words: str, told: Callable[[int, int], None] | None = None
) -> str:
    """The page.

    Args:
        grid: the table of the runs; ``grid.ids`` leads from its rows to the details.
        runs: the runs themselves, for the details; where these are not all, the page says so.
        title: what stands above.
        words: the filter, as a person would say it.
        told: called with (runs done, runs to do).
    """
    details: dict[str, str] = {}
    for done, run in enumerate(runs, 1):
        details[run.id] = "\n".join(_details(run))
        if told is not None:
            told(done, len(grid.rows))
    shown = f"{grid.count_text or _count(len(grid.rows))}{f' where {safe(words)}' if words else ''}"
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
        "script-src 'unsafe-inline'\">",
        f'<title>{safe(title)}</title><style>{STYLE}{_STYLE}</style></head><body><div class="givens">',
        f"<h1>{safe(title)}</h1>",
        f"<p>{shown}</p>",
        f"<p>Written by givens, {time.strftime('%Y-%m-%d %H:%M')}.</p>",
        *(f"<p>{safe(note)}</p>" for note in grid.notes),
        '<label>Only rows with these words: <input id="filter" type="search" autocomplete="off"></label> ',
        '<span id="count" class="soft" aria-live="polite"></span>',
        *_table(grid, details),
        "<h2>Runs</h2>",
        f"<p>Details of {len(details)} of {len(grid.rows)} runs: those whose names are links.</p>"
        if len(details) < len(grid.rows)
        else "",
        *details.values(),
        f"</div><script>{_SCRIPT}</script>",
        "</body></html>",
        "",
    ]
    return "\n".join(parts)


def _count(number: int) -> str:
    return "1 run" if number == 1 else f"{number} runs"


def _table(grid: Grid, detailed: Collection[str]) -> Iterator[str]:
    right = frozenset(grid.right())
    heads = "".join(
        f"<th{class_of('n' if at in right else '')}>{safe(head)}</th>" for at, head in enumerate(grid.heads)
    )
    yield f'<div class="wide"><table id="runs"><thead><tr>{heads}</tr></thead><tbody>'
    names = [at for at, column in enumerate(grid.columns) if column.name in ("run.name", "run.id")]
    for row, cells in enumerate(grid.shown(limit=_CELL_WIDTH)):
        made = []
        is_detailed = bool(grid.ids) and grid.ids[row] in detailed
        for at, text in enumerate(cells):
            link = f"#run-{grid.ids[row]}" if at in names[:1] and is_detailed else ""
            made.append(html_cell(grid, row, at, text, right=at in right, link=link, more=_number(grid, row, at)))
        yield f"<tr>{''.join(made)}</tr>"
    yield "</tbody></table></div>"


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
    yield f'<details id="run-{safe(run.id)}"><summary><b>{safe(run.name)}</b> '
    yield f'<span class="state {safe(run.state)}">{safe(run.state)}</span></summary>'
    yield from run_html(run)
    yield "</details>"
