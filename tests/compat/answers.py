"""What is asked of a frozen store: everything that was said in it, in a form that does not depend on where or when it is asked."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from givens.api.stored.opening import open_by_id, runs_of
from givens.codec import dumps, encode
from givens.configs.explanation import explain_section
from givens.index import open_index
from givens.journal.edits import read_edits
from givens.journal.heads import read_head
from givens.journal.layout import Store
from givens.journal.trash import in_trash
from givens.keys import format_path

#: of the head that the store holds
HEAD_HOST = "node7"


def answers(store: Store, index_folder: str) -> dict[str, Any]:
    """Everything: runs one by one, from their files; and the same store through an index."""
    listing = runs_of(store)
    runs = {run.id: _run(open_by_id(store, run.id)) for run in sorted(listing.runs, key=lambda run: run.id)}
    book = read_edits(store)
    head = read_head(store, "digits", HEAD_HOST)
    with open_index(store, folder=index_folder) as index:
        assert index.refresh().complete
        keys = sorted([fact.path, fact.runs] for fact in index.keys())
        documents = index.document(list(runs))
    return {
        "runs": runs,
        "total": listing.total,
        "unreadable": listing.unreadable,
        "removed": sorted(book.removed),
        "commands": [[command.writer, command.user, command.done] for command in book.commands],
        "trash": in_trash(store),
        "head": None if head is None else [head.run, head.name, head.config],
        "keys in the index": keys,
        "documents in the index": {run_id: dumps(document) for run_id, document in sorted(documents.items())},
    }


def _run(run: Any) -> dict[str, Any]:
    config = run.config
    return {
        **{
            name: getattr(run, name) for name in ("name", "project", "group", "job_type", "notes", "state", "exit_code")
        },
        **{name: list(getattr(run, name)) for name in ("tags", "edited", "argv", "problems")},
        "error": run.error,
        "created": str(run.created_at),
        "config": {str(key): _typed(value) for key, value in config.items()},
        "summary": {name: _typed(value) for name, value in run.summary.items()},
        "results": {name: [repr(part) for part in result] for name, result in run.results.items()},
        "fingerprint": run.fingerprint,
        "history": [[format_path(change.path), change.action, str(change.origin)] for change in run.history()],
        "explained": [
            [format_path(leaf.path), str(leaf.origin)] for leaf in explain_section(run.folded.state, ()).inside
        ],
        "sessions": [str(session.writer) for session in run.sessions],
        "ranks": [[rank.rank, rank.launcher] for rank in run.ranks],
        "children": sorted(run.folded.children),
        "surroundings": dumps(run.surroundings),
        "patch": run.patch,
    }


def _typed(value: Any) -> list[str]:
    """A value's type, and its text as it would be stored again."""
    from givens.codec import Redaction

    text = dumps(encode(value, ("x",), Redaction(key_file="/nonexistent/key")).json)
    return [type(value).__qualname__, text if len(text) < 4_000 else f"sha256 {sha256(text.encode()).hexdigest()}"]
