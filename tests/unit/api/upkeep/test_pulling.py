"""Runs brought from a real machine over ssh (this one, by an sshd of the test's own) and from a folder."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from givens.api import open_run
from givens.api.stored.opening import open_in, runs_of
from givens.api.upkeep.packing import pack_store
from givens.api.upkeep.pulling import elsewhere, pull
from givens.errors import PullError
from givens.journal.layout import Store
from givens.journal.packing import Loose, pack
from givens.query.nodes import EVERYTHING
from givens.query.parser import parse

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})
SETPRIV = shutil.which("setpriv")


def given(lr: float) -> tuple[str, dict[str, Any]]:
    return "set", {"s": [[["lr"], lr, 0]], "o": [{"kind": "code"}]}


def configs(store: Store) -> dict[str, object]:
    return {run.id: run.config.get("lr") for run in runs_of(store).runs}


def _obeying_modes() -> list[str]:
    """What has root obey the modes of files, so that there may be one that is not to be read."""
    if os.geteuid() != 0 or SETPRIV is None:
        return []
    return [SETPRIV, "--bounding-set=-dac_override,-dac_read_search", "--"]


class Remote:
    """A host called ``node7``, which is this machine behind an sshd of its own."""

    def __init__(self, folder: Path, sshd: str) -> None:
        self.folder = folder
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            port = found.getsockname()[1]
        for name in ("host_key", "key"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)], check=True)
        (folder / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {folder}/host_key\nAuthorizedKeysFile {folder}/key.pub\n"
            "StrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin yes\nPidFile none\n"
        )
        (folder / "ssh_config").write_text(
            f"Host node7\n HostName 127.0.0.1\n Port {port}\n IdentityFile {folder}/key\n BatchMode yes\n"
            " UserKnownHostsFile /dev/null\n StrictHostKeyChecking no\n LogLevel ERROR\n"
        )
        self.bin = folder / "bin"
        self.bin.mkdir()
        # what ssh reads by itself is the user's own configuration, which no test may touch
        (self.bin / "ssh").write_text(f'#!/bin/sh\nexec {shutil.which("ssh")} -F {folder}/ssh_config "$@"\n')
        (self.bin / "ssh").chmod(0o755)
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        command = [*_obeying_modes(), sshd, "-D", "-e", "-f", str(folder / "sshd_config")]
        self.server = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert self.server.stderr is not None
        for line in self.server.stderr:
            if "listening" in line:
                break
        else:
            raise AssertionError("sshd did not start")


@pytest.fixture(scope="module")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Remote]:
    """``node7``; its server ends with the module's tests."""
    sshd = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if sshd is None or shutil.which("ssh") is None:
        pytest.skip("openssh-server is not installed (apt-get install openssh-server): nothing to pull from")
    there = Remote(tmp_path_factory.mktemp("node7"), sshd)
    yield there
    there.server.terminate()
    there.server.communicate()


@pytest.fixture(params=["rsync", "tar"])
def by(request: pytest.FixtureRequest, remote: Remote, monkeypatch: pytest.MonkeyPatch) -> str:
    """With rsync on the path, and with nothing but ssh."""
    if request.param == "rsync" and shutil.which("rsync") is None:
        pytest.skip("rsync is not installed (apt-get install rsync)")
    monkeypatch.setenv("PATH", f"{remote.bin}:{os.environ['PATH']}" if request.param == "rsync" else str(remote.bin))
    return str(request.param)


def test_runs_come_over_ssh_with_all_that_belongs_to_them(by: str, journals: StoreOfJournals, tmp_path: Path) -> None:
    blob = b'"' + b"x" * 70_000 + b'"'
    name = sha256(blob).hexdigest()
    (tmp_path / ".givens" / "blobs").mkdir()
    (tmp_path / ".givens" / "blobs" / name).write_bytes(blob)
    big = ("set", {"s": [[["text"], {"~": "blob", "sha256": name, "bytes": len(blob)}, 0]], "o": [{"kind": "code"}]})
    journals.write("aaa", given(0.1), big, FINISH)
    journals.write("bbb", given(0.2), FINISH)
    journals.write("ccc", given(0.3))
    (tmp_path / ".givens" / "runs" / "no journal.txt").write_text("x")
    (tmp_path / ".givens" / "outputs" / "aaa").mkdir(parents=True)
    here = Store(str(tmp_path / "here" / ".givens"))

    pulled = pull(f"node7:{tmp_path}", here)
    assert (pulled.by, pulled.runs, pulled.went_on, pulled.merged.problems) == (by, ["aaa", "bbb", "ccc"], [], [])
    assert configs(here) == {"aaa": 0.1, "bbb": 0.2, "ccc": 0.3}
    assert open_in(here, "aaa").config["text"] == "x" * 70_000
    assert sorted(os.listdir(here.path)) == [".gitignore", "blobs", "incoming", "runs", "store.json"]
    left = {name.partition(".")[2] for name in os.listdir(os.path.join(here.path, "incoming"))}
    assert left == ({"lock", "json"} if by == "rsync" else {"lock"})

    path = tmp_path / ".givens" / "runs" / "ccc.jsonl"
    whole = path.read_bytes()
    longer = tmp_path / "more"
    other = type(journals)(longer)
    grown = other.write("ccc", given(0.3), FINISH)
    path.write_bytes(grown.read_bytes())
    pulled = pull(f"node7:{tmp_path}/.givens", here)
    assert (pulled.runs, pulled.went_on) == ([], ["ccc"])
    assert open_in(here, "ccc").state == "finished"

    path.write_bytes(whole)  # an older copy there takes nothing away here
    pulled = pull(f"node7:{tmp_path}", here)
    assert (pulled.runs, pulled.went_on, pulled.merged.problems) == ([], [], [])
    assert open_in(here, "ccc").state == "finished"


def test_a_filter_brings_only_what_passes_also_out_of_packs(by: str, journals: StoreOfJournals, tmp_path: Path) -> None:
    for number in range(4):
        journals.write(f"run{number}", given(number / 10), FINISH)
    pack_store(journals.store)
    journals.write("run4", given(0.1), FINISH)
    here = Store(str(tmp_path / "here" / ".givens"))
    assert pull(f"node7:{tmp_path}", here, parse("config.lr == 0.1")).runs == ["run1", "run4"]
    assert configs(here) == {"run1": 0.1, "run4": 0.1}
    assert pull(f"node7:{tmp_path}", here, parse("config.lr >= 0.1")).runs == ["run2", "run3"]
    assert not pull(f"node7:{tmp_path}", here, parse("config.lr >= 0.1")).merged.taken


def test_what_may_not_be_read_there_is_named_and_the_rest_comes(
    by: str, journals: StoreOfJournals, tmp_path: Path
) -> None:
    if os.geteuid() == 0 and SETPRIV is None:
        pytest.skip("setpriv is not installed (apt-get install util-linux): root may read everything")
    for name in ("aaa", "bbb", "ccc"):
        journals.write(name, given(0.1), FINISH)
    closed = tmp_path / ".givens" / "runs" / "bbb.jsonl"
    closed.chmod(0)
    here = Store(str(tmp_path / "here" / ".givens"))
    pulled = pull(f"node7:{tmp_path}", here)
    assert pulled.runs == ["aaa", "ccc"]
    (problem,) = pulled.merged.problems
    assert problem.startswith(by) and "runs/bbb.jsonl" in problem and "Permission denied" in problem
    closed.chmod(0o600)
    pulled = pull(f"node7:{tmp_path}", here)
    assert (pulled.runs, pulled.merged.problems) == (["bbb"], [])


@pytest.mark.skipif(shutil.which("rsync") is None, reason="rsync is not installed (apt-get install rsync)")
@pytest.mark.parametrize("by", ["rsync"], indirect=True)
@pytest.mark.parametrize("text", ["", "config.lr >= 0"])
def test_what_is_packed_here_is_not_sent_again_and_what_grew_there_is(
    by: str, journals: StoreOfJournals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    node = parse(text) if text else EVERYTHING
    told = tmp_path / "bin"
    told.mkdir()
    (told / "rsync").write_text(
        f'#!/bin/sh\nexec {shutil.which("rsync")} --out-format=%n "$@" >> {tmp_path}/sent\n'  # and it says what it sends
    )
    (told / "rsync").chmod(0o755)
    monkeypatch.setenv("PATH", f"{told}:{os.environ['PATH']}")

    def sent() -> list[str]:
        said = (tmp_path / "sent").read_text().split()
        (tmp_path / "sent").write_text("")
        return [name for name in said if name.endswith("l")]

    grown = type(journals)(tmp_path / "more").write("bbb", given(0.2), FINISH).read_bytes()
    for name in ("aaa", "bbb"):
        journals.write(name, given(0.1 if name == "aaa" else 0.2), FINISH)
    there = tmp_path / ".givens" / "runs" / "bbb.jsonl"
    first = grown[: grown.index(b"\n") + 1]
    there.write_bytes(first)
    here = Store(str(tmp_path / "here" / ".givens"))
    assert pull(f"node7:{tmp_path}", here).runs == ["aaa", "bbb"]
    assert sent() == ["runs/aaa.jsonl", "runs/bbb.jsonl"]
    pack(here, [Loose(f"runs/{name}.jsonl", Path(here.run_file(name)).read_bytes()) for name in ("aaa", "bbb")])
    pulled = pull(f"node7:{tmp_path}", here, node)
    assert (pulled.runs, pulled.went_on, pulled.merged.problems, sent()) == ([], [], [], [])
    there.write_bytes(grown)
    pulled = pull(f"node7:{tmp_path}", here, node)
    assert (pulled.runs, pulled.went_on, sent()) == ([], ["bbb"], ["runs/bbb.jsonl"])
    assert configs(here) == {"aaa": 0.1, "bbb": 0.2}


def test_what_cannot_be_reached_is_one_line(by: str, tmp_path: Path) -> None:
    here = Store(str(tmp_path / "here" / ".givens"))
    with pytest.raises(PullError, match=r"node7:/no/such: there is no store; give the folder that holds \.givens"):
        pull("node7:/no/such", here)
    with pytest.raises(PullError, match="cannot pull from no-such-host.invalid:work: ssh: .*try: ssh no-such-host"):
        pull("no-such-host.invalid:work", here)
    with pytest.raises(PullError, match="that is no host"):
        pull("-oProxyCommand=touch:x", here)
    assert runs_of(here).runs == []


def carried_by(script: str, remote: Remote, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An ssh on the path that runs a script where files are carried by tar, and the real one for all else."""
    instead = folder / "bin" / "ssh"
    instead.parent.mkdir()
    instead.write_text(f'#!/bin/sh\ncase "$*" in *tar*) {script};; esac\nexec {remote.bin}/ssh "$@"\n')
    instead.chmod(0o755)
    monkeypatch.setenv("PATH", str(instead.parent))


def test_a_pull_that_breaks_off_leaves_a_whole_store(
    remote: Remote, journals: StoreOfJournals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(30):
        journals.write(f"run{number:02}", given(number), ("log", {"m": {"x" * 5000: 1}, "step": 0}), FINISH)
    # the connection that carries the files ends after 60,000 bytes, as one that is lost
    carried_by(f'{remote.bin}/ssh "$@" | /usr/bin/head -c 60000; exit 255', remote, tmp_path, monkeypatch)
    here = Store(str(tmp_path / "here" / ".givens"))
    with pytest.raises(PullError, match="nothing was taken; pull again"):
        pull(f"node7:{tmp_path}", here)
    assert runs_of(here).runs == []
    monkeypatch.setenv("PATH", str(remote.bin))
    assert len(pull(f"node7:{tmp_path}", here).runs) == 30


def test_what_the_other_side_complains_of_at_length_holds_nothing_up(
    remote: Remote, journals: StoreOfJournals, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journals.write("aaa", given(0.1), FINISH)
    # more than a pipe holds, before the first byte of the archive
    line = "tar: runs/x.jsonl: Cannot open: Permission denied"
    noise = f"i=0; while [ $i -lt 4000 ]; do echo '{line}' >&2; i=$((i+1)); done"
    carried_by(f'{noise}; {remote.bin}/ssh "$@"; exit 2', remote, tmp_path, monkeypatch)
    here = Store(str(tmp_path / "here" / ".givens"))
    pulled = pull(f"node7:{tmp_path}", here)
    assert pulled.runs == ["aaa"]
    assert len(pulled.merged.problems) == 4000


def test_a_pull_killed_while_it_merges_goes_on_the_next_time(journals: StoreOfJournals, tmp_path: Path) -> None:
    for number in range(20):
        journals.write(f"run{number:02}", given(number), FINISH)
    here = tmp_path / "here" / ".givens"
    program = (
        "import os, sys, givens.api.upkeep.merging as merging\n"
        "from givens.api.upkeep.pulling import pull\n"
        "from givens.journal.layout import Store\n"
        "os.replace = lambda a, b, real=os.replace, left=[7]: (left.append(left.pop() - 1), "
        "os.kill(os.getpid(), 9) if left[0] < 0 else real(a, b))\n"
        f"pull({str(tmp_path)!r}, Store({str(here)!r}))\n"
    )
    assert subprocess.run([sys.executable, "-c", program]).returncode == -9
    found = runs_of(Store(str(here)))
    assert len(found.runs) == 7 and not found.unreadable and all(not run.problems for run in found.runs)
    assert len(pull(str(tmp_path), Store(str(here))).runs) == 13


def test_a_folder_of_this_machine_is_merged_without_ssh(journals: StoreOfJournals, tmp_path: Path) -> None:
    journals.write("aaa", given(0.1), FINISH)
    here = Store(str(tmp_path / "here" / ".givens"))
    assert pull(str(tmp_path / ".givens"), here)[:3] == (str(tmp_path / ".givens"), ["aaa"], [])
    assert open_run("aaa", dir=tmp_path / "here").config.lr == 0.1
    assert not pull(str(tmp_path), here).merged.taken
    with pytest.raises(PullError, match="there is no store"):
        pull(str(tmp_path / "runs"), here)
    with pytest.raises(PullError, match="that is this store itself"):
        pull(str(tmp_path), journals.store)


@pytest.mark.parametrize(
    ("text", "host", "path"),
    [
        ("node7:work", "node7", "./work"),
        ("ada@node7:~/work", "ada@node7", "./work"),
        ("node7:", "node7", "./"),
        ("node7:/scratch/a b", "node7", "/scratch/a b"),
        ("/mnt/a:b", None, "/mnt/a:b"),
        ("C:/runs", None, "C:/runs"),
    ],
)
def test_where_a_source_lies(text: str, host: str | None, path: str) -> None:
    assert elsewhere(text)[1:] == (host, path)
