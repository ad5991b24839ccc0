"""Clocks, and the configuration that everything is given."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

KEYS = 50
TURNS = 20_000  # of a loop whose body holds the operation ten times, where that takes LOOP_NS at most
LOOP_NS = 15_000_000


def loop_of(statement: str, **names: Any) -> Callable[[int], int]:
    """A function that runs a statement ten times in each of so many turns, on local variables; its answer is nanoseconds."""
    body = "; ".join([statement] * 10) if statement != "pass" else "pass"
    code = f"def loop(turns, {', '.join(names)}):\n begin = clock()\n for _ in turns: {body}\n return clock() - begin"
    scope: dict[str, Any] = {"clock": time.perf_counter_ns, "object": object}
    exec(code, scope)
    return lambda turns: int(scope["loop"](range(turns), **names))


def interleaved(loops: dict[str, Callable[[int], int]], repeats: int) -> dict[str, list[float]]:
    """Run loops in turns; nanoseconds of one operation each time, the least that an empty loop took subtracted."""
    empty = loop_of("pass")
    found: dict[str, list[float]] = {name: [] for name in loops}
    overheads = [empty(TURNS)]
    turns = {name: max(10, min(TURNS, int(LOOP_NS / max(loop(20) / 20, 1)))) for name, loop in loops.items()}
    for name, loop in loops.items():
        loop(turns[name])
    for _ in range(repeats):
        overheads.append(empty(TURNS))
        for name, loop in loops.items():
            found[name].append(loop(turns[name]) / (10 * turns[name]))
    overhead = min(overheads) / (10 * TURNS)  # its own round's would turn a busy moment into a negative time
    return {name: [sample - overhead for sample in samples] for name, samples in found.items()}


def each_call(call: Callable[[int], object], times: int, longest_s: float = 60.0) -> dict[str, list[int]]:
    """Wall and own processor nanoseconds of every call, the clocks' own cost subtracted; fewer calls when they are slow."""
    wall, cpu = time.perf_counter_ns, time.thread_time_ns
    costs = []
    for _ in range(2000):
        begin = cpu()
        costs.append(cpu() - begin)
    clock_cost = sorted(costs)[len(costs) // 2]
    walls: list[int] = []
    cpus: list[int] = []
    until_s = time.monotonic() + longest_s
    for number in range(times):
        begin_cpu = cpu()
        begin = wall()
        call(number)
        end = wall()
        cpus.append(cpu() - begin_cpu - clock_cost)
        walls.append(end - begin)
        if number % 10 == 9 and time.monotonic() > until_s:
            break
    return {"wall": walls, "cpu": cpus}


def config_of_50(seed: int = 0) -> dict[str, Any]:
    """Fifty leaves: numbers, strings, some of them in a section."""
    config: dict[str, Any] = {f"key_{at}": at * 0.5 + seed for at in range(20)}
    config.update({f"name_{at}": f"value {at}" for at in range(10)})
    config["model"] = {f"size_{at}": at for at in range(20)}
    return config
