"""Filters mean the same in SQL, over an index made of real journals, and in Python, over the folds of those."""

from __future__ import annotations

import itertools
import json
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from givens.codec import Redaction, dumps, encode
from givens.index import Index, open_index
from givens.journal.layout import Store
from givens.journal.lines import Stamper
from givens.journal.reader import read_all
from givens.journal.writer import JournalWriter
from givens.query.evaluator import Subject, passes
from givens.query.finding import Question, ids_of
from givens.query.found import count, find_ids
from givens.query.nodes import Compare, Key, Metric, Node, Not, OriginOf, Probe, RunField, Sequence, joined, operands
from givens.query.parser import parse
from givens.query.sorting import SortKey, in_order, rank_of
from givens.query.subjects import subject_of
from givens.query.words import filter_text, sentence
from givens.records.origin import KINDS

NOW_S = 1_772_400_000.0
BEGAN_S = 1_772_359_200
REDACTION = Redaction()

# --- runs ---------------------------------------------------------------------------------------------------------

HUGE = [2**53 - 1, 2**53, 2**53 + 1, -(2**53) - 1, 2**60 + 1, 10**400, float(2**53), 1e300, math.inf, -math.inf]
TEXTS = [
    "",
    "vit",
    "resnet-50",
    "VIT",
    "a.b",
    "1",
    "ü",
    "\U0001f600",
    "\0x",
    "\ud800",
    "a\nb",
    "x" * 199 + "vit",
    "y" * 300,
]
scalars = st.one_of(
    st.sampled_from([None, True, False, 0, 1, 2, 2.0, -1, 0.1, -0.0, 1e-3, math.nan]),
    st.sampled_from(HUGE),
    st.sampled_from(TEXTS),
    st.text(max_size=3),
    st.integers(-3, 3),
)
values = st.one_of(
    scalars,
    scalars,
    st.lists(scalars, max_size=4),
    st.lists(scalars, max_size=3).map(tuple),
    st.just({}),
    st.just([[1], {"dim": 2}]),
    st.just(list(range(40))),
    st.lists(st.fixed_dictionaries({"dim": st.integers(0, 2)}), max_size=2),
    st.just(b"vit"),
    st.sets(st.integers(0, 2), max_size=2),
)
KEYS = ["lr", "x", "layers", "a.b", "eval/loss", "model"]
sections = st.dictionaries(st.sampled_from(["depth", "name", "a.b", "dim"]), values, max_size=3)
configs = st.dictionaries(
    st.sampled_from(KEYS), st.one_of(values, values, sections, st.dictionaries(st.integers(0, 1), values)), max_size=5
)
METRICS = ["loss", "eval/loss", "val.acc", "x", "lr"]
results = st.one_of(
    st.sampled_from([0.5, 1, 2, -1, 2**53 + 1, math.nan, math.inf, None, "vit", True, [1, 2], ["vit"], {"top": 1}]),
    st.floats(-2, 2),
)


@st.composite
def journals(draw: st.DrawFn) -> list[tuple[str, dict[str, Any]]]:
    """The events of one run: its start line first."""
    start: dict[str, Any] = {"format": 1, "role": "main", "pid": 1, "host": "elsewhere"}
    for name, choices in (
        ("project", [None, "digits", "words"]),
        ("name", ["calm-otter", "red-fox", "ü"]),
        ("group", [None, "g1", "g2"]),
        ("tags", [None, ["base"], ["base", "vit"]]),
        ("user", ["ada", None]),
    ):
        chosen = draw(st.sampled_from(choices))  # type: ignore[arg-type]
        if chosen is not None:
            start[name] = chosen
    origins = [{"kind": kind} for kind in draw(st.lists(st.sampled_from([*KINDS, "odd"]), min_size=1, max_size=2))]

    def writes(config: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        rows = [[[key], _json(value), at % (len(origins) + 1)] for at, (key, value) in enumerate(config.items())]
        return "set", {"s": rows, "o": origins}

    events = [("start", start), writes(draw(configs))]
    if draw(st.booleans()):
        events.append(("settle", {}))
    if draw(st.booleans()):
        events.append(writes(draw(configs)))
    if draw(st.booleans()):
        gone = [[key] for key in draw(st.lists(st.sampled_from(KEYS), max_size=2, unique=True))]
        events.append(("delete", {"p": gone, "o": origins[0]}))
    for step, logged in enumerate(
        draw(st.lists(st.dictionaries(st.sampled_from(METRICS), results, max_size=3), max_size=3))
    ):
        events.append(("log", {"m": {name: _json(value) for name, value in logged.items()}, "step": step}))
    if draw(st.booleans()):
        events.append(("summary", {"m": {"x": _json(draw(values)), "val.acc": _json(draw(results))}}))
    if draw(st.booleans()):
        events.append(
            ("finish", {"state": draw(st.sampled_from(["finished", "failed"])), "code": draw(st.integers(0, 2))})
        )
    return events


def _json(value: Any) -> Any:
    return encode(value, ("x",), REDACTION).json


@contextmanager
def indexed(runs: list[list[tuple[str, dict[str, Any]]]]) -> Iterator[tuple[Index, dict[str, Subject]]]:
    """An index of runs, and the same runs as the evaluator looks at them."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"{folder}/.givens")
        store.make()
        for number, events in enumerate(runs):
            _write(store, f"run{number}", events, BEGAN_S + 600 * number)
        with open_index(store, folder=_made(folder)) as index:
            assert index.refresh().complete
            index.mark_states()
            yield index, dict(_subjects(store, index))


def _made(folder: str) -> str:
    (Path(folder) / "index").mkdir()
    return f"{folder}/index"


def _write(store: Store, run_id: str, events: list[tuple[str, dict[str, Any]]], began_s: int) -> None:
    seconds, ticks = itertools.count(began_s), itertools.count()
    journal = JournalWriter(
        store.run_file(run_id), Stamper(lambda: next(seconds) * 10**9, lambda: max(0, next(ticks) - 1) * 10**9)
    )
    journal.open()
    for kind, members in events:
        if kind == "start":
            members = {**members, "run": run_id, "writer": (run_id * 16)[:16]}
        journal.append(kind, "".join(f",{json.dumps(key)}:{dumps(value)}" for key, value in members.items()))
    journal.close()


def _subjects(store: Store, index: Index) -> Iterator[tuple[str, Subject]]:
    now = dict(index.connection.execute("SELECT r.id, n.state FROM now n JOIN run r ON r.run = n.run"))
    prints = dict(index.connection.execute("SELECT id, fingerprint FROM run"))
    for run in read_all(store):
        stands = str((run.state.finish or {}).get("state") or now[run.run_id])
        yield run.run_id, subject_of(run.run_id, run.state, stands=stands, now_s=NOW_S, fingerprint=prints[run.run_id])


# --- filters ------------------------------------------------------------------------------------------------------

literals = st.one_of(
    scalars.filter(lambda value: value != 10**400),
    st.lists(scalars, max_size=3).map(lambda items: Sequence(tuple(items))),
    st.sampled_from([Sequence((1,)), Sequence(()), Sequence((Sequence((1,)),))]),
)
PATHS: list[tuple[Any, ...]] = [
    *(
        ("lr",),
        ("x",),
        ("layers",),
        ("a.b",),
        ("eval/loss",),
        ("model",),
        ("model", "depth"),
        ("model", "name"),
        ("nowhere",),
    ),
    *(
        ("model", "a.b"),
        ("layers", 0),
        ("layers", 1),
        ("layers", 35),
        ("layers", 0, "dim"),
        ("layers", 0, 0),
        ("model", (0,)),
    ),
    *(("val", "acc"), ("val.acc",), ("x", "top"), ("loss",), ("loss", "top"), ("x", 0)),
]
paths = st.sampled_from(PATHS)
keys = st.builds(Key, st.sampled_from(["config", "summary", "either"]), paths)
metrics = st.builds(Metric, st.sampled_from(["max", "min"]), st.sampled_from([*METRICS, "nowhere"]))
PATTERNS = ["*", "", "vit", "v*", "*5*", "?it", "[rv]*", "[!v]*", "x*vit", "calm-*", "[", "*\n*", "\0*"]
FIELDS = [
    'run.name == "red-fox"',
    'run.name != "red-fox"',
    'run.project is None or run.project == "words"',
    "exists(run.group)",
    "missing(run.user)",
    'run.group in ["g1", None]',
    'run.group not in ["g1"]',
    '"fo" in run.name',
    'run.id > "run1"',
    'run.state == "finished"',
    'run.state in ["running", "lost", "failed"]',
    'run.state != "failed"',
    'matches(run.state, "f*")',
    'run.created in "2026-03-01"',
    'run.created > "2026-03-01T10:05Z"',
    'run.created <= "2026-03-01T10:10Z"',
    'run.created not in "2026-03-01T10:10Z"',
    'run.created == "2026"',
    "run.duration >= 3",
    'run.duration < "1h"',
    "not run.duration < 4",
    '"base" in tags',
    '"vit" not in tags',
    'matches(tags, "v*")',
    "run.exit_code == 1",
    "run.exit_code in [0, 2]",
    "run.exit_code is None",
    "run.git.dirty is None",
    'run.fingerprint > "8"',
]


def _comparisons(operand: st.SearchStrategy[Any]) -> st.SearchStrategy[Node]:
    ordered = st.one_of(scalars.filter(_has_order), st.sampled_from(TEXTS))
    return st.one_of(
        st.builds(Compare, operand, st.sampled_from(["==", "!="]), literals),
        st.builds(Compare, operand, st.sampled_from(["<", "<=", ">", ">="]), ordered),
        st.builds(Compare, operand, st.sampled_from(["in", "not in"]), st.lists(literals, max_size=3).map(tuple)),
        st.builds(Compare, operand, st.sampled_from(["contains", "not contains"]), literals),
        st.builds(Compare, operand, st.just("matches"), st.sampled_from(PATTERNS)),
    )


def _has_order(value: Any) -> bool:
    return type(value) is str or (type(value) in (int, float) and value == value)


numbers = st.sampled_from([0.5, 1, 2, -1.5, 2**53 + 1, math.inf])
tests: st.SearchStrategy[Node] = st.one_of(
    _comparisons(keys),
    _comparisons(keys),
    st.builds(Compare, metrics, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), numbers),
    st.builds(Probe, st.sampled_from(["exists", "missing"]), st.one_of(keys, metrics)),
    st.builds(Probe, st.just("changed"), st.builds(Key, st.just("config"), paths)),
    st.builds(Compare, st.builds(OriginOf, paths), st.sampled_from(["==", "!="]), st.sampled_from(["code", "unknown"])),
    st.builds(Compare, st.builds(OriginOf, paths), st.just("in"), st.just(("argparse", "file"))),
    st.sampled_from(FIELDS).map(lambda text: parse(text, now_s=NOW_S)),
)
trees: st.SearchStrategy[Node] = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(joined, st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=3,
)


def _answers(index: Index, node: Node) -> list[str]:
    return sorted(find_ids(index, node, now_s=NOW_S))


@settings(max_examples=50, deadline=None)
@given(st.lists(journals(), min_size=1, max_size=6), st.lists(trees, min_size=10, max_size=25))
def test_sql_and_python_agree(runs: list[list[tuple[str, dict[str, Any]]]], nodes: list[Node]) -> None:
    with indexed(runs) as (index, subjects):
        for node in nodes:
            expected = sorted(run_id for run_id, subject in subjects.items() if passes(node, subject))
            assert _answers(index, node) == expected, sentence(node)
            assert count(index, node, now_s=NOW_S) == len(expected), sentence(node)
            broad = Question(index, node, now_s=NOW_S, few=0)
            assert broad.count() == len(expected), sentence(node)
            assert sorted(ids_of(index, broad.runs(limit=99))) == expected, sentence(node)


sort_keys = st.builds(
    SortKey,
    st.one_of(
        keys.filter(lambda key: key.path != ("model",)),
        metrics,
        st.sampled_from(["name", "created", "group", "state", "exit_code", "duration"]).map(RunField),
    ),
    st.booleans(),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(journals(), min_size=2, max_size=8),
    st.lists(st.lists(sort_keys, min_size=1, max_size=2).map(tuple), min_size=4, max_size=8),
    tests,
    st.integers(1, 3),
    st.sampled_from([0, 20_000]),
)
def test_both_sort_alike_and_pages_make_the_whole(
    runs: list[list[tuple[str, dict[str, Any]]]], sorts: list[tuple[SortKey, ...]], node: Node, page: int, few: int
) -> None:
    with indexed(runs) as (index, subjects):
        for sort in sorts:
            question = Question(index, node, now_s=NOW_S, few=few)
            found = ids_of(index, question.runs(sort))
            passing = [subject for subject in subjects.values() if passes(node, subject)]
            places = [[rank_of(key.operand, subjects[run_id]) for key in sort] for run_id in found]
            expected = [[rank_of(key.operand, subject) for key in sort] for subject in in_order(passing, sort)]
            assert places == expected, sort
            paged = [question.runs(sort, limit=page, offset=at) for at in range(0, len(runs) + page, page)]
            assert ids_of(index, [run for part in paged for run in part]) == found, sort


def _can_be_written(node: Node) -> bool:
    """Whether the language has words for a tree: a bare quoted key would be a text, an int of 401 digits does not read."""
    odd = [key for key in operands(node) if isinstance(key, Key) and (key.scope, key.path) == ("either", ("val.acc",))]
    odd += [key for key in operands(node) if isinstance(key, Key) and (key.scope, key.path) == ("either", ("a.b",))]
    return not odd and "0" * 400 not in repr(node)


@given(trees.filter(_can_be_written))
def test_a_tree_written_as_text_reads_back_equal(node: Node) -> None:
    assert sentence(node)
    text = filter_text(node)
    again = parse(text, now_s=NOW_S)
    assert filter_text(again) == text
