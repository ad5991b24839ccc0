"""Before a run: what is given is collected, and a missing section can be written into."""

from __future__ import annotations

import copy
import math
import operator
from typing import Any

import pytest

from givens import Config
from givens.codec import Redaction
from givens.configs.doors import door_of
from givens.configs.layering import lay, overridden
from givens.configs.staging import Placeholder, retire, staging_config, take_up
from givens.errors import DetachedSectionWarning, KeyPathError, MissingKeyError, TooDeepError
from givens.records.layer import Entry, Layer
from givens.records.origin import Origin


@pytest.fixture
def staged() -> Config:
    return staging_config(Redaction())


def taken_up(staged: Config, *above: Layer) -> Config:
    config = Config()
    lay(config, [take_up(staged), *above])
    return config


def test_a_missing_section_can_be_written_into(staged: Config, recorded: Any) -> None:
    staged["train"]["epochs"] = 4
    staged["train"]["opt"]["lr"] = 0.1
    staged["deep"]["er"].attribute = 1
    staged["a"][0]["x"] = 1
    staged["plain"] = 2
    expected = {
        "train": {"epochs": 4, "opt": {"lr": 0.1}},
        "deep": {"er": {"attribute": 1}},
        "a": {0: {"x": 1}},
        "plain": 2,
    }
    assert staged == expected == recorded(staged)
    assert type(staged.train.opt) is Config
    staged.train.opt.lr = 0.2
    assert taken_up(staged).train.opt.lr == 0.2


def test_reading_a_missing_key_makes_nothing(staged: Config) -> None:
    assert type(staged["x"]) is Placeholder
    assert type(staged["x"]["y"]) is Placeholder
    assert staged == {}
    assert "x" not in staged
    assert staged.get("x") is None
    assert not hasattr(staged, "x")
    with pytest.raises(AttributeError):
        _ = staged.x
    with pytest.raises(KeyError):
        del staged["x"]
    with pytest.raises(KeyError):
        staged.pop("x")
    for key in (None, 1.5, ()):
        with pytest.raises(MissingKeyError):
            _ = staged[key]


USES: dict[str, Any] = {
    "bool": bool,
    "len": len,
    "iter": iter,
    "list": list,
    "==": lambda it: it == 1,
    "!=": lambda it: it != 1,
    "<": lambda it: it < 1,
    "hash": hash,
    "in": lambda it: 1 in it,
    "int": int,
    "float": float,
    "range": range,
    "index": operator.index,
    "str": str,
    "format": lambda it: f"{it:>3}",
    "call": lambda it: it(),
    "attribute": lambda it: it.attribute,
    "method": lambda it: it.items(),
    "+": lambda it: it + 1,
    "right +": lambda it: 1 + it,
    "//": lambda it: it // 2,
    "right //": lambda it: 2 // it,
    "right **": lambda it: 2**it,
    "right %": lambda it: 2 % it,
    "right |": lambda it: {} | it,
    "right <<": lambda it: 1 << it,
    "@": lambda it: it @ it,
    "-": operator.neg,
    "abs": abs,
    "round": round,
    "floor": math.floor,
    "trunc": math.trunc,
    "with": lambda it: it.__enter__(),
    "next": next,
    "reversed": reversed,
    "del item": lambda it: it.__delitem__("a"),
    "del attribute": lambda it: delattr(it, "a"),
    "bytes": bytes,
    "+=": lambda it: operator.iadd(it, 1),
    "|=": lambda it: operator.ior(it, {}),
    "**=": lambda it: operator.ipow(it, 2),
}


@pytest.mark.parametrize("use", USES)
def test_anything_else_on_a_missing_key_is_the_missing_key_error(staged: Config, use: str) -> None:
    staged.learning_rate = 1
    with pytest.raises(MissingKeyError, match="config has no key 'learning_rat'; did you mean 'learning_rate'"):
        USES[use](staged["learning_rat"])
    with pytest.raises(MissingKeyError, match=r"no key 'a\.b'.*no run has begun"):
        USES[use](staged["a"]["b"])
    assert staged == {"learning_rate": 1}


def test_a_placeholder_is_no_value(staged: Config) -> None:
    for write in (
        lambda: staged.__setitem__("a", staged["missing"]),
        lambda: staged.update(a=staged["missing"]),
        lambda: staged.__setitem__("a", {"b": [staged["missing"]]}),
        lambda: operator.setitem(staged["s"], "a", staged["missing"]),
    ):
        with pytest.raises(MissingKeyError, match="missing"):
            write()
    assert staged == {}
    assert repr(staged["a"]["b"]) == "<no key 'a.b' yet>"
    assert not isinstance(staged["a"], dict)


def test_keys_below_a_missing_section_are_keys_like_any_other(staged: Config) -> None:
    for key in ("", 1.5, None, True):
        with pytest.raises(KeyPathError):
            staged["a"][key] = 1
    here: Any = staged["a"]
    with pytest.raises(TooDeepError):
        for _ in range(1000):
            here = here["a"]
    staged["--lr"]["--kept"] = 1
    assert staged == {"lr": {"--kept": 1}}


def test_a_placeholder_finds_what_came_in_the_meantime(staged: Config) -> None:
    train = staged["train"]
    staged.train = {"epochs": 4}
    assert train["epochs"] == 4
    train["lr"] = 1
    assert staged == {"train": {"epochs": 4, "lr": 1}}


def test_what_was_staged_becomes_a_layer_with_its_origins(staged: Config) -> None:
    staged.update(lr=0.1, gone=1)
    staged["model"]["depth"] = 4
    staged.model.layers = [1]
    staged.model.layers.append({"dim": 2})
    staged.model.layers[1].dim = 3
    del staged.gone
    layer = take_up(staged)
    assert layer.name == "staged"
    assert [(entry.path, entry.value) for entry in layer.entries] == [
        (("lr",), 0.1),
        (("model", "depth"), 4),
        (("model", "layers"), [1, {"dim": 3}]),
    ]
    assert all(str(entry.origin).startswith("/") and "test_staging.py:" in str(entry.origin) for entry in layer.entries)
    config = taken_up(staged)
    assert config == {"lr": 0.1, "model": {"depth": 4, "layers": [1, {"dim": 3}]}}
    config.model.layers.append(5)
    assert staged.model.layers == [1, {"dim": 3}]


def given(**values: Any) -> Layer:
    return Layer("config=", [Entry((key,), value, Origin("code")) for key, value in values.items()])


def test_a_nested_item_merges_and_a_whole_section_replaces(staged: Config) -> None:
    below = given(train={"lr": 1, "epochs": 2}, opt={"name": "sgd", "momentum": 0.9})
    staged["train"]["epochs"] = 4
    staged["opt"] = {"name": "adam"}
    config = Config()
    lay(config, [below, take_up(staged)])
    assert config == {"train": {"lr": 1, "epochs": 4}, "opt": {"name": "adam"}}


def test_a_staged_value_that_loses_is_said(staged: Config) -> None:
    staged.update(lr=0.1, same=1, api_key="hunter2-hunter2", kept=5)
    above = given(lr=0.2, same=1, api_key="swordfish-swordfish")
    layer = take_up(staged)
    config = Config()
    lay(config, [layer, above])
    text = overridden(layer, [above], door_of(config))
    assert text is not None
    assert text.startswith("lr 0.1 (set before init) lost to config=; api_key ")
    assert "same" not in text
    assert "kept" not in text
    assert "hunter2" not in text
    assert overridden(layer, [], door_of(config)) is None


def test_set_defaults_before_a_run(staged: Config) -> None:
    staged.lr = 1
    staged.setdefaults({"lr": 2, "epochs": 3, "s": {"x": 1}})
    assert staged.setdefault("seed", 4) == 4
    assert staged == {"lr": 1, "epochs": 3, "s": {"x": 1}, "seed": 4}


def test_writing_to_what_a_run_took_up_warns_once(staged: Config, hear: Any) -> None:
    staged["train"]["epochs"] = 4
    train, later = staged.train, staged["later"]
    config = taken_up(staged)
    retire(staged)
    with hear() as said:
        train.epochs = 5
        staged.lr = 1
        later["x"] = 2
    assert [type(warning) for warning in said] == [DetachedSectionWarning]
    assert "config.train.epochs was written to what a run took up" in str(said[0])
    assert config == {"train": {"epochs": 4}}
    assert train.epochs == 5
    with pytest.raises(KeyError):
        _ = staged["missing"]


def test_what_is_staged_is_not_summed_up(staged: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("givens.configs.free_journal.KEPT", 5)
    for number in range(50):
        staged["train"]["epochs"] = number
    assert [entry.path for entry in take_up(staged).entries] == [("train", "epochs")]


def test_a_copy_of_staging_has_no_placeholders(staged: Config) -> None:
    staged["a"]["b"] = 1
    other = copy.copy(staged)
    with pytest.raises(KeyError):
        _ = other["missing"]
    assert other == {"a": {"b": 1}}
