"""Beginning runs and ending them: one, one after another, and from many processes at once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any

from measurements.timing import config_of_50


def first_init(tool: Any) -> float:
    """Seconds until the first run of a process has begun, the package being imported."""
    exec(tool.imports or "pass", {})
    config = config_of_50()
    begun_s: list[float] = []
    begin_s = time.perf_counter()
    tool.in_run(config, lambda _: begun_s.append(time.perf_counter()))
    return begun_s[0] - begin_s


def later_inits(tool: Any, before: int, times: int, longest_s: float) -> dict[str, list[int]]:
    """Nanoseconds until a run has begun, in a process and a store that have had so many already."""
    found: dict[str, list[int]] = {"wall": [], "cpu": []}
    for number in range(before):
        tool.in_run(config_of_50(number), _nothing)
    until_s = time.monotonic() + longest_s
    for number in range(times):
        config = config_of_50(number)
        ends: list[int] = []
        begin_cpu, begin = time.thread_time_ns(), time.perf_counter_ns()
        tool.in_run(config, lambda _, ends=ends: ends.extend((time.perf_counter_ns(), time.thread_time_ns())))
        found["wall"].append(ends[0] - begin)
        found["cpu"].append(ends[1] - begin_cpu)
        if time.monotonic() > until_s:
            break
    return found


def runs(tool: Any, processes: int, times: int, changes: int, longest_s: float) -> dict[str, Any]:
    """Runs from so many forked processes at once, each as many as asked for or as fit into the time.

    Every process has had one run before the clock starts: services and stores are there. With changes, the configuration is
    small, and so many keys are set one by one.
    """
    exec(tool.imports or "pass", {})
    told = _together(lambda process: _work(tool, process, times, changes, longest_s), processes, tool)
    done = [each for each in told if "seconds" in each]
    last_s = max((each["ended"] for each in done), default=0.0)
    first_s = min((each["began"] for each in done), default=0.0)
    return {
        "seconds": last_s - first_s,
        "runs": sum(each["runs"] for each in done),
        "failed": sum(each["failed"] for each in done) + len(told) - len(done),
        "said": next((each["said"] for each in told if each.get("said")), ""),
    }


def _work(tool: Any, process: int, times: int, changes: int, longest_s: float) -> dict[str, Any]:
    began_s = time.monotonic()
    ended, failed, said = 0, 0, ""
    for turn in range(times):
        if time.monotonic() - began_s > longest_s:
            break
        config = {"process": process, "turn": turn} if changes else config_of_50(turn)
        try:
            tool.in_run(config, lambda run, turn=turn: change(tool, run, changes, process + turn * 0.5))
            ended += 1
        except Exception as error:
            failed += 1
            said = said or f"{type(error).__name__}: {error}"[:200]
            tool.abandon()
    ended_s = time.monotonic()
    numbers = {"runs": ended, "failed": failed, "began": began_s, "ended": ended_s, "seconds": ended_s - began_s}
    return {**numbers, "said": said}


def change(tool: Any, run: Any, changes: int, value: float) -> None:
    """Set so many new keys; results instead, where a key cannot be set."""
    for number in range(changes):
        if "sets" in tool.unable:
            tool.log(run, number, value)
        else:
            tool.change(run, f"change_{number}", value)


def _nothing(run: Any) -> None:
    """Nothing happens in this run."""


def _together(work: Callable[[int], dict[str, Any]], processes: int, tool: Any) -> list[dict[str, Any]]:
    """What forked processes say that were let go together, when all of them had had a first run."""
    if processes == 1:
        tool.in_run(config_of_50(), _nothing)
        return [work(0)]
    _alone(tool)
    ready_out, ready_in = os.pipe()
    wait_out, wait_in = os.pipe()
    pids = [_child(work, process, tool, ready_in, wait_out, wait_in) for process in range(processes)]
    os.close(ready_in)
    os.close(wait_out)
    heard = b""
    while len(heard) < processes and (piece := os.read(ready_out, processes)):
        heard += piece
    os.close(wait_in)
    told = []
    for process, pid in enumerate(pids):
        os.waitpid(pid, 0)
        name = f"told-{process}.json"
        if os.path.exists(name):
            with open(name, encoding="utf-8") as file:
                told.append(json.load(file))
            os.remove(name)
        else:
            told.append({})
    return told


def _alone(tool: Any) -> None:
    """One run in one forked process: it makes the store, which some tools cannot do at the same time."""
    pid = os.fork()
    if pid:
        os.waitpid(pid, 0)
        return
    try:
        tool.in_run(config_of_50(), _nothing)
    finally:
        os._exit(0)


def _child(work: Callable[[int], Any], process: int, tool: Any, ready_in: int, wait_out: int, wait_in: int) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        os.close(wait_in)
        told: dict[str, Any] = {}
        try:
            tool.in_run(config_of_50(), _nothing)
            os.write(ready_in, b"r")
            os.close(ready_in)
            os.read(wait_out, 1)
            told = work(process)
        except Exception as error:
            told = {"said": f"first run: {type(error).__name__}: {error}"[:200]}
            os.write(ready_in, b"f")
        with open(f"told-{process}.json", "w", encoding="utf-8") as file:
            json.dump(told, file)
    finally:
        os._exit(0)
