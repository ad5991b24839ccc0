"""What the first line of a journal says of the process that wrote it."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any

from givens.records.events import KINDS


def start_of(run: Any) -> dict[str, Any]:
    with open(run.files[0], encoding="utf-8") as file:
        found: dict[str, Any] = json.loads(file.readline())
    return found


def test_the_first_line_says_who_where_and_with_what(folder: Any) -> None:
    (folder.path / "deep").mkdir()
    done = folder.run(
        "import os, givens; givens.init(); print(os.getpid())",
        "--lr",
        "1",
        script="code/train.py",
        cwd="deep",
    )
    start = start_of(folder.only())
    assert (start["k"], start["n"], start["format"], start["role"]) == ("start", 0, 1, "main")
    assert start["pid"] == int(done.stdout)
    assert start["cwd"] == str(folder.path / "deep")
    assert start["script"] == "code/train.py"
    assert start["argv"] == [sys.executable, str(folder.path / "code" / "train.py"), "--lr", "1"]
    assert start["python"] == sys.version.partition(" ")[0]
    assert {"host", "boot_id", "pid_namespace", "started", "user", "writer", "name"} <= set(start)
    assert "git" not in start and "launched" not in start


def test_every_member_of_a_start_line_is_in_the_reference_of_the_format(folder: Any) -> None:
    folder.run("import givens; givens.init(project='p', group='g', job_type='j', tags=['t'], notes='n')")
    said = KINDS["start"]
    assert set(start_of(folder.only())) - set("k n t dt c".split()) - set(re.findall(r"\w+", said)) == set()


def test_secrets_on_the_command_line_are_hidden(folder: Any) -> None:
    folder.run(
        "import givens; givens.init()",
        "--api-key",
        "a-secret-of-mine",
        "--token=a-secret-of-mine",
        "https://me:a-secret-of-mine@host/x",
    )
    start = start_of(folder.only())
    assert start["argv"][2:4] == ["--api-key", "***"]
    assert "a-secret-of-mine" not in json.dumps(start)


def test_the_files_that_a_scheduler_keeps_the_output_in_are_noted(folder: Any) -> None:
    import subprocess

    folder.write("train.py", "import givens; givens.init()")
    with open(folder.path / "out.log", "w") as out:
        subprocess.run([sys.executable, "train.py"], cwd=folder.path, stdout=out, stderr=out, check=True)
    assert start_of(folder.only())["logs"] == [os.path.realpath(folder.path / "out.log")]


def test_every_way_to_start_python_is_recorded(folder: Any) -> None:
    import subprocess

    folder.write("package/__main__.py", "import givens; givens.init(name='module')")
    for name, command in {
        "module": ["-m", "package"],
        "text": ["-c", "import givens; givens.init(name='text')"],
        "profiler": ["-m", "cProfile", "-o", "profile", "train.py"],
    }.items():
        folder.write("train.py", "import givens; givens.init(name='profiler', config={'lr': 1})")
        subprocess.run([sys.executable, *command], cwd=folder.path, check=True, capture_output=True)
        run = folder.runs()[-1]
        assert run.name == name and run.state == "finished"
        assert start_of(run)["argv"][1:] == command
        assert start_of(run).get("script") == {"module": "package/__main__.py", "profiler": "train.py"}.get(name)
