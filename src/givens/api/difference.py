"""What differs between runs, files and configurations at hand."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..configs.comparison import DIFFERS, EQUAL, LACKING, TYPE_DIFFERS, Row, compare
from ..configs.explanation import EDITED, one_line, shown_value
from ..errors import RunNotFoundError, UsageError
from ..keys import Path, covered, format_path
from ..records.change import MISSING
from ..records.edits import last_edit
from ..records.encoded import Tree
from ..records.origin import Origin
from ..records.state import RunState
from .asking import Asking
from .exports import Exports
from .fact_texts import clip, from_difference
from .grid import Grid
from .references import is_range
from .stored.run_sessions import SessionRecord
from .stored.stored_run import StoredRun

_VALUE_WIDTH = 40
_WHOLE = 1 << 24
_FACT_WIDTH = 100  # two command lines often differ at their ends
_FILE_ENDINGS = (".yaml", ".yml", ".json", ".toml")

DEFAULT_CHANGED = "(default changed)"  #: the mark of a key that no run was given

#: cell status -> the mark before a value; each is told from the others without colour
MARKS: dict[str, str] = {EQUAL: "", DIFFERS: "≠ ", TYPE_DIFFERS: "~ ", LACKING: "missing"}


class Side(NamedTuple):
    """One of the things compared.

    Args:
        label: what it is called in a table's head.
        tree: its configuration, as the fold keeps it.
        run: the stored run, when it is one.
        session: of a comparison of one run's sessions: which.
    """

    label: str
    tree: Tree
    run: StoredRun | None
    session: SessionRecord | None = None

    def origin_of(self, path: Path) -> Origin | None:
        """Where the value at a path came from; None where nobody knows."""
        return None if self.run is None else self.run.folded.state.origins.get(path)


class Fact(NamedTuple):
    """Something beside the configuration that was compared: commit, dirty, command, python.

    Args:
        name: which.
        cells: one a side, as text; None where it is not known, or the side is no run.
        differs: whether two that are known differ.
    """

    name: str
    cells: tuple[str | None, ...]
    differs: bool


class _Compared(NamedTuple):
    sides: tuple[Side, ...]
    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]
    show_all: bool = False
    hidden: int = 0


class Diff(_Compared, Exports):
    """The comparison of several configurations; a table as every other (``to_csv``, ``to_latex``, ``to_pandas`` …).

    Args:
        sides: what was compared, in the order given; cells are held against the first.
        rows: every key that one of them has, equal ones included.
        facts: code, command and Python of the runs among them.
        show_all: whether ``str()`` shows equal keys as well.
        hidden: how many keys that differ are left out, as ``[tool.givens] ignore`` says.
    """

    __slots__ = ()

    @property
    def differing(self) -> tuple[Row, ...]:
        """The keys that are not the same everywhere."""
        return tuple(row for row in self.rows if row.status != EQUAL)

    @property
    def constants(self) -> tuple[Row, ...]:
        """The keys that are the same everywhere."""
        return tuple(row for row in self.rows if row.status == EQUAL)

    def __bool__(self) -> bool:
        """Whether anything in the configurations differs."""
        return bool(self.differing)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.grid().to_html()

    def grid(self, *, limit: int | None = None) -> Grid:
        """A row a key, a column a side: the keys that differ (with ``show_all`` every key), then code, command and Python
        where they do.

        Args:
            limit: rows at most; None for all.
        """
        from .diff_grid import diff_grid

        return diff_grid(self).first(limit)

    def to_json(self) -> str:
        """The text that ``givens diff --json`` prints."""
        from ..codec import dumps
        from .shapes import diff_json

        return dumps(diff_json(self))

    def table(
        self, *, limit: int = _VALUE_WIDTH, fact_width: int = _FACT_WIDTH, whole: bool = False
    ) -> Iterator[tuple[str, ...]]:
        """Name and one cell a side, as text with marks: the rows that ``show_all`` asks for, then the facts.

        Args:
            limit: characters of a value at most; what differs inside a longer one has rows of its own.
            fact_width: characters of a fact at most; longer ones begin where they differ.
            whole: cut nothing, whatever the limits.
        """
        most = _WHOLE if whole else limit
        for row in self.rows if self.show_all else self.differing:
            yield self._marked(row, _cells_of(row, most))
            if any(len(shown_value(cell, limit + 1)) > limit for cell in row.cells):
                yield from (_cells_of(inner, most) for inner in row.inside)
        for fact in self.facts:
            if fact.differs or self.show_all:
                first = next((cell for cell in fact.cells if cell is not None), None)
                shown = from_difference(fact.cells, _WHOLE if whole else fact_width)
                marks = ("" if cell in (None, first) else MARKS[DIFFERS] for cell in fact.cells)
                yield f"({fact.name})", *(mark + text for mark, text in zip(marks, shown, strict=True))

    def _marked(self, row: Row, cells: tuple[str, ...]) -> tuple[str, ...]:
        """A line of the table, with marks: what was changed after the run, and what differs by its default."""
        edited = self.edited_sides(row)
        name, *values = cells
        if self.is_default_changed(row):
            name = f"{name} {DEFAULT_CHANGED}"
        return name, *(f"{value} {EDITED}" if at in edited else value for at, value in enumerate(values))

    def edited_sides(self, row: Row) -> tuple[int, ...]:
        """The sides in which a key was changed after the run."""
        return tuple(
            at
            for at, side in enumerate(self.sides)
            if side.run is not None and last_edit(side.run.folded.state.history.get(row.path, ()))
        )

    def is_default_changed(self, row: Row) -> bool:
        """Whether a key differs only because its default is another one: no run was given it.

        A default drifts with the code, or with the file of defaults, and nobody sees it on the command line.
        """
        if row.status not in (DIFFERS, TYPE_DIFFERS):
            return False
        origins = [side.origin_of(row.path) for side, cell in self._present(row)]
        return len(origins) > 1 and all(origin is not None and origin.is_default for origin in origins)

    def _present(self, row: Row) -> Iterator[tuple[Side, Any]]:
        return ((side, cell) for side, cell in zip(self.sides, row.cells, strict=True) if cell is not MISSING)

    def tally(self) -> str:
        """One line: how many keys differ, how many are the same."""
        differing, same = len(self.differing), len(self.constants)
        keys = "1 key differs" if differing == 1 else f"{differing} keys differ"
        left_out = f", {self.hidden} left out by [tool.givens] ignore" if self.hidden else ""
        drifted = sum(map(self.is_default_changed, self.rows))
        by_default = f" ({drifted} by another default)" if drifted else ""
        return f"{keys}{by_default}, {same} {'is' if same == 1 else 'are'} the same{left_out}"

    def _lines(self) -> Iterator[str]:
        rows = [("", *(clip(one_line(side.label), 40) for side in self.sides)), *self.table()]
        if len(rows) > 1:
            widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
            for row in rows:
                yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        yield self.tally()


def diff(
    *refs: object, ignore: Iterable[str] = (), all: bool = False, dir: str | os.PathLike[str] | None = None
) -> Diff:
    """Compare runs, configuration files and configurations at hand, key by key; or the sessions of one resumed run.

    Args:
        refs: one resumed run, whose sessions are compared; or two or more of: a run as for ``givens.open`` (id, name,
            ``last``, ``max:val_acc`` …), or several as a range (``"last~4..last"``); an opened or live run; a Config
            (``givens.config`` is the one at work) or any mapping; a configuration file as a path (``"sweep.yaml"``,
            ``"@sweep.yaml"``). The first is the baseline: the others are held against it.
        ignore: patterns of keys to leave out (``*.path``), beside those of ``[tool.givens] ignore``.
        all: show equal keys as well when printed, and leave nothing out for the settings' sake. ``rows`` has equal keys
            in any case.
        dir: where to look for the store, as for ``givens.open``.

    Raises:
        UsageError: fewer than two.
        RunNotFoundError: a reference names no run.
        AmbiguousRunError: it names several.
        UndeclaredGoalError: ``best:`` of a metric without a goal.
        SourceError: a file that is no configuration.
    """
    if isinstance(ignore, str):
        ignore = (ignore,)
    asking = Lazy(dir)
    several = len(refs) > 1 or any(isinstance(ref, str) and is_range(ref) for ref in refs)
    if len(refs) == 1 and not several:
        several, refs = True, tuple(sessions_in(refs[0], asking))
    sides = tuple(side for number, ref in enumerate(refs, 1) for side in _sides(ref, number, asking)) if several else ()
    if len(sides) < 2:
        raise UsageError(
            "diff compares two or more, or the sessions of one resumed run",
            "name runs, files or configurations: givens.diff('last', 'best.yaml')",
        )
    rows = compare([side.tree for side in sides], ignore)
    left_out = () if all else _ignored_here()
    kept = [row for row in rows if row.status == EQUAL or not covered(row.path, left_out)] if left_out else rows
    return Diff(sides, tuple(kept), tuple(facts_of(sides)), all, len(rows) - len(kept))


class Lazy:
    """The index of a store, looked for when the first run is named: files are compared without a store."""

    def __init__(self, dir: str | os.PathLike[str] | None) -> None:
        self._dir = dir
        self._asking: Asking | None = None

    def __call__(self) -> Asking:
        from .stored.opening import find_store

        if self._asking is None:
            self._asking = Asking(find_store(self._dir))
        return self._asking


def sessions_in(ref: object, asking: Lazy) -> list[Side]:
    """The sessions of a run; none of anything else, and of a run that was never resumed."""
    run = ref if isinstance(ref, StoredRun) else None
    if isinstance(ref, str) and not ref.startswith("@"):
        named = _named(ref, asking)
        run = named[0].run if len(named) == 1 else None
    sessions = () if run is None else run.sessions
    if len(sessions) < 2:
        return []
    return [Side(f"session {each.number}", each.config, None, each) for each in sessions]


def _sides(ref: object, number: int, asking: Lazy) -> list[Side]:
    if isinstance(ref, Side):
        return [ref]
    if isinstance(ref, StoredRun):
        return [_of_run(ref)]
    if isinstance(ref, str):
        if ref.startswith("@"):
            return [Side(ref[1:], _tree_of(ref[1:], ""), None)]
        return _named(ref, asking)
    if isinstance(ref, os.PathLike):
        return [Side(os.fsdecode(ref), _tree_of(ref, ""), None)]
    config = getattr(ref, "config", None)
    if config is not None and isinstance(getattr(ref, "id", None), str):
        return [Side(str(getattr(ref, "name", None) or getattr(ref, "id", "")), _tree_of(config, ""), None)]
    return [Side(f"config {number}", _tree_of(ref, f"config {number}"), None)]


def _named(ref: str, asking: Lazy) -> list[Side]:
    """A run, several runs, or a file when what is named looks like one and is there."""
    from .stored.opening import find_ids, open_by_id

    if ref.lower().endswith(_FILE_ENDINGS) and os.path.exists(ref):
        return [Side(ref, _tree_of(ref, ""), None)]
    try:
        return [_of_run(open_by_id(asking().store, run_id)) for run_id in find_ids(asking(), ref)]
    except RunNotFoundError:
        if ref.lower().endswith(_FILE_ENDINGS):
            return [Side(ref, _tree_of(ref, ""), None)]  # raises what is wrong with the file
        raise


def _of_run(run: StoredRun) -> Side:
    return Side(run.name, run.folded.state.config, run)


def _ignored_here() -> tuple[str, ...]:
    from ..capture.project import project_root
    from ..settings import load

    return load(os.environ, project_root(os.getcwd()))[0].ignore


def _tree_of(given: object, name: str) -> Tree:
    """The configuration that any source holds, encoded and without secrets."""
    from ..capture.project import project_root
    from ..codec import Redaction, encode
    from ..configs.neighbours import Together
    from ..settings import load
    from ..sources import read

    patterns = load(os.environ, project_root(os.getcwd()))[0].redact
    state, redaction = RunState(), Redaction(patterns)
    for layer in read(given, code=Origin("code"), name=name):
        together = Together(layer.entries, lambda _: {}, redaction)  # a pair {name, value} may be the file itself
        shown = ((entry.path, together.veiled(entry.value, entry.path)) for entry in layer.entries)
        values = [[path, encode(value, path, redaction).json, 0] for path, value in shown]
        state.apply({"k": "set", "s": values, "o": [{"kind": "code"}]})
    return state.config


def facts_of(sides: tuple[Side, ...]) -> Iterator[Fact]:
    """What is compared beside the configurations: commit, command, Python, packages; nothing where no side is a run."""
    runs = [side.run for side in sides]
    sessions = [side.session for side in sides if side.session is not None]
    for name in ("commit", "command", "host") if sessions else ():
        said = tuple(getattr(session, name) for session in sessions)
        yield Fact(name, said, len({cell for cell in said if cell is not None}) > 1)
    if not any(runs):
        return
    for name in ("commit", "dirty", "patch", "command", "python"):
        cells = tuple(None if run is None else _fact(run, name) for run in runs)
        if name != "patch" or any(cells):
            yield Fact(name, cells, len({cell for cell in cells if cell is not None}) > 1)
    yield from _package_facts(runs)


def _package_facts(runs: list[StoredRun | None]) -> Iterator[Fact]:
    """The installed packages whose versions differ, of the runs whose packages are known."""
    found = [None if run is None else run.surroundings.get("packages") for run in runs]
    known = [packages for packages in found if isinstance(packages, dict)]
    for name in sorted({name for packages in known for name in packages}):
        versions = tuple(
            str(packages.get(name, "not installed")) if isinstance(packages, dict) else None for packages in found
        )
        if len({version for version in versions if version is not None}) > 1:
            yield Fact(f"package {name}", versions, True)


def _fact(run: StoredRun, name: str) -> str | None:
    if name == "commit":
        return run.git.commit
    if name == "dirty":
        return {True: "yes", False: "no", None: None}[run.git.dirty]
    if name == "patch":
        patch = run.surroundings.get("patch")
        return f"{patch.get('sha256', '')[:12]} of {patch.get('bytes')} bytes" if isinstance(patch, dict) else None
    return (run.command or None) if name == "command" else run.python


def _cells_of(row: Row, limit: int) -> tuple[str, ...]:
    typed = row.status == TYPE_DIFFERS
    return (
        one_line(format_path(row.path)),
        *(_cell(value, status, limit, typed=typed) for value, status in zip(row.cells, row.statuses, strict=True)),
    )


def _cell(value: Any, status: str, limit: int, *, typed: bool) -> str:
    if value is MISSING:
        return MARKS[LACKING]
    return MARKS[status] + shown_value(value, limit) + (f" ({type_name(value)})" if typed else "")


def type_name(value: Any) -> str:
    """What Python calls the type of an encoded value."""
    if isinstance(value, dict):
        tag = value.get("~")
        named = value.get("dtype") or value.get("type")
        if tag is None:
            return "dict"
        return str(named) if isinstance(named, str) else str(tag)
    return "None" if value is None else type(value).__name__
