"""What the bench asks of a tool. An adapter is a subclass in a file of its own, with the tool imported inside its methods."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from environments import python_of

NOWHERE = "http://127.0.0.1:9"  # nobody listens there: what would go out fails at once


class NoSuchThing(Exception):
    """The tool has nothing of the kind; the text says what it has instead."""


class Tool:
    """A tool, and how it does what every script does with its configuration.

    Attributes:
        name: as the tables call it, unique.
        home: the name of its environment in ``.envs``; empty for the interpreter that runs the bench.
        packages: what pip installs there; the first is the tool itself.
        imports: the statement that imports it; empty when there is none.
        script: the text of a whole script: init, 10 sets (or results, where it has no sets), finish; empty when there is none.
        limit: whether it is no competitor but what the language has: held beside as the limit.
        keeps: whether it keeps anything at all.
        durable: empty when what was given is on disk as soon as the call returns; otherwise when it is there.
        remark: what else to know of that.
        unable: measurement -> why it cannot be asked that.
        sets_once: whether a key that was set cannot be set to another value, so that each write needs a new one.
        slow: whether each run takes many seconds to end, so that it is given fewer, and none in a short measurement.
        longest_s: how long it may write, at most, before it is killed.
    """

    name = ""
    home = ""
    packages: tuple[str, ...] = ()
    imports = ""
    script = ""
    limit = False
    keeps = True
    durable = ""
    remark = ""
    unable: Mapping[str, str] = MappingProxyType({})
    sets_once = False
    slow = False
    longest_s = 2.0

    def interpreter(self) -> str:
        """The Python that has it."""
        return python_of(self.home)

    def environment(self, folder: str) -> dict[str, str]:
        """Settings: its store in ``folder/store``, what it keeps of its user in ``folder/home``, no network."""
        home = os.path.join(folder, "home")
        for place in (home, os.path.join(folder, "store")):
            os.makedirs(place, exist_ok=True)
        return {
            "PYTHONPATH": "",
            "HOME": home,
            "USERPROFILE": home,
            **dict.fromkeys(
                ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"), NOWHERE
            ),
            **dict.fromkeys(("NO_PROXY", "no_proxy"), "127.0.0.1,localhost"),
            **self.settings(folder),
        }

    def settings(self, folder: str) -> dict[str, str]:
        """Its own environment variables."""
        return {}

    # What follows runs in its own interpreter, in the folder that holds the store's.

    def in_run(self, config: dict[str, Any], body: Callable[[Any], object]) -> None:
        """Begin a run with a configuration, call ``body`` with it, finish it."""
        run = self.begin(config)
        body(run)
        self.finish(run)

    def begin(self, config: Any) -> Any:
        """A new run with this configuration."""
        raise NoSuchThing("it has no runs")

    def finish(self, run: Any) -> None:
        """End it as its documentation does."""

    def config(self, run: Any) -> Any:
        """The object that a script reads the configuration from."""
        raise NoSuchThing("it has no object to read a configuration from")

    def module(self) -> Any:
        """What has the configuration of the current run as ``.config``, wherever one is in the program."""
        raise NoSuchThing("it has no handle that works everywhere")

    def change(self, run: Any, key: str, value: Any) -> None:
        """Set one key of a live run."""
        self.config(run)[key] = value

    def nested(self, run: Any) -> None:
        """Set ``train.epochs``, which was given as 1, to 4, the way a user would write it."""
        self.config(run)["train"]["epochs"] = 4

    def log(self, run: Any, step: int, value: float) -> None:
        """One result at one step."""
        raise NoSuchThing("it keeps no results")

    def from_yaml(self, file: str) -> None:
        """A run whose configuration is a file."""
        self.finish(self.begin(file))

    def abandon(self) -> None:
        """After something failed: leave no run behind that is still open."""

    def stored(self, folder: str) -> list[dict[str, Any]]:
        """The configuration of every run in a store, flat or nested, in any order, by the tool's own reader."""
        raise NoSuchThing("it keeps nothing")

    def read_back(self, folder: str) -> list[dict[str, Any]]:
        """The same, as what a user would look at shows it."""
        return self.stored(folder)
