"""Every key of a project: what its values are, how many, in which range, and where they usually come from."""

from __future__ import annotations

import json
import math
from collections import Counter
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from ..configs.explanation import shown_value
from ..errors import RunNotFoundError
from ..index import Index, KeyFacts
from ..index.schema import CONFIG, MAX_TEXT, STR, SUMMARY
from ..index.texts import EXACT_BELOW, escape, unescape
from ..journal.reader import read_run
from ..keys import KeyPath, Path
from ..query.cells import Stored, cells_of, value_of
from ..query.evaluator import at_path
from ..query.nodes import Key
from ..query.places import Places
from ..records.change import MISSING
from ..records.encoded import plant
from .formats.cell_text import encoded_number
from .grid import NUMBER, TEXT, VALUE, Column, Grid

_LOOKED_AT = 500  #: runs that are asked where their values came from
_MOST_ROWS = 200_000
FEW_TEXTS = 3  #: texts of a key that are shown
_TEXT_WIDTH = 24


class KeyRow(NamedTuple):
    """One key.

    Args:
        facts: what the index counts of it.
        space: ``config`` or ``summary``.
        origin: where its values usually come from; None where nobody can say, and for a result.
        share: how much of the runs looked at that goes for, 0 to 1.
        ends: the least and the greatest number, encoded and exact; ``MISSING`` where there is none.
        texts: the first few of its texts, in order; one more than ``FEW_TEXTS`` where there are more.
    """

    facts: KeyFacts
    space: str
    origin: str | None
    share: float
    ends: tuple[Any, Any]
    texts: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """``0.001 to 0.1``, ``'mlp', 'resnet', 'vit'``, or both; long texts are cut."""
        return self.range_in(_TEXT_WIDTH)

    def range_in(self, width: int) -> str:
        """The same, with so many characters of a text at most."""
        low, high = self.ends
        said = []
        if low is not MISSING:
            said.append(shown_value(low) if low == high else f"{_short(low)} to {_short(high)}")
        said += [shown_value(each, width) for each in self.texts[:FEW_TEXTS]]
        return ", ".join(said) + (", …" if len(self.texts) > FEW_TEXTS else "")


def key_rows(index: Index, project: str | None = None, pattern: str | None = None) -> list[KeyRow]:
    """The keys of configs, then the names of results; each by path.

    Args:
        index: where to look; brought up to date by the caller.
        project: only this project's; the empty text: of runs without one; None: every project's.
        pattern: only keys that fit it (``model.*``), or that lie below it (``model``).
    """
    rows = []
    facts = [each for each in index.keys(project, CONFIG) if _fits(each.path, pattern)]
    usual = _usual_origins(index, {each.key for each in facts}, project)
    for each in facts:
        origin, share = usual.get(each.key, (None, 0.0))
        rows.append(KeyRow(each, CONFIG, origin, share, ends_of(index, each, CONFIG), _texts(index, each)))
    for each in index.keys(project, SUMMARY):
        if _fits(each.path, pattern):
            rows.append(KeyRow(each, SUMMARY, None, 0.0, ends_of(index, each, SUMMARY)))
    return rows


def ends_of(index: Index, facts: KeyFacts, space: str) -> tuple[Any, Any]:
    """The least and the greatest number of a key; of one with ints only, ints."""
    whole = not {"float", "infinite"} & facts.kinds.keys()
    found = []
    for end, order in ((facts.low, "ASC"), (facts.high, "DESC")):
        if end is not None and EXACT_BELOW <= abs(end) < math.inf:
            found.append(_exact(index, facts, space, end, order))
        else:
            found.append(MISSING if end is None else int(end) if whole else encoded_number(end))
    return found[0], found[1]


def _exact(index: Index, facts: KeyFacts, space: str, near: float, order: str) -> Any:
    """The first or last of the values for which a float stands that several ints share: their texts tell them apart."""
    table = "summary" if space == SUMMARY else "param"
    run, *columns = index.connection.execute(
        f"SELECT run, kind, num, txt FROM {table} WHERE key = ? AND num = ? ORDER BY txt {order} LIMIT 1",
        (facts.key, near),
    ).fetchone()
    value = value_of(Stored(*columns))
    if type(value) is dict:  # of an int beyond any measure the index has the first digits only
        path = tuple(KeyPath.parse(facts.path))
        if space == SUMMARY:
            return _result_at(index, run, path, value)
        value = cells_of(Places(index.connection), [run], [Key("config", path)], 0.0)[0][0]
    return value


def _result_at(index: Index, run: int, path: Path, otherwise: Any) -> Any:
    """What a run's journals have for a result, encoded; something else where they cannot be read."""
    (run_id,) = index.connection.execute("SELECT id FROM run WHERE run = ?", (run,)).fetchone()
    try:
        found = read_run(index.store, unescape(run_id)).state.results.get(str(path[0]))
    except (OSError, RunNotFoundError):
        return otherwise
    value = MISSING if found is None else at_path(plant(found.last), path[1:])
    return otherwise if value is MISSING else value


def keys_grid(rows: list[KeyRow], title: str) -> Grid:
    """The keys as a grid for programs: everything, in columns of its own."""
    columns = (
        Column("key"),
        Column("project"),
        Column("space"),
        Column("runs", NUMBER),
        Column("kinds"),
        Column("low", VALUE),
        Column("high", VALUE),
        Column("texts"),
        Column("origin"),
        Column("share", NUMBER),
        Column("goal"),
        Column("description"),
    )
    return Grid(title, columns, tuple(_cells(row) for row in rows))


def _cells(row: KeyRow) -> tuple[Any, ...]:
    facts = row.facts
    texts = ", ".join(shown_value(text) for text in row.texts[:FEW_TEXTS]) + (
        ", …" if len(row.texts) > FEW_TEXTS else ""
    )
    return (
        facts.path,
        facts.project or MISSING,
        row.space,
        facts.runs,
        kinds_text(facts),
        *row.ends,
        texts or MISSING,
        row.origin or MISSING,
        MISSING if row.origin is None else row.share,
        facts.goal or MISSING,
        facts.description or MISSING,
    )


def brief_grid(rows: list[KeyRow], title: str, *, projects: bool, width: int = _TEXT_WIDTH) -> Grid:
    """The same for a person: what fits, and no column in which nothing stands.

    Args:
        rows: the keys.
        title: what they are the keys of.
        projects: show the project of each.
        width: characters of a text at most.
    """
    columns = [Column("key"), Column("project"), Column("runs", NUMBER), Column("kinds"), Column("range")]
    columns += [Column("origin", TEXT, "usually from"), Column("description")]
    cells = [_brief(row, width) for row in rows]
    kept = [
        at
        for at, column in enumerate(columns)
        if (column.name != "project" or projects) and (at < 4 or any(row[at] for row in cells))
    ]
    return Grid(title, tuple(columns[at] for at in kept), tuple(tuple(row[at] for at in kept) for row in cells))


def _brief(row: KeyRow, width: int) -> tuple[Any, ...]:
    origin = "" if row.origin is None else row.origin if row.share > 0.99 else f"{row.origin} {row.share:.0%}"
    said = "; ".join(bit for bit in (f"goal: {row.facts.goal}" if row.facts.goal else "", row.facts.description) if bit)
    return row.facts.path, row.facts.project, row.facts.runs, kinds_text(row.facts), row.range_in(width), origin, said


def kinds_text(facts: KeyFacts) -> str:
    """What a key's values are: ``float``, or ``int 93, float 87`` where they are of several kinds."""
    kinds = dict(facts.kinds)
    if {"true", "false"} & kinds.keys():
        kinds["bool"] = kinds.pop("true", 0) + kinds.pop("false", 0)
    ordered = sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    return ordered[0][0] if len(ordered) == 1 else ", ".join(f"{kind} {count}" for kind, count in ordered)


def _short(number: Any) -> str:
    return f"{number:.4g}" if type(number) is float else shown_value(number)


def _texts(index: Index, facts: KeyFacts) -> tuple[str, ...]:
    """The first texts of a key, by leaps through the index: each costs the same, however many runs have it."""
    found: list[str] = []
    last = ""
    while "str" in facts.kinds and len(found) <= FEW_TEXTS:
        row = index.connection.execute(
            "SELECT txt FROM param WHERE key = ? AND num IS NULL AND kind = ? AND txt > ? ORDER BY txt LIMIT 1",
            (facts.key, STR, last),
        ).fetchone()
        if row is None:
            break
        last = row[0]
        found.append(unescape(last[:MAX_TEXT]) + ("…" if len(last) > MAX_TEXT else ""))
    return tuple(found)


def _fits(path: str, pattern: str | None) -> bool:
    return (
        pattern is None
        or path == pattern
        or fnmatchcase(path, pattern)
        or (path.startswith(pattern) and path[len(pattern) : len(pattern) + 1] in (".", "{", "["))
    )


def _usual_origins(index: Index, keys: set[int], project: str | None) -> dict[int, tuple[str, float]]:
    """Key -> the commonest origin, and its share: in the newest runs, and for what those lack in any run that has it."""
    kinds = {origin: unescape(kind) for origin, kind in index.connection.execute("SELECT origin, kind FROM origin")}
    counts: dict[int, Counter[str]] = {}
    of_project = "" if project is None else "WHERE coalesce(project, '') = ? "
    bound = () if project is None else (escape(project),)
    rows = index.connection.execute(
        "SELECT p.key, p.origin, count(*) FROM (SELECT q.key, q.origin FROM "
        f"(SELECT run FROM run {of_project}ORDER BY created_s DESC LIMIT {_LOOKED_AT}) r "
        f"JOIN param q ON q.run = r.run LIMIT {_MOST_ROWS}) p GROUP BY p.key, p.origin",
        bound,
    )
    for key, origin, count in rows:
        if key in keys:
            counts.setdefault(key, Counter())[kinds.get(origin, "unknown")] += count
    rest = json.dumps(sorted(keys - counts.keys()))
    for null in ("NOT NULL", "NULL"):
        found = index.connection.execute(
            f"SELECT b.value, (SELECT origin FROM param WHERE param.key = b.value AND num IS {null} LIMIT 1) "
            "FROM json_each(?) b",
            (rest,),
        )
        for key, origin in found:
            if origin is not None:
                counts.setdefault(key, Counter())[kinds.get(origin, "unknown")] += 1
    usual = {}
    for key, counted in counts.items():
        kind, count = counted.most_common(1)[0]
        usual[key] = kind, count / counted.total()
    return usual
