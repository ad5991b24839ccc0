"""One stored run."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from givens.api import open_run
from givens.api.stored.opening import open_in, runs_of
from givens.errors import MissingKeyError, ReadOnlyError
from givens.journal.edits import write_command
from givens.journal.lines import Stamper
from givens.journal.writer import JournalWriter

CODE = {"kind": "code", "file": "train.py", "line": 7}


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE]}


def test_identity_comes_from_the_start_line(journals: Any) -> None:
    journals.write("abc", start={"group": "sweep-1", "job_type": "train", "tags": ["a", "b"], "notes": "first"})
    run = open_in(journals.store, "abc")
    assert (run.id, run.name, run.project, run.group, run.job_type) == ("abc", "calm-abc", "digits", "sweep-1", "train")
    assert (run.tags, run.notes, run.host, run.python) == (("a", "b"), "first", "node7", "3.11.7")
    assert (run.argv, run.command, run.cwd) == (("python", "train.py"), "python train.py", "/home/ada/digits")
    assert run.created_at == datetime(2026, 3, 1, 10, 0, 0, tzinfo=UTC)
    assert repr(run) == "<run 'calm-abc' (abc), running>"


def test_name_tags_and_notes_given_later_stand(journals: Any) -> None:
    journals.write("abc", ("meta", {"name": "better", "tags": ["c"]}), start={"notes": "kept"})
    run = open_in(journals.store, "abc")
    assert (run.name, run.tags, run.notes) == ("better", ("c",), "kept")


def test_the_config_reads_like_the_live_one_and_cannot_be_written(journals: Any) -> None:
    exact = {"lr": 2.0, "t": {"~": "tuple", "v": [1, 2]}, "nan": {"~": "float", "v": "nan"}, "model": {"depth": 4}}
    journals.write("abc", set_to(**exact))
    config = open_in(journals.store, "abc").config
    assert type(config.lr) is float
    assert config.t == (1, 2)
    assert config.nan != config.nan
    assert config.model.depth == config["model"]["depth"] == 4
    with pytest.raises(ReadOnlyError):
        config.lr = 1
    with pytest.raises(ReadOnlyError):
        config.model.depth = 1


def test_results_are_decoded_with_extremes(journals: Any) -> None:
    nan = {"~": "float", "v": "nan"}
    logs = [("log", {"m": {"loss": loss}, "step": step}) for step, loss in enumerate([0.5, 0.2, nan])]
    journals.write("abc", *logs, ("summary", {"m": {"best": {"~": "tuple", "v": [1, 0.2]}}}))
    run = open_in(journals.store, "abc")
    assert run.summary["best"] == (1, 0.2)
    loss = run.results["loss"]
    assert loss.last != loss.last
    assert (loss.last_step, loss.min, loss.min_step, loss.max, loss.max_step, loss.times) == (2, 0.2, 1, 0.5, 0, 3)
    with pytest.raises(TypeError):
        run.summary["best"] = 1  # type: ignore[index]


def test_a_failed_run_says_why(journals: Any) -> None:
    journals.write("abc", ("finish", {"state": "failed", "code": 3, "error": "ValueError: no"}))
    run = open_in(journals.store, "abc")
    assert (run.state, run.exit_code, run.error, run.duration_s) == ("failed", 3, "ValueError: no", 1.0)


def test_a_clean_exit_code_is_zero_and_an_unseen_one_is_none(journals: Any) -> None:
    journals.write("abc", ("finish", {"state": "finished", "code": 0}))
    journals.write("xyz", ("finish", {"state": "finished", "code": None}))
    assert open_in(journals.store, "abc").exit_code == 0
    assert open_in(journals.store, "xyz").exit_code is None


def test_a_running_run_lasts_until_now(journals: Any) -> None:
    journals.write("abc", set_to(lr=1))
    run = open_in(journals.store, "abc")
    assert run.created_at is not None
    assert run.duration_s == pytest.approx(run.now_s - run.created_at.timestamp())


def surroundings(journals: Any) -> None:
    journal = JournalWriter(os.path.join(journals.store.path, "env", f"{'e' * 16}.jsonl"), Stamper())
    os.mkdir(os.path.dirname(journal.path))
    journal.append("code", ',"remote":"https://ada:secret@example.org/x"')
    journal.close()


def test_surroundings_are_without_what_was_taken_out_of_them_and_no_file_of_edits_is_read_again(journals: Any) -> None:
    journals.write("aaa", set_to(lr=1), start={"env": "e" * 16})
    surroundings(journals)
    patches = {"e" * 16: {"0": [[["remote"], "https://ada:***@example.org/x"]]}}
    write_command(journals.store, {}, [("scrub", {"p": patches})])  # names no run: they came later
    alone, (listed,) = open_in(journals.store, "aaa"), runs_of(journals.store).runs
    edits = Path(journals.store.path) / "edits"
    edits.rename(edits.with_name("away"))
    for run in (alone, listed):
        assert run.surroundings == {"remote": "https://ada:***@example.org/x"}


def test_surroundings_that_a_scrub_made_by_hand_names_are_scrubbed_as_well(journals: Any) -> None:
    journals.write("aaa", set_to(lr=1), start={"env": "f" * 16})
    surroundings(journals)
    write_command(journals.store, {}, [("scrub", {"p": {"e" * 16: {"0": [[["remote"], "***"]]}}})])
    write_command(
        journals.store, {}, [("scrub", {"p": {("aaa" * 16)[:16]: {"0": [[["env"], "e" * 16]]}}, "runs": {"aaa": []}})]
    )
    assert open_in(journals.store, "aaa").surroundings == {"remote": "***"}


def test_git_facts_take_dirty_from_the_surroundings(journals: Any) -> None:
    written = journals.write("tmp", ("dirty", {"dirty": True}))
    Path(journals.store.env_file("e" * 16)).parent.mkdir()
    written.rename(journals.store.env_file("e" * 16))
    journals.write("abc", start={"env": "e" * 16})
    journals.write("xyz", start={"git": None})
    assert open_in(journals.store, "abc").git == ("a" * 40, "main", True)
    assert open_in(journals.store, "xyz").git == (None, None, None)


def test_a_child_is_a_side_view_that_says_where_it_differs(journals: Any) -> None:
    journals.write("abc", set_to(device=0, lr=1), ("finish", {"state": "finished", "code": 0}))
    journals.write("abc", set_to(device=1, lr=1), child="c" * 16, start={"pid": 99})
    run = open_in(journals.store, "abc")
    ((child, rows),) = run.differing_children()
    assert (run.state, child.writer, child.pid) == ("finished", "c" * 16, 99)
    assert [(row.path, row.cells) for row in rows] == [(("device",), (0, 1))]
    assert [Path(file).name for file in run.files] == ["abc.jsonl", f"abc.{'c' * 16}.jsonl"]


def test_explain_and_history_answer_as_the_live_config_does(journals: Any) -> None:
    journals.write("abc", set_to(lr=1), set_to(lr=2))
    run = open_in(journals.store, "abc")
    assert run.explain("lr").value == 2
    assert [change.new for change in run.history("lr")] == [1, 2]
    with pytest.raises(MissingKeyError):
        run.explain("rl")


def test_problems_are_named(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=1), ("teleport", {}), start={"format": 9})
    path.write_bytes(path.read_bytes() + b"garbage\n")
    problems = open_in(journals.store, "abc").problems
    assert problems[0] == f"{path}:4: no checksum at its end"
    assert "format 9" in problems[1]
    assert "teleport" in problems[2]


def test_a_run_without_its_first_line_is_still_a_run(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=1))
    path.write_bytes(b"?\n" + b"".join(path.read_bytes().splitlines(keepends=True)[1:]))
    run = open_in(journals.store, "abc")
    assert (run.name, run.state, run.created_at, run.duration_s) == ("abc", "lost", None, None)
    assert run.config.lr == 1
    assert any("first line is missing" in problem for problem in run.problems)


def test_equal_configs_have_one_fingerprint_and_later_changes_do_not_count(journals: Any) -> None:
    journals.write("a1", set_to(lr=2, b=1))
    journals.write("b2", set_to(b=1, lr=2.0), ("settle", {}), set_to(lr=9))
    journals.write("c3", set_to(b=1, lr=9))
    one, two, other = (open_in(journals.store, run_id).fingerprint for run_id in ("a1", "b2", "c3"))
    assert one == two != other


def test_keys_that_the_project_ignores_are_not_in_the_fingerprint(journals: Any) -> None:
    (journals.folder / "pyproject.toml").write_text('[tool.givens]\nignore = ["out.*"]\n')
    journals.write("a1", set_to(lr=2, out={"dir": "x"}))
    journals.write("b2", set_to(lr=2, out={"dir": "y"}))
    assert open_in(journals.store, "a1").fingerprint == open_in(journals.store, "b2").fingerprint


def test_a_run_that_was_really_made_reads_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import givens

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIVENS_SILENT", "1")
    given = {"lr": 0.1, "shape": (3, 4), "model": {"name": "vit", "sizes": [1, 2]}, "inf": float("inf"), "l": {1: "a"}}
    with givens.init(dir=str(tmp_path), project="p", name="real", config=given) as live:
        live.config.model.sizes.append(3)
        live.log({"loss": 0.5}, step=1)
        run_id = live.id
    run = open_run("real", dir=tmp_path)
    assert run.id == run_id
    assert run.config == {**given, "model": {"name": "vit", "sizes": [1, 2, 3]}}
    assert (run.state, run.project, dict(run.summary)) == ("finished", "p", {"loss": 0.5})
    assert run.fingerprint == givens.fingerprint(run.config)
