"""The page and the picture of the benchmarks: what they say of made-up figures."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path
from xml.etree import ElementTree

BENCH = Path(__file__).resolve().parents[2] / "bench"

REPORT = """
import sys
sys.path.insert(0, {bench!r})
from picture import picture
from report import Report, as_page, as_text
from spread import Spread
from steps import Absent
from table import Row
from tools import TOOLS

def one(value):
    return Spread(value, value, value)

rows = [
    Row("import, CPU over bare Python", "CPU", "ms", {{"givens": one(20.0), "wandb": one(400.0)}}, 25),
    Row(
        "init with 50 keys, first of a process, in a new store", "first", "ms",
        {{"givens": one(3.0), "trackio": one(1.0), "dict": one(0.001), "aim": Absent("it was not there")}}, 2, recorded=True,
    ),
]
report = Report({{"cores": "2"}}, TOOLS, {{"Cost": rows}}, ["aim could not be installed: no"], True)
"""


def printed(last: str) -> str:
    """What the made-up report gives."""
    code = textwrap.dedent(REPORT.format(bench=str(BENCH))) + f"sys.stdout.buffer.write({last}.encode())"
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True).stdout.decode()


def test_the_page_says_where_another_is_better_and_that_it_is_not_durable() -> None:
    page = printed("as_page(report)")
    assert "trackio (not durable) 1.00 ms | **3.00 \u00d7 worse** | **missed**" in page
    assert "wandb 400 ms | 20.0 \u00d7 better | met" in page
    assert "1 budgets met, 1 missed" in page
    assert "not measured: aim could not be installed: no" in page
    assert "aim: first: it was not there" in page
    assert "short measurement" in page


def test_the_terminal_is_told_the_same() -> None:
    text = printed("as_text(report)")
    assert "trackio (not durable) 1.00 ms" in text
    assert "not measured: aim could not be installed: no" in text


def test_the_picture_is_svg_with_a_bar_for_each_tool_that_keeps_something() -> None:
    drawn = ElementTree.fromstring(printed("picture(report)"))
    titles = [title.text for title in drawn.iter("{http://www.w3.org/2000/svg}title")]
    assert titles[1:] == ["wandb: 400 ms", "trackio (not durable): 1.00 ms"]
