"""Sessions in the index: a resumed run is one run, folded session by session, however its files come."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from givens.index import Index
from givens.journal.layout import Store

SECOND = "b" * 16
THIRD = "a" * 16  # the order of sessions is not that of their names


def given(*pairs: tuple[str, Any], layering: bool = True) -> tuple[str, dict[str, Any]]:
    members: dict[str, Any] = {"s": [[[key], value, 0] for key, value in pairs], "o": [{"kind": "code"}]}
    return "set", {**members, "l": 1} if layering else members


def logged(step: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return "log", {"m": values, "step": step}


def session(number: int, parent: str, writer: str) -> dict[str, Any]:
    return {"role": "session", "session": number, "parent": parent, "writer": writer, "host": f"node{number}"}


def write_three(journals: Any) -> None:
    journals.write("mine", given(("lr", 0.1), ("seed", 1)), ("settle", {}), logged(0, loss=1.0), logged(1, loss=0.9))
    journals.write(
        *("mine", given(("lr", 0.2)), ("settle", {}), logged(2, loss=0.8), ("finish", {"state": "failed", "code": 3})),
        child=SECOND,
        start=session(2, "minemineminemine", SECOND),
        began="2026-03-02T10:00:00",
    )
    journals.write(
        *("mine", given(("lr", 0.2)), ("settle", {}), logged(3, loss=0.7)),
        child=THIRD,
        start=session(3, SECOND, THIRD),
        began="2026-03-03T10:00:00",
    )


def test_the_config_is_the_fold_of_the_sessions_in_their_order(
    journals: Any, opened: Callable[..., Index], contents: Callable[[Index], Any]
) -> None:
    write_three(journals)
    index = opened(journals.store)
    index.refresh()
    row = contents(index)["run"]["mine"]
    assert index.document(["mine"]) == {"mine": {"lr": 0.2, "seed": 1}}
    assert (row["host"], row["finish"], row["children"], row["changes"]) == ("node3", None, 0, 1)
    assert (row["created"], row["events"]) == ("2026-03-01T10:00:00.000000Z", 14)
    points = index.history("mine", "loss")
    assert [point.value for point in points] == [1.0, 0.9, 0.8, 0.7]
    seconds = [point.seconds for point in points if point.seconds is not None]
    assert seconds == sorted(seconds)  # one course, though each session's clock begins at 0
    assert row["since_s"] == row["last_s"] - 3 - 4 - 4  # what the sessions took, without what lay between


def test_a_session_that_comes_and_grows_gives_what_a_fold_from_the_start_gives(
    journals: Any,
    tmp_path: Path,
    opened: Callable[..., Index],
    contents: Callable[[Index], Any],
    afresh: Callable[[Store], Any],
) -> None:
    write_three(journals)
    runs = Path(journals.store.path) / "runs"
    whole = {path.name: path.read_bytes() for path in runs.iterdir()}
    for path in runs.iterdir():
        path.unlink()
    index = opened(journals.store)
    for name in ("mine.jsonl", f"mine.{SECOND}.jsonl", f"mine.{THIRD}.jsonl"):
        lines = whole[name].splitlines(keepends=True)
        for count in range(1, len(lines) + 1):
            (runs / name).write_bytes(b"".join(lines[:count]))
            index.refresh()
            assert contents(index) == afresh(journals.store), (name, count)


def test_a_session_before_that_speaks_again_while_the_newest_grows_is_folded_once(
    journals: Any, opened: Callable[..., Index], contents: Callable[[Index], Any], afresh: Callable[[Store], Any]
) -> None:
    write_three(journals)
    runs = Path(journals.store.path) / "runs"
    whole = {path.name: path.read_bytes() for path in runs.iterdir()}
    for name in ("mine.jsonl", f"mine.{THIRD}.jsonl"):
        (runs / name).write_bytes(whole[name][: whole[name].rindex(b"\n", 0, -1) + 1])
    index = opened(journals.store)
    index.refresh()
    for name in ("mine.jsonl", f"mine.{THIRD}.jsonl"):
        (runs / name).write_bytes(whole[name])
    index.refresh()
    assert contents(index) == afresh(journals.store)
    assert len(index.history("mine", "loss")) == 4


def test_an_edit_holds_until_the_next_session_begins(
    journals: Any, opened: Callable[..., Index], contents: Callable[[Index], Any]
) -> None:
    write_three(journals)
    edits = Path(journals.store.path) / "edits"
    edits.mkdir()
    from givens.journal.lines import Stamper
    from givens.journal.reader import read_run

    at_ns = iter([1772450000 * 10**9] * 3)  # between the sessions: 2026-03-02T11:13:20
    stamper = Stamper(lambda: next(at_ns))
    steps = [["set", ["lr"], 0.5], ["set", ["seed"], 7]]
    start = stamper.line("start", f',"format":1,"writer":"{"e" * 16}","role":"edit"')
    edit = stamper.line("edit", f',"e":{json.dumps([[["mine"], steps]])}')
    (edits / f"{'e' * 16}.jsonl").write_bytes(start + edit + stamper.line("finish", ""))
    index = opened(journals.store)
    index.refresh()
    assert index.document(["mine"]) == {"mine": {"lr": 0.2, "seed": 7}}
    state = read_run(journals.store, "mine").state
    assert dict(state.config) == {"lr": 0.2, "seed": 7}
    assert [change.new for change in state.history[("lr",)]] == [0.1, 0.2, 0.5, 0.2]


def test_a_file_that_cannot_be_read_leaves_the_other_sessions(
    journals: Any, opened: Callable[..., Index], contents: Callable[[Index], Any]
) -> None:
    write_three(journals)
    os.unlink(Path(journals.store.path) / "runs" / f"mine.{SECOND}.jsonl")
    index = opened(journals.store)
    index.refresh()
    assert index.document(["mine"]) == {"mine": {"lr": 0.2, "seed": 1}}
    os.unlink(Path(journals.store.path) / "runs" / "mine.jsonl")
    index.refresh()
    assert contents(index)["run"]["mine"]["project"] == "digits"
