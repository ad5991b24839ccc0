"""Changes to journals that leave their lines JSON: bytes thrown at random would nearly all end in the JSON reader."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

STRANGE: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**53, 2**64, 10**400, 0.0, -0.0, 1e308, float("nan"), float("inf")),
    *("", "\0", "\ud800", "~", "a.b", "..", "../../x", "9" * 400, "2026-13-45T99:99:99Z", "fuzzed", "x" * 16),
    *([], {}, [[]], [[1]], {"~": None}, {"~": "tuple"}, {"~": "tuple", "v": 3}, {"~": []}, [["lr"], 1, 0]),
    *({"~": "secret"}, {"~": "ndarray", "dtype": "O", "shape": [-1], "v": ""}, {"~": "blob", "sha256": "../x"}),
    *({"~": "enum", "type": "os.system", "name": "x"}, {"~": "float", "v": "x"}, {"~": "int", "v": "0x"}),
    *(
        "scrub",
        "set",
        "log",
        "splice",
        "delete",
        "finish",
        "start",
        "summary",
        "resume",
        "meta",
        "lock",
        "refuse",
        "settle",
    ),
)


def mutated_lines(given: bytes, max_size: int, seed: int) -> bytes:
    """A journal a little different: a value replaced, dropped, moved or doubled, in some line; or a line itself.

    Args:
        given: lines without their checksums.
        max_size: bytes that may come out.
        seed: of all choices.
    """
    chance = random.Random(seed)
    lines = given.split(b"\n")
    at = chance.randrange(len(lines))
    choice = chance.random()
    if choice < 0.08:
        lines.insert(chance.randrange(len(lines) + 1), lines[at])
    elif choice < 0.14 and len(lines) > 1:
        del lines[at]
    elif choice < 0.2:
        return _any_bytes(given, max_size, chance)
    else:
        try:
            event = json.loads(lines[at])
        except (ValueError, RecursionError):
            event = {"k": "set", "n": at}
        for _ in range(chance.choice((1, 1, 2, 4))):
            event = _changed(event, chance)
        lines[at] = json.dumps(event).encode("ascii", "replace").replace(b"\n", b" ")
    return b"\n".join(lines)[:max_size]


def _any_bytes(given: bytes, max_size: int, chance: random.Random) -> bytes:
    at = chance.randrange(len(given) + 1)
    end = min(len(given), at + chance.randrange(8))
    return (given[:at] + bytes(chance.randrange(256) for _ in range(chance.randrange(8))) + given[end:])[:max_size]


def _changed(value: Any, chance: random.Random) -> Any:
    """The tree with one node of it changed."""
    places: list[tuple[Any, Any]] = []
    todo = [value]
    while todo and len(places) < 2000:
        node = todo.pop()
        inside = (
            list(node.items()) if isinstance(node, dict) else list(enumerate(node)) if isinstance(node, list) else []
        )
        places += [(node, key) for key, _ in inside]
        todo += [child for _, child in inside]
    if not places:
        return _strange(chance)
    node, key = chance.choice(places)
    choice = chance.random()
    if choice < 0.55:
        node[key] = _strange(chance)
    elif choice < 0.7:
        del node[key]
    elif choice < 0.85:
        other, other_key = chance.choice(places)
        node[key] = copy.deepcopy(other[other_key])
    elif isinstance(node, list):
        node.insert(chance.randrange(len(node) + 1), _strange(chance))
    else:
        node[chance.choice(("s", "o", "v", "~", "m", "step", "k", "n", "t", "p", "lr", "role", "writer", "run"))] = (
            _strange(chance)
        )
    return value


def _strange(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(STRANGE))
