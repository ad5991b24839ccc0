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
    assert left_out(run, form) == ["secrets are not kept, give them again: db"]
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
