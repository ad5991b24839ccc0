"""One run as HTML: what is known of it, its configuration with origins, its results, its error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...configs.explanation import explain_section, local_time, shown_value
from ...configs.html_style import framed
from ...keys import format_path
from ...records.change import MISSING
from ...records.durations import duration_text
from .html_table import safe

if TYPE_CHECKING:
    from ..stored.stored_run import StoredRun

_VALUE_WIDTH = 500
_NOTEBOOK_VALUE_WIDTH = 120
_NOTEBOOK_KEYS = 200


def notebook_run(run: StoredRun) -> str:
    """A run for a notebook: its name and state above what there is of it, very many keys cut."""
    state = f'<span class="state {safe(run.state)}">{safe(run.state)}</span>'
    title = f'<div class="title">{safe(run.name)} &nbsp; {state}</div>'
    return framed(title, *run_html(run, width=_NOTEBOOK_VALUE_WIDTH, most=_NOTEBOOK_KEYS))


def run_html(run: StoredRun, *, width: int = _VALUE_WIDTH, most: int | None = None) -> Iterator[str]:
    """The tables of a run.

    Args:
        run: which.
        width: characters of a value at most.
        most: keys at most; how many more there are is said.
    """
    yield "<table>"
    yield from (f'<tr><td class="soft">{name}</td><td>{safe(fact)}</td></tr>' for name, fact in _facts(run))
    yield "</table>"
    leaves = explain_section(run.folded.state, ()).inside
    if leaves:
        yield "<h3>config</h3><table>"
        for leaf in leaves[:most]:
            note = f"; {leaf.description}" if leaf.description else ""
            key, value = safe(format_path(leaf.path)), safe(shown_value(leaf.value, width))
            origin = safe(f"{leaf.origin or 'unknown'}{note}")
            yield f'<tr><td>{key}</td><td class="v">{value}</td><td class="soft">{origin}</td></tr>'
        yield "</table>"
        if most is not None and len(leaves) > most:
            yield f"<p>{len(leaves) - most} more keys</p>"
    results = run.folded.state.results
    if results:
        yield "<h3>results</h3><table><tr><th></th><th>last</th><th>min</th><th>max</th></tr>"
        for name, found in results.items():
            ends = ["" if end is None else shown_value(end) for end in (found.min, found.max)]
            last = "" if found.last is MISSING else shown_value(found.last, width)
            cells = "".join(f'<td class="v">{safe(cell)}</td>' for cell in (last, *ends))
            yield f"<tr><td>{safe(name)}</td>{cells}</tr>"
        yield "</table>"
    if run.error:
        lines = "\n".join(map(safe, run.error.rstrip().splitlines()))
        yield f"<h3>error</h3><pre>{lines}</pre>"


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
