"""``parse_args``: one truth for the script and the record; and Namespaces as a source."""

from __future__ import annotations

import argparse
import copy
import gc
import weakref
from typing import Any

import pytest

from givens.errors import MalformedSourceError
from givens.records.layer import Entry, Layer
from givens.records.origin import Origin
from givens.sources import read
from givens.sources.argparse_flags import namespace_layer, parse_args

CODE = Origin("code", "train.py", 7)


def layer(kind: str = "file", /, **values: Any) -> Layer:
    return Layer(
        kind,
        [Entry((key,), value, Origin(kind, "c.yaml", line)) for line, (key, value) in enumerate(values.items(), 1)],
    )


def simple() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="train")
    parser.add_argument("--lr", "-l", type=float, default=0.1, help="learning rate, %(default)s by default, 5% more")
    parser.add_argument("-n", type=int, help="%(type)s for %(prog)s, one of %(choices)s", choices=[1, 2, 3])
    parser.add_argument("--model", help=argparse.SUPPRESS)
    return parser


def origins(args: argparse.Namespace) -> dict[str, str]:
    return {str(entry.path[0]): str(entry.origin) for entry in read(args, code=CODE)[0].entries}


def test_layers_are_over_flag_defaults_and_under_typed_flags_and_overrides_over_all() -> None:
    layers = [layer("file", lr=0.2, n=1, model="a"), layer("env", n=2, model="b")]
    assert vars(parse_args(simple(), [])) == {"lr": 0.1, "n": None, "model": None}
    assert vars(parse_args(simple(), [], layers=layers)) == {"lr": 0.2, "n": 2, "model": "b"}
    assert vars(parse_args(simple(), ["--model", "c"], layers=layers)) == {"lr": 0.2, "n": 2, "model": "c"}
    forced = layer("override", model="d")
    assert vars(parse_args(simple(), ["--model", "c"], layers=layers, overrides=forced))["model"] == "d"


def test_each_origin_says_how_the_value_came() -> None:
    args = parse_args(simple(), ["-l", "3"], layers=[layer(n=1)], overrides=layer("override", model="x"))
    assert origins(args) == {"lr": "-l (typed)", "n": "c.yaml:1", "model": "override (c.yaml:1)"}
    assert origins(parse_args(simple(), [])) == {
        "lr": "--lr (default)",
        "n": "-n (default)",
        "model": "--model (default)",
    }


def test_a_flag_typed_with_its_default_value_is_typed() -> None:
    assert origins(parse_args(simple(), ["--lr=0.1"]))["lr"] == "--lr (typed)"


def test_an_abbreviated_flag_is_typed_under_its_full_name() -> None:
    assert origins(parse_args(simple(), ["--mod", "x"]))["model"] == "--model (typed)"


def test_help_texts_are_descriptions_with_their_fields_filled_in() -> None:
    (read_layer,) = read(parse_args(simple(), [], layers=[layer(lr=7)]), code=CODE)
    assert read_layer.descriptions == {
        ("lr",): "learning rate, 0.1 by default, 5% more",
        ("n",): "int for train, one of 1, 2, 3",
    }


def test_the_parser_is_left_as_it_was() -> None:
    parser = simple()
    parser.error = lambda message: (_ for _ in ()).throw(ValueError(message))  # type: ignore[assignment, method-assign]
    before = [(type(action), dict(vars(action))) for action in parser._actions], set(vars(parser)), parser.error
    parse_args(parser, ["--lr", "1"], layers=[layer(lr=2.0, n=1, model="x")])
    with pytest.raises(ValueError, match="unrecognized"):
        parse_args(parser, ["--typo"], layers=[layer(lr=2.0)])
    namespace_layer(argparse.Namespace(lr=1), parser=parser, code=CODE, args=["--typo"])
    assert before == (
        [(type(action), dict(vars(action))) for action in parser._actions],
        set(vars(parser)),
        parser.error,
    )
    assert parser.parse_args([]).lr == 0.1


def test_a_bad_command_line_exits_as_argparse_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_args(simple(), ["--typo"])
    assert caught.value.code == 2
    assert "unrecognized arguments: --typo" in capsys.readouterr().err


def test_help_shows_the_defaults_that_hold(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1, help="is %(default)s")
    with pytest.raises(SystemExit):
        parse_args(parser, ["--help"], layers=[layer(lr=0.5)])
    assert "is 0.5" in capsys.readouterr().out


def test_required_flags_groups_and_positionals_may_come_from_a_layer() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("source")
    parser.add_argument("--seed", type=int, required=True)
    group = parser.add_mutually_exclusive_group(required=True)
    group.add_argument("--cpu", action="store_true")
    group.add_argument("--gpu", action="store_true")
    args = parse_args(parser, [], layers=[layer(source="a", seed=1, gpu=True)])
    assert vars(args) == {"source": "a", "seed": 1, "cpu": False, "gpu": True}
    assert origins(args)["source"] == "c.yaml:1"
    with pytest.raises(SystemExit):
        parse_args(parser, [])


def test_positionals_are_typed_only_when_text_stands_for_them() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("one", nargs="?", type=int, default="5")
    parser.add_argument("rest", nargs="*")
    assert origins(parse_args(parser, [])) == {"one": "one (default)", "rest": "rest (default)"}
    assert origins(parse_args(parser, ["5"])) == {"one": "one (typed)", "rest": "rest (default)"}
    assert origins(parse_args(parser, ["5", "x"])) == {"one": "one (typed)", "rest": "rest (typed)"}


def test_actions_of_every_kind_take_fitting_values() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--on", action="store_true")
    parser.add_argument("--bo", action=argparse.BooleanOptionalAction)
    parser.add_argument("--xs", action="append", type=int)
    parser.add_argument("--pairs", action="append", nargs=2, type=int)
    parser.add_argument("--more", action="extend", nargs="+", type=float)
    parser.add_argument("-v", action="count", default=0)
    parser.add_argument("--fast", action="store_const", const="fast", dest="speed")
    parser.add_argument("--slow", action="store_const", const="slow", dest="speed")
    parser.add_argument("--sizes", nargs=2, type=float)
    parser.add_argument("--up", type=str.upper)
    parser.add_argument("--twice", type=lambda text: text + text)
    given = {"on": True, "bo": False, "xs": [1, "2"], "pairs": [[1, 2]], "more": [1, 2.5], "v": 2, "speed": "slow"}
    args = parse_args(parser, [], layers=[layer(**given, sizes=[1, 2], up="x", twice="ab")])
    expected = {**given, "xs": [1, 2], "more": [1.0, 2.5], "sizes": [1.0, 2.0], "up": "X", "twice": "abab"}
    assert vars(args) == expected
    assert type(args.up) is str and type(args.twice) is str
    assert [type(size) for size in args.sizes] == [float, float]
    assert parse_args(parser, ["--xs", "3"], layers=[layer(xs=[1])]).xs == [1, 3]


def test_a_layers_list_is_not_shared_with_the_namespace() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--xs", nargs="*", type=int)
    given = layer(xs=[1])
    parse_args(parser, [], layers=[given]).xs.append(2)
    assert given.entries[0].value == [1]


@pytest.mark.parametrize(
    ("flag", "value", "says"),
    [
        ({"type": float}, "abc", "--x takes float, and the text is none"),
        ({"type": float}, True, "--x takes float, not bool"),
        ({"type": float}, 10**400, "too large"),
        ({"type": int}, 1.5, "--x takes int, not float"),
        ({"type": str}, 3, "--x takes str, not int; put it in quotes"),
        ({"type": int, "choices": [1, 2]}, 3, "choose from 1, 2"),
        ({"choices": "abc"}, 3, "choose from a, b, c"),
        ({}, {"depth": 3}, "--x takes one value, not a dict"),
        ({"nargs": 2}, [1], "--x takes 2 values, not 1"),
        ({"nargs": "+"}, [], "one value or more"),
        ({"nargs": "*", "type": int}, ["a"], "--x takes int"),
        ({"nargs": "*"}, "a", "--x takes a list, not str"),
        ({"action": "append"}, 3, "--x takes a list, not int"),
        ({"action": "store_true"}, "yes", "--x is on or off, not str; write true or false"),
        ({"action": "store_const", "const": 3}, 4, "one fixed value"),
        ({"action": "count"}, True, "--x is counted"),
    ],
)
def test_a_value_its_flag_cannot_have_is_an_error_with_origin_and_flag(
    flag: dict[str, Any], value: object, says: str
) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--x", **flag)
    with pytest.raises(MalformedSourceError, match=r"^c\.yaml:1: x: ") as caught:
        parse_args(parser, [], layers=[layer(x=value)])
    assert says in str(caught.value)
    assert "abc" not in str(caught.value)


def test_a_bad_value_from_the_environment_names_the_variable() -> None:
    bad = Layer("environment", [Entry(("lr",), "x", Origin("env", name="GIVENS_CONFIG__lr"))])
    with pytest.raises(MalformedSourceError, match=r"^\$GIVENS_CONFIG__lr: lr: --lr takes float"):
        parse_args(simple(), [], layers=[bad])


def test_a_null_is_taken_by_every_flag_and_other_keys_by_none() -> None:
    args = parse_args(simple(), [], layers=[layer(lr=None, unknown=1, help=2)])
    assert vars(args) == {"lr": None, "n": None, "model": None}


def test_dashes_at_the_ends_of_a_key_do_not_count() -> None:
    assert parse_args(simple(), [], layers=[layer(**{"--lr": 5})]).lr == 5.0


def subcommands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=0)
    commands = parser.add_subparsers(dest="command", required=True)
    fit = commands.add_parser("fit", aliases=["f"])
    fit.add_argument("--lr", type=float, default=9.0)
    fit.add_argument("--depth", type=int)
    fit.set_defaults(func=print)
    commands.add_parser("test").add_argument("--depth", choices=["deep"])
    return parser


def test_subcommands_are_read_as_argparse_reads_them() -> None:
    argv = ["--lr", "3", "--seed", "1", "fit", "--depth", "2"]
    args = parse_args(subcommands(), argv)
    assert vars(args) == vars(subcommands().parse_args(argv))
    # argparse lets the subcommand's own default replace what was typed before it
    assert args.lr == 9.0
    assert origins(args) == {
        "lr": "--lr (default)",
        "seed": "--seed (typed)",
        "command": "command (typed)",
        "depth": "--depth (typed)",
        "func": "func (default)",
    }


def test_layers_and_overrides_reach_the_flags_of_subcommands() -> None:
    args = parse_args(subcommands(), ["f"], layers=[layer(depth=3, lr=2)])
    assert (args.depth, args.lr) == (3, 2.0)
    assert origins(args)["depth"] == "c.yaml:1"
    assert parse_args(subcommands(), ["fit", "--depth", "1"], overrides=layer("override", depth=4)).depth == 4


def test_a_value_that_does_not_fit_matters_only_to_the_subcommand_that_runs() -> None:
    with pytest.raises(MalformedSourceError, match="choose from deep"):
        parse_args(subcommands(), ["test"], layers=[layer(depth=3)])
    assert parse_args(subcommands(), ["fit"], layers=[layer(depth=3)]).depth == 3


def test_what_stands_in_a_given_namespace_is_over_the_layers() -> None:
    given = argparse.Namespace(lr=0.7, own="x")
    args = parse_args(simple(), ["-n", "2"], given, layers=[layer(lr=0.2)])
    assert args is given
    assert vars(args) == {"lr": 0.7, "own": "x", "n": 2, "model": None}
    assert origins(args)["lr"] == "--lr (preset)"


def test_an_action_of_the_scripts_own_runs_once_and_as_itself() -> None:
    calls: list[tuple[str, Any]] = []

    class Own(argparse.Action):
        def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
            calls.append((type(self).__name__, values))
            setattr(namespace, self.dest, values * 2)

    parser = argparse.ArgumentParser()
    parser.add_argument("--x", action=Own, type=int)
    assert parse_args(parser, ["--x", "2"], layers=[layer(x=[7])]).x == 4
    assert calls == [("Own", 2)]
    assert parse_args(parser, [], layers=[layer(x=[7])]).x == [7]


def test_a_value_changed_after_parsing_does_not_claim_its_flag() -> None:
    parser = simple()
    parser.add_argument("--xs", nargs="*", default=[])
    args = parse_args(parser, ["--lr", "3", "--xs", "a"])
    args.lr /= 2
    args.xs.append("b")
    args.added = 1
    found = origins(args)
    assert found["lr"] == "--lr (changed after parsing, train.py:7)"
    assert found["xs"] == "--xs (changed after parsing, train.py:7)"
    assert found["added"] == "added (added after parsing, train.py:7)"
    assert found["n"] == "-n (default)"


def test_the_namespace_is_watched_and_not_kept_alive() -> None:
    args = parse_args(simple(), [])
    (read_layer,) = read(args, code=CODE)
    assert read_layer.watched is args
    args.lr = 5
    assert read_layer.reread is not None
    assert read_layer.reread(args) == {("lr",): 5, ("n",): None, ("model",): None}
    gone = weakref.ref(args)
    del args, read_layer
    gc.collect()
    assert gone() is None


def test_without_memory_or_parser_the_origin_leaves_it_open() -> None:
    args = simple().parse_args(["--lr", "3"])
    assert origins(args)["lr"] == "argparse's lr (train.py:7)"
    assert origins(copy.copy(parse_args(simple(), ["--lr", "3"])))["lr"] == "argparse's lr (train.py:7)"


def test_namespaces_inside_are_sections() -> None:
    (read_layer,) = read(argparse.Namespace(opt=argparse.Namespace(lr=1)), code=CODE)
    assert read_layer.entries[0].value == {"lr": 1}


def test_a_dotted_dest_is_one_key() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model.depth", type=int)
    (entry,) = read(parse_args(parser, ["--model.depth", "3"]), code=CODE)[0].entries
    assert entry[:2] == (("model.depth",), 3)


def left_out() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--lr", type=float)
    parser.add_argument("--n", type=int, default=1)
    parser.add_argument("--name", required=True)
    one = parser.add_mutually_exclusive_group(required=True)
    one.add_argument("--a")
    one.add_argument("--b")
    return parser


def test_a_flag_that_the_parser_leaves_out_stays_out_unless_it_is_typed() -> None:
    given = [layer(lr=0.01, n=2, name="x", a="y")]
    args = parse_args(left_out(), [], layers=given)
    assert vars(args) == {"n": 2, "name": "x", "a": "y"}
    typed = parse_args(left_out(), ["--lr", "3"], layers=given)
    assert typed.lr == 3 and origins(typed)["lr"] == "--lr (typed)"


def test_an_override_reaches_the_script_though_the_parser_leaves_the_flag_out() -> None:
    args = parse_args(left_out(), [], layers=[layer(name="x", a="y")], overrides=layer("override", lr=0.5))
    assert args.lr == 0.5 and origins(args)["lr"] == "override (c.yaml:1)"


def test_a_value_that_does_not_fit_a_flag_left_out_is_no_error_of_the_parser() -> None:
    assert not hasattr(parse_args(left_out(), [], layers=[layer(lr=[1], name="x", a="y")]), "lr")


def test_what_the_parser_sets_itself_is_not_left_out() -> None:
    parser = argparse.ArgumentParser(argument_default=argparse.SUPPRESS)
    parser.add_argument("--lr", type=float)
    parser.set_defaults(lr=0.3)
    assert parse_args(parser, [], layers=[layer(lr=0.01)]).lr == 0.01
