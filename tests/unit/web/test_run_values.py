"""The text that the page offers to edit a value is read back as the value."""

from __future__ import annotations

from typing import Any

import pytest

from givens.codec import Redaction, encode
from givens.sources.environment import typed
from givens.web.run_values import editable_text


@pytest.mark.parametrize(
    "value",
    ["1e-3", "0o17", "yes", "null", "12", "", " padded ", 1e-3, 15, True, None, [1, "1e-3"], {"a": "0x1F", "b": 2.0}],
)
def test_what_is_offered_reads_back_as_it_was(value: Any) -> None:
    encoded = encode(value, ("x",), Redaction()).json
    text = editable_text(encoded)
    assert text is not None
    read = typed("the page", text)
    assert read == value and type(read) is type(value)
