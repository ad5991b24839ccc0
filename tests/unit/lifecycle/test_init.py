"""What init does with its arguments, with a run that is under way, and with settings."""

from __future__ import annotations

from typing import Any

import pytest


def test_a_bare_init_gives_back_the_run_under_way(folder: Any) -> None:
    done = folder.run("""
        import givens
        run = givens.init(project="p")
        assert givens.init() is run
        assert givens.init(tags=["a"]) is run
        assert givens.init(config={"lr": 1}, reinit="return_previous") is run
    """)
    assert folder.only().project == "p"
    assert "tags= without effect" in done.stderr
    assert "config= without effect" in done.stderr


@pytest.mark.parametrize("argument", ["config={}", "name='n'", "id='an-id'", "project='p'", "group='g'"])
def test_an_init_that_asks_for_a_run_finishes_the_one_before_and_says_so(folder: Any, argument: str) -> None:
    done = folder.run(f"""
        import givens
        first = givens.init()
        second = givens.init({argument})
        assert second is not first and first.finished and givens.run is second
    """)
    assert [run.state for run in folder.runs()] == ["finished", "finished"]
    assert "init: finishing" in done.stderr


def test_a_loop_over_parameters_makes_as_many_runs_as_turns(folder: Any) -> None:
    folder.run("""
        import givens
        for lr in (0.1, 0.2, 0.3):
            givens.init(project="p", config={"lr": lr})
            givens.config.depth = 2
            givens.log({"loss": lr * 2})
    """)
    runs = folder.runs()
    assert [run.config.as_dict() for run in runs] == [{"lr": lr, "depth": 2} for lr in (0.1, 0.2, 0.3)]
    assert {run.state for run in runs} == {"finished"}


def test_reinit_chooses(folder: Any) -> None:
    folder.run("""
        import givens
        first = givens.init(name="first")
        assert givens.init(config={"a": 1}, reinit="return_previous") is first
        second = givens.init(name="second", reinit="create_new")
        assert givens.run is first and not first.finished
        givens.config.of_first = 1
        second.config.of_second = 2
        third = givens.init(reinit="finish_previous", name="third")
        assert first.finished and not second.finished and givens.run is third
        assert givens.init(reinit=True, name="fourth") is not third
        try:
            givens.init(reinit="sometimes")
        except TypeError as error:
            assert "'create_new'" in str(error)
        else:
            raise SystemExit("no error")
    """)
    found = {run.name: (run.state, run.config.as_dict()) for run in folder.runs()}
    assert found == {
        "first": ("finished", {"of_first": 1}),
        "second": ("finished", {"of_second": 2}),
        "third": ("finished", {}),
        "fourth": ("finished", {}),
    }


def test_create_new_leaves_staging_to_the_handles_own_run(folder: Any) -> None:
    folder.run("""
        import givens
        givens.config.lr = 0.1
        givens.init(name="aside", reinit="create_new")
        assert givens.run is None and givens.config.lr == 0.1
        givens.init(name="own")
    """)
    assert {run.name: run.config.as_dict() for run in folder.runs()} == {"aside": {}, "own": {"lr": 0.1}}


def test_an_init_that_fails_leaves_the_run_before_alone(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(config={"lr": 0.1}, id="first")
        cycle = {}
        cycle["self"] = cycle
        for arguments in (
            dict(config="nowhere.yaml"), dict(config=cycle), dict(id="first"), dict(name="n", mode="sideways"),
            dict(id="Not An Id"), dict(config=object()), dict(name=3), dict(project={"lr": 1}),
        ):
            try:
                givens.init(**arguments)
            except givens.GivensError:
                pass
            else:
                raise SystemExit(f"no error: {arguments}")
            assert givens.run is run and not run.finished
        run.config.depth = 3
    """)
    assert folder.only().config.as_dict() == {"lr": 0.1, "depth": 3}


def test_keys_are_chosen_from_config_only(folder: Any) -> None:
    folder.write("config-defaults.yaml", "seed: 1\n")
    folder.run("""
        import givens
        given = {"lr": 0.1, "depth": 2, "debug": True}
        givens.config.staged = 5
        givens.init(name="some", config=given, config_include_keys=["lr"])
        givens.init(name="others", config=given, config_exclude_keys=["debug"])
        for wrong in (dict(config_include_keys=["lr"], config_exclude_keys=["debug"]), dict(config_include_keys="lr")):
            try:
                givens.init(config=given, **wrong)
            except TypeError:
                pass
            else:
                raise SystemExit("no error")
    """)
    some, others = folder.runs()
    assert some.config.as_dict() == {"seed": 1, "staged": 5, "lr": 0.1}
    assert others.config.as_dict() == {"seed": 1, "lr": 0.1, "depth": 2}


def test_arguments_of_wandb_without_a_meaning_here_are_named_once(folder: Any) -> None:
    done = folder.run("""
        import givens
        for turn in range(3):
            givens.init(config={"turn": turn}, entity="us", save_code=True, sync_tensorboard=None)
    """)
    assert done.stderr.count("entity, save_code without effect") == 1
    assert "sync_tensorboard without" not in done.stderr
    assert len(folder.runs()) == 3


def test_an_argument_that_nobody_knows_is_an_error_with_a_suggestion(folder: Any) -> None:
    done = folder.run("import givens; givens.init(projct='p')", code=1)
    assert "init has no argument 'projct'; did you mean 'project'?" in done.stderr


def test_a_config_in_the_place_of_the_project_is_not_printed(folder: Any) -> None:
    folder.write("key", "a-secret-of-mine")
    done = folder.run("import givens; givens.init({'api_key': open('key').read()})", code=1)
    assert "project= is a dict" in done.stderr and "config=" in done.stderr
    assert "a-secret-of-mine" not in done.stderr


def test_ids_are_checked(folder: Any) -> None:
    done = folder.run(
        """
        import givens
        assert givens.init(id="my-run_1").id == "my-run_1"
        made = givens.init(reinit="create_new").id
        assert len(made) == 10 and not set(made) & set("ilo01u")
        givens.init(id="my-run_1")
        """,
        code=1,
    )
    assert "run 'my-run_1' is already in" in done.stderr


def test_identity_is_kept(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(project="p", name="n", group="g", job_type="train", tags=["a", "b"], notes="why")
        run.tags += ("c",)
        run.notes = "see https://me:a-secret-of-mine@host/x"
        run.name = "better"
        for wrong in (lambda: givens.init(tags="word", config={}), lambda: setattr(run, "tags", "word")):
            try:
                wrong()
            except TypeError:
                pass
            else:
                raise SystemExit("no error")
    """)
    run = folder.only()
    assert (run.project, run.name, run.group, run.job_type) == ("p", "better", "g", "train")
    assert run.tags == ("a", "b", "c")
    assert "host/x" in (run.notes or "") and "a-secret-of-mine" not in (run.notes or "")


def test_mode_disabled_is_the_same_and_writes_nothing(folder: Any) -> None:
    done = folder.run("""
        import os, givens
        with givens.init(mode="disabled", config={"lr": 0.1}) as run:
            run.config.depth = 2
            run.log({"loss": 1.0})
            assert run.disabled and run.summary["loss"] == 1.0 and run.config == {"lr": 0.1, "depth": 2}
            assert str(run.explain("depth").origin) == "train.py:4"
            assert os.path.isdir(run.dir) and not run.dir.startswith(os.getcwd())
            os.rmdir(run.dir)
    """)
    assert "disabled: nothing is written" in done.stderr
    assert not (folder.path / ".givens").exists()


def test_settings_from_the_environment(folder: Any) -> None:
    folder.write("more.yaml", "depth: 9\n")
    done = folder.run(
        "import givens; givens.init(config={'lr': 1})",
        env={
            "GIVENS_SILENT": "1",
            "GIVENS_DIR": "kept",
            "GIVENS_CONFIG_PATHS": "more.yaml",
            "GIVENS_PROJECT": "p",
            "GIVENS_NAME": "n",
            "GIVENS_RUN_ID": "an-id",
            "GIVENS_RUN_GROUP": "g",
            "GIVENS_JOB_TYPE": "eval",
            "GIVENS_TAGS": "a,b",
            "GIVENS_NOTES": "why",
            "GIVENS_CONFIG__train__lr": "1e-3",
            "WANDB_MODE": "disabled",
            "WANDB_PROJECT": "wandbs",
        },
    )
    assert done.stderr == ""
    run = folder.only("kept")
    assert (run.project, run.name, run.id, run.group, run.job_type) == ("p", "n", "an-id", "g", "eval")
    assert (run.tags, run.notes) == (("a", "b"), "why")
    assert run.config.as_dict() == {"depth": 9, "train": {"lr": 0.001}, "lr": 1}
    assert str(run.explain("train.lr").origin) == "$GIVENS_CONFIG__train__lr"


def test_an_id_from_the_environment_is_for_the_first_run(folder: Any) -> None:
    loop = "import givens\nfor lr in (1, 2): givens.init(config={'lr': lr})"
    folder.run(loop, env={"GIVENS_RUN_ID": "mine"})
    first, second = folder.runs()
    assert first.id == "mine" and second.id != "mine"
    done = folder.run(loop, env={"GIVENS_RUN_ID": "mine"}, code=1)
    assert "run 'mine' is already in" in done.stderr


def test_givens_mode_disabled(folder: Any) -> None:
    folder.run("import givens; assert givens.init().disabled", env={"GIVENS_MODE": "disabled"})
    assert not (folder.path / ".givens").exists()


def test_settings_of_the_project(folder: Any) -> None:
    folder.write("pyproject.toml", '[tool.givens]\nproject = "p"\nredact = ["dsn"]\nchanges = "error"\nmistake = 1\n')
    done = folder.run("""
        import givens
        run = givens.init(config={"dsn": "a-secret-of-mine", "lr": 1})
        run.log({"loss": 1})
        try:
            run.config.lr = 2
        except ValueError:
            pass
        else:
            raise SystemExit("no error")
        givens.init(config={})
    """)
    first, _ = folder.runs()
    assert (first.project, first.config.lr) == ("p", 1)
    assert done.stderr.count("mistake") == 1
    assert all("a-secret-of-mine" not in file.read_text() for file in (folder.path / ".givens" / "runs").iterdir())


def test_layers_lie_over_each_other_in_the_order_that_is_promised(folder: Any) -> None:
    folder.write("config-defaults.yaml", "a: defaults\nb: defaults\nc: defaults\nd: defaults\ne: defaults\n")
    folder.write("paths.yaml", "b: paths\nc: paths\nd: paths\ne: paths\n")
    folder.write("given.yaml", "e: given\n")
    folder.run(
        """
        import givens
        givens.config.d = "staged"
        givens.config.e = "staged"
        givens.init(config=["given.yaml", {"f": "last"}])
        """,
        env={
            "GIVENS_CONFIG_PATHS": "paths.yaml",
            **{f"GIVENS_CONFIG__{key}": "environment" for key in "cde"},
        },
    )
    run = folder.only()
    assert run.config.as_dict() == {
        "a": "defaults",
        "b": "paths",
        "c": "environment",
        "d": "staged",
        "e": "given",
        "f": "last",
    }
    assert [change.origin.kind for change in run.history("e")] == ["file", "file", "env", "code", "file"]


def test_sections_replace_whole_and_nested_paths_merge(folder: Any) -> None:
    folder.write("config-defaults.yaml", "opt: {name: sgd, momentum: 0.9}\ntrain: {lr: 1, epochs: 2}\n")
    folder.run(
        """
        import givens
        givens.config["train"]["epochs"] = 5
        givens.init(name="plain", config={"opt": {"name": "adam"}})
        givens.init(name="deep", merge="deep", config={"opt": {"name": "adam"}})
        """,
        env={"GIVENS_CONFIG__train__seed": "3"},
    )
    plain, deep = folder.runs()
    assert plain.config.as_dict() == {"opt": {"name": "adam"}, "train": {"lr": 1, "epochs": 5, "seed": 3}}
    assert deep.config.as_dict() == {
        "opt": {"name": "adam", "momentum": 0.9},
        "train": {"lr": 1, "epochs": 2, "seed": 3},
    }


def test_allow_val_change(folder: Any) -> None:
    done = folder.run("""
        import givens
        run = givens.init(config={"lr": 1}, allow_val_change=True)
        run.log({"loss": 1})
        run.config.lr = 2
        run = givens.init(config={"lr": 1}, allow_val_change=False)
        try:
            run.config.lr = 2
        except ValueError as error:
            assert "lr" in str(error)
        else:
            raise SystemExit("no error")
        run = givens.init(config={"lr": 1}, changes="warn")
        run.log({"loss": 1})
        run.config.lr = 3
        run.config.lr = 4
    """)
    assert [run.config.lr for run in folder.runs()] == [2, 1, 4]
    assert done.stderr.count("ValueChangedWarning") == 1
    assert "lr 1→3" in done.stderr
