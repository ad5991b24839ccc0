"""What a run takes: results, metrics, a folder, a snapshot."""

from __future__ import annotations

from typing import Any


def test_log_keeps_last_value_and_extremes_with_their_steps(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init()
        for loss in (3.0, 1.0, 2.0):
            givens.log({"loss": loss, "nested": {"a": 1}})
        givens.log({"acc": 0.5}, step=10)
        givens.log({"acc": 0.9}, commit=False)
        givens.log({"f1": 0.8})
        givens.log({"bad": float("nan"), "text": "x"}, step="20")
        run.define_metric("loss", goal="minimize", summary="min")
        run.summary["final"] = 7
        givens.log({"final": 8})
        for wrong in (lambda: givens.log(), lambda: givens.log([1]), lambda: givens.log({"a": 1}, step="x"),
                      lambda: run.define_metric("loss", goal="less")):
            try:
                wrong()
            except TypeError:
                pass
            else:
                raise SystemExit("no error")
        assert run.summary["final"] == 8 and run.summary["loss"] == 2.0
        try:
            run.summary["nothing"]
        except KeyError as error:
            assert "nothing" in str(error)
    """)
    run = folder.only()
    loss = run.results["loss"]
    assert (loss.last, loss.last_step, loss.min, loss.min_step, loss.max, loss.max_step) == (2.0, 2, 1.0, 1, 3.0, 0)
    assert run.folded.state.goals == {"loss": "min"}
    assert (run.results["acc"].last_step, run.results["f1"].last_step, run.results["text"].last_step) == (11, 11, 20)
    assert run.summary["final"] == 8
    assert run.summary["nested"] == {"a": 1}


def test_secrets_stay_out_of_results_of_any_shape(folder: Any) -> None:
    folder.write("pyproject.toml", "[tool.givens]\nredact = ['tenant']\n")
    folder.run("""
        import givens
        run = givens.init()
        given = {
            "api_key": {"prod": "prodsecret12345"},
            "pair": {"name": "api_key", "value": "pairsecret12345"},
            "tokens": {"password": {"a": "deepsecret12345"}},
            "tenant": {"id": "tenantsecret12345"},
        }
        run.log(given)
        run.summary.update({f"again_{name}" if name == "pair" else name: value for name, value in given.items()})
        run.summary["later"] = {"note": "nothing"}
        run.summary["later"]["password"] = "driftsecret12345"
    """)
    written = "".join(file.read_text() for file in (folder.path / ".givens").rglob("*.json*"))
    assert "secret12345" not in written
    assert written.count('"~":"secret"') >= 8


def test_one_entry_that_cannot_be_recorded_leaves_the_others_and_what_the_script_reads_else(folder: Any) -> None:
    done = folder.run("""
        import types, givens
        args = types.SimpleNamespace(lr=0.1)
        run = givens.init(config=args)
        run.summary["cyclic"] = {}
        run.summary["kept"] = {"depth": 1}
        run.log({"loss": 1})
        run.summary["cyclic"]["again"] = run.summary["cyclic"]
        run.summary["kept"]["depth"] = 2
    """)
    assert "cyclic" in done.stderr and "not recorded" in done.stderr
    assert folder.only().summary["kept"] == {"depth": 2}


def test_what_changes_inside_an_entry_of_the_summary_is_recorded_at_finish(folder: Any) -> None:
    folder.run("""
        import numpy as np, givens
        run = givens.init(id="one", resume="allow")
        run.summary["arch"] = {"backbone": "r", "heads": [1]}
        run.summary["best"] = np.zeros(2)
        run.summary["same"] = [1]
        run.summary["arch"]["backbone"] = "x"
        run.summary["best"][0] = 1
        run.finish()
        run = givens.init(id="one", resume="must")
        run.summary["arch"]["heads"].append(2)
    """)
    run = folder.only()
    assert run.summary["arch"] == {"backbone": "x", "heads": [1, 2]} and list(run.summary["best"]) == [1, 0]
    journals = "".join(file.read_text() for file in (folder.path / ".givens/runs").iterdir())
    assert journals.count('"same"') == 1 and journals.count('"best"') == 2


def test_a_goal_may_be_said_as_wandb_says_it_and_the_summary_is_the_last_value(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init()
        givens.define_metric("acc", summary="max")
        givens.define_metric("loss", "epoch", summary="min")
        givens.define_metric("f1", summary="min,max")
        for acc in (0.1, 0.9, 0.5):
            run.log({"acc": acc})
    """)
    run = folder.only()
    assert run.folded.state.goals == {"acc": "max", "loss": "min"}
    assert (run.summary["acc"], run.results["acc"].max) == (0.5, 0.9)


def test_exceptions_of_wandb_may_be_named_after_except(folder: Any) -> None:
    folder.run("""
        import givens as wandb
        for names in ("wandb.errors.Error", "wandb.Error", "(wandb.errors.CommError, wandb.errors.UsageError)",
                      "wandb.CommError", "wandb.UsageError"):
            try:
                exec(f"try:\\n    raise ValueError(1)\\nexcept {names}:\\n    pass")
            except ValueError:
                continue
            raise SystemExit(names)
        try:
            wandb.init(project=3)
        except wandb.Error as error:
            assert isinstance(error, wandb.errors.UsageError) and isinstance(error, wandb.GivensError)
        assert not {"Error", "CommError", "errors"} & set(wandb.__all__)
        for wrong in ("Eror", "_x"):
            assert not hasattr(wandb.errors, wrong)
    """)


def test_an_earlier_step_does_not_move_the_count_back(folder: Any) -> None:
    done = folder.run("""
        import givens
        run = givens.init(id="one", resume="allow")
        for loss in (3.0, 2.0, 1.0):
            run.log({"loss": loss})
            run.log({"val": loss}, step=0)
        run.log({"val": 0.5}, step=1, commit=False)
        print(run.step)
        run.log({"loss": 0.5})
        run.finish()
        print(givens.init(id="one", resume="must").step)
    """)
    assert done.stdout.split() == ["3", "4"]
    run = folder.only()
    assert (run.results["loss"].last_step, run.results["val"].last_step) == (3, 1)


def test_the_summary_is_what_came_last_from_log_or_from_the_script(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(id="one", resume="allow")
        run.summary.update({"best": 0.0, "final": 0.0})
        for acc in (0.1, 0.95, 0.9):
            run.log({"best": max(acc, run.summary["best"]), "final": acc})
        run.summary["final"] = 0.97
        assert dict(run.summary) == {"best": 0.95, "final": 0.97}
        run.finish()
        run = givens.init(id="one", resume="must")
        run.log({"final": 0.5})
        assert dict(run.summary) == {"best": 0.95, "final": 0.5}
        run.finish()
        assert len(givens.runs("best == 0.95 and final == 0.5 and max(final) == 0.95")) == 1
    """)
    assert folder.only().summary == {"best": 0.95, "final": 0.5}


def test_scalars_of_other_libraries_are_numbers(folder: Any) -> None:
    folder.run("""
        import numpy as np, givens
        run = givens.init()
        run.log({"loss": np.float32(0.5), "count": np.int64(3), "zero": np.array(2.0), "array": np.arange(2)})
        assert type(run.summary["loss"]) is float and type(run.summary["count"]) is int
    """)
    results = folder.only().results
    assert (results["loss"].max, results["count"].max, results["zero"].max) == (0.5, 3, 2.0)


def test_results_are_deleted_and_updated(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init()
        run.summary.update({"a": 1, "b": 2}, c=3)
        del run.summary["b"]
        run.summary.c = 4
        assert list(run.summary) == ["a", "c"] and len(run.summary) == 2 and dict(run.summary) == {"a": 1, "c": 4}
    """)
    assert dict(folder.only().summary) == {"a": 1, "c": 4}


def test_the_first_log_settles_the_config(folder: Any) -> None:
    folder.run("""
        import warnings, givens
        warnings.simplefilter("ignore")
        run = givens.init(config={"lr": 1})
        run.config.lr = 2
        run.log({"loss": 1})
        run.config.lr = 3
    """)
    assert [change.settled for change in folder.only().history("lr")] == [False, False, True]


def test_dir_is_a_folder_of_the_runs_own_made_on_first_use(folder: Any) -> None:
    folder.run("""
        import os, givens
        run = givens.init()
        assert not os.path.exists(os.path.join(run.store.path, "outputs"))
        with open(os.path.join(run.dir, "model.bin"), "w") as file:
            file.write("x")
        assert os.path.isabs(run.dir)
    """)
    run = folder.only()
    assert (folder.path / ".givens" / "outputs" / run.id / "model.bin").read_text() == "x"


def test_config_static_is_a_snapshot_that_cannot_be_written(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(config={"lr": 1, "model": {"depth": 2}})
        static = run.config_static
        run.config.lr = 2
        assert static.lr == 1 and static.model.depth == 2
        for attempt in (lambda: setattr(static, "lr", 5), lambda: setattr(static.model, "depth", 5)):
            try:
                attempt()
            except TypeError as error:
                assert "run.config" in str(error)
            else:
                raise SystemExit("no error")
    """)
    assert folder.only().config.as_dict() == {"lr": 2, "model": {"depth": 2}}


def test_what_wandbs_run_has_and_this_one_lacks_says_what_to_do(folder: Any) -> None:
    folder.run("""
        import givens
        with givens.init(name="mine") as run:
            assert "mine" in repr(run) and "running" in repr(run)
            for name in ("log_artifact", "offline", "entity", "colour"):
                try:
                    getattr(run, name)
                except AttributeError as error:
                    assert name in str(error) and ("givens.wandb" in str(error)) == (name != "colour"), error
                else:
                    raise SystemExit("no error")
        assert "finished" in repr(run)
    """)


def test_text_that_is_no_utf8_is_recorded_all_the_same(folder: Any) -> None:
    folder.run("""
        import os, subprocess, sys, givens
        if len(sys.argv) == 1:
            raise SystemExit(subprocess.run([sys.executable, __file__, b"\\xff"]).returncode)
        run = givens.init(name="n\\udcff", notes="\\udcfe", tags=["\\udcfd"], config={"k\\udcfc": "v\\udcfb"})
        run.log({"m\\udcfa": 1.0})
        run.summary["s\\udcf9"] = "t\\udcf8"
    """)
    run = folder.only()
    assert (run.name, run.notes, run.tags) == ("n\udcff", "\udcfe", ("\udcfd",))
    assert run.config.as_dict() == {"k\udcfc": "v\udcfb"}
    assert dict(run.summary) == {"m\udcfa": 1.0, "s\udcf9": "t\udcf8"}
    assert run.argv[-1] == "\udcff"
