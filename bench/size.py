"""How much is measured: everything, or what fits into a few minutes."""

from __future__ import annotations

from typing import NamedTuple


class Size(NamedTuple):
    """Numbers of repeats and trials; those of peers apart, because most of them need a hundred times as long."""

    processes: int  # whole processes of each kind, for import and script
    peer_processes: int
    repeats: int  # of a loop of reads
    readers: int  # processes that read
    sets: int  # writes that are timed, in each of `rounds` processes
    peer_sets: int
    rounds: int
    peer_rounds: int
    firsts: int  # processes whose first init is timed
    peer_firsts: int
    inits: int  # inits that are timed in a store of 1000 runs
    peer_inits: int
    runs: int  # init + finish, in one process
    longest_s: float  # a peer may take this long for its runs, and makes as many as fit
    peer_eights: int  # of eight processes
    crowds: int  # of 64
    peer_crowds: int
    kills: int
    peer_kills: int
    stored: int  # runs whose size on disk is measured, after the first
    left_out: tuple[str, ...]  # tools that are not measured
    groups_left_out: tuple[str, ...]  # groups of rows that are measured only when they are named


FULL = Size(
    processes=21,
    peer_processes=7,
    repeats=15,
    readers=2,
    sets=4000,
    peer_sets=300,
    rounds=5,
    peer_rounds=3,
    firsts=21,
    peer_firsts=5,
    inits=200,
    peer_inits=20,
    runs=1000,
    longest_s=12.0,
    peer_eights=1,
    crowds=3,
    peer_crowds=1,
    kills=100,
    peer_kills=20,
    stored=10,
    left_out=(),
    groups_left_out=(),
)
QUICK = Size(
    processes=4,
    peer_processes=1,
    repeats=5,
    readers=1,
    sets=1500,
    peer_sets=40,
    rounds=2,
    peer_rounds=1,
    firsts=4,
    peer_firsts=1,
    inits=60,
    peer_inits=2,
    runs=250,
    longest_s=0.7,
    peer_eights=0,
    crowds=1,
    peer_crowds=0,
    kills=8,
    peer_kills=1,
    stored=2,
    # those that take longest to import and to end, and mlflow once more: `make bench` measures them as well
    left_out=("aim", "clearml", "mlflow (files)", "swanlab"),
    groups_left_out=("returns", "sizes", "values"),  # nothing is timed there: they say the same each time
)
