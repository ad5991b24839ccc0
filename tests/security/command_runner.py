"""Runs command lines of givens in one process with little memory, and tells what each did: ``command_runner.py FILE``.

FILE is JSON: ``{"lines": [[…], …], "outside": folder, "bytes": limit, "seconds": …}``. The answer goes to standard output.
"""

from __future__ import annotations

import contextlib
import faulthandler
import io
import json
import os
import resource
import sys
import traceback

with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
seen: list[str] = []
WATCHED = ("open", "os.", "shutil.", "subprocess.Popen", "sqlite3.connect", "socket.connect", "socket.getaddrinfo")
#: events that name a folder without reading what is in it
ITSELF = ("os.remove", "os.rename", "os.rmdir", "os.link")  # of a link they take the link, not what it leads to
HARMLESS = ("os.stat", "os.chdir")


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note what touches the folder that is none of the store's, what is started, and who is called."""
    if not event.startswith(WATCHED) or event in HARMLESS:
        return
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system")):
        seen.append(f"{event} {arguments!r}"[:300])
        return
    for argument in arguments:
        if isinstance(argument, str | bytes):
            path = os.fsdecode(argument).removeprefix("file:").partition("?")[0]
            unfollowed = event == "open" and type(arguments[2]) is int and arguments[2] & os.O_NOFOLLOW
            if unfollowed or event in ITSELF:
                path = os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))
            else:
                path = os.path.realpath(path)
            if path.startswith(asked["outside"]) or path in ("/etc/passwd", "/dev/zero"):
                seen.append(f"{event} {arguments!r}"[:300])


class Terminal(io.StringIO):
    """Takes what a terminal would be sent."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def main() -> None:
    """Run them all."""
    from givens.cli.root import run

    resource.setrlimit(resource.RLIMIT_AS, (asked["bytes"], asked["bytes"]))
    faulthandler.dump_traceback_later(asked["seconds"], exit=True)
    sys.addaudithook(watch)
    answers = []
    for words in asked["lines"]:
        out, err = Terminal(), io.StringIO()
        seen.clear()
        failed = None
        sys.__stderr__.write(f"{words}\n")
        sys.__stderr__.flush()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = run(list(words))
            except BaseException:
                code, failed = -1, traceback.format_exc()
        answers.append(
            {
                "words": words,
                "out": out.getvalue(),
                "err": err.getvalue(),
                "code": code,
                "failed": failed,
                "seen": seen[:],
            }
        )
    sys.stdout.write(json.dumps({"answers": answers, "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))


main()
