"""Without JavaScript the page of a run and the comparison are complete, and the table can be walked through."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person, row_of
from playwright.sync_api import Page, expect

import givens


@pytest.fixture
def window(windows):
    """A browser window in which scripts are off."""
    return windows(java_script_enabled=False)


def test_a_run_is_shown_whole(window, study_url: str, study: Path) -> None:
    run = givens.open("last", dir=study)
    page: Page = window.open(f"{study_url}/run/{run.id}")
    main = page.locator("main")
    for text in (run.name, "1e-08", "tolerance", "page_study.py", "val_loss", "givens rerun", "finished"):
        expect(main).to_contain_text(text)


def test_runs_are_ticked_and_compared(window, study_url: str) -> None:
    page: Page = window.open(study_url + "/")
    for at in range(3):
        page.locator("tbody tr").nth(at).get_by_role("checkbox").check()
    page.get_by_role("button", name="Compare").click()
    table = page.get_by_role("table").first
    expect(row_of(table, "lr")).to_be_visible()
    assert table.locator("thead th").count() >= 4


def test_the_table_is_filtered_and_turned_over(window, study_url: str) -> None:
    page: Page = window.open(study_url + "/?limit=20")
    expect(page.locator("tbody tr")).to_have_count(20)
    page.get_by_role("link", name="next").first.click()
    expect(page.locator("tbody tr")).to_have_count(20)
    page.locator("input[name=filter]").fill("lr < 1e-3 and batch_size == 32")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("of 60")
    assert 0 < page.locator("tbody tr").count() < 20


def test_elements_lie_where_they_can_be_seen(window, study_url: str, study: Path) -> None:
    page: Page = window.open(f"{study_url}/run/{givens.open('last', dir=study).id}")
    Person(page).sees(page.get_by_role("heading", level=1))


def test_a_value_or_a_name_is_on_one_line_however_many_columns_there_are(window, study_url: str) -> None:
    page: Page = window.open(study_url + "/")
    heights = page.locator("tbody tr").evaluate_all("rows => rows.map(row => row.querySelector('th').offsetHeight)")
    links = page.locator("tbody th a").evaluate_all("links => links.map(link => link.offsetHeight)")
    numbers = page.locator("tbody td.number").evaluate_all("cells => cells.map(cell => cell.getClientRects().length)")
    assert len(heights) == 50 and set(links) == {19} and set(numbers) == {1}
