"""Runs the code blocks of the documentation, and keeps the output that they show true.

A page's ``python`` blocks run in one process, in order, sharing their names; the ``$`` commands of its ``console``
blocks run between them, in the same empty folder, and have to exit with 0 (with another code after ``<!-- exit: 1 -->``).
What a ``console`` block shows below a command is what the command prints, errors included; a ``text`` block after
``<!-- output -->`` is what the ``python`` block before it prints. Names of runs, ids, times, durations and folders may
differ, and a line ``…`` stands for any lines. Two more comments, on the line before a block: ``<!-- file: train.py -->``
writes it to a file, ``<!-- not run: reason -->`` leaves it out.

``python docs/code_blocks.py`` runs every page and writes into it what was really printed, where the page shows something
else; tests/docs checks that no page does.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
TIMEOUT_S = 300
COLUMNS = "140"  #: wide enough for every table on the pages, however long the names of the runs turn out
HOME = "/home/ada/work"  #: what the temporary folder is called on a page
#: languages of blocks that would run, if only they were called by the name that is known here
ALIASES = {
    "py": "python",
    "python3": "python",
    "pycon": "python",
    "bash": "console",
    "sh": "console",
    "shell": "console",
}

_FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,})(?P<language>[\w+-]*)[^`]*$")
_COMMENT = re.compile(r"^ *<!-- (?P<word>file|not run|output|exit)(?:: (?P<rest>.*\S))? -->\s*$")

#: what differs from one time to the next -> what stands for it in a comparison
_VARYING = (
    (re.compile(r'"(dt|c)":[\d.]+'), "NUMBER"),
    (re.compile(r"\b[0-9a-f]{32,64}\b"), "HASH"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+Z)?)?"), "TIME"),
    (re.compile(r"\b(\d+ min \d+ s|\d+(\.\d+)? (ms|s))\b"), "DURATION"),
    (re.compile(r"\b[a-z]+-[a-z]+-[a-z0-9]{4}\b"), "NAME"),
    (re.compile(r"\b[a-z0-9]{10}\b"), "ID"),
    (re.compile(r"\bedit [a-z0-9]{8} \(by [^)]+\)"), "EDIT"),
    (re.compile(r"\(edit [a-z0-9]{8}\)"), "EDIT"),
    (re.compile(r"(/[^\s:/·]+)+/(?=\.givens|python|work\b|digits\b)"), "FOLDER/"),
    (re.compile(r"python3(\.\d+)?\b"), "python"),
    (re.compile(r"\b3\.\d+\.\d+\w*"), "VERSION"),
    (re.compile(r"\s+"), " "),
)

# Runs in a process of its own: reads the steps, takes them one after another, tells what each printed.
DRIVER = """
import contextlib, io, json, os, pathlib, subprocess, sys, types
page, answers, steps = json.loads(sys.stdin.read())
sys.stdin = open(0)
sys.argv = [page]
main = types.ModuleType("__main__")
main.__file__ = page
sys.modules["__main__"] = main
printed = []
for kind, line, content, code in steps:
    said = ""
    if kind.startswith("file:"):
        target = pathlib.Path(kind.removeprefix("file:"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
    elif kind == "python":
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile("\\n" * (line - 1) + content, page, "exec"), main.__dict__)
        finally:
            said = out.getvalue()
            sys.stdout.write(said)
            sys.stdout.flush()
    else:
        done = subprocess.run(content, shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        said = done.stdout
        sys.stdout.write(said)
        sys.stdout.flush()
        if done.returncode != code:
            sys.exit(f"{page}:{line}: failed with {done.returncode}: {content}")
    printed.append(said)
    pathlib.Path(answers).write_text(json.dumps(printed))
"""


class Step(NamedTuple):
    """One thing to do, and where the page shows what it prints.

    Args:
        kind: ``python``, ``console``, or ``file:<name>``.
        line: of its content, from 1.
        content: what to run or to write.
        code: the exit code that a command has to have.
        shown: the page's lines (from 0, end excluded) with its output; None where it shows none.
        indent: of the block around it.
    """

    kind: str
    line: int
    content: str
    code: int = 0
    shown: tuple[int, int] | None = None
    indent: str = ""


class Outcome(NamedTuple):
    """What became of a page: exit code, everything printed, and the text of each step taken."""

    returncode: int
    stdout: str
    stderr: str
    printed: list[str]


def pages() -> list[Path]:
    """README.md and the pages of docs/, decision notes excepted."""
    docs = sorted(page for page in (TOP / "docs").rglob("*.md") if "decisions" not in page.parts)
    return [page for page in (TOP / "README.md", *docs) if page.exists()]


def steps_of(text: str) -> list[Step]:
    """The steps of a page, in order.

    Raises:
        ValueError: a block that would be passed over in silence; it names the line.
    """
    lines = text.splitlines()
    steps: list[Step] = []
    at = 0
    while at < len(lines):
        opening = _FENCE.match(lines[at])
        if opening is None:
            at += 1
            continue
        comment = _COMMENT.match(lines[at - 1]) if at else None
        begin = at = at + 1
        while at < len(lines) and lines[at].strip() != opening["fence"]:
            at += 1
        block = [line.removeprefix(opening["indent"]) for line in lines[begin:at]]
        word, rest = (comment["word"], comment["rest"] or "") if comment else ("", "")
        if word == "output":
            _show(steps, (begin, at), opening["indent"])
        elif word == "file":
            steps.append(Step(f"file:{rest}", begin + 1, "\n".join(block) + "\n"))
        elif word != "not run":
            code = int(rest) if word == "exit" else 0
            steps += _steps_of_block(opening["language"], begin, block, code, opening["indent"])
        at += 1
    return steps


def _show(steps: list[Step], shown: tuple[int, int], indent: str) -> None:
    if not steps or steps[-1].kind != "python":
        raise ValueError(f"line {shown[0]}: output without a python block before it")
    steps[-1] = steps[-1]._replace(shown=shown, indent=indent)


def _steps_of_block(language: str, begin: int, block: list[str], code: int, indent: str) -> list[Step]:
    if language in ALIASES:
        raise ValueError(f"line {begin}: call the block {ALIASES[language]}, so that it runs")
    if language == "python":
        return [Step("python", begin + 1, "\n".join(block) + "\n")]
    return _commands(begin, block, code, indent) if language == "console" else []


def _commands(begin: int, block: list[str], code: int, indent: str) -> list[Step]:
    steps: list[Step] = []
    at = 0
    while at < len(block):
        if not block[at].startswith("$ "):
            if not steps:
                raise ValueError(f"line {begin}: a console block has to begin with a line that begins with '$ '")
            at += 1
            continue
        first, command = at, block[at][2:]
        while command.endswith("\\") and at + 1 < len(block):
            at += 1
            command = command[:-1] + block[at].removeprefix("> ")
        at += 1
        end = next((n for n in range(at, len(block)) if block[n].startswith("$ ")), len(block))
        steps.append(Step("console", begin + first + 1, command, code, (begin + at, begin + end), indent))
    if not steps:
        raise ValueError(f"line {begin}: a console block without a line that begins with '$ '")
    return steps


def run_steps(name: str, steps: list[Step], folder: Path) -> Outcome:
    """Take a page's steps in an empty folder, in an environment without anybody's settings."""
    work, home, programs = folder / "work", folder / "home", folder / "bin"
    for each in (work, home, programs):
        each.mkdir()
    # The commands of this very interpreter, whether or not givens is installed in it.
    for program, call in (("givens", "-m givens"), ("python", ""), ("python3", "")):
        (programs / program).write_text(f'#!/bin/sh\nexec "{sys.executable}" {call} "$@"\n')
        (programs / program).chmod(0o755)
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("GIVENS_", "WANDB_", "XDG_"))}
    environ = {
        **kept,
        "HOME": str(home),
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(TOP / "src"), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
        "COLUMNS": COLUMNS,
        "NO_COLOR": "1",
        "GIT_CEILING_DIRECTORIES": str(folder),
    }
    answers = folder / "answers.json"
    done = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps([name, str(answers), [step[:4] for step in steps]]),
        cwd=work,
        env=environ,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    printed = json.loads(answers.read_text()) if answers.exists() else []
    return Outcome(done.returncode, done.stdout, done.stderr, [_elsewhere(text, work) for text in printed])


def _elsewhere(text: str, work: Path) -> str:
    """Output as a reader might have it: no folder or host of the machine that made the page."""
    for here, there in ((str(work), HOME), (f" on {platform.node()}", " on laptop")):
        text = text.replace(here, there)
    return text


def settled(line: str) -> str:
    """A line of output without what differs from one time to the next."""
    for pattern, stand_in in _VARYING:
        line = pattern.sub(stand_in, line)
    return line.strip()


def agree(shown: list[str], printed: list[str]) -> bool:
    """Whether what a page shows is what was printed."""
    want, got = [settled(line) for line in shown], [settled(line) for line in printed]
    return _fits([line for line in want if line], [line for line in got if line])


def _fits(want: list[str], got: list[str]) -> bool:
    if "…" not in want:
        return want == got
    at = want.index("…")
    if want[:at] != got[:at]:
        return False
    rest = want[at + 1 :]
    return any(_fits(rest, got[begin:]) for begin in range(at, len(got) + 1))


def stale(text: str, steps: list[Step], printed: list[str], *, anew: bool = False) -> list[tuple[Step, list[str]]]:
    """The steps whose output the page shows otherwise than it was (``anew``: all that it shows), with the true lines."""
    lines = text.splitlines()
    found = []
    for step, said in zip(steps, printed, strict=False):
        if step.shown is None:
            continue
        shown = [line.removeprefix(step.indent) for line in lines[slice(*step.shown)]]
        true = said.rstrip("\n").splitlines()
        quiet = step.kind == "console" and not any(shown)
        if not quiet and (not agree(shown, true) or (anew and "…" not in shown)):
            found.append((step, true))
    return found


def refreshed(text: str, wrong: list[tuple[Step, list[str]]]) -> str:
    """The page with the true output in the place of what was stale."""
    lines = text.splitlines()
    for step, true in reversed(wrong):
        assert step.shown is not None
        lines[slice(*step.shown)] = [(step.indent + line).rstrip() for line in true]
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> int:
    """Run the pages named, or all, and bring what they show up to date; ``--anew`` prints everything anew."""
    failed = 0
    anew = "--anew" in names
    names = [name for name in names if name != "--anew"]
    for page in [Path(name).resolve() for name in names] or pages():
        text = page.read_text("utf-8")
        steps = steps_of(text)
        with tempfile.TemporaryDirectory() as folder:
            outcome = run_steps(page.name, steps, Path(folder))
        place = page.relative_to(TOP)
        if outcome.returncode:
            failed += 1
            print(f"{place}: failed\n{outcome.stdout}{outcome.stderr}")
            continue
        wrong = stale(text, steps, outcome.printed, anew=anew)
        if wrong:
            page.write_text(refreshed(text, wrong), encoding="utf-8")
        print(f"{place}: {len(steps)} steps, {len(wrong)} outputs brought up to date")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
