"""The verbs that are functions of the package."""

from __future__ import annotations

import copy
from collections import OrderedDict, defaultdict
from typing import Any

import pytest

import givens
from givens import Config, KeyPath
from givens.configs.functions import as_config
from givens.errors import (
    CycleError,
    FrozenError,
    KeyPathError,
    MissingKeyError,
    TooDeepError,
    UsageError,
    ValueChangedError,
)

# --- explain and history ----------------------------------------------------------------------------------------------


def test_explain_and_history_tell_what_happened_to_a_key() -> None:
    config = Config({"model": {"depth": 1}})
    config.model.depth = 2
    config.update(model={"depth": 3})
    explained = givens.explain(config, "model.depth")
    assert explained.value == 3
    assert [change.new for change in explained.changes] == [3, 2, 1]
    assert explained.origin is not None
    assert explained.origin.file is not None
    assert explained.origin.file.endswith("test_functions.py")
    assert [change.new for change in givens.history(config, "model.depth")] == [1, 2, 3]
    assert len(givens.history(config)) == 3
    with pytest.raises(MissingKeyError):
        givens.explain(config, "model.width")


def test_explain_takes_a_section_and_keys_below_it() -> None:
    config = Config({"a": {"b": {"c": 1, "x.y": 2, 0: 3}}, "x.y": 4, 7: 5, "layers": [{"dim": 6}]})
    section = config.a.b
    assert givens.explain(section, "c").value == 1
    assert givens.explain(section, "x.y").value == 2
    assert givens.explain(section, 0).value == 3
    assert givens.explain(section, "{0}").value == 3
    assert givens.explain(config, "x.y").value == 4
    assert givens.explain(config, 7).value == 5
    assert givens.explain(config, ("a", "b", "c")).value == 1
    assert givens.explain(config.layers[0], "dim").value == [{"dim": 6}]
    assert [change.path for change in givens.history(section)] == [("a", "b", "c"), ("a", "b", "x.y"), ("a", "b", (0,))]
    assert givens.history(Config()) == []
    with pytest.raises(MissingKeyError, match="nope"):
        givens.explain(section, "nope")
    with pytest.raises(KeyPathError):
        givens.history(config, "")


def test_a_config_taken_out_or_copied_explains_what_it_holds() -> None:
    config = Config({"a": {"b": 1}})
    taken = config.pop("a")
    assert givens.explain(taken, "b").value == 1
    taken.b = 2
    assert [change.new for change in givens.history(taken, "b")] == [1, 2]
    assert givens.explain(copy.copy(taken), "b").value == 2


# --- freeze -----------------------------------------------------------------------------------------------------------

FROZEN_WRITES: dict[str, Any] = {
    "attribute": lambda it: setattr(it, "x", 9),
    "item": lambda it: it.__setitem__("new", 9),
    "update": lambda it: it.update(x=9),
    "del": lambda it: it.__delitem__("x"),
    "pop": lambda it: it.pop("x"),
    "popitem": lambda it: it.popitem(),
    "clear": lambda it: it.clear(),
    "setdefault": lambda it: it.setdefault("new", 1),
    "setdefaults": lambda it: it.setdefaults({"new": 1}),
    "lock": lambda it: it.update_locked({"x": 2}),
    "merge": lambda it: givens.merge(it, {"x": 2}),
    "|=": lambda it: it.__ior__({"x": 2}),
    "append": lambda it: it.numbers.append(1),
    "sort": lambda it: it.numbers.sort(),
    "list item": lambda it: it.numbers.__setitem__(0, 9),
    "nested": lambda it: setattr(it.deep, "y", 9),
}


@pytest.mark.parametrize("how", FROZEN_WRITES)
def test_a_frozen_config_refuses_every_write_and_says_where_it_was_frozen(how: str, recorded: Any) -> None:
    config = Config(x=1, numbers=[2, 1], deep={"y": 1})
    givens.freeze(config)
    before = config.as_dict()
    with pytest.raises(FrozenError, match=r"the config is frozen \(at .*test_functions.py:\d+\)"):
        FROZEN_WRITES[how](config)
    assert config.as_dict() == before == recorded(config)


@pytest.mark.parametrize("how", FROZEN_WRITES)
def test_a_frozen_section_leaves_its_siblings_free(how: str, recorded: Any) -> None:
    config = Config(s={"x": 1, "numbers": [2, 1], "deep": {"y": 1}}, other={"x": 1})
    givens.freeze(config.s)
    with pytest.raises(FrozenError, match=r"config\.s is frozen"):
        FROZEN_WRITES[how](config.s)
    for write in (
        lambda: config.__setitem__("s", {}),
        lambda: config.__delitem__("s"),
        lambda: config.clear(),
        lambda: config.update(other=1, s=2),
    ):
        with pytest.raises(FrozenError):
            write()
    config.other.x = 2
    config.new = 3
    expected = {"s": {"x": 1, "numbers": [2, 1], "deep": {"y": 1}}, "other": {"x": 2}, "new": 3}
    assert config == expected == recorded(config)


def test_a_copy_of_a_frozen_config_is_free() -> None:
    config = Config(s={"x": 1})
    givens.freeze(config)
    other = copy.copy(config)
    other.s.x = 2
    assert other.s.x == 2
    assert config.s.x == 1


def test_freezing_is_for_configs() -> None:
    with pytest.raises(UsageError, match="expected a Config, not dict"):
        givens.freeze({})  # type: ignore[arg-type]
    assert as_config(Config(a=1)) == {"a": 1}


# --- flatten ----------------------------------------------------------------------------------------------------------


def test_flatten_names_leaves_by_key_paths_that_can_be_read_back() -> None:
    values = {
        "a": {"b": {"c": 1}, "empty": {}},
        "x.y": {"z z": 2},
        3: {4: 5},
        "l": [{"d": 1}],
        "t": (1,),
    }
    flat = givens.flatten(Config(values))
    assert flat == {
        "a.b.c": 1,
        "a.empty": {},
        '"x.y"."z z"': 2,
        "{3}{4}": 5,
        "l": [{"d": 1}],
        "t": (1,),
    }
    assert givens.flatten(values) == flat
    assert type(flat["l"]) is list
    assert type(flat["l"][0]) is dict
    for text, value in flat.items():
        here: Any = values
        for part in KeyPath.parse(text):
            here = here[part[0] if isinstance(part, tuple) else part]
        assert here == value


def test_flatten_stops_at_leaves() -> None:
    leaf = defaultdict(int, a=1)
    config = Config(d=leaf, m={1.5: 2}, o=OrderedDict(a=1))
    assert givens.flatten(config) == {"d": leaf, "m": {1.5: 2}, "o.a": 1}
    assert givens.flatten(config.o) == {"a": 1}
    assert givens.flatten({}) == {}


def test_flatten_finds_cycles_and_bottomless_mappings() -> None:
    turn: dict[str, Any] = {}
    turn["a"] = {"b": turn}
    with pytest.raises(CycleError, match=r"config\.a\.b contains itself"):
        givens.flatten(turn)
    deep: Any = 1
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(TooDeepError):
        givens.flatten(deep)


# --- merge ------------------------------------------------------------------------------------------------------------


def test_merge_keeps_what_is_not_given(recorded: Any) -> None:
    config = Config(opt={"name": "sgd", "deep": {"a": 1}}, empty={}, numbers=[1, 2], leaf=1, gone={"a": 1})
    opt = config.opt
    givens.merge(
        config,
        {"opt": {"lr": 1, "deep": {"b": 2}}, "empty": {}, "numbers": [3], "leaf": {"a": {"b": 1}}},
        {"opt": {"deep": {}}, "fresh": {}, "gone": 5, "leaf": {"a": {"c": 2}}, "late": {"x": 1}},
        [("late", {"y": 2})],
    )
    assert config.opt is opt
    expected = {
        "opt": {"name": "sgd", "deep": {"a": 1, "b": 2}, "lr": 1},
        "empty": {},
        "numbers": [3],
        "leaf": {"a": {"b": 1, "c": 2}},
        "gone": 5,
        "fresh": {},
        "late": {"x": 1, "y": 2},
    }
    assert config.as_dict() == expected == recorded(config)
    givens.merge(config.opt, {"deep": {"c": 3}})
    assert config.opt.deep == {"a": 1, "b": 2, "c": 3}
    givens.merge(config)


def test_merge_takes_files_and_keeps_their_origins(tmp_path: Any) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("model:\n  depth: 4\n  deep:\n    x: 1\n")
    config = Config(model={"width": 1})
    givens.merge(config, str(file))
    assert config == {"model": {"width": 1, "depth": 4, "deep": {"x": 1}}}
    assert str(givens.explain(config, "model.depth").origin).endswith("a.yaml:2:10")
    assert str(givens.explain(config, "model.deep.x").origin).endswith("a.yaml:4:8")


def test_merge_into_a_section_of_a_list(recorded: Any) -> None:
    config = Config(layers=[{"dim": 1}])
    givens.merge(config.layers[0], {"act": {"name": "relu", "deep": {"x": 1}}})
    givens.merge(config.layers[0], {"act": {"deep": {"y": 2}}})
    assert recorded(config) == {"layers": [{"dim": 1, "act": {"name": "relu", "deep": {"x": 1, "y": 2}}}]}
    assert config == recorded(config)


def test_merge_is_judged_like_any_write(run_config: Any) -> None:
    from givens.configs.guard import Guard

    config, _ = run_config({"a": 1, "s": {"x": 1}}, guard=Guard("error"), settled=True)
    for given in ({"a": {"b": 1}}, {"s": {"x": 2, "y": 1}}, {"s": 1}):
        with pytest.raises(ValueChangedError):
            givens.merge(config, given)
    givens.merge(config, {"s": {"y": 1}})
    assert config == {"a": 1, "s": {"x": 1, "y": 1}}


# --- fingerprint ------------------------------------------------------------------------------------------------------


def test_fingerprints_count_values_and_not_their_order_or_number_types() -> None:
    one = givens.fingerprint(Config({"a": 1, "s": {"x": 2.0, "y": [1, 2]}}))
    assert one == givens.fingerprint({"s": {"y": [1.0, 2], "x": 2}, "a": 1.0})
    assert len(one) == 32
    others = [{"a": True}, {"a": "1"}, {"a": None}, {"a": [1]}, {"b": 1}, {}, {"a": {"a": 1}}, {"a": 1}]
    assert len({givens.fingerprint(Config(values)) for values in others}) == len(others)
    assert givens.fingerprint(Config(a=1, out={"dir": "/x"}, lr=2), ignore=["out"]) == givens.fingerprint(
        {"a": 1, "lr": 2}
    )
    assert givens.fingerprint({"a": 1, "x": {"path": 1}}, ["*.path"]) == givens.fingerprint({"a": 1})


def test_a_secret_does_not_enter_a_fingerprint() -> None:
    first, second = (givens.fingerprint(Config(a=1, api_key=key * 10)) for key in ("ab", "cd"))
    assert first == second


# --- descriptions -----------------------------------------------------------------------------------------------------


def test_descriptions_that_come_with_values_are_kept(tmp_path: Any) -> None:
    file = tmp_path / "described.yaml"
    file.write_text("lr:\n  desc: how fast\n  value: 0.1\nmodel:\n  desc: which\n  value: {depth: 4}\n")
    config = Config(section={})
    config.update(str(file))
    config.section.update(str(file))
    givens.merge(config.section, str(file))
    assert config == {"section": {"lr": 0.1, "model": {"depth": 4}}, "lr": 0.1, "model": {"depth": 4}}
    assert givens.explain(config, "lr").description == "how fast"
    assert givens.explain(config, "model").description == "which"
    assert givens.explain(config.section, "lr").description == "how fast"
    other = Config(lr=1)
    other.setdefaults(str(file))
    assert other.lr == 1
    assert givens.explain(other, "lr").description is None
    assert givens.explain(other, "model").description == "which"
