"""The command line's short form."""

from __future__ import annotations

import pytest

from givens.errors import FilterSyntaxError
from givens.query.nodes import EVERYTHING
from givens.query.parser import parse_operand
from givens.query.shorthand import lumped_words, parse_words, place_in_words
from givens.query.words import filter_text


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["lr=0.1", "model.name=vit"], 'lr == 0.1 and model.name == "vit"'),
        (["lr=1e-3"], "lr == 0.001"),
        (["x=010", "y=no", "z=true"], 'x == 10 and y == "no" and z == True'),
        (["x=", "y=null", "z=~"], "x == None and y == None and z == None"),
        (['x="0.1"', "y='no'"], 'x == "0.1" and y == "no"'),
        (["layers=[64, a]"], 'layers == [64, "a"]'),
        (["layers[0].dim=3", "labels{0}=a"], 'layers[0].dim == 3 and labels{0} == "a"'),
        (["x=a=b"], 'x == "a=b"'),
        (["config.lr=.inf"], "config.lr == inf"),
        (["summary.acc=1"], "summary.acc == 1"),
        (["run.name=3", "run.state=failed"], 'run.name == "3" and run.state == "failed"'),
        (["run.created=2026-03", "tags=base"], 'run.created == "2026-03" and "base" in run.tags'),
        (["run.group=null"], "run.group == None"),
        (["lr<0.1"], "lr < 0.1"),
        (["lr!=1", "x=2"], "lr != 1 and x == 2"),
        (["lr", "<", "0.1", "x=2", "y", "in", "[1]"], "lr < 0.1 and x == 2 and y in [1]"),
        (["lr < 1 or lr > 2", "x=2"], "(lr < 1 or lr > 2) and x == 2"),
    ],
)
def test_words(words: list[str], text: str) -> None:
    assert filter_text(parse_words(words, now_s=0.0)) == text


def test_no_words_are_every_run() -> None:
    assert parse_words([]) == EVERYTHING


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run.state=done"], "states are running"),
        (["x={a: 1}"], "a dict cannot be compared with"),
        (["x=[1"], "no value"),
        (["lr <", "x=1"], "the filter ends here"),
        (["run.foo=1"], "a run has no field 'foo'"),
        (["run.duration=long"], "is no duration"),
    ],
)
def test_a_mistake_is_told(words: list[str], message: str) -> None:
    with pytest.raises(FilterSyntaxError, match=message):
        parse_words(words)


@pytest.mark.parametrize(
    ("named", "words", "place"),
    [
        ("lrr", ["lr=1", "lrr=2"], "lrr=2 0:3"),
        ("config.lrr", ["lr=1", "lr > 0 and", "not exists(lrr)"], "lr > 0 and not exists(lrr) 22:25"),
        ("max(los)", ["seed=0", "max(los) < 1"], "max(los) < 1 4:7"),
        ('max("eval loss")', ['max("eval loss") < 1'], 'max("eval loss") < 1 4:15'),
        ("origin(lrr)", ["origin(config.lrr) == 'file'"], "origin(config.lrr) == 'file' 7:17"),
        ("summary.x", ["config.x == 1 or summary.x == 2"], "config.x == 1 or summary.x == 2 17:26"),
        ("lrr", ["opt='lrr'", "opt == 'lrr'"], None),
        ("max(acx)", ['name == "acx" and max(acx) > 1'], 'name == "acx" and max(acx) > 1 22:25'),
    ],
)
def test_where_a_key_stands_among_the_words(named: str, words: list[str], place: str | None) -> None:
    parse_words(words)
    found = place_in_words(parse_operand(named), words)
    assert (None if found is None else "{} {}:{}".format(*found)) == place


@pytest.mark.parametrize(
    ("word", "is_said"),
    [
        ("lr=0.1 and seed=0", True),
        ("lr=0.1 or seed != 0", True),
        ("lr=0.1 and not exists(seed)", True),
        ("lr=0.1 and seed in [0, 1]", True),
        ('lr=0.1 and max("eval loss") > 1', True),
        ("seed=0 lr=0.1", True),
        ("seed=0 lr!=0.1", True),
        ("note=train and eval", False),
        ("path=/data/x and y/z", False),
        ("note=this or that in between", False),
        ("note=old -> new", False),
        ("note='a and b=1'", False),
    ],
)
def test_a_text_is_told_off_only_where_a_condition_stands_in_it(word: str, is_said: bool) -> None:
    assert bool(lumped_words([word])) is is_said
