"""A server of its own for each file of tests, at a real port, and somebody who asks it without a browser."""

from __future__ import annotations

import http.client
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import pytest

import givens

#: names and values that a careless page would run, or lose itself in
HOSTILE: dict[str, Any] = {
    "<script>alert(1)</script>": '"><img src=x onerror=alert(1)>',
    "__proto__": "constructor",
    "constructor": {"toString": 1},
    "rtl": "a\u202eb",
    "nul": "a\0b",
    "emoji": "\N{GRINNING FACE}",
    "closing": "</script><script>alert(2)</script>",
    "long": "x" * 200_000,
}


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def words(self) -> str:
        """What a reader sees of a page: no tags, no scripts, blanks folded."""
        bare = re.sub(r"<script.*?</script>", " ", self.text, flags=re.DOTALL)
        return " ".join(unescape(re.sub(r"<[^>]*>", " ", bare)).split())


class Asker:
    """Asks one server.

    Args:
        url: its address.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.host = urlsplit(url).netloc

    def ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        timeout_s: float = 30,
    ) -> Answer:
        """One request, with exactly these headers beside the Host."""
        connection = http.client.HTTPConnection(self.host, timeout=timeout_s)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            said = {"Host": self.host, **(headers or {})}
            if body is not None:
                said.setdefault("Content-Length", str(len(body)))
            for name, value in said.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read())
        finally:
            connection.close()

    def get(self, path: str, **query: Any) -> Answer:
        """One page, or one answer in JSON."""
        said = "&".join(f"{name}={quote(str(value), safe='')}" for name, value in query.items())
        return self.ask("GET", path + (f"?{said}" if said else ""))

    def post(self, path: str, content: Any, **headers: str) -> Answer:
        """A write, as the page itself makes it."""
        own = {"Origin": self.url.rstrip("/"), "Content-Type": "application/json", "X-Givens": "page"}
        return self.ask("POST", path, {**own, **headers}, json.dumps(content).encode())


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with six runs of a sweep, one of them changed on the way, one that failed, and one with hostile names."""
    folder = tmp_path_factory.mktemp("sweep")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIVENS_SILENT", "1")
        patch.setenv("GIVENS_SURROUNDINGS", "0")
        for number, (lr, model) in enumerate([(0.1, "mlp"), (0.01, "mlp"), (0.001, "vit"), (0.01, "vit")]):
            config = {"lr": lr, "seed": number, "model": {"name": model, "depth": 2}, "epochs": 4}
            run = givens.init(dir=str(folder), project="digits", name=f"run-{number}", id=f"run{number}", config=config)
            run.define_metric("loss", goal="min")
            run.log({"loss": 1.0, "acc": 0.1}, step=1)
            run.log({"loss": lr * 2, "acc": 0.5 + number / 10}, step=2)
            if number == 1:
                run.config.update({"epochs": 8}, allow_val_change=True)
            run.finish()
        run = givens.init(
            dir=str(folder), project="digits", name="run-4", id="run4", config={"lr": "0.01", "epochs": None}
        )
        run.finish(exit_code=1)
        name = "<b>bold</b>\u202e"
        run = givens.init(dir=str(folder), project="hostile", name=name, id="hostile", config=HOSTILE)
        run.log({"<i>loss</i>": 1.0})
        run.finish()
    return folder


@pytest.fixture(scope="module")
def page(sweep: Path) -> Iterator[Asker]:
    """The page of the sweep."""
    from givens.web.serving import serving

    with serving(sweep) as url:
        yield Asker(url)
