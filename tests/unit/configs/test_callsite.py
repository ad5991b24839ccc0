"""The line of the user's code that a write came from."""

from __future__ import annotations

import bisect
import os
import random
import sys
import threading
from typing import Any

import givens
from givens import Config
from givens.configs.callsite import CallSites
from givens.configs.doors import door_of

HERE = os.path.abspath(__file__)


def line() -> int:
    return sys._getframe(1).f_lineno


def origin_of(config: Config, key: str) -> Any:
    return givens.explain(config, key).origin


def test_every_way_to_write_names_its_line() -> None:
    config = Config(s={}, numbers=[1], other=[3, 2], late=0)
    lines = {}
    lines["a"] = line() + 1
    config.a = 1
    lines["b"] = line() + 1
    config["b"] = 1
    lines["c"] = line() + 1
    config.update(
        {"c": 1},
    )
    lines["s.d"] = line() + 1
    config.s.update(d=1)
    lines["e"] = line() + 1
    config |= {"e": 1}
    lines["f"] = line() + 1
    config.setdefault("f", 1)
    lines["g"] = line() + 1
    config.setdefaults({"g": 1})
    lines["numbers"] = line() + 1
    config.numbers.append(1)
    lines["other"] = line() + 1
    config.other.sort()
    lines["h"] = line() + 1
    config.merge_locked({"h": 1})
    lines["s.i"] = line() + 1
    givens.merge(config, {"s": {"i": 1}})
    for key, number in lines.items():
        origin = origin_of(config, key)
        assert (origin.kind, origin.file, origin.line) == ("code", HERE, number), key


def test_a_line_in_a_loop_is_the_same_line_each_time() -> None:
    sites = CallSites()
    found = {sites.here() for _ in range(3)}
    assert len(found) == 1
    first, second = sites.here(), sites.here()
    assert first.line == second.line
    third = sites.here()
    assert third.line == first.line + 2


def test_files_inside_the_project_are_told_relative_to_it(tmp_path: Any) -> None:
    sites = CallSites(str(tmp_path))
    assert sites.relative(str(tmp_path / "src" / "train.py")) == os.path.join("src", "train.py")
    assert sites.relative(str(tmp_path) + "-other/train.py") == str(tmp_path) + "-other/train.py"
    below = os.path.join("lib", "python3.11", "site-packages", "lightning", "loggers", "wandb.py")
    assert sites.relative(str(tmp_path / ".venv" / below)) == os.path.join("lightning", "loggers", "wandb.py")
    assert sites.relative("<string>") == "<string>"
    assert sites.relative("/tmp/ipykernel_123/456.py") == "<notebook cell>"
    assert CallSites("/").relative("/a/b.py") == "a/b.py"


def test_a_write_from_inside_a_library_names_the_librarys_line() -> None:
    config = Config()
    code = compile("config.made = 1\n\nconfig.later = 2", "<generated>", "exec")
    exec(code, {"config": config})
    assert origin_of(config, "made").line == 1
    assert (origin_of(config, "later").file, origin_of(config, "later").line) == ("<generated>", 3)


def test_a_write_that_pythons_own_library_makes_is_its_callers() -> None:
    config = Config(order=[3, 1, 2], sizes=[1, 3])
    random.seed(1)  # one that leaves no number where it is: what changes nothing is no write
    lines = {"order": line() + 1}
    random.shuffle(config.order)
    assert config.order != [3, 1, 2]
    lines["sizes"] = line() + 1
    bisect.insort(config.sizes, 2)
    for key, number in lines.items():
        assert (origin_of(config, key).file, origin_of(config, key).line) == (HERE, number)


def test_a_write_that_only_python_called_is_told_by_pythons_line() -> None:
    config = Config({"lr": 1})
    thread = threading.Thread(target=config.update, args=({"lr": 2},))
    thread.start()
    thread.join()
    assert os.path.basename(origin_of(config, "lr").file or "") == "threading.py"


def test_the_door_of_a_config_by_itself_tells_whole_paths() -> None:
    assert door_of(Config()).sites.root == ""
