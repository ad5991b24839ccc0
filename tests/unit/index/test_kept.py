"""What is kept goes when the index changes, or when there is no room."""

from __future__ import annotations

from givens.index.kept import Kept


def test_another_moment_forgets() -> None:
    kept = Kept()
    kept.at(1).put("a", "value", 1)
    assert kept.at(1).get("a") == "value"
    assert kept.at(2).get("a") is None


def test_the_oldest_go_first_and_what_is_too_large_is_not_kept() -> None:
    kept = Kept(most_bytes=10)
    for name in ("a", "b", "c"):
        kept.put(name, name, 4)
    kept.put("d", "d", 11)
    assert [kept.get(name) for name in "abcd"] == [None, "b", "c", None]
