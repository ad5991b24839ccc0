"""A stranger's store on the page: every address answers, nothing is run, nothing beside the store is shown."""

from __future__ import annotations

import http.client
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from givens.web.app import API, PAGES
from givens.web.serving import serving

from .hostile import ESCAPES, HTML, RUNS, SECRET, fingerprint, make

REFS = [
    *RUNS,
    "linked",
    "pipe01",
    "sparse",
    "packed1",
    "bomb01",
    "../../outside/victim.txt",
    "..%2f..%2foutside",
    HTML,
    ESCAPES,
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The page of a stranger's store."""
    folder = tmp_path_factory.mktemp("hostile-page")
    store = make(folder)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with serving(store.parent) as url:
            yield urlsplit(url).netloc, folder


def asked(host: str, path: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(host, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()


def addresses() -> list[str]:
    """Each route, with each run where it takes one."""
    found = []
    for route in [*PAGES, *API]:
        if route == "/api/events" or route.startswith("/static"):
            continue  # one that goes on for ever; and files of the package
        if "{ref:path}" in route:
            found += [route.replace("{ref:path}", quote(ref, safe="%")) for ref in REFS]
        elif "{name}" in route:
            found += [f"/download/runs.{ending}" for ending in ("csv", "md", "tex", "json", "html")]
        else:
            found += [
                route,
                f"{route}?filter={quote(HTML)}",
                f"{route}?runs=good01,ansi01,linked,types1&metric=loss&key=lr",
            ]
    return [*found, "/static/../../../../etc/passwd", "/static/%2e%2e/%2e%2e/etc/passwd", "/download/../../x.csv"]


def test_every_address_answers_and_shows_nothing_of_the_outside(address: tuple[str, Path]) -> None:
    host, folder = address
    before = fingerprint(folder / "outside")
    wrong = []
    for path in addresses():
        status, text = asked(host, path)
        if status >= 500:
            wrong.append(f"{path}: {status} {text[:200]}")
        if SECRET in text or "root:x:0" in text:
            wrong.append(f"{path}: shows what lies outside")
        if not path.startswith(("/api/", "/download/")) and HTML in text:
            wrong.append(f"{path}: markup comes through")
    assert not wrong, "\n".join(wrong)
    assert fingerprint(folder / "outside") == before
