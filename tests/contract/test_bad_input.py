"""Bad input: each gets one clear error (what, where, what to do), and nothing given before it is lost."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BOMB = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)

#: file name -> content, and what the error has to say: what, where, what to do
FILES: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "malformed.yaml": ("lr: 1\nmodel: {depth: 2\nseed: 3\n", ("malformed.yaml:3",)),
    "tab.yaml": ("model:\n\tdepth: 2\n", ("tab.yaml:2", "tab")),
    "list.yaml": ("- lr\n- 2\n", ("list.yaml:1", "list")),
    "duplicate.yaml": ("lr: 1\ndepth: 2\nlr: 3\n", ("duplicate.yaml:3", "lr", "line 1")),
    "object.yaml": ("lr: 1\nevil: !!python/object/apply:os.system ['touch ran']\n", ("object.yaml:2", "python/object")),
    "bomb.yaml": (BOMB, ("bomb.yaml",)),
    "latin.yaml": ("name: Zoë\n".encode("latin-1"), ("latin.yaml", "UTF-8")),
    "undescribed.yaml": ("wandb_version: 1\nlr:\n  desc: rate\n", ("undescribed.yaml:2", "value")),
    "version.yaml": ("wandb_version: 99\nlr:\n  value: 1\n", ("version.yaml:1", "wandb_version", "write 1")),
    "malformed.json": ('{"lr": 1,\n "depth": }', ("malformed.json:2",)),
    "duplicate.json": ('{"lr": 1,\n "lr": 2}', ("duplicate.json", "lr")),
    "list.json": ("[1, 2]", ("list.json", "list")),
    "malformed.toml": ("lr = 1\ndepth = = 2\n", ("malformed.toml:2",)),
    "empty_key.yaml": ('"": 1\n', ("empty",)),
}

OBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a file that does not exist": ("'nowhere.yaml'", ("nowhere.yaml",)),
    "a folder": ("'folder.yaml'", ("folder.yaml", "folder")),
    "a file over 64 MiB": ("'huge.yaml'", ("huge.yaml", "64 MiB")),
    "a bare object": ("object()", ("object", "mapping")),
    "an int": ("3", ("int", "mapping")),
    "a name without a suffix": ("'my_config'", ("my_config", ".yaml")),
    "an empty key": ("{'': 1}", ("empty",)),
    "an empty key further down": ("{'net': {'': 1}}", ("empty", "net")),
    "a cycle": ("cycle", ("contains itself",)),
    "a cycle through a list": ("{'layers': ring}", ("layers", "contains itself")),
    "a good and a bad source": ("[{'depth': 99}, 'nowhere.yaml']", ("nowhere.yaml",)),
}

TRIES = """
import json, sys, givens

cycle = {}
cycle["self"] = cycle
ring = []
ring.append(ring)
said = {}
run = givens.init(config={"lr": 0.1, "model": {"depth": 2}})
for name, source in json.loads(sys.argv[1]).items():
    texts = []
    for attempt in (givens.init, run.config.update, run.config.setdefaults):
        try:
            attempt(config=eval(source)) if attempt is givens.init else attempt(eval(source))
        except givens.GivensError as error:
            texts.append([type(error).__name__, str(error)])
        if givens.run is not run or run.config != {"lr": 0.1, "model": {"depth": 2}}:
            texts.append(["taken", str(dict(givens.config))])
            run = givens.init(config={"lr": 0.1, "model": {"depth": 2}})
    said[name] = texts
run.config.after = 1
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: Any) -> dict[str, list[tuple[str, str]]]:
    """What one process was told about every bad input; it went on after each, and so did its record."""
    folder = tmp_path_factory.mktemp("bad")
    for name, (content, _) in FILES.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (folder / "folder.yaml").mkdir()
    with open(folder / "huge.yaml", "wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)
    sources = {name: repr(name) for name in FILES} | {name: source for name, (source, _) in OBJECTS.items()}
    (folder / "train.py").write_text(TRIES)
    done = subprocess.run(
        [sys.executable, "train.py", json.dumps(sources)], cwd=folder, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert not (folder / "ran").exists()
    from givens.api import open_run

    run = open_run("last", dir=folder)
    assert run.config.as_dict() == {"lr": 0.1, "model": {"depth": 2}, "after": 1}
    assert run.state == "finished" and not run.problems
    found: dict[str, list[tuple[str, str]]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("name", [*FILES, *OBJECTS])
def test_bad_input_is_one_clear_error_in_every_way_in(said: dict[str, Any], name: str) -> None:
    parts = (FILES | OBJECTS)[name][1]
    assert len(said[name]) == 3, said[name]
    for kind, text in said[name]:
        assert "\n" not in text and len(text) < 400
        assert all(part in text for part in parts), (kind, text, parts)


def test_nothing_given_before_a_bad_init_is_lost(folder: Any) -> None:
    done = folder.run(
        """
        import givens
        givens.config.lr = 0.1
        givens.init(config="nowhere.yaml")
        """,
        code=1,
    )
    assert "nowhere.yaml" in done.stderr
    assert "1 value given to givens.config (lr) went into no run" in done.stderr


def test_large_values_are_stored(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(config={"digits": 10 ** 10_000 - 7})
        run.config.text = "0123456789" * 10_000_000
        run.config.after = 1
    """)
    run = folder.only()
    assert run.config.digits == 10**10_000 - 7
    assert run.config.text == "0123456789" * 10_000_000
    assert run.config.after == 1
    assert Path(run.files[0]).stat().st_size < 100_000


def test_an_exception_in_the_middle_of_update_applies_nothing(folder: Any) -> None:
    folder.run("""
        import collections.abc, givens
        class Broken(collections.abc.Mapping):
            def __getitem__(self, key):
                if key == "b":
                    raise OSError("gone")
                return 1
            def __iter__(self):
                return iter("ab")
            def __len__(self):
                return 2
        def pairs():
            yield "a", 1
            raise OSError("gone")
        cycle = []
        cycle.append(cycle)
        run = givens.init(config={"a": 0})
        for given in ({"a": 1, "": 2}, {"a": 1, "x": {"y": cycle}}, Broken(), [{"a": 1}, "nowhere.yaml"]):
            try:
                run.config.update(given)
            except (givens.GivensError, OSError):
                pass
            else:
                raise SystemExit(f"no error: {type(given)}")
            assert run.config == {"a": 0}, run.config
        try:
            run.config.update(dict(pairs()))
        except OSError:
            pass
        run.config.b = 1
    """)
    run = folder.only()
    assert run.config.as_dict() == {"a": 0, "b": 1}
    assert [change.origin.line for change in run.history("a")] == [17]


def test_a_callback_that_raises_or_writes_harms_nothing(folder: Any) -> None:
    done = folder.run("""
        import givens
        run = givens.init(config={"a": 0, "calls": 0, "api_key": "a-secret-of-mine"})
        def write(key=None, val=None, data=None):
            run.config.calls += 1
        def fail(key=None, val=None, data=None):
            raise ValueError(f"cannot: {run.config.api_key}")
        givens.on_change(run.config, write)
        givens.on_change(run.config, fail)
        run.config.a = 1
        run.config.update(a=2, b=3)
        run.config.persist()
    """)
    run = folder.only()
    config = run.config.as_dict()
    assert (config["a"], config["b"], config["calls"]) == (2, 3, 3)
    assert run.state == "finished"
    assert "CallbackWarning" in done.stderr and "fail raised ValueError" in done.stderr
    assert "of-mine" not in done.stderr


def test_a_store_that_cannot_be_written_stops_nobody_and_is_said_once(folder: Any) -> None:
    folder.write("blocked", "a file where the folder should be")
    done = folder.run("""
        import givens
        run = givens.init(dir="blocked", config={"lr": 0.1})
        for step in range(100):
            run.config.step = step
            run.log({"loss": step})
        run.config.big = "x" * 1_000_000
        assert run.config.step == 99 and len(run.history("step")) == 100
    """)
    assert done.stderr.count("events are kept in memory") == 1
    assert done.stderr.count("is lost with this process") == 1
    assert "Traceback" not in done.stderr


def test_strict_raises_where_the_store_cannot_be_written(folder: Any) -> None:
    folder.write("blocked", "a file where the folder should be")
    done = folder.run("import givens; givens.init(dir='blocked', strict=True)", code=1)
    assert "StoreError" in done.stderr and "blocked" in done.stderr


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, resource.RLIM_INFINITY))


@pytest.mark.parametrize("is_freed", [True, False])
def test_a_disk_that_fills_up_loses_nothing_once_there_is_room_again(folder: Any, *, is_freed: bool) -> None:
    """A limit on the size of files acts as a disk that is full: the write that meets it is cut short."""
    folder.write(
        "train.py",
        """
        import resource, signal, sys, givens
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        run = givens.init(config={"lr": 0.1})
        for step in range(300):
            run.config.step = step
        run.config.words = "y" * 70_000
        assert run.config.step == 299 and len(run.history("step")) == 300
        if sys.argv[1] == "True":
            resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        run.config.after = 1
        """,
    )
    done = subprocess.run(
        [sys.executable, "train.py", str(is_freed)],
        cwd=folder.path,
        preexec_fn=_limited,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("events are kept in memory") == 1
    run = folder.only()
    assert not run.problems
    steps = [change.new for change in run.history("step")]
    assert steps == list(range(len(steps)))
    if is_freed:
        assert len(steps) == 300 and run.config.after == 1 and run.config.words == "y" * 70_000
        assert run.state == "finished" and "is lost" not in done.stderr
    else:
        assert 50 < len(steps) < 300
        assert run.state == "lost" and "is lost with this process" in done.stderr


def test_a_full_file_system_loses_nothing_once_there_is_room_again(folder: Any) -> None:
    disk = folder.path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no permission to mount a small file system")
    try:
        done = folder.run(
            """
            import os, givens
            with open("disk/ballast", "wb") as ballast:
                ballast.write(bytes(20_000))
            run = givens.init(dir="disk", config={"lr": 0.1})
            for step in range(400):
                run.config.step = step
            run.config.big = "z" * 500_000
            os.unlink("disk/ballast")
            run.config.after = 1
            del run.config["big"]
        """,
            env={"GIVENS_SURROUNDINGS": "0"},
        )  # its child would keep the disk busy
        assert done.stderr.count("events are kept in memory") == 1
        run = folder.only("disk")
        assert not run.problems
        steps = [change.new for change in run.history("step")]
        assert steps == list(range(len(steps))) and len(steps) > 50
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)  # also while a child of the run still looks at it
