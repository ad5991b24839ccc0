"""The table of runs: sorting, filtering, columns, ticks, the address; what an address says is what is shown."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from person import Person, cells_of, heads_of, rows_of
from playwright.sync_api import Page, expect

import givens


@pytest.fixture
def page(window, study_url) -> Page:
    """The table of the study."""
    found = window.open(study_url + "/")
    rows_of(found).first.wait_for()
    return found


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_the_table_that_can_be_seen_is_the_one_that_a_script_would_find(page: Page) -> None:
    """A page can be blank while all of its elements are there."""
    person = Person(page)
    for at in (0, 5, 10):
        person.sees(rows_of(page).nth(at).get_by_role("link"))


def test_a_click_on_a_head_sorts_and_a_second_one_turns_it_round(page: Page, study: Path) -> None:
    runs = list(givens.runs(dir=study))
    head = page.get_by_role("columnheader", name="model.dropout").get_by_role("button")
    head.click()
    at = heads_of(page).index("model.dropout")
    lowest = repr(min(run.config["model"]["dropout"] for run in runs))
    expect(rows_of(page).first.get_by_role("gridcell").nth(at)).to_have_text(lowest)
    expect(page.get_by_role("columnheader", name="model.dropout")).to_have_attribute("aria-sort", "ascending")
    page.get_by_role("columnheader", name="model.dropout").get_by_role("button").click()
    highest = repr(max(run.config["model"]["dropout"] for run in runs))
    expect(rows_of(page).first.get_by_role("gridcell").nth(heads_of(page).index("model.dropout"))).to_have_text(highest)
    assert query_of(page)["sort"] == ["-model.dropout"]


def test_a_filter_narrows_and_stands_in_the_address(page: Page, study: Path) -> None:
    page.get_by_role("searchbox", name="filter").fill("lr < 1e-3 and batch_size in [32, 64]")
    page.keyboard.press("Enter")
    count = len(givens.runs("lr < 1e-3 and batch_size in [32, 64]", dir=study))
    expect(page.get_by_role("status").first).to_contain_text(f"{count} runs")
    assert query_of(page)["filter"] == ["lr < 1e-3 and batch_size in [32, 64]"]
    page.reload()
    expect(page.get_by_role("status").first).to_contain_text(f"{count} runs")
    expect(page.get_by_role("searchbox", name="filter")).to_have_value("lr < 1e-3 and batch_size in [32, 64]")


def test_a_mistake_in_the_filter_is_shown_with_what_to_do_and_the_rows_stay(window, study_url: str) -> None:
    window.expect("400")
    page = window.open(study_url + "/")
    rows_of(page).first.wait_for()
    page.get_by_role("searchbox", name="filter").fill("lr << 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert rows_of(page).count() > 5
    page.get_by_role("searchbox", name="filter").fill("lr < 3")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_no_match_says_what_to_loosen(page: Page) -> None:
    page.get_by_role("searchbox", name="filter").fill("lr < 1e-3 and batch_size == 7")
    page.keyboard.press("Enter")
    empty = page.locator(".empty")
    expect(empty).to_contain_text("batch_size")
    empty.get_by_role("link").first.click()
    rows_of(page).first.wait_for()


def test_back_and_forward_go_through_what_was_asked(page: Page) -> None:
    everything = page.get_by_role("status").first.inner_text()
    page.get_by_role("searchbox", name="filter").fill("optimizer == 'adam'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).not_to_have_text(everything)
    page.go_back()
    expect(page.get_by_role("status").first).to_have_text(everything)
    expect(page.get_by_role("searchbox", name="filter")).to_have_value("")
    page.go_forward()
    expect(page.get_by_role("searchbox", name="filter")).to_have_value("optimizer == 'adam'")


def test_ticks_stand_in_the_address_and_shift_ticks_through(page: Page) -> None:
    rows = rows_of(page)
    rows.nth(1).get_by_role("checkbox").click()
    rows.nth(4).get_by_role("checkbox").click(modifiers=["Shift"])
    bar = page.get_by_role("region", name="ticked runs")
    expect(bar).to_contain_text("4 runs ticked")
    page.reload()
    rows_of(page).first.wait_for()
    expect(page.get_by_role("region", name="ticked runs")).to_contain_text("4 runs ticked")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("region", name="ticked runs")).to_be_hidden()
    assert "tick" not in query_of(page)


def test_keys_that_are_the_same_everywhere_are_one_chip(page: Page) -> None:
    heads = heads_of(page)
    assert "tolerance" not in heads and "train.eps" not in heads
    page.get_by_role("button", name=re.compile(r"\d+ keys constant")).click()
    drawer = page.get_by_role("region", name="keys that are the same in all runs")
    expect(drawer).to_contain_text("train.eps")
    expect(drawer).to_contain_text("1e-08")
    expect(drawer).to_contain_text("0.0")


def test_columns_are_chosen_by_typing_and_come_back(page: Page) -> None:
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("searchbox", name="Columns").fill("eps")
    page.get_by_role("checkbox", name="train.eps").click()
    expect(page.get_by_role("columnheader", name="train.eps")).to_be_visible()
    at = heads_of(page).index("train.eps")
    assert cells_of(rows_of(page).first)[at] == "1e-08"
    page.get_by_role("button", name="move train.eps to the left").click()
    expect(page.get_by_role("columnheader").nth(at - 1)).to_contain_text("train.eps")
    page.get_by_role("button", name="Those that vary").click()
    expect(page.get_by_role("columnheader", name="train.eps")).to_have_count(0)


def test_the_same_elsewhere_follows_what_is_shown(page: Page) -> None:
    page.get_by_role("searchbox", name="filter").fill("lr < 1e-3")
    page.keyboard.press("Enter")
    page.locator("#same summary").click()
    expect(page.locator("#same")).to_contain_text("givens ls")
    expect(page.locator("#same pre").first).to_contain_text("lr < 0.001")
    with page.expect_download() as download:
        page.locator("#same").get_by_role("link", name="CSV").click()
    lines = download.value.path().read_text("utf-8").splitlines()
    shown = page.get_by_role("status").first.inner_text()
    assert f"{len(lines) - 1} runs" in shown


def test_a_value_reads_as_python_writes_it(page: Page) -> None:
    page.goto(
        page.url.split("?")[0] + "?cols=tolerance,train.eps,train.mixed_precision,log.keep,dataset.split,weight_decay"
    )
    rows_of(page).first.wait_for()
    heads, cells = heads_of(page), cells_of(rows_of(page).first)
    said = dict(zip(heads, cells, strict=True))
    assert said["tolerance"] == "0.0"
    assert said["train.eps"] == "1e-08"
    assert said["train.mixed_precision"] == "True"
    assert said["log.keep"] == "None"
    assert said["dataset.split"] == "[0.8, 0.1, 0.1]"


def test_the_name_of_a_run_stays_in_sight_while_one_scrolls_sideways(page: Page) -> None:
    grid = page.get_by_role("grid")
    grid.evaluate("grid => { grid.scrollLeft = 500 }")
    Person(page).sees(rows_of(page).first.get_by_role("link"))
    assert grid.evaluate("grid => grid.scrollLeft") > 0


def test_a_short_table_is_no_higher_than_its_rows(page: Page) -> None:
    grid = page.get_by_role("grid")
    assert grid.evaluate("grid => grid.offsetHeight") > 400
    page.get_by_role("searchbox", name="filter").fill("run.name == 'study-07'")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1 run")
    expect(rows_of(page)).to_have_count(1)
    assert grid.evaluate("grid => grid.offsetHeight") < 120


def test_the_digits_of_the_best_stand_under_those_of_the_others(page: Page) -> None:
    at = heads_of(page).index("min(val_loss)")
    ends = [
        rows_of(page)
        .nth(row)
        .get_by_role("gridcell")
        .nth(at)
        .evaluate(
            """cell => {
              const range = document.createRange();
              const text = [...cell.childNodes].find(node => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "");
              range.selectNodeContents(text);
              return Math.round(range.getBoundingClientRect().right);
            }"""
        )
        for row in range(2)
    ]
    assert ends[0] == ends[1]
