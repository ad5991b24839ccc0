"""Scripts as people write them for wandb, run as they are."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

SCRIPT = """
import wandb
from wandb import Image
from wandb.integration.keras import WandbCallback
from wandb.sdk.data_types.table import Table as DeepTable

wandb.login(key="nobody-asks")
wandb.init(entity="team", project="digits", config={"lr": 0.1, "epochs": 2}, tags=["a"], sync_tensorboard=True)
wandb.config.update({"model": {"depth": 3}})
wandb.config.epochs = 3
wandb.watch(object(), log="all")
table = wandb.Table(columns=["a"], data=[[1]])
table.add_data(2)
callback = WandbCallback(monitor="val_loss", save_model=False)
callback.on_epoch_end(1, {})
for step in range(3):
    wandb.log({"loss": 1 / (step + 1), "image": Image([[0]]), "images": [wandb.Image(1)], "table": table}, step=step)
artifact = wandb.Artifact("model", type="model")
artifact.add_file("model.h5")
wandb.run.log_artifact(artifact)
assert isinstance(artifact, wandb.Artifact) and not isinstance(artifact, wandb.Image)
wandb.run.summary["best"] = 0.5
wandb.define_metric("loss", summary="min")
wandb.alert(title="done", text="it is done")
assert len(wandb.util.generate_id()) == 8
assert wandb.run.path == "digits/" + wandb.run.id
assert wandb.init(project="other") is wandb.run
wandb.finish()
"""


def run(folder: Any, text: str, *, environ: dict[str, str] | None = None) -> str:
    file = folder.write("train.py", "from givens.wandb.aliasing import install\ninstall()\n" + text)
    done = subprocess.run(
        [sys.executable, file], cwd=folder.path, env={**os.environ, **(environ or {})}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_script_runs_as_it_is_and_what_is_not_kept_is_named_once(folder: Any) -> None:
    said = run(folder, SCRIPT)
    stored = folder.only()
    assert stored.config.as_dict() == {"lr": 0.1, "epochs": 3, "model": {"depth": 3}}
    assert stored.summary == {"loss": 1 / 3, "best": 0.5}
    assert (stored.project, stored.tags) == ("digits", ("a",))
    (line,) = [line for line in said.splitlines() if "not kept" in line]
    for name in ("Image \u00d76", "Artifact", "log_artifact", "watch", "Table", "WandbCallback", "alert"):
        assert name in line


def test_the_package_of_givens_is_the_same_face(folder: Any) -> None:
    folder.run(
        """
        import givens, givens.wandb as wandb
        assert wandb.run is None
        wandb.config.lr = 1
        run = wandb.init()
        assert wandb.run is run is givens.run and isinstance(run, givens.Run) and isinstance(run, wandb.Run)
        wandb.config = {"depth": 2}
        assert givens.config == {"lr": 1, "depth": 2}
        """
    )
    assert folder.only().config.as_dict() == {"lr": 1, "depth": 2}


@pytest.mark.parametrize("name", ["sweep", "agent", "use_artifact", "restore"])
def test_what_needs_an_answer_is_an_error_that_says_what_to_use(name: str) -> None:
    from givens import wandb
    from givens.errors import NotSupportedError

    with pytest.raises(NotSupportedError, match=rf"givens does not do {name}\(\)"):
        getattr(wandb, name)("x")


def test_wandbs_variables_count_here_and_only_here(folder: Any) -> None:
    environ = {"WANDB_PROJECT": "theirs", "WANDB_NAME": "named", "WANDB_TAGS": "a,b", "GIVENS_NAME": "ours"}
    run(folder, "import wandb; wandb.init(config={'lr': 1})", environ=environ)
    stored = folder.only()
    assert (stored.project, stored.name, stored.tags) == ("theirs", "ours", ("a", "b"))


def test_a_disabled_mode_of_wandbs_does_not_switch_off_givens(folder: Any) -> None:
    folder.run("import os; os.environ['WANDB_MODE'] = 'disabled'; import givens; givens.init(config={'lr': 1})")
    assert folder.only().config.lr == 1
    run(folder, "import wandb; wandb.init(config={'lr': 2})", environ={"WANDB_MODE": "disabled"})
    assert len(folder.runs()) == 1


def test_exceptions_may_be_named(folder: Any) -> None:
    run(
        folder,
        """
import wandb
try:
    wandb.init(mode="no such")
except (wandb.CommError, wandb.UsageError, wandb.Error) as error:
    print(error)
else:
    raise SystemExit("no error")
""",
    )


def test_a_sink_is_asked_anything_and_answers_nothing_that_a_script_would_go_on_with() -> None:
    from givens import wandb
    from givens.errors import NotSupportedError

    table = wandb.Table(columns=["a"], data=[[1]])
    assert (table.columns, table.data) == (["a"], [[1]]) and list(table.rows) == []
    assert not table.anything.at("all")["deep"] and table and len(table) == 0 and "x" not in table
    with pytest.raises(NotSupportedError, match="download"):
        wandb.Artifact("model", type="model").download()
    with pytest.raises(TypeError):
        float(table.size)
    with pytest.raises(AttributeError):
        table._repr_png_()
    assert isinstance(wandb.AlertLevel.WARN, wandb.Sink)


def test_a_class_may_have_a_sink_and_an_abstract_class_above_it() -> None:
    from abc import ABC, abstractmethod

    from givens import wandb

    class Callback(ABC):
        @abstractmethod
        def _on_step(self) -> bool: ...

    class Both(wandb.WandbThing, Callback):  # type: ignore[name-defined,misc]
        def _on_step(self) -> bool:
            return True

        def on_end(self, logs: Any = None) -> Any:
            return super().on_end(logs)

    assert Both()._on_step() and not Both().on_end({})


def test_what_is_stated_to_libraries_is_no_installed_package(folder: Any) -> None:
    from givens.launch.running import Asked, environment_for

    script = """
    import importlib.metadata, importlib.util
    from givens.capture.packages import installed
    assert importlib.metadata.version("wandb") == "0.31.0" and importlib.util.find_spec("wandb")
    assert "wandb" not in installed()
    import wandb
    assert importlib.metadata.version("wandb") == wandb.__version__
    """
    folder.run(script, env=environment_for(Asked(as_wandb=True)))


def test_the_module_goes_with_a_scripts_functions(folder: Any) -> None:
    folder.run(
        """
        import pickle, givens.wandb as wandb
        assert pickle.loads(pickle.dumps(wandb)) is wandb
        """
    )


def test_the_items_of_the_config_are_plain_dictionaries(folder: Any) -> None:
    folder.run(
        """
        import givens, givens.wandb as wandb
        wandb.init(config={"batch_size": 3, "x": {"y": 1}})
        items = dict(wandb.config._items)
        assert items == {"batch_size": 3, "x": {"y": 1}} and type(items["x"]) is dict
        wandb.config.lr = 0.1
        assert givens.config.lr == wandb.run.config.lr == 0.1 and wandb.config == givens.config
        assert not hasattr(givens.config, "_items")
        """
    )


def test_an_id_that_a_store_cannot_take_leads_to_another_always_the_same(folder: Any) -> None:
    script = """
        import givens.wandb as wandb
        for given in ("Llama-2_7B.run1", "llama-2_7b.run1", "x" * 128, "a b"):
            run = wandb.init(id=given, resume="allow")
            run.log({"loss": 1})
            print(run.id, run.name == given)
            run.finish()
        """
    first, second = folder.run(script), folder.run(script)
    ids = [line.split()[0] for line in first.stdout.splitlines()]
    assert first.stdout == second.stdout and len(set(ids)) == 4
    assert ids[0].startswith("llama-2_7b-run1-") and all(line.endswith("True") for line in first.stdout.splitlines())
    assert first.stderr.count("RunRenamedWarning") == 4
    assert sorted(run.id for run in folder.runs()) == sorted(ids)
    assert all(run.results["loss"].times == 2 for run in folder.runs())
    refused = folder.run(
        """
        import givens.wandb as wandb
        for given in ("a/b", " a", "", "x" * 129):
            try:
                wandb.init(id=given)
            except wandb.errors.UsageError:
                continue
            raise SystemExit(given)
        """
    )
    assert "RunRenamedWarning" not in refused.stderr
    kept = folder.run("import givens.wandb as wandb\nprint(wandb.init(id='a b', name='mine', resume='must').name)")
    assert kept.stdout.split() == ["mine"]


def test_an_id_of_the_environment_is_for_the_first_run(folder: Any) -> None:
    done = folder.run(
        """
        import givens.wandb as wandb
        for turn in range(2):
            with wandb.init() as run:
                print(run.name)
        """,
        env={"WANDB_RUN_ID": "My Run"},
    )
    first, second = done.stdout.splitlines()
    assert first == "My Run" and second != "My Run"


def test_a_script_that_is_run_again_with_its_id_begins_again(folder: Any) -> None:
    script = """
        import givens.wandb as wandb
        for turn in range(2):
            with wandb.init(id="exp1", config={"turn": turn}) as run:
                print(run.id)
        try:
            wandb.init(id="exp1", resume="never")
        except wandb.Error as error:
            print(type(error).__name__)
        """
    done = folder.run(script)
    first, second, refused = done.stdout.split()
    assert first == "exp1" and second.startswith("exp1-") and refused == "RunExistsError"
    assert f"a run exp1 is there already, and this one is {second}" in done.stderr
    assert len(folder.runs()) == 2
    folder.run(
        """
        import givens.wandb as wandb
        try:
            wandb.init(id="exp1")
        except wandb.Error:
            raise SystemExit(7)
        """,
        env={"WANDB_RESUME": "never"},
        code=7,
    )


def test_a_secret_in_an_id_is_not_made_unknowable(folder: Any) -> None:
    folder.write("id", "run of sk-ABCDefgh0123456789ABCDefgh0123456789ABCDefgh01")
    done = folder.run(
        """
        import givens.wandb as wandb
        try:
            wandb.init(id=open("id").read())
        except wandb.errors.UsageError as error:
            print(error)
        """
    )
    assert "sk-ABCD" not in done.stdout + done.stderr and done.stdout
    assert not (folder.path / ".givens").exists() or folder.runs() == []
