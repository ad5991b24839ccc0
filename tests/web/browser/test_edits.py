"""Changing stored runs on the page: values, tags, notes; what was done is said, and has its way back."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import row_of, rows_of
from playwright.sync_api import Page, expect

import givens


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with two runs."""
    for lr in (0.1, 0.2):
        with givens.init(project="edits", config={"lr": lr, "steps": 3}, name=f"lr{lr}", dir=str(tmp_path)) as run:
            run.log({"loss": lr})
    return tmp_path


@pytest.fixture
def page(window, serve, store: Path) -> Page:
    """The page of the newest run."""
    return window.open(f"{serve(store)}/run/{givens.open('last', dir=store).id}")


def toast(page: Page):
    return page.locator(".toast")


def test_a_value_is_changed_and_changed_back(page: Page, store: Path) -> None:
    page.get_by_role("button", name="edit lr", exact=True).click()
    page.get_by_label("new value of lr").fill("1e-3")
    page.get_by_role("button", name="Save").click()
    expect(toast(page)).to_be_visible()
    expect(page.locator('[data-path="lr"]').first).to_contain_text("0.001")
    assert givens.open("last", dir=store).config["lr"] == 0.001
    expect(toast(page).get_by_role("button", name="Undo")).to_be_visible()
    toast(page).get_by_role("button", name="Undo").click()
    expect(toast(page).get_by_role("button", name="Redo")).to_be_visible()  # the cell named the old value before
    expect(page.locator('[data-path="lr"]').first).not_to_contain_text("0.001")
    assert givens.open("last", dir=store).config["lr"] == 0.2


def test_a_tag_and_a_note_are_added(page: Page, store: Path) -> None:
    page.get_by_label("tag", exact=True).fill("baseline")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("list", name="tags")).to_contain_text("baseline")
    page.get_by_role("button", name="Add a note").click()
    page.get_by_label("note", exact=True).fill("the <b>one</b> of the paper")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".run-note")).to_have_text("the <b>one</b> of the paper")
    run = givens.open("last", dir=store)
    assert run.tags == ("baseline",) and run.notes == "the <b>one</b> of the paper"
    page.get_by_role("button", name="remove the tag baseline").click()
    expect(page.get_by_role("list", name="tags").filter(has_text="baseline")).to_have_count(0)


def test_ticked_runs_are_tagged_together(window, serve, store: Path) -> None:
    page = window.open(serve(store) + "/")
    for at in range(2):
        rows_of(page).nth(at).get_by_role("checkbox").click()
    page.get_by_role("button", name="Tag …").click()
    page.keyboard.type("both")
    page.keyboard.press("Enter")
    expect(toast(page)).to_contain_text("2 runs")
    assert [run.tags for run in givens.runs(dir=store)] == [("both",), ("both",)]
    toast(page).get_by_role("button", name="Undo").click()
    expect(toast(page).get_by_role("button", name="Redo")).to_be_visible()
    assert [run.tags for run in givens.runs(dir=store)] == [(), ()]


def test_a_view_is_saved_opened_and_deleted(window, serve, store: Path) -> None:
    page = window.open(serve(store) + "/?filter=lr%20%3C%200.15&sort=-lr")
    expect(rows_of(page)).to_have_count(1)
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_label("this view as").fill("low rates")
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.get_by_role("region", name="saved views").get_by_role("link", name="low rates")
    expect(link).to_be_visible()
    page.goto(page.url.split("?")[0])
    expect(rows_of(page)).to_have_count(2)
    page.get_by_role("button", name="Views", exact=True).click()
    link.click()
    expect(rows_of(page)).to_have_count(1)
    expect(page.get_by_role("searchbox", name="filter")).to_have_value("lr < 0.15")
    page.get_by_role("button", name="Views", exact=True).click()
    page.get_by_role("button", name="delete the view low rates").click()
    expect(link).to_have_count(0)


def test_keys_are_ignored_for_good_and_brought_back(window, serve, store: Path) -> None:
    home = serve(store)
    page = window.open(home + "/compare?runs=last~1..last")
    table = page.get_by_role("table").first
    expect(row_of(table, "lr")).to_be_visible()
    page.get_by_role("button", name="Ignore keys").click()
    page.get_by_label("Leave out of every view").fill("l*")
    page.get_by_role("button", name="Ignore", exact=True).click()
    expect(row_of(table, "lr")).to_have_count(0)
    expect(page.get_by_role("link", name="1 key ignored")).to_be_visible()
    other = window.open(home + "/")  # it is kept in the store, not in the address
    expect(other.get_by_role("button", name="1 key ignored")).to_be_visible()
    other.get_by_role("button", name="Ignore keys").click()
    other.get_by_role("button", name="no longer ignore l*").click()
    expect(other.get_by_role("columnheader", name="lr", exact=True)).to_be_visible()
    expect(row_of(table, "lr")).to_be_visible()  # the other tab is told
