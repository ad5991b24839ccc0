"""Reading journals back, whole and damaged."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from givens.errors import RunNotFoundError
from givens.journal.reader import read_all, read_events, read_run, read_start, read_surroundings
from givens.records.encoded import lift
from givens.records.state import fold


def set_to(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


def test_a_run_is_the_fold_of_its_journal(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1), set_to(lr=0.2, depth=4))
    run = read_run(journals.store, "abc")
    assert lift(run.state.config) == {"lr": 0.2, "depth": 4}
    assert run.state.start is not None
    assert run.state.start["name"] == "calm-abc"
    assert (run.children, run.bad, run.newer) == ({}, [], [])


def test_a_torn_last_line_is_not_there_yet(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=0.1), set_to(lr=0.2))
    path.write_bytes(path.read_bytes()[:-5])
    content = read_events(str(path))
    assert [event["k"] for event in content.events] == ["start", "set"]
    assert content.bad == []
    assert path.read_bytes()[: content.end].endswith(b"\n")


def test_a_bad_line_in_the_middle_breaks_no_other_and_is_named(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=0.1), set_to(depth=4), set_to(seed=1))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], lines[1], lines[2].replace(b"4", b"5"), lines[3]]))
    run = read_run(journals.store, "abc")
    assert lift(run.state.config) == {"lr": 0.1, "seed": 1}
    assert [str(bad) for bad in run.bad] == [f"{path}:3: its checksum does not match"]


def test_what_is_no_journal_at_all_is_bad_lines_and_no_exception(journals: Any) -> None:
    path = Path(journals.store.run_file("abc"))
    path.write_bytes(b"\x00\xff\n\nhello\n")
    run = read_run(journals.store, "abc")
    assert run.state.start is None
    assert [bad.line for bad in run.bad] == [1, 3]


def test_a_forked_child_folds_beside_the_run(journals: Any) -> None:
    journals.write("abc", set_to(device=0), ("finish", {"state": "finished", "code": 0}))
    journals.write("abc", set_to(device=1), child="c" * 16)
    run = read_run(journals.store, "abc")
    assert lift(run.state.config) == {"device": 0}
    assert lift(run.children["c" * 16].config) == {"device": 1}


def test_a_newer_format_is_read_as_far_as_it_goes_and_said(journals: Any) -> None:
    journals.write("abc", set_to(lr=0.1), ("teleport", {}), start={"format": 99})
    run = read_run(journals.store, "abc")
    assert (lift(run.state.config), run.newer, run.state.unknown_kinds) == ({"lr": 0.1}, [99], {"teleport"})


def test_a_missing_run_is_an_error_that_names_store_and_run(journals: Any) -> None:
    with pytest.raises(RunNotFoundError, match="'nope'") as caught:
        read_run(journals.store, "nope")
    assert caught.value.store == journals.store.path


def test_the_start_line_is_read_alone(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=0.1))
    start = read_start(str(path))
    assert start is not None
    assert start["run"] == "abc"
    path.write_bytes(path.read_bytes()[:40])
    assert read_start(str(path)) is None
    assert read_start(str(path) + ".none") is None


def test_all_runs_are_read_and_one_that_goes_meanwhile_is_passed_over(journals: Any) -> None:
    for run_id in ("a1", "b2", "c3"):
        journals.write(run_id, set_to(id=run_id))
    found = []
    for run in read_all(journals.store):
        found.append(run.run_id)
        Path(journals.store.run_file("b2")).unlink(missing_ok=True)
    assert found == ["a1", "c3"]


def test_writes_inside_a_blob_find_it_in_the_store(journals: Any) -> None:
    content = b"[1,2,3]"
    name = hashlib.sha256(content).hexdigest()
    blob = Path(journals.store.blob_file(name))
    blob.parent.mkdir()
    blob.write_bytes(content)
    stored = {"~": "blob", "sha256": name, "size": 7, "preview": "[1"}
    inside = ("set", {"s": [[["sizes", 1], 9, 0]], "o": [{"kind": "code"}]})
    journals.write("abc", set_to(sizes=stored), inside)
    assert lift(read_run(journals.store, "abc").state.config) == {"sizes": [1, 9, 3]}


def test_surroundings_are_what_the_detached_capture_wrote(journals: Any) -> None:
    folder = Path(journals.store.env_file("e" * 16)).parent
    folder.mkdir()
    written = journals.write("abc", ("dirty", {"dirty": True}))
    written.rename(journals.store.env_file("e" * 16))
    assert read_surroundings(journals.store, "e" * 16)["dirty"] is True
    assert read_surroundings(journals.store, "f" * 16) == {}


def test_a_surroundings_name_that_leads_out_of_the_store_is_not_followed(journals: Any) -> None:
    written = journals.write("abc", ("dirty", {"dirty": True}))
    written.rename(Path(journals.store.path).parent / "evil.jsonl")
    (Path(journals.store.path) / "env").mkdir()
    assert read_surroundings(journals.store, "../../evil") == {}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
@given(cut=st.integers(0, 2000))
def test_reading_in_two_parts_cut_anywhere_is_reading_at_once(journals: Any, cut: int) -> None:
    path = Path(journals.store.run_file("abc"))
    path.unlink(missing_ok=True)
    journals.write("abc", *[set_to(lr=number / 7, name=f"é{number}") for number in range(5)])
    whole = path.read_bytes()
    path.write_bytes(whole[:cut])
    first = read_events(str(path))
    path.write_bytes(whole)
    second = read_events(str(path), first.end)
    at_once = read_events(str(path))
    assert first.events + second.events == at_once.events
    assert lift(fold(first.events + second.events).config) == {"lr": 4 / 7, "name": "é4"}
    assert (first.bad, second.bad, second.end) == ([], [], len(whole))


def test_a_journal_to_which_nothing_was_ever_written_is_passed_over(journals: Any) -> None:
    path = journals.write("abc", set_to(lr=0.1))
    Path(journals.store.run_file("abc", "c" * 16)).touch()
    begun = Path(journals.store.run_file("never-begun"))
    begun.touch()
    assert [run.run_id for run in read_all(journals.store)] == ["abc"]
    assert read_run(journals.store, "abc").children == {}
    with pytest.raises(RunNotFoundError):
        read_run(journals.store, "never-begun")
    begun.write_bytes(path.read_bytes())
    assert [run.run_id for run in read_all(journals.store)] == ["abc", "never-begun"]
