"""What the page's scripts ask: shapes, filters, sorting, paging."""

from __future__ import annotations

import json
from typing import Any

import pytest

from givens.api.page import comparing
from givens.web import plot_routes

from .conftest import Asker


def ids(answer: Any) -> list[str]:
    """The runs of an answer, in order."""
    return [row["id"] for row in answer.json["rows"]]


def column(answer: Any, name: str) -> list[Any]:
    """The cells of one column."""
    at = [each["name"] for each in answer.json["columns"]].index(name)
    return [row["cells"][at] for row in answer.json["rows"]]


def test_a_cell_is_what_is_shown_what_sorts_and_what_it_is(page: Asker) -> None:
    answer = page.get(
        "/api/rows", project="digits", sort="run.name", cols="lr,epochs,model.name,min(loss),run.created,run.tags"
    )
    assert column(answer, "lr") == [
        ["0.1", 0.1, "n"],
        ["0.01", 0.01, "n"],
        ["0.001", 0.001, "n"],
        ["0.01", 0.01, "n"],
        ["'0.01'", "0.01", "s"],
    ]
    assert column(answer, "epochs")[4] == ["None", None, "z"]
    assert column(answer, "model.name")[3:] == [["vit", "vit", "s"], None]
    assert column(answer, "min(loss)") == [
        ["0.2", 0.2, "n"],
        ["0.02", 0.02, "n"],
        ["0.002", 0.002, "n", "b"],
        ["0.02", 0.02, "n"],
        None,
    ]
    assert [cell[2] for cell in column(answer, "run.created")] == ["t"] * 5
    assert {cell[2] for cell in column(answer, "run.tags")} == {"l"}


def test_the_best_is_the_best_of_all_that_pass_not_of_the_page(page: Asker) -> None:
    answer = page.get("/api/rows", project="digits", sort="run.name", cols="min(loss)", limit=2)
    assert [cell[3:] for cell in column(answer, "min(loss)")] == [[], []]
    narrowed = page.get("/api/rows", project="digits", filter="lr >= 0.01", sort="run.name", cols="min(loss)")
    assert ["b" in cell[3:] for cell in column(narrowed, "min(loss)")] == [False, True, True]


@pytest.mark.parametrize("filter", ["lr=0.01 model.name=vit", "lr == 0.01 and model.name == 'vit'", "run.id == 'run3'"])
def test_a_filter_is_an_expression_or_words(page: Asker, filter: str) -> None:
    answer = page.get("/api/rows", filter=filter)
    assert (ids(answer), answer.json["total"]) == (["run3"], 1)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("-lr", ["run0", "run3"]),
        ("lr,-run.name", ["run2", "run3"]),
        ("best:loss", ["run2", "run1"]),
        ("newest", ["run4", "run3"]),
        ("-max(acc)", ["run3", "run2"]),
        ("model.name", ["run0", "run1"]),
    ],
)
def test_rows_are_sorted_by_the_server(page: Asker, sort: str, first: list[str]) -> None:
    assert ids(page.get("/api/rows", project="digits", sort=sort, limit=2)) == first


def test_what_a_comparison_of_very_many_runs_leaves_out_is_said(page: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {"runs": "run1,run2,run3"}
    assert page.get("/api/compare", **asked).json["notes"] == []
    monkeypatch.setattr(comparing, "_WHOLE", 2)
    (note,) = page.get("/api/compare", **asked).json["notes"]
    assert note in page.get("/compare", **asked).text


def test_best_of_a_metric_without_a_goal_is_said(page: Asker) -> None:
    answer = page.get("/api/rows", sort="best:acc")
    assert (answer.status, answer.json["kind"]) == (400, "UndeclaredGoalError")
    misspelt = page.get("/api/rows", sort="best:ac")
    assert (misspelt.status, misspelt.json["kind"]) == (400, "NoScoreError")


def test_pages_of_rows_are_the_whole_in_pieces(page: Asker) -> None:
    whole = ids(page.get("/api/rows", sort="run.name"))
    pieces = [ids(page.get("/api/rows", sort="run.name", offset=at, limit=2)) for at in (0, 2, 4, 6)]
    assert pieces == [whole[0:2], whole[2:4], whole[4:6], []]


def test_a_mistake_says_where_it_is(page: Asker) -> None:
    answer = page.get("/api/rows", filter="lr < < 1")
    assert (answer.status, answer.json["kind"]) == (400, "FilterSyntaxError")
    assert answer.json["at"][0] == 5


def test_hidden_keys_are_counted(page: Asker) -> None:
    hidden = page.get("/api/rows", filter="exists(model.name)", more=1, ignore="seed").json["hidden"]
    assert hidden["constant"] == 1
    assert hidden["constants"] == [["model.depth", "2"]]
    assert (hidden["ignored"], hidden["ignored_keys"]) == (["seed"], 1)
    assert hidden["varying"] == 2


def test_every_answer_says_itself_elsewhere(page: Asker) -> None:
    said = page.get("/api/rows", filter="lr=0.1", project="digits", sort="-max(acc)", cols="lr").json
    assert said["command"] == "givens ls 'lr == 0.1' -n 50 --project digits --sort '-max(acc)' --cols lr"
    assert said["python"] == "givens.runs('lr == 0.1', project='digits').sort('-max(acc)').columns('lr')[:50]"


def test_keys_are_found_by_any_part_of_their_names(page: Asker) -> None:
    found = page.get("/api/keys", text="model")
    assert [(each["name"], each["scope"], each["varies"]) for each in found.json["keys"]] == [
        ("model.depth", "config", True),
        ("model.name", "config", True),
    ]
    assert page.get("/api/keys", text="loss", scope="summary").json["keys"][0]["goal"] == "min"
    assert page.get("/api/keys", text="created").json["keys"][0]["name"] == "run.created"
    assert len(page.get("/api/keys", limit=3).json["keys"]) == 3


def test_runs_by_column_for_plots(page: Asker) -> None:
    said = page.get("/api/columns", project="digits", cols="lr,model.name", metric="min(loss)").json
    assert said["ids"] == ["run0", "run1", "run2", "run3", "run4"]
    lr, model, loss = said["columns"]
    assert (lr["numbers"], lr["scale"]) == ([0.1, 0.01, 0.001, 0.01, None], "ordinal")
    assert lr["levels"] == ["0.001", "0.01", "0.1", "'0.01'"]
    assert (model["numbers"], model["levels"], model["texts"]) == (None, ["mlp", "vit"], [0, 0, 1, 1, -1])
    assert (loss["goal"], loss["scale"], loss["scope"]) == ("min", "log", "summary")
    assert [text for _, text in loss["ticks"]] == ["0.01", "0.1"]


def test_curves_of_named_runs(page: Asker) -> None:
    said = page.get("/api/curves", runs="run0,run4", metric="loss").json
    (curve,) = said["runs"]
    assert (curve["id"], curve["steps"], curve["values"]) == ("run0", [1, 2], [1.0, 0.2])
    assert (curve["last"], curve["min"], curve["total"], curve["thinned"]) == ("0.2", "0.2", 2, False)
    assert (said["missing"], said["metrics"]) == (["run4"], ["loss", "acc"])
    assert page.get("/api/curves", runs="run0", metric="min(loss)").json["metric"] == "loss"


def test_curves_of_more_runs_than_are_drawn_say_so(page: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plot_routes, "_MOST_CURVES", 1)
    asked = {"runs": "run0,run1", "metric": "loss"}
    note = "there are more runs: these are the first 1"
    assert page.get("/api/curves", **asked).json["notes"] == [note]
    assert note in page.get("/plot", kind="curves", **asked).words
    assert note in page.get("/download/curves.md", **asked).text


def test_shapes_are_those_of_the_command_line(page: Asker) -> None:
    run = page.get("/api/run/run1").json
    assert {"keys", "results", "git", "config", "summary"} <= run.keys()
    diff = page.get("/api/compare", runs="run0,run1").json
    assert {"sides", "rows", "constants", "facts", "baseline"} <= diff.keys()
    for name, query in (("group", {"key": "lr"}), ("pivot", {}), ("duplicates", {}), ("key-table", {})):
        grid = page.get(f"/api/{name}", project="digits", **query).json
        assert {"title", "columns", "rows", "notes", "total"} <= grid.keys()


def test_importance_of_few_runs_says_why_it_says_nothing(page: Asker) -> None:
    said = page.get("/api/importance", project="digits", metric="acc").json
    assert said["runs"] == 4
    assert "share of the variance of summary.acc" in said["method"][0]
    assert not said["rows"] and "fewer than 10 runs have summary.acc" in json.dumps(said)


def test_static_files_are_served_once(page: Asker) -> None:
    answer = page.get("/static/js/main.js")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/javascript; charset=utf-8")
    again = page.ask("GET", "/static/js/main.js", {"If-None-Match": answer.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert page.get("/static/vendor/VERSIONS.json").status == 404
