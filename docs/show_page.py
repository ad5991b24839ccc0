"""Takes the pictures of the page that README.md and docs/ show: ``make pictures``.

A store of the study in docs/page_study.py is made and served, and Chromium is led through it as a reader would go. The
pictures are those of a light page, 1200 pixels wide; the browser is the one that the tests use.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "src"))
PICTURES = TOP / "docs" / "images"
SIZE = {"width": 1200, "height": 720}


def load(name: str, path: Path) -> Any:
    """A file as a module."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table(page: Any, home: str) -> None:
    """The runs, the best first."""
    page.goto(home)
    page.locator(".grid .row .cell").first.wait_for()


def ticked(page: Any, home: str) -> None:
    """Five runs ticked, about to be compared."""
    table(page, home)
    for at in range(5):
        page.get_by_role("checkbox").nth(at).click()


def compared(page: Any, home: str) -> None:
    """Those five side by side."""
    ticked(page, home)
    page.get_by_role("link", name="Compare", exact=True).last.click()
    page.get_by_role("table").first.wait_for()


def scattered(page: Any, home: str) -> None:
    """The loss over the learning rate, in the colours of the batch size."""
    table(page, home)
    page.locator("main").get_by_role("link", name="Plot", exact=True).click()
    page.locator(".scatter canvas").first.wait_for()


def parallel(page: Any, home: str) -> None:
    """Parallel coordinates with a brush."""
    page.goto(f"{home}/plot?kind=parallel&brush=min(val_loss):0:0.2")
    page.locator(".axis-title").first.wait_for()


def one_run(page: Any, home: str) -> None:
    """A run whose lr was changed while it ran."""
    page.goto(f"{home}/run/last")
    page.get_by_role("heading", level=1).wait_for()


def again(page: Any, home: str) -> None:
    """The lines that run it again."""
    one_run(page, home)
    page.get_by_role("link", name="Other ways to do it again").click()


def curves(page: Any, home: str) -> None:
    """The losses of five runs over their steps."""
    ticked(page, home)
    page.get_by_role("link", name="Curves").click()
    page.locator(".curves path").first.wait_for()


SCENES: dict[str, Callable[[Any, str], None]] = {
    "page-runs": table,
    "page-ticked": ticked,
    "page-compare": compared,
    "page-plot": scattered,
    "page-parallel": parallel,
    "page-run": one_run,
    "page-again": again,
    "page-curves": curves,
}


def make_study(folder: Path) -> None:
    """The store, made by a script that lies in that folder, as a reader's would."""
    shutil.copy(TOP / "docs" / "page_study.py", folder / "study.py")
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to(Path(sys.executable).resolve())
    environ = {**os.environ, "PYTHONPATH": str(TOP / "src"), "GIVENS_SILENT": "1"}
    # what it prints goes nowhere, so that no path of this machine stands in the record
    subprocess.run([str(python), "study.py", "."], cwd=folder, env=environ, check=True, capture_output=True)


def main() -> int:
    """Take all, or those that are named."""
    from playwright.sync_api import sync_playwright

    from givens.web.serving import serving

    conftest = load("browser_conftest", TOP / "tests" / "web" / "browser" / "conftest.py")
    wanted = sys.argv[1:] or list(SCENES)
    with tempfile.TemporaryDirectory(prefix="digits-") as name, sync_playwright() as started:
        folder = Path(name)
        make_study(folder)
        browser = started.chromium.launch(executable_path=conftest.chromium_path(), args=conftest.FLAGS)
        with serving(folder) as url:
            for each in wanted:
                page = browser.new_page(viewport=SIZE)
                SCENES[each](page, url.rstrip("/"))
                page.wait_for_timeout(400)  # what was drawn last is on the screen
                page.screenshot(path=PICTURES / f"{each}.png")
                page.close()
        browser.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
