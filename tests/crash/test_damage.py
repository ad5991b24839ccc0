"""Damage: a journal cut at every byte, with every bit turned, an index deleted or overwritten under its reader."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from indexed import content, made_anew

import givens
from givens.api.stored.opening import runs_of
from givens.errors import RunNotFoundError
from givens.index import Index, open_index
from givens.journal.edits import edit_files, read_edits, write_command
from givens.journal.layout import Store
from givens.journal.reader import read_events, read_run

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

SCRIPT = """
    import givens
    run = givens.init(config={"lr": 0.1, "model": {"depth": 4}, "layers": [1, 2]}, id="cut", changes="record")
    run.config.layers.append(3)
    run.config["model"]["text"] = 'ä\\u2028"\\\\ \\n'
    run.log({"loss": 0.5})
    run.config.pop("lr")
    run.summary["best"] = 1
    givens.finish()
"""


@pytest.fixture
def whole(tmp_path: Path, run_script: Callable[..., Any]) -> tuple[Store, bytes]:
    """A store with the journal of one real run, and its bytes."""
    run_script(SCRIPT)
    store = Store(str(tmp_path / ".givens"))
    return store, Path(store.run_file("cut")).read_bytes()


def test_a_journal_cut_at_any_byte_is_its_whole_lines(whole: tuple[Store, bytes]) -> None:
    store, text = whole
    path = Path(store.run_file("cut"))
    events = read_events(str(path)).events
    for size in range(len(text) + 1):
        path.write_bytes(text[:size])
        found = read_events(str(path))
        assert found.bad == []
        assert found.events == events[: text[:size].count(b"\n")]
        if size == 0:
            with pytest.raises(RunNotFoundError):
                read_run(store, "cut")
        elif size % 7 == 0:
            run = read_run(store, "cut")
            assert run.bad == []
            assert len(runs_of(store).runs) == 1
    with open_index(store) as index:  # a file that gets shorter is folded again
        for size in [*range(len(text), 0, -97), 1, len(text)]:
            path.write_bytes(text[:size])
            assert index.refresh(verify=True).complete
            shown = index.document(["cut"]).get("cut", {})
            assert shown.keys() == read_run(store, "cut").state.config.keys()


def test_a_bit_that_is_turned_is_told_and_spoils_no_other_line(whole: tuple[Store, bytes]) -> None:
    store, text = whole
    path = Path(store.run_file("cut"))
    events = read_events(str(path)).events
    line_of = [text[:at].count(b"\n") for at in range(len(text))]
    chance = random.Random(3)
    for at in range(len(text)):
        for bit in chance.sample(range(8), 2):
            turned = bytearray(text)
            turned[at] ^= 1 << bit
            path.write_bytes(turned)
            found = read_events(str(path))
            spoiled = {line_of[at]} | ({line_of[at] + 1} if text[at] == 10 else set())  # no newline: two lines are one
            assert found.events == [event for number, event in enumerate(events) if number not in spoiled]
            assert found.bad or at == len(text) - 1, f"bit {bit} of byte {at} was not noticed"


def test_an_edit_cut_or_with_a_bit_turned_is_there_whole_or_not(journals: StoreOfJournals) -> None:
    journals.write("one", ("set", {"s": [[["a"], 0, 0], [["b"], 0, 0]], "o": [{"kind": "code"}]}))
    write_command(
        journals.store, {"user": "ada"}, [("edit", {"e": [[["one"], [["set", ["a"], 1], ["set", ["b"], 1]]]]})]
    )
    (file,) = edit_files(journals.store)
    text = Path(file).read_bytes()
    chance = random.Random(3)
    seen = set()
    for at in range(len(text)):
        for damaged in (text[:at], text[:at] + bytes([text[at] ^ 1 << chance.randrange(8)]) + text[at + 1 :]):
            Path(file).write_bytes(damaged)
            config = read_run(journals.store, "one").state.config
            assert config in ({"a": 0, "b": 0}, {"a": 1, "b": 1})
            seen.add(config["a"])
            read_edits(journals.store)
    assert seen == {0, 1}


# --- the index ------------------------------------------------------------------------------------------------------


def deleted(index: Index, chance: random.Random) -> None:
    os.unlink(index.path)


def folder_deleted(index: Index, chance: random.Random) -> None:
    shutil.rmtree(index.folder)
    os.makedirs(index.folder)


def emptied(index: Index, chance: random.Random) -> None:
    os.truncate(index.path, 0)


def cut_short(index: Index, chance: random.Random) -> None:
    os.truncate(index.path, chance.randrange(os.path.getsize(index.path)))


def garbage(index: Index, chance: random.Random) -> None:
    size = os.path.getsize(index.path)
    with open(index.path, "r+b") as file:
        file.write(chance.randbytes(size))


def garbage_in_places(index: Index, chance: random.Random) -> None:
    size = os.path.getsize(index.path)
    with open(index.path, "r+b") as file:
        for _ in range(8):
            file.seek(chance.randrange(size))
            file.write(chance.randbytes(8192))


def garbage_in_the_log(index: Index, chance: random.Random) -> None:
    path = Path(f"{index.path}-wal")
    if path.exists():
        path.write_bytes(chance.randbytes(path.stat().st_size))


DAMAGES = (deleted, folder_deleted, emptied, cut_short, garbage, garbage_in_places, garbage_in_the_log)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_an_index_damaged_under_an_open_reader_is_an_error_or_made_anew_and_never_a_wrong_answer(
    damage: Callable[[Index, random.Random], None], journals: StoreOfJournals, tmp_path: Path
) -> None:
    chance = random.Random(damage.__name__)

    def add(number: int) -> None:
        values = {"s": [[["lr"], number, 0], [["twice"], 2 * number, 0]], "o": [{"kind": "code"}]}
        journals.write(f"run{number:03}", ("set", values), ("finish", {"state": "finished"}))

    for number in range(60):
        add(number)
    for turn in range(60, 66):
        with open_index(journals.store) as index:
            index.refresh()
            damage(index, chance)
            add(turn)
            try:
                table = givens.runs(dir=journals.folder)
                for run in table:
                    assert run.config.get("twice") == 2 * run.config.get("lr")
                assert table.count() == turn + 1
            except givens.GivensError as error:
                assert "index" in str(error)
        with open_index(journals.store) as index:
            index.refresh(verify=True)
            if content(index) != made_anew(journals.store, tmp_path / f"anew-{turn}"):
                index.renew()  # what SQLite does not notice, `rm -r index` mends
                index.refresh()
                assert damage is garbage_in_places
