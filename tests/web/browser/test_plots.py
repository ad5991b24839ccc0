"""Plots: what they preselect, brushes and the table below, axes by keyboard, facets, curves; all of it in the address."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from person import Person, rows_of
from playwright.sync_api import Locator, Page, expect

import givens


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def axes_of(page: Page) -> list[str]:
    """The names of the axes, from left to right."""
    titles = page.locator(".axis-title")
    places = [(titles.nth(at).bounding_box()["x"], titles.nth(at).inner_text()) for at in range(titles.count())]
    return [name for _, name in sorted(places)]


def axis_of(page: Page, name: str) -> Locator:
    return page.locator(".axis-title").filter(has=page.get_by_text(name, exact=True))


@pytest.fixture
def parallel(window, study_url: str) -> Page:
    """Parallel coordinates of the study."""
    page = window.open(study_url + "/plot?kind=parallel")
    page.locator(".axis-title").first.wait_for()
    return page


def test_the_keys_that_vary_and_the_metric_have_axes_of_the_right_kind(parallel: Page) -> None:
    names = axes_of(parallel)
    assert {"lr", "batch_size", "optimizer", "model.dropout"} <= set(names)
    assert names[-1] == "min(val_loss)"
    assert "tolerance" not in names
    levels = parallel.locator(".axis-view", has=axis_of(parallel, "batch_size")).locator(".axis-tick")
    at = [(levels.nth(each).bounding_box()["y"], levels.nth(each).inner_text()) for each in range(levels.count())]
    assert [text for _, text in sorted(at, reverse=True)] == ["32", "64", "128", "256"], (
        "as numbers, from the bottom up"
    )
    assert "log scale" in axis_of(parallel, "weight_decay").get_attribute("aria-label")
    assert "linear scale" in axis_of(parallel, "model.dropout").get_attribute("aria-label")


def painted(canvas: Locator) -> int:
    """How many pixels of a canvas have a colour."""
    return canvas.evaluate(
        "it => it.getContext('2d').getImageData(0, 0, it.width, it.height).data.reduce((n, v, at) => n + (at % 4 === 3 && v > 0), 0)"
    )


def test_a_brush_leaves_its_runs_in_the_picture_and_in_the_table(parallel: Page, study: Path) -> None:
    lines = parallel.locator(".parallel canvas").last
    whole = painted(lines)
    assert whole > 10_000, "there are lines to be seen"
    box = parallel.locator(".axis-view", has=axis_of(parallel, "lr")).locator(".axis-line").bounding_box()
    parallel.mouse.move(box["x"] + 13, box["y"] + box["height"] * 0.6)
    parallel.mouse.down()
    parallel.mouse.move(box["x"] + 13, box["y"] + box["height"] * 0.9, steps=4)
    parallel.mouse.up()
    said = parallel.get_by_role("status").filter(has_text="of 60 runs brushed")
    count = len(givens.runs("lr in [0.0003, 0.001]", dir=study))
    expect(said).to_contain_text(f"{count} of 60")
    expect(parallel.get_by_role("grid")).to_have_attribute("aria-rowcount", str(count + 1))
    assert painted(lines) < whole
    assert query_of(parallel)["brush"][0].startswith("lr:")
    parallel.reload()
    expect(parallel.get_by_role("status").filter(has_text="brushed")).to_contain_text(f"{count} of 60")
    parallel.get_by_role("link", name="All runs like these").click()
    rows_of(parallel).first.wait_for()
    expect(parallel.get_by_role("status").first).to_contain_text(f"{count} runs")


def test_axes_are_moved_and_brushed_by_keyboard(parallel: Page) -> None:
    before = axes_of(parallel)
    first = axis_of(parallel, before[0])
    first.focus()
    parallel.keyboard.press("ArrowRight")
    parallel.keyboard.press("ArrowRight")
    expect(first).to_be_focused()
    assert axes_of(parallel)[:3] == [before[1], before[2], before[0]]
    parallel.keyboard.press("ArrowUp")
    expect(first).to_have_attribute("aria-label", re.compile("brushed"))
    expect(parallel.get_by_role("status").filter(has_text="brushed")).to_be_visible()
    parallel.keyboard.press("Escape")
    expect(parallel.get_by_role("status").filter(has_text="brushed")).to_have_count(0)
    parallel.keyboard.press("Delete")
    expect(parallel.locator(".axis-title")).to_have_count(len(before) - 1)


def test_a_line_that_is_clicked_is_ticked(parallel: Page) -> None:
    rows_of(parallel).first.get_by_role("checkbox").click()
    expect(parallel.get_by_role("region", name="ticked runs")).to_contain_text("1 run ticked")


def test_a_scatter_is_parted_by_a_key(window, study_url: str) -> None:
    page = window.open(study_url + "/plot?kind=scatter&x=lr&y=val_loss&color=optimizer&facet=batch_size")
    expect(page.locator("figcaption")).to_have_count(4)
    expect(page.locator("figcaption").first).to_contain_text("batch_size = 32")
    Person(page).sees(page.get_by_role("img").first)
    assert all(painted(page.locator(".scatter canvas").nth(at)) > 50 for at in range(4))
    legend = page.locator(".legend").first
    expect(legend).to_contain_text("adam")
    page.get_by_label("facet").select_option("no facet")
    expect(page.locator("figcaption")).to_have_count(0)
    assert "facet" not in query_of(page)


def taken_away(page: Page, kind: str) -> str:
    """What a link below *the same elsewhere* brings."""
    with page.expect_download() as download:
        page.locator("#same").get_by_role("link", name=kind).click()
    return download.value.path().read_text("utf-8")


def test_a_scatter_in_facets_without_colour_is_taken_away_as_it_is_seen(window, study_url: str) -> None:
    page = window.open(study_url + "/plot?kind=scatter&x=lr&y=val_loss")
    page.get_by_label("facet").select_option("batch_size")
    expect(page.locator("figcaption")).to_have_count(4)
    expect(page.locator(".legend")).to_have_count(1)
    page.get_by_label("colour").select_option("no colour")
    expect(page.locator(".legend")).to_have_count(0)
    page.locator("#same summary").click()
    text = taken_away(page, "HTML")
    picture = text[text.index("<svg") : text.index("</svg>")]
    assert picture.count("<g transform=") == 4 and "batch_size = 32" in picture
    assert picture.count("<circle") == 60 and len(set(re.findall(r'<circle [^>]*fill="([^"]*)"', picture))) == 1
    assert taken_away(page, "CSV").splitlines()[0] == "id,name,lr,val_loss,batch_size"
    page.reload()
    expect(page.locator("figcaption")).to_have_count(4)
    expect(page.locator(".legend")).to_have_count(0)


def test_a_key_that_is_called_none_can_give_the_colour(window, serve, tmp_path: Path) -> None:
    for number in range(3):
        with givens.init(config={"none": number, "None": -number, "lr": 0.1 * number}, dir=str(tmp_path)) as run:
            run.log({"loss": number})
    page = window.open(serve(tmp_path) + "/plot?kind=scatter&x=lr&y=loss")
    for name in ("none", "config.None"):
        page.get_by_label("colour").select_option(value=name)
        expect(page.locator(".legend")).to_contain_text(name.removeprefix("config."))
        page.locator("#same").evaluate("panel => { panel.open = true }")
        assert taken_away(page, "CSV").splitlines()[0] == f"id,name,lr,loss,{name}"
        page.get_by_label("colour").select_option("no colour")
        expect(page.locator(".legend")).to_have_count(0)


def test_curves_of_ticked_runs(window, study_url: str) -> None:
    page = window.open(study_url + "/")
    for at in range(3):
        rows_of(page).nth(at).get_by_role("checkbox").click()
    page.get_by_role("region", name="ticked runs").get_by_role("link", name="Curves").click()
    paths = page.locator(".curves svg path")
    expect(paths).to_have_count(3)
    assert all(paths.nth(at).get_attribute("d").count("L") == 39 for at in range(3)), "forty steps each"
    page.get_by_label("Metric").select_option("val_loss")
    expect(page.get_by_role("img", name="val_loss over steps of 3 runs")).to_be_visible()
    assert query_of(page)["metric"] == ["val_loss"]


def test_importance_stands_with_its_method_and_its_number_of_runs(window, study_url: str) -> None:
    page = window.open(study_url + "/importance?metric=val_loss")
    bars = page.locator(".bars")
    person = Person(page)
    person.sees(bars.get_by_role("rowheader", name="lr", exact=True))
    widths = [bars.locator(".track > span").nth(at).bounding_box()["width"] for at in range(3)]
    assert widths == sorted(widths, reverse=True) and widths[0] > 20
    expect(page.locator("main")).to_contain_text("60 runs")
    expect(page.locator("main")).to_contain_text("η²")
