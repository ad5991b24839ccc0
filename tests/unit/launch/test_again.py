"""Stored runs repeated with real commands in real git trees."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from typing import Any

import pytest
import yaml

from givens.api import diff

SCRIPT = """
import givens
run = givens.init(config={"lr": 0.1, "model": {"depth": 2}})
run.log({"loss": run.config.lr * 2})
run.config.lr = 0.05
"""


def cli(folder: Any, *arguments: str, code: int = 0) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "givens", *arguments], cwd=folder.path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done


def git(folder: Any, *arguments: str) -> None:
    who = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", *who, *arguments], cwd=folder.path, capture_output=True, check=True)


@pytest.fixture
def tree(folder: Any) -> Any:
    folder.write("train.py", SCRIPT)
    folder.write(".gitignore", ".givens\n__pycache__\n")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def train(folder: Any) -> Any:
    """The store's first run."""
    subprocess.run([sys.executable, "train.py"], cwd=folder.path, check=True, capture_output=True)
    (run,) = folder.runs()
    return run


def wait_for_capture(folder: Any) -> None:
    """Until the environment file of each run has its last event: the capture goes on when its run has ended."""
    import time

    until_s = time.monotonic() + 30
    while time.monotonic() < until_s:
        files = list((folder.path / ".givens" / "env").glob("*.jsonl"))
        begun = len(files) >= len(folder.runs())  # a capture that has just been started has no file yet
        if begun and all('"k":"machine"' in file.read_text() for file in files):
            return
        time.sleep(0.02)
    raise AssertionError("the capture did not end")


def test_a_rerun_does_the_same_and_names_the_run_it_repeats(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    done = cli(tree, "rerun", before.id)
    (after,) = [run for run in tree.runs() if run.id != before.id]
    assert after.config.as_dict() == before.config.as_dict() == {"lr": 0.05, "model": {"depth": 2}}
    assert after.folded.state.start["rerun_of"] == before.id
    assert "1 result is the same" in done.stdout


def test_only_what_is_set_is_locked_and_every_difference_is_named(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    done = cli(tree, "rerun", before.id, "--set", "model.depth=5")
    (after,) = [run for run in tree.runs() if run.id != before.id]
    assert after.config.as_dict() == {"lr": 0.05, "model": {"depth": 5}}
    assert "model.depth" in done.stdout
    done = cli(tree, "rerun", before.id, "--set", "lr=0.3")
    assert "loss: 0.2 then, 0.6 now" in done.stdout


def test_other_code_is_refused_unless_one_says_where(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    tree.write("train.py", SCRIPT.replace("* 2", "* 3"))
    assert "other changes than then" in cli(tree, "rerun", before.id, code=1).stderr
    git(tree, "commit", "-q", "-a", "-m", "second")
    assert "is checked out" in cli(tree, "rerun", before.id, code=1).stderr
    assert "loss: 0.2 then, 0.3" in cli(tree, "rerun", before.id, "--here").stdout
    assert "1 result is the same" in cli(tree, "rerun", before.id, "--worktree").stdout
    assert len(tree.runs()) == 3
    listed = subprocess.run(["git", "worktree", "list"], cwd=tree.path, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 1


def test_a_worktree_gets_the_runs_uncommitted_changes(tree: Any) -> None:
    tree.write("train.py", SCRIPT.replace("* 2", "* 4"))
    before = train(tree)
    wait_for_capture(tree)
    git(tree, "checkout", "-q", "train.py")
    assert "1 result is the same" in cli(tree, "rerun", before.id, "--worktree").stdout


def test_a_run_whose_code_was_changed_before_it_was_looked_at_is_not_repeated_as_if_it_were_known(tree: Any) -> None:
    tree.write(
        "edited.py",
        """
        import time; time.sleep(0.1)
        open("train.py", "a").write("# edited\\n")
        import givens
        givens.init()
        """,
    )
    subprocess.run([sys.executable, "edited.py"], cwd=tree.path, check=True, capture_output=True)
    wait_for_capture(tree)
    said = "train.py changed after it began: what ran may be something else"
    for arguments in ([], ["--worktree"]):
        assert said in cli(tree, "rerun", "last", *arguments, code=1).stderr
    assert said in cli(tree, "show", "last").stdout
    assert tree.runs()[0].surroundings["touched"] == ["train.py"]
    assert "0 keys differ" in cli(tree, "rerun", "last", "--here").stderr


def test_a_fresh_tree_is_run_with_the_interpreter_of_then_and_its_code_is_recorded(tree: Any) -> None:
    (tree.path / "env").symlink_to(os.path.dirname(sys.executable))  # ignored, so that no fresh tree has it
    with open(tree.path / ".git" / "info" / "exclude", "a", encoding="utf-8") as file:
        file.write("env\n")
    tree.write("train.py", SCRIPT + "# as it ran\n")
    interpreter = os.path.join("env", os.path.basename(sys.executable))
    subprocess.run([interpreter, "train.py"], cwd=tree.path, check=True, capture_output=True)
    wait_for_capture(tree)
    (before,) = tree.runs()
    assert before.argv[0] == interpreter
    cli(tree, "rerun", "last", "--worktree")
    (after,) = [run for run in tree.runs() if run.id != before.id]
    assert after.git.dirty is True and after.patch == before.patch and "# as it ran" in after.patch


def test_what_a_run_had_beyond_its_commit_can_be_applied_again(tree: Any) -> None:
    tree.write("train.py", SCRIPT)
    with open(tree.path / "train.py", "ab") as file:
        file.write(b"# latin \xe9, \x1b[31mred\x1b[0m\n")
    as_it_ran = (tree.path / "train.py").read_bytes()
    train_in_latin(tree)
    wait_for_capture(tree)
    git(tree, "checkout", "-q", "train.py")
    command = [sys.executable, "-m", "givens", "show", "last", "--patch"]
    patch = subprocess.run(command, cwd=tree.path, check=True, capture_output=True).stdout
    subprocess.run(["git", "apply"], input=patch, cwd=tree.path, check=True)
    assert (tree.path / "train.py").read_bytes() == as_it_ran
    assert json.loads(cli(tree, "show", "last", "--patch", "--json").stdout)["patch"].startswith("diff --git")
    git(tree, "checkout", "-q", "train.py")
    train_in_latin(tree)
    wait_for_capture(tree)
    assert "no uncommitted changes were kept" in cli(tree, "show", "last", "--patch").stderr


def train_in_latin(folder: Any) -> None:
    """Run the script with its source read as Latin-1, which it is."""
    code = "exec(compile(open('train.py', encoding='latin-1').read(), 'train.py', 'exec'))"
    subprocess.run([sys.executable, "-c", code], cwd=folder.path, check=True, capture_output=True)


def test_a_comparison_says_that_uncommitted_changes_differ(tree: Any) -> None:
    for at in range(2):
        tree.write("train.py", SCRIPT + f"# variant {at}\n")
        subprocess.run([sys.executable, "train.py"], cwd=tree.path, check=True, capture_output=True)
        wait_for_capture(tree)
    assert "patch" in cli(tree, "diff", "last~1", "last").stdout
    (fact,) = [fact for fact in diff(*tree.runs()).facts if fact.name == "patch"]
    assert fact.differs and len(set(fact.cells)) == 2


def test_a_commit_that_is_gone_is_one_clear_message(tree: Any) -> None:
    before = train(tree)
    wait_for_capture(tree)
    subprocess.run(["rm", "-rf", ".git"], cwd=tree.path, check=True)
    git(tree, "init", "-q", "-b", "main")
    assert "no commit is checked out" in cli(tree, "rerun", before.id, code=1).stderr
    said = cli(tree, "rerun", before.id, "--worktree", code=1).stderr
    assert "cannot be run again as it was: git worktree" in said
    assert len(tree.runs()) == 1


def test_a_command_line_with_secrets_asks_for_them(folder: Any) -> None:
    folder.run(SCRIPT, "--api-key", "hunter2-hunter2-hunter2")
    for command in ("rerun", "command"):
        said = cli(folder, command, "last", code=1).stderr
        assert "--api-key" in said and "hunter2" not in said


def test_what_a_run_was_given_is_printed_in_every_form(folder: Any) -> None:
    values = {"lr": 1e-3, "model": {"depth": 4, "name": "vit: big"}, "layers": [1, 2], "none": None, "shape": (2, 3)}
    folder.run(f"import givens; givens.init(config={values!r}, project='p')")
    plain = {**values, "shape": [2, 3]}
    assert yaml.safe_load(cli(folder, "command", "last", "--as", "yaml").stdout) == plain
    assert json.loads(cli(folder, "command", "last", "--as", "json").stdout) == plain
    assert f"config={values!r}, project='p'" in cli(folder, "command", "last", "--as", "python").stdout
    assert cli(folder, "command", "last").stdout.endswith("train.py\n")
    overrides = cli(folder, "command", "last", "--as", "overrides").stdout.replace("\n", " ")
    line = f"{sys.executable} -m givens run {overrides} -- {sys.executable} -c 'import givens; givens.init()'"
    subprocess.run(line, shell=True, cwd=folder.path, check=True, capture_output=True)
    given = cli(folder, "command", "last", "--as", "env").stdout
    line = f"{given}\n{sys.executable} -c 'import givens; givens.init()'"
    subprocess.run(line, shell=True, cwd=folder.path, check=True, capture_output=True)
    configs = [run.config.as_dict() for run in folder.runs()]
    assert configs.count(plain) == 2


WITH_FILES = """
import os, sys
import givens
run = givens.init(config=sys.argv[1:], merge="deep")
run.log({"loss": run.config.lr * 2, "seed": run.config.get("seed", 0)})
"""


def test_input_files_have_to_say_the_same_and_what_they_say_else_is_named(tree: Any) -> None:
    tree.write("train.py", WITH_FILES)
    git(tree, "commit", "-q", "-a", "-m", "with files")
    tree.write("base.yaml", "lr: 0.1\nmodel: {depth: 2, layers: [1, 2]}\n")
    tree.write("more.yaml", "lr: 0.2\n")
    command = [sys.executable, "train.py", "base.yaml", "more.yaml"]
    subprocess.run(command, cwd=tree.path, check=True, capture_output=True)
    (before,) = tree.runs()
    wait_for_capture(tree)
    assert "2 results are the same" in cli(tree, "rerun", before.id, "--worktree").stdout  # untracked files come along
    tree.write("base.yaml", "# a comment is no change\nmodel: {layers: [1, 2], depth: 2.0}\nlr: 0.1\n")
    assert "2 results are the same" in cli(tree, "rerun", before.id).stdout
    tree.write("base.yaml", "lr: 0.15\nmodel: {depth: 2, layers: [1, 3]}\n")  # of these, more.yaml replaces lr
    for option in ((), ("--worktree",)):
        said = cli(tree, "rerun", before.id, *option, code=1).stderr
        assert (
            "base.yaml says something else than then: lr was 0.1, is 0.15, model.layers was [1, 2], is [1, 3]" in said
        )
    done = cli(tree, "rerun", before.id, "--here").stdout
    assert "base.yaml says something else" in done and "model.layers" in done
    (tree.path / "more.yaml").unlink()
    assert "more.yaml: there is no such file" in cli(tree, "rerun", before.id, code=1).stderr


def test_what_a_launcher_and_variables_gave_is_given_again(folder: Any) -> None:
    folder.write("train.py", WITH_FILES)
    folder.write("base.yaml", "lr: 0.1\ntext: a\n")
    command = [sys.executable, "-m", "givens", "run", "--set", "lr=0.5", "--set", "text='1e-3'", "--"]
    subprocess.run(
        [*command, sys.executable, "train.py", "base.yaml"],
        cwd=folder.path,
        env={**os.environ, "GIVENS_CONFIG__seed": "7"},
        check=True,
        capture_output=True,
    )
    (before,) = folder.runs()
    assert before.config.as_dict() == {"seed": 7, "lr": 0.5, "text": "1e-3"}
    assert "2 results are the same" in cli(folder, "rerun", before.id).stdout
    after = folder.runs()[-1]
    assert after.config.as_dict() == before.config.as_dict()
    assert f"repeats      {before.id}" in cli(folder, "show", after.id).stdout
    cli(folder, "rerun", before.id, "--set", "lr=0.9")
    assert folder.runs()[-1].config.as_dict() == {"seed": 7, "lr": 0.9, "text": "1e-3"}


def test_a_package_of_another_version_is_named(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = "Metadata-Version: 2.1\nName: wheel-like\nVersion: {}\n"
    folder.write("lib/wheel_like-1.0.dist-info/METADATA", metadata.format("1.0"))
    monkeypatch.setenv("PYTHONPATH", str(folder.path / "lib"), prepend=os.pathsep)
    folder.write("train.py", SCRIPT)
    before = train(folder)
    wait_for_capture(folder)
    (folder.path / "lib/wheel_like-1.0.dist-info").rename(folder.path / "lib/wheel_like-1.1.dist-info")
    folder.write("lib/wheel_like-1.1.dist-info/METADATA", metadata.format("1.1"))
    cli(folder, "rerun", before.id)
    wait_for_capture(folder)
    said = cli(folder, "diff", before.id, folder.runs()[-1].id).stdout
    (line,) = [line for line in said.splitlines() if "(package wheel-like)" in line]
    assert "1.0" in line and "1.1" in line


def test_every_form_gives_the_same_values_again(folder: Any) -> None:
    """Each form is used as it is meant, by a real program, and the config that comes of it is the one it was made of."""
    folder.write(
        "train.py",
        """
        import givens
        values = {
            "lr": 1e-3, "tiny": 1e-20, "off": "off", "number": "1e-3", "octal": "0o17", "lines": "a\\nb: c",
            "quoted": "it's", "blank": "", "none": None, "empty": {}, "yes": "yes", "clock": "12:30:00",
            "model": {"depth": 4, "names": ["1e-3", "vit, big", None, True, float("inf")]},
        }
        givens.init(config=values, project="p")
        """,
    )
    before = train(folder)
    forms = ("argv", "overrides", "env", "python", "yaml", "json")
    given = {form: cli(folder, "command", before.id, "--as", form).stdout for form in forms}
    for form in ("yaml", "json"):
        folder.write(f"again.{form}", given[form])
    init = f"{sys.executable} -c 'import givens; givens.init()'"
    lines = {
        "argv": given["argv"],
        "overrides": f"{sys.executable} -m givens run {' '.join(given['overrides'].splitlines())} -- {init}",
        "env": f"{given['env']}\n{init}",
        "python": f"{sys.executable} -c {shlex.quote('import givens; inf = float(1e999); ' + given['python'])}",
        **{form: f"GIVENS_CONFIG_PATHS=again.{form} {init}" for form in ("yaml", "json")},
    }
    for form, line in lines.items():
        subprocess.run(line, shell=True, cwd=folder.path, check=True, capture_output=True)
        assert folder.runs()[-1].config.as_dict() == before.config.as_dict(), form
    assert len(folder.runs()) == 7


def test_secrets_have_to_be_given_again_and_are_named(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write("train.py", "import givens\nrun = givens.init(config={'lr': 0.1, 'a-b': 1})\nrun.log({'loss': 1})\n")
    monkeypatch.setenv("GIVENS_CONFIG__password", "hunter2-hunter2")
    cli(folder, "run", "--set", "api_key=hunter2-hunter2", "--", sys.executable, "train.py")
    (before,) = folder.runs()
    monkeypatch.delenv("GIVENS_CONFIG__password")
    said = cli(folder, "command", before.id, "--as", "env")
    assert (
        "secrets are not kept, give them again:" in said.stderr
        and "api_key" in said.stderr
        and "password" in said.stderr
    )
    assert 'no variable can name "a-b": left out' in said.stderr or "no variable can name a-b: left out" in said.stderr
    assert "hunter2" not in said.stdout + said.stderr
    said = cli(folder, "rerun", before.id, code=1).stderr
    assert f"api_key held a secret, which is not kept; give it again: givens rerun {before.id} --set api_key=…" in said
    again = ("rerun", before.id, "--set", "api_key=hunter2-hunter2")
    assert "$GIVENS_CONFIG__password held a secret" in cli(folder, *again, code=1).stderr
    monkeypatch.setenv("GIVENS_CONFIG__password", "hunter2-hunter2")
    assert "1 result is the same" in cli(folder, *again).stdout
