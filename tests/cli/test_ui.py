"""``givens ui``: where it listens, what it prints, how it ends; and the link in a run's last line."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

import givens as package
from givens.cli.ui import tunnel_line

from .conftest import SRC

pytest.importorskip("uvicorn", reason="uvicorn is not installed")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / ".givens").mkdir()
    return tmp_path


@contextmanager
def ui(folder: Path, *args: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A server in a process of its own, and what it printed when it listened."""
    env = {**os.environ, "PYTHONPATH": str(SRC), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "givens", "ui", "--port", "0", "--json", *args]
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            for line in process.stdout:
                said += line
                if line.rstrip() == "}":
                    break
            yield process, json.loads(said)
        finally:
            if process.poll() is None:
                process.kill()


def status(url: str, path: str) -> int:
    """What a page answers; asked again while the server is not up yet."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize(("sign", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
def test_it_serves_until_it_is_told_to_end_and_leaves_nothing(store: Path, sign: int, code: int) -> None:
    with ui(store) as (process, said):
        assert said["url"].startswith("http://127.0.0.1:")
        assert (said["pid"], said["store"]) == (process.pid, str(store / ".givens"))
        assert status(said["url"], "/") == 200
        assert len(list((store / ".givens" / "pages").iterdir())) == 1
        process.send_signal(sign)
        _, err = process.communicate(timeout=20)
        assert (process.returncode, err) == (code, "")
    assert list((store / ".givens" / "pages").iterdir()) == []


def test_a_run_links_to_the_page_that_shows_it(
    store: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    with ui(store) as (process, said):
        assert status(said["url"], "/") == 200  # it is up, and has left its note
        run = package.init(dir=str(store), config={"lr": 1}, id="linked")
        assert run.url == f"{said['url']}run/linked"
        assert status(said["url"], "/run/linked") == 200
        run.finish()
        assert capsys.readouterr().err.splitlines()[-1].endswith(f" · {said['url']}run/linked")
        process.kill()  # its note stays; but a process that is gone serves nothing
        process.communicate(timeout=20)
    assert len(list((store / ".givens" / "pages").iterdir())) == 1
    with package.init(dir=str(store), config={"lr": 2}) as run:
        assert run.url is None
    assert "http" not in capsys.readouterr().err


def test_an_address_that_others_reach_needs_a_token(store: Path, givens: Callable[..., Any]) -> None:
    answer = givens("ui", "--host", "0.0.0.0")
    assert (answer.code, answer.out) == (1, "")
    assert "give a --token" in answer.err
    with ui(store, "--host", "0.0.0.0", "--token", "a b") as (_, said):
        assert said["address"] == f"{said['url']}?token=a%20b"
        assert status(said["url"], "/") == 401
        assert status(said["url"], "/?token=a%20b") == 303


def test_without_a_store_it_says_so(givens: Callable[..., Any]) -> None:
    answer = givens("ui")
    assert answer.code == 1
    assert "there is no store here" in answer.err


def test_over_ssh_it_says_how_to_reach_it() -> None:
    assert tunnel_line(8321, {"SSH_CONNECTION": "1.2.3.4 5555 9.8.7.6 22", "USER": "ada"}) == (
        "ssh -N -L 8321:127.0.0.1:8321 ada@9.8.7.6"
    )
    assert tunnel_line(1, {"SSH_CONNECTION": "1.2.3.4 5555 9.8.7.6 2222"}) == "ssh -N -L 1:127.0.0.1:1 -p 2222 9.8.7.6"
    assert tunnel_line(1, {}) is None
    inside = tunnel_line(1, {"SSH_CONNECTION": "10.0.0.1 5555 10.0.0.2 22"})
    assert inside == f"ssh -N -L 1:127.0.0.1:1 {socket.gethostname()}"
