"""What a scrub takes out of what was written: secrets by today's rules, what stands under named keys, given texts.

It works on encoded values. What today's rules hide is found by writing the value once more: no rule stands here twice.
"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..errors import GivensError
from ..keys import Path, format_path
from ..records.encoded import MAP, SECRET, TAG, section_items
from .decoding import decode
from .encode import encode
from .hiding import HIDDEN, hide_in_word, hide_named
from .jsontext import dumps
from .redaction import SHORTEST_SECRET, Redaction, pattern_matcher

SHORTEST_TEXT = 4  #: characters: what is shorter stands in too many places to be meant
_HINTED = 20
_MANY_TEXTS = 50_000
_REDACTED = "redacted"
#: tags of what reads as a stand-in -> the member with the values in it
_HOLDS = {"object": "fields", "enum": "v"}
#: tags whose member ``v`` is base64: no text to look into
_BYTES = frozenset(("bytes", "bytearray", "ndarray", "numpy", "tensor"))


class Wanted(NamedTuple):
    """What is to be taken out.

    Args:
        rules: what today's rules hide; None where only keys and texts are meant.
        keys: patterns of keys, or of whole key paths, as ``fnmatch`` knows them; what stands under one goes, whatever it is.
        texts: texts that go wherever they stand.
    """

    rules: Redaction | None
    keys: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()


class NamedOnly(Redaction):
    """A redaction that knows the given keys and nothing else: no rule, and no form."""

    __slots__ = ()

    def _judge(self, key: str) -> bool:
        return self.is_refused_key(key)

    def value(self, value: str, *, flag: bool = False) -> str:
        """A config's text: ``--pin=…`` in a list."""
        return hide_in_word(value, self._is_secret_name, SHORTEST_SECRET) if flag and "=" in value else value

    def text(self, text: str) -> str:
        """Any text, without what stands beside a given key or stood under one."""
        for secret in self.met:
            text = text.replace(secret, HIDDEN)
        return hide_named(text, self._is_secret_name)


class ScrubRules:
    """What is taken out of one run, or of one file: it remembers the secrets that it has met there.

    Args:
        wanted: what is to be taken out.
        redaction: the same as a redaction; of one that is made anew for every run, so that hashes are keyed once.
    """

    def __init__(self, wanted: Wanted, redaction: Redaction | None = None) -> None:
        self.wanted = wanted
        self.redaction = redaction or wanted.rules or NamedOnly(wanted.keys)
        self._keys = [pattern_matcher(pattern) for pattern in wanted.keys]
        self._texts: dict[str, None] = dict.fromkeys(wanted.texts)
        self._said: dict[str, str] = {}

    def anew(self) -> ScrubRules:
        """The same rules for another run."""
        return ScrubRules(self.wanted, self.redaction.anew())

    def add_text(self, text: str) -> None:
        """Take out this text, too, wherever it stands."""
        self._texts.setdefault(text)

    @property
    def has_texts(self) -> bool:
        """Whether texts were given, which go out of keys as well."""
        return bool(self._texts)

    def settled(self) -> None:
        """All secrets of the run are met: from here on they are taken out of its texts."""
        self._said.clear()

    # --- values ---------------------------------------------------------------------------------------------------

    def value(self, json: Any, path: Path) -> Any:
        """An encoded value without what goes; the same object when nothing does."""
        kind = type(json)
        is_text = kind is str and (len(json) >= SHORTEST_SECRET or not json.isascii())
        out = self._by_rules(json, path) if is_text or kind is dict or kind is list else json
        if self._keys:
            out = self._named(out, path)
        return self._without_texts(out) if self._texts else out

    def _by_rules(self, json: Any, path: Path) -> Any:
        """What ``encode`` would make of it today, where that is a secret."""
        try:
            value = decode(json)
            if type(value) is str and path and type(path[-1]) is int:
                new = encode([value], path[:-1], self.redaction).json[0]
            elif type(value) is str and path and path[-1] == "value" and value in self.redaction.given_away:
                new = encode({"value": value}, path[:-1], self.redaction).json["value"]
            else:
                new = encode(value, path, self.redaction).json
        except GivensError:  # damaged, or of a later version: its texts are looked at
            new = json
        except RecursionError:
            return json
        return self._inside_stand_ins(hidden_as(json, new), path)

    def _inside_stand_ins(self, json: Any, path: Path) -> Any:
        """What reads as a stand-in and is written again as it was: unknown objects, enums; numpy's values without numpy."""
        if type(json) is list:
            return _kept(json, [self._inside_stand_ins(item, (*path, at)) for at, item in enumerate(json)])
        if type(json) is not dict:
            return json
        if TAG not in json:
            return _kept(json, {key: self._inside_stand_ins(item, (*path, key)) for key, item in json.items()})
        member = _HOLDS.get(str(json[TAG]))
        if member in json:
            return _kept(json, {**json, member: self._by_rules(json[member], path)})
        inside = json.get("v")
        if type(inside) is not list:
            return json
        new = [self._form(item, path) for item in inside]
        return json if _is_kept(inside, new) else {**json, "v": new}

    def _form(self, item: Any, path: Path) -> Any:
        if type(item) is not str:
            return self._inside_stand_ins(item, path)
        shown = self.redaction.value(item)
        return item if shown == item else {TAG: _REDACTED, "v": shown, "id": self.redaction.secret_id(item)}

    def _named(self, json: Any, path: Path) -> Any:
        """Without what stands under a named key."""
        if path and self._is_named(path):
            return self._all_of(json)
        items = section_items(json)
        if items is not None:
            new = [(key, self._named(child, (*path, key if type(key) is str else (key,)))) for key, child in items]
            return _rebuilt(json, items, new)
        if type(json) is list:
            return _kept(json, [self._named(item, (*path, at)) for at, item in enumerate(json)])
        if type(json) is dict and type(json.get("v")) is list and json.get(TAG) not in (SECRET, _REDACTED):
            new_items = [self._named(item, (*path, at)) for at, item in enumerate(json["v"])]
            return json if _is_kept(json["v"], new_items) else {**json, "v": new_items}
        return json

    def _is_named(self, path: Path) -> bool:
        last = path[-1]
        if type(last) is str and any(fits(last) for fits in self._keys):
            return True
        name = format_path(path)
        return any(fits(name) for fits in self._keys)

    def _all_of(self, json: Any) -> Any:
        """Every leaf of a value as a secret; a section keeps its keys, a list its length."""
        items = section_items(json)
        if items is not None:
            return _rebuilt(json, items, [(key, self._all_of(child)) for key, child in items])
        if type(json) is list:
            return _kept(json, [self._all_of(item) for item in json])
        if json is None or (type(json) is dict and json.get(TAG) == SECRET):
            return json
        if type(json) is str:
            self.redaction.remember(json)
        return self._secret(json if type(json) is str else dumps(json))

    def _secret(self, text: str) -> dict[str, Any]:
        stored = {TAG: SECRET, "id": self.redaction.secret_id(text)}
        if len(text) >= _HINTED and text[-4:].isascii() and text[-4:].isprintable():
            stored["hint"] = text[-4:]
        return stored

    # --- given texts ----------------------------------------------------------------------------------------------

    def _without_texts(self, json: Any) -> Any:
        """An encoded value without the given texts, keys included."""
        kind = type(json)
        if kind is str:
            if json in self._texts:
                return self._secret(json)
            shown = self._cut(json)
            return json if shown == json else {TAG: _REDACTED, "v": shown, "id": self.redaction.secret_id(json)}
        if kind is int or kind is float:
            return self._secret(text) if (text := str(json)) in self._texts else json
        if kind is list:
            return _kept(json, [self._without_texts(item) for item in json])
        if kind is not dict:
            return json
        if TAG not in json or json[TAG] == MAP:
            items = section_items(json)
            if items is not None:
                new = [
                    (self._cut(key) if type(key) is str else key, self._without_texts(child)) for key, child in items
                ]
                return _rebuilt(json, items, _each_once(new))
        return self._without_texts_in_leaf(json)

    def _without_texts_in_leaf(self, json: dict[str, Any]) -> Any:
        """A tagged leaf: what is in it keeps its place, so that it reads as before."""
        if json[TAG] == SECRET:
            return json
        content = json.get("v")
        if json[TAG] in _BYTES and type(content) is str:
            return self._secret(content) if self._is_in_bytes(content) else json
        new = {name: part if name in (TAG, "id", "sha256") else self._inside(part) for name, part in json.items()}
        return _kept(json, new)

    def _inside(self, json: Any) -> Any:
        if type(json) is str:
            return self._cut(json)
        if type(json) is dict and TAG in json:
            return self._without_texts_in_leaf(json)
        if type(json) is dict:
            return _kept(json, {self._cut(key): self._inside(item) for key, item in json.items()})
        if type(json) is list:
            return _kept(json, [self._inside(item) for item in json])
        return json

    def _is_in_bytes(self, text: str) -> bool:
        try:
            content = b64decode(text, validate=True)
        except (Base64Error, ValueError):
            content = text.encode("utf-8", "surrogatepass")
        return any(each.encode("utf-8", "surrogatepass") in content for each in self._texts)

    def _cut(self, text: str) -> str:
        for each in self._texts:
            if each in text:
                text = text.replace(each, HIDDEN)
        return text

    # --- everything else ------------------------------------------------------------------------------------------

    def text(self, text: str) -> str:
        """Any text without what goes."""
        found = self._said.get(text)
        if found is None:
            if len(self._said) >= _MANY_TEXTS:
                self._said.clear()
            shown = self._cut(text)
            found = self._said[text] = shown if len(shown) < SHORTEST_TEXT else self.redaction.text(shown)
        return found

    def name(self, name: str) -> str:
        """The name of a result: a credential by its form is none."""
        return self.redaction.value(self._cut(name))

    def key(self, key: str) -> str:
        """A key: it is written as it is; only a given text goes."""
        return self._cut(key)

    def is_secret_key(self, key: str) -> bool:
        """Whether what stands under a key goes."""
        return self.redaction.is_secret_key(key) or any(fits(key) for fits in self._keys)

    def words(self, words: list[Any]) -> list[Any]:
        """A command line."""
        shown = [self._cut(word) if type(word) is str else word for word in words]
        if all(type(word) is str for word in shown):
            shown = self.redaction.argv(shown)
        return words if shown == words else shown


def hidden_as(old: Any, new: Any) -> Any:
    """The old value with the secrets of the new one; what else is different between them stays as it was written."""
    if type(new) is dict and new.get(TAG) in (SECRET, _REDACTED):
        return old if old == new else new
    if type(old) is dict and type(new) is dict and old.keys() == new.keys():
        return _kept(old, {key: hidden_as(item, new[key]) for key, item in old.items()})
    if type(old) is list and type(new) is list and len(old) == len(new):
        return _kept(old, [hidden_as(one, other) for one, other in zip(old, new, strict=True)])
    return new if _count_hidden(new) > _count_hidden(old) else old


def _count_hidden(json: Any) -> int:
    if type(json) is dict:
        return 1 if json.get(TAG) in (SECRET, _REDACTED) else sum(map(_count_hidden, json.values()))
    return sum(map(_count_hidden, json)) if type(json) is list else 0


def _is_kept(old: Any, new: Any) -> bool:
    return all(one is other for one, other in zip(old, new, strict=True))


def _kept(old: Any, new: Any) -> Any:
    """The old list or dict where nothing in it changed, else the new one."""
    if type(old) is list:
        return old if _is_kept(old, new) else new
    same = old.keys() == new.keys() and all(part is new[name] for name, part in old.items())
    return old if same else new


def _rebuilt(json: dict[str, Any], old: list[Any], new: list[tuple[Any, Any]]) -> dict[str, Any]:
    """A section of its changed items, in the form it had."""
    if all(before[0] == after[0] and before[1] is after[1] for before, after in zip(old, new, strict=True)):
        return json
    return {**json, "v": [list(pair) for pair in new]} if TAG in json else dict(new)


def _each_once(items: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Items whose keys are told apart where cutting made two of them equal."""
    out: dict[Any, Any] = {}
    for key, value in items:
        name, number = key, 2
        while name in out:
            name, number = f"{key}{number}", number + 1
        out[name] = value
    return list(out.items())
