"""Any object into layers, and what is said of those that are no configuration."""

from __future__ import annotations

import argparse
import collections
import dataclasses
import enum
import os
import re
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest

from givens.errors import CycleError, MalformedSourceError, UnknownSourceError
from givens.records.origin import KINDS, Origin
from givens.sources import SOURCES, find_defaults, read

CODE = Origin("code", "train.py", 7)


def entries(obj: object) -> list[tuple[Any, Any, Origin]]:
    return [tuple(entry) for layer in read(obj, code=CODE) for entry in layer.entries]


@pytest.mark.parametrize(
    "obj",
    [
        {"lr": 0.1, 3: "x"},
        collections.OrderedDict([("lr", 0.1), (3, "x")]),
        MappingProxyType({"lr": 0.1, 3: "x"}),
        collections.ChainMap({"lr": 0.1}, {3: "x"}),
        [("lr", 0.1), (3, "x")],
        (["lr", 0.1], [3, "x"]),
    ],
)
def test_mappings_and_pairs_give_an_entry_a_key_with_the_callers_line(obj: object) -> None:
    assert sorted(entries(obj), key=str) == sorted([(("lr",), 0.1, CODE), (((3,),), "x", CODE)], key=str)


def test_values_are_passed_on_untouched() -> None:
    inner = {"a": [1]}
    assert entries({"x": inner})[0][1] is inner


def test_a_layer_of_a_mapping_has_the_name_it_was_given() -> None:
    assert read({}, code=CODE, name="config=")[0].name == "config="


def test_a_simple_namespace_is_read_with_those_inside_it_and_watched() -> None:
    spaces = SimpleNamespace(lr=0.1, opt=SimpleNamespace(name="adam"))
    (layer,) = read(spaces, code=CODE)
    assert [entry[:2] for entry in layer.entries] == [(("lr",), 0.1), (("opt",), {"name": "adam"})]
    spaces.lr = 0.2
    assert layer.watched is spaces
    assert layer.reread is not None
    assert layer.reread(spaces) == {("lr",): 0.2, ("opt",): {"name": "adam"}}


def test_a_namespace_that_contains_itself_is_an_error() -> None:
    spaces = SimpleNamespace()
    spaces.me = spaces
    with pytest.raises(CycleError, match=r"config\.me"):
        read(spaces, code=CODE)


def test_text_subclasses_are_keys_by_their_text() -> None:
    color = enum.StrEnum("color", {"RED": "red"})
    assert entries({color.RED: 1})[0][0] == ("red",)


@pytest.mark.parametrize("key", [None, True, 1.5, (1, 2), b"x"])
def test_other_keys_at_the_top_are_an_error_at_the_callers_line(key: object) -> None:
    with pytest.raises(MalformedSourceError, match=r"train\.py:7: the key") as caught:
        read({key: 1}, code=CODE)
    assert type(key).__name__ in str(caught.value)


def test_none_and_empty_lists_are_nothing() -> None:
    assert read(None, code=CODE) == []
    assert read([], code=CODE) == []
    assert read([None, {}], code=CODE)[0].entries == []


def test_a_list_of_sources_is_read_left_to_right(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("lr: 1")
    (tmp_path / "b.json").write_text('{"lr": 2}')
    layers = read([str(tmp_path / "a.yaml"), tmp_path / "b.json", {"lr": 3}], code=CODE, root=str(tmp_path))
    assert [(layer.name, layer.entries[0].value) for layer in layers] == [("a.yaml", 1), ("b.json", 2), ("mapping", 3)]


def test_lists_that_never_end_are_an_error() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(UnknownSourceError, match="flat list"):
        read(endless, code=CODE)


@dataclasses.dataclass
class Settings:
    lr: float = 0.1


Point = collections.namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("obj", "says"),
    [
        (object(), "cannot take a configuration from object; pass a mapping"),
        (3, "from int; pass a mapping"),
        (True, "from bool"),
        (argparse.ArgumentParser(), r"pass parser\.parse_args\(\)"),
        (Settings, "the class Settings; make an instance"),
        (Point(1, 2), r"_asdict\(\)"),
        ({1, 2}, "a set; pass dict"),
        (iter([("a", 1)]), "pass dict"),
        (b"a.yaml", "bytes; name a file"),
        (os, "from module"),
        (len, "from builtin_function_or_method"),
        ("run:calm-otter", r"an earlier run here; give it to init"),
        ("notes.txt", r"from 'notes\.txt'; a file to read ends in \.yaml, \.yml, \.json, \.toml"),
        ("a,b", "for several, pass a list"),
        ("lr: 0.1", "from text; .*for values, pass a dict"),
        ("", "an empty str"),
        ([3], "from int"),
        ((argparse.Namespace(lr=1), ["--typo"]), "pass its first element"),
    ],
)
def test_what_no_source_reads_is_an_error_that_says_what_to_do(obj: object, says: str) -> None:
    with pytest.raises(UnknownSourceError) as caught:
        read(obj, code=CODE)
    assert re.search(says, str(caught.value))
    assert isinstance(caught.value, TypeError)
    assert " at 0x" not in str(caught.value)


def test_a_name_without_its_suffix_finds_the_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text("")
    with pytest.raises(UnknownSourceError, match=r"did you mean .*base\.yaml"):
        read(str(tmp_path / "base"), code=CODE)


def test_defaults_are_found_in_the_working_directory_else_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "scripts").mkdir()
    cwd, script = str(tmp_path), str(tmp_path / "scripts" / "train.py")
    assert find_defaults(script, cwd) is None
    beside = tmp_path / "scripts" / "config-defaults.yaml"
    beside.write_text("")
    assert find_defaults(script, cwd) == str(beside)
    assert find_defaults("scripts/train.py", cwd) == str(beside)
    assert find_defaults(None, cwd) is None
    (tmp_path / "config-defaults.yaml").write_text("")
    assert find_defaults(script, cwd) == str(tmp_path / "config-defaults.yaml")


def test_the_table_has_a_row_for_every_kind_of_origin_that_comes_from_here() -> None:
    names = {source.name for source in SOURCES}
    words = {word.strip() for name in names for word in name.split(",")}
    elsewhere = {
        "code",
        "env",
        "in place",
        "session",
        "edit",
        "unknown",
        "transformers",
    }  # no source, or of another name
    assert set(KINDS) - elsewhere <= words
    assert all(source.takes and source.origin for source in SOURCES)


def test_reading_a_mapping_loads_no_foreign_library() -> None:
    script = (
        "import sys; from givens.records.origin import Origin; from givens.sources import read\n"
        "read({'a': 1}, code=Origin('code')); read([('a', 1)], code=Origin('code'))\n"
        "print(sorted({'yaml', 'argparse', 'absl', 'json', 'tomllib', 'dataclasses', 'inspect'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
