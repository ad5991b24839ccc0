"""Large values go to blobs, and come back from there."""

from __future__ import annotations

from typing import Any

import pytest

from givens import Config
from givens.codec import decode
from givens.configs.doors import door_of
from givens.records.encoded import lift
from givens.records.state import fold

LARGE = 100_000


@pytest.fixture
def stored(run_config: Any) -> tuple[Config, dict[str, bytes]]:
    """A config whose large values are put into a dict."""
    blobs: dict[str, bytes] = {}

    def store(sha256: str, content: bytes) -> bool:
        blobs[sha256] = content
        return True

    config, _ = run_config(store_blob=store, read_blob=blobs.__getitem__)
    return config, blobs


def read_back(config: Config, blobs: dict[str, bytes]) -> Any:
    state = fold(door_of(config).journal.events(), blobs.__getitem__)
    return decode(lift(state.config), blobs.__getitem__)


def longest_line(config: Config) -> int:
    return max(map(len, door_of(config).journal.lines))  # type: ignore[attr-defined]


def test_large_leaves_leave_the_line_and_come_back(stored: Any) -> None:
    import numpy as np

    config, blobs = stored
    config.text = "x" * LARGE
    config.update(small=1, array=np.arange(LARGE), numbers=list(range(LARGE)), mapping={1.5: "y" * LARGE})
    config.section = {"text": "z" * LARGE, "deep": {"numbers": [0.5] * LARGE, "small": 2}, 3: "é" * LARGE}
    assert longest_line(config) < 70_000
    assert len(blobs) == 7
    back = read_back(config, blobs)
    assert np.array_equal(back.pop("array"), config.pop("array"))
    assert back == config.as_dict()


def test_a_section_with_many_keys_is_split_and_not_hidden(stored: Any) -> None:
    config, blobs = stored
    config.table = {f"key{n}": "v" * 50 for n in range(3000)}
    assert blobs == {}
    assert read_back(config, blobs) == config.as_dict()


def test_writes_into_a_large_list_are_small_and_are_read_into_it(stored: Any) -> None:
    config, blobs = stored
    config.numbers = list(range(LARGE))
    config.layers = [{"weights": [0.5] * LARGE}]
    lines = len(door_of(config).journal.lines)
    config.numbers.append(7)
    config.numbers[0] = "first"
    del config.numbers[1:3]
    config.layers[0].weights.append(1)
    config.layers[0].more = 2
    assert all(len(line) < 1000 for line in door_of(config).journal.lines[lines:])
    assert read_back(config, blobs) == config.as_dict()


def test_a_large_element_of_a_list_is_a_blob_too(stored: Any) -> None:
    config, blobs = stored
    config.layers = []
    config.layers.append("x" * LARGE)
    config.layers += [["y" * LARGE], 1]
    config.layers[2] = "z" * LARGE
    assert longest_line(config) < 70_000
    assert read_back(config, blobs) == config.as_dict()


def test_where_blobs_cannot_be_written_the_value_stays_in_the_line(run_config: Any, recorded: Any) -> None:
    config, _ = run_config(store_blob=lambda sha256, content: False)
    config.text = "x" * LARGE
    config.layers = ["y" * LARGE]
    config.layers.append("z" * LARGE)
    assert recorded(config) == config.as_dict()


def test_a_large_secret_is_no_blob(stored: Any) -> None:
    config, blobs = stored
    config.password = "hunter2-" * LARGE
    config.s = {"api_key": "hunter2-" * LARGE}
    assert b"hunter2" not in b"".join([*blobs.values(), *door_of(config).journal.lines])
