"""Opening a store's files: what a stranger may put in a file's place is refused, and nothing is waited for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from givens.errors import StoreError
from givens.journal import regular_files
from givens.journal.layout import OWN_FOLDERS, Store
from givens.journal.regular_files import most_bytes, open_regular, read_ends, read_small
from givens.journal.trash import from_trash, to_trash


def test_a_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    with open_regular(str(tmp_path / "a")) as file:
        assert file.read() == b"text"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"text")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for name in ("link", "loop"):
        with pytest.raises(OSError, match="it is a link"):
            open_regular(str(tmp_path / name))


def test_a_pipe_or_a_folder_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="no regular file"):
        open_regular(str(tmp_path / "pipe"))
    with pytest.raises(IsADirectoryError, match="Is a directory"):
        open_regular(str(tmp_path))


def test_a_file_that_memory_cannot_hold_is_refused_and_one_that_is_read_in_pieces_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open(tmp_path / "sparse", "wb") as file:
        file.truncate(1 << 40)
    assert most_bytes() < 1 << 40
    with pytest.raises(OSError, match=r"longer \(1024.0 GiB\) than memory allows"):
        open_regular(str(tmp_path / "sparse"))
    open_regular(str(tmp_path / "sparse"), whole=False).close()
    with pytest.raises(OSError, match="longer than 1 KiB"):
        read_small(str(tmp_path / "sparse"), 1024)
    monkeypatch.setattr(regular_files, "_most_bytes", 0)
    monkeypatch.setattr(regular_files, "_memory_bytes", lambda: 0)
    assert most_bytes() == 256 << 20, "so much is read on the smallest machine"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"torn",
        b"a\nb\n",
        b"a\n" * 50_000,
        b"a\n" * 50_000 + b"torn",
        b"a" * 100_000,
        b"a" * 100_000 + b"\n",
        b"a" * 100_000 + b"\n" + b"b" * 200_000 + b"\n" + b"c" * 70_000,
        b"a\n" + b"b" * 90_000 + b"\n",
        b"a\n\n" + b"b" * 90_000,
    ],
)
def test_the_ends_of_a_file_are_its_first_line_and_its_last_ones(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a").write_bytes(content)
    ends = read_ends(str(tmp_path / "a"))
    assert content.startswith(ends.split(b"\n")[0]) and content.endswith(ends[ends.find(b"\n") + 1 :])
    assert ends.split(b"\n")[-2:] == content.split(b"\n")[-2:]
    assert ends.split(b"\n")[0] == content.split(b"\n")[0]


def test_of_a_long_file_only_the_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"first\n" + b"one of many\n" * 1_000_000 + b"last\n")
    ends = read_ends(str(tmp_path / "a"))
    assert len(ends) < 1 << 20 and ends.startswith(b"first\n") and ends.endswith(b"\nlast\n")


def test_a_file_that_is_not_there_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        open_regular(str(tmp_path / "none"))


@pytest.mark.parametrize("name", OWN_FOLDERS)
def test_a_store_whose_folder_is_a_link_is_refused(tmp_path: Path, name: str) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.make()
    store.check()
    (tmp_path / "elsewhere").mkdir()
    path = Path(store.path) / name
    path.rmdir() if path.exists() else None
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreError, match="it is a link"):
        store.check()


def test_a_link_counts_under_each_name_that_a_disk_may_take_for_the_folders(tmp_path: Path) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.check()  # not there yet
    store.make()
    (tmp_path / ".givens" / "outputs").symlink_to(tmp_path)  # that is the run's own
    (tmp_path / ".givens" / "snapshots.txt").symlink_to(tmp_path)
    store.check()
    (tmp_path / ".givens" / "PackS").symlink_to(tmp_path)
    with pytest.raises(StoreError, match=r"PackS: it is a link"):
        store.check()


def test_a_store_that_cannot_be_listed_is_looked_at_folder_by_folder(tmp_path: Path) -> None:
    (tmp_path / ".givens").write_text("no folder")
    Store(str(tmp_path / ".givens")).check()


def test_a_store_may_itself_be_a_link(tmp_path: Path) -> None:
    Store(str(tmp_path / "disk")).make()
    (tmp_path / ".givens").symlink_to(tmp_path / "disk")
    Store(str(tmp_path / ".givens")).check()


def test_nothing_goes_to_or_comes_from_a_trash_that_is_a_link(tmp_path: Path) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.make()
    elsewhere = tmp_path / "elsewhere"
    (elsewhere / "runs").mkdir(parents=True)
    (elsewhere / "runs" / "mine.txt").write_text("mine")
    Path(store.run_file("run1")).write_text("")
    (Path(store.path) / "trash").mkdir()
    (Path(store.path) / "trash" / "run1").symlink_to(elsewhere)
    for move in (to_trash, from_trash):
        assert "it is a link" in move(store, "run1")[0]
    assert (elsewhere / "runs" / "mine.txt").exists() and Path(store.run_file("run1")).exists()


def test_outputs_that_lie_elsewhere_stay_there_when_their_run_is_removed(tmp_path: Path) -> None:
    store = Store(str(tmp_path / ".givens"))
    store.make()
    (tmp_path / "disk" / "run1").mkdir(parents=True)
    (Path(store.path) / "outputs").symlink_to(tmp_path / "disk")
    Path(store.run_file("run1")).write_text("")
    assert to_trash(store, "run1") == []
    assert (tmp_path / "disk" / "run1").is_dir()
