"""What is a secret, and hiding it: in values by their keys, in texts by their form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..keys import Path, format_path
from .forms import hide_forms, may_hold_credential
from .key_rules import holds_secret, spelling

SHORTEST_SECRET = 8  #: characters; what is shorter under a secret key is no secret worth the name

_HIDDEN = "***"
_MANY_KEYS = 20_000
_MANY_SECRETS = 256


def is_marker_text(value: str) -> bool:
    """Whether a text is a mark such as ``<|endoftext|>`` or ``[MASK]``, which no secret looks like."""
    return len(value) <= 40 and (value[0], value[-1]) in (("<", ">"), ("[", "]"))


class Redaction:
    """What is a secret.

    Args:
        patterns: further keys, as fnmatch patterns without regard to case; one with a dot in it fits whole key paths as
            well (``*.cookie``); one that begins with ``!`` names keys that are none, and wins.
        key_file: the file with the key of the hashes; None is the one in the user's configuration folder.
    """

    __slots__ = (
        *("_allowed", "_allowed_paths", "_hash", "_key_file", "_refused", "_refused_paths", "_secrets", "_verdicts"),
        "given_away",
    )

    def __init__(self, patterns: Sequence[str] = (), key_file: str | None = None) -> None:
        self._allowed = [pattern_matcher(pattern[1:]) for pattern in patterns if pattern.startswith("!")]
        self._refused = [pattern_matcher(pattern) for pattern in patterns if not pattern.startswith("!")]
        dotted = [pattern for pattern in patterns if "." in pattern]  # they fit whole paths as well
        self._allowed_paths = [pattern_matcher(pattern[1:]) for pattern in dotted if pattern.startswith("!")]
        self._refused_paths = [pattern_matcher(pattern) for pattern in dotted if not pattern.startswith("!")]
        self._key_file = key_file
        self._hash: Callable[[bytes], str] | None = None
        self._verdicts: dict[str, bool] = {}
        self._secrets: dict[str, None] = {}  # secrets met so far, in order, to find them in texts
        #: texts that only their neighbours made secrets (``["--token", "…"]``): in a list, or under ``value``, they stay
        #: secret when they are moved away from them
        self.given_away: set[str] = set()

    def anew(self) -> Redaction:
        """The same rules, with no secret met yet."""
        made = type(self).__new__(type(self))
        for name in Redaction.__slots__:
            setattr(made, name, getattr(self, name))
        made._secrets, made.given_away = {}, set()
        return made

    @property
    def met(self) -> tuple[str, ...]:
        """The secrets met so far."""
        return tuple(self._secrets)

    def is_secret_key(self, key: str) -> bool:
        """Whether a str under this key is a secret (from 8 characters on)."""
        verdict = self._verdicts.get(key)
        if verdict is None:
            if len(self._verdicts) >= _MANY_KEYS:
                self._verdicts.clear()
            verdict = self._verdicts[key] = self._judge(key)
        return verdict

    def _judge(self, key: str) -> bool:
        if self.is_allowed_key(key):
            return False
        name = spelling(key)
        return self.is_refused_key(key) or holds_secret(name)

    def is_refused_key(self, key: str) -> bool:
        """Whether a pattern says that this key holds a secret."""
        return any(fits(key) or fits(spelling(key)) for fits in self._refused)

    def is_allowed_key(self, key: str) -> bool:
        """Whether a pattern with ``!`` says that this key holds no secret."""
        return any(fits(key) or fits(spelling(key)) for fits in self._allowed)

    def is_secret_path(self, path: Path) -> bool:
        """Whether a str at this path is a secret: its key, or one above it, says so, and no pattern allows it."""
        verdicts = self._verdicts
        for part in path:
            if type(part) is str:
                verdict = verdicts.get(part)
                if self.is_secret_key(part) if verdict is None else verdict:
                    return not self._is_allowed_path(path)
        return bool(self._refused_paths) and _fits_path(self._refused_paths, path) and not self._is_allowed_path(path)

    def _is_allowed_path(self, path: Path) -> bool:
        if self._allowed and any(type(part) is str and self.is_allowed_key(part) for part in path):
            return True
        return bool(self._allowed_paths) and _fits_path(self._allowed_paths, path)

    def names_secret(self, pair: dict[Any, Any]) -> bool:
        """Whether ``{"name": …, "value": …}`` names a secret."""
        for member in ("name", "key", "variable"):
            name = dict.get(pair, member)
            if type(name) is str and self.is_secret_key(name):
                return True
        return False

    def takes_secret(self, flag: str) -> bool:
        """Whether the value after a command line's flag is a secret."""
        return flag.startswith("-") and "=" not in flag and self._is_secret_name(flag.lstrip("-"))

    def _is_secret_name(self, name: str) -> bool:
        # of a.b.api_key, and of token.hf: as in nested keys
        return any(self.is_secret_key(part) for part in (name, *name.split(".")) if part)

    def value(self, value: str, *, flag: bool = False) -> str:
        """A config's text with the secrets hidden that its form shows; the same object when there are none.

        Args:
            value: the text.
            flag: it stands in a list, where ``--api-key=…`` and ``API_KEY=…`` are parts of a command line.
        """
        shown = value
        if "://" in value or (flag and "=" in value):
            from .hiding import hide_in_urls, hide_in_word

            shown = hide_in_urls(value, self._is_secret_name)
            if flag:
                shown = hide_in_word(shown, self._is_secret_name, SHORTEST_SECRET)
        if may_hold_credential(shown):
            shown = hide_forms(shown)
        return value if shown == value else shown

    def text(self, text: str) -> str:
        """Any text (a message, a help text, a git remote, a traceback) with its secrets hidden as ``***``."""
        from .hiding import hide_in_text

        for secret in list(self._secrets):
            if secret in text:
                text = text.replace(secret, _HIDDEN)
        return hide_in_text(text, self._is_secret_name)

    def argv(self, argv: Sequence[str]) -> list[str]:
        """A command line with its secrets hidden."""
        from .hiding import hide_in_word

        shown: list[str] = []
        hide_next = False
        for word in argv:
            if hide_next and not (word.startswith("--") and len(word) > 2):
                shown.append(_HIDDEN)
                hide_next = False
                continue
            hide_next = self.takes_secret(word)
            hidden = hide_in_word(word, self._is_secret_name)
            shown.append(self.text(word) if hidden == word else hidden)
        return shown

    def secret_id(self, value: str | bytes) -> str:
        """The keyed hash of a secret: equal secrets have equal ids, and nothing can be guessed from one."""
        if self._hash is None:
            from .secret import keyed_hash

            self._hash = keyed_hash(self._key_file)
        return self._hash(value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value)

    def remember(self, secret: str, *, given_away: bool = False) -> None:
        """Hide this text wherever it turns up in a text from now on.

        Args:
            secret: the text.
            given_away: only what stands beside it says that it is one.
        """
        if len(secret) >= SHORTEST_SECRET and secret not in self._secrets:
            while len(self._secrets) >= _MANY_SECRETS:
                oldest = next(iter(self._secrets))
                self._secrets.pop(oldest, None)
                self.given_away.discard(oldest)
            self._secrets[secret] = None
        if given_away and secret in self._secrets:
            self.given_away.add(secret)


def pattern_matcher(pattern: str) -> Callable[[str], bool]:
    """Whether a name fits an fnmatch pattern, without regard to case."""
    import re
    from fnmatch import translate

    fits = re.compile(translate(pattern), re.IGNORECASE).match
    return lambda key: fits(key) is not None


def _fits_path(matchers: list[Callable[[str], bool]], path: Path) -> bool:
    """Whether a pattern fits a path, or that of a section or list around it."""
    names = [format_path(path[:end]) for end in range(len(path), 1, -1)]
    return any(fits(name) for name in names for fits in matchers)
