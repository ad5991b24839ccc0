"""The detached child that finds out whether the git tree is dirty; commit and branch in the start line."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

SECRET = "hunter2-hunter2-hunter2"
WAIT = """
import os, sys, givens
from givens.lifecycle.current import current
run = givens.init()
capture = current.surroundings
"""


@pytest.fixture
def tree(folder: Any) -> Any:
    """A working tree with one commit."""
    folder.write("tracked.txt", "as committed")
    folder.write(".gitignore", ".givens\n__pycache__\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def git(folder: Any, *args: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    done = subprocess.run(["git", *who, *args], cwd=folder.path, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("dirty", [False, True])
def test_commit_branch_and_dirty_state_are_recorded(tree: Any, dirty: bool) -> None:
    if dirty:
        tree.write("tracked.txt", "changed")
    tree.run(WAIT + "os.waitpid(capture.child, 0)")
    facts = tree.only().git
    assert facts == (git(tree, "rev-parse", "HEAD"), "main", dirty)


def test_the_commit_is_that_of_the_code_which_runs(tree: Any, tmp_path_factory: Any) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    file = tree.write("train.py", "import givens; givens.init(dir='here')")
    subprocess.run([sys.executable, file], cwd=elsewhere, check=True, capture_output=True)
    (run,) = type(tree)(elsewhere / "here").runs()
    assert run.git.commit == git(tree, "rev-parse", "HEAD")


def test_outside_of_git_packages_and_the_machine_are_recorded(folder: Any) -> None:
    folder.run(WAIT + "os.waitpid(capture.child, 0)")
    run = folder.only()
    assert run.git == (None, None, None)
    assert run.surroundings["packages"]["pyyaml"]
    assert run.surroundings["machine"]["cores"]
    assert "code" not in run.surroundings


def test_patch_untracked_files_remote_and_script_are_recorded(tree: Any) -> None:
    git(tree, "remote", "add", "origin", f"https://me:{SECRET}@example.org/repository.git")
    tree.write("tracked.txt", f"as changed\napi_key = '{SECRET}'\n")
    tree.write("notes.txt", "")
    tree.run(WAIT + "os.waitpid(capture.child, 0)", script="train.py")
    run = tree.only()
    assert run.git.dirty
    assert run.patch and "+as changed" in run.patch
    assert "notes.txt" in run.surroundings["untracked"]
    assert run.surroundings["remote"].endswith("@example.org/repository.git")
    assert run.surroundings["patch"]["complete"] is False  # a secret was taken out of it
    assert len(run.surroundings["script_sha256"]) == 64
    written = b"".join(file.read_bytes() for file in (tree.path / ".givens").rglob("*") if file.is_file())
    assert SECRET.encode() not in written


@pytest.mark.parametrize("moment", ["after init", "between the start of the process and init", "not at all"])
def test_code_that_is_changed_after_the_process_began_is_named(tree: Any, moment: str) -> None:
    edit = "import time; time.sleep(0.1); open('tracked.txt', 'w').write('edited while it runs')\n"
    wait = WAIT + "os.waitpid(capture.child, 0)\n"
    after = WAIT + edit + "os.waitpid(capture.child, 0)"
    tree.run({"after init": after, "not at all": wait}.get(moment, edit + wait))
    touched = tree.only().surroundings.get("touched")
    # of a change that comes after the child has looked, nothing is said: it is not in the patch either
    assert touched == (None if moment == "not at all" else ["tracked.txt"]) or (
        moment == "after init" and touched is None and not tree.only().git.dirty
    )


def test_a_tree_that_is_committed_while_the_run_begins_is_described_as_it_was(tree: Any) -> None:
    commit = git(tree, "rev-parse", "HEAD")
    tree.write("tracked.txt", "what runs")
    tree.run(
        """
        import subprocess, sys, os, givens
        from givens.lifecycle import start_event, surroundings
        run = givens.init()
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", *who, "commit", "-q", "-a", "-m", "second"], check=True)
        from givens.lifecycle.current import current
        os.waitpid(current.surroundings.child, 0)
        """
    )
    run = tree.only()
    assert run.git == (commit, "main", True)
    assert "+what runs" in run.patch


def test_the_child_is_not_started_where_the_settings_say_so(tree: Any) -> None:
    tree.run("import os; os.environ['GIVENS_SURROUNDINGS'] = '0'" + WAIT + "assert capture is None")
    assert tree.only().git.dirty is None


def test_all_runs_of_a_process_name_one_capture(tree: Any) -> None:
    tree.run(WAIT + "givens.init(config={}); assert current.surroundings is capture; os.waitpid(capture.child, 0)")
    assert [run.git.dirty for run in tree.runs()] == [False, False]


def test_the_child_goes_on_when_its_parent_has_ended(tree: Any) -> None:
    tree.write("brief.py", WAIT)
    tree.run(
        """
        import ctypes, os, subprocess, sys
        PR_SET_CHILD_SUBREAPER = 36
        assert ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0   # its orphans become our children
        subprocess.run([sys.executable, "brief.py"], check=True)
        _, status = os.wait()
        assert status == 0
        """,
        script="reaper.py",
    )
    assert tree.only().git.dirty is False


def test_the_child_holds_no_descriptor_of_ours_and_leads_a_session(tree: Any) -> None:
    tree.write("bin/git", "#!/bin/sh\nread line < fifo\n").chmod(0o755)  # so that the child is there to be looked at
    tree.run(
        """
        import os, sys
        os.mkfifo("fifo")
        os.environ["PATH"] = os.path.abspath("bin") + os.pathsep + os.environ["PATH"]
        read, write = os.pipe()
        os.set_inheritable(write, True)
        """
        + WAIT.replace("\n", "\n        ")
        + """
        folder = f"/proc/{capture.child}/fd"
        held = {int(fd): os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder)}
        assert [held[fd] for fd in (0, 1, 2)] == ["/dev/null"] * 3, held
        assert os.readlink(f"/proc/self/fd/{write}") not in held.values(), held
        assert os.getsid(capture.child) == capture.child
        """
    )


def test_a_pipe_behind_the_script_ends_with_the_script(tree: Any) -> None:
    tree.write("bin/git", "#!/bin/sh\nread line < fifo\n").chmod(0o755)
    tree.write("train.py", "import givens; givens.init(); print('done')")
    subprocess.run(["mkfifo", "fifo"], cwd=tree.path, check=True)
    command = f"PATH=$PWD/bin:$PATH {sys.executable} train.py 2>&1 | cat; echo > fifo & echo released"
    done = subprocess.run(command, shell=True, cwd=tree.path, capture_output=True, text=True, timeout=60)
    assert done.stdout.index("done") < done.stdout.index("released")


def test_no_zombie_is_left_behind_and_nobody_elses_child_is_taken(tree: Any) -> None:
    tree.run(
        WAIT
        + """
os.waitid(os.P_PID, capture.child, os.WEXITED | os.WNOWAIT)
child = capture.child
run.log({"loss": 1})
assert capture.child == 0
try:
    os.waitpid(child, os.WNOHANG)
except ChildProcessError:
    pass
else:
    raise SystemExit("a zombie")
run.finish()
"""
    )


def test_modules_in_the_working_directory_are_not_imported(tree: Any) -> None:
    for name in ("subprocess.py", "givens.py", "json.py"):
        tree.write(name, "open('imported', 'w')")
    tree.run(WAIT + "os.waitpid(capture.child, 0)", script="code/train.py")
    assert not (tree.path / "imported").exists()
    assert tree.only().git.dirty is False


@pytest.mark.parametrize("disguise", ["sys.frozen = True", "sys.executable = '/opt/blender'", "sys.executable = None"])
def test_a_program_that_is_no_interpreter_is_not_started_again(tree: Any, disguise: str) -> None:
    tree.run(f"import sys; {disguise}\n" + WAIT + "assert capture is None")
    assert tree.only().git.dirty is None
