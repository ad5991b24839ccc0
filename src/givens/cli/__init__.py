"""The command line: one command a file, loaded when it is called."""

from __future__ import annotations


def main() -> None:
    """The entry point of ``givens`` and of ``python -m givens``."""
    import gc
    import sys

    from .root import run

    # a command lives for a moment and makes few cycles: of thousands of keys, looking for some takes a fifth of its time
    gc.set_threshold(200_000, 20, 20)
    sys.exit(run(sys.argv[1:]))
