"""A run written as other programs read it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from givens.launch.forms import FORMS, left_out


@pytest.mark.parametrize("form", ["overrides", "yaml", "json", "env", "python"])
def test_values_of_derived_types_and_half_hidden_texts_are_written_as_what_they_are(form: str, folder: Any) -> None:
    folder.run("""
        import enum
        import numpy as np
        import givens

        Size = enum.IntEnum("Size", "small")
        givens.init(config={"lr": np.float64(0.1), "size": Size.small, "db": "postgresql://ada:nevermind@db/runs"})
    """)
    (run,) = folder.runs()
    text = FORMS[form](run)
    assert "0.1" in text and "nevermind" not in text
    assert ("ada:***@db" in text) == (form not in ("overrides", "env"))  # of these each line would be taken as it is
    enum = f"of a type that {form} does not have, written as text: size"
    assert left_out(run, form) == ["secrets are not kept, give them again: db", enum]
    if form == "yaml":
        assert yaml.safe_load(text)["lr"] == 0.1


@pytest.mark.parametrize("form", ["overrides", "yaml", "json", "env", "python"])
def test_a_value_that_lies_in_a_file_of_its_own_is_given_again_whole(form: str, folder: Any) -> None:
    folder.run("""
        import givens

        givens.init(config={"prompt": "x" * 200_000, "model": {1: {"name": "vit"}}})
    """)
    (run,) = folder.runs()
    assert "x" * 200_000 in FORMS[form](run)


def test_what_a_form_cannot_say_is_named_and_what_it_writes_reads(folder: Any) -> None:
    folder.run("""
        import datetime
        import givens

        givens.init(config={"a": {"nan": float("nan"), "inf": [float("-inf")]}, "day": datetime.date(2026, 3, 1),
                            "set": {2, 1}, "tup": (1, (2.5,)), "lr": 0.1, "many": [{1}, {2}]})
    """)
    (run,) = folder.runs()
    text = "of a type that {} does not have, written as text: day, set, many"
    tuples = "tuples, written as lists, which {} has: tup"
    assert left_out(run, "yaml") == [text.format("yaml"), tuples.format("yaml")]
    odd = "no finite number: JSON has none, though Python and givens read it: a.nan, a.inf"
    assert left_out(run, "json") == [odd, text.format("json"), tuples.format("json")]
    assert left_out(run, "overrides") == [text.format("overrides"), tuples.format("overrides")]
    assert left_out(run, "python") == ["of a type that python does not have, written as text: day"]
    assert left_out(run, "argv") == []
    config = eval(FORMS["python"](run).replace("givens.init", "dict"))["config"]
    assert config["a"]["nan"] != config["a"]["nan"] and config["a"]["inf"] == [float("-inf")]
    assert (config["set"], config["tup"], config["many"]) == ({1, 2}, (1, (2.5,)), [{1}, {2}])
