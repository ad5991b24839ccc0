"""The page in a real browser: Debian's Chromium, steered by Playwright, under the policy that the server sends.

Whatever a test looks at, it fails when the page asked another host, when the policy blocked something, or when a script failed.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))  # person.py

TOP = Path(__file__).resolve().parent.parent.parent.parent
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
#: a browser that needs longer than this for one step has lost its way, also on a machine that is busy with other things
PATIENCE_MS = 60_000


def chromium_path() -> str | None:
    """The browser that is there: ``CHROMIUM`` names one, else it is looked for."""
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of a process."""
    path = chromium_path()
    if path is None:
        pytest.skip("no Chromium on this machine: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    pytest.importorskip("starlette", reason="starlette is not installed")
    playwright.expect.set_options(timeout=PATIENCE_MS)
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture(scope="session", autouse=True)
def _silent() -> Iterator[None]:
    """What runs say at their start and end is not what is tested here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIVENS_SILENT", "1")
        yield


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of 60 runs that the pictures in the docs show; nobody changes it."""
    folder = tmp_path_factory.mktemp("study")
    _load(TOP / "docs" / "page_study.py").make(folder)
    return folder


@pytest.fixture(scope="session")
def study_url(browser: Any, study: Path) -> Iterator[str]:
    """Where the page of the study is served."""
    from givens.web.serving import serving

    with serving(study) as url:
        yield url.rstrip("/")


@pytest.fixture
def serve(browser: Any) -> Iterator[Callable[[Path], str]]:
    """Serves a store of the test's own; returns its address."""
    from contextlib import ExitStack

    from givens.web.serving import serving

    with ExitStack() as open_ones:
        yield lambda folder: open_ones.enter_context(serving(folder)).rstrip("/")


class Watched:
    """Pages of one browser window, and what went wrong on them."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.wrong: list[str] = []
        self.allowed: list[str] = []

    def open(self, url: str) -> Any:
        """A tab with this address."""
        page = self.context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        home = "/".join(url.split("/")[:3]) + "/"
        page.on("pageerror", lambda error: self.wrong.append(f"script failed: {error}"))
        page.on("console", lambda said: said.type == "error" and self.wrong.append(f"console: {said.text}"))
        page.on("request", lambda asked: self._asked(asked.url, home))
        page.on("dialog", lambda dialog: (self.wrong.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        page.goto(url)
        return page

    def _asked(self, url: str, home: str) -> None:
        if not url.startswith((home, "data:", "blob:")):
            self.wrong.append(f"asked another host: {url}")

    def expect(self, text: str) -> None:
        """A message with this text is part of the test: a 400 that the test asked for."""
        self.allowed.append(text)

    def problems(self) -> list[str]:
        """What went wrong and was not part of a test."""
        return [each for each in self.wrong if not any(text in each for text in self.allowed)]


@pytest.fixture
def windows(browser: Any, serve: Callable[[Path], str]) -> Iterator[Callable[..., Watched]]:
    """Makes browser windows, which close before the server ends; fails afterwards for whatever went wrong in one."""
    made: list[Watched] = []

    def make(**options: Any) -> Watched:
        made.append(Watched(browser.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})))
        return made[-1]

    yield make
    for window in made:
        window.context.close()
    assert [problem for window in made for problem in window.problems()] == []


@pytest.fixture
def window(windows: Callable[..., Watched]) -> Watched:
    """One browser window."""
    return windows()
