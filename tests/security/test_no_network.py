"""Local mode calls nobody: a whole life of runs, in a network namespace without interfaces and under an audit hook."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

#: what Python asks before it speaks to another machine
LIFE = r"""
import fcntl, glob, http.client, json, os, signal, socket, struct, sys, threading, time, warnings
from urllib.parse import urlsplit
called = []
def watch(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.bind",
                 "socket.sendto", "urllib.Request", "http.client.connect", "ftplib.connect", "smtplib.connect"):
        called.append((event, repr(arguments)))
def look_and_end():
    while not glob.glob(".givens/pages/*"):
        time.sleep(0.02)
    with open(glob.glob(".givens/pages/*")[0]) as note:
        port = urlsplit(json.load(note)["url"]).port
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for path in ("/", "/run/" + handle.id, "/compare?runs=last,last~1", "/keys", "/api/rows", "/static/css/page.css"):
        asked.request("GET", path)
        answer = asked.getresponse()
        answer.read()
        seen.append(answer.status)
    os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(watch)
import givens
from givens.cli.root import run

warnings.simplefilter("ignore")
for number in range(3):
    handle = givens.init(project="p", config={"lr": 0.1 * number, "url": "https://example.org/data", "a": {"b": [1, 2]}})
    handle.config.a.b.append(number)
    handle.log({"loss": 1.0 / (number + 1)}, step=0)
    handle.finish()
import givens.wandb as wandb
wandb.init(config={"lr": 1}, mode="online"); wandb.log({"x": 1}); wandb.finish()
lines = [["ls"], ["show"], ["explain", "last", "lr"], ["history"], ["diff", "last", "last~1"], ["keys"], ["group", "lr"],
         ["pivot", "lr", "a.b", "loss"], ["importance", "loss"], ["duplicates"], ["export", "-o", "out.html"],
         ["export", "-o", "out.csv"], ["pack"], ["edit", "last", "--set", "lr=3"], ["tag", "last", "x"], ["note", "last", "x"],
         ["undo"], ["rm", "last"], ["restore"], ["command", "last"], ["doctor"], ["setup", "--show"],
         ["run", "--set", "lr=5", "--", sys.executable, "train.py"], ["rerun", "last"], ["snapshots"],
         ["scrub", "--key", "url", "--dry-run"], ["pull", "other"]]
with open("train.py", "w") as script:
    script.write("import givens; givens.init(config={'lr': 1})")
givens.init(dir="other", config={"lr": 9}).finish()
codes = [run(line) for line in lines]
print(codes, called, file=sys.stderr)
assert set(codes) <= {0, 1} and set(codes[-5:]) == {0}, codes
assert not called, called
seen = []
if sys.argv[1:] == ["alone"]:  # the loopback of the namespace is down
    with socket.socket() as device:
        fcntl.ioctl(device, 0x8914, struct.pack("16sh22x", b"lo", 1))
os.environ["SSH_CONNECTION"] = "10.0.0.1 5555 10.0.0.2 22"
looks = threading.Thread(target=look_and_end, daemon=True)
looks.start()
assert run(["ui", "--port", "0"]) == 0
looks.join()
print(seen, called, file=sys.stderr)
assert seen == [200] * 6, seen
assert called and not [each for each in called if "'127.0.0.1'" not in each[1]], called
page = open("out.html").read()
assert "https://example.org/data" in page
for word in ('src="http', "src='http", 'href="http', "@import", "url(http", "fetch(", "XMLHttpRequest"):
    assert word not in page, word
interfaces = open("/proc/net/dev").read().count(":")
print("interfaces", interfaces)
"""


def lived(folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    """The whole of it, in a process of its own."""
    (folder / "pyproject.toml").write_text("")
    (folder / "life.py").write_text(LIFE)
    command = [*before, sys.executable, "life.py", *(["alone"] if before else [])]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def test_nobody_is_called(tmp_path: Path) -> None:
    """Where the kernel allows it, in a namespace that has no network at all: also what children do would fail there."""
    alone: tuple[str, ...] = ("unshare", "--user", "--map-root-user", "--net")
    if shutil.which("unshare") is None or subprocess.run([*alone, "true"], capture_output=True).returncode:
        alone = ()
    done = lived(tmp_path, *alone)
    assert done.returncode == 0, done.stderr[-2000:]
    if alone:
        assert done.stdout.rstrip().endswith("interfaces 1"), "the loopback, which is down until the page is served"


def test_only_these_files_know_of_sockets_or_other_programs() -> None:
    """A new one is to be looked at: what is called, when, and what SECURITY.md says of it."""
    import givens

    root = Path(givens.__file__).parent
    words = (
        "import socket",
        "import subprocess",
        "urllib.request",
        "http.client",
        "import ssl",
        "import ftplib",
        "posix_spawn",
    )
    found = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        if any(word in path.read_text("utf-8") for word in words)
    }
    assert found == {
        "api/upkeep/pulling.py",  # ssh and rsync, by `givens pull HOST:PATH` only
        "capture/changes.py",  # git, in the detached capture
        "capture/machine.py",  # nvidia-smi, in the detached capture
        "capture/queue.py",  # squeue, about silent runs of Slurm
        "cli/ui.py",
        "launch/again.py",  # git, by `givens rerun` only
        "launch/snapshot_git.py",  # git, by `--snapshot` only
        "launch/running.py",  # what `givens run` and `rerun` are asked to start
        "lifecycle/surroundings.py",  # the detached capture
        "web/guarding.py",
        "web/serving.py",  # the page's own server
    }


@pytest.mark.parametrize("scheme", ["http://", "https://", "ftp://"])
def test_the_page_has_no_address_of_another_host_but_in_licences(scheme: str) -> None:
    import givens

    web = Path(givens.__file__).parent / "web"
    for path in [*web.rglob("*.js"), *web.rglob("*.css"), *web.rglob("*.html")]:
        text = path.read_text("utf-8")
        at = text.find(scheme)
        while at >= 0:
            assert text.startswith(("http://www.w3.org/", "http://127.0.0.1", "http://localhost"), at), (
                path,
                text[at : at + 60],
            )
            at = text.find(scheme, at + 1)
