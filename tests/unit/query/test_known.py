"""Keys that no run has."""

from __future__ import annotations

import pytest

from givens.index import Index
from givens.query.known import KnownKeys, check, known_keys, unknown_keys
from givens.query.parser import parse

KNOWN = KnownKeys(
    ["lr", "model.depth", "model.name", "layers", '"a.b"', "labels{0}"], ["val_acc", "eval/loss", "val.acc"]
)


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("config.modle.depth == 1", ["unknown key config.modle.depth; did you mean config.model.depth?"]),
        ("depth == 1", ["unknown key depth; did you mean model.depth?"]),
        ("state == 'lost'", ["unknown key state; did you mean run.state?"]),
        ("max(val_ac) > 1", ["unknown key val_ac; did you mean val_acc?"]),
        ("summary.valacc > 1", ["unknown key summary.valacc; did you mean summary.val_acc?"]),
        (
            "LR == 1 and Model.Depth == 2",
            ["unknown key LR; did you mean lr?", "unknown key Model.Depth; did you mean model.depth?"],
        ),
        (
            "rn.state == 'lost' or stat == 1",
            ["unknown key rn.state; did you mean run.state?", "unknown key stat; did you mean run.state?"],
        ),
        (
            "optim.lr == 1 or confg.depth == 1",
            ["unknown key optim.lr; did you mean lr?", "unknown key confg.depth; did you mean model.depth?"],
        ),
        (
            "config.val_acc > 1 or summary.lr > 1",
            [
                "unknown key config.val_acc; did you mean summary.val_acc?",
                "unknown key summary.lr; did you mean config.lr?",
            ],
        ),
        ("origin(lrr) == 'file'", ["unknown key config.lrr; did you mean config.lr?"]),
        ("zzzz == 1 or (not zzzz == 2)", ["unknown key zzzz"]),
        ("a.b == 1", ['unknown key a.b; did you mean config."a.b"?']),
        ("lr < 1 and layers[3].x == 1 and exists(model) and labels{0} == 1", []),
        ("val_acc > 1 and summary.val.acc > 1 and max(eval/loss) > 1 and run.name == 'a'", []),
    ],
)
def test_unknown_keys(text: str, problems: list[str]) -> None:
    assert [str(problem) for problem in check(parse(text), KNOWN)] == problems


@pytest.mark.parametrize(
    "text",
    [
        "lr < 1 and layers[0] == 64 and exists(model) and config.model.depth > 1 and changed(seed)",
        "layers[3].x == 1 or max(val_acc) > 1 or summary.val_acc > 1 or val_acc > 1 or run.name == 'a'",
        "origin(model.depth) == 'file' and not missing(lr)",
        "exists(modle)",
        "exists(model.depth.x) or layers.x == 1 or lr[0] == 1",
        "max(lr) > 1",
        "summary.lr > 1 or config.val_acc > 1",
        "lr > 1 and (seed == 1 or not exists(sede))",
        "max(val_ac) > 1 or origin(mode.depth) == 'file' or changed(lrr)",
    ],
)
def test_what_a_few_look_ups_tell_is_what_the_list_of_all_keys_tells(sweep: Index, text: str) -> None:
    for project in ("digits", None):
        assert unknown_keys(parse(text), sweep, project) == check(parse(text), known_keys(sweep, project))
    assert unknown_keys(parse(text), sweep, "others") == []


def test_among_very_many_keys_the_nearest_is_found() -> None:
    many = KnownKeys([f"part_{number % 40}.option_{number:05d}.value" for number in range(5_000)], [])
    (problem,) = check(parse("config.part_7.optoin_00127.value == 1"), many)
    assert problem.nearest == "config.part_7.option_00127.value"


def test_the_keys_of_an_index(sweep: Index) -> None:
    known = known_keys(sweep, "digits")
    assert sorted(known.config) == ["layers", "lr", "model.depth", "model.name", "seed"]
    assert list(known.results) == ["val_acc"]
    assert known_keys(sweep, "others") == KnownKeys([], [])
