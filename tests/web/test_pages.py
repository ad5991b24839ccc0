"""Every page, without a browser: complete as it comes, and nothing on it but text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from givens.web.answering import VIEWS
from givens.web.guarding import HEADERS
from givens.web.serving import serving

from .conftest import HOSTILE, Asker

PAGES = [
    *VIEWS,
    "/views",
    "/run/run1",
    "/run/hostile?view=flat",
    "/compare?runs=run0,run1,hostile",
    "/plot?kind=scatter",
    "/plot?kind=curves",
    "/duplicates?nearest=run0",
    "/nothing/here",
    "/run/nobody",
    "/?filter=lr+%3C%3C+1",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_its_frame_and_its_headers(page: Asker, path: str) -> None:
    answer = page.get(path)
    assert answer.status in (200, 400, 404)
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert answer.headers["cache-control"] == "no-store"
    for part in ('<a class="skip" href="#main">', '<main id="main">', '<nav aria-label="Views">', "</html>"):
        assert part in answer.text
    assert re.search(r"<title>[^<]+</title>", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_has_script_or_style_of_its_own(page: Asker, path: str) -> None:
    text = page.get(path).text
    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert [each for each in scripts if "src=" not in each and "application/json" not in each] == []
    assert " style=" not in text and "<style" not in text and " onclick=" not in text


@pytest.mark.parametrize(
    "path", ["/?project=hostile", "/run/hostile", "/run/hostile?view=flat", "/keys", "/compare?runs=hostile,run0"]
)
def test_names_and_values_are_text_whatever_they_hold(page: Asker, path: str) -> None:
    text = page.get(path).text
    for part in ("<script>alert", "<img src=x", "<b>bold</b>", "<i>loss", "\u202e", "\0"):
        assert part not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_data_inside_a_page_cannot_end_its_script(page: Asker) -> None:
    text = page.get("/", project="hostile", cols="closing").text
    (data,) = re.findall(r'<script type="application/json">(.*?)</script>', text, re.DOTALL)
    cells = json.loads(data)["rows"][0]["cells"]
    assert ["'</script><script>alert(2)</script>'"] == [cell[0] for cell in cells if cell and "alert" in cell[0]]
    assert "<" not in data


def test_every_hostile_value_reaches_its_reader_whole(page: Asker) -> None:
    config = page.get("/api/run/hostile").json["config"]
    assert config["__proto__"]["value"] == "constructor"
    assert config["nul"]["value"] == HOSTILE["nul"]
    assert config["rtl"]["value"] == HOSTILE["rtl"]
    assert config["long"]["value"]["~"] == "blob"


# --- the table of runs --------------------------------------------------------------------------------------------


def test_the_landing_page_is_the_runs_sorted_by_the_declared_metric_with_the_best_marked(page: Asker) -> None:
    answer = page.get("/", project="digits")
    names = re.findall(r'<th scope="row"><a href="/run/(\w+)">', answer.text)
    assert names == ["run2", "run1", "run3", "run0", "run4"]
    assert re.findall(r'class="number best">([^<]*)', answer.text) == ["0.002"]
    assert 'aria-sort="ascending"' in answer.text


def test_keys_that_are_the_same_everywhere_fold_into_one_chip(page: Asker) -> None:
    answer = page.get("/", filter="exists(model.name)")
    assert "1 key constant" in answer.words
    assert "<dt>model.depth</dt><dd>2</dd>" in answer.text


def test_an_empty_store_teaches_the_three_lines(tmp_path: Path) -> None:
    (tmp_path / ".givens").mkdir()
    with serving(tmp_path) as url:
        words = Asker(url).get("/").words
    assert "givens.init(config=" in words
    assert "run.log(" in words


def test_no_match_says_the_filter_in_words_and_what_to_loosen(page: Asker) -> None:
    answer = page.get("/", filter="lr == 0.1 and model.name == 'vit'")
    assert "No run where lr is 0.1 and model.name is" in answer.words
    assert "without" in answer.words
    assert "1 run" in answer.words


def test_a_filter_that_does_not_read_is_said_with_its_caret(page: Asker) -> None:
    answer = page.get("/", filter="lr << 1")
    assert answer.status == 400
    assert "^" in answer.text
    assert 'value="lr &lt;&lt; 1"' in answer.text


# --- one run ------------------------------------------------------------------------------------------------------


def test_the_run_page_tells_where_each_value_came_from_and_what_lost(page: Asker) -> None:
    words = page.get("/run/run1").words
    assert "conftest.py" in words
    assert "changed 1x after the first log" in words
    assert re.search(r"8 \S*conftest.py:\d+ .* stands 4 .*conftest.py:\d+ .* replaced", words)


def test_the_run_page_has_results_changes_and_how_to_do_it_again(page: Asker) -> None:
    words = page.get("/run/run1").words
    for said in ("givens rerun run1", "lr: 0.01", "givens.init(config={", "--set lr=0.01", "epochs set 4 8"):
        assert said in words


def test_tree_and_flat_show_the_same_keys(page: Asker) -> None:
    flat = re.findall(r'data-path="([^"]*)"', page.get("/run/run1", view="flat").text)
    tree = re.findall(r'data-path="([^"]*)"', page.get("/run/run1").text)
    assert sorted(flat) == sorted(tree) == ["epochs", "lr", "model.depth", "model.name", "seed"]


def test_the_line_that_runs_it_again_stands_at_the_top(page: Asker) -> None:
    assert re.search(
        r'<div class="copyable short"[^>]*><pre><code>givens rerun run1</code>', page.get("/run/run1").text
    )


def test_the_newest_run_is_not_compared_with_itself(page: Asker) -> None:
    assert "Compare with the newest" in page.get("/run/run0").words
    assert "Compare with the newest" not in page.get("/run/hostile").words


def test_what_is_too_long_to_copy_is_not_even_written(page: Asker) -> None:
    words = page.get("/run/hostile").words
    assert "Too long to show: givens command hostile --as yaml" in words
    assert "Too long to show: givens command hostile --as overrides" in words


def test_curves_are_those_of_the_declared_metric_and_say_themselves_elsewhere(page: Asker) -> None:
    answer = page.get("/plot", kind="curves", project="digits")
    assert 'data-metric="loss"' in answer.text  # acc comes first by its name, but loss has a goal
    assert "givens history run3 loss" in answer.words
    assert "givens.runs(project='digits')[:8].courses('loss')" in answer.words
    assert "The newest 4 runs" in answer.words
    named = page.get("/plot", kind="curves", runs="run1,run2").words
    assert "The newest" not in named and """givens.runs("run.id in ['run1', 'run2']").courses('loss')""" in named
    assert "/download/curves.tex" in answer.text


def test_a_name_or_a_word_leads_to_the_run(page: Asker) -> None:
    answer = page.get("/run/run-2")
    assert (answer.status, answer.headers["location"]) == (303, "/run/run2")
    assert page.get("/run/max:acc").headers["location"] == "/run/run3"


# --- compare ------------------------------------------------------------------------------------------------------


def cells(text: str, path: str) -> list[tuple[str, str]]:
    """Class and words of each cell of a row."""
    row = re.search(rf'<tr data-path="{re.escape(path)}">(.*?)</tr>', text, re.DOTALL)
    assert row is not None, path
    found = re.findall(r'<td class="([^"]*)">(.*?)</td>', row[1], re.DOTALL)
    return [(kinds, " ".join(re.sub("<[^>]*>", " ", inner).split())) for kinds, inner in found]


def test_compare_shows_only_what_differs_and_tells_four_states_apart_without_colour(page: Asker) -> None:
    text = page.get("/compare", runs="run1,run3,run4,hostile").text
    assert cells(text, "lr") == [
        ("value equal baseline", "0.01 (float)"),
        ("value equal", "0.01 (float)"),
        ("value retyped", "&#39;0.01&#39; (str) type differs"),
        ("value missing", "missing"),
    ]
    assert cells(text, "epochs")[2] == ("value differs", "None differs")
    assert cells(page.get("/compare", runs="run0,run4").text, "lr")[1] == ("value differs", "&#39;0.01&#39; differs")
    assert 'data-path="model.depth"' in text  # two of them lack it
    assert 'data-path="model.depth"' not in page.get("/compare", runs="run1,run3").text


def test_compare_marks_the_best_by_what_was_reached_as_the_table_of_runs_does(page: Asker) -> None:
    text = page.get("/compare", runs="run0,run1,run2").text
    results = re.search(r'<tbody class="results">(.*?)</tbody>', text, re.DOTALL)
    assert results is not None
    lines = [" ".join(re.sub("<[^>]*>", " ", line).split()) for line in results[1].split("</tr>")]
    assert lines[1] == "min(loss) 0.2 0.02 0.002 best"
    assert lines[2:4] == ["loss 0.2 0.02 0.002", "acc 0.5 0.6 0.7"]


def test_the_baseline_can_be_another_and_numbers_are_held_against_it(page: Asker) -> None:
    text = page.get("/compare", runs="run0,run1", baseline="run1").text
    assert cells(text, "lr") == [("value equal baseline", "0.01"), ("value differs", "0.1 differs +0.09")]
    ratio = page.get("/compare", runs="run0,run1", baseline="run1", numbers="ratio").text
    assert cells(ratio, "lr")[1][1].endswith("10")


def test_ignored_keys_are_counted_and_come_back_with_one_click(page: Asker) -> None:
    answer = page.get("/compare", runs="run0,run1", ignore="seed")
    assert "1 key ignored" in answer.words
    assert 'data-path="seed"' not in answer.text
    (address,) = re.findall(r'class="chip ignored" href="(\?[^"]*)"', answer.text)
    assert 'data-path="seed"' in page.get(f"/compare{address.replace('&amp;', '&')}").text


def test_one_run_is_nothing_to_compare(page: Asker) -> None:
    assert "One run is nothing to compare" in page.get("/compare", runs="run0").words
    assert page.get("/compare", runs="run0,nobody").status == 404


# --- tables -------------------------------------------------------------------------------------------------------


def test_groups_leave_out_the_seed_by_themselves(page: Asker) -> None:
    answer = page.get("/group", project="digits")
    assert 'name="except" value="seed"' in answer.text
    assert "mean and sample standard deviation of min(loss)" in answer.words


@pytest.mark.parametrize(
    ("path", "query", "said"),
    [
        ("/group", {"key": "model.name", "metric": "acc"}, "'vit'"),
        ("/pivot", {"down": "lr", "across": "model.name", "metric": "acc"}, "model.name = 'vit'"),
        ("/importance", {"metric": "acc"}, "η²"),
        ("/keys", {"pattern": "model"}, "model.depth"),
        ("/duplicates", {"nearest": "run1"}, "nearest to run1"),
    ],
)
def test_each_question_is_answered_with_a_table_and_says_itself_elsewhere(
    page: Asker, path: str, query: dict[str, Any], said: str
) -> None:
    answer = page.get(path, **query)
    assert said in answer.words
    assert f"givens {path[1:]}" in answer.words
    assert f"/download/{path[1:]}.tex" in answer.text
