"""Hiding secrets in texts by their form. The patterns are compiled when a text is first looked at.

Bounds on all lengths keep every search linear.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from .forms import hide_forms
from .key_rules import spelling

HIDDEN = "***"

_KEY = r"[A-Za-z_][\w.\-]{0,80}"
# user:password@ after a scheme, up to the last "@" of the word: passwords with "/" or "@" in them are against the
# rules and met all the same, and it is better to hide a host than to show half a password. A port is no password.
_USER_INFO = re.compile(r"""(?<=://)([^\s/?\#:"'<>]{0,256}):(?!\d{1,5}(?:[/?\#\s]|\Z))(?:(?!://)[^\s"'<>]){1,1024}@""")
# a token in place of the user's name, as in git remotes; short names are names
_USER_TOKEN = re.compile(r"""(https?://)[^\s/?\#:@"'<>]{20,1024}@""")
_QUERY = re.compile(r"""(?<=[?&;])([\w.\-]{1,80})=([^\s&\#;"'<>]{1,4096})""")
# a key, what stands between, and a value
_ASSIGNED = re.compile(
    rf"""(?<![\w\-.])(?P<key>-{{0,2}}{_KEY})(?P<between>["']?\]?\s{{0,3}}(?P<sign>[=!]=|=>|=|:)\s{{0,3}})"""
    r"""(?P<value>(?P<quoted>[bBrRuUfF]{0,2}(?:"(?:[^"\\]|\\.){0,4096}"|'(?:[^'\\]|\\.){0,4096}'|["'][^\s"']{0,4096}))"""
    r"""|[^\s,;&"'()\[\]{}<>]{1,4096})""",
    re.DOTALL,
)
_FLAG = re.compile(
    r"""(?<![\w\-])(--?[A-Za-z][\w.\-]{0,80})(\s{1,3})("[^"]{0,4096}"|'[^']{0,4096}'|[^\s\-]\S{0,4096})"""
)
_BEARER = re.compile(r"""\b([Bb]earer\s{1,3})[A-Za-z0-9._~+/=\-]{12,4096}""")
_HEADER = re.compile(r"""(?i)\b((?:proxy-)?authorization["']?\s{0,3}[:=]\s{0,3}["']?\w{1,20}\s{1,3})[^\s"']{4,4096}""")
_LISTED = re.compile(rf"-{{0,2}}\+?({_KEY})=(?=.)", re.DOTALL)
_NO_SECRETS = frozenset(("none", "null", "true", "false", "…"))

Judge = Callable[[str], bool]


def hide_in_text(text: str, is_secret: Judge) -> str:
    """Any text with its secrets as ``***``.

    Args:
        text: the text.
        is_secret: whether a key, or flag's name, holds a secret.
    """
    text = hide_in_urls(text, is_secret)
    if "uthorization" in text:
        text = _HEADER.sub(rf"\1{HIDDEN}", text)
    if "earer" in text:
        text = _BEARER.sub(rf"\1{HIDDEN}", text)
    if "=" in text or ":" in text:
        text = _hide_assigned(text, is_secret)
    if "-" in text:
        text = _FLAG.sub(lambda match: _flag(match, is_secret), text)
    return hide_forms(text)


def hide_named(text: str, is_secret: Judge) -> str:
    """Any text with what stands beside a secret's name as ``***``; what only its form gives away stays."""
    if "=" in text and "://" in text:
        text = _QUERY.sub(lambda match: f"{match[1]}={HIDDEN}" if is_secret(match[1]) else match[0], text)
    if "=" in text or ":" in text:
        text = _hide_assigned(text, is_secret)
    return _FLAG.sub(lambda match: _flag(match, is_secret), text) if "-" in text else text


def hide_in_urls(text: str, is_secret: Judge) -> str:
    """Passwords in URLs' user-info, and secrets in their queries."""
    if "://" not in text:
        return text
    if "@" in text:
        text = _USER_INFO.sub(rf"\1:{HIDDEN}@", text)
        text = _USER_TOKEN.sub(rf"\1{HIDDEN}@", text)
    if "=" in text:
        text = _QUERY.sub(lambda match: f"{match[1]}={HIDDEN}" if is_secret(match[1]) else match[0], text)
    return text


def hide_in_word(word: str, is_secret: Judge, shortest: int = 1) -> str:
    """A word of a command line or environment: ``--api-key=…``, ``API_KEY=…``, ``model.token=…``."""
    match = _LISTED.match(word)
    if match and len(word) - match.end() >= shortest and is_secret(match[1]):
        return word[: match.end()] + HIDDEN
    return word


def _hide_assigned(text: str, is_secret: Judge) -> str:
    out: list[str] = []
    done = at = 0
    while match := _ASSIGNED.search(text, at):
        # on to the value, not past it: in "config: token=x" it holds the next key
        at = match.end("between")
        name = match["key"].strip("-")
        if is_secret(name) and _worth_hiding(name, match):
            whole = match["quoted"] or ""
            quote = whole.lstrip("bBrRuUfF")[:1]
            closing = quote if whole.count(quote) > 1 and whole.endswith(quote) else ""
            out += (text[done:at], whole[: whole.find(quote)] if quote else "", quote, HIDDEN, closing)
            done = at = match.end("value")
    return "".join(out) + text[done:] if out else text


def _worth_hiding(name: str, match: re.Match[str]) -> bool:
    value = match["value"]
    if match["quoted"]:
        return len(value) > 2
    if value.lower() in _NO_SECRETS or HIDDEN in value:
        return False
    if match["sign"] in ("=", "==", "!="):
        return True
    # after a colon stands prose as often as a value: "--token: the token"
    return len(value) >= 8 and (spelling(name) != "token" or not value.isalpha())


def _flag(match: re.Match[str], is_secret: Judge) -> str:
    name, value = match[1].lstrip("-"), match[3]
    if not is_secret(name) or (value.isupper() and spelling(name).endswith(spelling(value))):  # "--api-key KEY", a help
        return match[0]
    return f"{match[1]}{match[2]}{HIDDEN}"
