"""What there is to say of a stored run beside its values: the same lines for the terminal and the page."""

from __future__ import annotations

from collections.abc import Iterator

from ...configs.explanation import EDITED, Explanation, is_late, local_time, replaced_values
from ...keys import Path, format_path
from ...records.durations import duration_text
from ...records.scrubs import RunScrub
from .run_cells import cells_fact
from .stored_run import StoredRun

_MANY_PLACES = 6
_MANY_FILES = 3


def run_facts(run: StoredRun) -> Iterator[tuple[str, str]]:
    """What there is to say of a run beside its values; what is not known is left out."""
    git = run.git
    clean = "no tracked file changed" if run.surroundings.get("untracked_total") else "clean"
    dirty = {True: "with uncommitted changes", False: clean, None: ""}[git.dirty]
    code = " ".join(bit for bit in (git.commit, f"on {git.branch}" if git.branch else "") if bit)
    created = local_time(str((run.folded.state.start or {}).get("t", "")))
    lasted = "" if run.duration_s is None else duration_text(run.duration_s)
    found = {
        "id": run.id,
        "project": run.project,
        "group": run.group,
        "job type": run.job_type,
        "tags": ", ".join(run.tags),
        "notes": run.notes,
        "created": f"{created}, {'running for' if run.state == 'running' else 'took'} {lasted}" if lasted else created,
        "command": run.command,
        "folder": run.cwd,
        "snapshot": _snapshot(run),
        "cells": cells_fact(run),
        "repeats": run.rerun_of,
        "code": ", ".join(bit for bit in (code, dirty) if bit),
        "python": " on ".join(bit for bit in (run.python, run.host) if bit),
        "changes": _changes(run),
        "machine": _machine(run),
        "output": ", ".join(run.logs),
        "exit code": None if run.exit_code is None else str(run.exit_code),
        "fingerprint": run.fingerprint,
        "scrubbed": "; ".join(map(scrub_words, run.scrubs)),
        "journal": run.files[0] if run.files else None,
    }
    return ((name, f"{fact}  {EDITED}" if name in run.edited else fact) for name, fact in found.items() if fact)


def _snapshot(run: StoredRun) -> str:
    """The copy of the code that it ran in."""
    said = run.snapshot
    return f"{said.get('id')} of {said.get('root')}" if said else ""


def scrub_words(scrub: RunScrub) -> str:
    """``2026-11-30 09:03:57 by ada: argv, config.db.password and 3 more``."""
    by = f" by {scrub.user}" if scrub.user else ""
    more = f" and {len(scrub.places) - _MANY_PLACES} more" if len(scrub.places) > _MANY_PLACES else ""
    return f"{local_time(scrub.at)}{by}: {', '.join(scrub.places[:_MANY_PLACES])}{more}"


def is_scrubbed(run: StoredRun, path: Path) -> bool:
    """Whether something was taken out of the value at a key path since the run was written."""
    return any(is_of(scrub, path) for scrub in run.scrubs)


def is_of(scrub: RunScrub, path: Path) -> bool:
    """Whether a scrub took something out of the value at a key path, or inside it."""
    name = f"config.{format_path(path)}"
    return any(place == name or (place.startswith(name) and place[len(name)] in ".[{") for place in scrub.places)


def _changes(run: StoredRun) -> str:
    """What the working tree had beside the commit, as far as it was kept."""
    said = run.surroundings
    patch, untracked = said.get("patch"), said.get("untracked_total")
    bits = []
    if isinstance(patch, dict):
        part = "" if patch.get("complete") else ", not the whole of it"
        bits.append(f"a patch of {patch.get('bytes')} bytes{part}")
    if isinstance(untracked, int) and untracked:
        bits.append(f"{untracked} untracked {'file' if untracked == 1 else 'files'}")
    touched = touched_words(run)
    if touched:
        bits.append(touched)
    return ", ".join(bits)


def touched_words(run: StoredRun) -> str | None:
    """That code was changed before it was looked at, so that what was kept is not what ran; None where it was not."""
    touched = run.surroundings.get("touched")
    names = list(map(str, touched)) if isinstance(touched, list) else []
    if not names:
        return None
    more = f" and {len(names) - _MANY_FILES} more" if len(names) > _MANY_FILES else ""
    return f"{', '.join(names[:_MANY_FILES])}{more} changed after it began: what ran may be something else"


def _machine(run: StoredRun) -> str:
    """Processor, memory, accelerators and the scheduler's job, in one line."""
    found = run.surroundings.get("machine")
    machine = found if isinstance(found, dict) else {}
    memory, devices = machine.get("memory_bytes"), machine.get("accelerators")
    bits = [f"{machine['cores']} cores" if machine.get("cores") else "", str(machine.get("processor") or "")]
    bits.append(f"{memory / 2**30:.0f} GiB" if isinstance(memory, int) else "")
    bits += [str(device.get("name")) for device in devices or () if isinstance(device, dict)]
    jobs = run.surroundings.get("jobs")
    for who, said in jobs.items() if isinstance(jobs, dict) else ():
        bits.append(f"{who} job {next(iter(said.values()), '')}" if isinstance(said, dict) else str(who))
    return ", ".join(bit for bit in bits if bit)


def is_library_default(leaf: Explanation) -> bool:
    """Whether this is a flag that a library defines for itself, and that nobody set."""
    return leaf.origin is not None and leaf.origin.note is not None and "library" in leaf.origin.note


def leaf_marks(leaf: Explanation, *, brief: bool = False) -> str:
    """What is worth a second look: `givens explain` tells the whole story.

    Args:
        leaf: the key.
        brief: in fewer words.
    """
    late = sum(map(is_late, leaf.changes))
    refused = sum(change.action == "refused" for change in leaf.changes)
    after = sum(change.action == "set" and (is_late(change) or change.origin.kind == "edit") for change in leaf.changes)
    earlier = replaced_values(leaf) - after
    marks = [EDITED] if leaf.edited else []
    if late:
        marks.append(f"changed {late}x" + ("" if brief else " after the first log"))
    if earlier > 0:
        marks.append(f"replaced {earlier}" + ("" if brief else " earlier"))
    if leaf.locked_by is not None:
        marks.append(f"locked by {leaf.locked_by!r}")
    if refused:
        marks.append(f"{refused} refused" if brief else f"{refused} write{'' if refused == 1 else 's'} refused")
    if leaf.earlier_session is not None:
        marks.append(f"session {leaf.earlier_session}")
    if leaf.lossy is not None:
        marks.append(f"not exact: {leaf.lossy}")
    return ", ".join(marks)
