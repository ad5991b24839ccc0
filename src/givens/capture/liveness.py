"""Who this process is among all processes of all machines, and whether another one is gone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from .small_file import read_bytes

#: Names that many machines share, so that they tell no machine apart.
_NAMELESS = frozenset(("", "localhost", "localhost.localdomain", "(none)"))


class Identity(NamedTuple):
    """One process, told apart from every other.

    Args:
        host: the machine's name.
        boot_id: the kernel's id of the machine's present boot; None where there is no ``/proc``.
        pid: the process id, as seen in its own namespace.
        pid_namespace: which namespace that is (containers have their own); None where there are none.
        started: when the process began, in clock ticks since boot; None where there is no ``/proc``.
    """

    host: str
    boot_id: str | None
    pid: int
    pid_namespace: str | None
    started: int | None


def identity() -> Identity:
    """This process. Asked anew each time: a forked child is somebody else."""
    boot_id = read_bytes("/proc/sys/kernel/random/boot_id")
    stat = _stat("self")
    return Identity(
        host=host(),
        boot_id=boot_id.strip().decode("ascii", "replace") if boot_id else None,
        pid=os.getpid(),
        pid_namespace=_pid_namespace(),
        started=stat[1] if stat else None,
    )


def identity_of(start: Mapping[str, Any]) -> Identity:
    """The process that a journal's start line names; what it does not say, nobody has."""
    pid, started = start.get("pid"), start.get("started")
    return Identity(
        host=str(start.get("host") or ""),
        boot_id=start.get("boot_id"),
        pid=pid if type(pid) is int else -1,
        pid_namespace=start.get("pid_namespace"),
        started=started if type(started) is int else None,
    )


def host() -> str:
    """The machine's name, as it calls itself."""
    if hasattr(os, "uname"):
        return os.uname().nodename
    return os.environ.get("COMPUTERNAME", "")


def is_gone(identity: Identity, here: Identity) -> bool | None:
    """Whether a process has ended, as far as ``here`` can tell.

    Returns:
        True when it is gone, or its pid belongs to another by now; False when it is alive;
        None when that cannot be known from here (another machine, another container, a process one may not look at).
    """
    if identity.boot_id is not None and here.boot_id is not None:
        if identity.boot_id != here.boot_id:
            # No process outlives its machine's boot; but is it the same machine?
            return True if identity.host == here.host and here.host not in _NAMELESS else None
    elif identity.host != here.host or here.host in _NAMELESS:
        return None
    if identity.pid_namespace != here.pid_namespace:
        return None
    if identity.pid == here.pid and identity.started == here.started:
        return False
    stat = _stat(str(identity.pid))
    if stat is None:
        return None if _exists(identity.pid) else True
    state, started = stat
    if state in "ZX":  # ended, and only its parent has not asked yet
        return True
    if identity.started is None:
        return None
    return started != identity.started


def parent_of(process: Identity) -> Identity | None:
    """The process that started another one of this machine; None where there is none, or nobody can tell."""
    fields = _fields(str(process.pid))
    above = int(fields[1]) if fields else os.getppid() if process.pid == os.getpid() else 0
    if above < 1:
        return None
    stat = _stat(str(above))
    return process._replace(pid=above, started=stat[1] if stat else None)


def age_s() -> float | None:
    """How long ago this process began, in seconds; None where there is no ``/proc``."""
    stat, uptime = _stat("self"), read_bytes("/proc/uptime")
    if stat is None or not uptime:
        return None
    return max(0.0, float(uptime.split()[0]) - stat[1] / os.sysconf("SC_CLK_TCK"))


def _stat(process: str) -> tuple[str, int] | None:
    """State letter and start time of a process, from ``/proc``."""
    fields = _fields(process)
    return (fields[0].decode("ascii"), int(fields[19])) if fields else None


def _fields(process: str) -> list[bytes]:
    """What ``/proc`` says of a process, from its state letter on; nothing where it says nothing."""
    content = read_bytes(f"/proc/{process}/stat", 4096)
    # The second field is the program's name in parentheses and may hold anything, parentheses included.
    fields = content[content.rfind(b")") + 2 :].split() if content else []
    return fields if len(fields) > 19 and fields[1].isdigit() and fields[19].isdigit() else []


def _pid_namespace() -> str | None:
    try:
        return os.readlink("/proc/self/ns/pid")
    except (OSError, AttributeError, NotImplementedError):
        return None


def _exists(pid: int) -> bool:
    """Whether any process has this pid, where ``/proc`` does not say."""
    if pid <= 0:
        return False
    if sys.platform == "win32":
        return _exists_on_windows(pid)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # somebody else's, but there
    return True


def _exists_on_windows(pid: int) -> bool:
    # os.kill(pid, 0) would send Ctrl-C there.
    if sys.platform != "win32":
        return False
    import ctypes

    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    synchronize, access_denied, signalled = 0x00100000, 5, 0
    process = kernel.OpenProcess(synchronize, False, pid)
    if not process:
        return bool(ctypes.get_last_error() == access_denied)
    try:
        return bool(kernel.WaitForSingleObject(process, 0) != signalled)
    finally:
        kernel.CloseHandle(process)
