"""The writer of one journal file."""

from __future__ import annotations

import itertools
import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from givens.errors import StoreError
from givens.journal.lines import Stamper, parse
from givens.journal.reader import read_events
from givens.journal.writer import JournalWriter, MemoryJournal


def writer_of(path: Path, troubles: list[str] | None = None, **options: bool) -> JournalWriter:
    said = troubles if troubles is not None else []
    return JournalWriter(str(path), Stamper(), on_trouble=said.append, **options)


def numbers(path: Path) -> list[int]:
    content = read_events(str(path))
    assert not content.bad
    return [event["n"] for event in content.events]


@contextmanager
def files_of_at_most(size_bytes: int) -> Iterator[None]:
    """A disk that is full at some point: the write that meets the limit is cut short, those after it fail."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_an_event_is_in_the_file_as_one_whole_line_when_append_returns(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    ticks = itertools.count(1_000_000_000, 1_500_000)
    writer = JournalWriter(str(path), Stamper(lambda: 1_772_359_200 * 10**9 + 123_456_789, lambda: next(ticks)))
    writer.open()
    writer.append("log", ',"m":{"loss":0.5},"step":0')
    text = path.read_text()
    body = '{"k":"log","n":0,"t":"2026-03-01T10:00:00.123456Z","dt":0.001500,"m":{"loss":0.5},"step":0'
    assert text.startswith(body + ',"c":') and text.endswith("}\n") and text.count("\n") == 1
    writer.append("settle", "")
    assert numbers(path) == [0, 1]
    assert writer.close() is True


@pytest.mark.parametrize("folder_too", [False, True])
def test_a_file_that_is_removed_while_it_is_written_is_written_again_whole(tmp_path: Path, folder_too: bool) -> None:
    path = tmp_path / "runs" / "run.jsonl"
    path.parent.mkdir()
    troubles: list[str] = []
    now_s = [0.0]
    writer = JournalWriter(str(path), Stamper(), on_trouble=troubles.append, clock=lambda: now_s[0])
    writer.open()
    writer.append("start", "")
    path.unlink()
    if folder_too:
        path.parent.rmdir()
    now_s[0] = 60.0
    writer.append("settle", "")
    assert numbers(path) == [0, 1]
    assert troubles == [f"{path}: it was removed while the run was writing it; it is there again, whole"]
    path.unlink()
    assert writer.close() is True  # the last look
    assert numbers(path) == [0, 1]


def test_a_file_that_was_moved_is_written_where_it_is(tmp_path: Path) -> None:
    path, moved = tmp_path / "run.jsonl", tmp_path / "moved.jsonl"
    troubles: list[str] = []
    writer = writer_of(path, troubles)
    writer.open()
    writer.append("start", "")
    path.rename(moved)
    writer.append("settle", "")
    assert writer.close() is True
    assert (numbers(moved), path.exists(), troubles) == ([0, 1], False, [])


def test_a_removed_file_that_cannot_be_written_again_is_a_loss_that_close_tells(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "run.jsonl"
    path.parent.mkdir()
    writer = writer_of(path)
    writer.open()
    writer.append("start", "")
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("in the way")
    assert writer.close() is False


def test_a_file_that_is_there_is_never_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_text("somebody's\n")
    with pytest.raises(FileExistsError):
        writer_of(path).open()
    troubles: list[str] = []
    writer = writer_of(path, troubles)
    writer.append("log", "")
    assert path.read_text() == "somebody's\n"
    assert len(troubles) == 1 and len(writer.waiting) == 1


def test_the_folder_is_made_where_it_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "env" / "deep" / "run.jsonl"
    writer = writer_of(path)
    writer.append("start", "")
    assert numbers(path) == [0]


def test_events_wait_in_their_order_while_nothing_can_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "runs"
    blocked.write_text("a file where the folder should be")
    troubles: list[str] = []
    writer = writer_of(blocked / "run.jsonl", troubles)
    for _ in range(5):
        writer.append("log", "")
    assert len(troubles) == 1 and str(blocked) in troubles[0]
    assert [event["n"] for event in writer.events()] == [0, 1, 2, 3, 4]
    blocked.unlink()
    writer.append("log", "")
    assert numbers(blocked / "run.jsonl") == [0, 1, 2, 3, 4, 5]
    assert not writer.waiting
    assert writer.close() is True


def test_a_write_that_is_cut_short_leaves_no_torn_line_and_is_tried_again(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    troubles: list[str] = []
    writer = writer_of(path, troubles)
    writer.append("log", "")
    whole = path.stat().st_size
    with files_of_at_most(whole + 20):
        writer.append("log", "")
        assert path.stat().st_size == whole
        writer.append("log", "")
        assert path.stat().st_size == whole
        assert writer.retry() is False
    assert len(troubles) == 1
    assert [event["n"] for event in writer.events()] == [0, 1, 2]
    assert writer.close() is True
    assert numbers(path) == [0, 1, 2]


def test_a_torn_line_that_cannot_be_cut_off_is_damaged_for_certain_and_its_event_comes_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(descriptor: int, size: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "ftruncate", refuse)
    for number in range(200):  # lines differ by a digit or two
        path = tmp_path / f"run{number}.jsonl"
        writer = writer_of(path)
        writer.append("log", "")
        whole = path.stat().st_size
        with files_of_at_most(2 * whole - 1):
            writer.append("log", "")
        torn = path.read_bytes()[whole:]
        assert writer.close() is True
        if isinstance(parse(torn), dict):  # all of the second line but its newline
            break
    content = read_events(str(path))
    assert [event["n"] for event in content.events] == [0, 1]
    assert len(content.bad) == 1


def test_a_file_that_cannot_be_closed_is_told_and_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = os.close

    def close_badly(descriptor: int) -> None:
        close(descriptor)
        raise OSError(5, "Input/output error")

    troubles: list[str] = []
    writer = writer_of(tmp_path / "run.jsonl", troubles)
    strict = writer_of(tmp_path / "strict.jsonl", strict=True)
    for each in (writer, strict):
        each.append("log", "")
    monkeypatch.setattr(os, "close", close_badly)
    assert writer.close() is True
    assert troubles and "its last events may be missing" in troubles[0]
    with pytest.raises(StoreError, match="cannot close"):
        strict.close()
    assert strict.close() is True


def test_closing_says_whether_everything_was_written(tmp_path: Path) -> None:
    blocked = tmp_path / "runs"
    blocked.write_text("")
    writer = writer_of(blocked / "run.jsonl")
    writer.append("log", "")
    assert writer.close() is False
    blocked.unlink()
    late = writer_of(blocked / "run.jsonl")
    late.append("log", "")
    assert late.close() is True and late.closed
    assert late.close() is True


def test_a_strict_writer_raises_and_keeps_nothing_back(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    troubles: list[str] = []
    writer = writer_of(path, troubles, strict=True)
    writer.append("log", "")
    with files_of_at_most(path.stat().st_size + 20), pytest.raises(StoreError, match=r"run\.jsonl: cannot write"):
        writer.append("log", "")
    assert not troubles and not writer.waiting
    writer.append("log", "")
    assert numbers(path) == [0, 2]


def test_power_safe_writing_writes_the_same(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    writer = writer_of(path, sync=True)
    writer.open()
    writer.append("log", "")
    writer.append("log", "")
    assert numbers(path) == [0, 1]


def test_letting_go_in_a_forked_child_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    writer = writer_of(path)
    writer.append("log", "")
    with files_of_at_most(path.stat().st_size):
        writer.append("log", "")
    child = os.fork()
    if child == 0:
        writer.abandon()
        os._exit(0 if writer.closed and not writer.waiting else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert numbers(path) == [0]
    writer.append("log", "")
    assert numbers(path) == [0, 1, 2]


def test_the_file_honours_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        writer_of(tmp_path / "run.jsonl").open()
    finally:
        os.umask(before)
    assert (tmp_path / "run.jsonl").stat().st_mode & 0o777 == 0o640


def test_memory_keeps_the_same_events() -> None:
    journal = MemoryJournal(Stamper())
    journal.append("log", ',"m":{"loss":0.5}')
    journal.append("settle", "")
    assert [(event["k"], event["n"]) for event in journal.events()] == [("log", 0), ("settle", 1)]
    assert journal.close() is True and journal.closed


def test_the_first_events_are_written_all_or_none(tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    troubles: list[str] = []
    writer = writer_of(path, troubles)
    writer.open()
    with files_of_at_most(150):
        writer.begin([("start", ',"run":"abc"'), ("set", ',"s":[[["lr"],0.1,0]],"o":[{"kind":"code"}]')])
        assert path.read_bytes() == b""
    assert len(troubles) == 1
    assert [event["k"] for event in writer.events()] == ["start", "set"]
    writer.append("settle", "")
    assert numbers(path) == [0, 1, 2]


@pytest.mark.parametrize("in_memory", [False, True])
def test_what_was_given_can_be_read_without_results(in_memory: bool, tmp_path: Path) -> None:
    journal = MemoryJournal(Stamper()) if in_memory else writer_of(tmp_path / "run.jsonl")
    for kind in ("start", "log", "summary", "settle", "log"):
        journal.append(kind, "")
    assert [event["k"] for event in journal.events(results=False)] == ["start", "settle"]
    assert len(list(journal.events())) == 5
