"""What happens while somebody looks: runs that begin, log, end and vanish, and a server that ends."""

from __future__ import annotations

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.web.serving import serving

from .conftest import Asker

PATIENCE_S = 20


class Stream:
    """What a server tells.

    Args:
        page: the server.
    """

    def __init__(self, page: Asker) -> None:
        self._connection = http.client.HTTPConnection(page.host, timeout=PATIENCE_S)
        self._connection.request("GET", "/api/events")
        self._answer = self._connection.getresponse()
        assert self._answer.headers["Content-Type"].startswith("text/event-stream")

    def next(self, wanted: str) -> dict[str, Any]:
        """The next event of a name; the others are passed over."""
        name, until_s = "", time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            line = self._answer.readline().decode().rstrip("\n")
            if line.startswith("event: "):
                name = line[len("event: ") :]
            elif line.startswith("data: ") and name == wanted:
                found: dict[str, Any] = json.loads(line[len("data: ") :])
                return found
        raise AssertionError(f"no {wanted} in {PATIENCE_S} s")

    def change_of(self, run_id: str) -> dict[str, Any]:
        """The next change that concerns a run."""
        until_s = time.monotonic() + PATIENCE_S
        while time.monotonic() < until_s:
            found = self.next("change")
            if run_id in found["ids"]:
                return found
        raise AssertionError(f"no change of {run_id} in {PATIENCE_S} s")

    def rest(self) -> bytes:
        """What comes until the stream ends."""
        return self._answer.read()

    def close(self) -> None:
        """Stop listening."""
        self._connection.close()


@contextmanager
def listening(page: Asker) -> Iterator[Stream]:
    """A stream, from its first event on."""
    stream = Stream(page)
    try:
        stream.next("hello")
        yield stream
    finally:
        stream.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without a run, and runs that say nothing."""
    monkeypatch.setenv("GIVENS_SILENT", "1")
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    (tmp_path / ".givens").mkdir()
    return tmp_path


@pytest.fixture
def page(folder: Path) -> Iterator[Asker]:
    """Its page."""
    with serving(folder) as url:
        yield Asker(url)


def test_a_run_is_told_when_it_begins_logs_and_ends(page: Asker, folder: Path) -> None:
    with listening(page) as stream:
        run = givens.init(dir=str(folder), config={"lr": 0.1}, id="live")
        begun = stream.change_of("live")
        assert begun["total"] == 1
        assert page.get("/api/rows").json["rows"][0]["state"] == "running"
        run.log({"loss": 0.5})
        logged = stream.change_of("live")
        assert logged["version"] > begun["version"]
        run.finish()
        stream.change_of("live")
        assert page.get("/api/rows").json["rows"][0]["state"] == "finished"


def test_a_page_that_is_opened_shows_what_was_written_just_before(page: Asker, folder: Path) -> None:
    givens.init(dir=str(folder), config={"lr": 0.1}, id="first").finish()
    assert page.get("/run/first").status == 200
    givens.init(dir=str(folder), config={"lr": 0.2}, id="second").finish()
    assert "2 runs" in page.get("/").words


def test_edits_removals_and_views_are_told(page: Asker, folder: Path) -> None:
    for each in ("one", "two"):
        givens.init(dir=str(folder), config={"lr": 0.1}, id=each).finish()
    assert page.get("/").status == 200
    with listening(page) as stream:
        edit = givens.edit_runs(runs="one", set={"lr": 0.3}, dir=folder)
        stream.change_of("one")
        givens.undo_edit(edit.edit_id, dir=folder)
        stream.change_of("one")
        givens.remove_runs(runs="two", dir=folder)
        while stream.next("change")["total"] != 1:  # what came of the undo may come in two parts
            pass
        page.post("/api/views", {"name": "all", "page": "/", "query": ""})
        assert stream.next("views") == {}


def test_two_listeners_hear_the_same(page: Asker, folder: Path) -> None:
    with listening(page) as first, listening(page) as second:
        givens.init(dir=str(folder), config={}, id="both").finish()
        assert first.change_of("both")["version"] == second.change_of("both")["version"]


def test_a_server_that_ends_ends_its_streams_and_leaves_no_thread(folder: Path) -> None:
    before = set(threading.enumerate())
    with serving(folder) as url:
        page = Asker(url)
        stream = Stream(page)
        stream.next("hello")
        assert page.get("/").status == 200
        assert len(threading.enumerate()) > len(before)
    assert stream.rest().strip() == b""
    stream.close()
    assert set(threading.enumerate()) - before == set()


def test_a_store_that_goes_away_is_said_and_the_server_lives(folder: Path, page: Asker) -> None:
    givens.init(dir=str(folder), config={"lr": 0.1}, id="kept").finish()
    until_s = time.monotonic() + PATIENCE_S
    while "kept" not in page.get("/").text:  # a busy machine's page may stand a moment behind
        assert time.monotonic() < until_s
    (folder / ".givens").rename(folder / "moved")
    answer = page.get("/")
    assert answer.status == 200
    assert "the store is not there" in answer.words
    (folder / "moved").rename(folder / ".givens")
    assert "the store is not there" not in page.get("/").words
