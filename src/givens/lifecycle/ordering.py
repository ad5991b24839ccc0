"""What a launcher orders of the first run of the program it starts: values that win, a name, tags.

``givens run`` says it in two variables, and so may a sweep or a scheduler:

* ``GIVENS_OVERRIDES``: a JSON list of ``key.path=value``, or an object with ``set`` (such a list), ``owner``, ``name``,
  ``project``, ``group``, ``tags``, ``notes``, ``rerun_of``, and ``report`` (a file that the run's id and store are added
  to);
* ``GIVENS_OVERRIDES_FILE``: a configuration file.

They are meant for one run: the first ``init`` takes them out of the environment, so that no child finds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, MutableMapping
from typing import Any, NamedTuple

from ..errors import MalformedSourceError
from ..keys import Path, format_path, part_for
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from ..sources import read
from ..sources.overrides import overrides_layer

OVERRIDES = "GIVENS_OVERRIDES"
OVERRIDES_FILE = "GIVENS_OVERRIDES_FILE"
_TEXTS = ("owner", "name", "project", "group", "notes", "report", "rerun_of")


class Order(NamedTuple):
    """What a launcher asked for.

    Args:
        layer: the values, each at the path of one leaf: what is beside them stays.
        owner: whose locks are on them.
        identity: ``name``, ``project``, ``group``, ``tags``, ``notes``, as far as they were said.
        report: a file to which the run's id and store are added.
        rerun_of: the id of the run that is repeated.
    """

    layer: Layer
    owner: str
    identity: dict[str, Any]
    report: str | None
    rerun_of: str | None

    @property
    def paths(self) -> list[Path]:
        """The leaves that it gives."""
        return list(dict.fromkeys(entry.path for entry in self.layer.entries))


def order_in(environ: MutableMapping[str, str], root: str) -> Order | None:
    """The order in an environment; None where there is none.

    Args:
        environ: the environment; it is left as it is, see ``take``.
        root: the project's folder.

    Raises:
        MalformedSourceError: a variable or the file it names cannot be read.
    """
    said, file = environ.get(OVERRIDES, "").strip(), environ.get(OVERRIDES_FILE, "").strip()
    if not said and not file:
        return None
    members = _members(said)
    owner = members.get("owner") or "launcher"
    entries: list[Entry] = []
    placed: dict[Path, Origin] = {}
    for layer in read(file, code=Origin("code"), root=root) if file else ():
        entries += layer.entries
        placed |= layer.origins
    entries += overrides_layer(members["set"], owner=owner).entries
    leaves = [leaf for entry in entries for leaf in _leaves(entry, owner, placed)]
    identity = {name: members[name] for name in ("name", "project", "group", "tags", "notes") if members.get(name)}
    return Order(Layer("overrides", leaves), owner, identity, members.get("report"), members.get("rerun_of"))


def take(environ: MutableMapping[str, str]) -> None:
    """Take the order out of an environment: it was for the run that has just begun."""
    for variable in (OVERRIDES, OVERRIDES_FILE):
        environ.pop(variable, None)


def report(order: Order, run_id: str, store: str) -> None:
    """Tell the launcher which run it was, when it asked. One that is gone needs no answer."""
    if order.report is None:
        return
    try:
        with open(order.report, "a", encoding="utf-8") as file:
            file.write(json.dumps({"run": run_id, "store": store}) + "\n")
    except OSError:
        return


def unknown_keys(order: Order, given: list[Layer]) -> Iterator[tuple[str, list[str]]]:
    """The ordered keys that nothing else gives, where something is given; each with what there is."""
    known = {tuple(entry.path[:depth]) for layer in given for entry in layer.entries for depth in range(1, 20)}
    known |= {(*entry.path, key) for layer in given for entry in layer.entries for key in _keys_in(entry.value)}
    if known:
        names = sorted(format_path(path) for path in known)
        for path in order.paths:
            if path not in known and path[:1] not in known:
                yield format_path(path), names


def _keys_in(value: Any) -> list[Any]:
    return list(value) if isinstance(value, dict) else []


def _members(said: str) -> dict[str, Any]:
    try:
        found = json.loads(said) if said else []
    except ValueError as error:
        raise _malformed(f"no JSON: {error}") from None
    members = found if isinstance(found, dict) else {"set": found}
    texts = members.setdefault("set", [])
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _malformed("`set` is a list of texts")
    for name in _TEXTS:
        if not isinstance(members.get(name), str | None):
            raise _malformed(f"`{name}` is a text")
    tags = members.get("tags")
    if tags is not None and not (isinstance(tags, list) and all(isinstance(tag, str) for tag in tags)):
        raise _malformed("`tags` is a list of texts")
    return members


def _malformed(problem: str) -> MalformedSourceError:
    return MalformedSourceError(OVERRIDES, None, None, problem, 'write a JSON list: ["train.lr=0.1"]')


def _leaves(entry: Entry, owner: str, placed: dict[Path, Origin]) -> Iterator[Entry]:
    """An entry with a mapping as one entry for each of its leaves."""
    if isinstance(entry.value, dict) and entry.value:
        for key, value in entry.value.items():
            path = (*entry.path, part_for(key))
            yield from _leaves(Entry(path, value, placed.get(path, entry.origin)), owner, placed)
    else:
        place = entry.origin
        yield entry._replace(origin=Origin("override", place.file, place.line, place.column, name=owner))
