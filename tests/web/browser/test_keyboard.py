"""The page by keyboard alone: no test here touches the mouse."""

from __future__ import annotations

import pytest
from person import rows_of
from playwright.sync_api import Page, expect


@pytest.fixture
def page(window, study_url: str) -> Page:
    """The table of the study."""
    found = window.open(study_url + "/")
    rows_of(found).first.wait_for()
    return found


def tab_to(page: Page, what) -> None:
    """Press Tab until the focus is there."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if what.evaluate("it => it === document.activeElement"):
            return
    raise AssertionError(f"Tab never came to {what}")


def active(page: Page) -> str | None:
    return page.get_by_role("grid").get_attribute("aria-activedescendant")


def test_runs_are_ticked_and_compared(page: Page) -> None:
    grid = page.get_by_role("grid")
    tab_to(page, grid)
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    expect(page.get_by_role("region", name="ticked runs")).to_contain_text("2 runs ticked")
    compare = page.get_by_role("link", name="Compare", exact=True).last
    tab_to(page, compare)
    page.keyboard.press("Enter")
    expect(page.get_by_role("table").first).to_be_visible()
    assert "/compare?runs=" in page.url


def test_the_focus_is_seen_wherever_it_goes_in_the_grid(page: Page) -> None:
    grid = page.get_by_role("grid")
    tab_to(page, grid)
    page.keyboard.press("Control+End")
    expect(page.locator("[aria-rowindex='61']")).to_be_visible()
    cell = page.locator(f"#{active(page)}")
    expect(cell).to_be_in_viewport()
    assert cell.evaluate("it => getComputedStyle(it).outlineStyle") == "solid"
    page.keyboard.press("Control+Home")
    expect(page.locator("[aria-rowindex='2']")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator(f"#{active(page)}")).to_be_in_viewport()


def test_a_head_is_sorted_by_and_a_run_is_opened(page: Page) -> None:
    tab_to(page, page.get_by_role("grid"))
    page.keyboard.press("ArrowUp")
    assert active(page).startswith("cell--1-")
    page.keyboard.press("Enter")
    expect(page.locator(".heads .sorted")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/run/*")


def test_no_key_is_a_trap(page: Page) -> None:
    """From the grid, Tab goes on and Shift+Tab goes back."""
    grid = page.get_by_role("grid")
    tab_to(page, grid)
    page.keyboard.press("Tab")
    assert grid.evaluate("it => !it.contains(document.activeElement)")
    page.keyboard.press("Shift+Tab")
    expect(grid).to_be_focused()


def test_the_first_tab_leads_past_the_head_of_the_page(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="To the content")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


def test_columns_are_chosen(page: Page) -> None:
    chip = page.get_by_role("button", name="Columns")
    tab_to(page, chip)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("searchbox", name="Columns"))
    page.keyboard.type("label_smoothing")
    box = page.get_by_role("checkbox", name="train.label_smoothing")
    box.wait_for()
    tab_to(page, box)
    page.keyboard.press("Space")
    expect(page.get_by_role("columnheader", name="train.label_smoothing")).to_have_count(1)
