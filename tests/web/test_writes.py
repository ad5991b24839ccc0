"""Changing runs from the page: the same audited edits as on the command line, and each can be taken back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import givens
from givens.web.serving import serving

from .conftest import Asker


@pytest.fixture
def folder(sweep: Path, tmp_path: Path) -> Path:
    """A copy of the sweep, to be changed."""
    shutil.copytree(sweep, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture
def page(folder: Path) -> Iterator[Asker]:
    """Its page."""
    with serving(folder) as url:
        yield Asker(url)


def test_an_edit_is_typed_marked_everywhere_and_taken_back(page: Asker, folder: Path) -> None:
    done = page.post(
        "/api/edit", {"runs": ["run0"], "set": {"lr": "0.5", "epochs": {"text": "4"}}, "note": "typo"}
    ).json
    assert done["said"].startswith("1 run of 1 changed")
    config = givens.open("run0", dir=folder).config
    assert (config.lr, config.epochs) == (0.5, "4")
    rows = page.get("/api/rows", filter="lr=0.5", cols="lr,seed").json
    assert rows["rows"][0]["cells"][1:] == [["0.5", 0.5, "n", "e"], ["0", 0, "n"]]
    words = page.get("/run/run0").words
    assert "*edited" in words and "(typo)" in words
    back = page.post("/api/undo", {"edit": done["edit"]}).json
    assert (back["edit"], back["runs"]) == (done["edit"], ["run0"])
    assert givens.open("run0", dir=folder).config.lr == 0.1
    again = page.post("/api/undo", {"edit": back["id"]})  # an undo can be undone
    assert again.status == 200
    assert givens.open("run0", dir=folder).config.lr == 0.5


def test_tags_and_notes_of_several_runs(page: Asker, folder: Path) -> None:
    page.post("/api/edit", {"runs": ["run0", "run1"], "tag": ["good", "<b>"], "notes": "line\nline"})
    assert givens.open("run1", dir=folder).tags == ("good", "<b>")
    text = page.get("/run/run1").text
    assert '<li class="tag">&lt;b&gt;</li>' in text and "<b>" not in text
    page.post("/api/edit", {"runs": ["run1"], "untag": ["good"]})
    assert givens.open("run1", dir=folder).tags == ("<b>",)
    assert [row["id"] for row in page.get("/api/rows", filter='"good" in run.tags').json["rows"]] == ["run0"]


def test_a_trial_says_what_would_change_and_changes_nothing(page: Asker, folder: Path) -> None:
    done = page.post("/api/edit", {"runs": ["run0"], "delete": ["lr"], "dry_run": True}).json
    assert (done["edit"], done["lines"]) == (None, ["run0  run-0  config.lr: 0.1 deleted"])
    assert givens.open("run0", dir=folder).config.lr == 0.1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"runs": []}, "UsageError"),
        ({"runs": ["run0"]}, "EditRequestError"),
        ({"runs": ["run0"], "set": {"lr": 5}}, "UsageError"),
        ({"runs": ["run0"], "set": {"": "1"}}, "KeyPathError"),
        ({"runs": ["nobody"], "tag": ["x"]}, "RunNotFoundError"),
        ({"runs": ["run0", "run1"], "name": "one"}, "EditError"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(page: Asker, folder: Path, body: object, kind: str) -> None:
    before = sorted(path.name for path in (folder / ".givens" / "edits").glob("*"))
    answer = page.post("/api/edit", body)
    assert (answer.status in (400, 404), answer.json["kind"]) == (True, kind)
    assert sorted(path.name for path in (folder / ".givens" / "edits").glob("*")) == before


def test_a_view_with_a_name_is_a_plain_file(page: Asker, folder: Path) -> None:
    saved = page.post("/api/views", {"name": "<i>best</i>", "page": "/compare", "query": "runs=run0,run1"}).json["view"]
    assert saved["url"] == "/compare?runs=run0,run1"
    (file,) = (folder / ".givens" / "views").glob("*.json")
    assert "runs=run0,run1" in file.read_text()
    assert [each["name"] for each in page.get("/api/views").json["views"]] == ["<i>best</i>"]
    assert "&lt;i&gt;best&lt;/i&gt;" in page.get("/views").text
    page.post("/api/views", {"name": "<i>best</i>", "page": "/", "query": ""})
    assert [each["page"] for each in page.get("/api/views").json["views"]] == ["/"]
    assert page.post("/api/views/delete", {"name": "<i>best</i>"}).status == 200
    assert page.get("/api/views").json["views"] == []
    assert page.post("/api/views/delete", {"name": "<i>best</i>"}).status == 400


@pytest.mark.parametrize(
    "page_of", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/nowhere", "/run/..//x"]
)
def test_a_view_leads_nowhere_else(page: Asker, folder: Path, page_of: str) -> None:
    assert page.post("/api/views", {"name": "x", "page": page_of, "query": ""}).status == 400
    views = folder / ".givens" / "views"
    views.mkdir(exist_ok=True)
    (views / "foreign.json").write_text(f'{{"name":"x","page":"{page_of}","query":"","saved_at":"","by":null}}')
    (views / "broken.json").write_text("{")
    assert page.get("/api/views").json["views"] == []


def test_ignored_keys_are_kept_with_the_project(page: Asker, folder: Path) -> None:
    kept = page.post("/api/ignore", {"project": "digits", "patterns": ["seed", " model.* ", "seed"]}).json
    assert kept == {"patterns": ["seed", "model.*"]}
    (file,) = (folder / ".givens" / "views").glob("ignored-keys-digits-*.txt")
    assert file.read_text() == "seed\nmodel.*\n"
    hidden = page.get("/api/rows", project="digits", filter="exists(seed)").json["hidden"]
    assert (hidden["ignored"], hidden["ignored_keys"]) == (["seed", "model.*"], 2)
    shown = page.get("/api/rows", project="digits", filter="exists(seed)", ignored="show").json["hidden"]
    assert (shown["ignored"], shown["ignored_keys"]) == ([], 0)
    assert page.get("/api/rows", project="hostile").json["hidden"]["ignored"] == []
    assert page.post("/api/ignore", {"project": "digits", "patterns": ["a\nb"]}).status == 400
