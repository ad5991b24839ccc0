from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from givens.journal.try_lock import TryLock


def test_only_one_has_the_lock(tmp_path: Path) -> None:
    one, two = TryLock(str(tmp_path / "lock")), TryLock(str(tmp_path / "lock"))
    assert one.acquire()
    assert not two.acquire()
    one.release()
    one.release()
    assert two.acquire()
    two.release()


HOLDER = """
import sys
from givens.journal.try_lock import TryLock
lock = TryLock(sys.argv[1])
print(lock.acquire(), flush=True)
sys.stdin.readline()
"""


def test_the_lock_of_a_process_that_died_is_free(tmp_path: Path) -> None:
    path = str(tmp_path / "lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        lock = TryLock(path)
        assert not lock.acquire()
        process.kill()
        process.wait()
    assert lock.acquire()
    lock.release()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child_does_not_keep_the_lock(tmp_path: Path) -> None:
    lock = TryLock(str(tmp_path / "lock"))
    assert lock.acquire()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writer)
        os.read(reader, 1)  # until the parent has looked
        os._exit(0)
    os.close(reader)
    lock.release()
    other = TryLock(str(tmp_path / "lock"))
    taken = other.acquire()
    other.release()
    os.close(writer)
    os.waitpid(child, 0)
    assert taken
