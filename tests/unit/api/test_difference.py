"""What differs between runs, files and configurations at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.api import diff, open_run
from givens.api.difference import type_name
from givens.errors import MissingSourceError, RunNotFoundError, UsageError

CODE = {"kind": "code", "file": "train.py", "line": 7}


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}


@pytest.fixture
def folder(journals: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    journals.write(
        "abc", set_to(lr=0.1, n=2, seed=1, sizes=[1, 2]), start={"argv": ["python", "train.py", "--lr", "0.1"]}
    )
    journals.write("xyz", set_to(lr=0.2, n=2.0, seed=1, opt="adam", sizes=[1, 3]), start={"git": {"commit": "b" * 40}})
    monkeypatch.chdir(journals.folder)
    folder: Path = journals.folder
    return folder


@pytest.mark.usefixtures("folder")
def test_two_runs_are_compared_key_by_key() -> None:
    found = diff("abc", "calm-xyz")
    assert {row.path[0]: row.status for row in found.rows} == {
        "lr": "differs",
        "n": "type differs",
        "seed": "equal",
        "sizes": "differs",
        "opt": "missing",
    }
    assert [side.label for side in found.sides] == ["calm-abc", "calm-xyz"]
    assert [row.path for row in found.constants] == [("seed",)]
    assert found


@pytest.mark.usefixtures("folder")
def test_its_text_is_a_table_that_needs_no_colour() -> None:
    lines = str(diff("abc", "xyz")).splitlines()
    assert [line.split() for line in lines] == [
        ["calm-abc", "calm-xyz"],
        ["lr", "0.1", "≠", "0.2"],
        ["n", "2", "(int)", "~", "2.0", "(float)"],
        ["sizes", "[1,", "2]", "≠", "[1,", "3]"],
        ["opt", "missing", "'adam'"],
        ["(commit)", "a" * 40, "≠", "b" * 40],
        ["(command)", "python", "train.py", "--lr", "0.1", "≠", "python", "train.py"],
        ["4", "keys", "differ,", "1", "is", "the", "same"],
    ]
    assert {line.index(cell) for line, cell in zip(lines, ["calm-abc", "0.1", "2", "[1", "missing"], strict=False)} == {
        11
    }


@pytest.mark.usefixtures("folder")
def test_code_and_command_of_runs_are_compared_as_well() -> None:
    facts = {fact.name: (fact.differs, fact.cells) for fact in diff("abc", "xyz").facts}
    assert facts["commit"] == (True, ("a" * 40, "b" * 40))
    assert facts["command"] == (True, ("python train.py --lr 0.1", "python train.py"))
    assert facts["python"] == (False, ("3.11.7", "3.11.7"))
    assert facts["dirty"] == (False, (None, None))


def test_a_file_is_compared_as_what_init_would_read(folder: Path) -> None:
    (folder / "new.yaml").write_text("lr: 1e-1\nn: 2\nseed: 1\nsizes: [1, 2]\n")
    for name in ("new.yaml", "@new.yaml", folder / "new.yaml"):
        found = diff("abc", name)
        assert not found
        assert found.sides[1].run is None
    assert [fact.differs for fact in found.facts] == [False] * 4


def test_a_run_named_like_a_file_that_is_not_there_is_found(folder: Path, journals: Any) -> None:
    journals.write("yaml1", set_to(lr=0.1), start={"name": "x.yaml"})
    assert diff("abc", "x.yaml").sides[1].run is not None
    (folder / "x.yaml").write_text("lr: 7\n")
    assert diff("abc", "x.yaml").sides[1].run is None


@pytest.mark.usefixtures("folder")
def test_what_is_neither_run_nor_file_says_so() -> None:
    with pytest.raises(RunNotFoundError):
        diff("abc", "nope")
    with pytest.raises(MissingSourceError):
        diff("abc", "@nope.yaml")
    with pytest.raises((MissingSourceError, RunNotFoundError)):
        diff("abc", "nope.yaml")


@pytest.mark.usefixtures("folder")
def test_mappings_configs_and_opened_runs_are_taken() -> None:
    config = givens.Config({"lr": 0.1, "n": 2, "seed": 1, "sizes": [1, 2]})
    found = diff(open_run("abc"), config, {"lr": 0.1, "n": 2, "seed": 1, "sizes": [1, 2]}, open_run("abc").config)
    assert not found
    assert [side.label for side in found.sides] == ["calm-abc", "config 2", "config 3", "config 4"]


def test_a_pair_of_name_and_value_at_the_top_of_a_file_hides_its_secret(tmp_path: Path) -> None:
    (tmp_path / "header.yaml").write_text("name: api_token\nvalue: quiet-as-a-mouse\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("name: colour\nvalue: green-as-grass\n", encoding="utf-8")
    text = repr(diff(str(tmp_path / "header.yaml"), str(tmp_path / "other.yaml")))
    assert "mouse" not in text and "<secret>" in text and "green-as-grass" in text


def test_secrets_of_mappings_are_not_shown() -> None:
    text = str(diff({"api_key": "sk-0123456789abcdef0123"}, {"api_key": "sk-9876543210abcdef9876"}))
    assert "0123456789" not in text
    assert "≠" in text


def test_patterns_leave_keys_out() -> None:
    assert not diff({"a": {"path": 1}}, {"a": {"path": 2}}, ignore=["*.path"])
    assert not diff({"a": 1}, {"a": 2}, ignore="a")


def test_equal_keys_are_printed_when_asked_for() -> None:
    assert "seed" not in str(diff({"seed": 1}, {"seed": 1}))
    assert "seed  1         1" in str(diff({"seed": 1}, {"seed": 1}, all=True))


def test_long_lists_show_where_they_differ() -> None:
    long = list(range(100, 160))
    text = str(diff({"l": long}, {"l": [*long[:50], 7, *long[51:]]}))
    assert "l[50]" in text
    assert "≠ 7" in text


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("refs", [(), ("abc",), ({"lr": 1},), ("@base.yaml",)])
def test_fewer_than_two_is_a_mistake(refs: tuple[str, ...]) -> None:
    with pytest.raises(UsageError):
        diff(*refs)


@pytest.mark.usefixtures("folder")
def test_the_interpreter_and_a_notebook_show_it_as_a_table() -> None:
    made = diff("abc", "xyz")
    assert repr(made) == str(made)
    shown = made._repr_html_()
    assert "calm-xyz</th>" in shown
    assert '<td class="v differs">0.2</td>' in shown and '<td class="v missing">missing</td>' in shown


@pytest.mark.usefixtures("folder")
def test_it_is_a_table_as_every_other() -> None:
    found = diff("abc", "xyz", ignore=["sizes"])
    assert found.to_csv().splitlines()[:2] == ["key,status,calm-abc,calm-xyz", "lr,differs,0.1,0.2"]
    assert [row["key"] for row in found.to_dicts()][:3] == ["lr", "n", "opt"]
    assert found.to_latex().count("\\\\") >= 4
    assert (len(found.grid(limit=1).rows), found.grid(limit=1).total) == (1, len(found.grid().rows))


@pytest.mark.usefixtures("folder")
def test_its_json_has_what_differs_with_types() -> None:
    shape = json.loads(diff("abc", "xyz", ignore=["sizes"]).to_json())
    assert shape["sides"] == [{"label": "calm-abc", "run": "abc"}, {"label": "calm-xyz", "run": "xyz"}]
    assert [(row["path"], row["status"]) for row in shape["rows"]] == [
        ("lr", "differs"),
        ("n", "type differs"),
        ("opt", "missing"),
    ]
    assert shape["rows"][1]["cells"] == [{"value": 2, "shown": "2"}, {"value": 2.0, "shown": "2.0"}]
    assert shape["rows"][2]["cells"] == [None, {"value": "adam", "shown": "'adam'"}]
    assert shape["constants"] == 1


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (2, "int"),
        (None, "None"),
        ({"a": 1}, "dict"),
        ({"~": "tuple", "v": []}, "tuple"),
        ({"~": "numpy", "dtype": "float32", "v": 1.0}, "float32"),
    ],
)
def test_types_are_called_as_python_calls_them(value: Any, name: str) -> None:
    assert type_name(value) == name


def default(note: str = "default") -> dict[str, Any]:
    return {"kind": "argparse", "name": "--lr", "note": note}


def test_a_default_that_drifted_is_named(journals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(run_id: str, **values: tuple[Any, dict[str, Any]]) -> None:
        rows = [[[key], value, at] for at, (key, (value, _)) in enumerate(values.items())]
        journals.write(run_id, ("set", {"s": rows, "o": [origin for _, origin in values.values()]}))

    typed, file = default("typed"), {"kind": "file", "file": "conf/config-defaults.yaml", "line": 3}
    write("abc", lr=(0.1, default()), n=(1, default()), m=(1, file), k=(1, default()), same=(1, default()))
    write(
        "xyz", lr=(0.2, default()), n=(2, typed), m=(2, file), k=(1.0, default("default, library")), same=(1, default())
    )
    monkeypatch.chdir(journals.folder)
    found = diff("abc", "xyz")
    assert [row.path[0] for row in found.rows if found.is_default_changed(row)] == ["lr", "m", "k"]
    assert "lr (default changed)  0.1" in str(found)
    assert str(found).splitlines()[-1] == "4 keys differ (3 by another default), 1 is the same"
    assert [row["default_changed"] for row in json.loads(found.to_json())["rows"]] == [
        True,
        False,
        True,
        True,
    ]


def test_the_sessions_of_one_run_are_compared(journals: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(journals.folder)
    journals.write("abc", set_to(lr=0.1, seed=1))
    later = {"role": "session", "session": 2, "host": "node8", "argv": ["python", "train.py", "--again"]}
    journals.write("abc", set_to(lr=0.2), child="b" * 16, start=later, began="2026-03-02T10:00:00")
    found = diff("abc")
    assert [side.label for side in found.sides] == ["session 1", "session 2"]
    assert [(row.path, row.cells) for row in found.differing] == [(("lr",), (0.1, 0.2))]
    assert {fact.name: fact.differs for fact in found.facts} == {"commit": False, "command": True, "host": True}
    assert [row.cells for row in diff(open_run("abc")).differing] == [(0.1, 0.2)]
