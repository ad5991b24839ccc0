"""How this program was entered: the script, its command line, who started it and where its output goes."""

from __future__ import annotations

import os
import stat
import sys


def may_be_rank() -> bool:
    """Whether a launcher of ranks may have started this process: a look that costs nothing (``ranks`` knows)."""
    return "MASTER_ADDR" in os.environ or "HOROVOD_RANK" in os.environ


def script() -> str | None:
    """The absolute path of the running script or ``-m`` module; None in a REPL, a notebook or ``-c``."""
    if in_notebook():
        return None
    main = sys.modules.get("__main__")
    file = getattr(main, "__file__", None)
    first = sys.argv[0] if getattr(sys, "argv", None) else ""
    if getattr(main, "__spec__", None) is not None and first.endswith(".py") and os.path.isfile(first):
        file = first  # `python -m cProfile train.py`: the module in __main__ only drives the script
    if not isinstance(file, str) or file.startswith("<"):
        return None
    try:
        return os.path.abspath(file)
    except OSError:  # a relative path, and the working directory is gone
        return None


def argv() -> list[str]:
    """The command line as it was typed, interpreter first. Secrets in it are the caller's to redact."""
    return list(sys.orig_argv or sys.argv)


def in_notebook() -> bool:
    """Whether this is the kernel of a notebook."""
    return any(cls.__name__ == "ZMQInteractiveShell" for cls in type(shell()).__mro__)


def is_interactive() -> bool:
    """Whether someone types the program as it runs: a REPL, ``python -i``, IPython or a notebook."""
    return hasattr(sys, "ps1") or bool(sys.flags.interactive) or shell() is not None


def shell() -> object:
    """IPython's shell, when the program runs inside of one."""
    ipython = sys.modules.get("IPython")
    ask = getattr(ipython, "get_ipython", None)
    return ask() if callable(ask) else None


def user() -> str | None:
    """The login name; None when neither the environment nor the user table knows it."""
    for variable in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        name = os.environ.get(variable)
        if name:
            return name
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError, OSError):  # Windows; a uid of a container that no table has
        return None


def scheduler_logs() -> list[str]:
    """The files that standard output and standard error go to, where they are files: a scheduler's logs."""
    logs: list[str] = []
    for descriptor in (1, 2):
        try:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                continue
            path = os.readlink(f"/proc/self/fd/{descriptor}")
        except (OSError, AttributeError):
            continue
        if path not in logs and os.path.exists(path):  # a deleted file's link ends in " (deleted)"
            logs.append(path)
    return logs
