"""The combinations of a grid."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from givens.errors import UsageError
from givens.launch.grids import grid_of, group_of


def values(axis: str) -> list[str]:
    return [point.overrides[0].partition("=")[2] for point in grid_of([axis])]


@pytest.mark.parametrize(
    ("axis", "expected"),
    [
        ("T=1:5:0.5", ["1.0", "1.5", "2.0", "2.5", "3.0", "3.5", "4.0", "4.5", "5.0"]),
        ("x=0:0.3:0.1", ["0.0", "0.1", "0.2", "0.3"]),
        ("seed=0:3", ["0", "1", "2", "3"]),
        ("n=4:1", ["4", "3", "2", "1"]),
        ("n=1:6:2", ["1", "3", "5"]),
        ("lr=1e-3:3e-3:1e-3", ["0.001", "0.002", "0.003"]),
        ("name=vit,resnet", ["vit", "resnet"]),
        ("layers=[1,2],[3]", ["[1,2]", "[3]"]),
        ("text='a,b',c", ["'a,b'", "c"]),
        ("when=12:30:00,x", ["12:30:00", "x"]),
        ("one=5", ["5"]),
    ],
)
def test_an_axis_is_a_range_or_a_list(axis: str, expected: list[str]) -> None:
    assert values(axis) == expected


def test_the_last_key_changes_first() -> None:
    points = grid_of(["T=1,2", "seed=0,1"])
    assert [(point.number, str(point)) for point in points] == [
        (0, "T=1 seed=0"),
        (1, "T=1 seed=1"),
        (2, "T=2 seed=0"),
        (3, "T=2 seed=1"),
    ]


@pytest.mark.parametrize(
    ("axes", "said"),
    [
        (["T"], "--grid T; write key=start:stop:step or key=a,b,c"),
        (["T="], "write key=start:stop:step"),
        (["a..b=1"], "--grid a..b=1"),
        (["T=1:5:0"], "no step of 0 leads from 1 to 5"),
        (["T=1:5:-1"], "no step of -1 leads from 1 to 5"),
        (["T=0:1:1e-9"], "1,000,000,001 values"),
        (["a=0:999", "b=0:999"], "the grid has 1,000,000 combinations"),
        (["a=1", "a=2"], "the grid has a twice"),
    ],
)
def test_a_grid_that_does_not_read_is_one_clear_error(axes: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        grid_of(axes)
    assert said in str(caught.value)


def test_the_group_tells_grids_and_commands_apart() -> None:
    one = group_of(["python", "train.py"], ["T=1,2"])
    assert one == group_of(["python", "train.py"], ["T=1,2"])
    assert len({one, group_of(["python", "train.py"], ["T=1"]), group_of(["python", "eval.py"], ["T=1,2"])}) == 3


SCRIPT = """
import sys
import givens

run = givens.init(config={"T": 0, "seed": 0, "depth": 3})
run.log({"energy": run.config.T * 2})
sys.exit(3 if run.config.T == 2 and run.config.seed == 0 else 0)
"""


def run(folder: Any, *options: str, code: int = 0) -> str:
    command = [sys.executable, "-m", "givens", "run", *options, "--", sys.executable, "train.py"]
    done = subprocess.run(command, cwd=folder.path, capture_output=True, text=True, timeout=90)
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_every_combination_is_a_run_of_one_group_and_one_that_fails_stops_no_other(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    run(folder, "--grid", "T=1,2", "--grid", "seed=0,1", code=3)
    runs = folder.runs()
    assert [(each.config["T"], each.config.seed, each.state) for each in runs] == [
        (1, 0, "finished"),
        (1, 1, "finished"),
        (2, 0, "failed"),
        (2, 1, "finished"),
    ]
    assert len({each.group for each in runs}) == 1
    said = run(folder, "--grid", "T=1,2", "--grid", "seed=0,1,2", "--skip-done", "--stop", code=3)
    assert said.count("done already") == 2 and "4 of 6: T=2 seed=0" in said and "5 of 6" not in said
    assert len(folder.runs()) == 4 + 2


def test_one_combination_of_an_array_and_what_has_been_done(folder: Any) -> None:
    folder.write("train.py", SCRIPT)
    run(folder, "--grid", "T=1,2", "--grid", "seed=0,1", "--index", "3", "--set", "depth=5")
    only = folder.only()
    assert (only.config["T"], only.config.seed, only.config.depth) == (2, 1, 5)
    assert "from 0 on" in run(folder, "--grid", "T=1,2", "--index", "2", code=2)
    assert "0  T=1" in run(folder, "--grid", "T=1,2", "--dry-run")
    assert "are for a --grid" in run(folder, "--dry-run", code=2)
    run(folder, "--set", "T=2", "--set", "seed=1", "--set", "depth=5", "--skip-done")
    assert len(folder.runs()) == 1
    run(folder, "--set", "T=2", "--set", "seed=1", "--set", "depth=6", "--skip-done")
    assert len(folder.runs()) == 2
