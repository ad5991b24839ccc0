"""Small facts that a page shows beside its answers: projects, how many runs, help texts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import NamedTuple

from ...index import Index
from ...index.schema import CONFIG
from ...index.texts import escape, unescape
from ...keys import format_path
from ...query.nodes import Key, Operand


class Project(NamedTuple):
    """A project: its name, and how many runs it has."""

    name: str
    runs: int


def projects_of(index: Index) -> list[Project]:
    """The projects that runs are in, those of most runs first; runs without one are not counted."""
    sql = (
        "WITH RECURSIVE each(project) AS (SELECT min(project) FROM run WHERE project IS NOT NULL UNION ALL "
        "SELECT (SELECT min(project) FROM run WHERE project > each.project) FROM each WHERE each.project IS NOT NULL) "
        "SELECT project, (SELECT count(*) FROM run WHERE run.project = each.project) FROM each WHERE project IS NOT NULL"
    )
    found = [Project(unescape(name), count) for name, count in index.connection.execute(sql)]
    return sorted(found, key=lambda project: (-project.runs, project.name))


def run_count(index: Index, project: str | None = None) -> int:
    """How many runs there are, in a project or at all."""
    where, bound = ("", ()) if project is None else (" WHERE project = ?", (escape(project),))
    (count,) = index.connection.execute(f"SELECT count(*) FROM run{where}", bound).fetchone()
    return int(count)


def descriptions_of(index: Index, operands: Iterable[tuple[str, Operand]]) -> dict[str, str]:
    """Help texts of config keys: name of a column -> its description, where there is one."""
    paths = {format_path(op.path): name for name, op in operands if isinstance(op, Key) and op.scope != "summary"}
    wanted = json.dumps([escape(path) for path in paths])
    rows = index.connection.execute(
        "SELECT k.path, max(k.description) FROM json_each(?) b JOIN key k ON k.space = ? AND k.path = b.value "
        "WHERE k.description IS NOT NULL GROUP BY k.path",
        (wanted, CONFIG),
    )
    return {paths[unescape(path)]: unescape(text) for path, text in rows if unescape(path) in paths}
