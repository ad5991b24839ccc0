"""How programs end, and what state and exit code their runs have then."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest

ENDS = {
    "the end of the script": ("", 0, "finished", None),
    "finish": ("run.finish()", 0, "finished", None),
    "finish with a code": ("run.finish(exit_code=2)", 0, "failed", 2),
    "with": ("with run: pass", 0, "finished", 0),
    "an exception under with": ("with run: raise ValueError('bad')", 1, "failed", 1),
    "sys.exit under with": ("with run: sys.exit(4)", 4, "failed", 4),
    "sys.exit(0) under with": ("with run: sys.exit()", 0, "finished", 0),
    "sys.exit": ("sys.exit(3)", 3, "failed", 3),
    "sys.exit without a code": ("sys.exit()", 0, "finished", 0),
    "sys.exit with a message": ("sys.exit('no data')", 1, "failed", 1),
    "exit, as in a shell": ("exit(3)", 3, "failed", 3),
    "quit that was caught": ("\ntry: quit(3)\nexcept SystemExit: pass", 0, "finished", None),
    "a SystemExit that nobody made by exit": ("raise SystemExit(3)", 3, "finished", None),
    "argparse's own exit": ("import argparse; argparse.ArgumentParser().error('bad')", 2, "failed", 2),
    "an exception": ("raise ValueError('bad')", 1, "failed", 1),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", -signal.SIGINT, "failed", 130),
    "os._exit": ("os._exit(0)", 0, "lost", None),
    "SIGKILL": ("os.kill(os.getpid(), 9)", -signal.SIGKILL, "lost", None),
    "SIGTERM": ("os.kill(os.getpid(), 15)", -signal.SIGTERM, "lost", None),
    # what runs in the background, the tests perhaps as well, has SIGINT ignored
    "SIGINT": (
        "import signal; signal.signal(2, signal.default_int_handler); os.kill(os.getpid(), 2); time.sleep(60)",
        -signal.SIGINT,
        "failed",
        130,
    ),
    "a SystemExit that was caught": ("\ntry: sys.exit(3)\nexcept SystemExit: pass", 0, "finished", None),
    "one caught in a function": (
        "\ndef f():\n try: sys.exit(3)\n except SystemExit as e: print(e)\nf()",
        0,
        "finished",
        None,
    ),
    "one caught, then another": (
        "\ntry: sys.exit(3)\nexcept SystemExit: pass\nsys.exit(5)",
        5,
        "failed",
        5,
    ),
    "one raised through finally and with": (
        "\nfrom contextlib import ExitStack\nwith ExitStack():\n try: sys.exit(3)\n finally: 1",
        3,
        "failed",
        3,
    ),
    "one that was caught and raised again": (
        "\ndef f():\n try: sys.exit(3)\n except SystemExit as e:\n  kept = e\n  raise\nf()",
        3,
        "failed",
        3,
    ),
    "sys.exit in a thread": (
        "t = threading.Thread(target=lambda: sys.exit(3)); t.start(); t.join()",
        0,
        "finished",
        None,
    ),
    "an exception in a thread": (
        "t = threading.Thread(target=lambda: 1 / 0); t.start(); t.join()",
        0,
        "finished",
        None,
    ),
    "an exception after a caught exit": (
        "\ntry: sys.exit(0)\nexcept SystemExit: pass\nraise ValueError",
        1,
        "failed",
        1,
    ),
}


@pytest.mark.parametrize("end", ENDS)
def test_the_end_of_a_program_is_told_as_it_was(folder: Any, end: str) -> None:
    statement, code, state, recorded = ENDS[end]
    folder.run(
        "import os, sys, time, threading, givens\nrun = givens.init(config={'lr': 0.1})\n" + statement, code=code
    )
    run = folder.only()
    assert (run.state, run.exit_code) == (state, recorded)
    assert run.config.as_dict() == {"lr": 0.1}


def test_the_traceback_is_kept_without_its_secrets(folder: Any) -> None:
    folder.write("key", "sk-a-secret-of-mine")
    done = folder.run(
        """
        import givens
        key = open("key").read()
        givens.init(config={"api_key": key, "lr": 0.1})
        def fetch(key):
            raise ValueError(f"refused: {key} at https://me:another-secret@host/x")
        fetch(key)
        """,
        code=1,
    )
    assert "sk-a-secret-of-mine" in done.stderr  # Python's own; the terminal is the user's
    run = folder.only()
    assert run.error is not None
    assert "ValueError: refused:" in run.error and "in fetch" in run.error
    for file in (folder.path / ".givens").rglob("*.jsonl"):
        assert "a-secret-of-mine" not in file.read_text() and "another-secret" not in file.read_text()


def test_a_traceback_of_any_length_and_text_is_kept(folder: Any) -> None:
    folder.run(
        """
        import givens
        givens.init()
        raise ValueError("a" * 3_000_000 + "\\ud800 the end")
        """,
        code=1,
    )
    error = folder.only().error
    assert error is not None and len(error) < 100_000
    assert error.startswith("Traceback") and error.rstrip().endswith("the end")


def test_the_programs_own_exception_hook_still_runs(folder: Any) -> None:
    done = folder.run(
        """
        import sys, givens
        sys.excepthook = lambda kind, error, trace: print("theirs:", error)
        givens.init()
        raise ValueError("bad")
        """,
        code=1,
    )
    assert done.stdout == "theirs: bad\n"
    assert folder.only().state == "failed"


def test_a_hook_put_over_ours_does_not_hide_the_exception(folder: Any) -> None:
    folder.run(
        """
        import sys, givens
        givens.init()
        sys.excepthook = lambda kind, error, trace: None
        raise ValueError("bad")
        """,
        code=1,
    )
    run = folder.only()
    assert run.state == "failed" and "ValueError: bad" in (run.error or "")


def test_sys_exit_stays_what_it_was(folder: Any) -> None:
    folder.run(
        """
        import inspect, pickle, sys, givens
        doc = sys.exit.__doc__
        givens.init()
        assert pickle.loads(pickle.dumps(sys.exit)) is sys.exit and sys.exit.__doc__ == doc
        assert sys.exit.__name__ == "exit"
        try:
            sys.exit(1, 2)
        except TypeError:
            sys.exit(7)
        """,
        code=7,
    )
    assert folder.only().exit_code == 7


def test_all_runs_that_are_alive_end_with_the_program(folder: Any) -> None:
    folder.run(
        """
        import givens
        givens.init(name="a")
        for name in "bc":
            givens.init(name=name, reinit="create_new").config.x = name
        raise ValueError
        """,
        code=1,
    )
    assert {run.name: run.state for run in folder.runs()} == dict.fromkeys("abc", "failed")


def test_typing_on_after_an_exception_is_no_failure(folder: Any) -> None:
    typed = "import givens\nrun = givens.init()\n1 / 0\nrun.config.lr = 0.1\nexit()\n"
    subprocess.run([sys.executable, "-i"], input=typed, text=True, cwd=folder.path, capture_output=True, check=True)
    run = folder.only()
    assert (run.state, run.config.lr, run.explain("lr").origin.file) == ("finished", 0.1, "<stdin>")


def test_work_done_at_exit_before_ours_is_recorded(folder: Any) -> None:
    folder.run("""
        import atexit, givens
        run = givens.init()
        atexit.register(lambda: run.config.update(late=1))
    """)
    assert folder.only().config.late == 1


def test_a_warning_at_exit_names_no_line_of_ours(folder: Any) -> None:
    done = folder.run("""
        import argparse, givens
        args = argparse.Namespace(lr=0.1)
        givens.init(config=args)
        args.lr /= 2
    """)
    assert "sys:1: SourceDriftWarning: config.lr is 0.1, args.lr is 0.05" in done.stderr.replace("<sys>:0", "sys:1")
    assert "finish_run" not in done.stderr
