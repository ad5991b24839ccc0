"""The text of every error, as a person reads it."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from givens import errors
from givens.errors import GivensError, GivensWarning, suggestion, warn

PINNED: list[tuple[GivensError, type[Exception], str]] = [
    (
        errors.KeyPathError("a..b", 2, "expected a key"),
        ValueError,
        "bad key at column 3 of 'a..b': expected a key",
    ),
    (errors.KeyPathError("", 0, "a key path cannot be empty"), ValueError, "bad key: a key path cannot be empty"),
    (
        errors.MissingKeyError("epocs", "train", ["epochs", "lr"]),
        KeyError,
        "config.train has no key 'epocs'; did you mean 'epochs'?",
    ),
    (
        errors.MissingKeyError("zzz", "", ["epochs", "lr", 3]),
        AttributeError,
        "config has no key 'zzz'; it has: epochs, lr",
    ),
    (
        errors.MissingKeyError("zzz", "", [f"k{n}" for n in range(9)]),
        KeyError,
        "config has no key 'zzz'; it has: k0, k1, k2, k3, k4, k5, k6, k7, …",
    ),
    (
        errors.MissingKeyError("optim.lrr", "", ["optimizer", "lrs.x", "lr"]),
        KeyError,
        "config has no key 'optim.lrr'; did you mean 'lr'?",
    ),
    (errors.MissingKeyError("lr"), KeyError, "config has no key 'lr'; it is empty"),
    (errors.MissingKeyError("lr", hint="init() first"), KeyError, "config has no key 'lr'; init() first"),
    (
        errors.ValueChangedError([("lr", "0.1", "0.2"), ("model.depth", "4", "8")]),
        ValueError,
        "config.lr is 0.1, not 0.2; config.model.depth is 4, not 8: "
        "pass allow_val_change=True to change it; nothing of this write was applied",
    ),
    (
        errors.ValueChangedError([(f"k{n}", "1", "2") for n in range(7)]),
        ValueError,
        "config.k0 is 1, not 2; config.k1 is 1, not 2; config.k2 is 1, not 2; config.k3 is 1, not 2; "
        "config.k4 is 1, not 2 (and 2 more): "
        "pass allow_val_change=True to change it; nothing of this write was applied",
    ),
    (
        errors.LockedKeyError("lr", "sweep", "0.1", "0.2"),
        TypeError,
        "config.lr is locked by 'sweep' at 0.1; the write of 0.2 was refused and recorded",
    ),
    (
        errors.SchemaError("Train", [("lr", "expected float, got 'x' (str)")], "nothing of it was written"),
        ValueError,
        "config.lr: expected float, got 'x' (str) (checked against Train); nothing of it was written",
    ),
    (
        errors.SchemaError("Train", [("lr", "expected float"), ("", "Train refuses it")]),
        TypeError,
        "config does not fit Train in 2 places\n  config.lr: expected float\n  config: Train refuses it",
    ),
    (
        errors.FrozenError("model", "train.py:9"),
        TypeError,
        "config.model is frozen (at train.py:9); write before freezing, or to a copy: copy.copy(config)",
    ),
    (
        errors.FrozenError("", "train.py:9"),
        TypeError,
        "the config is frozen (at train.py:9); write before freezing, or to a copy: copy.copy(config)",
    ),
    (
        errors.ReadOnlyError("a stored run's config", "copy it with dict()"),
        TypeError,
        "a stored run's config is read-only; copy it with dict()",
    ),
    (
        errors.RunFinishedError("calm-otter-k7f2", "config.lr"),
        RuntimeError,
        "run calm-otter-k7f2 has finished: config.lr was not recorded and not applied; "
        "write before finish(), or begin a new run with givens.init()",
    ),
    (errors.NoRunError("log()"), RuntimeError, "log() needs a run: call givens.init() first"),
    (
        errors.UsageError("both include and exclude were given", "give one of them"),
        TypeError,
        "both include and exclude were given; give one of them",
    ),
    (
        errors.LaunchError("trian.py", "No such file or directory"),
        OSError,
        "trian.py cannot be started: No such file or directory; the command comes after --: givens run -- python train.py",
    ),
    (
        errors.SecretMissingError("calm-otter", ["--api-key"]),
        ValueError,
        "the command line of calm-otter held secrets (--api-key), which are not kept; type it again with them",
    ),
    (
        errors.CannotRerunError("calm-otter", "it ran outside of git", "--here runs it in its folder"),
        RuntimeError,
        "calm-otter cannot be run again as it was: it ran outside of git; --here runs it in its folder",
    ),
    (
        errors.NotSupportedError("sweeps", "run the script in a loop"),
        NotImplementedError,
        "givens does not do sweeps; run the script in a loop",
    ),
    (
        errors.CycleError("model.self"),
        ValueError,
        "config.model.self contains itself; break the cycle, or store its parts under keys of their own",
    ),
    (
        errors.TooDeepError("a.a.a"),
        ValueError,
        "config.a.a.a … is nested too deeply to be stored (128 levels at most); give its parts keys of their own",
    ),
    (
        errors.TooDeepError(""),
        ValueError,
        "the value is nested too deeply to be stored (128 levels at most); give its parts keys of their own",
    ),
    (
        errors.FilterAsRunError("seed == 1", "/home/ada/.givens"),
        LookupError,
        "no run 'seed == 1' in /home/ada/.givens; a filter is given as filter='seed == 1'",
    ),
    (
        errors.UndeclaredGoalError("loss"),
        LookupError,
        "nobody said whether less or more of 'loss' is better; write min:loss or max:loss, or say it once: "
        "run.define_metric('loss', goal=\"min\"), or metrics = {'loss' = \"min\"} in [tool.givens]",
    ),
    (
        errors.NoScoreError("los", "every run", ["loss"]),
        LookupError,
        "no run has 'los' as a number (among every run); did you mean 'loss'?",
    ),
    (
        errors.FilterSyntaxError("lr << 3", 4, 5, "'<' is no value", "write lr < 3"),
        ValueError,
        "bad filter: '<' is no value; write lr < 3\n  lr << 3\n      ^",
    ),
    (errors.DamagedValueError("no member 'v'"), ValueError, "a stored value cannot be read: no member 'v'"),
    (
        errors.MalformedSourceError("c.yaml", 3, 7, "the key 'lr' is there twice", "remove one"),
        ValueError,
        "c.yaml:3:7: the key 'lr' is there twice; remove one",
    ),
    (errors.MalformedSourceError("c.json", None, None, "not UTF-8"), ValueError, "c.json: not UTF-8"),
    (
        errors.UnreadableSourceError("conf", "it is a folder", "name a file in it"),
        OSError,
        "cannot read conf: it is a folder; name a file in it",
    ),
    (errors.MissingSourceError("c.yaml", "no such file"), FileNotFoundError, "cannot read c.yaml: no such file"),
    (
        errors.UnknownSourceError("builtins.object", "give a mapping"),
        TypeError,
        "cannot take a configuration from builtins.object; give a mapping",
    ),
    (
        errors.SettingsError("GIVENS_MODE", "'off'", "environment", "one of local, disabled"),
        ValueError,
        "GIVENS_MODE = 'off' (environment): expected one of local, disabled",
    ),
    (
        errors.ProjectFileError("pyproject.toml", "is not valid TOML", "mend it first"),
        OSError,
        "pyproject.toml: is not valid TOML; mend it first",
    ),
    (
        errors.SnapshotError("/home/ada/digits", "git does not list its files", "try: git status"),
        OSError,
        "no snapshot of /home/ada/digits: git does not list its files; try: git status",
    ),
    (
        errors.PullError("node7:work", "there is no store", "give the folder that holds .givens on that host"),
        OSError,
        "cannot pull from node7:work: there is no store; give the folder that holds .givens on that host",
    ),
    (errors.StoreError("/x/.givens", "no space left"), OSError, "/x/.givens: no space left"),
    (
        errors.StoreError("/x/.givens", "read-only", "set GIVENS_DIR"),
        OSError,
        "/x/.givens: read-only; set GIVENS_DIR",
    ),
    (
        errors.RunExistsError("k7f2", "/x/.givens"),
        FileExistsError,
        "run 'k7f2' is already in /x/.givens; leave id out to get a new one, choose another, or go on with it: "
        'resume="allow"',
    ),
    (
        errors.ResumeError("k7f2", "it is running, as process 7 on node17", "wait for it"),
        ValueError,
        "run 'k7f2' cannot be resumed: it is running, as process 7 on node17; wait for it",
    ),
    (
        errors.RunNotFoundError("calm-oter", "/x/.givens", ["calm-otter", "red-fox"]),
        LookupError,
        "no run 'calm-oter' in /x/.givens; did you mean 'calm-otter'?",
    ),
    (
        errors.RunNotFoundError("hardy", "/x/.givens", ["hardy-fox-qs2n", "calm-otter"]),
        LookupError,
        "no run 'hardy' in /x/.givens; did you mean 'hardy-fox-qs2n'?",
    ),
    (
        errors.RunNotFoundError("Calm", "/x/.givens", ["calm-a", "calm-b", "calm-c", "calm-a", "calm-d", "calm-e"]),
        LookupError,
        "no run 'Calm' in /x/.givens; there are calm-a, calm-b, calm-c, calm-d, …",
    ),
    (
        errors.RunNotFoundError("zzz", "/x/.givens"),
        LookupError,
        "no run 'zzz' in /x/.givens; `givens ls` lists the runs",
    ),
    (
        errors.RunNotFoundError("seed == 1", "/x/.givens"),
        LookupError,
        "no run 'seed == 1' in /x/.givens; it looks like a filter: `givens ls 'seed == 1'` lists the runs that pass one",
    ),
    (
        errors.RunRemovedError("k7f2", "/x/.givens"),
        LookupError,
        "run 'k7f2' was removed from /x/.givens; `givens restore k7f2` brings it back",
    ),
    (
        errors.EditError("no type 'flot'", "retype takes int, float"),
        ValueError,
        "no type 'flot'; retype takes int, float",
    ),
    (
        errors.EditRequestError("no runs are named", "name them with runs=, or say which with filter="),
        ValueError,
        "no runs are named; name them with runs=, or say which with filter=",
    ),
    (
        errors.PageError("0.0.0.0", "others can reach that address", "give a --token that they have to know"),
        OSError,
        "0.0.0.0: others can reach that address; give a --token that they have to know",
    ),
    (
        errors.AmbiguousRunError("k", ["k7f2", "k9aa"]),
        LookupError,
        "'k' fits 2 runs: k7f2, k9aa; give more letters or the id",
    ),
    (
        errors.AmbiguousRunError("k", [f"k{n}" for n in range(10)]),
        LookupError,
        "'k' fits 10 runs: k0, k1, k2, k3, k4, k5, k6, k7, …; give more letters or the id",
    ),
    (
        errors.MissingPackageError("scikit-learn", "analysis", "importance"),
        ImportError,
        "importance needs scikit-learn: pip install '.[analysis]' in a clone of givens",
    ),
    (
        errors.MissingPackageError("PyYAML", "", "a YAML file"),
        ImportError,
        "a YAML file needs PyYAML: pip install 'PyYAML'",
    ),
]
FAMILIES = {errors.GivensError, errors.SourceError}
CASES = pytest.mark.parametrize(("error", "builtin", "text"), PINNED, ids=lambda case: type(case).__name__)


def classes_of(family: type) -> list[type]:
    return [each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, family)]


@CASES
def test_an_error_reads_as_pinned(error: GivensError, builtin: type[Exception], text: str) -> None:
    assert str(error) == text


@CASES
def test_an_error_is_caught_as_the_builtin_it_stands_for(
    error: GivensError, builtin: type[Exception], text: str
) -> None:
    with pytest.raises(builtin):
        raise error


@CASES
def test_an_error_crosses_to_another_process_whole(error: GivensError, builtin: type[Exception], text: str) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(twin) is type(error)
        assert str(twin) == text


def test_every_error_is_pinned_here() -> None:
    assert {type(error) for error, _, _ in PINNED} == set(classes_of(GivensError)) - FAMILIES


def test_every_error_and_warning_explains_itself() -> None:
    every = classes_of(GivensError) + classes_of(GivensWarning)
    assert [each.__name__ for each in every if not each.__doc__] == []
    assert all(each.__name__.endswith(("Error", "Warning")) for each in every)
    assert all(issubclass(each, UserWarning) for each in classes_of(GivensWarning))


def test_files_are_named_where_the_builtin_names_them() -> None:
    assert errors.MissingSourceError("c.yaml", "no such file").filename == "c.yaml"
    assert errors.StoreError("/x", "full").filename == "/x"


def test_a_missing_key_gets_no_second_suggestion_from_python() -> None:
    error = errors.MissingKeyError("lr")
    assert (error.name, error.obj) == ("lr", None)


def test_a_suggestion_is_the_nearest_name_or_nothing() -> None:
    assert suggestion("epocs", ["lr", "epochs"]) == "; did you mean 'epochs'?"
    assert suggestion("epocs", ["lr"]) == ""
    assert suggestion("x", []) == ""


def test_a_warning_names_the_line_that_called() -> None:
    with pytest.warns(errors.LossyValueWarning, match="a file was not kept") as caught:
        warn(errors.LossyValueWarning("a file was not kept"))
    assert [Path(each.filename).name for each in caught] == ["test_errors.py"]


def test_a_warning_from_inside_names_the_nearest_line_outside(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_text(
        "inside = {'__name__': 'givens.configs.somewhere'}\n"
        "exec('from givens.errors import *\\ndef inner(): warn(GivensWarning(1))\\ndef write(): inner()', inside)\n"
        "\n"
        "inside['write']()  # line 4\n"
    )
    answer = subprocess.run([sys.executable, "train.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"{tmp_path}{os.sep}train.py:4: GivensWarning: 1" in answer.stderr


def test_a_warning_that_a_filter_makes_an_error_is_printed_instead(capsys: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn(errors.StoreWarning("the disk is full"))
    assert capsys.readouterr().err == "givens: StoreWarning: the disk is full\n"
