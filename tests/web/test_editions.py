"""Addresses of the page's own files: kept for ever while the files are as they are, others when one changes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from givens.web import editions, served_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Static files of our own."""
    (tmp_path / "js" / "islands").mkdir(parents=True)
    (tmp_path / "js" / "main.js").write_text('import { a } from "./a.js";\nconst late = () => import("./late.js");\n')
    (tmp_path / "js" / "a.js").write_text('export { b } from "./islands/../b.js";\n')
    (tmp_path / "js" / "b.js").write_text('import "./a.js";\nimport { a } from "./a.js";\nexport const b = 1;\n')
    (tmp_path / "js" / "late.js").write_text("export const late = 1;\n")
    monkeypatch.setattr(served_files, "FOLDER", str(tmp_path))
    for each in (served_files.served_files, editions._edition, editions._modules):
        each.cache_clear()
    monkeypatch.setattr(editions, "_EVERYWHERE", ())
    yield tmp_path
    for each in (served_files.served_files, editions._edition, editions._modules):
        each.cache_clear()


def test_an_address_stays_while_the_files_stay_and_changes_with_any_of_them(folder: Path) -> None:
    before = editions.address_of_file("js/main.js")
    assert re.fullmatch(r"/static/e-[0-9a-f]{16}/js/main\.js", before)
    os.utime(folder / "js" / "b.js", (1, 1))
    assert editions.address_of_file("js/main.js") == before, "only its time changed"
    (folder / "js" / "b.js").write_text("export const b = 2;\n")
    assert editions.address_of_file("js/main.js") != before


def test_a_page_names_the_modules_it_will_import_each_once_and_no_late_ones(folder: Path) -> None:
    names = [address.split("/", 3)[3] for address in editions.modules_for("runs")]
    assert names == ["js/main.js", "js/a.js", "js/b.js"]


def test_every_page_finds_modules_that_are_there() -> None:
    for page in (*editions.ISLANDS, "compare"):
        modules = editions.modules_for(page)
        assert any(address.endswith("/js/main.js") for address in modules)
        assert any(address.endswith("/vendor/preact.js") for address in modules)
        for island in editions.ISLANDS.get(page, ()):
            assert any(address.endswith(f"/islands/{island}.js") for address in modules), island
