"""givens.parse_args: one truth for the script and the record."""

from __future__ import annotations

from typing import Any

SCRIPT = """
    import argparse, givens
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1, help="learning rate")
    parser.add_argument("--depth", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--name", default="n")
    args = givens.parse_args(parser)
    assert type(args) is argparse.Namespace
    print(args.lr, args.depth, args.seed, args.epochs, args.name)
"""
ENVIRONMENT = {
    "GIVENS_CONFIG_PATHS": "paths.yaml",
    "GIVENS_CONFIG__seed": "3",
    "GIVENS_CONFIG__epochs": "3",
}
WAYS = ("run = givens.init(config=args)", "run = givens.init(); run.config.update(args)")


def test_flag_defaults_files_environment_and_typed_flags_lie_in_this_order(folder: Any) -> None:
    folder.write("config-defaults.yaml", "depth: 2\nseed: 2\nepochs: 2\n")
    folder.write("paths.yaml", "seed: 2\nepochs: 2\n")
    for way in WAYS:
        done = folder.run(SCRIPT + f"    {way}\n", "--epochs", "4", "--name", "typed", env=ENVIRONMENT)
        assert done.stdout == "0.1 2 3 4 typed\n"
    for run in folder.runs():
        assert run.config.as_dict() == {"lr": 0.1, "depth": 2, "seed": 3, "epochs": 4, "name": "typed"}
        origins = {key: run.explain(key).origin for key in run.config}
        assert (origins["lr"].kind, origins["lr"].name, origins["lr"].note) == ("argparse", "--lr", "default")
        assert (origins["depth"].kind, origins["depth"].file) == ("file", "config-defaults.yaml")
        assert (origins["seed"].kind, origins["seed"].name) == ("env", "GIVENS_CONFIG__seed")
        assert (origins["epochs"].kind, origins["epochs"].name, origins["epochs"].note) == (
            "argparse",
            "--epochs",
            "typed",
        )
        assert run.explain("lr").description == "learning rate"


def test_a_default_that_its_flag_cannot_take_is_an_error_that_names_the_file(folder: Any) -> None:
    folder.write("config-defaults.yaml", "depth: deep\n")
    done = folder.run(SCRIPT, code=1)
    assert "config-defaults.yaml:1" in done.stderr and "depth" in done.stderr


def test_args_that_change_later_are_told_once_at_the_first_log_or_at_finish(folder: Any) -> None:
    done = folder.run(
        SCRIPT
        + """
    import sys
    run = givens.init(config=args)
    args.lr = 0.7
    run.log({"loss": 1})
    print("-- logged", file=sys.stderr)
    args.lr = 0.8
    run.finish()
    print("-- finished", file=sys.stderr)
    args = givens.parse_args(parser)
    run = givens.init(config=args)
    run.log({"loss": 1})
    args.depth = 9
    run.finish()
    """
    )
    first, second, third = done.stderr.split("-- ")
    assert "config.lr is 0.1" in first and "lr is 0.7" in first
    assert "SourceDriftWarning" not in second
    assert "config.depth is 1" in third and "depth is 9" in third


def test_a_record_that_an_update_changed_is_held_against_args(folder: Any) -> None:
    done = folder.run(
        SCRIPT
        + """
    run = givens.init(config=args)
    run.config.lr = 0.5
    run.log({"loss": 1})
    """
    )
    assert "config.lr is 0.5" in done.stderr and "lr is 0.1" in done.stderr


def test_a_value_of_a_file_in_two_layers_is_given_once(folder: Any) -> None:
    folder.write("config-defaults.yaml", "epochs: 40\nlr: 0.1\n")
    folder.run(
        """
        import argparse, givens
        parser = argparse.ArgumentParser()
        parser.add_argument("--epochs", type=int, default=1)
        run = givens.init(config=[givens.parse_args(parser), {"lr": 0.1}])
        assert [change.new for change in run.history("epochs")] == [40], run.history("epochs")
        assert [change.new for change in run.history("lr")] == [0.1, 0.1]  # another origin
        """
    )
