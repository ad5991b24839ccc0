"""A person before the page: what they click is counted, and has to be where they see it."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

from playwright.sync_api import Locator, Page

#: whether the middle of an element, as a person sees it, is that element
_ON_TOP = """element => {
  const box = element.getBoundingClientRect();
  const found = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return found !== null && (element === found || element.contains(found) || found.contains(element));
}"""


class Person:
    """Clicks and looks. A tick of a row is choosing what is asked about; every other click is part of the answer's price."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, what: Locator) -> None:
        """Click what can be seen."""
        self.sees(what)
        what.click()
        self.clicks += 1

    def tick(self, row: Locator) -> None:
        """Tick a row of a table."""
        box = row.get_by_role("checkbox")
        self.sees(box)
        box.click()

    def sees(self, what: Locator) -> None:
        """It is there, and nothing lies over it."""
        what.wait_for(state="visible")
        what.scroll_into_view_if_needed()
        assert what.evaluate(_ON_TOP), f"hidden under something else: {what}"


def rows_of(page: Page) -> Locator:
    """The rows of the grid of runs that are drawn."""
    return page.get_by_role("grid").locator("[role=row][aria-rowindex]:not([aria-busy]):not(.heads)")


def heads_of(page: Page) -> list[str]:
    """What stands above the columns of the grid."""
    return [text.strip(" ↑↓\n") for text in page.get_by_role("grid").get_by_role("columnheader").all_inner_texts()]


def cells_of(row: Locator) -> list[str]:
    """The texts of a row's cells."""
    return [text.strip() for text in row.get_by_role("gridcell").all_inner_texts()]


def row_of(table: Locator, key: str) -> Locator:
    """The row of a comparison that shows a key."""
    return table.locator("tbody th[scope=row]").filter(has_text=re.compile(rf"^\s*{re.escape(key)}(\s|$)"))
