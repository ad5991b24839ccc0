"""A file layer that fails: errors of reading and writing, short writes, files that cannot be cut, synced or closed."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from indexed import content, made_anew
from operations import alike

import givens
from conftest import FailingFiles
from givens.index import open_index
from givens.journal.edits import read_edits
from givens.journal.layout import Store
from givens.journal.reader import read_events

#: sixty operations; what the config holds in the end goes to a file that never fails
WRITING = """
    import itertools, pickle, sys
    from operations import first_config, operations
    import givens

    run = givens.init(config=first_config(5), id="failing", changes="record", @OPTIONS@)
    for operation in itertools.islice(operations(5, sys.argv[1]), 60):
        operation(run)
    with open("memory.pickle", "wb") as file:
        pickle.dump((run.config.as_dict(), dict(run.summary)), file)
    givens.finish()
"""


@pytest.fixture(autouse=True)
def _operations_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=":")


def written(scenario: str = "changes", options: str = "") -> tuple[str, str]:
    """The script and its argument."""
    return WRITING.replace("@OPTIONS@", options), scenario


def check(folder: Path, *, damaged: bool = False) -> None:
    """The file says what memory said, each event stands in it once, and nothing torn is shown, unless it could not be cut."""
    memory, summary = pickle.loads((folder / "memory.pickle").read_bytes())
    store = Store(str(folder / ".givens"))
    run = givens.open("failing", dir=folder)
    assert alike(run.config.as_dict(), memory)
    assert alike(dict(run.summary), summary)
    assert run.state == "finished"
    found = read_events(store.run_file("failing"))
    assert [event["n"] for event in found.events] == list(range(len(found.events)))
    if not damaged:
        assert run.problems == ()
    with open_index(store) as index:
        assert index.refresh().complete
        assert content(index) == made_anew(store, folder / "anew")


@pytest.mark.parametrize("error", ["EIO", "ENOSPC", "EDQUOT", "ESTALE", "EROFS"])
def test_what_could_not_be_written_waits_and_comes_in_order(
    error: str, failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan(f"write runs/failing {error} 4-30")
    ran = run_script(*written())
    assert len(failing.failures) == 27
    assert len(ran.warnings) == 1, ran.errors
    check(tmp_path)


def test_a_journal_that_cannot_be_made_at_first_is_made_later(
    failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan("open runs/failing EIO 1-9")
    ran = run_script(*written())
    assert len(failing.failures) == 9
    assert len(ran.warnings) == 1, ran.errors
    check(tmp_path)


@pytest.mark.parametrize("left", [0, 1, 40, -2, -1])
def test_a_short_write_is_taken_back_and_tried_again(
    left: int, failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan(f"write runs/failing short:{left} 4-9")
    run_script(*written())
    assert len(failing.failures) == 6
    check(tmp_path)


@pytest.mark.parametrize("left", [1, 40, -2, -1])
def test_a_short_write_that_cannot_be_taken_back_is_a_damaged_line_and_its_event_comes_once(
    left: int, failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan(f"write runs/failing short:{left} 4-6", "ftruncate runs/failing EIO 1-99")
    run_script(*written())
    check(tmp_path, damaged=True)
    assert 1 <= len(givens.open("failing", dir=tmp_path).problems) <= 3


@pytest.mark.parametrize(("scenario", "seed"), [*zip(["changes", "lists", "blobs"] * 2, range(6), strict=True)])
def test_failures_at_random_lose_nothing_and_double_nothing(
    scenario: str, seed: int, failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan(
        f"write runs/failing EIO 20%{seed}",
        f"write runs/failing short:{17 * seed + 1} 20%{seed + 100}",
        f"ftruncate runs/failing EIO 50%{seed}",
        f"write blobs/ ENOSPC 30%{seed}",
        f"open blobs/ EIO 10%{seed}",
    )
    ran = run_script(*written(scenario))
    assert failing.failures
    if any("lost" in warning for warning in ran.warnings):  # the last of them failed as well
        assert givens.open("failing", dir=tmp_path).state == "lost"
    else:
        check(tmp_path, damaged=True)


@pytest.mark.parametrize("left", [1, -1])
def test_what_strict_refused_is_not_in_the_file(
    left: int, failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    script = """
        import givens
        from givens.errors import StoreError

        run = givens.init(config={"n": 0}, id="strict", strict=True, changes="record")
        refused = []
        for number in range(1, 20):
            try:
                run.config.n = number
                run.config.trail = [number]
            except StoreError:
                refused.append(number)
                assert run.config.n in (number, number - 1) or number - 1 in refused
        print(run.config.as_dict() == dict(n=19, trail=[19]), len(refused))
    """
    failing.plan(f"write runs/strict short:{left} 5-7", "ftruncate runs/strict EIO 1-99")
    ran = run_script(script)
    assert ran.out.split() == ["True", "3"]
    run = givens.open("strict", dir=tmp_path)
    assert run.config.as_dict() == {"n": 19, "trail": [19]}
    events = read_events(Store(str(tmp_path / ".givens")).run_file("strict")).events
    numbers = [event["n"] for event in events]
    assert len(set(numbers)) == len(numbers)
    assert events[-1]["k"] == "finish"


def test_a_sync_that_fails_is_said_once_and_nothing_is_written_twice(
    failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan("fsync runs/failing EIO 3-3")
    ran = run_script(*written(options='durability="power"'))
    assert len(failing.failures) == 1
    (warning,) = ran.warnings
    assert "a loss of power may take it back" in warning
    check(tmp_path)


def test_a_file_that_cannot_be_closed_is_said_and_stops_nothing(
    failing: FailingFiles, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    failing.plan("close runs/failing EDQUOT 1-1")
    ran = run_script(*written())
    assert len(failing.failures) == 1
    (warning,) = ran.warnings
    assert "its last events may be missing" in warning
    check(tmp_path)


READING = """
    import sys
    from givens.__main__ import main
    sys.argv = ["givens", "ls"]
    main()
"""


def test_a_journal_that_cannot_be_read_is_named_and_the_others_are_shown(
    failing: FailingFiles, journals: Any, run_script: Callable[..., Any]
) -> None:
    for name in ("good", "bad", "fine"):
        journals.write(name, ("finish", {"state": "finished", "code": 0}))
    failing.plan("read runs/bad EIO 1-99")
    ran = run_script(READING, expect=None)
    assert "calm-good" in ran.out and "calm-fine" in ran.out
    assert "bad.jsonl" in ran.errors, ran.errors
    assert "Traceback" not in ran.errors
    failing.end()
    ran = run_script(READING)
    assert all(f"calm-{name}" in ran.out for name in ("good", "bad", "fine"))


@pytest.mark.parametrize(
    "rule", ["pwrite .sqlite EIO", "pwrite .sqlite ENOSPC", "fsync .sqlite EIO", "open .sqlite EIO"]
)
def test_an_index_that_cannot_be_written_is_an_error_and_the_next_reader_makes_it_whole(
    rule: str, failing: FailingFiles, journals: Any, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    for number in range(20):
        journals.write(f"run{number}", ("log", {"m": {"loss": number}}), ("finish", {"state": "finished"}))
    for first in (1, 7):
        failing.plan(f"{rule} {first}-999")
        ran = run_script(READING, expect=None)
        assert "Traceback" not in ran.errors, ran.errors
        assert ran.code == 0 or "sqlite" in ran.errors or "index" in ran.errors, ran.errors
    assert failing.failures
    failing.end()
    assert "calm-run19" in run_script(READING).out
    with open_index(journals.store) as index:
        index.refresh()
        assert content(index) == made_anew(journals.store, tmp_path / "anew")


EDITING = """
    import json
    import givens
    try:
        givens.edit_runs(runs=["one"], set={"a": 1, "b": 2})
        print(json.dumps(""))
    except givens.GivensError as error:
        print(json.dumps(str(error)))
"""


@pytest.mark.parametrize(
    "rule",
    [
        "open edits/ EIO 1-1",
        *(f"write edits/ EIO {at}-{at}" for at in (1, 2, 3)),
        "write edits/ short:-1 2-2",
        "close edits/ EIO 1-1",
    ],
)
def test_an_edit_that_cannot_be_written_changes_nothing(
    rule: str, failing: FailingFiles, journals: Any, tmp_path: Path, run_script: Callable[..., Any]
) -> None:
    journals.write(
        "one",
        ("set", {"s": [[["a"], 0, 0], [["b"], 0, 0]], "o": [{"kind": "code"}]}),
        ("finish", {"state": "finished"}),
    )
    failing.plan(rule)
    ran = run_script(EDITING)
    assert failing.failures
    assert "nothing was changed" in ran.told
    assert read_edits(journals.store).commands == []
    assert givens.open("one", dir=tmp_path).config.as_dict() == {"a": 0, "b": 0}
    failing.end()
    assert run_script(EDITING).told == ""
    assert givens.open("one", dir=tmp_path).config.as_dict() == {"a": 1, "b": 2}


PACKING = """
    import json
    import givens
    from givens.api.upkeep import packing
    from givens.journal.layout import Store
    try:
        packing.pack_store(Store(".givens"))
    except (givens.GivensError, OSError) as error:
        print(json.dumps(str(error)))
    else:
        print(json.dumps(""))
"""


@pytest.mark.parametrize(
    "rule",
    [
        "write packs/ EIO 1-99",
        "write packs/ ENOSPC 2-99",
        "fsync packs EIO 1-99",
        "open packs/ EIO 1-99",
        "read packs/ EIO 1-99",
    ],
)
def test_a_pack_that_cannot_be_written_leaves_every_run_where_it_is(
    rule: str, failing: FailingFiles, journals: Any, run_script: Callable[..., Any]
) -> None:
    for number in range(12):
        journals.write(f"run{number:02}", ("log", {"m": {"loss": number}}), ("finish", {"state": "finished"}))
    before = {path.name: path.read_bytes() for path in Path(journals.store.path, "runs").iterdir()}
    failing.plan(rule)
    ran = run_script(PACKING, expect=None)
    assert failing.failures
    assert "Traceback" not in ran.errors, ran.errors
    assert {path.name: path.read_bytes() for path in Path(journals.store.path, "runs").iterdir()} == before
    failing.end()
    assert run_script(PACKING).told == ""
    assert sorted(f"{run.id}.jsonl" for run in givens.runs(dir=journals.folder)) == sorted(before)
