"""Files of edits: written, read, damaged, merged."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from givens.errors import RunNotFoundError, RunRemovedError, StoreError
from givens.journal.edits import edit_files, read_edits, removed_runs, write_command
from givens.journal.reader import read_all, read_run
from givens.journal.refs import resolve
from givens.records.encoded import lift


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


def edited(store: Any, *pairs: Any, **start: Any) -> str:
    return write_command(store, start, [("edit", {"e": [list(pair) for pair in pairs]})])


def undo(store: Any, writer: str) -> str:
    return write_command(store, {}, [("undo", {"of": [writer, 1]})])


def test_a_run_is_its_journals_and_the_edits_that_name_it(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    journals.write("other", set_to(lr=0.1))
    edited(journals.store, (["abc"], [["set", ["lr"], 0.2]]), user="ada")
    assert lift(read_run(journals.store, "abc").state.config) == {"lr": 0.2}
    assert lift(read_run(journals.store, "other").state.config) == {"lr": 0.1}
    assert [edit.user for edit in read_run(journals.store, "abc").edits] == ["ada"]


def test_one_command_is_one_file_however_many_runs(journals: Any) -> None:
    for number in range(5):
        journals.write(f"r{number}", set_to(lr=0.1))
    edited(journals.store, ([f"r{number}" for number in range(5)], [["set", ["lr"], 0.2]]))
    assert len(edit_files(journals.store)) == 1
    assert [lift(run.state.config) for run in read_all(journals.store)] == [{"lr": 0.2}] * 5


def test_an_undone_edit_is_as_if_it_had_not_been_and_an_undone_undo_brings_it_back(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    first = edited(journals.store, (["abc"], [["set", ["lr"], 0.2]]))
    second = undo(journals.store, first)
    assert lift(read_run(journals.store, "abc").state.config) == {"lr": 0.1}
    undo(journals.store, second)
    assert lift(read_run(journals.store, "abc").state.config) == {"lr": 0.2}


def test_a_removed_run_is_not_listed_and_not_found_though_its_journal_is_there(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    journals.write("left", set_to(lr=0.1))
    edited(journals.store, (["abc"], [["remove"]]))
    assert removed_runs(journals.store) == {"abc"}
    assert [run.run_id for run in read_all(journals.store)] == ["left"]
    with pytest.raises(RunRemovedError, match="givens restore abc"):
        resolve(journals.store, "abc")
    with pytest.raises(RunNotFoundError):
        resolve(journals.store, "calm-abc")
    assert resolve(journals.store, "last") == "left"


def test_the_name_given_afterwards_names_the_run(journals: Any) -> None:
    journals.write("abc")
    edited(journals.store, (["abc"], [["name", "best-so-far"]]))
    assert resolve(journals.store, "best-so-far") == "abc"


def test_reading_one_run_does_not_parse_lines_about_others(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    edited(journals.store, (["other"], [["set", ["lr"], 0.2]]))
    path = Path(edit_files(journals.store)[0])
    path.write_bytes(path.read_bytes().replace(b'["lr"],0.2', b'["lr"],0.3'))  # its checksum does not match any more
    assert read_run(journals.store, "abc").bad == []
    assert len(read_edits(journals.store).bad) == 1


def test_a_damaged_edit_is_named_and_the_rest_holds(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    edited(journals.store, (["abc"], [["set", ["lr"], 0.2]]))
    path = Path(edit_files(journals.store)[0])
    path.write_bytes(path.read_bytes().replace(b'["lr"],0.2', b'["lr"],0.3'))
    run = read_run(journals.store, "abc")
    assert lift(run.state.config) == {"lr": 0.1}
    assert [str(bad) for bad in run.bad] == [f"{path}:2: its checksum does not match"]


def test_an_edit_whose_line_is_torn_is_not_there(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1))
    edited(journals.store, (["abc"], [["set", ["lr"], 0.2]]))
    path = Path(edit_files(journals.store)[0])
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:-1])
    assert lift(read_run(journals.store, "abc").state.config) == {"lr": 0.1}


def test_an_edit_that_cannot_be_written_leaves_no_file(journals: Any) -> None:
    Path(journals.store.path, "edits").write_text("in the way")
    with pytest.raises(StoreError, match="nothing was changed"):
        edited(journals.store, (["abc"], [["remove"]]))
    os.unlink(Path(journals.store.path, "edits"))
    assert edit_files(journals.store) == []


def test_files_with_other_names_are_left_alone(journals: Any) -> None:
    folder = Path(journals.store.path, "edits")
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "short.jsonl").write_text("mine")
    assert edit_files(journals.store) == []


def test_an_edit_made_after_another_comes_after_it_though_the_clock_was_set_back(
    journals: Any, monkeypatch: Any
) -> None:
    journals.write("one")
    times = iter([1_900_000_000 * 10**9] * 3 + [1_700_000_000 * 10**9] * 3)
    monkeypatch.setattr("time.time_ns", lambda: next(times))
    first = edited(journals.store, [["one"], [["set", ["lr"], 1]]])
    second = edited(journals.store, [["one"], [["set", ["lr"], 2]]])
    book = read_edits(journals.store)
    assert [command.writer for command in book.commands] == [first, second]
    assert read_run(journals.store, "one").state.config == {"lr": 2}
