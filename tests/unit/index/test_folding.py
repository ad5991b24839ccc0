"""What stands in the tables is what the journals say, however they came to be folded."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.stored.fingerprints import fingerprint_of
from givens.codec import loads
from givens.index import Index
from givens.index.leaves import elements
from givens.index.schema import CHANGED, LIST, MAX_ELEMENTS, PARTIAL, TUPLE
from givens.index.texts import escape
from givens.index.values import indexed, items_of
from givens.journal.blobs import write_blob
from givens.journal.layout import Store
from givens.journal.reader import read_run
from givens.keys import format_path
from givens.records.encoded import leaves, lift, plant
from givens.records.times import epoch_s

if TYPE_CHECKING:
    from ...conftest import Folder, StoreOfJournals

Contents = dict[str, Any]
Open = Callable[..., Index]
Afresh = Callable[[Store], Contents]

CODE = {"kind": "code", "file": "train.py", "line": 3}
FLAG = {"kind": "argparse", "name": "--lr", "note": "typed"}


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [CODE], "l": 1}


def log(step: int, **values: Any) -> tuple[str, dict[str, Any]]:
    return "log", {"m": values, "step": step}


SETTLE: tuple[str, dict[str, Any]] = ("settle", {})
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def params(index: Index, run_id: str) -> dict[str, tuple[Any, ...]]:
    rows = index.connection.execute(
        "SELECT k.path, p.kind, p.num, p.txt, o.kind, p.marks FROM param p JOIN run r USING (run) JOIN key k USING (key) "
        "JOIN origin o USING (origin) WHERE r.id = ?",
        (run_id,),
    )
    return {path: tuple(rest) for path, *rest in rows}


def run_row(index: Index, run_id: str) -> dict[str, Any]:
    cursor = index.connection.execute("SELECT * FROM run WHERE id = ?", (run_id,))
    return dict(zip([column[0] for column in cursor.description], cursor.fetchone(), strict=True))


def expected_params(store: Store, run_id: str) -> dict[str, tuple[Any, ...]]:
    """The rows of ``param`` worked out from the run as the reader folds it."""
    state = read_run(store, run_id).state
    found: dict[str, tuple[Any, ...]] = {}
    for path, value in leaves(state.config):
        if not path:
            continue
        columns = indexed(lift(value))
        marks = 0
        origin = state.origins[path].kind
        if columns.kind in (LIST, TUPLE):
            inside, complete = elements(items_of(value) or [])
            marks = 0 if complete else PARTIAL
            for below, element in inside:
                found[escape(format_path((*path, *below)))] = (*element, origin, 0)
        changed = any(change.settled and change.action != "refused" for change in state.history.get(path, ())[1:])
        found[escape(format_path(path))] = (*columns, origin, marks | (CHANGED if changed else 0))
    return found


TRAINING = """
import givens, numpy as np, argparse, datetime, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.1)
args = givens.parse_args(parser) if hasattr(givens, "parse_args") else parser.parse_args()
for seed in range(3):
    run = givens.init(project="digits", tags=["a", "b"], notes="first\\0try", config={
        "seed": seed, "nan": float("nan"), "inf": float("-inf"), "none": None, "yes": True, "big": 2**70 + seed,
        "text": "x" * 300 + str(seed), "nul": "a\\0b", "half": "\\ud800", "empty": {}, "nothing": [],
        "list": [1, 2.5, "a", None], "deep": [{"dim": 1}, {"dim": [2, 3]}], "long": list(range(50)), "pair": (3, 4),
        "model": {"depth": 4, "heads": {1: "a", 2: "b"}}, "a.b": {"c d": 1}, "when": datetime.date(2026, 3, 1),
        "array": np.arange(3), "scalar": np.float32(0.5), "path": pathlib.PurePosixPath("/a"), "api_key": "sk-1234567890abcdef",
        "large": list(range(30000)),
    })
    run.config.update(args)
    run.config.model.depth = 5
    run.config.list.append(7)
    for step in range(4):
        run.log({"loss": 1 / (step + 1), "note": "n"}, step=step)
    run.config.update({"seed": seed + 10}, allow_val_change=True)
    run.config.long.append(1)
    del run.config["yes"]
    run.summary["best"] = {"acc": 0.9, "at": 3}
    run.define_metric("loss", goal="min")
    run.finish(exit_code=seed % 2)
"""


def test_rows_of_real_runs_are_what_the_reader_folds(folder: Folder, opened: Open) -> None:
    folder.run(TRAINING, "--lr", "0.01")
    store = Store(str(folder.path / ".givens"))
    index = opened(store)
    assert index.refresh().complete
    runs = folder.runs()
    assert len(runs) == 3
    for run in runs:
        state = run.folded.state
        expected = expected_params(store, run.id)
        assert params(index, run.id) == expected
        assert expected["seed"][-1] == expected["long"][-1] & CHANGED == CHANGED
        assert "yes" not in expected
        row = run_row(index, run.id)
        assert row["fingerprint"] == fingerprint_of(state, store)
        assert index.document([run.id])[run.id] == lift(state.config)
        assert (row["name"], row["project"], row["host"]) == (run.name, run.project, run.host)
        assert (row["user_name"], row["python"], row["command"]) == (state.start["user"], run.python, run.command)  # type: ignore[index]
        assert row["notes"] == escape("first\0try")
        assert json.loads(row["tags"]) == list(run.tags) == ["a", "b"]
        assert row["created"] == state.start["t"]  # type: ignore[index]
        assert row["created_s"] == run.created_at.timestamp()  # type: ignore[union-attr]
        assert row["duration_s"] == run.duration_s
        assert (row["finish"], row["exit_code"]) == (run.state, run.exit_code)
        assert row["keys"] == sum(1 for _ in leaves(state.config))
        assert (row["bad"], row["children"], row["settled"]) == (0, 0, 1)
        assert row["changes"] == 3
        assert [point.value for point in index.history(run.id, "loss")] == [1, 0.5, 1 / 3, 0.25]
    changed = index.connection.execute(
        "SELECT DISTINCT k.path FROM change c JOIN key k USING (key) WHERE c.action <> 'refused' ORDER BY k.path"
    )
    assert [path for (path,) in changed] == ["long", "seed", "yes"]
    summary = dict(
        index.connection.execute(
            "SELECT k.path, s.num FROM summary s JOIN key k USING (key) JOIN run r USING (run) WHERE r.id = ?",
            (runs[0].id,),
        )
    )
    assert summary == {"loss": 0.25, "note": None, "best.acc": 0.9, "best.at": 3.0}
    assert {facts.path: facts.goal for facts in index.keys(space="summary")}["loss"] == "min"


def test_results_have_extremes_and_steps(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=1), SETTLE, log(0, loss=3), log(1, loss=1.5), log(7, loss=2, big=2**70), FINISH)
    index = opened(journals.store)
    index.refresh()
    rows = index.connection.execute(
        "SELECT k.path, s.num, s.step, s.low, s.low_step, s.high, s.high_step, s.points FROM summary s JOIN key k USING (key) ORDER BY 1"
    ).fetchall()
    assert rows == [("big", 2.0**70, 7.0, 2.0**70, 7.0, 2.0**70, 7.0, 1), ("loss", 2.0, 7.0, 1.5, 1.0, 3.0, 0.0, 3)]


def test_a_metric_is_kept_in_chunks(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", *(log(step, loss=step / 2) for step in range(1100)), FINISH)
    index = opened(journals.store)
    index.refresh()
    sizes = [len(loads(text)[0]) for (text,) in index.connection.execute("SELECT points FROM metric ORDER BY chunk")]
    assert sizes == [512, 512, 76]
    points = index.history("aaa", "loss")
    assert [(point.step, point.value) for point in points] == [(step, step / 2) for step in range(1100)]
    assert points[3].seconds == 4.0  # the start line came first


def test_a_child_whose_first_line_comes_late_leaves_what_its_run_is_folded_from(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    main = journals.write("aaa", given(lr=1), *(log(step, loss=step) for step in range(200)))
    child = journals.write("aaa", given(lr=2), child="c" * 16)
    whole, child_whole = main.read_bytes(), child.read_bytes()
    child.write_bytes(child_whole[:10])  # made, and not written to the end of a line
    index = opened(journals.store)
    index.refresh()
    assert run_row(index, "aaa")["children"] == 1
    middle = len(whole) // 2
    main.write_bytes(whole[:middle] + b"?" * 40 + whole[middle + 40 :])  # who reads it again notices
    child.write_bytes(child_whole)
    index.refresh()
    row = run_row(index, "aaa")
    assert (row["children"], row["bad"], row["events"]) == (1, 0, 204)
    main.write_bytes(whole)
    assert contents(index) == afresh(journals.store)


def test_a_later_session_whose_first_line_comes_late_is_folded_into_its_run(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    journals.write("aaa", given(lr=1), log(0, loss=1))
    session = journals.write("aaa", given(lr=2), child="s" * 16, start={"role": "session"})
    session_whole = session.read_bytes()
    session.write_bytes(session_whole[:10])
    index = opened(journals.store)
    index.refresh()
    session.write_bytes(session_whole)
    index.refresh()
    assert contents(index) == afresh(journals.store)
    assert run_row(index, "aaa")["children"] == 0


def test_a_forked_child_does_not_change_its_run(journals: StoreOfJournals, opened: Open, afresh: Afresh) -> None:
    journals.write("aaa", given(lr=1), SETTLE, FINISH)
    index = opened(journals.store)
    index.refresh()
    before = params(index, "aaa")
    journals.write("aaa", given(lr=2, other=3), log(0, loss=1), child="c" * 16, began="2026-03-01T12:00:00")
    assert index.refresh().folded == 1
    assert params(index, "aaa") == before
    row = run_row(index, "aaa")
    assert (row["children"], row["results"], row["finish"]) == (1, 0, "finished")
    assert row["last_at"] == "2026-03-01T12:00:02.000000Z"
    assert row["last_s"] == epoch_s(row["last_at"])
    assert afresh(journals.store)["run"]["aaa"] == {
        key: value for key, value in row.items() if key not in ("run", "env")
    } | {
        "env_writer": None,
        "dirty": None,
    }


def test_a_run_whose_own_journal_is_lost_is_there_and_empty(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=2), child="c" * 16)
    index = opened(journals.store)
    index.refresh()
    row = run_row(index, "aaa")
    assert (row["name"], row["created"], row["keys"], row["children"]) == ("aaa", None, 0, 1)
    journals.write("aaa", given(lr=1), FINISH)
    index.refresh()
    assert params(index, "aaa")["lr"][1] == 1.0
    assert run_row(index, "aaa")["children"] == 1


def test_bad_lines_are_counted_and_the_rest_is_folded(journals: StoreOfJournals, opened: Open, afresh: Afresh) -> None:
    path = journals.write("aaa", given(lr=1), given(seed=2), log(0, loss=1))
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b'"lr"', b'"rl"') + b"no json\n\n" + lines[2])
    index = opened(journals.store)
    index.refresh()
    assert run_row(index, "aaa")["bad"] == 2
    assert set(params(index, "aaa")) == {"seed"}
    with path.open("ab") as file:
        file.write(b"worse\n" + lines[3])
    index.refresh()
    assert run_row(index, "aaa")["bad"] == 3
    assert run_row(index, "aaa")["results"] == 1
    assert afresh(journals.store)["run"]["aaa"]["bad"] == 3


def test_bad_events_are_counted_once_when_the_configuration_is_put_together_again(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    path = journals.write("aaa", given(lr=1), ("splice", {}), log(0, loss=1), given(lr=2))
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b'{"k":"log"')])
    index = opened(journals.store)
    index.refresh()
    assert run_row(index, "aaa")["bad"] == 1
    path.write_bytes(content)
    index.refresh()
    assert run_row(index, "aaa")["bad"] == 1
    assert contents(index) == afresh(journals.store)


def test_a_journal_that_checks_and_is_not_of_ours_is_listed(journals: StoreOfJournals, opened: Open) -> None:
    deep: Any = 1
    for _ in range(600):
        deep = [deep]
    journals.write(
        "aaa",
        ("set", {"s": [[["lr"], 1, 0]], "o": 3}),
        ("splice", {}),
        ("log", {"m": [1]}),
        start={"name": 7, "tags": "x", "git": 3, "argv": 5, "pid": "p", "env": "../x"},
    )
    journals.write("bbb", ("set", {"s": [[["deep"], deep, 0]], "o": [CODE]}))
    journals.write("ccc", given(lr=float("nan"), low=float("-inf"), word="NaN"), log(0, loss=float("nan")))
    journals.write("ddd", given(lr=1))
    index = opened(journals.store)
    assert index.refresh().complete
    assert [run_row(index, name)["bad"] > 0 for name in ("aaa", "bbb", "ccc", "ddd")] == [True, True, False, False]
    assert run_row(index, "aaa")["name"] == "aaa"  # a name is text
    assert {path: row[0] for path, row in params(index, "ccc").items()} == {"lr": 6, "low": 5, "word": 7}
    assert index.document(["ccc"])["ccc"]["lr"] == {"~": "float", "v": "nan"}


def test_a_write_inside_a_large_list_reads_its_blob(journals: StoreOfJournals, opened: Open) -> None:
    content = json.dumps([1, 2, 3]).encode()
    import hashlib

    name = hashlib.sha256(content).hexdigest()
    write_blob(journals.store, name, content)
    blob = {"~": "blob", "sha256": name, "size": len(content), "preview": "[1, …"}
    splice = ("splice", {"p": ["large"], "at": 3, "rm": 0, "v": [4], "o": CODE})
    journals.write("aaa", given(large=blob))
    journals.write("bbb", given(large=blob), splice)
    journals.write("ccc", given(large={**blob, "sha256": "0" * 64}), splice)
    index = opened(journals.store)
    index.refresh()
    assert params(index, "aaa")["large"][:3] == (12, None, name)
    assert params(index, "bbb")["large"][:3] == (LIST, None, "[1,2,3,4]")
    assert params(index, "ccc")["large"][:3] == (12, None, "0" * 64)
    assert run_row(index, "ccc")["bad"] == 1


def test_only_the_first_scalars_of_a_list_are_indexed_and_that_is_said(journals: StoreOfJournals, opened: Open) -> None:
    journals.write(
        "aaa", given(long=list(range(40)), full=list(range(MAX_ELEMENTS)), mixed=[1, {"a": {}}, [2]]), FINISH
    )
    index = opened(journals.store)
    index.refresh()
    found = params(index, "aaa")
    assert found["long"][-1] == PARTIAL
    assert f"long[{MAX_ELEMENTS - 1}]" in found and f"long[{MAX_ELEMENTS}]" not in found
    assert found["full"][-1] == 0 and found["mixed"][-1] == PARTIAL
    assert {path for path in found if path.startswith("mixed")} == {"mixed", "mixed[0]", "mixed[2][0]"}
    rows = index.connection.execute(
        "SELECT k.path, l.path, k.direct FROM key k JOIN key l ON l.key = k.list WHERE l.path = 'mixed'"
    )
    assert sorted(rows) == [("mixed[0]", "mixed", 1), ("mixed[2][0]", "mixed", 0)]


def test_finer_origins_reach_their_leaves(journals: StoreOfJournals, opened: Open) -> None:
    row = [["model"], {"depth": 1, "width": 2}, 0, [[["model", "width"], 1]]]
    journals.write(
        "aaa",
        ("set", {"s": [row], "o": [CODE, FLAG, {"kind": "of tomorrow"}]}),
        ("set", {"s": [[["x"], 1, 0]], "o": [{"kind": "of tomorrow"}]}),
    )
    index = opened(journals.store)
    index.refresh()
    assert {path: found[3] for path, found in params(index, "aaa").items()} == {
        "model.depth": "code",
        "model.width": "argparse",
        "x": "of tomorrow",
    }


def test_keys_of_projects_are_apart(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=1), start={"project": "one"})
    journals.write("bbb", given(lr="a"), start={"project": "two"})
    journals.write("ccc", given(lr=None), start={"project": None})
    index = opened(journals.store)
    index.refresh()
    assert [(facts.project, facts.kinds) for facts in index.keys()] == [
        ("", {"null": 1}),
        ("one", {"int": 1}),
        ("two", {"str": 1}),
    ]
    assert [facts.project for facts in index.keys("two")] == ["two"]
    assert [facts.project for facts in index.keys("")] == [""]


def grow(path: Path, content: bytes, cut: int) -> None:
    with path.open("ab") as file:
        file.write(content[file.tell() : cut])


@pytest.mark.parametrize("seed", range(12))
def test_growing_journals_end_up_as_if_folded_at_once(
    seed: int,
    tmp_path: Path,
    journals: StoreOfJournals,
    opened: Open,
    afresh: Afresh,
    contents: Callable[[Index], Contents],
) -> None:
    chance = random.Random(seed)
    whole: dict[Path, bytes] = {}
    for number in range(4):
        path = journals.write(f"run{number}", *_story(chance), child="w" * 16 if number == 3 else None)
        whole[path] = path.read_bytes()
        path.unlink()
    index = opened(journals.store)
    cuts = {path: [*sorted(chance.sample(range(len(content)), 5)), len(content)] for path, content in whole.items()}
    for turn in range(6):
        for path, content in whole.items():
            if chance.random() < 0.8 or turn == 5:
                grow(path, content, cuts[path][turn])
        assert index.refresh().complete
        assert contents(index) == afresh(journals.store)


def _story(chance: random.Random) -> list[tuple[str, dict[str, Any]]]:
    events: list[tuple[str, dict[str, Any]]] = [given(lr=0.1, model={"depth": 4}, layers=[1, 2], name="vit")]
    choices: list[Callable[[int], tuple[str, dict[str, Any]]]] = [
        lambda n: log(n, loss=n / 3, acc=n),
        lambda n: log(n, loss=n / 3),
        lambda n: ("summary", {"m": {"best": n}, "x": ["acc"] if n % 2 else []}),
        lambda n: ("summary", {"m": {"nested": {"a": n, "b": "x"}}}),
        lambda n: given(lr=n / 10),
        lambda n: ("set", {"s": [[["model", "depth"], n, 0]], "o": [FLAG]}),
        lambda n: ("splice", {"p": ["layers"], "at": 0, "rm": 1, "v": [n, n], "o": CODE}),
        lambda n: ("delete", {"p": [["name"]], "o": CODE}),
        lambda n: ("refuse", {"p": ["lr"], "v": n, "by": "sweep", "o": CODE}),
        lambda n: ("meta", {"tags": [f"t{n}", "a"], "name": f"calm-{n}"}),
        lambda n: SETTLE,
    ]
    events += [chance.choice(choices)(n) for n in range(12)]
    if chance.random() < 0.5:
        events.append(FINISH)
    return events


def test_a_journal_that_got_shorter_is_folded_again(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    path = journals.write("aaa", given(lr=1), log(0, loss=1), log(1, loss=2))
    index = opened(journals.store)
    index.refresh()
    content = path.read_bytes()
    path.write_bytes(content[: content.index(b'{"k":"log"')])
    assert index.refresh().folded == 1
    assert contents(index) == afresh(journals.store)
    assert run_row(index, "aaa")["results"] == 0


def test_a_journal_with_another_first_line_is_folded_again(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    path = journals.write("aaa", given(lr=1))
    index = opened(journals.store)
    index.refresh()
    path.unlink()
    journals.write("aaa", given(lr=2), log(0, loss=3), log(1, loss=3), start={"host": "another"})
    assert index.refresh().folded == 1
    assert contents(index) == afresh(journals.store)
    assert run_row(index, "aaa")["host"] == "another"


def test_a_finished_journal_is_looked_at_again_only_on_demand(journals: StoreOfJournals, opened: Open) -> None:
    path = journals.write("aaa", given(lr=1), FINISH)
    index = opened(journals.store)
    index.refresh()
    path.unlink()
    path = journals.write("aaa", given(lr=2), FINISH, start={"host": "another"})
    assert index.refresh().complete
    assert run_row(index, "aaa")["host"] == "node7"
    assert index.refresh(verify=True).complete
    assert run_row(index, "aaa")["host"] == "another"


def test_a_run_whose_files_are_gone_is_gone_with_its_counts(
    journals: StoreOfJournals, opened: Open, afresh: Afresh, contents: Callable[[Index], Contents]
) -> None:
    paths = [
        journals.write(name, given(lr=1, **{name: 2}), log(0, loss=1), start={"tags": [name]})
        for name in ("aaa", "bbb", "ccc")
    ]
    child = journals.write("aaa", given(lr=1), child="c" * 16)
    index = opened(journals.store)
    index.refresh()
    assert {facts.path: facts.runs for facts in index.keys()} == {"lr": 3, "aaa": 1, "bbb": 1, "ccc": 1}
    paths[1].unlink()
    index.refresh()
    assert {facts.path: facts.runs for facts in index.keys()} == {"lr": 2, "aaa": 1, "ccc": 1}
    assert contents(index) == afresh(journals.store)
    child.unlink()
    index.refresh()
    assert contents(index) == afresh(journals.store)
    paths[0].unlink()
    paths[2].unlink()
    index.refresh()
    assert index.keys() == []
    assert contents(index) == afresh(journals.store)


def test_a_file_that_cannot_be_read_is_named_and_tried_again(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=1))
    place = Path(journals.store.run_file("bbb"))
    place.mkdir()  # unreadable for every user, root included
    index = opened(journals.store)
    freshness = index.refresh()
    assert [problem.file for problem in freshness.unreadable] == ["runs/bbb.jsonl"]
    assert params(index, "aaa")
    place.rmdir()
    journals.write("bbb", given(lr=2))
    assert index.refresh().unreadable == ()
    assert params(index, "bbb")


def test_what_the_detached_capture_says_later_is_learnt(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=1), FINISH, start={"env": "e" * 16})
    index = opened(journals.store)
    index.refresh()
    dirty = "SELECT dirty FROM env JOIN run USING (env)"
    assert index.connection.execute(dirty).fetchone() == (None,)
    os.makedirs(os.path.dirname(journals.store.env_file("x")), exist_ok=True)
    from givens.journal.lines import Stamper
    from givens.journal.writer import JournalWriter

    writer = JournalWriter(journals.store.env_file("e" * 16), Stamper())
    writer.append("dirty", ',"dirty":true')
    writer.close()
    index.refresh()
    assert index.connection.execute(dirty).fetchone() == (1,)


def test_replicas_share_what_is_left_without_the_replicate_keys(
    tmp_path: Path, journals: StoreOfJournals, opened: Open
) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.givens]\nignore = ["*.path", "out"]\nreplicate = ["seed"]\n')
    for name, seed, out in (("aaa", 1, "x"), ("bbb", 2, "y"), ("ccc", 1, "z")):
        journals.write(name, given(lr=1, seed=seed, out=out, data={"path": out}), FINISH)
    journals.write("ddd", given(lr=2, seed=1), FINISH)
    index = opened(journals.store)
    index.refresh()
    rows = {name: run_row(index, name) for name in ("aaa", "bbb", "ccc", "ddd")}
    assert rows["aaa"]["fingerprint"] == rows["ccc"]["fingerprint"] != rows["bbb"]["fingerprint"]
    assert rows["aaa"]["replica"] == rows["bbb"]["replica"] != rows["ddd"]["replica"]
    for name, row in rows.items():
        assert row["fingerprint"] == fingerprint_of(read_run(journals.store, name).state, journals.store)


def test_the_fingerprint_is_of_the_configuration_as_it_settled(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", given(lr=1, seed=3), SETTLE, given(lr=2), ("delete", {"p": [["seed"]], "o": CODE}), FINISH)
    journals.write("bbb", given(lr=1, seed=3), FINISH)
    index = opened(journals.store)
    index.refresh()
    assert run_row(index, "aaa")["fingerprint"] == run_row(index, "bbb")["fingerprint"]
    state = read_run(journals.store, "aaa").state
    assert run_row(index, "aaa")["fingerprint"] == fingerprint_of(state, journals.store)
    assert index.document(["aaa"]) == {"aaa": {"lr": 2}}
    assert plant(index.document(["aaa"])["aaa"]) == state.config


def test_descriptions_are_kept_with_the_key(journals: StoreOfJournals, opened: Open) -> None:
    journals.write("aaa", ("set", {"s": [[["lr"], 1, 0]], "o": [CODE], "d": [[["lr"], "step\0size"]]}))
    index = opened(journals.store)
    index.refresh()
    assert index.keys()[0].description == "step\0size"
    assert (index.keys()[0].low, index.keys()[0].high) == (1.0, 1.0)
