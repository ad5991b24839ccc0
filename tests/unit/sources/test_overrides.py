"""Overrides: a.b=1."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import givens
from givens.errors import MalformedSourceError, MissingSourceError, UnknownSourceError
from givens.records.origin import Origin
from givens.sources import read
from givens.sources.overrides import overrides_layer

CODE = Origin("code", "train.py", 7)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("lr=1e-3", ("lr",), 0.001),
        ("train.lr=0.1", ("train", "lr"), 0.1),
        ("labels{0}=cat", ("labels", (0,)), "cat"),
        ('"a.b".c=yes', ("a.b", "c"), "yes"),
        ("on=true", ("on",), True),
        ("name=", ("name",), None),
        ("sizes=[1, 2]", ("sizes",), [1, 2]),
        ("d={a: 1}", ("d",), {"a": 1}),
        ("url=http://x?a=b", ("url",), "http://x?a=b"),
        ("file=model.yaml", ("file",), "model.yaml"),
        ('zip="01234"', ("zip",), "01234"),
    ],
)
def test_texts_are_typed_as_yaml_and_merge_at_their_path(text: str, path: Any, value: Any) -> None:
    (layer,) = read(text, code=CODE)
    (entry,) = layer.entries
    assert (entry.path, entry.value) == (path, value)
    assert type(entry.value) is type(value)
    assert entry.origin == Origin("override", "train.py", 7)


def test_a_list_of_sources_may_end_in_overrides() -> None:
    config = givens.Config()
    config.update([{"train": {"lr": 1.0, "steps": 5}}, "train.lr=2.0", "--seed=3"])
    assert config == {"train": {"lr": 2.0, "steps": 5}, "seed": 3}


def test_a_file_with_an_equals_sign_in_its_name_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lr=1.yaml").write_text("a: 1")
    assert read("lr=1.yaml", code=CODE)[0].name == "lr=1.yaml"


def test_the_path_of_a_file_that_is_not_there_is_no_override() -> None:
    with pytest.raises(MissingSourceError):
        read("runs/lr=0.1/config.yaml", code=CODE)


def test_an_owner_is_the_origin() -> None:
    (entry,) = overrides_layer(["lr=1"], owner="cli").entries
    assert str(entry.origin) == "override cli"


@pytest.mark.parametrize("text", ["lr", ".lr=1", "a..b=1", "lr=[1"])
def test_malformed_overrides_are_an_error_that_says_so(text: str) -> None:
    with pytest.raises(MalformedSourceError):
        overrides_layer([text])


def test_text_with_an_equals_sign_that_is_no_override_is_still_unknown() -> None:
    with pytest.raises(UnknownSourceError):
        read("what is this = that", code=CODE)


def test_a_byte_that_is_no_utf8_is_refused_where_yaml_would_have_to_read_it() -> None:
    assert [entry.value for entry in overrides_layer(["name=caf\udce9"]).entries] == ["caf\udce9"]
    with pytest.raises(MalformedSourceError, match="no UTF-8") as caught:
        overrides_layer(['name="caf\udce9"'])
    assert caught.value.column == 5
