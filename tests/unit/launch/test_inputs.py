"""What a run was given from outside of its command line, read and given again: real files, real variables, real reruns."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from givens.errors import CannotRerunError
from givens.launch.inputs import changed_inputs, overrides_of, variables_of

DSN = "postgres-prod-pw-12345"
OF_FILES = "import sys, givens; givens.init(config=sys.argv[1:], merge='deep')"
OF_ANYTHING = "import givens; givens.init()"


def cli(folder: Any, *arguments: str, code: int = 0, stdin: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "-m", "givens", *arguments],
        cwd=folder.path,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == code, done.stderr + done.stdout
    return done.stdout + done.stderr


def changed(folder: Any) -> list[str]:
    return changed_inputs(folder.only(), str(folder.path))


@pytest.fixture
def project(folder: Any) -> Any:
    folder.write("pyproject.toml", '[tool.givens]\nredact = ["dsn"]\n')
    return folder


def test_a_secret_of_the_projects_own_is_compared_by_its_hash_and_never_shown(project: Any) -> None:
    project.write("base.yaml", f"dsn: {DSN}\nlr: 0.1\nargs: [--dsn, {DSN}]\n")
    project.run(OF_FILES, "base.yaml")
    assert changed(project) == []
    assert "results are the same" in cli(project, "rerun", project.only().id)


def test_another_secret_is_told_without_showing_it(project: Any) -> None:
    project.write("base.yaml", f"dsn: {DSN}\n")
    project.run(OF_FILES, "base.yaml")
    project.write("base.yaml", "dsn: postgres-prod-pw-67890\n")
    assert changed(project) == ["base.yaml says something else than then: dsn was <secret …2345>, is <secret …7890>"]


def test_a_rule_that_is_gone_or_new_since_then_shows_no_secret(project: Any) -> None:
    project.write("base.yaml", f"dsn: {DSN}\nhost: db-7.example.org\n")
    project.run(OF_FILES, "base.yaml")
    project.write("pyproject.toml", '[tool.givens]\nredact = ["host"]\n')
    assert changed(project) == []
    project.write("base.yaml", f"dsn: {DSN}x\nhost: db-8.example.org\n")
    assert changed(project) == [
        "base.yaml may say something else than then: dsn, host cannot be compared, secrets are not kept"
    ]


@pytest.mark.parametrize("scrub", [("--key", "dsnx"), ("--value-from-stdin",)])
def test_what_was_scrubbed_is_compared_by_its_hash_and_never_shown(folder: Any, scrub: tuple[str, ...]) -> None:
    given = f"dsnx: {DSN}\nport: {{dsnx: 12345678}}\nmore: [a, {DSN}]\ntext: to {DSN} and back\n"
    folder.write("base.yaml", given)
    folder.run(OF_FILES, "base.yaml")
    cli(folder, "scrub", *scrub, "--yes", stdin=f"{DSN}\n" if scrub[0] != "--key" else "")
    assert repr(folder.only().config["dsnx"]) == "<secret …2345>"
    assert changed(folder) == []
    folder.write("base.yaml", given.replace(DSN, f"{DSN}-67"))
    (said,) = changed(folder)
    assert "may say something else than then: dsnx" in said
    assert (DSN in said) == (scrub[0] == "--key")  # by its key, only what stands under that was taken out


def test_a_large_value_is_compared_whole(folder: Any) -> None:
    large = "x" * 70_000
    names = ", ".join(f"name-{number}" for number in range(10_000))
    text = f"prompt: {large}\nmodel: {{text: {large}, depth: 2}}\nnames: [{names}]\n"
    folder.write("base.yaml", text)
    folder.run(OF_FILES, "base.yaml")
    assert changed(folder) == []
    assert "results are the same" in cli(folder, "rerun", folder.only().id)
    folder.write("base.yaml", text.replace("name-9999", "name-x").replace("x\nmodel", "y\nmodel"))
    (said,) = changed_inputs(folder.runs()[0], str(folder.path))
    assert "prompt was 'xxx" in said and "names was ['name-0'" in said and "model" not in said
    for blob in (folder.path / ".givens" / "blobs").rglob("*"):
        if blob.is_file():
            blob.unlink()
    (said,) = changed_inputs(folder.runs()[0], str(folder.path))
    assert "No such file" in said


def test_a_value_with_a_part_hidden_is_not_given_again(folder: Any) -> None:
    folder.write("train.py", OF_ANYTHING)
    given = ("url=https://ada:hunter2-hunter2@db/x", "args=[--token, hunter2-hunter2]", "lr=0.1", "a.deep={url: 1}")
    options = [word for one in given for word in ("--set", one)]
    cli(folder, "run", *options, "--set", "api_key=hunter2-hunter2", "--", sys.executable, "train.py")
    run = folder.only()
    with pytest.raises(CannotRerunError) as caught:
        overrides_of(run)
    said = str(caught.value)
    assert "api_key" in said and f"givens rerun {run.id} --set url=… --set args=… --set api_key=…" in said
    assert overrides_of(run, (*given, "api_key=hunter2-hunter2")) == ("lr=0.1", "a.deep.url=1")
    said = cli(folder, "rerun", run.id, *options, "--set", "api_key=hunter2-hunter2")
    assert "results are the same" in said and "hunter2" not in said
    assert folder.runs()[-1].config == run.config


def test_a_large_value_with_a_part_hidden_is_not_given_again(folder: Any) -> None:
    names = ", ".join(f"name-{number}" for number in range(6_000))
    folder.run(OF_ANYTHING, env={"GIVENS_CONFIG__args": f"[{names}, --token, hunter2-hunter2]"})
    with pytest.raises(CannotRerunError, match=r"\$GIVENS_CONFIG__args held a secret, which is not kept"):
        variables_of(folder.only())


def test_a_variable_with_a_part_hidden_has_to_be_set_again(folder: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "GIVENS_CONFIG__db": "{host: db, password: hunter2-hunter2}",
        "GIVENS_CONFIG__url": "https://ada:hunter2-hunter2@db/x",
        "GIVENS_CONFIG__lr": "0.1",
    }
    folder.run(OF_ANYTHING, env=given)
    with pytest.raises(CannotRerunError, match=r"\$GIVENS_CONFIG__db, \$GIVENS_CONFIG__url held a secret"):
        variables_of(folder.only())
    for name, text in given.items():
        monkeypatch.setenv(name, text)
    assert variables_of(folder.only()) == {"GIVENS_CONFIG__lr": "0.1"}


def test_a_variable_that_gave_a_mapping_gives_it_again(folder: Any) -> None:
    given = {
        "GIVENS_CONFIG__model": "{depth: 4, width: 8, name: '1e-3', inner: {1: [a, b], empty: {}}}",
        "GIVENS_CONFIG__model__width": "16",
        "GIVENS_CONFIG__train__optim": "{lr: 0.1}",
        "GIVENS_CONFIG__seed": "7",
    }
    folder.run(OF_ANYTHING, env=given)
    before = folder.only()
    again = variables_of(before)
    assert again["GIVENS_CONFIG__train__optim"] == "{lr: 0.1}" and again["GIVENS_CONFIG__seed"] == "7"
    assert again.keys() == given.keys() and "width" not in again["GIVENS_CONFIG__model"]
    assert "results are the same" in cli(folder, "rerun", before.id)
    assert folder.runs()[-1].config.as_dict() == before.config.as_dict()
    assert before.config.as_dict()["model"]["width"] == 16


def test_a_variable_of_a_programs_own_is_given_again_as_it_was(folder: Any) -> None:
    pytest.importorskip("pydantic_settings")
    source = """
        import givens
        from pydantic_settings import BaseSettings

        class App(BaseSettings):
            model_config = {"env_prefix": "APP_", "env_nested_delimiter": "__"}
            name: str = ""
            sizes: dict[str, int] = {}
            layers: list[int] = []

        givens.init(config=App())
        """
    given = {"APP_NAME": "1e-3", "APP_SIZES": '{"a": 1, "b": 2}', "APP_LAYERS": "[1, 2]"}
    folder.run(source, env=given)
    assert variables_of(folder.only()) == given
