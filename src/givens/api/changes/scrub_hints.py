"""What a store holds beside its events: the heads of projects, and saved views. A scrub writes those files anew."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from types import MappingProxyType
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from ...codec import dumps
from ...codec.scrub_rules import ScrubRules
from ...journal.blobs import write_blob
from ...journal.heads import MOST_BYTES, project_in_name, safe_name
from ...journal.layout import Store, write_whole
from ...journal.regular_files import read_small
from ...journal.scrubbed_events import EventScrub, ReadBlob
from ...records.encoded import SECRET, TAG
from ..page.saved_views import FOLDER as VIEWS
from ..page.saved_views import view_file

_HIDDEN = (SECRET, "redacted")


class Hint(NamedTuple):
    """What a file is to hold.

    Args:
        content: what it will hold.
        target: where it will lie: a saved view's file is called like the view.
        blobs: large values that it refers to and that came in the place of others.
    """

    content: bytes
    target: str
    blobs: Mapping[str, bytes] = MappingProxyType({})


Look = Callable[[dict[str, Any]], "Hint | None"]  #: what a file holds -> what it is to hold; None where nothing goes


class HintFile(NamedTuple):
    """A file that is to be written anew.

    Args:
        path: where it lies.
        look: says what it is to hold, by what it holds then.
    """

    path: str
    look: Look

    def write(self, store: Store) -> None:
        """Write it, by what it holds by now: between a look and its writing, somebody was asked. One that is gone is let be.

        Raises:
            OSError: it cannot be read or written.
        """
        try:
            mode = os.stat(self.path).st_mode & 0o777
            said = json.loads(read_small(self.path, MOST_BYTES))
        except FileNotFoundError:
            return
        except (ValueError, RecursionError):
            return  # half of one: nothing reads it
        hint = self.look(said) if isinstance(said, dict) else None
        if hint is None:
            return
        for name, content in hint.blobs.items():
            write_blob(store, name, content)
        write_whole(hint.target, hint.content)
        os.chmod(hint.target, mode)
        if hint.target != self.path:
            with suppress(FileNotFoundError):
                os.unlink(self.path)


def heads_by_run(store: Store, unreadable: list[str]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """The heads of a store: run id -> path and content. What is no head is passed over, what cannot be read is named."""
    found: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    for path, said in _objects(os.path.join(store.path, "heads"), unreadable):
        if type(said.get("config")) is dict:
            found.setdefault(str(said.get("run")), []).append((path, said))
    return found


def scrubbed_head(
    path: str, said: dict[str, Any], rules: ScrubRules, read_blob: ReadBlob, folded: Callable[[], list[Any]] | None
) -> Hint | None:
    """A head without what goes; None when nothing does.

    Args:
        path: where it lies.
        said: what it holds.
        rules: of its run.
        read_blob: gives the content of a large value.
        folded: gives the run's configuration as it is read, before and after its edits, where an earlier scrub took
            something out of it.
    """
    if type(said.get("config")) is not dict:
        return None
    scrub = EventScrub(rules, read_blob)
    config = scrub.value(said["config"], ())
    for read in folded() if folded is not None else ():
        config = _as_read(config, read)
    name, target = rules.text(str(said.get("name"))), _target(path, rules)
    if config is said["config"] and name == str(said.get("name")) and target == path:
        return None
    return Hint(dumps({**said, "config": config, "name": name}).encode(), target, scrub.blobs)


def _target(path: str, rules: ScrubRules) -> str:
    """Where a head lies when its project's name is without what goes."""
    project = project_in_name(path)
    shown = rules.text(project)
    if shown == project:
        return path
    host = path.removesuffix(".json").rpartition(".")[2]
    return os.path.join(os.path.dirname(path), f"{safe_name(shown)}.{host}.json")


def _as_read(config: Any, folded: Any) -> Any:
    """A head's values, with the secrets of the run as it is read: a head has not all of its run's keys."""
    if type(folded) is dict and folded.get(TAG) in _HIDDEN:
        return config if type(config) is dict and config.get(TAG) in _HIDDEN else folded
    if type(config) is dict and type(folded) is dict:
        made = {key: _as_read(part, folded[key]) if key in folded else part for key, part in config.items()}
        return config if all(made[key] is part for key, part in config.items()) else made
    if type(config) is list and type(folded) is list and len(config) == len(folded):
        listed = [_as_read(one, other) for one, other in zip(config, folded, strict=True)]
        return config if all(one is other for one, other in zip(config, listed, strict=True)) else listed
    return config


def views_of(store: Store, unreadable: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The saved views of a store: path and content. What cannot be read is named."""
    return _objects(os.path.join(store.path, VIEWS), unreadable)


def scrubbed_view(store: Store, path: str, said: dict[str, Any], rules: ScrubRules) -> Hint | None:
    """A saved view without what goes; None when nothing does.

    Args:
        store: the store.
        path: where it lies.
        said: what it holds.
        rules: what goes.
    """
    name, query = str(said.get("name", "")), str(said.get("query", ""))
    pairs = parse_qsl(query, keep_blank_values=True)
    shown = [(rules.key(key), rules.text(value)) for key, value in pairs]
    new = rules.text(name)
    if shown == pairs and new == name:
        return None
    content = {**said, "name": new, "query": query if shown == pairs else urlencode(shown)}
    return Hint(dumps(content).encode(), path if new == name else view_file(store, new))


def _objects(folder: str, unreadable: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return
    except OSError as error:
        unreadable.append(f"{folder}: {error.strerror or error}")
        return
    for name in names:
        path = os.path.join(folder, name)
        if not name.endswith(".json"):
            continue
        try:
            said = json.loads(read_small(path, MOST_BYTES))
        except FileNotFoundError:
            continue
        except OSError as error:
            unreadable.append(f"{path}: {error.strerror or error}")
            continue
        except (ValueError, RecursionError):
            continue  # half of one: nothing reads it
        if isinstance(said, dict):
            yield path, said
