"""The index's fold takes short cuts; ``RunState`` says what events mean. They must never differ."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from givens.codec import same_value
from givens.index.run_fold import RunFold
from givens.records.change import MISSING
from givens.records.encoded import lift
from givens.records.events import Event
from givens.records.state import RunState, fold

_KEYS = st.sampled_from(["lr", "model", "layers", "~", 'a."b"', "depth"])
_PARTS = _KEYS | st.integers(0, 3) | st.integers(0, 2).map(lambda n: [n])
_PATHS = (
    st.lists(_KEYS, min_size=1, max_size=1)
    | st.tuples(_KEYS, _PARTS).map(list)
    | st.tuples(_KEYS, _PARTS, _PARTS).map(list)
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(0, 3)
    | st.sampled_from([0.5, 2.0, "a", "vit"])
    | st.just({"~": "float", "v": "nan"})
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["depth", "lr", "x"]), inner, max_size=3)
        | st.lists(st.tuples(st.integers(0, 2), inner), min_size=1, max_size=2, unique_by=lambda pair: pair[0]).map(
            lambda pairs: {"~": "map", "v": [list(pair) for pair in pairs]}
        )
    ),
    max_leaves=5,
)
_ORIGINS = st.sampled_from([{"kind": "code", "line": 3}, {"kind": "argparse", "name": "--lr"}, {"kind": "file"}])


def _finer(row: tuple[Any, ...]) -> list[Any]:
    path, value, number, inside = row
    return [path, value, number, *([[[[*path, "depth"], inside - 2]]] if inside else [])]


_ROWS = st.tuples(_PATHS, _VALUES, st.integers(-1, 2), st.integers(0, 4)).map(_finer)
_EVENTS = st.one_of(
    st.builds(
        lambda rows, origins, layering: {"k": "set", "s": rows, "o": origins, **({"l": 1} if layering else {})},
        st.lists(_ROWS, min_size=1, max_size=4),
        st.lists(_ORIGINS, min_size=1, max_size=3),
        st.booleans(),
    ),
    st.builds(
        lambda path, at, rm, v: {"k": "splice", "p": path, "at": at, "rm": rm, "v": v},
        _PATHS,
        st.integers(0, 3),
        st.integers(0, 3),
        st.lists(_VALUES, max_size=2),
    ),
    st.builds(
        lambda paths: {"k": "delete", "p": paths, "o": {"kind": "code"}}, st.lists(_PATHS, min_size=1, max_size=2)
    ),
    st.builds(lambda path, value: {"k": "refuse", "p": path, "v": value, "by": "sweep"}, _PATHS, _VALUES),
    st.builds(
        lambda m, step: {"k": "log", "m": m, "step": step},
        st.dictionaries(st.sampled_from(["loss", "acc"]), _SCALARS, max_size=2),
        st.integers(0, 9),
    ),
    st.builds(
        lambda m, x: {"k": "summary", "m": m, "x": x},
        st.dictionaries(st.sampled_from(["loss", "best"]), _VALUES, max_size=2),
        st.lists(st.sampled_from(["loss", "acc"]), max_size=1),
    ),
    st.sampled_from(
        [
            {"k": "settle"},
            {"k": "metric", "name": "loss", "goal": "min"},
            {"k": "meta", "tags": ["a"]},
            {"k": "lock", "p": [["lr"]], "by": "sweep"},
            {"k": "lossy", "p": [[["lr"], "why"]]},
            {"k": "exit", "code": 3},
            {"k": "of tomorrow"},
            {"k": "finish", "state": "finished"},
            {"k": "start", "writer": "w", "name": "calm"},
        ]
    ),
)


def numbered(events: list[Event]) -> list[Event]:
    return [{**event, "n": n, "t": f"2026-03-01T10:00:{n:02d}Z", "dt": float(n)} for n, event in enumerate(events)]


def both(events: list[Event]) -> tuple[RunState, RunFold]:
    quick = RunFold()
    for event in events:
        quick.take(event)
    return fold(events), quick


def noted_of(state: RunState) -> list[tuple[Any, ...]]:
    """What the index notes, from the whole history: changes of mind, and refused writes."""
    found = []
    for unit, changes in state.history.items():
        for change in changes:
            old, new = change.old, change.new
            if change.action == "refused":
                found.append((unit, "refused", change.at))
            elif not change.settled:
                continue
            elif change.action == "splice":
                if old or new:
                    found.append((unit, "splice", change.at))
            elif change.action == "delete" or (change.below is not None and old is MISSING):
                found.append((unit, change.action, change.at))
            elif old is not MISSING and old is not None and not same_value(lift(old), lift(new)):
                found.append((unit, "set", change.at))
    return sorted(found, key=repr)


@settings(max_examples=400, deadline=None)
@given(st.lists(_EVENTS, max_size=8).map(numbered))
@example(
    numbered(
        [
            {"k": "set", "s": [[["a"], {"b": 1}, 0]], "o": [{"kind": "code"}]},
            {"k": "settle"},
            {"k": "set", "s": [[["c"], 1, 0]], "o": [{"kind": "code"}]},
        ]
    )
)
@example(
    numbered([{"k": "lossy", "p": [[["lr"], "why"]]}, {"k": "set", "s": [[["lr"], 1, 0]], "o": [{"kind": "code"}]}])
)
def test_the_short_cuts_change_nothing(events: list[Event]) -> None:
    state, quick = both(events)
    assert quick.failed == 0
    assert quick.document == lift(state.config)
    assert list(quick.document) == list(lift(state.config))
    settled = quick.settled_config
    expected = None if state.settled is None else lift(state.settled)
    if settled is not None:
        assert lift(settled) == expected
    elif expected is not None:
        assert quick.document == expected
    quick.plant_all()
    assert repr(quick.config) == repr(state.config)
    assert quick.origins == state.origins
    assert repr(quick.carried()) == repr(_results(state))
    for name in (
        "start",
        "descriptions",
        "locks",
        "goals",
        "meta",
        "finish",
        "exit_code",
        "last_at",
        "lossy",
        "events",
    ):
        assert getattr(quick, name) == getattr(state, name), name
    assert (quick.settled is None) == (state.settled is None)
    assert quick.unknown_kinds == state.unknown_kinds
    assert sorted(((noted.path, noted.action, noted.at) for noted in quick.noted), key=repr) == noted_of(state)


def _results(state: RunState) -> list[Any]:
    return [
        [name, r.last, r.last_step, r.min, r.min_step, r.max, r.max_step, r.count] for name, r in state.results.items()
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(_EVENTS, max_size=8).map(numbered), st.integers(0, 8))
def test_results_are_carried_on_and_the_configuration_is_put_together_again(events: list[Event], at: int) -> None:
    _, whole = both(events)
    _, before = both(events[:at])
    after = RunFold()
    after.carry_on(before.carried())
    for event in events[:at]:
        after.take_again(event)
    for event in events[at:]:
        after.take(event)
    assert repr(after.carried()) == repr(whole.carried())
    assert after.document == whole.document
    for name in ("loss", "acc"):
        points = [fold.points[name].values if name in fold.points else [] for fold in (before, after, whole)]
        assert points[0] + points[1] == points[2]


def test_an_event_that_is_not_what_its_kind_says_is_counted_and_harms_nothing() -> None:
    events: list[Any] = [
        {"k": "set", "s": [[["lr"], 1, 0]], "o": [{"kind": "code"}]},
        {"k": "splice"},
        {"k": "set", "s": [7]},
        {"k": "log", "m": 5},
        {"k": "delete", "p": 3},
        {"k": "set", "s": [[["seed"], 2, 0]], "o": [{"kind": "code"}]},
    ]
    quick = RunFold()
    for event in numbered(events):
        quick.take(event)
    assert quick.failed == 4
    assert quick.document == {"lr": 1, "seed": 2}
