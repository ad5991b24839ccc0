"""``givens pull`` as it is typed; over ssh it is tried in ``tests/unit/api/upkeep/test_pulling.py``."""

from __future__ import annotations

import json
from typing import Any

GIVEN = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
FINISH = ("finish", {"state": "finished", "code": 0})


def test_what_came_is_said_in_one_line_and_as_json(givens: Any, journals: Any) -> None:
    journals.write("aaa", GIVEN, FINISH)
    journals.write("bbb", FINISH)
    assert givens("--dir", "here", "pull", ".", "lr=0.1").out == "1 new run (1 file) from . to DIR/here/.givens\n"
    said = json.loads(givens("--dir", "here", "pull", ".", "--json").out)
    assert said == {"source": ".", "by": "copy", "runs": ["bbb"], "went_on": [], "files": 1, "problems": []}
    assert givens("--dir", "here", "pull", ".").out == "nothing new in .\n"


def test_a_store_that_is_not_there_is_one_line(givens: Any) -> None:
    answer = givens("--dir", "here", "pull", "nowhere")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines() == [
        "givens: cannot pull from nowhere: there is no store; give the folder that holds .givens, or HOST:PATH"
    ]
