"""Scrubs of a store: every kind of file, what may not be touched, scrubs of scrubs, and what a stranger's event cannot do."""

from __future__ import annotations

import gzip
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api.changes.edit_targets import Chosen
from givens.api.changes.removing import remove_runs, restore_runs
from givens.api.changes.scrubbing import ScrubPlan, scrub_of
from givens.api.changes.undoing import edits_of
from givens.api.page.saved_views import save_view, saved_views
from givens.api.stored.opening import open_in
from givens.api.stored.run_cells import cells_of
from givens.api.upkeep.packing import pack_store
from givens.api.upkeep.pulling import pull
from givens.capture.ranks import joins_of
from givens.codec import StoredSecret, to_blob
from givens.errors import EditError, StoreError
from givens.journal.blobs import write_blob
from givens.journal.edits import write_command
from givens.journal.heads import Head, read_head, write_head
from givens.journal.lines import Stamper
from givens.journal.packing import Loose, write_pack
from givens.journal.reader import read_start, read_surroundings
from givens.journal.try_lock import TryLock
from givens.journal.writer import JournalWriter
from givens.lifecycle.snapshot import Snapshot

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

SECRET = "correct-horse-battery"
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def given(**values: Any) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[[key], value, 0] for key, value in values.items()], "o": [{"kind": "code"}]}


def written(path: Path, *events: tuple[str, dict[str, Any]]) -> None:
    """A journal that no run's name is on."""
    path.parent.mkdir(exist_ok=True)
    journal = JournalWriter(str(path), Stamper())
    for kind, members in events:
        journal.append(kind, "".join(f",{json.dumps(key)}:{json.dumps(value)}" for key, value in members.items()))
    journal.close()


def held(journals: StoreOfJournals, what: str = SECRET) -> list[str]:
    found = []
    for path in sorted(Path(journals.store.path).rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            content = gzip.decompress(content) if path.suffix == ".gz" else content
            found += [path.relative_to(journals.store.path).as_posix()] if what.encode() in content else []
    return found


def scrubbed(journals: StoreOfJournals, **asked: Any) -> ScrubPlan:
    return scrub_of(journals.store, **asked).do()


def test_ranks_and_surroundings_are_told_with_the_run_that_names_them(journals: StoreOfJournals) -> None:
    store = Path(journals.store.path)
    journals.write("aaa", given(lr=0.1), FINISH, start={"env": "e" * 16, "join": "f" * 16})
    patch = f"+password = '{SECRET}'\n+caf\udce9\n".encode("utf-8", "surrogateescape")
    name = sha256(patch).hexdigest()
    write_blob(journals.store, name, patch)
    code = {
        "remote": f"https://ada:{SECRET}@example.org/x",
        "patch": {"sha256": name, "bytes": len(patch), "complete": True},
    }
    start = {"format": 1, "writer": "e" * 16, "role": "env"}
    written(store / "env" / f"{'e' * 16}.jsonl", ("start", start), ("code", code), ("machine", {"machine": {}}))
    rank = {"format": 1, "writer": "g" * 16, "role": "rank", "rank": 1, "join": "f" * 16}
    written(store / "ranks" / f"{'f' * 16}.{'g' * 16}.jsonl", ("start", rank), given(api_key=SECRET), FINISH)
    plan = scrubbed(journals)
    assert plan.runs == {"aaa": {"remote": 1, "patch": 1, "config.api_key": 1}}
    assert plan.left == plan.unreadable == () and held(journals) == []
    said: Any = read_surroundings(journals.store, "e" * 16)
    assert said["remote"] == "https://ada:***@example.org/x" and said["patch"]["complete"] is False
    kept = (store / "blobs" / said["patch"]["sha256"]).read_bytes()
    assert kept == patch.replace(SECRET.encode(), b"***") and os.listdir(store / "blobs") == [said["patch"]["sha256"]]


def test_the_cells_of_a_notebook(journals: StoreOfJournals) -> None:
    said = []
    for cells in (f"# In [1]\napi_key = {SECRET!r}\n", f"# In [1]\napi_key = {SECRET!r}\n\n# In [2]\nfit()\n"):
        name = sha256(cells.encode()).hexdigest()
        write_blob(journals.store, name, cells.encode())
        said.append({"sha256": name, "bytes": len(cells), "count": 1})
    journals.write("aaa", given(lr=0.1), ("finish", {**FINISH[1], "cells": said[1]}), start={"cells": said[0]})
    assert scrubbed(journals).runs == {"aaa": {"cells": 2}}
    assert held(journals) == [] and len(os.listdir(Path(journals.store.path) / "blobs")) == 2
    assert cells_of(open_in(journals.store, "aaa")) == "# In [1]\napi_key = '***'\n\n# In [2]\nfit()\n"
    assert scrub_of(journals.store).plan().is_empty


def test_the_ranks_of_a_run_that_is_meant_and_names_no_meeting(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    journals.write("bbb", given(lr=0.1), FINISH, start={"pid": 4712})
    for run_id, number in (("aaa", 1), ("bbb", 2)):
        start = read_start(journals.store.run_file(run_id))
        assert start is not None and "join" not in start
        (join,) = joins_of(start)
        rank = {"format": 1, "writer": str(number) * 16, "role": "rank", "rank": 1, "join": join}
        path = Path(journals.store.path) / "ranks" / f"{join}.{str(number) * 16}.jsonl"
        written(path, ("start", rank), given(api_key=SECRET), FINISH)
    plan = scrubbed(journals, chosen=Chosen(("aaa",)))
    assert plan.runs == {"aaa": {"config.api_key": 1}}
    assert [path.rpartition(".")[0][-16:] for path in held(journals)] == ["2" * 16]


def test_only_the_runs_that_are_meant(journals: StoreOfJournals) -> None:
    for name in ("aaa", "bbb"):
        journals.write(name, given(api_key=SECRET), FINISH)
    save_view(journals.store, f"token={SECRET}", "/", "q=x")
    plan = scrubbed(journals, chosen=Chosen(("aaa",)))
    assert list(plan.runs) == ["aaa"]
    assert [path for path in held(journals) if not path.startswith("index/")] == [
        "runs/bbb.jsonl",
        next(path for path in held(journals) if path.startswith("views/")),
    ]


def test_a_saved_view_keeps_working_without_it(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    save_view(journals.store, f"token={SECRET}", "/", f"q=api_key+%3D%3D+%27{SECRET}%27&sort=lr")
    assert scrubbed(journals).others == {"saved views": 1}
    (view,) = saved_views(journals.store)
    assert view.name == "token=***" and view.query.endswith("&sort=lr") and SECRET not in view.query
    assert held(journals) == [] and scrub_of(journals.store).plan().is_empty


def pulled_while_running(journals: StoreOfJournals, there: StoreOfJournals) -> Path:
    """Scrubbed while it ran; meanwhile it came to its end elsewhere."""
    there.write("aaa", given(api_key=SECRET))
    pull(there.store.path, journals.store)
    assert [left.reason for left in scrubbed(journals).left] == ["running"]
    os.unlink(there.store.run_file("aaa"))
    there.write("aaa", given(api_key=SECRET), FINISH)
    return Path(journals.store.run_file("aaa"))


def test_a_run_that_ended_elsewhere_is_clean_when_it_is_pulled_again(journals: StoreOfJournals, tmp_path: Path) -> None:
    there = type(journals)(tmp_path / "there")
    pulled_while_running(journals, there)
    assert pull(there.store.path, journals.store).went_on == ["aaa"]
    assert held(journals) == [] and not list(Path(journals.store.path).glob("packs/*.gz"))
    assert open_in(journals.store, "aaa").state == "finished" and scrub_of(journals.store).plan().is_empty


def test_a_copy_whose_end_lies_in_a_pack_is_over(journals: StoreOfJournals, tmp_path: Path) -> None:
    there = type(journals)(tmp_path / "there")
    loose = pulled_while_running(journals, there)
    copy = loose.read_bytes()
    write_pack(journals.store, [Loose("runs/aaa.jsonl", Path(there.store.run_file("aaa")).read_bytes())])
    assert scrubbed(journals).left == () and held(journals) == []
    loose.write_bytes(copy)  # as when the pack alone was scrubbed
    packing = pack_store(journals.store)
    assert (packing.cleared, packing.kept, loose.exists(), held(journals)) == (1, {}, False, [])
    run = open_in(journals.store, "aaa")
    assert run.state == "finished" and run.problems == () and isinstance(run.config["api_key"], StoredSecret)


def test_a_run_that_goes_on_stays_whatever_a_pack_has_under_its_name(journals: StoreOfJournals, tmp_path: Path) -> None:
    other = type(journals)(tmp_path / "other")
    other.write("aaa", given(lr=0.1), FINISH, start={"writer": "z" * 16})
    pack_store(other.store)
    pull(other.store.path, journals.store)
    journals.write("aaa", given(api_key=SECRET), began="2026-02-01T10:00:00")
    assert [left.reason for left in scrubbed(journals).left] == ["running"]
    journals.write("bbb", given(lr=0.1), FINISH)
    assert pack_store(journals.store).kept == {"running": 1}


def test_what_an_interrupted_pull_left_goes_and_what_a_living_one_brings_stays(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    incoming = Path(journals.store.path) / "incoming"
    for name in ("left", "living"):
        (incoming / name / "runs").mkdir(parents=True)
        (incoming / name / "runs" / ".bbb.jsonl.x7Ks").write_text(f'{{"api_key":"{SECRET}"')  # rsync's own draft
    assert scrub_of(journals.store, chosen=Chosen(("aaa",))).plan().is_empty
    lock = TryLock(str(incoming / "living.lock"))
    assert lock.acquire()
    trial = scrub_of(journals.store).plan()
    assert trial.others == {"interrupted pulls": 1} and (incoming / "left").exists()
    plan = scrubbed(journals)
    assert plan.others == {"interrupted pulls": 1} and held(journals) == ["incoming/living/runs/.bbb.jsonl.x7Ks"]
    assert [(left.place, left.reason) for left in plan.left] == [(str(incoming / "living"), "pulling")]
    again = scrub_of(journals.store).plan()
    assert again.is_empty and len(again.left) == 1
    lock.release()
    assert scrubbed(journals).left == () and held(journals) == []


def copy_of_code(journals: StoreOfJournals, name: str, run_id: str, **files: str) -> Path:
    """A copy of code as ``givens run --snapshot`` makes it."""
    tree = Path(journals.store.path) / "snapshots" / name / "project"
    tree.mkdir(parents=True)
    for file, text in files.items():
        (tree / file.replace("_", ".")).write_text(text)
    facts = Snapshot(name, str(tree), "/home/ada/project", None, None, "2026-03-01T10:00:00Z", len(files), 7, [], [])
    (tree.parent / "snapshot.json").write_text(json.dumps(facts._asdict()))
    (tree.parent / "runs").write_text(f"{run_id}\n")
    return tree


def test_copies_of_code_that_hold_it_are_named_with_what_to_do(journals: StoreOfJournals, tmp_path: Path) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    journals.write("bbb", given(lr=0.1), FINISH)
    code = f"password = read()\nlogin(password)\n# {SECRET}\n"
    first = copy_of_code(journals, "firstfirst", "aaa", train_py=code, base_yaml=f"hub:\n  password: {SECRET}\n")
    second = copy_of_code(journals, "secondcopy", "bbb", train_py=f"api_key = {SECRET!r}\n")
    (second / "data.bin").write_bytes(b"\0" + SECRET.encode())
    (second / "large.txt").write_text(f"{SECRET}\n" * 100_000)
    (tmp_path / "linked.yaml").write_text(f"password: {SECRET}\n")
    (second / "linked.yaml").symlink_to(tmp_path / "linked.yaml")
    plan = scrub_of(journals.store).plan()
    assert plan.is_empty and plan.unreadable == ()
    assert [str(left) for left in plan.left] == [
        f"{first / 'base.yaml'}: a copy of code has it in this file: `givens snapshots --remove firstfirst` takes it away",
        f"{second / 'train.py'}: a copy of code has it in this file: `givens snapshots --remove secondcopy` takes it away",
    ]
    (left,) = scrub_of(journals.store, texts=[SECRET], chosen=Chosen(("aaa",))).plan().left
    assert left.place == str(first / "base.yaml") and left.reason.startswith(
        "a copy of code has it in this file and in 1"
    )
    (second.parent / "snapshot.json").unlink()
    assert "removing its folder takes it away" in str(scrub_of(journals.store).plan().left[1])


def head_of(journals: StoreOfJournals, run_id: str, **values: Any) -> None:
    write_head(journals.store, "digits", "node7", Head(run_id, f"calm-{run_id}", values))


def test_a_head_of_a_run_that_settled_while_somebody_was_asked_stays_its_own(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(api_key=SECRET), FINISH)
    head_of(journals, "aaa", api_key=SECRET)
    scrub = scrub_of(journals.store)
    assert scrub.plan().others == {"heads": 1}
    head_of(journals, "bbb", lr=0.5, token=SECRET)
    assert scrub.do().done and held(journals) == []
    head = read_head(journals.store, "digits", "node7")
    assert head is not None and (head.run, head.config["lr"]) == ("bbb", 0.5)


def test_only_the_head_of_a_run_that_is_meant(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(api_key=SECRET), FINISH)
    head_of(journals, "aaa", api_key=SECRET)
    scrub = scrub_of(journals.store, chosen=Chosen(("aaa",)))
    scrub.plan()
    head_of(journals, "bbb", api_key=SECRET)
    assert scrub.do().done and len(held(journals)) == 1 and held(journals)[0].startswith("heads/")


def test_heads_and_views_that_vanish_while_somebody_is_asked(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(api_key=SECRET), FINISH)
    head_of(journals, "aaa", api_key=SECRET)
    save_view(journals.store, f"token={SECRET}", "/", "q=x")
    scrub = scrub_of(journals.store)
    assert scrub.plan().others == {"heads": 1, "saved views": 1}
    for folder in ("heads", "views"):
        (path,) = (Path(journals.store.path) / folder).iterdir()
        path.unlink()
    assert scrub.do().done and held(journals) == []
    assert saved_views(journals.store) == [] and read_head(journals.store, "digits", "node7") is None


def test_the_trash_and_what_is_restored_from_it(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(api_key=SECRET, lr=0.1), FINISH)
    remove_runs(runs=["aaa"], dir=journals.folder)
    assert scrubbed(journals).runs == {"aaa": {"config.api_key": 1}}
    assert held(journals) == []
    restore_runs(["aaa"], dir=journals.folder)
    run = open_in(journals.store, "aaa")
    assert isinstance(run.config["api_key"], StoredSecret) and run.config["lr"] == 0.1


def test_a_value_that_a_running_run_refers_to_stays_and_is_not_shown(journals: StoreOfJournals) -> None:
    blob, name, content = to_blob(json.dumps({"api_key": SECRET, "text": "x" * 70_000}, separators=(",", ":")))
    write_blob(journals.store, name, content)
    journals.write("aaa", given(large=blob))
    plan = scrubbed(journals)
    assert [left.reason for left in plan.left] == ["running"] and plan.files == 0
    assert held(journals) == [f"blobs/{name}", "runs/aaa.jsonl"]
    assert isinstance(open_in(journals.store, "aaa").config["large"]["api_key"], StoredSecret)
    again = scrub_of(journals.store).plan()
    assert again.is_empty and len(again.left) == 1


def test_large_values_that_nothing_refers_to_are_looked_into(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    for text in (f'{{"api_key":"{SECRET}"}}', '{"lr":0.1}'):
        name = sha256(text.encode()).hexdigest()
        write_blob(journals.store, name, text.encode())
        os.utime(journals.store.blob_file(name), (1, 1))
    assert scrubbed(journals).others == {"large values": 1}
    assert held(journals) == [] and len(os.listdir(Path(journals.store.path) / "blobs")) == 1


def test_a_later_scrub_cleans_what_an_earlier_one_put_in_place(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(note=f"see {SECRET} and {SECRET[::-1]}"), FINISH)
    scrubbed(journals, texts=[SECRET])
    assert held(journals, SECRET[::-1]) != []
    scrubbed(journals, texts=[SECRET[::-1]])
    assert held(journals) == held(journals, SECRET[::-1]) == []
    assert open_in(journals.store, "aaa").config["note"] == "see *** and ***"
    assert [edit.final for edit in edits_of(journals.store)] == [True, True]


def test_an_edit_is_scrubbed_and_holds(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    steps = [["set", ["api_key"], SECRET], ["notes", f"with --token={SECRET}"], ["tag", ["ok", f"token={SECRET}"], []]]
    write_command(journals.store, {"user": "ada", "note": f"password: {SECRET}"}, [("edit", {"e": [[["aaa"], steps]]})])
    plan = scrubbed(journals)
    assert set(plan.runs["aaa"]) == {"config.api_key", "notes", "tag", "note"} and held(journals) == []
    run = open_in(journals.store, "aaa")
    assert isinstance(run.config["api_key"], StoredSecret)
    assert (run.notes, run.tags) == ("with --token=***", ("ok", "token=***"))


def test_names_of_results_go_where_they_are_credentials(journals: StoreOfJournals) -> None:
    token = "hf_" + "abcdefghij" * 4
    journals.write("aaa", ("log", {"m": {token: 1.0, f"{token}2": 2.0, "loss": 3.0}, "step": 1}), FINISH)
    scrubbed(journals)
    assert held(journals, token) == []
    assert sorted(dict(open_in(journals.store, "aaa").results).items())[-1][0] == "loss"
    assert len(open_in(journals.store, "aaa").results) == 3


def test_a_damaged_pack_is_left_and_named(journals: StoreOfJournals) -> None:
    for name in ("aaa", "bbb"):
        journals.write(name, given(api_key=SECRET), FINISH)
    pack_store(journals.store)
    (pack,) = Path(journals.store.path).glob("packs/*.gz")
    pack.write_bytes(pack.read_bytes()[:-40])
    plan = scrubbed(journals)
    assert [(left.place, left.reason) for left in plan.left] == [(str(pack), "damaged")]
    assert isinstance(open_in(journals.store, "aaa").config["api_key"], StoredSecret)


def test_a_journal_without_its_first_line_and_one_with_a_bad_line(journals: StoreOfJournals) -> None:
    first = journals.write("aaa", given(api_key=SECRET), FINISH)
    first.write_bytes(first.read_bytes().partition(b"\n")[2])
    second = journals.write("bbb", given(api_key=SECRET), FINISH)
    second.write_bytes(second.read_bytes().replace(b'"c":', b'"c":1', 2))
    third = journals.write("ccc", given(lr=0.1, api_key=SECRET), FINISH)
    third.write_bytes(third.read_bytes().replace(b'"lr"', b"#"))
    plan = scrubbed(journals)
    assert plan.others == {"damaged lines": 2} and plan.files == 3
    assert held(journals) == [] and scrub_of(journals.store).plan().is_empty


def test_a_stranger_can_put_no_nonsense_into_runs(journals: StoreOfJournals) -> None:
    journals.write("aaa", given(lr=0.1), FINISH)
    writer = ("aaa" * 16)[:16]
    nonsense = {
        "0": [[["argv"], 7], [["run"], "bbb"]],
        "1": [[["s"], [1, 2]]],
        "2": [[["state"], []]],
        "-1": 3,
        "x": {},
    }
    write_command(
        journals.store, {}, [("scrub", {"p": {writer: nonsense, "other": 1}, "runs": {"aaa": 1}, "gone": ["x"]})]
    )
    run = open_in(journals.store, "aaa")
    assert run.id == "aaa" and run.argv == () and run.config.as_dict() == {}
    assert scrub_of(journals.store).plan().unreadable == ()


def test_texts_that_are_too_short_are_refused(journals: StoreOfJournals) -> None:
    with pytest.raises(EditError, match="a text of 3 characters"):
        scrub_of(journals.store, texts=["abc"])


def test_a_store_that_is_being_packed_is_waited_for_and_then_refused(
    journals: StoreOfJournals, monkeypatch: pytest.MonkeyPatch
) -> None:
    from givens.api.changes import scrubbing

    journals.write("aaa", given(api_key=SECRET), FINISH)
    monkeypatch.setattr(scrubbing, "_LOCK_S", 0.0)
    os.makedirs(os.path.join(journals.store.path, "packs"))
    lock = TryLock(os.path.join(journals.store.path, "packs", "pack.lock"))
    assert lock.acquire()
    with pytest.raises(StoreError, match="another process is packing"):
        scrubbed(journals)
    lock.release()
    assert held(journals) == ["runs/aaa.jsonl"] and scrubbed(journals).files == 1


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root can give files away")
def test_permissions_and_owner_stay(journals: StoreOfJournals) -> None:
    path = journals.write("aaa", given(api_key=SECRET), FINISH)
    os.chown(path, 1234, 1234)
    path.chmod(0o640)
    assert scrubbed(journals).files == 1
    assert (path.stat().st_uid, path.stat().st_mode & 0o777) == (1234, 0o640) and held(journals) == []
