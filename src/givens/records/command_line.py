"""The command line of a run as one text, the same wherever it is shown, filtered or compared."""

from __future__ import annotations

from functools import lru_cache
from typing import Any


def command_line(argv: Any) -> str | None:
    """A recorded ``argv`` as a shell would take it; None where it is none.

    An interpreter goes by its name: where it lies says little, and makes the same command of two machines look different.

    Args:
        argv: the words, as the start line has them.
    """
    return _joined(tuple(map(str, argv))) if isinstance(argv, list | tuple) else None


@lru_cache(maxsize=1024)  # a loop over parameters makes many runs with one command
def _joined(argv: tuple[str, ...]) -> str:
    import shlex

    if not argv:
        return ""
    name = argv[0].replace("\\", "/").rpartition("/")[2]
    return shlex.join([name if name.startswith("python") else argv[0], *argv[1:]])
