"""Which columns a page of runs shows by itself: metrics, and the keys that vary, ranked; read off counts, not off runs.

Over a whole store or project, which keys vary is read off the statistics that the fold keeps, exactly. Where a filter
narrows, runs are looked at: all of few, a sample of many.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple

from ...index import Index
from ...index.facts import KeyFacts
from ...index.schema import CONFIG, STR, SUMMARY
from ...index.texts import escape
from ...keys import KeyPath, Path, covered, format_path
from ...query.finding import Question
from ...query.nodes import EVERYTHING, Compare, Key, Metric, Operand, RunField, joined
from ...query.results import declared_goal
from ...query.varying import EXACT_RUNS, Varying, VaryingKey, varying_of
from ...query.words import operand_text

_SAMPLE = 1_000  #: runs that are looked at where a filter narrows, and there are more than EXACT_RUNS
_FEW = 2_000  #: so many runs are all looked at without a second thought
_MOST_RANKED = 400  #: keys that are ranked by how their values are spread


class MetricName(NamedTuple):
    """A result that a page shows, or sorts by.

    Args:
        path: its path in the summary.
        goal: ``min`` or ``max`` where that was declared.
        runs: in how many runs it is.
        logged: it was logged as a number, so that it has extremes.
    """

    path: Path
    goal: str | None
    runs: int
    logged: bool

    @property
    def operand(self) -> Operand:
        """What to show and to sort by: the best that was reached where a goal says what that is, else the last value."""
        name = self.path[0]
        if self.goal and self.logged and len(self.path) == 1 and isinstance(name, str):
            return Metric(self.goal, name)
        return Key("summary", self.path)

    @property
    def order(self) -> str:
        """The sort key that has the best first."""
        return ("-" if self.goal == "max" else "") + operand_text(self.operand)


class PageKeys(NamedTuple):
    """What a page can have columns for.

    Args:
        varying: the keys that vary, the most telling first; those ignored left out.
        telling: how many of them tell something: behind them are seeds, and texts that are another in each run.
        metrics: the results, declared ones and those of most runs first.
        constant: how many keys are the same in all runs.
        ignored: how many keys that vary are left out because a pattern says so.
        sampled: how many runs were looked at, where they are a sample; else None.
    """

    varying: tuple[VaryingKey, ...]
    telling: int
    metrics: tuple[MetricName, ...]
    constant: int
    ignored: int
    sampled: int | None


def page_keys(
    question: Question,
    *,
    project: str | None,
    goals: Mapping[str, str],
    patterns: tuple[str, ...] = (),
    replicate: tuple[str, ...] = (),
) -> PageKeys:
    """The keys and metrics of the runs that pass.

    Args:
        question: which runs.
        project: what they are limited to.
        goals: what the settings say of metrics.
        patterns: keys to leave out.
        replicate: keys that only tell replicas apart, and so stand last.
    """
    index = question.index
    assert isinstance(index, Index)
    whole = EVERYTHING if project is None else joined("and", [Compare(RunField("project"), "==", project), EVERYTHING])
    every = question.node == whole
    total = question.count()
    found = (
        _by_statistics(index, project, total)
        if every and total > _FEW
        else varying_of(question, EXACT_RUNS if total <= EXACT_RUNS else _SAMPLE)
    )
    kept = tuple(key for key in found.keys if not (patterns and covered(key.path, patterns)))
    ranked, telling = _ranked(index, kept, max(1, found.looked_at), replicate)
    metrics = _metrics(question, project, goals)
    return PageKeys(
        ranked,
        telling,
        metrics,
        found.constant,
        len(found.keys) - len(kept),
        found.looked_at if found.sampled else None,
    )


def _by_statistics(index: Index, project: str | None, total: int) -> Varying:
    """Which keys vary among all runs of a project, or of the store: from the counts of their kinds and the ends of their index."""
    by_path: dict[str, list[KeyFacts]] = {}
    for facts in index.keys(project, CONFIG):
        by_path.setdefault(facts.path, []).append(facts)
    keys = []
    for path, of_projects in by_path.items():
        runs = sum(facts.runs for facts in of_projects)
        kinds = {"number" if kind in ("int", "float") else kind for facts in of_projects for kind in facts.kinds}
        ends = {end for facts in of_projects for end in (facts.low, facts.high) if end is not None}
        if runs < total or len(kinds) > 1 or len(ends) > 1 or _texts_differ(index, of_projects):
            keys.append(VaryingKey(tuple(KeyPath.parse(path)), runs, len(kinds) > 1))
    return Varying(tuple(keys), len(by_path) - len(keys), total, False)


def _texts_differ(index: Index, facts: list[KeyFacts]) -> bool:
    texts = set()
    for each in facts:
        if each.low is not None and len(each.kinds) == 1:
            continue
        for turn in ("", " DESC"):
            row = index.connection.execute(
                f"SELECT kind, txt FROM param WHERE key = ? AND num IS NULL ORDER BY kind{turn}, txt{turn} LIMIT 1",
                (each.key,),
            ).fetchone()
            texts.add(row)
    return len(texts - {None}) > 1


def _ranked(
    index: Index, keys: tuple[VaryingKey, ...], total: int, replicate: tuple[str, ...]
) -> tuple[tuple[VaryingKey, ...], int]:
    """The most telling first, and how many tell something: keys of most runs; then seeds; then texts that are another in each run."""

    def rank(at: int, key: VaryingKey) -> tuple[bool, bool, int, int]:
        is_seed = covered(key.path, replicate) or "seed" in str(key.path[-1]).lower()
        is_name = at < _MOST_RANKED and key.runs > 2 and _is_unique(index, key.path)
        return is_name, is_seed, -(5 * key.runs // total), at

    ranked = sorted(((rank(at, key), key) for at, key in enumerate(keys)), key=lambda pair: pair[0])
    return tuple(key for _, key in ranked), sum(not (place[0] or place[1]) for place, _ in ranked)


def _is_unique(index: Index, path: Path) -> bool:
    """Whether the values are texts of which the first and the last stand in one run each: a folder, a name."""
    rows = index.connection.execute(
        "SELECT k.key FROM key k WHERE k.space = ? AND k.path = ?", (CONFIG, escape(format_path(path)))
    ).fetchall()
    for (key,) in rows:
        for turn in ("", " DESC"):
            found = index.connection.execute(
                f"SELECT txt FROM param WHERE key = ? AND num IS NULL AND kind = ? ORDER BY txt{turn} LIMIT 2",
                (key, STR),
            ).fetchall()
            if len(found) < 2 or found[0] == found[1]:
                return False
    return bool(rows)


def _metrics(question: Question, project: str | None, goals: Mapping[str, str]) -> tuple[MetricName, ...]:
    """The results of these runs; names that runs declared, or the settings, first."""
    index = question.index
    assert isinstance(index, Index)
    merged: dict[str, tuple[int, list[int], str | None]] = {}
    for facts in index.keys(project, SUMMARY):
        runs, keys, goal = merged.get(facts.path, (0, [], None))
        merged[facts.path] = runs + facts.runs, [*keys, facts.key], goal or facts.goal
    found = []
    for text, (runs, keys, goal) in merged.items():
        path = tuple(KeyPath.parse(text))
        name = str(path[0])
        goal = goal or next((aim for pattern, aim in goals.items() if fnmatchcase(name, pattern)), None)
        if goal is None and len(merged) <= _MOST_RANKED:  # `define_metric("val/*")` is kept as a pattern
            goal = declared_goal(question, name, goals)
        found.append(MetricName(path, goal, runs, _has_extremes(index, keys)))
    return tuple(sorted(found, key=lambda metric: (metric.goal is None, -metric.runs, not metric.logged)))


def _has_extremes(index: Index, keys: list[int]) -> bool:
    sql = "SELECT 1 FROM json_each(?) b JOIN summary s ON s.key = b.value AND s.high IS NOT NULL LIMIT 1"
    return index.connection.execute(sql, (json.dumps(keys),)).fetchone() is not None
