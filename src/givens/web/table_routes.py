"""Questions over the runs of a view that are answered with one table: groups, a pivot, importance, keys, duplicates."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from ..api.formats.cell_text import shown_cell
from ..api.grid import RESULT, Column, Grid
from ..api.group_grid import readable_groups
from ..api.key_table import brief_grid, key_rows, keys_grid
from ..api.page.key_chooser import column_name
from ..errors import UsageError
from ..query.nodes import Key
from ..query.words import operand_text
from ..records.change import MISSING
from .answering import Answering, answering, json_answer, view_of
from .asked_view import AskedView
from .equivalents import Same
from .runs_routes import downloads

_MOST_OFFERED = 200
_MOST_KEYS = 20_000
_MOST_GROUPING = 25  #: keys that runs can be grouped by


class Answered(NamedTuple):
    """A table and the same question elsewhere.

    Args:
        grid: the table; None where there is not enough to ask.
        same: the question elsewhere.
        asked: what was asked in the end, where the address left it open: name of a parameter -> value or values.
        links: (row, column) -> where a cell leads.
    """

    grid: Grid | None
    same: Same
    asked: dict[str, Any]
    links: Mapping[tuple[int, int], str] = MappingProxyType({})


class Offered(NamedTuple):
    """What one may choose from.

    Args:
        keys: keys that vary, the most telling first.
        metrics: results.
        others: those of the keys that only tell one run from the next: seeds, folders.
    """

    keys: tuple[str, ...]
    metrics: tuple[str, ...]
    others: tuple[str, ...]


def offered(room: Answering, view: AskedView) -> Offered:
    """What the runs of a view have to choose from, the most telling first."""
    found = room.pages.keys(view.wanted(room.patterns(view)))
    keys = tuple(column_name(Key("config", key.path)) for key in found.varying[:_MOST_OFFERED])
    metrics = tuple(operand_text(metric.operand) for metric in found.metrics[:_MOST_OFFERED])
    others = tuple(column_name(Key("config", key.path)) for key in found.varying[found.telling :])
    return Offered(keys, metrics, others)


# --- the questions ------------------------------------------------------------------------------------------------


def grouped(room: Answering, view: AskedView) -> Answered:
    """Runs that are equal in some keys, together; without any named, in all but the seed."""
    choice = offered(room, view)
    keys, left_out = view.several("key"), view.several("except")
    metric = view.one("metric") or next(iter(choice.metrics), None)
    goal = _goal(view)
    if not keys and not left_out:
        if len(choice.keys) - len(choice.others) <= _MOST_GROUPING:
            left_out = choice.others or ("seed",)
        else:
            keys = choice.keys[:2]
    said = [*map(repr, keys)]
    words = ["group", *keys, *(word for key in left_out if not keys for word in ("--except", key))]
    if metric:
        said, words = [*said, f"metric={metric!r}"], [*words, "-m", metric]
    if goal:
        said, words = [*said, f"goal={goal!r}"], [*words, "--goal", goal]
    if not keys:
        said.append(f"everything_except={list(left_out)!r}")
    same = room.same.asking(view, words, f"group({', '.join(said)})", where=True)
    found = room.table(view).group(
        *keys, metric=metric, goal=goal, everything_except=None if keys else list(left_out) or None
    )
    grid = readable_groups(found.grid(limit=view.limit), len(keys) or None)
    links = {}
    at = next((number for number, column in enumerate(grid.columns) if column.name == "best run"), None)
    if at is not None:
        links = {(row, at): f"/run/{cells[at]}" for row, cells in enumerate(grid.rows) if cells[at] is not MISSING}
    return Answered(
        grid, same, {"key": keys, "except": () if keys else left_out, "metric": metric, "goal": goal}, links
    )


def pivoted(room: Answering, view: AskedView) -> Answered:
    """The mean of a metric by two keys; without any named, by the two that tell most."""
    choice = offered(room, view)
    rest = [key for key in choice.keys if key not in choice.others]
    down = view.one("down") or next(iter(rest), None)
    across = view.one("across") or next((key for key in rest if key != down), None)
    metric = view.one("metric") or next(iter(choice.metrics), None)
    goal = _goal(view)
    asked = {"down": down, "across": across, "metric": metric, "goal": goal}
    if not down or not across or not metric:
        return Answered(None, Same("", ""), asked)
    words = ["pivot", down, across, metric, *(["--goal", goal] if goal else [])]
    said = [*map(repr, (down, across, metric)), *([f"goal={goal!r}"] if goal else [])]
    same = room.same.asking(view, words, f"pivot({', '.join(said)})", where=True)
    return Answered(room.table(view).pivot(down, across, metric, goal=goal).grid(), same, asked)


def explained(room: Answering, view: AskedView) -> Answered:
    """Which keys explain a metric."""
    choice = offered(room, view)
    metric, forest = view.one("metric") or next(iter(choice.metrics), None), view.flag("forest")
    if not metric:
        return Answered(None, Same("", ""), {"metric": None, "forest": forest})
    words = ["importance", metric, *(["--forest"] if forest else [])]
    same = room.same.asking(view, words, f"importance({metric!r}, forest={forest})", where=False)
    answer = room.table(view).importance(metric, forest=forest)
    return Answered(answer.grid(limit=view.limit), same, {"metric": metric, "forest": forest, "answer": answer})


def catalogued(room: Answering, view: AskedView, *, brief: bool = True) -> Answered:
    """Every key and every result."""
    pattern = view.one("pattern")
    words = ["keys", *([pattern] if pattern else []), *(["--project", view.project] if view.project else [])]
    same = room.same.same(words, f"{room.same.table(view)}.varying()")
    rows = room.asking.ask(lambda index: key_rows(index, view.project, pattern))
    title = f"keys of {view.project}" if view.project else "keys"
    if not brief:
        return Answered(keys_grid(rows[:_MOST_KEYS], title)._replace(total=len(rows)), same, {"pattern": pattern})
    part = rows[view.offset : view.offset + view.limit]
    grid = brief_grid(part, title, projects=len({row.facts.project for row in rows}) > 1)
    return Answered(grid._replace(total=len(rows)), same, {"pattern": pattern})


def repeated(room: Answering, view: AskedView) -> Answered:
    """Runs that were given the same; or the runs nearest to one."""
    nearest, replicas = view.one("nearest"), view.flag("replicas")
    asked = {"nearest": nearest, "replicas": replicas}
    if nearest:
        words = ["duplicates", "--nearest", nearest, "-n", "20"]
        same = room.same.asking(view, words, f"nearest({nearest!r}, limit=20)", where=False)
        grid = room.table(view).nearest(nearest, limit=20).grid()
        return Answered(grid, same, asked, {(at, 0): f"/run/{run_id}" for at, run_id in enumerate(grid.ids)})
    words = ["duplicates", *(["--replicas"] if replicas else [])]
    same = room.same.asking(view, words, f"duplicates(replicas={replicas})", where=False)
    grid = room.table(view).duplicates(replicas=replicas).grid(limit=view.limit)
    links = {(at, 1): f"/compare?runs={','.join(row[1][:50])}" for at, row in enumerate(grid.rows)}
    return Answered(grid, same, asked, links)


def _goal(view: AskedView) -> str | None:
    goal = view.one("goal")
    if goal not in (None, "min", "max"):
        raise UsageError(f"goal={goal[:20]}", "min or max")
    return goal


#: name of a table -> what answers it
QUESTIONS: dict[str, Callable[[Answering, AskedView], Answered]] = {
    "group": grouped,
    "pivot": pivoted,
    "importance": explained,
    "keys": catalogued,
    "duplicates": repeated,
}

# --- the routes ---------------------------------------------------------------------------------------------------


async def _page(name: str, request: Request) -> Response:
    room, view = answering(request), view_of(request)
    await room.live.fresh()

    def made() -> Response:
        answer = QUESTIONS[name](room, view)
        grid = answer.grid
        if grid is not None:
            grid = grid._replace(notes=(*grid.notes, *room.table(view).notes))
        return room.page(
            f"{name}.html",
            view,
            here=f"/{name}",
            grid=grid,
            asked=answer.asked,
            links=answer.links,
            offered=offered(room, view),
            command=answer.same.command,
            python=answer.same.python,
            downloads=downloads(name, view) if grid is not None else (),
            data=_importance_json(answer) if name == "importance" else None,
        )

    return await room.live.ask(made)


group_page = partial(_page, "group")
pivot_page = partial(_page, "pivot")
importance_page = partial(_page, "importance")
keys_page = partial(_page, "keys")
duplicates_page = partial(_page, "duplicates")


async def _json(name: str, request: Request) -> Response:
    room, view = answering(request), view_of(request)

    def made() -> dict[str, Any]:
        answer = catalogued(room, view, brief=False) if name == "keys" else QUESTIONS[name](room, view)
        if name == "importance":
            return _importance_json(answer)
        grid = answer.grid if answer.grid is not None else Grid(name, (), ())
        return {**grid.to_json(), "command": answer.same.command, "python": answer.same.python}

    return json_answer(await room.live.ask(made))


group = partial(_json, "group")
pivot = partial(_json, "pivot")
duplicates = partial(_json, "duplicates")
key_table = partial(_json, "keys")
importance = partial(_json, "importance")


def _importance_json(answer: Answered) -> dict[str, Any]:
    """The shape of ``/api/importance``; see the contract with the page's scripts in ``docs/reference``."""
    found = answer.asked.get("answer")
    if answer.grid is None or found is None:
        return {"metric": None, "runs": 0, "rows": [], "method": [], "notes": [], "forest": None, "sampled": False}
    grid, forest = answer.grid, found.found.forest
    rows = []
    names = [column.name for column in grid.columns]
    for cells in grid.rows:
        row: dict[str, Any] = {"key": cells[0], "shown": {}, "forest": None, "forest_sd": None}
        for name, cell in list(zip(names, cells, strict=True))[1:]:
            number = cell if type(cell) in (int, float) else None
            row[name] = number
            if cell is not MISSING:
                row["shown"][name] = shown_cell(cell, Column(name, RESULT))
        rows.append(row)
    count = 1 if forest is None else 2
    return {
        "metric": answer.asked["metric"],
        "runs": found.found.runs,
        "sampled": found.found.sampled,
        "method": list(grid.notes[:count]),
        "forest": None
        if forest is None
        else {"r2": forest.r2, "held_out": forest.held_out, "learned_from": forest.learned_from},
        "rows": rows,
        "notes": list(grid.notes[count:]),
        "command": answer.same.command,
        "python": answer.same.python,
    }
