"""A store as a stranger would make it who wants harm: every file of it is a trick.

Beside it lies a folder that is none of the store's. It holds ``SECRET``, which nothing may ever read out or change.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
import zlib
from pathlib import Path
from typing import Any

from givens.index.schema import VERSION
from givens.journal.packs import packed, table_of

SECRET = "the victim's own words"
ESCAPES = (
    "\x1b[31mred\x1b]52;c;ZXZpbA==\x07\x1b]0;title\x07\x1b[2J\x9b31m\x9d0;t\x9c\x90\x85\r\n\b\x7f\u202e\u2066\u2028\0"
)
HTML = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'"
UP = "../../../outside/victim.txt"
WRITER = "w" * 16

Event = tuple[str, dict[str, Any]]


def line(number: int, kind: str, members: dict[str, Any], text: str = "") -> bytes:
    """A line whose checksum is right, whatever it says. ``text`` is JSON that ``json.dumps`` would not write."""
    said = {"k": kind, "n": number, "t": f"2026-03-01T10:00:{number % 60:02d}.000000Z", "dt": float(number), **members}
    body = (json.dumps(said)[:-1] + text).encode()
    return b'%b,"c":%d}\n' % (body, zlib.crc32(body))


def journal(run_id: str, *events: Event, start: dict[str, Any] | None = None) -> bytes:
    """A run's journal: a start line, these events, a finish line."""
    first = {"format": 1, "run": run_id, "writer": (run_id * 16)[:16], "role": "main", "project": "digits"}
    first |= {"name": f"calm-{run_id}", "host": "elsewhere", "pid": 4711, "argv": ["/nonexistent/program"], "cwd": "/"}
    every = [("start", {**first, **(start or {})}), *events, ("finish", {"state": "finished"})]
    return b"".join(line(number, kind, members) for number, (kind, members) in enumerate(every))


def rows(config: dict[str, Any]) -> Event:
    """A set event."""
    return "set", {"s": [[[key], value, 0] for key, value in config.items()], "o": [{"k": "code", "f": UP, "l": 3}]}


def logs(*metrics: dict[str, Any]) -> list[Event]:
    """Log events."""
    return [("log", {"m": one, "step": step}) for step, one in enumerate(metrics)]


def _tag(tag: str, **members: Any) -> dict[str, Any]:
    return {"~": tag, **members}


#: run -> its journal
RUNS: dict[str, bytes] = {
    "good01": journal("good01", rows({"lr": 0.1, "depth": 2}), *logs({"loss": 0.5}, {"loss": 0.25})),
    "good02": journal("good02", rows({"lr": 0.01, "depth": 3}), *logs({"loss": 0.4}, {"loss": 0.2})),
    "ansi01": journal(
        "ansi01",
        (
            "set",
            {"s": [[[ESCAPES], ESCAPES, 0], [["note"], {ESCAPES: [ESCAPES]}, 0]], "o": [{"k": ESCAPES, "f": ESCAPES}]},
        ),
        (
            "set",
            {
                "s": [[["note"], 2, 0]],
                "o": [{"k": "code", "f": ESCAPES, "l": 1, "x": ESCAPES}],
                "d": [[["note"], ESCAPES]],
            },
        ),
        ("lock", {"p": [["note"]], "by": ESCAPES}),
        ("refuse", {"p": ["note"], "v": ESCAPES, "by": ESCAPES}),
        ("log", {"m": {ESCAPES: 1.0, "loss": 3.0}}),
        ("summary", {"m": {ESCAPES: ESCAPES}}),
        ("metric", {"name": ESCAPES, "goal": ESCAPES}),
        ("meta", {"name": ESCAPES, "tags": [ESCAPES], "notes": ESCAPES}),
        ("finish", {"state": "failed", "error": ESCAPES, "unread": [ESCAPES], "asked": [ESCAPES]}),
        start={
            **dict.fromkeys(("name", "project", "group", "job_type", "notes", "host", "user", "script"), ESCAPES),
            **dict.fromkeys(("cwd", "python", "launcher", "branch", "rerun_of"), ESCAPES),
            "argv": [ESCAPES, ESCAPES],
            "tags": [ESCAPES],
            "git": {"root": ESCAPES, "commit": ESCAPES, "branch": ESCAPES},
            "jobs": {ESCAPES: ESCAPES},
            "logs": [ESCAPES],
        },
    ),
    "html01": journal(
        "html01",
        rows({HTML: HTML, "lr": HTML}),
        ("log", {"m": {HTML: 1.0}}),
        start={"name": HTML, "project": HTML, "tags": [HTML], "notes": HTML, "argv": [HTML], "host": HTML},
    ),
    "paths1": journal(
        "paths1",
        rows({UP: _tag("blob", sha256=UP, bytes=5, preview="x"), "file": _tag("Path", type="pathlib.PosixPath", v=UP)}),
        start={
            "run": UP,
            "writer": UP,
            "env": f"../{UP}",
            "join": UP,
            "parent": UP,
            "rerun_of": UP,
            "project": UP,
            "host": "../../outside/host",
            "script": UP,
            "cwd": "../../outside",
            "logs": ["/dev/zero", "/dev/stdin"],
            "git": {"root": "../../outside", "commit": "--upload-pack=touch", "branch": UP},
        },
    ),
    "linkblob": journal(
        "linkblob",
        rows({"a": _tag("blob", sha256=hashlib.sha256(SECRET.encode()).hexdigest(), bytes=20, preview="x")}),
    ),
    "index1": journal(
        "index1",
        ("set", {"s": [[["list", 10**12], 1, 0], [["list", [10**30]], 1, 0], [["x", [-(10**30)], 10**15], [[]], 0]]}),
        ("splice", {"p": ["list"], "at": 10**15, "rm": 2**62, "v": [1, 2]}),
        ("splice", {"p": ["lr"], "at": 3, "rm": 1, "v": [[[]]]}),
    ),
    "types1": journal(
        "types1",
        rows(
            {
                "array": _tag("ndarray", dtype="<f8", shape=[10**9, 10**9], v="AAAA"),
                "array2": _tag(
                    "ndarray", dtype="|O", shape=[3], v=base64.b64encode(b"cos\nsystem\n(S'id'\ntR.").decode()
                ),
                "array3": _tag("numpy", dtype="V1000000000", v=""),
                "tensor": _tag("tensor", dtype="float32", shape=[10**9] * 30, v=""),
                "range": _tag("range", v=[0, 10**30, 1]),
                "number": _tag("Decimal", v="1e1000000000"),
                "parts": _tag("Fraction", v=["1", "0"]),
                "time": _tag("timedelta", v=[10**30, 0, 0]),
                "set": _tag("set", v=[[], {}, _tag("set", v=[])]),
                "enum": _tag("enum", type="os:system", name="touch", v=1),
                "function": _tag("function", v="os:system"),
                "class": _tag("class", v="subprocess:Popen"),
                "object": _tag("object", type="subprocess.Popen", fields={"args": ["touch", UP]}),
                "bytes": _tag("bytes", v="!" * 1000),
                "strange": _tag("__import__", v="os"),
                "int": _tag("int", v="0x" + "f" * 100_000),
                "regex": _tag("Pattern", v="(a+)+$", flags=10**9),
                "python": _tag("py/object/apply", v="os.system"),
            }
        ),
    ),
    "numbers": b"".join(
        [
            line(
                0,
                "start",
                {"format": 1, "run": "numbers", "role": "main", "pid": 2**62, "started": 1e14, "rank": 2**62},
            ),
            line(
                1,
                "set",
                {"o": []},
                ',"s":[[["a"],1e999,0],[["b"],-1e999,0],[["lr"],NaN,-99999999999999999999],[["c"],'
                + "9" * 5_000
                + ",0]]",
            ),
            line(2, "log", {"step": 2**62}, ',"m":{"loss":1e999,"acc":' + "9" * 4_000 + "}"),
            line(3, "log", {"step": -(2**62)}, ',"m":{"loss":-Infinity,"acc":1e-999}'),
            line(4, "exit", {"code": 2**62}),
            line(2**62, "log", {"t": "99999999-99-99T99:99:99Z", "m": {"loss": 1}}),
            line(6, "finish", {"state": "finished", "dt": 1e14, "t": "0000-00-00"}),
        ]
    ),
    "deep01": line(0, "start", {"format": 1, "run": "deep01", "role": "main"})
    + line(1, "set", {"o": []}, ',"s":[[["a"],' + '{"a":' * 290 + "1" + "}" * 290 + ",0]]")
    + line(2, "set", {"o": []}, ',"s":[[["b"],' + "[" * 20_000 + "]" * 20_000 + ",0]]")
    + line(3, "set", {"o": []}, ',"s":[[' + json.dumps(["k"] * 50_000) + ",1,0]]")
    + line(4, "summary", {}, ',"m":{"x":' + '{"a":' * 299 + "1" + "}" * 299 + "}"),
    "wide01": journal("wide01", rows({f"key{number}": number for number in range(1_000)})),
    "newer1": journal("newer1", rows({"lr": 1}), ("set", {"s": {"not": "rows"}}), start={"format": 10**15}),
    "bytes1": os.urandom(64) + b"\n" + b"\0" * 100_000 + b"\n" + b'{"k":"start","c":0}\n' + b"\xff\xfe\n",
}


def make(folder: Path) -> Path:
    """The store; gives its path. ``folder/outside`` is what it must not touch."""
    store, outside = folder / "work" / ".givens", folder / "outside"
    for name in (
        "runs",
        "env",
        "ranks",
        "edits",
        "heads",
        "packs",
        "blobs",
        "trash",
        "views",
        "pages",
        "index",
        "outputs",
    ):
        (store / name).mkdir(parents=True)
    (outside / "runs").mkdir(parents=True)
    (outside / "victim.txt").write_text(SECRET)
    (outside / "runs" / "victim.jsonl").write_bytes(journal("victim", rows({"lr": SECRET}), start={"name": SECRET}))
    (folder / "work" / "pyproject.toml").write_text("")
    (store / "store.json").write_bytes(b"[" * 100_000)
    for run_id, content in RUNS.items():
        (store / "runs" / f"{run_id}.jsonl").write_bytes(content)
    _odd_files(store, outside)
    _packs(store, outside)
    _notes(store, outside)
    return store


def _odd_files(store: Path, outside: Path) -> None:
    runs = store / "runs"
    stolen = outside / "runs" / "victim.jsonl"
    (runs / "linked.jsonl").symlink_to(stolen)
    (runs / f"good01.{WRITER}.jsonl").symlink_to(stolen)
    (runs / "passwd.jsonl").symlink_to("/etc/passwd")
    (runs / "loop01.jsonl").symlink_to("loop01.jsonl")
    (runs / "zero01.jsonl").symlink_to("/dev/zero")
    (runs / "gone01.jsonl").symlink_to(outside / "made-by-a-link.txt")
    os.mkfifo(runs / "pipe01.jsonl")
    (runs / "folder.jsonl").mkdir()
    for name in (f"a{ESCAPES[:6]}.jsonl", "A B.jsonl", "..jsonl", "x.y.z.jsonl", ".jsonl", f"{'n' * 200}.jsonl"):
        (runs / name).write_bytes(RUNS["good01"])
    _sparse(runs / "sparse.jsonl", 1 << 36)
    for name in ("env", "edits"):
        (store / name / f"{'l' * 16}.jsonl").symlink_to(stolen)
        os.mkfifo(store / name / f"{'p' * 16}.jsonl")
        _sparse(store / name / f"{'s' * 16}.jsonl", 1 << 36)
    (store / "env" / f"{WRITER}.jsonl").write_bytes(
        line(0, "start", {"format": 1, "role": "env"})
        + line(
            1,
            "code",
            {"patch": {"sha256": UP, "bytes": 1, "complete": True}, "remote": ESCAPES, "untracked": [ESCAPES]},
        )
        + line(2, "machine", {"machine": {ESCAPES: ESCAPES}, "jobs": {"slurm": "1; touch x"}})
    )
    steps = [
        ["set", [ESCAPES], ESCAPES],
        ["name", ESCAPES],
        ["tags", [ESCAPES]],
        ["set", ["a", 10**12], 1],
        ["?", 1],
        [],
    ]
    (store / "edits" / f"{'e' * 16}.jsonl").write_bytes(
        line(0, "start", {"format": 1, "role": "edit", "user": ESCAPES, "command": [ESCAPES], "note": ESCAPES})
        + line(1, "edit", {"e": [[["good02", ESCAPES], steps], [[UP, "index1"], [["remove"]]]], "note": ESCAPES})
        + line(2, "edit", {"e": {"runs": [UP]}})
        + line(3, "undo", {"of": [ESCAPES, 10**30]})
        + line(4, "finish", {"state": "finished"})
    )
    (store / "blobs" / hashlib.sha256(SECRET.encode()).hexdigest()).symlink_to(outside / "victim.txt")
    os.mkfifo(store / "blobs" / ("0" * 64))
    (store / "trash" / "index1").symlink_to(outside)
    (store / "trash" / "good01").mkdir()
    (store / "trash" / "good01" / "runs").symlink_to(outside / "runs")
    (store / "outputs" / "good01").symlink_to(outside)
    (store / "index" / "fold.lock").symlink_to(outside / "made-by-the-lock")
    (store / "index" / f"v{VERSION}-000009.sqlite").symlink_to(outside / "made-by-the-index")
    (store / "index" / f"v{VERSION}-000001.sqlite.part").symlink_to(outside / "victim.txt")
    (store / "index" / f"v{VERSION}-000008.sqlite").write_bytes(b"SQLite format 3\0" + os.urandom(8_000))


def _packs(store: Path, outside: Path) -> None:
    folder = store / "packs"

    def write(content: bytes) -> None:
        (folder / f"{hashlib.sha256(content).hexdigest()}.jsonl.gz").write_bytes(content)

    deflater = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    # after a full flush nothing refers to what was before it: one piece, deflated once, stands for each
    piece = deflater.compress(b"\n" * (1 << 20)) + deflater.flush(zlib.Z_FULL_FLUSH)
    body = piece * 200 + deflater.flush()
    bomb = b"\x1f\x8b\x08\x08\0\0\0\0\0\xffruns/bomb01.jsonl\0" + body + struct.pack("<II", 0, 200 << 20)
    write(bomb)  # found by its header, its table is missing
    good = packed("runs/packed1.jsonl", journal("packed1", rows({"lr": 5})))

    def table(*rows: list[Any], at: int) -> bytes:
        text = json.dumps({"k": "pack", "format": 1, "members": list(rows)}).encode()
        return packed("table.json", text) + table_of([], at)[-table_end() :]

    facts = [0, "", "", None, None, None]
    write(good + table(["runs/packed1.jsonl", len(good), 10**18, *facts], at=len(good)))
    write(good + table([UP, len(good), 10, *facts], ["runs/../../x.jsonl", 1, 1, *facts], at=len(good)))
    write(good + table(["runs/packed2.jsonl", len(good), 100, 0, "", ESCAPES, ESCAPES, ESCAPES, ESCAPES], at=len(good)))
    write(good + table(at=2**63))
    write(packed("../../../outside/victim.jsonl", b"x") + packed("runs/../x.jsonl", b"x") + b"\0" * 50)
    deep = packed("table.json", b"[" * 500_000)
    write(good + deep + table_of([], len(good))[-table_end() :])
    many = packed("table.json", b'{"k":"pack","members":[' + b"[]," * 500_000 + b"[]]}")
    write(good + many + table_of([], len(good))[-table_end() :])
    (folder / f"{'a' * 64}.jsonl.gz").symlink_to(outside / "runs" / "victim.jsonl")
    os.mkfifo(folder / f"{'b' * 64}.jsonl.gz")
    _sparse(folder / f"{'c' * 64}.jsonl.gz", 1 << 33)


def table_end() -> int:
    """How long the end of a pack is that says where its table begins."""
    return len(table_of([], 0)) - len(packed("table.json", b'{"k":"pack","format":1,"members":[]}\n'))


def _notes(store: Path, outside: Path) -> None:
    import socket

    hosts = (socket.gethostname(), "elsewhere")
    for host in hosts:
        _sparse(store / "heads" / f"digits.{host}.json", 1 << 30)
        (store / "heads" / f"other.{host}.json").symlink_to(outside / "victim.txt")
        os.mkfifo(store / "heads" / f"pipe.{host}.json")
    views = {
        "a": {"name": ESCAPES, "page": "/", "query": ESCAPES},
        "b": {"name": HTML, "page": "//evil.example/", "query": ""},
        "c": {"name": "c", "page": "javascript:alert(1)", "query": ""},
        "d": {"name": HTML, "page": "/run/../../outside", "query": f"x={HTML}"},
        "e": {"name": "e", "page": "/run/\\evil.example", "query": "a#b"},
    }
    for name, view in views.items():
        (store / "views" / f"{name}.json").write_text(
            json.dumps({"format": 1, "saved_at": ESCAPES, "by": ESCAPES, **view})
        )
    (store / "views" / "f.json").write_bytes(b"[" * 200_000)
    (store / "views" / "g.json").symlink_to(outside / "victim.txt")
    os.mkfifo(store / "views" / "h.json")
    _sparse(store / "views" / "i.json", 1 << 33)
    note = {"url": "http://evil.example/\x1b[31m", "host": hosts[0], "pid": 1}
    (store / "pages" / "a.json").write_text(json.dumps(note))
    os.mkfifo(store / "pages" / "b.json")
    (store / "pages" / "c.json").symlink_to("/dev/zero")


def _sparse(path: Path, size: int) -> None:
    """A file that is long and takes no room."""
    with open(path, "wb") as file:
        file.truncate(size)


def fingerprint(folder: Path) -> dict[str, tuple[int, bytes]]:
    """What a folder holds: path -> mode and content."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.read_bytes() if path.is_file() else b"")
        for path in sorted(folder.rglob("*"))
    }
