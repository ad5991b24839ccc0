"""What the numbers were measured on."""

from __future__ import annotations

import os
import platform
import sys


def describe(folder: str) -> dict[str, str]:
    """Processor, cores, load, Python, system, and the file system that the stores lie on."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else (float("nan"),)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": _processor(),
        "cores": str(cores),
        "load before": f"{load[0]:.1f}",
        "python": f"{platform.python_implementation()} {sys.version.partition(' ')[0]}",
        "system": f"{platform.system()} {platform.release()}",
        "stores on": _file_system(folder),
    }


def busy_elsewhere_s() -> float:
    """Processor seconds since boot that went neither to this process, nor to its children, nor to idling."""
    try:
        with open("/proc/stat", encoding="ascii") as file:
            ticks = [int(word) for word in file.readline().split()[1:]]
    except (OSError, ValueError):
        return 0.0
    idle_and_waiting = ticks[3] + ticks[4]
    busy_s = (sum(ticks[:8]) - idle_and_waiting) / os.sysconf("SC_CLK_TCK")
    return busy_s - sum(os.times()[:4])


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _file_system(folder: str) -> str:
    here = os.path.realpath(folder)
    best = ("", "unknown")
    try:
        with open("/proc/mounts", encoding="utf-8") as file:
            for line in file:
                _, place, kind, *_ = line.split()
                if (here + "/").startswith(place.rstrip("/") + "/") and len(place) >= len(best[0]):
                    best = (place, kind)
    except OSError:
        return "unknown"
    return best[1]
