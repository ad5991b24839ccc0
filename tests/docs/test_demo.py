"""The demo runs, and README.md shows what it prints."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).resolve().parent.parent.parent


def _load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


show_demo = _load(TOP / "docs" / "show_demo.py")
blocks = _load(TOP / "docs" / "code_blocks.py")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The demo's commands, each with what it printed."""
    pytest.importorskip("sklearn")
    found: dict[str, str] = show_demo.answers(show_demo.demo(tmp_path_factory.mktemp("demo")))
    return found


def _begins(found: dict[str, str], command: str) -> list[str]:
    return next(said for full, said in found.items() if full.startswith(command)).splitlines()


def _shown(command: str) -> list[str]:
    text = (TOP / "README.md").read_text("utf-8")
    begin = text.index(f"<!-- demo: {command} -->")
    block = text[begin : text.index("\n```\n", begin)]
    return block.split("\n$ ")[1].splitlines()[1:]


def test_six_configurations_are_trained(printed: dict[str, str]) -> None:
    trained = [said for command, said in printed.items() if command.startswith("python examples/digits.py")]
    assert len(trained) == 6
    assert all("of 540 images that it had never seen" in said for said in trained)
    assert all("Warning" not in said for said in trained)


@pytest.mark.parametrize("command", ["givens explain last lr", "givens explain last batch_size"])
def test_the_readme_shows_where_the_values_came_from(command: str, printed: dict[str, str]) -> None:
    assert blocks.agree(_shown(command), _begins(printed, command)), "run `make docs`"


def test_the_readme_shows_the_list_of_runs(printed: dict[str, str]) -> None:
    # metrics may differ in their last digits from one processor to another; the given values may not
    shown, now = _shown("givens ls"), _begins(printed, "givens ls")
    heads = [set(lines[0].split()) for lines in (shown, now)]
    assert all({"name", "created", "lr", "val_acc"} <= head for head in heads)
    # right below its head: on a busy machine another column may stand before it
    ends = [re.search(r" lr(?= )", lines[0]) for lines in (shown, now)]
    rates = [
        [line[: end.end()].split()[-1] for line in lines[1:7] if end]
        for lines, end in zip((shown, now), ends, strict=True)
    ]
    assert rates[0] == rates[1] == ["0.01", "2.0", "0.001", "0.5", "0.05", "0.1"]


def test_the_readme_shows_how_the_best_differs_from_the_worst(printed: dict[str, str]) -> None:
    shown, now = (
        [line.split()[0] for line in lines[1:] if "(command)" not in line]
        for lines in (_shown("givens diff"), _begins(printed, "givens diff"))
    )
    assert shown == now, "run `make docs`"
    assert "lr" in now


def test_the_picture_is_an_image_of_the_demo() -> None:
    from xml.etree import ElementTree

    text = "".join(ElementTree.parse(TOP / "docs" / "images" / "demo.svg").getroot().itertext()).replace("\xa0", " ")
    assert all(f"$ {command}" in text for command in show_demo.SHOWN[:3])
