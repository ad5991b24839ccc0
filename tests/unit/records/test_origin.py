from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from givens.records.origin import IN_PLACE, KINDS, UNKNOWN, Origin

texts = st.none() | st.text()
numbers = st.none() | st.integers(min_value=1, max_value=10**6)


@given(st.sampled_from(sorted(KINDS)), texts, numbers, numbers, texts, texts)
def test_every_origin_round_trips_through_the_journals_form(
    kind: str, file: str | None, line: int | None, column: int | None, name: str | None, note: str | None
) -> None:
    origin = Origin(kind, file, line, column, name, note)
    stored = json.loads(json.dumps(origin.to_json()))
    assert Origin.from_json(stored) == origin
    assert None not in stored.values()


def test_members_of_a_later_version_are_passed_over() -> None:
    assert Origin.from_json({"kind": "code", "file": "a.py", "colour": "red"}) == Origin("code", "a.py")


@pytest.mark.parametrize("damaged", [None, [], "code", 3, {}])
def test_what_is_no_origin_is_an_unknown_one(damaged: object) -> None:
    assert Origin.from_json(damaged) == UNKNOWN


@pytest.mark.parametrize(
    ("origin", "text"),
    [
        (Origin("code", "train.py", 12), "train.py:12"),
        (Origin("file", "config.yaml", 3, 5), "config.yaml:3:5"),
        (Origin("argparse", name="--lr", note="typed"), "--lr (typed)"),
        (Origin("argparse", "train.py", 8, None, "lr"), "argparse's lr (train.py:8)"),
        (Origin("argparse", name="path", note="typed"), "path (typed)"),
        (Origin("argparse", "train.py", 8, None, "--lr", "default"), "--lr (default, train.py:8)"),
        (Origin("absl", "flags.py", name="--model", note="given"), "--model (given, flags.py)"),
        (Origin("env", name="GIVENS_CONFIG__lr"), "$GIVENS_CONFIG__lr"),
        (Origin("override", note="cli"), "override (cli)"),
        (Origin("run", name="k7f2"), "run k7f2"),
        (IN_PLACE, "changed in place"),
        (UNKNOWN, "unknown"),
        (Origin("code"), "code"),
    ],
)
def test_an_origin_reads_as_a_person_would_say_it(origin: Origin, text: str) -> None:
    assert str(origin) == text


def test_every_kind_is_explained_in_one_line() -> None:
    assert {UNKNOWN.kind, IN_PLACE.kind} <= KINDS.keys()
    assert all(meaning and "\n" not in meaning for meaning in KINDS.values())


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (Origin("argparse", name="--lr", note="default"), True),
        (Origin("absl", name="--v", note="default, library"), True),
        (Origin("click", name="--lr", note="default map"), True),
        (Origin("file", "conf/config-defaults.yaml", 3), True),
        (Origin("file", "config.yaml", 3), False),
        (Origin("argparse", name="--lr", note="typed"), False),
        (Origin("code", "default.py", 3), False),
        (UNKNOWN, False),
    ],
)
def test_a_default_is_what_nobody_gave(origin: Origin, expected: bool) -> None:
    assert origin.is_default is expected
