"""Every view can be taken away, in every form."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

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
