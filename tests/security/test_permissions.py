"""Files: as open as the umask says, secrets' key for nobody else, and nothing made more open than it was."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import os, sys
os.umask(int(sys.argv[1], 8))
import givens
from givens.cli.root import run
for lr in (1, 2):
    handle = givens.init(config={"lr": lr, "long": list(range(20_000)), "api_key": "abcdefghijklmnop"})
    open(os.path.join(handle.dir, "out.txt"), "w").close()
    handle.finish()
from givens.lifecycle.current import current
os.waitpid(current.surroundings.child, 0)
for line in (["edit", "last", "--set", "lr=3"], ["ls"], ["pack"], ["rm", "last"], ["export", "-o", "out.html"]):
    assert run(line) == 0, line
"""


def modes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): stat.S_IMODE(path.lstat().st_mode) for path in folder.rglob("*")}


@pytest.mark.parametrize("umask", ["077", "022", "007"])
def test_the_umask_is_kept_by_every_file(tmp_path: Path, umask: str) -> None:
    home, work = tmp_path / "home", tmp_path / "work"
    work.mkdir()
    (work / "pyproject.toml").write_text("")
    env = {
        **os.environ,
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "GIVENS_SILENT": "1",
    }
    done = subprocess.run([sys.executable, "-c", SCRIPT, umask], cwd=work, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    forbidden = int(umask, 8)
    found = modes(work / ".givens")
    for name in ("packs", "blobs", "edits", "heads", "trash", "outputs", "env"):
        assert any(path.startswith(f"{name}/") for path in found), name
    assert {path: oct(mode) for path, mode in found.items() if mode & forbidden} == {}
    assert stat.S_IMODE((work / "out.html").stat().st_mode) & forbidden == 0
    key = home / "config" / "givens" / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) & 0o077 == 0


def test_a_pack_is_as_closed_as_what_went_into_it(tmp_path: Path) -> None:
    import givens
    from givens.api.upkeep.packing import pack_store
    from givens.journal.layout import Store

    for lr in (1, 2):
        givens.init(dir=str(tmp_path), id=f"run{lr}", config={"lr": lr}, reinit="finish_previous").finish()
    store = Store(str(tmp_path / ".givens"))
    os.chmod(store.run_file("run1"), 0o600)
    (path,) = pack_store(store).packs
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
