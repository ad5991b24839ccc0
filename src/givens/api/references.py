"""From what a person types to runs. Order: exact id, keyword, exact name, unique prefix of an id.

Keywords: ``last``, ``last~2`` (two before the last), ``last~4..last`` (five runs, in that order), ``max:val_acc``,
``min:loss``, ``best:loss`` (by the metric's goal). They mean the runs of the current project where it has any, else those
of the store.
"""

from __future__ import annotations

import os
import re
from typing import NamedTuple

from ..errors import AmbiguousRunError, NoScoreError, RunNotFoundError, RunRemovedError, UndeclaredGoalError, UsageError
from ..index import Index
from ..index.texts import escape, unescape
from ..journal.edits import removed_runs
from ..journal.layout import RUN_ID, Store
from ..query.finding import NEWEST_FIRST, Question, ids_of
from ..query.results import best_run, declared_goal, results_of, run_id
from .asking import Asking

_LAST = re.compile(r"last(?:~(\d{1,9}))?")
_RANGE = re.compile(r"(last(?:~\d{1,9})?)\.\.(last(?:~\d{1,9})?)")
_SCORE = re.compile(r"(max|min|best):(.+)", re.DOTALL)
_LISTED = 9  #: of runs that a reference fits, so many are told
_NEAR = 5_000  #: newest runs among whose names the nearest is looked for


class Score(NamedTuple):
    """``max:val_acc``: the word before the colon, and the metric."""

    word: str
    metric: str


def is_keyword(ref: str) -> bool:
    """Whether a reference is a keyword, which needs the index."""
    return any(pattern.fullmatch(ref) for pattern in (_LAST, _RANGE, _SCORE))


def is_range(ref: str) -> bool:
    """Whether a reference names several runs: ``last~4..last``."""
    return _RANGE.fullmatch(ref) is not None


def resolve_one(asking: Asking, ref: str, *, project: str | None = None) -> str:
    """The id of the one run that a reference names.

    Args:
        asking: the store's index.
        ref: what was typed.
        project: whose runs keywords mean, if it has any; None: the project one is in.

    Raises:
        RunNotFoundError: no run fits.
        AmbiguousRunError: several do.
        UndeclaredGoalError: ``best:`` of a metric without a goal.
        NoScoreError: no run has the metric as a number.
        UsageError: a range, or a file.
    """
    return one_of(ref, resolve_many(asking, ref, project=project))


def one_of(ref: str, ids: list[str]) -> str:
    """The one run of a reference.

    Raises:
        UsageError: it names a range.
    """
    if is_range(ref):
        raise UsageError(f"{ref} names several runs", "name one, such as last~2; a range is for diff")
    return ids[0]


def resolve_many(asking: Asking, ref: str, *, project: str | None = None) -> list[str]:
    """The ids of the runs that a reference names: one, of a range several. Arguments and errors as of ``resolve_one``."""
    store = asking.store
    if ref.startswith("@"):
        raise UsageError(f"{ref} names a file", "a file stands in for a run in diff only")
    if RUN_ID.fullmatch(ref) and os.path.exists(store.run_file(ref)):  # without a look at the index
        return [_there(store, ref)]
    own = project if project is not None else current_project()
    return asking.ask(lambda index: _found(index, store, ref, own, asking.goals))


def current_project() -> str | None:
    """The project one is in, which keywords go by."""
    from ..capture.project import project_root
    from ..settings import load

    return load(os.environ, project_root(os.getcwd()))[0].project


def _there(store: Store, run: str) -> str:
    if run in removed_runs(store):
        raise RunRemovedError(run, store.path)
    return run


def _found(index: Index, store: Store, ref: str, project: str | None, goals: dict[str, str]) -> list[str]:
    exact = _ids(index, "id = ?", (escape(ref),))
    if exact:
        return exact
    if is_keyword(ref):
        return _keyword(index, store, ref, project, goals)
    fitting = _ids(index, "name = ?", (escape(ref),))
    if not fitting and RUN_ID.fullmatch(ref):
        # ids are ASCII, and all that may follow sorts before DEL
        fitting = _ids(index, "id >= ? AND id < ?", (ref, ref + "\x7f"))
    if len(fitting) == 1:
        return fitting
    if fitting:
        raise AmbiguousRunError(ref, _told(index, fitting))
    if ref in removed_runs(store):
        raise RunRemovedError(ref, store.path)
    raise RunNotFoundError(ref, store.path, _near(index, ref))


def _near(index: Index, ref: str) -> list[str]:
    """Names and ids that may have been meant: names that begin so, and those of the newest runs."""
    begun = index.connection.execute(
        "SELECT name FROM run WHERE name >= ? AND name < ? ORDER BY name LIMIT ?",
        (escape(ref), escape(ref) + "\U0010ffff", _LISTED),
    )
    names = [unescape(row[0]) for row in begun]
    rows = index.connection.execute("SELECT name, id FROM run ORDER BY created_s DESC LIMIT ?", (_NEAR,)).fetchall()
    return names + [unescape(text) for row in rows for text in row if text]


def _ids(index: Index, where: str, bound: tuple[str, ...]) -> list[str]:
    rows = index.connection.execute(f"SELECT id FROM run WHERE {where} ORDER BY created_s DESC", bound)
    return [unescape(row[0]) for row in rows]


def _told(index: Index, ids: list[str]) -> list[str]:
    """The runs that fit, with what tells them apart; of many the newest."""
    told = []
    for each in ids[:_LISTED]:
        row = index.connection.execute("SELECT name, created FROM run WHERE id = ?", (escape(each),)).fetchone()
        name, created = (unescape(text) if text else "?" for text in row)
        told.append(f"{each} ({name}, {created})")
    return told + ids[_LISTED:]


def _keyword(index: Index, store: Store, ref: str, project: str | None, goals: dict[str, str]) -> list[str]:
    question = Question(index, project=project)
    if project is not None and not question.listed(limit=1):
        question = Question(index)
    score = _SCORE.fullmatch(ref)
    if score:
        return [_best(question, Score(score[1], score[2]), goals)]
    between = _RANGE.fullmatch(ref)
    ends = [_back(end) for end in (between.groups() if between else (ref, ref))]
    least, most = min(ends), max(ends)
    ids = ids_of(index, question.runs(NEWEST_FIRST, limit=most - least + 1, offset=least))
    if not ids or len(ids) < most - least + 1:
        raise RunNotFoundError(ref, store.path)
    return ids if ends[0] <= ends[-1] else ids[::-1]


def _back(end: str) -> int:
    """How many runs before the last one."""
    found = _LAST.fullmatch(end)
    return int(found[1] or 0) if found else 0


def _best(question: Question, score: Score, goals: dict[str, str]) -> str:
    goal = declared_goal(question, score.metric, goals) if score.word == "best" else score.word
    run = best_run(question, score.metric, goal or "max")
    if run is None:
        raise NoScoreError(score.metric, "every run", result_names(question))
    if goal is None:
        raise UndeclaredGoalError(score.metric)
    return run_id(question, run)


def result_names(question: Question) -> list[str]:
    """Names of results, for suggestions."""
    return [".".join(map(str, path)) for path in results_of(question, question.listed(limit=1_000))]
