"""Made the frozen store of the present format: ``python tests/compat/make_store.py FOLDER`` writes FOLDER/store and FOLDER/answers.json.

Run once, when a format is released; afterwards only the reader changes, never what lies there. The folder of the next format
is made by the script as it is then.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import functools
import itertools
import json
import math
import os
import pathlib
import re
import shutil
import sys
import tempfile
import types
import uuid
import warnings
import zoneinfo
from typing import Any

import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from answers import HEAD_HOST, answers

import givens
from givens.api.page.saved_views import save_view
from givens.api.upkeep.packing import pack_store
from givens.cli.root import run as run_command
from givens.codec import dumps
from givens.codec.kinds import FAMILIES
from givens.journal.blobs import write_blob
from givens.journal.heads import Head, write_head
from givens.journal.layout import Store
from givens.journal.lines import Stamper
from givens.journal.rank_files import rank_file
from givens.journal.writer import JournalWriter
from givens.records.events import KINDS

BEGAN_NS = 1_772_359_200 * 10**9  # 2026-03-01T10:00:00Z
Color = enum.Enum("Color", ["RED", "BLUE"])
Pair = collections.namedtuple("Pair", "left right")


class Thing:
    """No source and no codec knows it."""

    def __init__(self) -> None:
        self.size, self.parts = 3, ["a", 1.5]


VALUES: dict[str, Any] = {
    "none": None,
    "bools": [True, False],
    "ints": [0, -1, 2**63, 10**30, 10**4500],
    "floats": [0.1, 2.0, -0.0, 1e300, math.nan, math.inf, -math.inf],
    "texts": ["", "ä\u2028\x1b", "half \ud800", "~"],
    "bytes": [b"\0\xff", bytearray(b"ab")],
    "numbers": [1 + 2j, decimal.Decimal("1.10"), fractions.Fraction(1, 3)],
    "others": [uuid.UUID(int=7), range(3, 9, 2), slice(1, None), ..., NotImplemented, re.compile("a+", re.I)],
    "paths": [pathlib.PurePosixPath("a/b"), pathlib.PureWindowsPath("c:/d")],
    "containers": [
        (1, (2,)),
        {1, 2},
        frozenset("x"),
        Pair(1, [2]),
        collections.deque([1], 3),
        collections.Counter("aab"),
    ],
    "mappings": [{1.5: 2, None: 3}, {"~": 1}, collections.defaultdict(list, a=[1]), {True: 1}],
    "ordered": (collections.OrderedDict(b=1, a=2),),
    "spaces": (types.SimpleNamespace(a=1),),
    "times": [
        *(datetime.date(2026, 3, 1), datetime.time(1, 2, 3), datetime.timedelta(days=1, microseconds=5)),
        *(datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC), datetime.timezone(datetime.timedelta(hours=2), "X")),
        zoneinfo.ZoneInfo("Europe/Berlin"),
    ],
    "named": [Color.RED, math.sqrt, dict, math, functools.partial(int, base=2)],
    "numpy": [
        np.float64(2),
        np.int8(-3),
        np.arange(6, dtype="<i4").reshape(2, 3),
        np.dtype("<f4"),
        np.datetime64("2026-03-01"),
    ],
    "object": Thing(),
    "long": list(range(14_000)),
}
#: values of libraries that need not be there, as their encoders write them
FOREIGN: dict[str, Any] = {
    "tensor": {"~": "tensor", "library": "torch", "dtype": "float32", "shape": [2], "v": "AACAPwAAAEA="},
    "constant": {"~": "constant", "type": "torch.dtype", "v": "torch.float32"},
    "pandas": {"~": "pandas", "kind": "Timestamp", "v": "2026-03-01T00:00:00"},
    "quantity": {"~": "quantity", "library": "pint", "unit": "meter", "v": 3.5},
    "unit": {"~": "unit", "library": "pint", "v": "meter"},
    "cut": {"~": "cut", "type": "str", "length": 9000},
    "redacted": {"~": "redacted", "v": "https://ada:***@example.org", "id": "0123456789abcdef01234567"},
    "secret": {"~": "secret", "id": "0123456789abcdef01234567", "hint": "wxyz"},
}


def main(folder: str) -> None:
    """Make the store, see that it has everything, and write down what it says."""
    os.environ.update(GIVENS_SURROUNDINGS="0", GIVENS_SILENT="1", XDG_CONFIG_HOME=tempfile.mkdtemp())
    warnings.simplefilter("ignore")
    work = tempfile.mkdtemp()
    store = Store(os.path.join(work, ".givens"))
    by_givens(work)
    by_hand(store)
    givens.edit_runs(runs="plain", dir=work, set={"lr": 0.5}, note="a slip")
    givens.edit_runs(runs="plain", dir=work, set={"lr": 0.7})
    givens.undo_edit(dir=work)
    assert run_command(["scrub", "plain", "--key", "model.depth", "--yes", "--dir", work]) == 0
    givens.remove_runs(runs="gone", dir=work)
    save_view(store, "best", "/", "filter=lr%20%3C%201")
    pack_store(store)
    unpacked(work)
    complete(store)
    for name in (".gitignore", "index"):  # git would leave all of it out; and an index is made anew
        path = os.path.join(store.path, name)
        (shutil.rmtree if os.path.isdir(path) else os.unlink)(path) if os.path.exists(path) else None
    shutil.copytree(store.path, os.path.join(folder, "store"))
    with open(os.path.join(folder, "answers.json"), "w", encoding="utf-8") as file:
        json.dump(answers(Store(os.path.join(folder, "store")), tempfile.mkdtemp()), file, indent=1, sort_keys=True)
        file.write("\n")


def by_givens(work: str) -> None:
    """What the library itself writes: of every event of a run, and of every value."""
    run = givens.init(dir=work, id="values", name="calm-values", project="digits", config=VALUES)
    run.finish()
    run = givens.init(
        dir=work, id="plain", name="calm-plain", project="digits", group="g", job_type="train", tags=["a"]
    )
    run.config.update({"lr": 0.1, "model": {"depth": 2, "layers": [1, 2, 3]}, "a.b": 1, 3: "three"})
    run.config.update_locked({"seed": 1}, "sweep")
    run.config.seed = 2
    run.config.model.layers.append(4)
    run.config.model.layers.sort(reverse=True)
    run.define_metric("loss", goal="min")
    for step in range(5):
        run.log({"loss": 1 / (step + 1), "eval/acc": step, "text": "x"}, step=step)
    run.config.update({"lr": 0.2}, allow_val_change=True)
    del run.config.model["depth"]
    run.summary["best"] = 0.9
    del run.summary["text"]
    run.name, run.notes, run.tags = "calm-renamed", "said later", ("a", "b")
    run.finish()
    run = givens.init(dir=work, id="plain", resume="must", config={"lr": 0.3})
    run.log({"loss": 0.1})
    run.finish(exit_code=3)
    run = givens.init(dir=work, id="failed", project="digits", config={"lr": 1})
    run.__exit__(ValueError, ValueError("no such luck"), None)
    givens.init(dir=work, id="gone", project="other", config={"lr": 9}).finish()


def unpacked(work: str) -> None:
    """A run that comes after packing, so that some are loose."""
    givens.init(dir=work, id="loose", project="digits", config={"lr": 0.01, "model": {"depth": 9}}).finish()


def by_hand(store: Store) -> None:
    """What takes a launcher, a fork, a capture, or somebody else's library: by the journal's own writer."""
    join, env = "0123456789abcdef", "e" * 16
    patch = b"--- a/x\n+++ b/x\n"
    digest = __import__("hashlib").sha256(patch).hexdigest()
    write_blob(store, digest, patch)
    start = {
        "format": 1,
        "run": "byhand",
        "role": "main",
        "project": "digits",
        "name": "calm-byhand",
        "host": HEAD_HOST,
    }
    start |= {
        "pid": 4711,
        "argv": ["python", "train.py"],
        "cwd": "/home/ada",
        "python": "3.11.7",
        "join": join,
        "rank": 0,
    }
    start |= {"git": {"root": "/home/ada", "commit": "a" * 40, "branch": "main"}, "env": env, "user": "ada"}
    rows = [[[key], value, 0] for key, value in FOREIGN.items()]
    origins = [{"kind": "file", "file": "c.yaml", "line": 2, "column": 5}]
    events: list[tuple[str, dict[str, Any]]] = [
        ("set", {"s": rows, "o": origins, "d": [[["unit"], "a description"]]}),
        ("lossy", {"p": [[["cut"], "it is too long"]]}),
        ("exit", {"code": 0}),
    ]
    _write(store.run_file("byhand"), {**start, "writer": "b" * 16}, *events)
    child = {**start, "writer": "c" * 16, "role": "child", "parent": "b" * 16}
    _write(store.run_file("byhand", "c" * 16), child, ("set", {"s": [[["device"], 1, 0]], "o": [{"kind": "code"}]}))
    rank = {**start, "writer": "r" * 16, "role": "rank", "rank": 1, "ranks": 2, "launcher": "torchelastic"}
    os.makedirs(os.path.join(store.path, "ranks"), exist_ok=True)
    _write(rank_file(store, join, "r" * 16), rank, ("set", {"s": [[["device"], 1, 0]], "o": [{"kind": "code"}]}))
    os.makedirs(os.path.join(store.path, "env"), exist_ok=True)
    surroundings = [
        ("dirty", {"dirty": True}),
        (
            "code",
            {
                "patch": {"sha256": digest, "bytes": len(patch), "complete": True},
                "untracked": ["y"],
                "untracked_total": 1,
            },
        ),
        ("packages", {"packages": {"numpy": "2.0"}, "packages_digest": "0" * 16}),
        ("machine", {"machine": {"system": "Linux", "cores": 2}, "script_sha256": "1" * 64}),
    ]
    _write(store.env_file(env), {"format": 1, "writer": env, "role": "env"}, *surroundings)
    write_head(store, "digits", HEAD_HOST, Head("byhand", "calm-byhand", {"lr": 0.1}))


def _write(path: str, start: dict[str, Any], *events: tuple[str, dict[str, Any]]) -> None:
    seconds, ticks = itertools.count(), itertools.count()
    journal = JournalWriter(path, Stamper(lambda: BEGAN_NS + next(seconds) * 10**9, lambda: next(ticks) * 10**9))
    journal.open()
    for kind, members in [("start", start), *events]:
        journal.append(kind, "".join(f",{dumps(name)}:{dumps(value)}" for name, value in members.items()))
    journal.close()


def complete(store: Store) -> None:
    """Nothing that the format has may be missing."""
    import gzip

    content = b""
    for place, _, names in os.walk(store.path):
        for name in names:
            with open(os.path.join(place, name), "rb") as file:
                read = file.read()
            content += gzip.decompress(read) if name.endswith(".gz") else read
    missing = [kind for kind in KINDS if f'"k":"{kind}"'.encode() not in content and kind != "resume"]
    tags = [tag for family in FAMILIES for tag in family.tags] + ["blob"]
    missing += [tag for tag in tags if f'"~":"{tag}"'.encode() not in content]
    folders = ("runs", "packs", "blobs", "edits", "env", "ranks", "heads", "views", "trash")
    missing += [name for name in folders if not os.listdir(os.path.join(store.path, name))]
    if missing:
        raise SystemExit(f"the store lacks {', '.join(missing)}")


if __name__ == "__main__":
    main(sys.argv[1])
