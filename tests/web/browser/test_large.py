"""A hundred thousand runs in a real browser: sorted, scrolled to the end, narrowed, compared."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from person import Person, heads_of, rows_of
from playwright.sync_api import Page, expect

import givens
from givens.web.serving import serving

TOP = Path(__file__).resolve().parent.parent.parent.parent
RUNS = 100_000
FILTER = "model.name == 'vit' and seed > 99900"


@pytest.fixture(scope="module")
def large(request: pytest.FixtureRequest, browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store, with its index up to date."""
    if not request.config.getoption("--large"):
        pytest.skip("100,000 runs take minutes to make: `make large`, or pytest --large")
    folder = tmp_path_factory.mktemp("large")
    made = [sys.executable, str(TOP / "bench" / "generate_runs.py"), str(folder), "--runs", str(RUNS), "--keys", "33"]
    subprocess.run(made, check=True, env={**os.environ, "PYTHONPATH": str(TOP / "src")})
    assert len(givens.runs(dir=folder)) == RUNS
    return folder


@pytest.fixture(scope="module")
def large_url(large: Path) -> Iterator[str]:
    """Where it is served."""
    with serving(large) as address:
        yield address.rstrip("/")


@pytest.fixture
def page(window, large_url: str) -> Page:
    """The table of all runs."""
    found = window.open(large_url + "/")
    rows_of(found).first.wait_for()
    return found


def test_all_of_them_are_there_and_the_last_can_be_scrolled_to(page: Page, large: Path) -> None:
    expect(page.get_by_role("status").first).to_contain_text("100,000 runs")
    page.evaluate("() => { const grid = document.querySelector('.grid'); grid.scrollTop = grid.scrollHeight }")
    order = page.url  # as the page thinks best
    assert "sort" not in order
    expect(page.locator(f"#cell-{RUNS - 1}-1")).to_be_visible()
    expect(page.locator(".grid .row.coming")).to_have_count(0)


def test_a_click_on_a_head_sorts_all_of_them(window, large_url: str, large: Path) -> None:
    page = window.open(large_url + "/?cols=run.name,lr,optimizer.weight_decay")
    rows_of(page).first.wait_for()
    page.get_by_role("columnheader", name="optimizer.weight_decay").get_by_role("button").click()
    least = givens.runs(dir=large).sort("optimizer.weight_decay")[:1][0]
    at = heads_of(page).index("optimizer.weight_decay")
    shown = repr(least.config["optimizer"]["weight_decay"])
    expect(rows_of(page).first.get_by_role("gridcell").nth(at)).to_have_text(shown)


def test_a_filter_narrows_them_and_two_of_them_are_compared(page: Page, large: Path) -> None:
    page.get_by_role("searchbox", name="filter").fill(FILTER)
    page.keyboard.press("Enter")
    found = givens.runs(FILTER, dir=large)
    expect(page.get_by_role("status").first).to_contain_text(f"{len(found)} runs")
    person = Person(page)
    for at in (0, 1):
        person.tick(rows_of(page).nth(at))
    person.click(page.get_by_role("link", name="Compare", exact=True).last)
    expect(page.get_by_role("heading", level=1)).to_have_text("2 runs compared")
    expect(page.locator("table.compare tbody tr").first).to_be_visible()
