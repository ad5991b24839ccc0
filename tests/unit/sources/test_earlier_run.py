"""An earlier run as a configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from givens.errors import UnknownSourceError
from givens.records.origin import Origin
from givens.sources import read

if TYPE_CHECKING:
    from tests.conftest import Folder

FIRST = """
import givens
with givens.init(id="first", name="calm", config={"lr": 0.1, "model": {"depth": 4, "sizes": (1, 2)}, "api_key": "abcdefghijkl",
                 "deep": [{"password": "hunter2hunter2"}], "url": "postgres://me:hunter2hunter2@host/db"}):
    pass
"""


def test_a_run_begins_with_what_another_was_given_and_says_so(folder: Folder) -> None:
    folder.run(FIRST)
    done = folder.run(
        """
        import givens
        run = givens.init(id="second", config=["run:calm", {"lr": 0.2}], merge="deep")
        print(run.config.as_dict())
        """
    )
    assert done.stdout.strip() == "{'lr': 0.2, 'model': {'depth': 4, 'sizes': (1, 2)}}"
    assert "config.api_key, config.deep, config.url have to be given again" in done.stderr.replace("\n", " ")
    second = {run.id: run for run in folder.runs()}["second"]
    assert "run first (train.py:3)" in str(second.explain("model.depth"))
    assert "run first" in str(second.explain("lr"))  # what lost is told as well
    assert "hunter2" not in (folder.path / ".givens/runs/second.jsonl").read_text()


def test_a_run_made_from_one_that_was_made_from_another_tells_of_the_first_origin(folder: Folder) -> None:
    folder.run("import givens\ngivens.init(id='a', config={'lr': 0.1}).finish()", script="a.py")
    folder.run("import givens\ngivens.init(id='b', config='run:a').finish()", script="b.py")
    folder.run("import givens\ngivens.init(id='c', config='run:b').finish()", script="c.py")
    third = {run.id: run for run in folder.runs()}["c"]
    assert "run b (a.py:2)" in str(third.explain("lr"))


def test_update_takes_an_earlier_run_and_one_that_is_not_there_changes_nothing(folder: Folder) -> None:
    folder.run(FIRST)
    done = folder.run(
        """
        import givens, warnings
        run = givens.init(config={"lr": 1})
        try:
            run.config.update("run:clam")
        except givens.GivensError as error:
            print(error)
        try:
            givens.init(config="run:nope", reinit="create_new")
        except LookupError as error:
            print(error)
        print(run.config)
        warnings.simplefilter("ignore")
        run.config.update("run:first")
        print(run.config.lr)
        """
    )
    lines = done.stdout.splitlines()
    assert "did you mean 'calm'?" in lines[0]
    assert "no run 'nope'" in lines[1]
    assert lines[2:] == ["lr: 1", "0.1"]


def test_last_is_the_newest_run_before(folder: Folder) -> None:
    folder.run("import givens\ngivens.init(config={'lr': 0.1}).finish()")
    done = folder.run("import givens\nprint(givens.init(config='run:last').config)")
    assert done.stdout.strip() == "lr: 0.1"


@pytest.mark.parametrize("text", ["run:", "run:last~2", "run:best:loss", "run:@file.yaml"])
def test_only_one_run_can_be_named(text: str) -> None:
    def find(ref: str) -> None:
        raise AssertionError(ref)

    with pytest.raises(UnknownSourceError, match="name one run"):
        read(text, code=Origin("code"), find_run=find)  # type: ignore[arg-type]


def test_without_a_store_it_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(UnknownSourceError, match=r"give it to init"):
        read("run:calm", code=Origin("code"))
