"""Keys that a filter names and no run has: said before an empty answer is taken for one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from ..errors import nearest_key, nearest_name
from ..index.schema import CONFIG, SUMMARY
from ..index.texts import unescape
from ..keys import KeyPath, Path, format_path
from ..records.state import path_below, unit_of
from .asked import Asked
from .nodes import Key, Metric, Node, Operand, OriginOf, Probe, RunField, joined, operands
from .operands import result_name
from .operators import RUN_FIELDS
from .places import Places
from .words import operand_text

_HEADS = ("config", "summary", "run")


class KnownKeys(NamedTuple):
    """What the runs have.

    Args:
        config: text forms of the key paths of configs.
        results: names of summary entries and metrics, as they are.
    """

    config: Collection[str]
    results: Collection[str]


class UnknownKey(NamedTuple):
    """A key that no run has.

    Args:
        operand: what a filter names.
        written: the key, as a filter writes it.
        nearest: the known one that is most like it; empty when none is.
        comes: when it will be there, where what names it comes too early; empty where it never is.
    """

    operand: Operand
    written: str
    nearest: str
    comes: str = ""

    def __str__(self) -> str:
        if self.comes:
            return f"{self.written} is not there yet: {self.comes}"
        return f"unknown key {self.written}" + (f"; did you mean {self.nearest}?" if self.nearest else "")


def unknown_keys(node: Node, index: Asked, project: str | None = None) -> list[UnknownKey]:
    """The keys in a filter that no run of an index has; where no run has any key, none is called unknown.

    Args:
        node: the filter.
        index: where to look.
        project: only runs of this project.
    """
    if _all_in_use(node, Places(index.connection, project)):
        return []
    known = known_keys(index, project)
    return check(node, known) if known.config or known.results else []


def unknown_among(named: Iterable[Operand], index: Asked, project: str | None = None) -> list[UnknownKey]:
    """``unknown_keys`` of what is named otherwise than in a filter."""
    tests: list[Node] = [Probe("exists", operand) for operand in named if not isinstance(operand, RunField)]
    return unknown_keys(joined("and", tests), index, project) if tests else []


def in_no_run(named: Iterable[Operand], index: Asked, project: str | None = None) -> set[Operand]:
    """Of keys and results, those that no run has; all of them where no run has any."""
    node = joined("and", [Probe("exists", operand) for operand in named])
    if _all_in_use(node, Places(index.connection, project)):
        return set()
    return {each.operand for each in check(node, known_keys(index, project))}


def check(node: Node, known: KnownKeys) -> list[UnknownKey]:
    """The keys in a filter that no run has, in the order of the text, each once.

    A section is known when a key in it is, and a place in a list when the list is.

    Args:
        node: the filter.
        known: what the runs have.
    """
    paths = {tuple(KeyPath.parse(text)) for text in known.config}
    results = set(known.results)
    found = dict.fromkeys(operand for operand in operands(node) if not _is_known(operand, paths, results))
    return [UnknownKey(operand, _written(operand), _nearest(operand, known)) for operand in found]


def known_keys(index: Asked, project: str | None = None) -> KnownKeys:
    """The keys of an index, of one project or of all; what stands inside lists goes by the list.

    Args:
        index: where to look.
        project: its name.
    """
    of_project = "" if project is None else " AND project = ?"
    bound: tuple[str, ...] = () if project is None else (project,)
    # not those that no run has any more: renamed, deleted, or of removed runs
    in_use = "EXISTS (SELECT 1 FROM key_stat WHERE key_stat.key = key.key AND runs > 0)"
    sql = f"SELECT DISTINCT path FROM key WHERE space = ? AND list IS NULL AND {in_use}{of_project}"
    config = [unescape(row[0]) for row in index.connection.execute(sql, (CONFIG, *bound))]
    paths = [KeyPath.parse(unescape(row[0])) for row in index.connection.execute(sql, (SUMMARY, *bound))]
    return KnownKeys(config, [result_name(tuple(path)) for path in paths])


def _all_in_use(node: Node, places: Places) -> bool:
    """Whether runs have every key that is named, as far as a few look-ups tell: of ten thousand keys only these are read.

    What this does not find may be there all the same, as a part of a result's name; ``check`` knows.
    """
    return all(_in_use(operand, places) for operand in dict.fromkeys(operands(node)))


def _in_use(operand: Operand, places: Places) -> bool:
    if isinstance(operand, RunField):
        return True
    if isinstance(operand, Metric):
        return any(places.in_use(place.at_key) for place in places.summary((operand.name,)))
    scope, path = ("config", operand.path) if isinstance(operand, OriginOf) else operand
    found = [] if scope == "config" else places.summary(path)
    if scope != "summary":
        if places.in_use(places.unit(path).at_key):
            return True
        found.append(places.config(path))
    return any(places.in_use(part) for place in found for part in (place.at_key, place.below) if part is not None)


def _is_known(operand: Operand, paths: set[Path], results: set[str]) -> bool:
    if isinstance(operand, RunField):
        return True
    if isinstance(operand, Metric):
        return operand.name in results
    scope, path = ("config", operand.path) if isinstance(operand, OriginOf) else operand
    if scope != "config":
        name = result_name(path)
        if name in results or any(other.startswith(f"{name}.") for other in results):
            return True
    if scope == "summary":
        return False
    unit = unit_of(path)
    return unit in paths or path in paths or any(path_below(other, path) for other in paths)


def _written(operand: Operand) -> str:
    if isinstance(operand, OriginOf):
        return f"config.{format_path(operand.path)}"
    return operand.name if isinstance(operand, Metric) else operand_text(operand)


def _nearest(operand: Operand, known: KnownKeys) -> str:
    """The known key most like what was written, whole or by its last part."""
    scope = "config" if isinstance(operand, OriginOf) else operand.scope if isinstance(operand, Key) else "metric"
    bare = _written(operand).removeprefix(f"{scope}.")
    config = {text: f"config.{text}" if scope == "config" or _is_text(text) else text for text in known.config}
    results = {name: f"summary.{name}" if scope == "summary" else name for name in known.results}
    field = _run_field(bare) if scope == "either" else ""
    if scope == "config" and not isinstance(operand, OriginOf) and bare in results:
        return f"summary.{bare}"
    if scope == "summary" and bare in config:
        return f"config.{bare}"
    choices = (config if scope in ("config", "either") else {}) | (results if scope != "config" else {})
    if field:
        return field
    nearest = nearest_key(bare, choices)
    return choices[nearest] if nearest else _run_field(bare, alike=True) if scope == "either" else ""


def _run_field(bare: str, *, alike: bool = False) -> str:
    """The field of a run that is meant: ``state``, ``Run.state``, ``rn.state``; with ``alike`` also ``stat``."""
    head, _, field = bare.lower().partition(".")
    if field and nearest_name(head, _HEADS) == "run":
        meant = nearest_name(field, RUN_FIELDS)
    else:
        meant = bare.lower() if bare.lower() in RUN_FIELDS else nearest_name(bare, RUN_FIELDS) if alike else ""
    return f"run.{meant}" if meant else ""


def _is_text(path: str) -> bool:
    """Whether a filter would take a key for a text: one name in quotes, with nothing behind it."""
    return path.startswith('"') and len(KeyPath.parse(path)) == 1
