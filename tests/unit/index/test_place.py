from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from givens.errors import StoreError
from givens.index import place
from givens.journal.layout import Store

MOUNTS = """\
/dev/vda / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/vdb /home/local xfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
sshfs /mnt/with\\040space fuse.sshfs rw 0 0
scratch /scratch lustre rw 0 0
gpfs0 /gpfs gpfs rw 0 0
//win/share /share cifs rw 0 0
/dev/vdc /share/inner ext4 rw 0 0
overlay /over overlay rw 0 0
/dev/vdd /twice ext4 rw 0 0
server:/x /twice nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("folder", "local"),
    [
        ("/var/x", True),
        ("/home/ada/.givens", False),
        ("/home/local/ada", True),
        ("/homework", True),
        ("/tmp/x", True),
        ("/mnt/with space/x", False),
        ("/scratch/x", False),
        ("/gpfs", False),
        ("/share/a", False),
        ("/share/inner/a", True),
        ("/over/x", True),
        ("/twice/x", False),
    ],
)
def test_a_folder_is_local_by_the_mount_it_lies_on(folder: str, local: bool) -> None:
    assert place.is_local(folder, MOUNTS) is local


def test_without_a_table_of_mounts_every_folder_is_local() -> None:
    assert place.is_local("/anywhere", "")


@pytest.fixture
def homes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store, a cache and a temporary folder, each by itself."""
    for name in ("store", "cache", "tmp"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    store = Store(str(tmp_path / "store" / ".givens"))
    store.make()
    return store


def remote(*folders: Path) -> str:
    return "/dev/vda / ext4 rw 0 0\n" + "".join(f"server:/x {folder} nfs4 rw 0 0\n" for folder in folders)


def test_the_store_comes_first_then_the_cache_then_the_temporary_folder(homes: Store, tmp_path: Path) -> None:
    store, cache, tmp = tmp_path / "store", tmp_path / "cache", tmp_path / "tmp"
    assert place.folder_for(homes, remote()) == os.path.join(homes.path, "index")
    assert place.folder_for(homes, remote(store)).startswith(str(cache / "givens"))
    found = place.folder_for(homes, remote(store, cache))
    assert found.startswith(str(tmp))
    assert stat.S_IMODE(os.stat(found).st_mode) == 0o700
    with pytest.raises(StoreError, match="no place for its index"):
        place.folder_for(homes, remote(store, cache, tmp))


def test_a_store_on_a_remote_disk_gets_no_folder_for_an_index(homes: Store, tmp_path: Path) -> None:
    place.folder_for(homes, remote(tmp_path / "store"))
    assert not os.path.exists(os.path.join(homes.path, "index"))


def test_two_stores_have_two_places_in_the_cache(homes: Store, tmp_path: Path) -> None:
    other = Store(str(tmp_path / "store" / "other"))
    assert place.candidates(homes)[1] != place.candidates(other)[1]


def test_a_place_that_cannot_be_written_is_passed_over(homes: Store, tmp_path: Path) -> None:
    Path(homes.path, "index").write_text("a file where the folder would be")
    assert place.folder_for(homes, remote()).startswith(str(tmp_path / "cache"))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="needs users")
def test_files_that_come_and_go_beside_it_do_not_send_it_elsewhere(homes: Store) -> None:
    first = place.folder_for(homes, "")
    churn = "import os, sys\nwhile True:\n    open(sys.argv[1], 'w').close()\n    os.unlink(sys.argv[1])"
    others = [
        subprocess.Popen([sys.executable, "-c", churn, os.path.join(first, f"v7-000001.sqlite-{number}")])
        for number in range(2)
    ]
    try:
        assert {place.folder_for(homes, "") for _ in range(3000)} == {first}
    finally:
        for each in others:
            each.kill()
            each.wait()


def test_a_link_that_somebody_put_into_the_temporary_folder_is_not_trusted(homes: Store, tmp_path: Path) -> None:
    store, cache = tmp_path / "store", tmp_path / "cache"
    (tmp_path / "trap").mkdir()
    (tmp_path / "tmp" / f"givens-{os.getuid()}").symlink_to(tmp_path / "trap")
    with pytest.raises(StoreError):
        place.folder_for(homes, remote(store, cache))
