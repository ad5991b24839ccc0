"""A Config is a dict in every way, with attributes."""

from __future__ import annotations

import copy
import json
import pickle
import sys
from collections import OrderedDict
from typing import Any

import pytest

import givens
from givens import Config, Section, TrackedList
from givens.errors import KeyPathError, MissingKeyError, UsageError


def double(**values: Any) -> dict[str, Any]:
    return values


def test_it_is_a_dict_for_whoever_asks() -> None:
    config = Config(lr=0.1, model={"depth": 4, "layers": [1, {"dim": 2}]})
    assert isinstance(config, dict)
    assert isinstance(config.model, dict)
    assert isinstance(config.model.layers, list)
    assert json.dumps(config) == '{"lr": 0.1, "model": {"depth": 4, "layers": [1, {"dim": 2}]}}'
    assert double(**config) == {"lr": 0.1, "model": {"depth": 4, "layers": [1, {"dim": 2}]}}
    assert config == {"model": {"layers": [1, {"dim": 2}], "depth": 4}, "lr": 0.1}
    assert config != {"lr": 0.1}
    assert len(config) == 2
    assert list(reversed(config)) == ["model", "lr"]
    assert "lr" in config
    assert "depth" not in config
    assert config.get("depth", 7) == 7
    assert next(iter(config.items())) == ("lr", 0.1)
    assert {**config.model}["depth"] == 4
    with pytest.raises(TypeError, match="unhashable"):
        hash(config)


def test_section_is_another_name_of_the_same_class() -> None:
    assert Section is Config
    assert type(Config(a={}).a) is Config


def test_sections_are_reached_by_attribute_and_by_item() -> None:
    config = Config({"model": {"depth": 4}})
    config.model.width = 8
    config["model"]["heads"] = 2
    config.train = {"epochs": 4}
    config["train"]["epochs"] += 1
    assert config == {"model": {"depth": 4, "width": 8, "heads": 2}, "train": {"epochs": 5}}
    del config.model.depth
    del config["train"]
    assert config == {"model": {"width": 8, "heads": 2}}


def test_every_way_of_a_dict_to_be_made_makes_a_config() -> None:
    same = {"a": 1, "b": 2}
    assert (
        Config(same)
        == Config([("a", 1), ("b", 2)])
        == Config(a=1, b=2)
        == Config({"a": 1}, b=2)
        == Config(Config(same))
    )
    assert Config(cls=1, self=2, key=3) == {"cls": 1, "self": 2, "key": 3}
    assert Config.fromkeys(["a", "b"], 0) == {"a": 0, "b": 0}
    assert type(Config.fromkeys("a").a) is type(None)
    assert Config[str, int]({"a": 1}) == {"a": 1}


def test_unions_are_configs_of_their_own() -> None:
    config = Config(a=1, s={"x": 1})
    union = config | {"b": 2}
    assert type(union) is Config
    assert union == {"a": 1, "s": {"x": 1}, "b": 2}
    assert ({"a": 0, "c": 3} | config) == {"a": 1, "c": 3, "s": {"x": 1}}
    union.s.x = 9
    assert config.s.x == 1
    config |= {"a": 5}
    config |= [("d", 4)]
    config.s |= {"y": 2}
    assert config == {"a": 5, "s": {"x": 1, "y": 2}, "d": 4}
    with pytest.raises(TypeError):
        _ = config | 5


@pytest.mark.parametrize(
    "copied",
    [copy.copy, copy.deepcopy, lambda it: it.copy(), lambda it: pickle.loads(pickle.dumps(it)), lambda it: Config(it)],
    ids=["copy", "deepcopy", "method", "pickle", "constructor"],
)
def test_a_copy_behaves_alike_and_is_tied_to_nothing(copied: Any, recorded: Any) -> None:
    config = Config({"a": 1, "model": {"--x": 4, 3: [1, {"dim": 2}]}, "t": (1, 2)})
    other = copied(config)
    assert type(other) is Config
    assert type(other.model) is Config
    assert type(other.model[3]) is TrackedList
    assert other == config
    assert list(other.model) == ["--x", 3]
    assert other.__dict__ is other
    assert other.model.__dict__ is other.model
    other.model[3][1].dim = 5
    other.b = 1
    del other.a
    assert config == {"a": 1, "model": {"--x": 4, 3: [1, {"dim": 2}]}, "t": (1, 2)}
    assert recorded(config) == config.as_dict()
    assert recorded(other) == other.as_dict()


def test_a_copy_shares_leaves_and_a_deep_copy_does_not() -> None:
    config = Config(tags={1, 2})
    assert copy.copy(config).tags is config.tags
    deep = copy.deepcopy({"one": config, "again": config})
    assert deep["one"] is deep["again"]
    assert deep["one"].tags == config.tags
    assert deep["one"].tags is not config.tags


def test_a_copy_says_nothing_again(hear: Any) -> None:
    with hear() as said:
        config = Config(model=object(), items=1)
    assert {type(warning).__name__ for warning in said} == {"LossyValueWarning", "ShadowedKeyWarning"}
    with hear() as said:
        copy.copy(config)
        copy.deepcopy(config)
    assert said == []


def test_as_dict_is_builtin_all_the_way_down() -> None:
    config = Config({"a": {"b": [{"c": [1]}]}, 0: OrderedDict(x=1), "t": ([1],)})
    plain = config.as_dict()
    assert plain == {"a": {"b": [{"c": [1]}]}, 0: {"x": 1}, "t": ([1],)}
    kinds = [type(plain), type(plain["a"]), type(plain["a"]["b"]), type(plain["a"]["b"][0]), type(plain[0])]
    assert kinds == [dict, dict, list, dict, dict]
    plain["a"]["b"].append(1)
    assert len(config.a.b) == 1
    assert type(dict(config)["a"]) is Config


def test_a_missing_key_is_a_key_error_and_an_attribute_error_with_a_suggestion() -> None:
    config = Config(learning_rate=1, model={"depth": 4})
    for read in (lambda: config.learning_rat, lambda: config["learning_rat"], lambda: config.pop("learning_rat")):
        with pytest.raises(MissingKeyError, match=r"config has no key 'learning_rat'; did you mean 'learning_rate'\?"):
            read()
    for read in (
        lambda: config.model.dept,
        lambda: config.model.__delitem__("dept"),
        lambda: delattr(config.model, "dept"),
    ):
        with pytest.raises(MissingKeyError, match=r"config\.model has no key 'dept'; did you mean 'depth'"):
            read()
    assert issubclass(MissingKeyError, KeyError)
    assert issubclass(MissingKeyError, AttributeError)
    assert not hasattr(config, "lr")
    assert getattr(config, "lr", 3) == 3
    assert config.pop("lr", None) is None
    with pytest.raises(KeyError):
        Config().popitem()
    with pytest.raises(UsageError):
        config.pop("a", 1, 2)


def test_int_keys_stay_ints_and_dir_does_not_stumble_over_them() -> None:
    config = Config({0: "zero", 1: {"a": 1}, "name": 2, "not-a-name": 3})
    assert config[1].a == 1
    config[2] = "two"
    assert list(config) == [0, 1, "name", "not-a-name", 2]
    names = dir(config)
    assert "name" in names
    assert "not-a-name" not in names
    assert {"items", "update", "setdefaults", "as_dict", "__len__"} <= set(names)
    assert config.pop(1.0) == {"a": 1}
    del config[False]
    assert list(config) == ["name", "not-a-name", 2]


def test_keys_that_only_look_like_strings_and_ints_become_those(recorded: Any) -> None:
    import enum

    import numpy as np

    class Name(enum.StrEnum):
        LR = "lr"

    config = Config()
    config[Name.LR] = 1
    config[np.int64(3)] = 2
    config[np.str_("x")] = 3
    assert [type(key) for key in config] == [str, int, str]
    assert recorded(config) == {"lr": 1, 3: 2, "x": 3}


@pytest.mark.parametrize("key", [1.5, (1, 2), None, True, b"x", frozenset()])
def test_other_keys_are_refused_in_a_section_and_kept_inside_a_leaf(key: Any, recorded: Any) -> None:
    config = Config(a=1)
    with pytest.raises(KeyPathError, match="keys are str or int"):
        config[key] = 1
    with pytest.raises(KeyPathError):
        config.update({"b": 2, key: 1})
    config.table = {key: "value", "more": 1}
    assert config == {"a": 1, "table": {key: "value", "more": 1}}
    assert type(config.table) is dict
    assert recorded(config)["table"] == {key: "value", "more": 1}


def test_empty_keys_are_refused_wherever_they_stand() -> None:
    config = Config(a=1)
    attempts = [
        lambda: config.__setitem__("", 1),
        lambda: config.update({"b": 1, "": 2}),
        lambda: config.__setitem__("s", {"x": {"": 1}}),
        lambda: config.setdefault("", 1),
        lambda: Config({"": 1}),
        lambda: config.update({"--": 1}),
        lambda: config.update([("", 1)]),
    ]
    for attempt in attempts:
        with pytest.raises(KeyPathError, match="empty"):
            attempt()
    assert config == {"a": 1}


def test_dashes_around_keys_go_at_the_top_level_only() -> None:
    config = Config({"--lr": 1})
    config.update({"--batch-size": 2, "section": {"--kept": 3}})
    config.update([("-x", 4)])
    config["--lr"] = 5
    assert config.setdefault("--lr", 6) == 5
    assert config.setdefault("--new", 7) == 7
    config.section.update([("--also", 8)])
    assert config == {"lr": 5, "batch-size": 2, "section": {"--kept": 3, "--also": 8}, "x": 4, "new": 7}


BREAKING = [
    *("items keys values get pop popitem update setdefault setdefaults copy clear fromkeys persist as_dict").split(),
    *(
        "update_locked merge_locked __class__ __dict__ __deepcopy__ __copy__ __reduce_ex__ __reduce__ __getstate__"
    ).split(),
    *("__len__ __iter__ __eq__ __hash__ __getattribute__ __getattr__ __setattr__ __setitem__ __missing__").split(),
    *("__repr__ __str__ __dir__ __sizeof__ __format__ __weakref__ __slots__ __init__ __new__ __doc__").split(),
    *(
        "_givens _own _repr_html_ __givens_section__ __module__ __getnewargs__ __setstate__ __bool__ __contains__"
    ).split(),
]


@pytest.mark.filterwarnings("ignore::givens.GivensWarning")
def test_no_key_breaks_the_object(recorded: Any) -> None:
    for name in BREAKING:
        config = Config({"plain": 1, "section": {}})
        config[name] = 7
        setattr(config.section, name, 8)
        assert config[name] == 7
        assert config.section[name] == 8
        assert len(config) == 3
        assert dict(config.items()) == config.as_dict() == {"plain": 1, "section": {name: 8}, name: 7}
        for other in (copy.copy(config), copy.deepcopy(config), pickle.loads(pickle.dumps(config)), config.copy()):
            assert other == config
            assert type(other) is Config
        assert json.loads(json.dumps(config)) == config.as_dict()
        assert repr(config)
        assert str(config)
        assert config._repr_html_()
        assert dir(config)
        assert type(config) is Config
        assert isinstance(config, Config)
        assert config.get(name) == 7
        config.update({name: 9})
        assert recorded(config)[name] == 9
        assert config.pop(name) == 9
        assert name not in config


def test_methods_can_be_asked_of_the_class_as_of_dict() -> None:
    config = Config(a=1)
    assert list(Config.items(config)) == [("a", 1)]
    Config.update(config, {"b": 2})
    assert Config.pop(config, "b") == 2
    assert Config.update.__doc__


def test_attributes_and_methods_of_a_subclass_work() -> None:
    class Mine(Config):
        def doubled(self) -> int:
            return 2 * int(self.lr)

        def items(self) -> Any:
            return super().items()

    mine = Mine(lr=2)
    assert mine.doubled() == 4
    assert list(mine.items()) == [("lr", 2)]
    config = Config(mine=mine)
    config.mine.lr = 3
    assert type(config.mine) is Config
    assert mine.lr == 2


def test_a_read_by_attribute_or_item_runs_no_line_of_python() -> None:
    with givens.init(config={"lr": 0.1, "model": {"depth": 4}}, mode="disabled") as run:
        config, handle = run.config, givens.config
        ran: list[str] = []
        sys.setprofile(lambda frame, event, _: ran.append(frame.f_code.co_name) if event == "call" else None)
        try:
            read = (config.lr, config["lr"], config.model.depth, config["model"]["depth"], handle.lr, "lr" in config)
        finally:
            sys.setprofile(None)
        assert read == (0.1, 0.1, 4, 4, 0.1, True)
        assert ran == []


def test_writing_to_its_dict_is_writing_to_the_config(recorded: Any) -> None:
    config = Config(a=1)
    vars(config)["b"] = 2
    config.__dict__.update(c=3)
    assert recorded(config) == {"a": 1, "b": 2, "c": 3}


def test_update_takes_what_wandb_takes(tmp_path: Any, recorded: Any) -> None:
    import argparse
    from types import SimpleNamespace

    file = tmp_path / "more.yaml"
    file.write_text("from_file: 1e-3\n")
    config = Config()
    config.update({"a": 1}, b=2, self=3)
    config.update([("c", 3)], [("d", 4)])
    config.update(argparse.Namespace(e=5), SimpleNamespace(f=6), str(file), file)
    config.update(None)
    config.update()
    config.update(Config(g={"h": 7}))
    assert recorded(config) == config.as_dict()
    assert config == {"a": 1, "b": 2, "self": 3, "c": 3, "d": 4, "e": 5, "f": 6, "from_file": 0.001, "g": {"h": 7}}


@pytest.mark.parametrize("source", [object(), 5, "no-such-file.yaml", b"x", {1, 2}, [1, 2], "nothing"])
def test_a_source_that_cannot_be_read_changes_nothing(source: Any, events: Any) -> None:
    config = Config(a=1)
    before = len(events(config))
    with pytest.raises(givens.GivensError):
        config.update({"a": 2}, source)
    assert config == {"a": 1}
    assert len(events(config)) == before


def test_the_class_writes_no_alias_into_configs() -> None:
    assert Config[str, Any]({"a": 1}) == {"a": 1}
    assert list(Config[str, Any]()) == []
