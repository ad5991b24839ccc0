"""Runs that were given the same, and runs that were given nearly the same."""

from __future__ import annotations

import json
from typing import NamedTuple

from ..errors import RunNotFoundError
from ..index.texts import escape, unescape
from ..keys import KeyPath, Path
from .finding import Question

FEW = 2_000  #: among so many runs all are compared
MANY = 6_000  #: candidates that are compared key by key


class DuplicateSet(NamedTuple):
    """Runs with one fingerprint.

    Args:
        fingerprint: what they share.
        ids: the runs, oldest first.
    """

    fingerprint: str
    ids: tuple[str, ...]


class Near(NamedTuple):
    """A run that is near another.

    Args:
        id: the run.
        differences: in how many keys their configs differ; a key that only one has counts.
        paths: those keys.
    """

    id: str
    differences: int
    paths: tuple[Path, ...]


class Nearest(NamedTuple):
    """The runs nearest to one.

    Args:
        runs: the nearest first.
        certain_to: no run that differs in so few keys is missing; -1: even equal ones may be; None: every run was compared.
    """

    runs: tuple[Near, ...]
    certain_to: int | None


def duplicates_of(question: Question, *, replicas: bool = False) -> list[DuplicateSet]:
    """Sets of runs with equal configs, the largest first. Runs that were given nothing are left out.

    Args:
        question: among which runs.
        replicas: configs are equal but for the keys that tell replicas apart (``[tool.givens] replicate``).
    """
    column = "replica" if replicas else "fingerprint"
    connection = question.connection
    shared = f"SELECT {column} FROM run WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"
    rows = connection.execute(
        f"SELECT run, {column}, id FROM run WHERE {column} IN ({shared}) AND keys > 0 ORDER BY created_s, run"
    ).fetchall()
    passing = set(question.passing([row[0] for row in rows]))
    sets: dict[str, list[str]] = {}
    for run, print_, run_id in rows:
        if run in passing:
            sets.setdefault(print_, []).append(unescape(run_id))
    found = [DuplicateSet(unescape(print_), tuple(ids)) for print_, ids in sets.items() if len(ids) > 1]
    return sorted(found, key=lambda each: (-len(each.ids), each.ids))


def nearest_to(question: Question, run_id: str, *, limit: int = 10, few: int = FEW) -> Nearest:
    """The runs whose configs differ in the fewest keys from one run's.

    A run that differs in ``d`` keys is equal in at least one of any ``d + 1``. So the runs that are equal in one of the
    few most telling keys are the candidates, and are compared in all. Runs of another project differ in every key.

    Args:
        question: among which runs, the run itself left out.
        run_id: the run.
        limit: how many to give.
        few: among so many runs all are compared.

    Raises:
        RunNotFoundError: the index does not have it.
    """
    connection = question.connection
    found = connection.execute("SELECT run FROM run WHERE id = ?", (escape(run_id),)).fetchone()
    if found is None:
        raise RunNotFoundError(run_id, "the index")
    run = int(found[0])
    candidates, certain_to = _candidates(question, run, few)
    asked = json.dumps([each for each in candidates if each != run])
    rows = connection.execute(
        "SELECT b.value, count(t.key), count(t.key) FILTER (WHERE t.num IS p.num AND t.txt IS p.txt AND "
        "(t.kind = p.kind OR t.num IS NOT NULL)) AS equal, count(p.key) "
        "FROM json_each(?) b "  # a run that was given nothing is as near as any
        "LEFT JOIN param p ON p.run = b.value AND p.key NOT IN (SELECT key FROM key WHERE list IS NOT NULL) "
        "LEFT JOIN param t ON t.run = ? AND t.key = p.key GROUP BY b.value",
        (asked, run),
    )
    (own,) = connection.execute(
        "SELECT count(*) FROM param p JOIN key k ON k.key = p.key AND k.list IS NULL WHERE p.run = ?", (run,)
    ).fetchone()
    # keys that differ: those of either run, less the ones that are equal in both
    ranked = sorted((own + theirs - shared - equal, other) for other, shared, equal, theirs in rows)[:limit]
    read: dict[str, Path] = {}
    return Nearest(tuple(_near(question, run, other, read) for _, other in ranked), certain_to)


def _candidates(question: Question, run: int, few: int) -> tuple[list[int], int | None]:
    everything = question.listed(limit=few + 1)
    if len(everything) <= few:
        return everything, None
    telling = sorted(_how_many_share(question, run))
    equal = "SELECT run FROM run WHERE fingerprint = (SELECT fingerprint FROM run WHERE run = ?) LIMIT ?"
    taken = {row[0] for row in question.connection.execute(equal, (run, MANY))}
    used = 0
    for sharing, key, kind, num, txt in telling:
        if used and len(taken) + sharing > MANY:
            break
        where = (
            "key = ? AND num = ? AND txt IS ?"
            if num is not None
            else "key = ? AND num IS NULL AND kind = ? AND txt IS ?"
        )
        rows = question.connection.execute(
            f"SELECT run FROM param WHERE {where} LIMIT {MANY}", (key, num if num is not None else kind, txt)
        )
        taken.update(row[0] for row in rows)
        if sharing > MANY:  # every value of the run is one that very many have: some of them are compared
            return question.passing(sorted(taken)), -1
        used += 1
    return question.passing(sorted(taken)), used - 1


def _how_many_share(question: Question, run: int) -> list[tuple[int, int, int, float | None, str | None]]:
    """For each key of a run: how many runs have the same value, counted up to ``MANY``."""
    own = question.connection.execute(
        "SELECT p.key, p.kind, p.num, p.txt FROM param p JOIN key k ON k.key = p.key AND k.list IS NULL WHERE p.run = ?",
        (run,),
    ).fetchall()
    found = []
    for key, kind, num, txt in own:
        where = "key = ? AND num = ?" if num is not None else "key = ? AND num IS NULL AND kind = ? AND txt IS ?"
        bound = (key, num) if num is not None else (key, kind, txt)
        (sharing,) = question.connection.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM param WHERE {where} LIMIT {MANY + 1})", bound
        ).fetchone()
        found.append((sharing, key, kind, num, txt))
    return found


def _near(question: Question, run: int, other: int, read: dict[str, Path]) -> Near:
    sql = (
        "SELECT k.path, p.run, p.kind, p.num, p.txt FROM param p JOIN key k ON k.key = p.key AND k.list IS NULL "
        "WHERE p.run IN (?, ?)"
    )
    sides: dict[str, dict[int, tuple[object, ...]]] = {}
    for path, whose, kind, num, txt in question.connection.execute(sql, (run, other)):
        sides.setdefault(path, {})[whose] = (num, txt) if num is not None else (kind, num, txt)
    paths = sorted(path for path, values in sides.items() if values.get(run) != values.get(other))
    (found,) = question.connection.execute("SELECT id FROM run WHERE run = ?", (other,)).fetchone()
    for path in paths:
        if path not in read:  # the same keys come again with the next run
            read[path] = tuple(KeyPath.parse(unescape(path)))
    return Near(unescape(found), len(paths), tuple(read[path] for path in paths))
