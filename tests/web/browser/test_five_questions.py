"""The five questions of the page, answered as a person would; what they cost in clicks."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import Person, cells_of, heads_of, row_of, rows_of

import givens


@pytest.fixture
def person(window, study_url) -> Person:
    """Somebody who opened the page of the study."""
    found = Person(window.open(study_url + "/"))
    rows_of(found.page).first.wait_for()
    return found


def test_which_keys_differ_between_five_runs_takes_one_click(person: Person) -> None:
    rows = rows_of(person.page)
    names = [rows.nth(at).get_by_role("link").inner_text() for at in range(5)]
    for at in range(5):
        person.tick(rows.nth(at))
    person.click(person.page.get_by_role("link", name="Compare", exact=True).last)
    table = person.page.get_by_role("table").first
    person.sees(row_of(table, "lr"))
    assert person.clicks == 1
    for name in names:
        assert table.get_by_role("columnheader", name=name).count() == 1
    assert row_of(table, "tolerance").count() == 0, "it is the same in all of them"


def test_which_config_gave_the_best_val_loss_is_seen_without_a_click(person: Person, study: Path) -> None:
    best = givens.runs(dir=study).sort("min(val_loss)")[0]
    heads = heads_of(person.page)
    first = rows_of(person.page).first
    person.sees(first)
    assert first.get_by_role("link").inner_text() == best.name
    cell = first.get_by_role("gridcell").nth(heads.index("min(val_loss)"))
    assert "best" in cell.inner_text(), "the best is marked, and a reader of the screen is told"
    assert cells_of(first)[heads.index("lr")] == repr(best.config["lr"])
    assert person.clicks == 0


def test_how_lr_acts_given_batch_size_takes_one_click(person: Person) -> None:
    person.click(person.page.locator("main").get_by_role("link", name="Plot", exact=True))
    picture = person.page.get_by_role("img", name="min(val_loss) over lr")
    person.sees(picture)
    assert person.page.get_by_label("colour").input_value() == "batch_size"
    legend = person.page.locator(".legend").first.inner_text()
    assert [size in legend for size in ("32", "64", "128", "256")] == [True] * 4
    assert person.clicks == 1


def test_what_a_run_used_and_where_each_value_came_from_takes_one_click(person: Person) -> None:
    link = rows_of(person.page).nth(1).get_by_role("link")
    name = link.inner_text()
    person.click(link)
    person.page.get_by_role("heading", level=1, name=name).wait_for()
    row = person.page.locator('[data-path="train.eps"]').first
    person.sees(row)
    text = row.inner_text()
    assert "1e-08" in text, "as Python writes it"
    assert "page_study.py" in text, "the line of code that gave it"
    assert person.clicks == 1


def test_to_run_it_again_a_line_is_copied_with_one_click(windows, study_url: str, study: Path) -> None:
    window = windows(permissions=["clipboard-read", "clipboard-write"])
    run = givens.open("last", dir=study)
    person = Person(window.open(f"{study_url}/run/{run.id}"))
    block = person.page.locator(".copyable", has_text="givens rerun").first
    button = block.get_by_role("button", name="Copy")
    person.click(button)
    block.get_by_text("Copied").wait_for()
    copied = person.page.evaluate("() => navigator.clipboard.readText()")
    assert copied == block.locator("code, pre").first.inner_text()
    assert "givens rerun" in copied and run.id in copied
    assert person.clicks == 1
