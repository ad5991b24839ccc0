"""What could not be read of a stored run, in words."""

from __future__ import annotations

from ...journal.reader import StoredRun


def problems_of(folded: StoredRun) -> tuple[str, ...]:
    """Damaged lines, a lost first line, newer formats, unknown kinds of events.

    Args:
        folded: the run.
    """
    found = [str(line) for line in folded.bad]
    if not folded.state.start:
        found.append("the first line is missing: nothing is known of name, host and time")
    found += [
        f"written in format {number}, which is newer than this givens: what it added is not shown"
        for number in sorted(set(folded.newer))
    ]
    kinds = sorted(folded.state.unknown_kinds)
    if kinds:
        found.append(f"events of unknown kinds passed over: {', '.join(kinds)}")
    return tuple(found)
