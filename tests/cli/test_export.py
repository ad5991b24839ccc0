"""``givens export``: files that stand by themselves, in which nothing that a run holds is obeyed."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

CODE = {"kind": "code", "file": "train.py", "line": 7}
FINISHED = ("finish", {"state": "finished", "code": 0})
HOSTILE = '</script><script>alert(1)</script>"><img src=x onerror=alert(2)>\u202e\x00'


class Page(HTMLParser):
    """What a browser would see: tags with their attributes, and the text outside of scripts and styles."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.words.append(data)


@pytest.fixture
def hostile(journals: Any) -> Any:
    values = [[["lr"], 0.1, 0], [[HOSTILE], HOSTILE, 0], [["n"], 10**400, 0], [["x"], {"~": "float", "v": "nan"}, 0]]
    journals.write(
        "aaa",
        ("set", {"s": values, "o": [{**CODE, "file": HOSTILE}]}),
        ("log", {"m": {HOSTILE: 1.5, "acc": 2}, "step": 0}),
        ("finish", {"state": "failed", "code": 1, "error": HOSTILE}),
        start={"name": HOSTILE, "tags": [HOSTILE], "notes": HOSTILE, "argv": [HOSTILE]},
    )
    values = [[["lr"], 0.2, 0], [["n"], -1, 0]]
    journals.write("bbb", ("set", {"s": values, "o": [CODE]}), ("log", {"m": {"acc": 1}, "step": 0}), FINISHED)
    return journals


@pytest.mark.usefixtures("hostile")
def test_a_page_shows_hostile_text_and_asks_nobody_for_anything(givens: Any, tmp_path: Path) -> None:
    answer = givens("export", "-o", "runs.html", "--title", HOSTILE.replace("\0", ""))
    assert answer.lines[0].startswith("runs.html: 2 runs, ")
    text = (tmp_path / "runs.html").read_text("utf-8")
    page = Page(text)
    names = [name for name, _ in page.tags]
    assert names.count("script") == 1
    assert not {"img", "link", "iframe", "object", "base", "form"} & set(names)
    for _, attributes in page.tags:
        assert not any(name.startswith("on") or name == "src" for name in attributes)
        assert attributes.get("href", "#").startswith("#")
    policy = next(attributes["content"] for name, attributes in page.tags if attributes.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none';")
    assert "url(" not in text and "@import" not in text and "http://" not in text and "https://" not in text
    assert "\u202e" not in text and "\x00" not in text
    assert any("<img src=x onerror=alert(2)>" in words for words in page.words)


@pytest.mark.usefixtures("hostile")
def test_a_page_has_the_table_and_every_run_in_full(givens: Any, tmp_path: Path) -> None:
    givens("export", "lr < 1", "-o", "runs.html")
    page = Page((tmp_path / "runs.html").read_text("utf-8"))
    said = " ".join(page.words)
    assert "2 runs where lr is less than 1" in said
    assert "train.py:7" in said
    details = [attributes["id"] for name, attributes in page.tags if name == "details"]
    assert sorted(map(str, details)) == ["run-aaa", "run-bbb"]
    links = [attributes["href"] for name, attributes in page.tags if name == "a"]
    assert sorted(map(str, links)) == ["#run-aaa", "#run-bbb"]
    numbers = {attributes["data-n"] for name, attributes in page.tags if name == "td" and "data-n" in attributes}
    assert {"0.1", "0.2", "-1.0", "Infinity"} <= numbers


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("ending", ["csv", "md", "tex", "json"])
def test_other_formats_go_by_the_ending(givens: Any, tmp_path: Path, ending: str) -> None:
    assert (
        givens("export", "-o", f"runs.{ending}", "--sort", "-lr", "-n", "1")
        .lines[0]
        .startswith(f"runs.{ending}: 1 run, ")
    )
    text = (tmp_path / f"runs.{ending}").read_text("utf-8")
    if ending == "json":
        (run,) = json.loads(text)["runs"]
        assert (run["id"], run["config"]["n"]["value"]) == ("bbb", -1)
    else:
        assert {"csv": "bbb,calm-bbb", "md": "| calm-bbb |", "tex": r"\begin{tabular}"}[ending] in text


@pytest.mark.usefixtures("hostile")
def test_no_match_writes_nothing_and_fails(givens: Any, tmp_path: Path) -> None:
    answer = givens("export", "lr=7", "-o", "runs.html")
    assert (answer.code, answer.lines[0]) == (1, "no run where lr is 7 (2 runs in all)")
    assert not (tmp_path / "runs.html").exists()


@pytest.mark.usefixtures("hostile")
def test_an_unknown_ending_names_the_known(givens: Any) -> None:
    answer = givens("export", "-o", "runs.xlsx")
    assert answer.code == 2
    assert "runs.xlsx ends in none of .html, .csv, .md, .tex, .json" in answer.err


@pytest.mark.usefixtures("hostile")
def test_a_folder_that_is_not_there_is_one_line(givens: Any) -> None:
    answer = givens("export", "-o", "no/such/runs.csv")
    assert answer.code in (1, 2)
    assert answer.err.count("\n") == 1
