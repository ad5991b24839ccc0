"""``givens keys``."""

from __future__ import annotations

import json
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}
FLAG = {"kind": "argparse", "name": "--lr", "note": "typed"}
FINISHED = ("finish", {"state": "finished", "code": 0})


@pytest.fixture
def two(journals: Any) -> Any:
    for run_id, lr, name, momentum, day in (("aaa", 0.1, "vit", None, 1), ("bbb", 0.01, "mlp", 9, 2)):
        values = [
            [["lr"], lr, 1],
            [["model", "name"], name, 0],
            [["momentum"], momentum, 0],
            [["flip"], run_id == "aaa", 0],
        ]
        journals.write(
            run_id,
            ("set", {"s": values, "o": [CODE, FLAG], "d": [[["lr"], "the step size"]]}),
            ("log", {"m": {"acc": lr}, "step": 1}),
            FINISHED,
            began=f"2026-03-0{day}T10:00:00",
        )
    return journals


@pytest.mark.usefixtures("two")
def test_every_key_has_kinds_range_and_usual_origin(givens: Any) -> None:
    lines = givens("keys").lines
    assert lines[0] == "config"
    cells = {line.split()[0]: line for line in lines[2:]}
    assert cells["flip"].split() == ["flip", "2", "bool", "code"]  # True in one, False in the other: one kind
    assert cells["lr"].split()[:7] == ["lr", "2", "float", "0.01", "to", "0.1", "argparse"]
    assert cells["model.name"].split()[1:] == ["2", "str", "'mlp',", "'vit'", "code"]
    assert "int 1, null 1" in cells["momentum"]
    assert cells["acc"].split() == ["acc", "2", "float", "0.01", "to", "0.1"]
    assert lines.index("results") > lines.index(cells["momentum"])


@pytest.mark.usefixtures("two")
@pytest.mark.parametrize(
    ("pattern", "found"), [("model", ["model.name"]), ("*m*", ["model.name", "momentum"]), ("lr", ["lr"])]
)
def test_a_pattern_narrows_to_sections_and_globs(givens: Any, pattern: str, found: list[str]) -> None:
    assert [line.split()[0] for line in givens("keys", pattern).lines[1:]] == found


@pytest.mark.usefixtures("two")
def test_programs_get_every_column(givens: Any) -> None:
    shape = json.loads(givens("keys", "lr", "--json").out)
    cells = {name: cell["value"] for name, cell in shape["rows"][0]["cells"].items()}
    assert cells["low"] == 0.01 and cells["high"] == 0.1
    assert (cells["project"], cells["space"], cells["runs"], cells["origin"], cells["share"]) == (
        "digits",
        "config",
        2,
        "argparse",
        1.0,
    )
    assert givens("keys", "momentum", "--csv").lines[1].startswith('momentum,digits,config,2,"int 1, null 1",9,9')


@pytest.mark.usefixtures("two")
def test_a_pattern_that_fits_nothing_says_so(givens: Any) -> None:
    assert givens("keys", "zzz").lines == ["no key fits 'zzz'; `givens keys` lists all"]
    assert givens("keys", "--project", "none").lines == ["nothing was given to a run yet"]


def test_two_projects_are_told_apart(givens: Any, two: Any) -> None:
    two.write("ccc", ("set", {"s": [[["lr"], 1, 0]], "o": [CODE]}), FINISHED, start={"project": "moons"})
    lines = givens("keys", "lr").lines
    assert [line.split()[:3] for line in lines] == [
        ["key", "project", "runs"],
        ["lr", "digits", "2"],
        ["lr", "moons", "1"],
    ]
    assert "project" not in givens("keys", "lr", "--project", "moons").lines[0]


def test_ends_of_ranges_are_exact_however_large(givens: Any, journals: Any) -> None:
    huge = 16**250 + 1
    for run_id, seed, mixed in (("aaa", 10**18 + 1, 0.5), ("bbb", 10**18 + 2, 2**53 + 1), ("ccc", -(10**30), -huge)):
        values = [[["seed"], seed, 0], [["mixed"], mixed, 0]]
        times = 3 + (seed > 0) + seed % 2
        logged = {"count": seed, "total": times * huge, "of": {"x": -times * huge}}
        journals.write(run_id, ("set", {"s": values, "o": [CODE]}), ("log", {"m": logged, "step": 1}), FINISHED)
    out = givens("keys").out
    assert f"{-(10**30)} to {10**18 + 2}" in out
    rows = {line.split(",")[0]: line for line in givens("keys", "--csv").lines}
    assert f",{-(10**30)},{10**18 + 2}," in rows["seed"] and f",{-(10**30)},{10**18 + 2}," in rows["count"]
    assert f",{-huge},{2**53 + 1}," in rows["mixed"]
    assert f",{3 * huge},{5 * huge}," in rows["total"] and f",{-5 * huge},{-3 * huge}," in rows["of.x"]
