"""Think up inputs for the readers until the time is over: ``make fuzz``, or ``python tests/fuzz/fuzz.py --seconds 60 yaml``.

Each target runs in a process of its own, guided by coverage (atheris), from the corpus in ``corpus/<target>``. An input
that brings out anything but a GivensError is written to ``found/<target>``; put it into the corpus with its fix.
Inputs that reach new code are kept in ``--new``, which is none of the repository's until somebody minimises it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import warnings

HERE = os.path.dirname(os.path.abspath(__file__))
NAMES = ("yaml", "json", "toml", "filters", "keys", "lines", "journal", "index", "pack")
#: Parts of the whole time: what reads other people's files gets most.
WEIGHTS = {"yaml": 3, "journal": 3, "index": 2, "filters": 3, "keys": 2}


def main() -> int:
    """Run the targets one after the other; 1 when one of them found something."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", choices=[*NAMES, []], help="which; all when left out")
    parser.add_argument("--seconds", type=int, default=600, help="for all of them together (default: %(default)s)")
    parser.add_argument("--new", default=os.path.join(HERE, "found", "new"), help="where inputs that reach new code go")
    parser.add_argument("--only", help=argparse.SUPPRESS)  # the child's own form
    asked = parser.parse_args()
    if asked.only:
        _fuzz(asked.only, asked.seconds, asked.new)
    targets = asked.targets or NAMES
    shares = sum(WEIGHTS.get(name, 1) for name in targets)
    failed = []
    for name in targets:
        seconds = max(asked.seconds * WEIGHTS.get(name, 1) // shares, 1)
        began_s = time.monotonic()
        command = [sys.executable, os.path.abspath(__file__), "--only", name, "--seconds", str(seconds)]
        with open(_log(name), "wb") as log:
            code = subprocess.run([*command, "--new", asked.new], stdout=log, stderr=log, check=False).returncode
        print(
            f"{name}: {_runs(name)} in {time.monotonic() - began_s:.0f} s, {'FAILED' if code else 'clean'}", flush=True
        )
        if code:
            failed.append(name)
            with open(_log(name), encoding="utf-8", errors="replace") as log:
                print("".join(log.readlines()[-60:]))
    return 1 if failed else 0


def _log(name: str) -> str:
    folder = os.path.join(HERE, "found")
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, f"{name}.log")


def _runs(name: str) -> str:
    """How many inputs were tried, by libFuzzer's last words."""
    with open(_log(name), encoding="utf-8", errors="replace") as log:
        told = [line for line in log if line.startswith("Done ")]
    return f"{int(told[-1].split()[1]):,} inputs" if told else "ended early"


def _fuzz(name: str, seconds: int, new: str) -> None:
    """This process fuzzes one target; it never returns."""
    import atheris

    sys.path.insert(0, HERE)
    with atheris.instrument_imports(include=["givens", "yaml"]):
        from targets import LONGEST, TARGETS
    warnings.simplefilter("ignore")
    kept, found, corpus = (os.path.join(*path) for path in ((new, name), (HERE, "found", name), (HERE, "corpus", name)))
    for folder in (kept, found):
        os.makedirs(folder, exist_ok=True)
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", "-timeout=20", "-rss_limit_mb=3000"]
    options += [f"-artifact_prefix={found}{os.sep}", "-print_final_stats=1", "-len_control=20"]
    mutator = None
    if name in ("journal", "index"):
        from mutating import mutated_lines as mutator
    extra = {"custom_mutator": mutator} if mutator else {}
    atheris.Setup([sys.argv[0], *options, kept, corpus], TARGETS[name], enable_python_coverage=True, **extra)
    atheris.Fuzz()


if __name__ == "__main__":
    sys.exit(main())
