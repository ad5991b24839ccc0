"""One run's row: what the start line, the end and the counts say."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..codec import dumps
from ..records.command_line import command_line
from ..records.events import Event
from ..records.sessions import began_at, job_in
from ..records.times import epoch_s
from .run_fold import RunFold
from .texts import escape

COLUMNS = (
    *("run", "id", "name", "project", "run_group", "job_type", "tags", "notes"),
    *("created", "created_s", "since_s", "last_at", "last_s", "duration_s", "finish", "exit_code", "error"),
    *("user_name", "host", "boot_id", "pid", "pid_namespace", "started", "command", "script", "cwd", "python"),
    *("git_commit", "git_branch", "env", "job", "fingerprint", "replica", "settled"),
    *("keys", "results", "changes", "refused", "events", "bad", "children", "format"),
)
_LARGEST_INT = 2**63
_ERROR_CHARS = 500


class Counts(NamedTuple):
    """What is counted of a run: of its first writer, and of all its files."""

    keys: int
    results: int
    events: int
    bad: int
    children: int


def row_of(
    run: int, run_id: str, fold: RunFold, env: int | None, prints: tuple[str, str], last_at: str | None, counts: Counts
) -> tuple[Any, ...]:
    """The columns of ``COLUMNS``.

    Args:
        run: its number.
        run_id: its id.
        fold: what its first writer wrote; an empty one when that file is not there.
        env: number of its surroundings.
        prints: fingerprint and replica's fingerprint.
        last_at: time of the last event of any of its files.
        counts: how much there is.
    """
    start: Event = fold.start or {}
    meta = fold.meta
    created = text_of(start.get("t"))
    tags = tags_of(fold)
    git = start.get("git")
    tree = git if type(git) is dict else {}
    command = command_line(start.get("argv"))
    refused = sum(noted.action == "refused" for noted in fold.noted)
    return (
        *(run, run_id, text_of(meta["name"] if "name" in meta else start.get("name")) or run_id),
        *(text_of(start.get("project")), text_of(start.get("group")), text_of(start.get("job_type"))),
        *(escape(dumps(tags)) if tags else None, text_of(meta["notes"] if "notes" in meta else start.get("notes"))),
        *(created, epoch_s(created), _since_s(fold, created), last_at, epoch_s(last_at)),
        *_end_of(fold),
        *(text_of(start.get("user")), text_of(start.get("host")), text_of(start.get("boot_id"))),
        *(whole_of(start.get("pid")), text_of(start.get("pid_namespace")), whole_of(start.get("started"))),
        *(escape(command) if command is not None else None, text_of(start.get("script"))),
        *(text_of(start.get("cwd")), text_of(start.get("python"))),
        *(
            text_of(tree.get("commit")),
            text_of(tree.get("branch")),
            env,
            text_of(job_in(start)),
            *prints,
            int(fold.settled is not None),
        ),
        *(counts.keys, counts.results, len(fold.noted) - refused, refused + _refused_beyond(fold)),
        *(counts.events, counts.bad, counts.children, whole_of(start.get("format"))),
    )


def _end_of(fold: RunFold) -> tuple[float | None, str | None, int | None, str | None]:
    """Duration, state, exit code and the last line of the error."""
    finish = fold.finish
    if finish is None:
        return None, None, whole_of(fold.exit_code), None
    said, code, error = finish.get("state"), finish.get("code"), finish.get("error")
    return (
        _lasted_s(fold, finish),
        said if said in ("finished", "failed") else "finished",
        whole_of(fold.exit_code if code is None else code),
        None if error is None else text_of(str(error).strip().rpartition("\n")[2][:_ERROR_CHARS]),
    )


def _lasted_s(fold: RunFold, finish: Event) -> float | None:
    lasted_s = real_of(finish.get("dt"))
    return None if lasted_s is None else lasted_s + fold.before_s


def _since_s(fold: RunFold, created: str | None) -> float | None:
    """From when on an unfinished run's duration counts."""
    if not fold.sessions:
        return epoch_s(created)
    began_s = epoch_s(began_at(fold.start or {}))
    return None if began_s is None else began_s - fold.before_s


def tags_of(fold: RunFold) -> list[str]:
    """The run's tags, as text."""
    tags = fold.meta["tags"] if "tags" in fold.meta else (fold.start or {}).get("tags")
    return [str(tag) for tag in tags] if isinstance(tags, list) else []


def _refused_beyond(fold: RunFold) -> int:
    """Refused writes that were counted only."""
    beyond = (fold.finish or {}).get("refused")
    counts = [row[1] for row in beyond if type(row) is list and len(row) == 2] if type(beyond) is list else []
    return sum(count for count in counts if type(count) is int)


def text_of(value: Any) -> str | None:
    """Anything a journal says as stored text; None stays None."""
    return None if value is None else escape(value if type(value) is str else str(value))


def whole_of(value: Any) -> int | None:
    """An int that a column takes; else None."""
    return value if type(value) is int and -_LARGEST_INT <= value < _LARGEST_INT else None


def real_of(value: Any) -> float | None:
    """A number as a float; else None."""
    if type(value) is float:
        return value
    if type(value) is int:
        try:
            return float(value)
        except OverflowError:
            return None
    return None
