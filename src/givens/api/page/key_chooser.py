"""What a table may have a column for: keys, results and facts of the run, found by a part of their names."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from ...index import Index, KeyFacts
from ...index.schema import CONFIG, SUMMARY
from ...keys import KeyPath, Path
from ...query.nodes import Key
from ...query.operators import RUN_FIELDS
from ...query.words import is_odd, operand_text
from ..key_table import KeyRow, ends_of, kinds_text


class Choice(NamedTuple):
    """One thing that a column may show.

    Args:
        name: as the filter language writes it.
        scope: ``config``, ``summary`` or ``run``.
        runs: how many runs have it; None where all do.
        varies: whether it varies between the runs in view; None where that was not looked at.
        shown: its range, or what its values are.
        goal: of a result, ``min`` or ``max`` where that was said.
        title: its help text; empty where there is none.
    """

    name: str
    scope: str
    runs: int | None
    varies: bool | None
    shown: str
    goal: str | None
    title: str


class Choices(NamedTuple):
    """How many fit, and the first of them."""

    total: int
    first: tuple[Choice, ...]


def choices(
    index: Index, project: str | None, text: str, scope: str | None, varying: Collection[Path], *, limit: int
) -> Choices:
    """What fits a text: what varies first, then by how many runs have it.

    Args:
        index: where to look.
        project: only keys of this project.
        text: a part of the name; of several words, all.
        scope: only of this one.
        varying: the keys that vary.
        limit: how many are described.
    """
    words = text.lower().split()
    found: dict[tuple[str, str], list[KeyFacts]] = {}
    for space in (CONFIG, SUMMARY):
        if scope in (None, space):
            for facts in index.keys(project, space):
                if all(word in facts.path.lower() for word in words):
                    found.setdefault((space, facts.path), []).append(facts)
    paths = {each: tuple(KeyPath.parse(each[1])) for each in found}
    vary = set(varying)
    order = sorted(
        found,
        key=lambda each: (
            each[0] == CONFIG and paths[each] not in vary,
            -sum(facts.runs for facts in found[each]),
            each[1],
        ),
    )
    first = [_choice(index, each[0], paths[each], found[each], paths[each] in vary) for each in order[:limit]]
    fields = _run_fields(words) if scope in (None, "run") else []
    return Choices(len(found) + len(fields), tuple([*first, *fields][:limit]))


def _choice(index: Index, space: str, path: Path, facts: list[KeyFacts], varies: bool) -> Choice:
    said = KeyRow(facts[0], space, None, 0.0, ends_of(index, facts[0], space)).range if len(facts) == 1 else ""
    title = next((each.description for each in facts if each.description), None)
    goal = next((each.goal for each in facts if each.goal), None)
    return Choice(
        name=column_name(Key(space, path)),
        scope=space,
        runs=sum(each.runs for each in facts),
        varies=varies if space == CONFIG else None,
        shown=said or kinds_text(facts[0]),
        goal=goal,
        title=title or "",
    )


def _run_fields(words: list[str]) -> list[Choice]:
    names = [f"run.{field}" for field in RUN_FIELDS]
    return [
        Choice(name, "run", None, None, RUN_FIELDS[name[len("run.") :]].kind, None, "")
        for name in names
        if all(word in name for word in words)
    ]


def column_name(key: Key) -> str:
    """The name of a column for a key: a config key without ``config.`` where that reads as the same key."""
    from ...errors import FilterSyntaxError
    from ...query.parser import parse_operand

    text = operand_text(key)
    bare = operand_text(Key("either", key.path))
    first = key.path[0]
    if key.scope != "config" or (len(key.path) == 1 and isinstance(first, str) and is_odd(first)):
        return text
    try:
        return bare if parse_operand(bare) == Key("either", key.path) else text
    except FilterSyntaxError:
        return text
