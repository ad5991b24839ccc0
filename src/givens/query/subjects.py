"""A folded run as the evaluator looks at it."""

from __future__ import annotations

from typing import Any

from ..records.command_line import command_line
from ..records.sessions import began_at, earlier_s
from ..records.state import RunState
from ..records.times import epoch_s
from .evaluator import Subject


def subject_of(
    run_id: str,
    state: RunState,
    *,
    stands: str,
    now_s: float,
    last_at: str | None = None,
    dirty: bool | None = None,
    fingerprint: str | None = None,
) -> Subject:
    """What a filter may ask of a run.

    Args:
        run_id: its id.
        state: the fold of its journals.
        stands: its state: running, finished, failed or lost.
        now_s: the present, in seconds since the epoch.
        last_at: time of the last event of any of its files; None: that of the fold.
        dirty: whether the code differed from the commit; None when nobody knows.
        fingerprint: of its config.
    """
    start: dict[str, Any] = state.start or {}
    finish: dict[str, Any] = state.finish or {}
    git = start.get("git")
    tree: dict[str, Any] = git if isinstance(git, dict) else {}
    tags = _latest(state, "tags")
    began_s = epoch_s(_text(start.get("t")))
    code = finish.get("code")
    return Subject(
        {
            "id": run_id,
            "name": _text(_latest(state, "name")) or run_id,
            "project": _text(start.get("project")),
            "group": _text(start.get("group")),
            "job_type": _text(start.get("job_type")),
            "state": stands,
            "created": began_s,
            "duration": _duration_s(
                state, epoch_s(began_at(start)), now_s if stands == "running" else epoch_s(last_at or state.last_at)
            ),
            "user": _text(start.get("user")),
            "host": _text(start.get("host")),
            "tags": tuple(map(str, tags)) if isinstance(tags, list) else (),
            "notes": _text(_latest(state, "notes")),
            "git.commit": _text(tree.get("commit")),
            "git.branch": _text(tree.get("branch")),
            "git.dirty": dirty,
            "command": command_line(start.get("argv")),
            "exit_code": state.exit_code if code is None else code,
            "fingerprint": fingerprint,
        },
        state,
    )


def _latest(state: RunState, name: str) -> Any:
    return state.meta[name] if name in state.meta else (state.start or {}).get(name)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _duration_s(state: RunState, began_s: float | None, ended_s: float | None) -> float | None:
    said, before_s = (state.finish or {}).get("dt"), earlier_s(state.sessions)
    if isinstance(said, int | float):
        return max(0.0, before_s + float(said))
    return None if began_s is None or ended_s is None else max(0.0, before_s + ended_s - began_s)
