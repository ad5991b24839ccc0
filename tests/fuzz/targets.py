"""What is fuzzed: each target reads bytes as one of the readers would, and lets through only what it must not raise.

A reader may refuse what it is given with a GivensError and with nothing else, and whatever it raises must be
printable. ``fuzz.py`` feeds these functions with what atheris thinks up; ``test_corpus.py`` with the corpus.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any
from zlib import crc32

from givens.api.stored.opening import open_by_id, runs_of
from givens.errors import GivensError, KeyPathError
from givens.index import open_index
from givens.journal.layout import Store
from givens.journal.packs import open_pack, read_members
from givens.journal.reader import read_events
from givens.keys import KeyPath, as_path, format_path
from givens.query.parser import parse, parse_operand
from givens.query.shorthand import parse_words
from givens.query.sorting import parse_sort
from givens.query.words import sentence
from givens.sources.files import read_file
from givens.sources.overrides import is_override, overrides_layer

NOW_S = 1_772_400_000.0
LONGEST = 1 << 16  # bytes of one input: time goes into many, not into long ones


def yaml(given: bytes) -> None:
    """A configuration file."""
    _file(given, "config.yaml")


def json(given: bytes) -> None:
    """The same in JSON."""
    _file(given, "config.json")


def toml(given: bytes) -> None:
    """The same in TOML."""
    _file(given, "config.toml")


def filters(given: bytes) -> None:
    """A filter, a sort key, an operand, and words as on the command line."""
    text = _text(given)
    for read in (parse_sort, parse_operand, lambda text: parse_words(text.split(" "), now_s=NOW_S)):
        _refusing(lambda read=read: read(text))
    node = _refusing(lambda: parse(text, now_s=NOW_S))
    if node is not None:
        assert sentence(node)


def keys(given: bytes) -> None:
    """A key path, which reads back to the same parts, and an override, whose key is one."""
    text = _text(given)
    try:
        path = KeyPath.parse(text)
    except KeyPathError as error:
        assert 0 <= error.column <= len(text), (error.column, text)
        assert str(error)
    else:
        assert KeyPath.parse(format_path(path)) == path
    if text:
        as_path(text)
    is_override(text)
    _refusing(lambda: overrides_layer([text]))


def lines(given: bytes) -> None:
    """Any bytes as a journal: what is no line is told, and what follows it is read."""
    with _Folder() as folder:
        path = folder.write("any.jsonl", given)
        content = read_events(path)
        assert content.end <= len(given)
        whole = given[: content.end]
        assert len(content.events) + len(content.bad) == sum(bool(line) for line in whole.split(b"\n")[:-1])


def journal(given: bytes) -> None:
    """Events with a right checksum, whatever they say: a run that is opened, and asked everything that it can tell."""
    with _Folder() as folder:
        store = _store(folder, given)
        assert runs_of(store).total == 1
        run = _refusing(lambda: open_by_id(store, "fuzzed"))
        if run is not None:
            _ask_everything(run)


def index(given: bytes) -> None:
    """The same run, folded into an index in two steps, and found there."""
    with _Folder() as folder:
        store = _store(folder, given[: len(given) // 2])
        with open_index(store, folder=folder.path) as opened:
            opened.refresh()
            _write_journal(store, given)
            assert opened.refresh().complete
            opened.document(["fuzzed"])
            opened.keys()


def pack(given: bytes) -> None:
    """Any bytes as a pack: its journals by its table, or what a search finds without it."""
    with _Folder() as folder:
        path = folder.write("any.jsonl.gz", given)
        read_members(open_pack(path))


TARGETS: dict[str, Callable[[bytes], None]] = {
    target.__name__: target for target in (yaml, json, toml, filters, keys, lines, journal, index, pack)
}


class _Folder:
    """A folder of one input's own; in memory where the machine has such a place."""

    def __enter__(self) -> _Folder:
        memory = "/dev/shm"
        self.path = tempfile.mkdtemp(dir=memory if os.access(memory, os.W_OK) else None)
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path)

    def write(self, name: str, content: bytes) -> str:
        """Put a file there."""
        path = os.path.join(self.path, name)
        with open(path, "wb") as file:
            file.write(content)
        return path


def _text(given: bytes) -> str:
    """A text, which holds half a surrogate pair where the first byte asks for it."""
    text = given.decode("utf-8", "replace")
    return text.replace("\ufffd", "\ud800") if given[:1] == b"\0" else text


def _refusing(read: Callable[[], Any]) -> Any:
    """What a reader gives, or None when it refuses in the one way it may; the refusal can be printed."""
    try:
        return read()
    except GivensError as error:
        assert str(error)
        return None


def _file(given: bytes, name: str) -> None:
    with _Folder() as folder:
        path = folder.write(name, given)
        layer = _refusing(lambda: read_file(path))
        for entry in layer.entries if layer is not None else ():
            assert entry.origin is None or str(entry.origin)


def checked(given: bytes) -> bytes:
    """Each line with the checksum that it needs: what a hostile or a newer writer could have written."""
    whole = []
    for line in given.split(b"\n"):
        body = line.rstrip(b"}")
        whole.append(b'%b,"c":%d}\n' % (body, crc32(body)))
    return b"".join(whole)


def _write_journal(store: Store, given: bytes) -> None:
    with open(store.run_file("fuzzed"), "wb") as file:
        file.write(checked(given))


def _store(folder: _Folder, given: bytes) -> Store:
    store = Store(os.path.join(folder.path, ".givens"))
    store.make()
    _write_journal(store, given)
    return store


_PROPERTIES = (
    *("name", "project", "group", "job_type", "tags", "notes", "state", "created_at", "duration_s", "exit_code"),
    *("error", "summary", "results", "fingerprint", "edited", "ranks", "sessions", "reads", "job", "alive"),
    *("silent_s", "logs", "argv", "command", "host", "cwd", "python", "git", "patch", "dir", "files", "problems"),
)


def _ask_everything(run: Any) -> None:
    repr(run)
    for name in _PROPERTIES:
        _refusing(lambda name=name: repr(getattr(run, name)))
    _refusing(lambda: repr(run.surroundings))
    _refusing(lambda: repr(run.differing_sessions()))
    config = _refusing(lambda: run.config)
    if config is not None:
        repr(config)
        for key in list(config)[:5]:
            _refusing(lambda key=key: str(run.explain((key,))))
        _refusing(lambda: [repr(change) for change in run.history()])
