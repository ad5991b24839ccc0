"""``givens setup``."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest

BEFORE = '# ours\n[project]\nname = "x"  # kept\n\n[tool.givens]\n# why\nredact = [\n  "a",\n]\nproject = "old"\n\n[tool.other]\nx = [\n  [1],\n]\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pyproject.toml"
    path.write_text(BEFORE, encoding="utf-8")
    return path


def test_settings_are_written_and_everything_else_stays(givens: Any, file: Path) -> None:
    answer = givens("setup", "--project", "new", "--changes", "error", "--strict")
    assert answer.code == 0, answer.err
    text = file.read_text("utf-8")
    assert text == BEFORE.replace('project = "old"\n', 'project = "new"\nchanges = "error"\nstrict = true\n')
    assert tomllib.loads(text)["tool"]["givens"] == {
        "redact": ["a"],
        "project": "new",
        "changes": "error",
        "strict": True,
    }
    assert any("was old" in line for line in answer.lines)


def test_a_list_over_several_lines_is_replaced_whole(givens: Any, file: Path) -> None:
    givens("setup", "--redact", "*.key", "--redact", 'x"y')
    tool = tomllib.loads(file.read_text("utf-8"))["tool"]
    assert tool["givens"] == {"project": "old", "redact": ["*.key", 'x"y']}
    assert tool["other"] == {"x": [[1]]}


def test_a_setting_is_taken_out(givens: Any, file: Path) -> None:
    givens("setup", "--unset", "redact", "--unset", "project")
    assert tomllib.loads(file.read_text("utf-8"))["tool"]["givens"] == {}


def test_a_dry_run_writes_nothing(givens: Any, file: Path) -> None:
    shape = json.loads(givens("setup", "--project", "new", "--dry-run", "--json").out)
    assert (shape["before"]["project"], shape["after"]["project"], shape["written"]) == ("old", "new", False)
    assert file.read_text("utf-8") == BEFORE


def test_the_file_is_made_where_there_is_none(givens: Any, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    answer = givens("setup", "--replicate", "seed")
    assert answer.lines[0] == "[tool.givens] in DIR/pyproject.toml (was made)"
    assert tomllib.loads((tmp_path / "pyproject.toml").read_text("utf-8")) == {
        "tool": {"givens": {"replicate": ["seed"]}}
    }


@pytest.mark.parametrize(
    "text",
    ['tool.givens.project = "x"\n', '[tool]\ngivens = { project = "x" }\n', '[tool]\ntext = """\n[tool.givens]\n"""\n'],
)
def test_a_form_that_is_not_edited_is_left_alone_and_the_lines_are_shown(
    givens: Any, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text, encoding="utf-8")
    answer = givens("setup", "--changes", "error")
    if answer.code == 0:  # the table could be added after all: then both are read
        assert tomllib.loads(file.read_text("utf-8"))["tool"]["givens"]["changes"] == "error"
    else:
        assert 'changes = "error"' in answer.err
        assert file.read_text("utf-8") == text


def test_a_file_that_is_no_toml_is_named_and_left(givens: Any, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text("[tool\n", encoding="utf-8")
    answer = givens("setup", "--project", "x")
    assert (answer.code, file.read_text("utf-8")) == (1, "[tool\n")
    assert answer.err.startswith("givens: DIR/pyproject.toml: is not valid TOML")


@pytest.mark.usefixtures("file")
def test_mistakes_are_wrong_command_lines(givens: Any) -> None:
    assert givens("setup", "--changes", "maybe").code == 2
    answer = givens("setup", "--unset", "chnges")
    assert answer.code == 2
    assert "there are project," in answer.err


@pytest.mark.usefixtures("file")
def test_without_a_terminal_nothing_is_asked(givens: Any) -> None:
    answer = givens("setup")
    assert (answer.code, answer.lines[0]) == (0, "[tool.givens] in DIR/pyproject.toml: nothing changed")
    assert any(line.split() == ["project", "old"] for line in answer.lines)


def test_what_is_written_is_what_is_read(givens: Any, file: Path) -> None:
    from givens.settings import load

    givens("setup", "--project", "digits", "--ignore", "*.path", "--on-locked", "error", "--no-strict")
    settings, problems = load({}, str(file.parent))
    assert not problems
    assert (settings.project, settings.ignore, settings.on_locked, settings.strict) == (
        "digits",
        ("*.path",),
        "error",
        False,
    )


def test_goals_of_metrics_are_added_to_those_that_stand_there(givens: Any, tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text('[tool.givens]\nmetrics = { loss = "min" }\n', encoding="utf-8")
    assert givens("setup", "--metrics", "val/*=max", "--metrics", "err=minimize").code == 0
    assert tomllib.loads(file.read_text("utf-8"))["tool"]["givens"]["metrics"] == {
        "loss": "min",
        "val/*": "max",
        "err": "min",
    }
    answer = givens("setup", "--metrics", "loss=best")
    assert answer.code == 2
    assert "one of min, max" in answer.err
