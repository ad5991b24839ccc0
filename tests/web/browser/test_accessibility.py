"""axe-core finds nothing against WCAG A and AA on any page, in light and in dark, wide and narrow; and nothing overflows."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from person import rows_of
from playwright.sync_api import Page

import givens

AXE = Path(__file__).resolve().parent.parent / "assets" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


#: every rule; the rules that another scheme of colours, and those that another width, can break
EVERY = {"type": "tag", "values": TAGS}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
OF_WIDTH = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "nested-interactive"]}


def violations(page: Page, rules: dict[str, Any] = EVERY) -> list[str]:
    """What axe-core holds against a page. It runs in a world of its own, so that the page's policy stays as it is."""
    tools = page.context.new_cdp_session(page)
    frame = tools.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    world = tools.send("Page.createIsolatedWorld", {"frameId": frame, "worldName": "axe"})["executionContextId"]
    tools.send("Runtime.evaluate", {"expression": AXE.read_text("utf-8"), "contextId": world})
    asked = (
        f"axe.run(document, {{resultTypes: ['violations'], runOnly: {json.dumps(rules)}}}).then(found => found.violations.map("
        "each => `${each.id}: ${each.help}: ${each.nodes.map(node => node.html.slice(0, 160)).slice(0, 3).join(' | ')}`))"
    )
    answer = tools.send(
        "Runtime.evaluate", {"expression": asked, "contextId": world, "awaitPromise": True, "returnByValue": True}
    )
    assert "value" in answer["result"], answer
    return answer["result"]["value"]


def test_axe_finds_what_is_wrong(window, study_url: str) -> None:
    """A page with a picture that says nothing and a field without a name: else a test that finds nothing says nothing."""
    page = window.open(study_url + "/")
    page.evaluate("document.body.append(document.createElement('input'), document.createElement('img'))")
    found = " ".join(violations(page))
    assert "label:" in found and "image-alt:" in found


@pytest.fixture(scope="module")
def views(study: Path) -> list[str]:
    """An address of every kind of page."""
    ids = [run.id for run in list(givens.runs(dir=study))[:3]]
    return [
        "/",
        f"/?tick={','.join(ids)}",
        "/?filter=lr%20%3C%200",
        f"/run/{ids[0]}",
        f"/run/{ids[0]}?view=tree",
        f"/compare?runs={','.join(ids)}",
        f"/compare?runs={','.join(ids)}&all=1",
        "/group?except=seed&metric=val_loss",
        "/pivot?down=lr&across=batch_size&metric=val_loss",
        "/plot?kind=parallel",
        "/plot?kind=scatter",
        f"/plot?kind=curves&runs={','.join(ids)}",
        "/importance?metric=val_loss",
        "/keys",
        "/duplicates",
        "/edits",
        "/views",
    ]


#: how a page is looked at, one after the other: scheme of colours, width of the window, rules
LOOKS = (("light", 1280, EVERY), ("dark", 1280, OF_COLOURS), ("light", 390, OF_WIDTH))


@pytest.mark.parametrize("half", (0, 1))
def test_no_page_has_a_violation_or_overflows(
    windows: Callable[..., Any], study_url: str, views: list[str], half: int
) -> None:
    page = windows(viewport={"width": 1280, "height": 800}).open(study_url + "/")
    found = []
    for view in views[half::2]:
        page.goto(study_url + view)
        for scheme, width, rules in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 800})
            page.locator("[data-island=live] [role=status]").wait_for(state="attached")
            if page.locator("[data-island=runs]").count() and "filter" not in view:
                rows_of(page).first.wait_for()
            if "kind=parallel" in view:
                page.locator(".axis-title").first.wait_for()
            found += [f"{view}, {scheme}, {width}: {each}" for each in violations(page, rules)]
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"):
                found.append(f"{view}, {width}: wider than the window")
    assert found == [], "\n".join(found)
