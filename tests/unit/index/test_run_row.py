from __future__ import annotations

from typing import Any

import pytest

from givens.api.stored.status import epoch_s as epoch_of_api
from givens.index.run_row import epoch_s, real_of, text_of, whole_of


@pytest.mark.parametrize(
    "at",
    [
        "2026-03-01T10:00:00.123456Z",
        "2024-02-29T23:59:59Z",
        "1969-12-31T23:59:59.5Z",
        "2026-03-01T10:00:00",
        "2026-13-01T10:00:00Z",
        "2026-03-01 10:00:00Z",
        "2026-03-01T10:00:0xZ",
        "yesterday",
        "",
    ],
)
def test_a_journals_time_is_read_as_everywhere_else(at: str) -> None:
    assert epoch_s(at) == epoch_of_api(at)


def test_no_time_is_no_time() -> None:
    assert epoch_s(None) is None


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
