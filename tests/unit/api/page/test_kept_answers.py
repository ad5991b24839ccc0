"""Answers that are kept: as long as nothing changed, and dear ones a little longer."""

from __future__ import annotations

from givens.api.page.kept_answers import KeptAnswers


class Clock:
    """A clock that is set by hand."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_an_answer_is_made_once_while_nothing_changes() -> None:
    clock = Clock()
    kept: KeptAnswers[int] = KeptAnswers(2, clock)
    made = iter(range(10))
    assert [kept.answer("a", 1, lambda: next(made)) for _ in range(3)] == [0, 0, 0]
    clock.now_s += 1_000
    assert kept.answer("a", 1, lambda: next(made)) == 0
    assert kept.answer("a", 2, lambda: next(made)) == 1


def test_a_dear_answer_is_used_for_a_time_after_something_changed() -> None:
    clock, effort = Clock(), Clock()
    kept: KeptAnswers[int] = KeptAnswers(2, clock, effort)

    def dear() -> int:
        effort.now_s += 0.5
        return 7

    assert kept.answer("a", 1, dear) == 7
    clock.now_s += 9.9
    assert kept.known("a", 2) == 7
    clock.now_s += 0.2
    assert kept.known("a", 2) is None


def test_an_answer_that_only_had_to_wait_is_not_dear() -> None:
    clock = Clock()
    kept: KeptAnswers[int] = KeptAnswers(2, clock, Clock())

    def waited() -> int:
        clock.now_s += 5
        return 7

    assert kept.answer("a", 1, waited) == 7
    clock.now_s += 0.1
    assert kept.known("a", 2) is None


def test_those_not_asked_for_longest_go_first() -> None:
    kept: KeptAnswers[str] = KeptAnswers(2, Clock())
    for each in ("a", "b", "a", "c"):
        kept.answer(each, 1, lambda each=each: each)  # type: ignore[misc]
    assert [kept.known(each, 1) for each in ("a", "b", "c")] == ["a", None, "c"]
