"""The command itself: overview, errors, exit codes, what it loads."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import givens as package
from givens.cli.root import COMMANDS, EXIT_CODES

CODE = {"kind": "code", "file": "train.py", "line": 7}


def test_the_overview_lists_commands_and_exit_codes(givens: Any) -> None:
    out = givens("--help").out
    assert all(f"  {name} " in out for name in COMMANDS)
    assert all(str(code) in out.partition("Exit codes:")[2] for code in EXIT_CODES)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_examples_json_and_dir(givens: Any, command: str) -> None:
    out = givens(command, "--help").out
    assert "Examples:" in out
    assert f"givens {command}" in out
    assert "--json" in out
    assert "--dir" in out


def test_every_command_has_a_file_of_its_name() -> None:
    folder = Path(package.__file__).parent / "cli"
    assert all((folder / f"{name}.py").is_file() for name in COMMANDS)


def test_the_version_is_the_packages(givens: Any) -> None:
    assert givens("--version").out == f"givens {package.__version__}\n"


@pytest.mark.parametrize("command", [["ls"], ["show", "x"], ["explain", "x", "y"], ["diff", "x", "y"]])
def test_without_a_store_every_command_says_where_it_looked(givens: Any, command: list[str]) -> None:
    answer = givens(*command)
    assert (answer.out, answer.code) == ("", 1)
    assert answer.err.startswith("givens: ")
    assert "DIR" in answer.err
    assert answer.err.count("\n") == 1


@pytest.mark.usefixtures("journals")
def test_a_run_that_is_not_there_is_one_line(givens: Any) -> None:
    answer = givens("show", "zzz")
    assert answer.err == "givens: no run 'zzz' in DIR/.givens; `givens ls` lists the runs\n"
    assert answer.code == 1


def test_a_command_that_is_not_there_suggests_the_nearest(givens: Any) -> None:
    answer = givens("explian", "last", "lr")
    assert answer.err == "givens: no command 'explian'; did you mean 'explain'? (`givens --help` shows how)\n"
    assert answer.code == 2


@pytest.mark.parametrize("args", [["show", "--nope"], ["explain"], ["group"], ["diff"], ["--nope"]])
def test_a_wrong_command_line_is_one_line_and_exit_code_2(givens: Any, args: list[str]) -> None:
    answer = givens(*args)
    assert (answer.out, answer.code, answer.err.count("\n")) == ("", 2, 1)


def test_dir_and_json_may_stand_before_the_command(givens: Any, journals: Any) -> None:
    journals.write("abc")
    folder = str(journals.folder)
    before = givens("--json", "--dir", folder, "ls", cwd=Path("/"))
    after = givens("ls", "--json", "--dir", folder, cwd=Path("/"))
    assert json.loads(before.out)["runs"][0]["id"] == json.loads(after.out)["runs"][0]["id"] == "abc"


def test_an_error_about_a_hostile_reference_is_one_harmless_line(givens: Any, journals: Any) -> None:
    journals.write("abc")
    answer = givens("show", "a\x1b[2J\nb")
    assert "\x1b" not in answer.err
    assert answer.err.count("\n") == 1


def test_the_installed_command_and_the_module_are_the_same(givens: Any, tmp_path: Path) -> None:
    program = "import sys; sys.argv[0] = 'givens'; from givens.cli import main; main()"
    command = [sys.executable, "-c", program, "--version"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (answer.stdout, answer.returncode) == (givens("--version").out, 0)


def test_the_overview_loads_neither_tables_nor_readers() -> None:
    program = "import sys; from givens.cli import root; root.run(['--help']); print(sorted(sys.modules))"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = answer.stdout.splitlines()[-1]
    assert not any(f"'{name}'" in loaded for name in ("rich", "yaml", "givens.cli.ls", "givens.cli.diff"))


def test_bare_givens_without_a_store_says_how_to_begin(givens: Any) -> None:
    answer = givens()
    assert answer.lines[0] == f"givens {package.__version__}: a run remembers what it was given"
    assert "    import givens" in answer.lines
    assert answer.code == 0


def test_what_bare_givens_tells_a_newcomer_to_write_works(givens: Any, tmp_path: Path) -> None:
    script = "\n".join(line[4:] for line in givens().lines if line.startswith("    "))
    (tmp_path / "first.py").write_text(script)
    subprocess.run([sys.executable, "first.py"], cwd=tmp_path, check=True, capture_output=True)
    assert "'lr'" not in givens("show").err
    assert any(line.split()[:2] == ["lr", "0.1"] for line in givens("show").lines)


def test_bare_givens_says_what_the_store_holds_and_what_to_do_next(givens: Any, journals: Any) -> None:
    finish = ("finish", {"state": "finished", "code": 0})
    journals.write("abc", finish)
    journals.write("xyz", ("set", {"s": [[["lr"], 1, 0]], "o": [CODE]}), finish, began="2026-03-02T10:00:00")
    answer = givens()
    assert "DIR/.givens holds 2 runs; the newest is calm-xyz (finished, 2026-03-02 10:00:00)." in answer.lines
    commands = [line.strip().split("  ")[0] for line in answer.lines if line.startswith("  givens ")]
    assert commands == [
        "givens ls",
        "givens show last",
        "givens explain last lr",
        "givens diff abc last",
        "givens keys",
        "givens --help",
    ]
    assert all(givens(*command.split()[1:]).code == 0 for command in commands)
    assert json.loads(givens("--json").out)["newest"]["id"] == "xyz"


def test_help_is_a_command_as_well(givens: Any) -> None:
    assert givens("help").out == givens("--help").out
    assert givens("help", "ls").out == givens("ls", "--help").out
    assert (givens("help", "lss").code, givens("help", "lss").err) == (2, givens("lss").err)


@pytest.mark.parametrize("args", [("ls", "--json", "--csv"), ("keys", "--md", "--latex"), ("--json", "ls", "--csv")])
def test_two_formats_are_a_wrong_command_line(givens: Any, journals: Any, args: tuple[str, ...]) -> None:
    journals.write("abc")
    answer = givens(*args)
    assert (answer.code, answer.out) == (2, "") and "two formats: give one of them" in answer.err
