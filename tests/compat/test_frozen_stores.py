"""Every store that a released version wrote is read exactly, for ever; one from a version to come as far as it goes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from zlib import crc32

import pytest

from givens.api.stored.opening import open_by_id, runs_of
from givens.api.upkeep.checking import check_store
from givens.cli.root import run as command
from givens.codec.kinds import FAMILIES
from givens.index import open_index
from givens.journal.layout import Store
from givens.records.events import FORMAT, KINDS

from .answers import answers

HERE = Path(__file__).parent
FORMATS = sorted(path.name for path in HERE.glob("format-*"))


@pytest.fixture
def copied(tmp_path: Path, request: pytest.FixtureRequest) -> Store:
    """A copy of a frozen store."""
    shutil.copytree(HERE / request.param / "store", tmp_path / ".givens")
    return Store(str(tmp_path / ".givens"))


def test_the_present_format_has_its_store() -> None:
    assert f"format-{FORMAT}" in FORMATS


def test_git_keeps_all_of_them() -> None:
    for path in HERE.rglob("*"):
        assert path.name not in (".givens", ".gitignore"), "git would leave it out"
    assert sum(path.stat().st_size for path in HERE.rglob("*") if path.is_file()) < 300_000 * len(FORMATS)


@pytest.mark.parametrize("copied", FORMATS, indirect=True)
def test_a_store_is_read_as_its_own_version_read_it(
    copied: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    name = request.node.callspec.params["copied"]
    expected = json.loads((HERE / name / "answers.json").read_text("utf-8"))
    (tmp_path / "index").mkdir()
    found = json.loads(json.dumps(answers(copied, str(tmp_path / "index"))))
    for run_id, run in expected["runs"].items():
        for what, value in run.items():
            assert found["runs"][run_id][what] == value, (run_id, what)
    assert found == expected


@pytest.mark.parametrize("copied", FORMATS, indirect=True)
def test_nothing_in_it_is_damaged(copied: Store) -> None:
    assert check_store(copied).damage == ()


@pytest.mark.parametrize("copied", [f"format-{FORMAT}"], indirect=True)
def test_the_newest_one_has_every_kind_of_event_and_every_tag(copied: Store) -> None:
    import gzip

    content = b""
    for path in Path(copied.path).rglob("*"):
        if path.is_file():
            content += gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    assert [kind for kind in KINDS if f'"k":"{kind}"'.encode() not in content] == ["resume"], "which is reserved"
    tags = [tag for family in FAMILIES for tag in family.tags]
    assert [tag for tag in tags if f'"~":"{tag}"'.encode() not in content] == [], "make a new store with them"


# --- from a version to come -----------------------------------------------------------------------------------------


def line(text: str) -> str:
    """A line with its checksum."""
    body = text[:-1]
    return f'{body},"c":{crc32(body.encode())}}}\n'


NEWER = "".join(
    line(text)
    for text in (
        '{"k":"start","n":0,"t":"2031-01-01T00:00:00.000000Z","dt":0.0,"format":7,"run":"newer","writer":"nnnnnnnnnnnnnnnn",'
        '"role":"main","project":"digits","name":"calm-newer","mood":{"good":true}}',
        '{"k":"set","n":1,"t":"2031-01-01T00:00:00.000000Z","s":[[["lr"],0.1,0],[["q"],{"~":"qubit","v":[1,0]},0]],'
        '"o":[{"kind":"telepathy","from":"ada"}],"why":"because"}',
        '{"k":"dream","n":2,"t":"2031-01-01T00:00:01.000000Z","of":["sheep"]}',
        '{"k":"log","n":3,"t":"2031-01-01T00:00:02.000000Z","m":{"loss":0.5},"step":0,"weather":"fine"}',
        '{"k":"finish","n":4,"t":"2031-01-01T00:00:03.000000Z","state":"finished","code":0,"mood":"better"}',
    )
)


@pytest.fixture
def newer(tmp_path: Path) -> Store:
    """The frozen store, to which a version to come has added a run and files of which this one knows nothing."""
    shutil.copytree(HERE / f"format-{FORMAT}" / "store", tmp_path / ".givens")
    store = tmp_path / ".givens"
    (store / "store.json").write_text('{"format":7,"needs":["dreams"]}\n')
    (store / "runs" / "newer.jsonl").write_text(NEWER)
    (store / "runs" / "newer.dreams").write_text("of another kind")
    (store / "dreams").mkdir()
    (store / "dreams" / "x.jsonl").write_text("of another kind")
    return Store(str(store))


def test_a_newer_run_is_read_as_far_as_it_goes_and_that_is_said(newer: Store) -> None:
    run = open_by_id(newer, "newer")
    assert run.config.lr == 0.1 and run.summary["loss"] == 0.5 and run.state == "finished" and run.exit_code == 0
    assert "qubit" in repr(run.config.q), "a value of an unknown kind is a stand-in that says so"
    assert str(run.explain("lr").origin)
    assert run.problems == (
        "written in format 7, which is newer than this givens: what it added is not shown",
        "events of unknown kinds passed over: dream",
    )


def test_the_runs_beside_it_are_read_as_ever(newer: Store) -> None:
    listing = runs_of(newer)
    assert listing.total == 6 and listing.unreadable == []
    assert open_by_id(newer, "loose").problems == ()


def test_the_index_has_it_too(newer: Store, tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    with open_index(newer, folder=str(tmp_path / "index")) as index:
        assert index.refresh().complete
        assert index.document(["newer"])["newer"]["lr"] == 0.1


def test_a_newer_value_goes_through_an_edit_and_a_pack_unchanged(newer: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    import givens

    monkeypatch.chdir(os.path.dirname(newer.path))
    before = (Path(newer.path) / "runs" / "newer.jsonl").read_bytes()
    givens.edit_runs(runs="newer", set={"lr": 0.2})
    assert open_by_id(newer, "newer").config.lr == 0.2
    assert command(["pack"]) == 0
    packs = b"".join(
        subprocess.run(["gzip", "-dc", path], capture_output=True, check=True).stdout
        for path in (Path(newer.path) / "packs").glob("*.gz")
    )
    assert before in packs


def test_the_commands_say_it(newer: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(os.path.dirname(newer.path))
    assert command(["show", "newer"]) == 0
    assert "format 7, which is newer than this givens" in capsys.readouterr().err
    assert command(["ls"]) == 0
    command(["doctor"])
    assert "format 7, newer than this givens" in capsys.readouterr().out
