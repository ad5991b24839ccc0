"""From text to the tree; and what a mistake is told."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import FilterSyntaxError
from givens.query.nodes import (
    EVERYTHING,
    Compare,
    Junction,
    Key,
    Metric,
    Node,
    Not,
    OriginOf,
    Period,
    Probe,
    RunField,
    Sequence,
    Span,
    operands,
)
from givens.query.parser import parse, parse_operand

LR = Key("config", ("lr",))
X = Key("either", ("x",))


def one(value: Any) -> Compare:
    return Compare(X, "==", value)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", EVERYTHING),
        ("  ", EVERYTHING),
        ("config.lr < 1e-3", Compare(LR, "<", 0.001)),
        ("0.001 > config.lr", Compare(LR, "<", 0.001)),
        ("1e-4 <= config.lr < 1", Junction("and", (Compare(LR, ">=", 1e-4), Compare(LR, "<", 1)))),
        ("x == None", one(None)),
        ("x is None", one(None)),
        ("x is not None", Compare(X, "!=", None)),
        ("x == [1, 'a', [None]]", one(Sequence((1, "a", Sequence((None,)))))),
        ("x == (1, 2)", one(Sequence((1, 2)))),
        ("x == (1,)", one(Sequence((1,)))),
        ("x == (1)", one(1)),
        ("x == []", one(Sequence(()))),
        ("x in [1, 2,]", Compare(X, "in", (1, 2))),
        ("x not in ['a']", Compare(X, "not in", ("a",))),
        ("'vit' in x", Compare(X, "contains", "vit")),
        ("3 not in x", Compare(X, "not contains", 3)),
        ("[1] in x", Compare(X, "contains", Sequence((1,)))),
        ("matches(x, 'a*')", Compare(X, "matches", "a*")),
        ("exists(x)", Probe("exists", X)),
        ("missing(max(loss))", Probe("missing", Metric("max", "loss"))),
        ("changed(lr)", Probe("changed", LR)),
        ("origin(lr) == 'argparse'", Compare(OriginOf(("lr",)), "==", "argparse")),
        ("origin(config.lr) in ['file', 'env']", Compare(OriginOf(("lr",)), "in", ("file", "env"))),
        ("max(val.acc) > 0.9", Compare(Metric("max", "val.acc"), ">", 0.9)),
        ("min(summary.loss) < 1", Compare(Metric("min", "loss"), "<", 1)),
        ("max('my loss') > 1", Compare(Metric("max", "my loss"), ">", 1)),
        ("last(loss) < 1", Compare(Key("summary", ("loss",)), "<", 1)),
        ("summary.eval/loss < 1", Compare(Key("summary", ("eval/loss",)), "<", 1)),
        ("run.name == 'a'", Compare(RunField("name"), "==", "a")),
        ("run.git.dirty == True", Compare(RunField("git.dirty"), "==", True)),
        ("'a' in tags", Compare(RunField("tags"), "contains", "a")),
        ("run.duration > 60", Compare(RunField("duration"), ">", 60)),
        ("run.duration > '1h'", Compare(RunField("duration"), ">", Span("1h", 3600.0))),
        ("run.created > '10s ago'", Compare(RunField("created"), ">", Period("10s ago", 90.0, 90.0))),
        ('"config".x == 1', Compare(Key("either", ("config", "x")), "==", 1)),
        ("labels{0} == 'a'", Compare(Key("either", ("labels", (0,))), "==", "a")),
        ("not x == 1", Not(one(1))),
        ("not not x == 1", Not(Not(one(1)))),
        ("not (x == 1 or x == 2)", Not(Junction("or", (one(1), one(2))))),
        ("x == 1 or x == 2 and x == 3", Junction("or", (one(1), Junction("and", (one(2), one(3)))))),
        ("(x == 1 or x == 2) and x == 3", Junction("and", (Junction("or", (one(1), one(2))), one(3)))),
        ("x == 1 and (x == 2 and x == 3)", Junction("and", (one(1), one(2), one(3)))),
        ("x == 1\n  and x == 2", Junction("and", (one(1), one(2)))),
    ],
)
def test_texts_and_their_trees(text: str, node: Node) -> None:
    assert parse(text, now_s=100.0) == node


def test_true_is_kept_apart_from_one() -> None:
    node = parse("x == True")
    assert isinstance(node, Compare)
    assert node.value is True


def test_nan_is_read() -> None:
    node = parse("x is nan")
    assert isinstance(node, Compare)
    assert node.value != node.value


@pytest.mark.parametrize(
    ("text", "caret", "message"),
    [
        ("config.lr < and x == 1", "and", "expected a key or a value, not and"),
        ("config.lr <", "", "expected a key or a value, and the filter ends here"),
        ("lr < vit", "vit", 'vit is a key here, and a key is compared with a value; did you mean "vit"?'),
        ("lr == null", "null", "did you mean None?"),
        ("x == true", "true", "did you mean True?"),
        ("x in vit", "vit", '`in` needs a list; did you mean ["vit"]?'),
        ("x in 'vit'", "'vit'", "`in` needs a list; write ['vit'], or == 'vit'"),
        ("x in [vit]", "vit", 'a list holds values; did you mean "vit"?'),
        ("x == 1 AND x == 2", "AND", "did you mean and?"),
        ("x == 1 x == 2", "x", "expected and, or, or the end, not x"),
        ("(x == 1", "", "expected a closing )"),
        ("x == [1", "", "expected a comma or a closing ]"),
        ("x == 1.2.3", "1.2.3", 'did you mean "1.2.3"?'),
        ("x", "x", "x alone is no test; write x == True, or exists(x)"),
        ("best:loss", "best:loss", "best:loss is a run, no test; `givens show best:loss` shows it"),
        ("1 == 2", "1 == 2", "two values, and no key"),
        ('"a.b" < 1', '"a.b" < 1', 'a key that is called "a.b" is config."a.b"'),
        ("x < None", "None", "nothing is less than None; order is between numbers, and between texts"),
        ("x < True", "True", "nothing is less than True"),
        ("x >= nan", "nan", "nothing is at least nan; write is nan"),
        ("matches(x, 3)", "3", "a pattern is a text"),
        ("exsts(x)", "exsts", "there is no function exsts(); did you mean exists()?"),
        ("exists('x')", "'x'", "exists() takes a key, not a text; leave the quotes out, or write config.'x'"),
        ("exists(x) == True", "==", "expected and, or, or the end, not =="),
        ("changed(run.name)", "run.name", "changed() takes a config key"),
        ("origin(summary.loss) == 'file'", "summary.loss", "origin() takes a config key"),
        ("origin(lr) == 'argpars'", "'argpars'", 'did you mean "argparse"?'),
        ("origin(lr) < 'a'", "'a'", "an origin is a word"),
        ("max(config.lr) > 1", "config.lr", "max() takes the name of a metric; as in max(val_acc)"),
        ("max(loss) == 'a'", "'a'", "max() is a finite number"),
        ("max(loss) in [1]", "[1]", "max() is a number"),
        ("config == 1", "config", "config is not one key; name one, as in config.lr"),
        ("run == 1", "run", "run is not one field; there are run.id, run.name"),
        ("run.stat == 'x'", "run.stat", "a run has no field 'stat'; did you mean run.state?"),
        ("run.config.lr == 1", "run.config.lr", "write config.lr"),
        ("run.state == 'finnished'", "'finnished'", 'did you mean "finished"?'),
        ("run.state in ['done']", "['done']", "states are running, finished, failed, lost"),
        ("run.state < 'a'", "'a'", "run.state cannot be compared so"),
        ("run.name == 3", "3", "run.name is a text, not 3; did you mean '3'?"),
        ("run.name in ['a', 3]", "['a', 3]", "run.name is a text, not 3"),
        ("run.git.dirty == 'yes'", "'yes'", "run.git.dirty is True, False or None"),
        ("run.exit_code == 'a'", "'a'", "run.exit_code is a number, not 'a'"),
        ("run.created > 'March'", "'March'", "'March' is no time; write a time such as"),
        ("run.created in '2h ago'", "'2h ago'", "is a moment, and nothing lies in it; compare with < or >"),
        ("run.duration > 'long'", "'long'", "'long' is no duration; write seconds, or a duration such as"),
        ("tags == 'a'", "'a'", "run.tags cannot be compared so; write 'word' in run.tags"),
        ("not", "", "expected a key or a value, and the filter ends here"),
        ("x == 1\nand y = 2", "=", "write == to compare"),
    ],
)
def test_a_mistake_is_underlined_and_explained(text: str, caret: str, message: str) -> None:
    with pytest.raises(FilterSyntaxError) as caught:
        parse(text, now_s=100.0)
    shown = str(caught.value).split("\n")
    assert message in shown[0]
    under = shown[2]
    at = under.index("^")
    assert shown[1][at : at + under.count("^")] == caret


def test_nesting_without_end_is_refused_and_does_not_break() -> None:
    with pytest.raises(FilterSyntaxError, match="nested beyond 100 levels"):
        parse("(" * 5000 + "x == 1" + ")" * 5000)
    with pytest.raises(FilterSyntaxError):
        parse("x == " + "[" * 5000)


def test_operands_come_in_the_order_of_the_text() -> None:
    node = parse("x == 1 and not (lr < 2 or exists(run.group))")
    assert operands(node) == [X, Key("either", ("lr",)), RunField("group")]


def test_a_column_is_one_operand() -> None:
    assert parse_operand("max(val_acc)") == Metric("max", "val_acc")
    assert parse_operand('"a.b"') == Key("either", ("a.b",))
    with pytest.raises(FilterSyntaxError, match="expected the end, not <"):
        parse_operand("lr < 3")
    with pytest.raises(FilterSyntaxError, match="3 is a value, not a key"):
        parse_operand("3")
