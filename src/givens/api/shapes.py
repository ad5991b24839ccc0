"""The JSON shapes that ``--json`` prints, and that the page will. One function a shape; keys are only ever added.

* value: null where there is none, else ``{"value": encoded, "shown": text}``. ``value`` is the typed form that the
  journal holds (``{"~": "tuple", "v": […]}``); ``shown`` is how Python would write it.
* path: text in the grammar of key paths.
* times: UTC, as in the journal; durations end in ``_s`` and are seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..configs.comparison import Row
from ..configs.explanation import Explanation, explain_section, shown_value
from ..keys import format_path
from ..records.change import MISSING, Change
from ..records.encoded import lift
from ..records.origin import Origin

if TYPE_CHECKING:
    from .difference import Diff
    from .stored.stored_run import StoredRun


def value_json(value: Any) -> dict[str, Any] | None:
    """A value, or null for none at all."""
    return None if value is MISSING else {"value": lift(value), "shown": shown_value(value)}


def origin_json(origin: Origin | None) -> dict[str, Any] | None:
    """``{"kind", "file", "line", …, "shown"}``; members that say nothing are left out."""
    return None if origin is None else {**origin.to_json(), "shown": str(origin)}


def change_json(change: Change) -> dict[str, Any]:
    """``{"path", "action", "old", "new", "origin", "at", "writer", "n", "settled", "owner", "below"}``."""
    return {
        "path": format_path(change.path),
        "action": change.action,
        "old": value_json(change.old),
        "new": value_json(change.new),
        "origin": origin_json(change.origin),
        "at": change.at,
        "writer": change.writer,
        "n": change.n,
        "settled": change.settled,
        "owner": change.owner,
        "below": None if change.below is None else format_path(change.below),
    }


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """``{"path", "value", "origin", "description", "locked_by", "lossy", "edited", "changes", "inside"}``; newest first."""
    return {
        "path": format_path(explanation.path),
        "value": value_json(explanation.value),
        "origin": origin_json(explanation.origin),
        "description": explanation.description,
        "locked_by": explanation.locked_by,
        "lossy": explanation.lossy,
        "edited": explanation.edited,
        "changes": [change_json(change) for change in explanation.changes],
        "inside": [explanation_json(inner) for inner in explanation.inside],
        "earlier_session": explanation.earlier_session,
    }


def run_json(run: StoredRun) -> dict[str, Any]:
    """One run in a list: identity, state, times, ``config`` (path -> value), ``summary`` (name -> value), what was edited."""
    config = explain_section(run.folded.state, ())
    results = run.folded.state.results
    return {
        "id": run.id,
        "name": run.name,
        "project": run.project,
        "group": run.group,
        "job_type": run.job_type,
        "tags": list(run.tags),
        "notes": run.notes,
        "state": run.state,
        "alive": run.status.alive,
        "silent_s": run.status.silent_s,
        "job": run.job,
        "created_at": run.folded.state.start["t"] if run.folded.state.start else None,
        "duration_s": run.duration_s,
        "config": {format_path(leaf.path): value_json(leaf.value) for leaf in config.inside},
        "summary": {name: value_json(found.last) for name, found in results.items() if found.last is not MISSING},
        "edited": list(run.edited),
        "problems": list(run.problems),
    }


#: of the surroundings file's first line, which is about that file
_OWN_FILE = frozenset(("format", "writer", "role"))


def full_run_json(run: StoredRun) -> dict[str, Any]:
    """``run_json`` and everything else of one run: origins, extremes, surroundings, children, files."""
    state = run.folded.state
    git = run.git
    return {
        **run_json(run),
        "keys": [explanation_json(leaf) for leaf in explain_section(state, ()).inside],
        "results": {
            name: {
                "last": value_json(found.last),
                "last_step": found.last_step,
                "min": found.min,
                "min_step": found.min_step,
                "max": found.max,
                "max_step": found.max_step,
                "count": found.count,
            }
            for name, found in state.results.items()
        },
        "fingerprint": run.fingerprint,
        "exit_code": run.exit_code,
        "error": run.error,
        "argv": list(run.argv),
        "command": run.command,
        "cwd": run.cwd,
        "host": run.host,
        "python": run.python,
        "git": {"commit": git.commit, "branch": git.branch, "dirty": git.dirty},
        "surroundings": {key: said for key, said in run.surroundings.items() if key not in _OWN_FILE},
        "dir": run.dir,
        "files": list(run.files),
        "scrubs": [{**scrub._asdict(), "places": list(scrub.places)} for scrub in run.scrubs],
        "reads": None if run.reads is None else run.reads._asdict(),
        "sessions": _sessions_json(run),
        "children": _children_json(run),
        "ranks": [
            {
                "rank": record.rank,
                "launcher": record.launcher,
                "host": record.host,
                "pid": record.pid,
                "state": record.state,
                "journal": record.journal,
                "differs": [row_json(row) for row in rows],
            }
            for record, rows in run.differing_ranks()
        ],
    }


def _children_json(run: StoredRun) -> list[dict[str, Any]]:
    return [
        {
            "writer": child.writer,
            "pid": child.pid,
            "alive": child.alive,
            "differs": [row_json(row) for row in rows],
            "results": {name: value_json(result.last) for name, result in child.results.items()},
        }
        for child, rows in run.differing_children()
    ]


def _sessions_json(run: StoredRun) -> list[dict[str, Any]]:
    return [
        {
            "number": session.number,
            "writer": session.writer,
            "began_at": session.began_at,
            "lasted_s": session.lasted_s,
            "ended": session.ended,
            "host": session.host,
            "command": session.command,
            "commit": session.commit,
            "differs": [row_json(row) for row in rows],
        }
        for session, rows in run.differing_sessions()
    ]


def row_json(row: Row) -> dict[str, Any]:
    """``{"path", "status", "cells": [value], "statuses": [text], "inside": [row]}``; cells in the order of sides."""
    return {
        "path": format_path(row.path),
        "status": row.status,
        "cells": [value_json(cell) for cell in row.cells],
        "statuses": list(row.statuses),
        "inside": [row_json(inner) for inner in row.inside],
    }


def diff_json(diff: Diff) -> dict[str, Any]:
    """``{"sides": [{"label", "run"}], "rows": [row], "constants": n, "facts": [{"name", "cells", "differs"}]}``.

    ``rows`` holds what differs; with ``show_all`` the equal ones too.
    """
    return {
        "sides": [{"label": side.label, "run": side.run.id if side.run else None} for side in diff.sides],
        "rows": [
            {**row_json(row), "default_changed": diff.is_default_changed(row)}
            for row in (diff.rows if diff.show_all else diff.differing)
        ],
        "constants": len(diff.constants),
        "ignored": diff.hidden,
        "facts": [{"name": fact.name, "cells": list(fact.cells), "differs": fact.differs} for fact in diff.facts],
    }
