"""finish: what it records, and what may be done after it."""

from __future__ import annotations

from typing import Any


def test_nothing_is_written_after_finish_and_nothing_is_lost(folder: Any) -> None:
    folder.run("""
        import givens
        run = givens.init(config={"lr": 0.1, "layers": [1], "model": {"depth": 2}})
        model, layers = run.config.model, run.config.layers
        run.finish()
        run.finish()
        attempts = [
            lambda: setattr(run.config, "lr", 5), lambda: run.config.update(lr=5), lambda: layers.append(2),
            lambda: setattr(model, "depth", 5), lambda: run.log({"loss": 1}), lambda: run.summary.update(a=1),
            lambda: setattr(run, "name", "x"), lambda: run.config.pop("lr"), lambda: run.define_metric("loss"),
        ]
        for number, attempt in enumerate(attempts):
            try:
                attempt()
            except RuntimeError as error:
                assert "has finished" in str(error) and "givens.init()" in str(error)
            else:
                raise SystemExit(f"attempt {number} worked")
        assert run.config == {"lr": 0.1, "layers": [1], "model": {"depth": 2}}
        assert str(run.explain("lr").origin) == "train.py:3"
    """)
    run = folder.only()
    assert run.config.as_dict() == {"lr": 0.1, "layers": [1], "model": {"depth": 2}}
    assert run.state == "finished" and not run.problems


def test_finish_finds_what_changed_in_place(folder: Any) -> None:
    folder.run("""
        import givens
        seen = {1}
        givens.init(config={"seen": seen})
        seen.add(2)
    """)
    run = folder.only()
    assert run.config.seen == {1, 2}
    assert run.explain("seen").origin.kind == "in place"


def test_an_object_that_can_no_longer_be_kept_does_not_keep_a_run_from_finishing(folder: Any) -> None:
    done = folder.run("""
        import givens
        class Box: pass
        box, inner = Box(), []
        box.inner = inner
        givens.init(config={"box": box})
        inner.append(inner)
    """)
    run = folder.only()
    assert run.state == "finished"
    assert "box" in run.config
    assert "what changed in place is not recorded" in done.stderr or not done.stderr.count("Traceback")


def test_the_finish_line_says_what_happened(folder: Any) -> None:
    done = folder.run("""
        import warnings, givens
        warnings.simplefilter("ignore")
        class Odd: pass
        run = givens.init(name="mine", config={"lr": 1, "odd": Odd()})
        run.config.update_locked({"seed": 1}, "sweep")
        run.log({"loss": 1})
        run.config.lr = 2
        run.config.lr = 3
        run.config.seed = 2
    """)
    last = done.stderr.splitlines()[-1]
    assert last.startswith("givens: mine finished after ")
    assert "2 changes after the first log" in last
    assert "1 value not kept exactly" in last
    assert "1 write refused" in last


def test_quiet_means_no_finish_line(folder: Any) -> None:
    done = folder.run("""
        import givens
        givens.init(name="mine").finish(quiet=True)
        givens.finish()
    """)
    assert "mine finished" not in done.stderr


def test_a_source_that_no_longer_says_what_the_record_says_is_told_once(folder: Any) -> None:
    done = folder.run(
        """
        import argparse, sys, givens
        parser = argparse.ArgumentParser()
        parser.add_argument("--lr", type=float, default=0.5)
        parser.add_argument("--token", default="a-secret-of-mine")
        args = parser.parse_args()
        run = givens.init(config=args)
        args.lr /= 2
        args.token = "another-secret"
        run.log({"loss": 1})
        args.lr = 7
        run.log({"loss": 1})
        run.finish()
        print("-- second", file=sys.stderr)
        namespace = argparse.Namespace(depth=1)
        run = givens.init(config=namespace)
        run.log({"loss": 1})
        namespace.depth = 2
        run.finish()
        """
    )
    first, second = done.stderr.split("-- second")
    assert first.count("SourceDriftWarning") == 1
    assert "config.lr is 0.5" in first and "lr is 0.25" in first
    assert second.count("SourceDriftWarning") == 1
    assert "config.token is <secret" in first and "of-mine" not in first and "another" not in first


def test_the_keys_that_were_never_read_are_told_where_that_is_asked_for(folder: Any) -> None:
    script = """
        import givens
        from givens import config
        run = givens.init(config={"lerning_rate": 0.1, "seed": 1, "depth": 2})
        config.seed; run.config["depth"]; config.get("learning_rate", 0.1)
        run.log({"loss": 1})
    """
    quiet = folder.run(script).stderr
    assert "never read" not in quiet
    said = folder.run(script, env={"GIVENS_TRACK_READS": "1"}).stderr
    assert "lerning_rate was given and never read, learning_rate read and never given" in said
    assert "1 key never read: lerning_rate" in said
    first, second = folder.runs()
    assert first.reads is None
    assert second.reads._asdict() == {
        "unread": ("lerning_rate",),
        "unread_total": 1,
        "asked": (("learning_rate", "get"),),
        "meant": (("lerning_rate", "learning_rate"),),
    }
    folder.write("pyproject.toml", "[tool.givens]\ntrack_reads = true\n")
    assert "1 key never read" in folder.run(script).stderr
    off = script.replace('"depth": 2}', '"depth": 2}, track_reads=False')
    assert "never read" not in folder.run(off).stderr
