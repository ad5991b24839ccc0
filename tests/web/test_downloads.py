"""Every view can be taken away, in every form."""

from __future__ import annotations

import csv
import io
import json
from functools import partial
from typing import Any

import pytest

from givens.api import export_page
from givens.web import download_routes, table_routes
from givens.web.download_routes import ENDINGS, GRIDS

from .conftest import Asker

QUERIES: dict[str, dict[str, Any]] = {
    "runs": {"project": "digits"},
    "compare": {"runs": "run0,run1,hostile"},
    "plot": {"project": "digits"},
    "curves": {"project": "digits", "metric": "loss"},
    "run": {"run": "hostile"},
    "group": {"key": "lr", "metric": "acc"},
    "pivot": {"down": "lr", "across": "model.name", "metric": "acc"},
    "importance": {"project": "digits", "metric": "acc"},
    "keys": {},
    "duplicates": {},
}


@pytest.mark.parametrize("name", GRIDS)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_view_comes_in_every_form(page: Asker, name: str, ending: str) -> None:
    answer = page.get(f"/download/{name}.{ending}", **QUERIES[name])
    assert answer.status == 200, answer.text
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.{ending}"'
    if ending == "json":
        json.loads(answer.text)
    elif ending == "csv":
        assert len({len(row) for row in csv.reader(io.StringIO(answer.text))}) == 1
    elif ending == "tex":
        assert r"\begin{tabular}" in answer.text
    elif ending == "md":
        assert answer.text.startswith("| ")


@pytest.mark.parametrize("name", GRIDS)
def test_the_html_file_asks_nobody_and_runs_nothing_foreign(page: Asker, name: str) -> None:
    text = page.get(f"/download/{name}.html", **QUERIES[name]).text
    assert "default-src 'none'" in text
    assert (
        "http://" not in text and "https://" not in text and "src=" not in text.replace("src=x", "").replace("-src", "")
    )
    assert "<script>alert" not in text and "<img" not in text


@pytest.mark.parametrize(
    ("name", "query", "drawn"),
    [
        ("curves", {"metric": "loss", "project": "digits"}, "<path"),
        ("plot", {"project": "digits"}, "<path"),
        ("plot", {"kind": "scatter", "x": "lr", "y": "min(loss)", "color": "model.name"}, "<circle"),
    ],
)
def test_a_plot_that_is_taken_away_has_its_picture(page: Asker, name: str, query: dict[str, Any], drawn: str) -> None:
    text = page.get(f"/download/{name}.html", **query).text
    picture = text[text.index("<svg") : text.index("</svg>")]
    assert drawn in picture and "nan" not in picture
    assert "min(loss)" in picture or "loss over steps" in picture


def test_a_scatter_in_facets_is_drawn_in_panels(page: Asker) -> None:
    asked = {"kind": "scatter", "x": "lr", "y": "min(loss)", "project": "digits"}
    whole, apart = (page.get("/download/plot.html", **asked, **more).text for more in ({}, {"facet": "model.name"}))
    picture = apart[apart.index("<svg") : apart.index("</svg>")]
    assert picture.count("<circle") == whole.count("<circle") > 0
    assert picture.count("<g transform=") == len({"mlp", "vit"})
    assert "model.name = vit" in picture


def test_a_colour_that_is_chosen_to_be_none_is_no_column(page: Asker) -> None:
    asked = {"kind": "scatter", "x": "lr", "y": "min(loss)", "project": "digits", "color": "None"}
    assert page.get("/download/plot.csv", **asked).text.splitlines()[0] == "id,name,lr,min(loss)"
    assert [each["name"] for each in page.get("/api/columns", **asked).json["columns"]] == ["lr", "min(loss)"]


def test_a_picture_of_hostile_names_is_text(page: Asker) -> None:
    for query in ({"project": "hostile"}, {"kind": "scatter"}, {"kind": "scatter", "facet": "run.name"}):
        assert "<img" not in page.get("/download/plot.html", **query).text
    text = page.get("/download/curves.html", metric="<i>loss</i>").text
    assert "&lt;i&gt;loss&lt;/i&gt; over steps" in text and "<i>loss" not in text and "<b>bold" not in text


def test_a_csv_has_what_the_filter_lets_through_in_the_order_asked_for(page: Asker) -> None:
    text = page.get("/download/runs.csv", filter="lr=0.01", sort="-run.name", cols="lr,acc").text
    assert list(csv.reader(io.StringIO(text))) == [
        ["id", "name", "lr", "acc"],
        ["run3", "run-3", "0.01", "0.8"],
        ["run1", "run-1", "0.01", "0.6"],
    ]


def test_a_mistake_is_said_before_anything_is_sent(page: Asker) -> None:
    answer = page.get("/download/runs.csv", filter="lr <")
    assert answer.status == 400
    assert "content-disposition" not in answer.headers


@pytest.mark.parametrize("name", ["runs", "plot", "keys"])
def test_a_file_of_some_of_the_rows_says_so(page: Asker, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(download_routes, "MOST_ROWS", 2)
    monkeypatch.setattr(table_routes, "_MOST_KEYS", 2)
    found = {ending: page.get(f"/download/{name}.{ending}", project="digits") for ending in ENDINGS if ending != "html"}
    total = found["json"].json["total"]
    assert total > len(found["json"].json["rows"]) == 2
    for ending, answer in found.items():
        called = f"{name}-2-of-{total}-rows.{ending}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{called}"'
    assert len(found["csv"].text.splitlines()) == 3
    assert f"2 of {total} rows" in found["md"].text and f"2 of {total} rows" in found["tex"].text


def test_a_page_of_many_runs_has_all_rows_and_says_whose_details_it_has(
    page: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_page, "MOST_DETAILED", 2)
    whole = page.get("/download/runs.html", project="digits", sort="run.name")
    assert "5 runs" in whole.words and "Details of 2 of 5 runs" in whole.words
    assert whole.text.count("<details id=") == whole.text.count('<a href="#run-') == 2
    assert all(f"run-{number}" in whole.words for number in range(5))
    monkeypatch.setattr(export_page, "MOST_ROWS", 3)
    assert "3 of 5 rows" in page.get("/download/runs.html", project="digits").words


def test_a_picture_of_a_sample_says_so(page: Asker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download_routes, "plotted_in", partial(download_routes.plotted_in, limit=2))
    assert "The picture: a sample of 2 of 5 runs" in page.get("/download/plot.html", project="digits").words
