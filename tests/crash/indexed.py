"""All that an index says, whatever numbers it gave to runs and keys: to hold one against another that was made anew."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from givens.index import Index, open_index
from givens.journal.layout import Store

_COLUMNS = "k.project, k.space, k.path, p.kind, p.num, p.txt"
_QUESTIONS = {
    "rows": f"SELECT r.id, {_COLUMNS} FROM run r JOIN param p ON p.run = r.run JOIN key k ON k.key = p.key UNION ALL "
    f"SELECT r.id, {_COLUMNS} FROM run r JOIN summary p ON p.run = r.run JOIN key k ON k.key = p.key",
    "runs": "SELECT id, finish, bad, changes, events, keys, results, children, fingerprint, config "
    "FROM run JOIN document USING (run)",
    "counts": "SELECT k.path, s.kind, s.runs FROM key_stat s JOIN key k ON k.key = s.key WHERE s.runs > 0",
    "points": "SELECT r.id, k.path, m.chunk, m.points FROM metric m JOIN run r USING (run) JOIN key k USING (key)",
}


def content(index: Index) -> dict[str, Any]:
    """What an index says of the runs."""
    return {
        name: sorted(map(repr, index.connection.execute(question).fetchall())) for name, question in _QUESTIONS.items()
    }


def made_anew(store: Store, folder: Path) -> dict[str, Any]:
    """What an index says that is made from nothing, in a folder of its own."""
    os.makedirs(folder)
    with open_index(store, folder=str(folder)) as index:
        assert index.refresh().complete
        return content(index)
