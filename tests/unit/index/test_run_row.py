from __future__ import annotations

from typing import Any

import pytest

from givens.index.run_row import real_of, text_of, whole_of


@pytest.mark.parametrize(
    ("value", "whole", "real"),
    [
        (3, 3, 3.0),
        (2**63, None, 2.0**63),
        (10**400, None, None),
        (True, None, None),
        ("3", None, None),
        (0.5, None, 0.5),
        (None, None, None),
    ],
)
def test_a_column_takes_what_fits_it(value: Any, whole: int | None, real: float | None) -> None:
    assert whole_of(value) == whole
    assert real_of(value) == real


def test_text_is_made_fit_for_a_column() -> None:
    assert text_of(None) is None
    assert text_of(7) == "7"
    assert "\0" not in str(text_of("a\0b"))
