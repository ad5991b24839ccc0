"""``givens doctor``: what it names, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from ..conftest import StoreOfJournals

GIVEN: tuple[str, dict[str, Any]] = ("set", {"s": [[["lr"], 0.1, 0]], "o": [{"kind": "code"}]})
SECRET: tuple[str, dict[str, Any]] = (
    "set",
    {"s": [[["api_key"], {"~": "secret", "id": "x"}, 0]], "o": [{"kind": "code"}]},
)
FINISH: tuple[str, dict[str, Any]] = ("finish", {"state": "finished", "code": 0})


def rows(out: str) -> dict[str, list[str]]:
    """Head -> its lines."""
    found: dict[str, list[str]] = {}
    head = ""
    for line in out.splitlines():
        head = line[:14].strip() or head
        found.setdefault(head, []).append(line[14:])
    return found


def test_a_sound_store_is_well(journals: StoreOfJournals, givens: Any) -> None:
    journals.write("aaa", SECRET, FINISH)
    journals.write("bbb", GIVEN)
    answer = givens("doctor")
    assert (answer.code, answer.err, answer.lines[-1]) == (0, "", "all is well")
    said = rows(answer.out)
    assert said["installed"][0].startswith("givens ")
    assert "click" in said["installed"][1]
    assert said["store"][0].startswith("DIR/.givens (")
    assert said["store"][1] == "2 loose journals, 0 packs of 0 B, 0 large values of 0 B"
    assert said["index"][0].startswith("DIR/.givens/index (")
    assert said["index"][1].endswith("complete: 1 finished, 1 running")
    assert said["pending"] == [
        "1 run can be packed (`givens pack`)",
        "1 run not to be packed: running, or perhaps running where it cannot be seen from here",
    ]
    assert said["secrets"] == [
        "left out: api_key (1 run)",
        'if one is none, say so before the next run: [tool.givens] redact = ["!api_key"]',
    ]
    assert said["settings"] == ["as they are by default"]
    assert said["damaged"] == ["nothing in 2 runs"]


def test_damage_is_named_and_ends_with_1(journals: StoreOfJournals, givens: Any) -> None:
    path = journals.write("aaa", GIVEN, FINISH)
    path.write_bytes(path.read_bytes().replace(b"0.1", b"0.2"))
    answer = givens("doctor")
    assert (answer.code, answer.lines[-1]) == (1, "something is wrong, see above")
    assert rows(answer.out)["damaged"] == [
        "DIR/.givens/runs/aaa.jsonl:2: its checksum does not match (this event is left out, and no other)"
    ]
    quick = givens("doctor", "--quick")
    assert quick.code == 0
    assert "damaged" not in rows(quick.out)


def test_json_has_all_of_it(journals: StoreOfJournals, givens: Any) -> None:
    journals.write("aaa", GIVEN, FINISH)
    told = json.loads(givens("doctor", "--json").out)
    assert told["is_well"] is True
    assert told["store"]["path"] == "DIR/.givens"
    assert told["content"]["loose"] == 1
    assert told["indexed"]["states"] == {"finished": 1}
    assert told["pending"]["runs"] == 1
    assert told["checked"] == {"damage": [], "runs": 1, "secrets": {}, "newer": []}
    assert {"package", "version", "extra", "purpose"} == set(told["packages"][0])


def test_without_a_store_it_says_what_is_installed(givens: Any) -> None:
    answer = givens("doctor")
    assert answer.code == 0
    assert "there is no store here" in rows(answer.out)["store"][0]
    assert json.loads(givens("doctor", "--json").out)["store"] is None


@pytest.mark.usefixtures("journals")
def test_settings_that_somebody_made_are_named_with_their_place(tmp_path: Path, givens: Any) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.givens]\nproject = "moons"\nchangs = "warn"\n', encoding="utf-8")
    answer = givens("doctor", GIVENS_SILENT="1")
    said = rows(answer.out)["settings"]
    assert said[:2] == ["project = 'moons' ([tool.givens] in pyproject.toml)", "silent = True (GIVENS_SILENT)"]
    assert "changs" in said[2]
    assert answer.code == 1
