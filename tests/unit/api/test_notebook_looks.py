"""What a notebook shows of a run: everything as text, whatever the run is called, and very many keys cut."""

from __future__ import annotations

from typing import Any

from givens.api.formats import run_html
from givens.api.stored.opening import open_by_id

EVIL = '"><img src=x onerror=alert(1)>'


def test_a_run_shows_what_is_known_of_it_as_text(journals: Any) -> None:
    rows = [[["lr"], 0.1, 0], [[EVIL], EVIL, 0]]
    finish = ("finish", {"state": "failed", "code": 1, "error": f"Traceback\nValueError: {EVIL}"})
    logged = ("log", {"m": {EVIL: 0.5}, "step": 1})
    journals.write("abc", ("set", {"s": rows, "o": [{"kind": "code"}]}), logged, finish)
    shown = open_by_id(journals.store, "abc")._repr_html_()
    assert "<img" not in shown
    assert shown.count("&lt;img src=x onerror=alert(1)&gt;") == 4
    assert '<td>lr</td><td class="v">0.1</td>' in shown
    assert '<span class="state failed">failed</span>' in shown


def test_of_very_many_keys_the_first_are_shown(journals: Any) -> None:
    many = run_html._NOTEBOOK_KEYS + 3
    rows = [[[f"k{number:04}"], number, 0] for number in range(many)]
    journals.write("abc", ("set", {"s": rows, "o": [{"kind": "code"}]}))
    shown = open_by_id(journals.store, "abc")._repr_html_()
    assert "k0199" in shown and "k0200" not in shown
    assert "<p>3 more keys</p>" in shown
