"""The page while runs run: they appear, they change, they end, and nobody has to reload; in two tabs at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import cells_of, heads_of, rows_of
from playwright.sync_api import APIResponse, Page, Route, expect

import givens


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store with two runs that are over."""
    for lr in (0.1, 0.2):
        with givens.init(project="live", config={"lr": lr}, name=f"lr{lr}", dir=str(tmp_path)) as run:
            run.define_metric("loss", goal="min")
            run.log({"loss": lr})
    return tmp_path


def test_a_run_that_begins_appears_and_its_changes_are_shown(window, serve, store: Path) -> None:
    page = window.open(serve(store) + "/?sort=newest")
    expect(rows_of(page)).to_have_count(2)
    with givens.init(project="live", config={"lr": 0.3}, name="newcomer", dir=str(store)) as run:
        row = rows_of(page).filter(has_text="newcomer")
        expect(row).to_be_visible()
        expect(row).to_contain_text("running")
        run.log({"loss": 0.0625})
        at = heads_of(page).index("min(loss)")
        expect(row.get_by_role("gridcell").nth(at)).to_contain_text("0.0625")
    expect(row).to_contain_text("finished")
    assert "lr" in heads_of(page)


def test_ticks_and_the_place_in_the_table_stay_when_runs_appear(window, serve, store: Path) -> None:
    page = window.open(serve(store) + "/?sort=newest")
    rows_of(page).filter(has_text="lr0.1").get_by_role("checkbox").click()
    with givens.init(project="live", config={"lr": 0.3}, name="newcomer", dir=str(store)):
        pass
    expect(rows_of(page).filter(has_text="newcomer")).to_be_visible()
    expect(page.get_by_role("region", name="ticked runs")).to_contain_text("1 run ticked")
    expect(rows_of(page).filter(has_text="lr0.1").get_by_role("checkbox")).to_be_checked()


def test_the_page_of_a_run_follows_the_run(window, serve, store: Path) -> None:
    with givens.init(project="live", config={"lr": 0.3}, name="watched", dir=str(store)) as run:
        page = window.open(f"{serve(store)}/run/{run.id}")
        expect(page.locator("main")).to_contain_text("running")
        run.config["lr"] = 0.75
        run.log({"loss": 0.125})
        expect(page.locator('[data-path="lr"]').first).to_contain_text("0.75")
        expect(page.locator("main")).to_contain_text("0.125")
    expect(page.locator("main")).to_contain_text("finished")


def test_curves_grow_while_a_run_runs(window, serve, store: Path) -> None:
    with givens.init(project="live", config={"lr": 0.3}, name="watched", dir=str(store)) as run:
        run.log({"loss": 1.0})
        run.log({"loss": 0.5})
        page = window.open(f"{serve(store)}/plot?kind=curves&runs={run.id}&metric=loss")
        path = page.locator(".curves svg path")
        expect(path).to_have_count(1)
        before = path.get_attribute("d")
        run.log({"loss": 0.25})
        run.log({"loss": 0.125})
        expect(path).not_to_have_attribute("d", before)
        expect(page.locator(".legend").last).to_contain_text("last 0.125")


def test_two_tabs_see_each_others_edits(window, serve, store: Path) -> None:
    run = givens.open("last", dir=store)
    home = serve(store)
    table = window.open(home + "/?cols=run.name,lr,loss")
    row = rows_of(table).filter(has_text=run.name)
    expect(row).to_be_visible()
    assert cells_of(row)[heads_of(table).index("lr")] == "0.2"
    editor = window.open(f"{home}/run/{run.id}")
    editor.bring_to_front()
    editor.get_by_role("button", name="edit lr", exact=True).click()
    editor.get_by_label("new value of lr").fill("0.875")
    editor.get_by_role("button", name="Save").click()
    expect(editor.locator(".toast").get_by_role("button", name="Undo")).to_be_visible()
    table.bring_to_front()
    expect(row.get_by_role("gridcell").nth(heads_of(table).index("lr"))).to_contain_text("0.875")
    assert "edited" in row.get_by_role("gridcell").nth(heads_of(table).index("lr")).inner_text()


def test_a_tab_whose_server_went_away_says_so(window, store: Path) -> None:
    from givens.web.serving import serving

    window.expect("Failed to load resource")
    window.expect("ERR_")
    with serving(store) as url:
        page = window.open(url)
        expect(rows_of(page)).to_have_count(2)
        expect(page.get_by_text("live", exact=True).first).to_be_visible()
    expect(page.get_by_text("not live").first).to_be_visible()
    assert rows_of(page).count() == 2, "what was there stays"


def hide(page: Page, *, hidden: bool) -> None:
    """Put a tab behind another or before it, as far as its scripts can tell: without a window there is nothing to hide."""
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_the_page_of_a_run_that_ended_behind_another_tab_is_renewed_when_it_is_seen_again(
    window, serve, store: Path
) -> None:
    home = serve(store)
    with givens.init(project="live", config={"lr": 0.3}, name="watched", dir=str(store)) as run:
        page = window.open(f"{home}/run/{run.id}")
        expect(page.get_by_text("live", exact=True).first).to_be_visible()
        expect(page.locator("main .state").first).to_have_text("running")
        hide(page, hidden=True)
    other = window.open(f"{home}/run/{run.id}")
    expect(other.locator("main .state").first).to_have_text("finished")
    hide(page, hidden=False)
    expect(page.locator("main .state").first).to_have_text("finished")


class Held:
    """Answers about the rows of a table that are on their way for as long as a test wants: each was made when it was asked for."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._made: list[tuple[Route, APIResponse]] = []
        self._is_over = False
        page.route("**/api/rows?*", self._take)

    def _take(self, route: Route) -> None:
        if self._is_over:
            route.continue_()
        else:
            self._made.append((route, route.fetch()))

    def wait(self) -> None:
        """Until one was made."""
        while not self._made:
            self._page.evaluate("0")

    def release(self) -> None:
        """Let them arrive, the latest first, and hold no more."""
        self._is_over = True
        for route, answer in reversed(self._made):
            route.fulfill(response=answer)
        self._page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.fixture
def tabs(window, serve, store: Path) -> tuple[Page, Page]:
    """Two tabs with the same table, both live."""
    home = serve(store)
    found = window.open(home + "/?sort=newest"), window.open(home + "/?sort=newest")
    for each in found:
        expect(each.get_by_text("live", exact=True).first).to_be_visible()
        expect(rows_of(each)).to_have_count(2)
    return found


def begin(store: Path, name: str, seen: Page) -> None:
    """A run that begins and ends; when it stands in one tab, every tab was told."""
    with givens.init(project="live", config={"lr": 0.3}, name=name, dir=str(store)):
        pass
    expect(rows_of(seen).filter(has_text=name)).to_contain_text("finished")


def test_a_run_that_begins_while_the_table_waits_for_an_answer_appears(tabs: tuple[Page, Page], store: Path) -> None:
    page, other = tabs
    held = Held(page)
    page.get_by_role("searchbox", name="filter").fill("lr < 1")
    page.keyboard.press("Enter")
    held.wait()
    begin(store, "newcomer", other)
    held.release()
    expect(rows_of(page).filter(has_text="newcomer")).to_contain_text("finished")
    expect(page.get_by_role("status").first).to_contain_text("3 runs")


def test_an_answer_that_was_overtaken_is_not_shown(tabs: tuple[Page, Page], store: Path) -> None:
    page, other = tabs
    held = Held(page)
    begin(store, "first", other)
    held.wait()
    begin(store, "second", other)
    held.release()
    expect(rows_of(page).filter(has_text="second")).to_contain_text("finished")
    expect(page.get_by_role("status").first).to_contain_text("4 runs")
