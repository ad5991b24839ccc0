"""The machine that a run is on: system, processor, memory, accelerators."""

from __future__ import annotations

import os
from typing import Any

_NVIDIA = ["nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"]


def describe(limit_s: float = 2.0) -> dict[str, Any]:
    """What is known of this machine.

    Args:
        limit_s: how long the accelerators' own tool may take, in seconds.

    Returns:
        ``system``, ``processor``, ``cores`` (of the machine), ``cores_usable`` (by this process), ``memory_bytes``,
        ``accelerators`` (a list of ``{"name", "memory_bytes", "driver"}``); what is not known is left out.
    """
    import platform

    found = {
        "system": platform.platform(),
        "processor": _processor() or platform.processor() or None,
        "cores": os.cpu_count(),
        "cores_usable": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "memory_bytes": _memory_bytes(),
        "accelerators": accelerators(limit_s) or None,
    }
    return {name: value for name, value in found.items() if value is not None}


def accelerators(limit_s: float = 2.0) -> list[dict[str, Any]]:
    """The NVIDIA devices that their own tool names; none where it is not installed or does not answer in time."""
    import subprocess

    try:
        done = subprocess.run(
            _NVIDIA, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=limit_s, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return []
    found: list[dict[str, Any]] = []
    for line in done.stdout.splitlines() if done.returncode == 0 else ():
        name, _, rest = line.partition(",")
        memory, _, driver = rest.partition(",")
        mebibytes = memory.strip()
        device: dict[str, Any] = {"name": name.strip(), "driver": driver.strip()}
        if mebibytes.isdigit():
            device["memory_bytes"] = int(mebibytes) * 1024 * 1024
        found.append(device)
    return found


def _processor() -> str | None:
    try:
        with open("/proc/cpuinfo", encoding="utf-8", errors="replace") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass  # not Linux: platform knows something
    return None


def _memory_bytes() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows; a system without these names
        return None
