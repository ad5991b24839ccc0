"""Staging: what is given before init, and what becomes of it."""

from __future__ import annotations

from typing import Any


def test_staged_values_are_part_of_the_next_run_only(folder: Any) -> None:
    folder.run("""
        import givens
        givens.config.lr = 0.1
        givens.init(project="first").finish()
        assert givens.config.lr == 0.1          # reads the last run
        givens.init(project="second").finish()
        givens.config.depth = 3                 # a first write begins anew
        assert dict(givens.config) == {"depth": 3}, dict(givens.config)
        givens.init(project="third").finish()
    """)
    assert [(run.project, run.config.as_dict()) for run in folder.runs()] == [
        ("first", {"lr": 0.1}),
        ("second", {}),
        ("third", {"depth": 3}),
    ]


def test_what_no_run_took_up_is_reported_at_exit(folder: Any) -> None:
    done = folder.run("""
        import givens
        givens.config.lr = 0.1
        givens.config["train"]["epochs"] = 4
    """)
    assert "2 values given to givens.config (lr, train) went into no run" in done.stderr
    assert not (folder.path / ".givens").exists()


def test_nothing_is_reported_where_nothing_was_staged(folder: Any) -> None:
    done = folder.run("""
        import givens
        from givens import config, summary
        assert "lr" not in config and config.get("lr", 5) == 5 and not hasattr(config, "lr")
    """)
    assert done.stderr == ""


def test_a_forked_child_does_not_report_its_parents_staging(folder: Any) -> None:
    done = folder.run("""
        import os, sys, givens
        givens.config.lr = 0.1
        if os.fork() == 0:
            sys.exit(0)
        os.wait()
        givens.init()
    """)
    assert "went into no run" not in done.stderr


def test_a_missing_section_is_a_placeholder_on_which_only_items_and_assignment_work(folder: Any) -> None:
    folder.run("""
        import givens
        config = givens.config
        config["train"]["opt"]["lr"] = 0.1
        assert config["train"]["opt"]["lr"] == 0.1
        missing = config["other"]
        attempts = [
            lambda: bool(missing), lambda: missing == 1, lambda: list(missing), lambda: len(missing),
            lambda: int(missing), lambda: missing + 1, lambda: str(missing), lambda: hash(missing),
            lambda: missing.lr, lambda: missing(), lambda: 3 in missing, lambda: missing < 2, lambda: f"{missing}",
        ]
        for number, attempt in enumerate(attempts):
            try:
                attempt()
            except KeyError as error:
                assert "other" in str(error), error
            else:
                raise SystemExit(f"attempt {number} worked")
        assert "other" not in config and config.get("other") is None and not hasattr(config, "other")
        assert dict(config) == {"train": {"opt": {"lr": 0.1}}}
        givens.init()
        try:
            config["other"]                     # with a run, a missing key is an error at once
        except KeyError:
            pass
        else:
            raise SystemExit("no error")
    """)
    assert folder.only().config.as_dict() == {"train": {"opt": {"lr": 0.1}}}


def test_a_staged_value_that_loses_is_said_and_stays_in_the_record(folder: Any) -> None:
    done = folder.run("""
        import givens
        givens.config.lr = 0.1
        givens.config.api_token = "a-secret-of-mine"
        givens.init(config={"lr": 0.5, "api_token": "another-secret"})
    """)
    assert "lr 0.1 (set before init) lost to config=" in done.stderr
    assert "secret-of-mine" not in done.stderr
    run = folder.only()
    assert run.config.lr == 0.5
    assert [change.origin.line for change in run.history("lr")] == [3, 5]


def test_staging_keeps_its_locks_and_callbacks_and_watched_objects(folder: Any) -> None:
    done = folder.run("""
        import argparse, givens
        args = argparse.Namespace(lr=0.1)
        givens.config.update(args)
        givens.config.update_locked({"seed": 1}, "sweep")
        givens.on_change(givens.config, lambda key=None, val=None, data=None: print("called", key, val))
        givens.init()
        givens.config.depth = 2
        givens.config.seed = 2
        assert givens.config.seed == 1
        args.lr = 0.5
    """)
    assert "called depth 2" in done.stdout
    assert "config.seed is locked by 'sweep'" in done.stderr
    assert "args.lr is 0.5" in done.stderr or "lr is 0.5" in done.stderr


def test_an_init_that_fails_leaves_staging_for_the_next(folder: Any) -> None:
    folder.run("""
        import givens
        givens.config.lr = 0.1
        try:
            givens.init(config="nowhere.yaml")
        except FileNotFoundError:
            pass
        givens.init()
    """)
    assert folder.only().config.as_dict() == {"lr": 0.1}


def test_a_section_kept_from_before_init_says_that_the_run_does_not_see_it(folder: Any) -> None:
    done = folder.run(
        """
        import givens, warnings

        givens.config.train = {"epochs": 4}
        train = givens.config["train"]
        later = givens.config["later"]
        givens.init()
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            train.epochs = 5
            later["x"] = 1
            givens.config["train"]["epochs"] = 6
        print([type(warning.message).__name__ for warning in caught], caught[0].message)
        """
    )
    assert "['DetachedSectionWarning'] config.train.epochs was written to" in done.stdout
    assert folder.only().config == {"train": {"epochs": 6}}
