"""The lines a run prints, all of them on stderr: when it starts, when it finishes, and what happened between."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ..records.durations import duration_text

if TYPE_CHECKING:
    from .run import Run


def say(text: str, *, silent: bool = False) -> None:
    """Print one line. A closed stderr is no reason to stop anybody."""
    if silent or sys.stderr is None:
        return
    try:
        sys.stderr.write(f"givens: {text}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def start_line(
    run: Run, *, files: list[str], new_store: bool, difference: str | None, resumed: str | None = None
) -> str:
    """Name and place of a run, the files it read, the secrets it hid, and what differs from the run before.

    Args:
        run: the run.
        files: those that were read.
        new_store: the store was made for it.
        difference: what differs from the project's last run, or from the session before.
        resumed: of a run that goes on: which session this is, and from where.
    """
    project = f" ({run.project})" if run.project else ""
    bits = [f"run {run.name}{project}" + (f" resumed: {resumed}" if resumed else "")]
    if run.mode == "disabled":
        bits.append("disabled: nothing is written")
    else:
        bits.append(f"{'made ' if new_store else 'in '}{run.store.path}")
    if files:
        bits.append(f"read {', '.join(files)}")
    secrets = len(run.door.secrets)
    if secrets:
        bits.append(f"{secrets} secret{'s' if secrets > 1 else ''} redacted")
    if difference:
        bits.append(difference)
    return " · ".join(bits)


def finish_line(run: Run, state: str, elapsed_s: float) -> str:
    """How a run ended: duration, changes after the first log, values not kept exactly, where to look at it."""
    bits = [f"{run.name} {state} after {duration_text(elapsed_s)}"]
    changed = run.door.guard.changed
    if changed:
        bits.append(f"{changed} change{'s' if changed > 1 else ''} after the first log")
    lossy = len(run.door.lossy)
    if lossy:
        bits.append(f"{lossy} value{'s' if lossy > 1 else ''} not kept exactly")
    refused = sum(run.door.refusals.counts.values())
    if refused:
        bits.append(f"{refused} write{'s' if refused > 1 else ''} refused by locks")
    if run.read_report is not None:
        bits += run.read_report.sentences()
    page = run.url
    if page is not None:
        bits.append(page)
    return " · ".join(bits)
