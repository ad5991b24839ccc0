"""Measure the page in a browser: ``make bench-page``, or ``python bench/page.py [--runs 100000] [--keys 100]``.

First rows, a sort, a step of scrolling, a step of a brush, and the size of the JavaScript, each beside its budget. The store
is made where it is missing and kept. CPU-milliseconds are those of the page's own thread (``TaskDuration`` of the DevTools
protocol), so that other work on the machine counts little; where a person waits, it is the clock on the wall, the median of
seven tries. Beside those stands the work that one takes, of the page's thread and of the server's process together, which is what a
machine with nothing else to do would need at most. ``--write`` writes docs/explanation/page-speed.md.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from machine import busy_elsewhere_s, describe
from spread import Spread, spread

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "src"))
PAGE = TOP / "docs" / "explanation" / "page-speed.md"
STATIC = TOP / "src" / "givens" / "web" / "static"
REPEATS = 7
STEPS = 20


class Figure(NamedTuple):
    """One row of the answer."""

    what: str
    measured: Spread
    budget: float | None
    unit: str


def main() -> int:
    """Measure what the command line asks for. A budget that is missed is printed, and is no failure: speed is not a test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--stores", type=Path, default=Path(tempfile.gettempdir()) / "givens-page")
    parser.add_argument("--write", action="store_true", help=f"write {PAGE.relative_to(TOP)} as well")
    given = parser.parse_args()
    store = store_of(given.stores, given.runs, given.keys)
    machine = describe(str(store))
    began_s, others_s = time.monotonic(), busy_elsewhere_s()
    figures = [Figure("all JavaScript, gzipped", spread([javascript_kb()]), 60, "KB"), *measured(store)]
    # the browser is a child that is not waited for yet: what it did counts as other work here
    machine["busy"] = (
        f"{(busy_elsewhere_s() - others_s) / (time.monotonic() - began_s):.1f} cores, the browser's work among it"
    )
    print(f"{given.runs:,} runs of {given.keys} keys\n")
    width = max(len(figure.what) for figure in figures)
    for figure in figures:
        budget = "" if figure.budget is None else f" budget {figure.budget:g}{'  OVER' if is_over(figure) else ''}"
        print(f"{figure.what:<{width}}  {figure.measured!s:>22} {figure.unit:<7}{budget}".rstrip())
    if given.write:
        PAGE.write_text(as_page(machine, figures, given.runs, given.keys), encoding="utf-8")
    return 0


def as_page(machine: dict[str, str], figures: list[Figure], runs: int, keys: int) -> str:
    """The page in docs/explanation."""
    rows = [
        f"| {each.what} | {each.measured} {each.unit} | "
        + ("| |" if each.budget is None else f"≤ {each.budget:g} | {'**missed**' if is_over(each) else 'met'} |")
        for each in figures
    ]
    return "\n".join(
        (
            "# How quick the page is",
            "",
            f"Made by `python bench/page.py --write` (`make bench-page`): {runs:,} runs of {keys} keys, in Chromium without a",
            "window, the server and the browser on one machine. Where a person waits it is the clock on the wall; *work* and *CPU*",
            "are the processor's, of the page's own thread and, for work, of the server as well: what a machine with nothing else",
            "to do would need at most.",
            "",
            *(f"* {name}: {value}" for name, value in machine.items()),
            "",
            "| what | measured, median [least to most] | budget | |",
            "|---|---|---|---|",
            *rows,
            "",
        )
    )


def is_over(figure: Figure) -> bool:
    """Whether a budget is not kept."""
    return figure.budget is not None and figure.measured.median > figure.budget


def store_of(folder: Path, runs: int, keys: int) -> Path:
    """A store with so many runs, made and folded where it is not there."""
    place = folder / f"{runs}x{keys}"
    if not (place / "complete").exists():
        place.mkdir(parents=True, exist_ok=True)
        environ = {**os.environ, "PYTHONPATH": str(TOP / "src")}
        generator = [
            sys.executable,
            str(TOP / "bench" / "generate_runs.py"),
            str(place),
            "--runs",
            str(runs),
            "--keys",
            str(keys),
        ]
        subprocess.run(generator, check=True, env=environ)
        subprocess.run([sys.executable, "-m", "givens", "ls", "-n", "1"], check=True, cwd=place, env=environ)
        (place / "complete").touch()
    return place


def javascript_kb() -> float:
    """All modules in one archive."""
    text = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*.js")))
    return len(gzip.compress(text, 9)) / 1024


def measured(store: Path) -> list[Figure]:
    """What the browser says."""
    from playwright.sync_api import sync_playwright

    from givens.web.serving import serving

    conftest = _load(TOP / "tests" / "web" / "browser" / "conftest.py")
    with serving(store) as url, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=conftest.chromium_path(), args=conftest.FLAGS)
        home = url.rstrip("/")
        figures = [*of_table(browser, home), *of_plot(browser, home), *of_change(browser, home, store)]
        browser.close()
    return figures


def of_table(browser: Any, home: str) -> list[Figure]:
    """First rows, sorting and scrolling."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(home)  # the first answer after a start brings the index up to date, once
    _rows(page).first.wait_for()
    first: list[tuple[float, float]] = []
    loading = _work_ms(page, lambda at: first.append(_first_rows_ms(page, home)), REPEATS)
    painted, alive = (spread(each) for each in zip(*first, strict=True))
    sorts: list[float] = []
    sorting = _work_ms(page, lambda at: sorts.append(_sort_ms(page, at)), REPEATS)
    page.goto(home)
    _rows(page).first.wait_for()
    page.wait_for_timeout(1500)  # what the page does to begin is in the rows above
    scroll = _cpu_ms(page, lambda step: _scrolled(page, step))
    page.close()
    return [
        Figure("first rows, from the address until they can be read", painted, 300, "ms"),
        Figure("the same, until they sort and scroll", alive, None, "ms"),
        Figure("the work in that, on the average", spread([loading]), None, "CPU-ms"),
        Figure("sort by another column, each of seven, from the click to the rows", spread(sorts), 150, "ms"),
        Figure("the work in that, on the average", spread([sorting]), None, "CPU-ms"),
        Figure("step of scrolling, on the average of twenty", spread([scroll]), 25, "CPU-ms"),
    ]


def of_plot(browser: Any, home: str) -> list[Figure]:
    """A step of a brush over 5,000 lines."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(f"{home}/plot?kind=parallel")
    line = page.locator(".axis-line").first
    line.wait_for()
    page.wait_for_timeout(1500)
    box = line.bounding_box()
    middle = box["x"] + box["width"] / 2
    page.mouse.move(middle, box["y"] + 10)
    page.mouse.down()

    def step(at: int) -> None:
        page.mouse.move(middle, box["y"] + 20 + at * (box["height"] - 40) / STEPS)
        _frame(page)

    brush = _cpu_ms(page, step)
    page.mouse.up()
    page.close()
    return [Figure("step of a brush over 5,000 lines, on the average of twenty", spread([brush]), 15, "CPU-ms")]


LIVE = """
import sys, time, givens
run = givens.init(project="live", config={"lr": 0.1}, dir=sys.argv[1])
print(run.id, flush=True)
for line in sys.stdin:
    run.log({"acc": int(line)})
    print(time.time() * 1000, flush=True)
"""


def of_change(browser: Any, home: str, store: Path) -> list[Figure]:
    """A run that goes on in another process: from its ``log`` until the table shows it."""
    environ = {**os.environ, "PYTHONPATH": str(TOP / "src"), "GIVENS_SILENT": "1", "GIVENS_SURROUNDINGS": "0"}
    command = [sys.executable, "-c", LIVE, str(store)]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)
    assert child.stdin is not None and child.stdout is not None
    run_id = child.stdout.readline().strip()
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.set_default_timeout(120_000)
    page.goto(f"{home}/?filter=run.id+%3D%3D+%27{run_id}%27&cols=run.name,acc")
    _rows(page).first.wait_for()
    page.wait_for_timeout(3000)
    waits = []
    for number in range(1001, 1001 + REPEATS):
        child.stdin.write(f"{number}\n")
        child.stdin.flush()
        logged_ms = float(child.stdout.readline())
        page.get_by_text(f"{number}", exact=True).first.wait_for()
        waits.append(page.evaluate("() => performance.timeOrigin + performance.now()") - logged_ms)
        page.wait_for_timeout(700)
    child.stdin.close()
    child.wait()
    page.close()
    return [Figure("a value that another process logged, until the table shows it", spread(waits), 1000, "ms")]


def _rows(page: Any) -> Any:
    return page.locator(".grid .row:not(.heads):not(.coming)")


def _first_rows_ms(page: Any, home: str) -> tuple[float, float]:
    """By the page's own clock, since the navigation began: until the rows that the server wrote are painted, which its first
    paint holds; and until the grid has taken their place and is painted."""
    page.goto("about:blank")
    page.goto(home, wait_until="commit")
    _rows(page).first.wait_for()
    found = page.evaluate(
        """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
          const now = performance.now();
          done([performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? now, now]);
        })))"""
    )
    return float(found[0]), float(found[1])


def _sort_ms(page: Any, at: int) -> float:
    """Since the click until the first row is another one."""
    return float(
        page.evaluate(
            """at => new Promise(done => {
              const heads = [...document.querySelectorAll(".grid .head button:not([disabled])")];
              const head = heads[(3 + at) % heads.length];
              const text = () => [".head.sorted", ".row .cell:nth-child(2)"]
                .map(each => document.querySelector(`.grid ${each}`)?.textContent).join();
              const before = text();
              const begun = performance.now();
              const watching = new MutationObserver(() => {
                if (text() === before) return;
                watching.disconnect();
                requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
              });
              watching.observe(document.querySelector(".grid"), {subtree: true, childList: true, characterData: true, attributes: true});
              head.click();
            })""",
            at,
        )
    )


def _scrolled(page: Any, step: int) -> None:
    page.evaluate("by => { document.querySelector('.grid').scrollTop += by }", 520)
    _frame(page)


def _frame(page: Any) -> None:
    """Wait until what was done is drawn."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")


def _work_ms(page: Any, step: Callable[[int], None], steps: int) -> float:
    """Milliseconds of the page's thread and of this process, which is the server, for one step."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent_s() -> float:
        found = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        return float(found["TaskDuration"]) + time.process_time()

    before = spent_s()
    for at in range(steps):
        step(at)
    return (spent_s() - before) * 1000 / steps


def _cpu_ms(page: Any, step: Callable[[int], None]) -> float:
    """Milliseconds of the page's thread for one step."""
    tools = page.context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def spent_s() -> float:
        found = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
        return float(found["TaskDuration"])

    step(0)
    before = spent_s()
    for at in range(1, STEPS + 1):
        step(at)
    return (spent_s() - before) * 1000 / STEPS


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("browser_conftest", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    raise SystemExit(main())
