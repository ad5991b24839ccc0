"""What comes back: values that people give, given to a tool, and read by its own reader in another process."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

KEPT = "kept"
YAML = "lr: 1e-3\nmodel:\n  depth: 4\n"


class Opaque:
    """An object of a class that nobody knows."""

    def __init__(self) -> None:
        self.size = 3

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Opaque) and vars(self) == vars(other)

    __hash__ = object.__hash__


def _array() -> Any:
    import numpy

    return numpy.arange(1000) * 0.5


#: what it is called -> makes it
GIVEN: dict[str, Callable[[], Any]] = {
    "2.0": lambda: 2.0,
    "nan": lambda: math.nan,
    "(1, 2)": lambda: (1, 2),
    '{1: "a"}': lambda: {1: "a"},
    "{1, 2}": lambda: {1, 2},
    "None": lambda: None,
    r'b"\xff"': lambda: b"\xff",
    "numpy array of 1000": _array,
    "an object": Opaque,
    "7,000 characters": lambda: "x" * 7000,
    "lone surrogate": lambda: "a\ud800b",
}
NESTED = 'config["train"]["epochs"] = 4'
FILE = "a plain YAML file"
NUMBER = "lr: 1e-3 in that file"
WHAT = (*GIVEN, NESTED, FILE, NUMBER)


def give(tool: Any) -> dict[str, str]:
    """Give each value to a run of its own; what was raised, by what the value is called."""
    raised: dict[str, str] = {}
    for number, (what, make) in enumerate(GIVEN.items()):
        _try(tool, what, raised, lambda number=number, make=make: tool.in_run({"case": number, "x": make()}, _nothing))
    nested = {"case": len(GIVEN), "train": {"epochs": 1}}
    _try(tool, NESTED, raised, lambda: tool.in_run(nested, lambda run: tool.nested(run)))
    with open("plain.yaml", "w", encoding="utf-8") as file:
        file.write(YAML)
    _try(tool, FILE, raised, lambda: tool.from_yaml("plain.yaml"))
    return raised


def _try(tool: Any, what: str, raised: dict[str, str], act: Callable[[], object]) -> None:
    try:
        act()
    except Exception as error:
        raised[what] = str(error) if type(error).__name__ == "NoSuchThing" else f"raises {type(error).__name__}"
        tool.abandon()


def _nothing(run: Any) -> None:
    """Nothing happens in this run."""


def read_back(tool: Any, folder: str, raised: dict[str, str]) -> dict[str, str]:
    """What a reader finds of each, in words: ``kept``, or what it became."""
    configs = tool.read_back(folder)
    cases = {str(config["case"]): config for config in configs if "case" in config}
    answers: dict[str, str] = {}
    for number, (what, make) in enumerate(GIVEN.items()):
        answers[what] = raised.get(what) or _told(cases.get(str(number)), make())
    nested = cases.get(str(len(GIVEN)))
    answers[NESTED] = raised.get(NESTED) or ("lost" if nested is None else _nested(nested))
    files = [config for config in configs if "lr" in config]
    answers[FILE] = raised.get(FILE) or (KEPT if files else "lost")
    answers[NUMBER] = "\u2013" if not files else _word(files[-1]["lr"], 0.001)
    return answers


def _told(config: dict[str, Any] | None, given: Any) -> str:
    if config is None:
        return "the run is lost"
    if "x" in config:
        return _word(config["x"], given)
    flat = {key: value for key, value in config.items() if str(key).startswith("x")}
    return f"flattened: {_short(flat)}" if flat else "lost"


def _nested(config: dict[str, Any]) -> str:
    found = config.get("train", config.get("train.epochs", config.get("train/epochs")))
    epochs = found.get("epochs") if isinstance(found, dict) else found
    return KEPT if epochs == 4 else f"not recorded: {epochs!r}"


def _word(found: Any, given: Any) -> str:
    if _same(found, given):
        return KEPT
    if isinstance(given, str) and isinstance(found, str) and given.startswith(found):
        return f"cut to {len(found):,} characters"
    return _short(found)


def _same(found: Any, given: Any) -> bool:
    if type(found).__name__ == "ndarray" or type(given).__name__ == "ndarray":
        return type(found) is type(given) and found.dtype == given.dtype and bool((found == given).all())
    if type(found) is not type(given) and not (isinstance(given, dict) and isinstance(found, dict)):
        return False
    if isinstance(given, float) and math.isnan(given):
        return bool(math.isnan(found))
    return bool(found == given)


def _short(value: Any) -> str:
    text = repr(value).encode("ascii", "backslashreplace").decode().replace("\n", " ")
    if len(text) > 36:
        text = f"{text[:30]}… ({type(value).__name__}, {len(text):,} characters)"
    return text
