"""Writing ``[tool.givens]`` into a project's pyproject.toml, and leaving every other byte of it as it was.

The text is edited, not written anew. What came of it is read by tomllib before it is written: where the table asked for
is not what stands there, or anything else would change, nothing is written, and the error shows the lines to put in by hand.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from ...errors import ProjectFileError
from ...settings import SETTINGS, TABLE

FILE = "pyproject.toml"
_HEAD = re.compile(r"^[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*givens[ \t]*\][ \t]*(#.*)?$")
_ANY_HEAD = re.compile(r"^[ \t]*\[\[?[^\[\]]+\]?\][ \t]*(#.*)?$")
_ASSIGNS = re.compile(r"^[ \t]*([A-Za-z0-9_-]+|\"[^\"]*\")[ \t]*=")


class Written(NamedTuple):
    """What writing settings came to.

    Args:
        path: the file.
        before: the table as it stood; empty where there was none.
        after: the table as it stands now.
        made: the file was made.
    """

    path: str
    before: dict[str, Any]
    after: dict[str, Any]
    made: bool


def settings_in(folder: str) -> dict[str, Any]:
    """The table as the file has it, whatever it holds; empty where there is none.

    Raises:
        ProjectFileError: the file is no TOML, or cannot be read.
    """
    path = os.path.join(folder, FILE)
    return dict(_table(_parsed(_read(path), path)))


def write_settings(folder: str, wanted: Mapping[str, Any], *, dry: bool = False) -> Written:
    """Set keys of ``[tool.givens]``, and take away those whose value is None.

    Args:
        folder: the project; its pyproject.toml is made where it is missing.
        wanted: setting -> value, as ``settings.SETTINGS`` takes it.
        dry: change nothing.

    Raises:
        ProjectFileError: the file cannot be read or written, is no TOML, or has the table in a form that is not edited.
    """
    path = os.path.join(folder, FILE)
    text = _read(path)
    parsed = _parsed(text, path)
    before = dict(_table(parsed))
    after = {name: value for name, value in {**before, **wanted}.items() if value is not None}
    order = [*before, *(setting.name for setting in SETTINGS)]
    after = dict(sorted(after.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)))
    if after != before:
        edited = _edited(text or "", wanted)
        try:
            understood = _parsed(edited, path)
        except ProjectFileError:
            understood = {}
        if _table(understood) != after or _rest(understood) != _rest(parsed):
            lines = "\n".join(f"  {line}" for line in [TABLE, *(_line(*item) for item in after.items())])
            raise ProjectFileError(path, f"its {TABLE} cannot be edited without risk", f"put this in by hand:\n{lines}")
        if not dry:
            _replace(path, edited)
    return Written(path, before, after, text is None)


def _read(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ProjectFileError(path, f"cannot be read: {error.strerror}", "check its permissions") from error
    except UnicodeDecodeError as error:
        raise ProjectFileError(path, f"is not UTF-8: {error}", "save it as UTF-8") from error


def _parsed(text: str | None, path: str) -> dict[str, Any]:
    import tomllib

    try:
        # tomllib takes CRLF, and no byte-order mark
        return tomllib.loads((text or "").removeprefix("\ufeff"))
    except ValueError as error:
        raise ProjectFileError(path, f"is not valid TOML: {error}", "mend it first") from error


def _table(parsed: dict[str, Any]) -> dict[str, Any]:
    tool = parsed.get("tool")
    table = tool.get("givens") if isinstance(tool, dict) else None
    return table if isinstance(table, dict) else {}


def _rest(parsed: dict[str, Any]) -> dict[str, Any]:
    tool = parsed.get("tool")
    if not isinstance(tool, dict):
        return parsed
    others = {name: value for name, value in tool.items() if name != "givens"}
    return {**{name: value for name, value in parsed.items() if name != "tool"}, **({"tool": others} if others else {})}


def _edited(text: str, wanted: Mapping[str, Any]) -> str:
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines()
    head = next((at for at, line in enumerate(lines) if _HEAD.match(line)), None)
    if head is None:
        blank = [""] if lines and lines[-1].strip() else []
        lines += [*blank, TABLE]
        head = len(lines) - 1
    last = next((at for at in range(head + 1, len(lines)) if _ANY_HEAD.match(lines[at])), len(lines))
    body = _without(lines[head + 1 : last], wanted)
    tail = []
    while body and not body[-1].strip():  # the blank lines before the next table stay there
        tail.append(body.pop())
    body += [_line(name, value) for name, value in wanted.items() if value is not None]
    return end.join([*lines[: head + 1], *body, *tail, *lines[last:]]) + end


def _without(body: list[str], wanted: Mapping[str, Any]) -> list[str]:
    """The table's lines without the assignments that are written anew, each from its name to the next one's."""
    kept: list[str] = []
    dropping = False
    for line in body:
        found = _ASSIGNS.match(line)
        if found:
            dropping = found[1].strip('"') in wanted
        elif not line.strip() or line.lstrip().startswith("#"):
            dropping = False
        if not dropping:
            kept.append(line)
    return kept


def _line(name: str, value: Any) -> str:
    return f"{name} = {_literal(value)}"


def _literal(value: Any) -> str:
    import json

    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(name)} = {_literal(item)}' for name, item in value.items())}}}"
    # a JSON string is a TOML string, but for DEL
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F") if isinstance(value, str) else str(value)


def _replace(path: str, text: str) -> None:
    """Write a new file beside the old, and put it in its place: a full disk leaves the old one."""
    target = os.path.realpath(path)  # a link stays a link
    beside = f"{target}.{os.getpid()}.new"
    try:
        mode = os.stat(target).st_mode & 0o7777 if os.path.exists(target) else None
        with open(beside, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        if mode is not None:
            os.chmod(beside, mode)
        os.replace(beside, target)
    except (OSError, UnicodeEncodeError) as error:
        if os.path.exists(beside):
            os.unlink(beside)
        problem = error.strerror if isinstance(error, OSError) else str(error)
        raise ProjectFileError(path, f"cannot be written: {problem}", "check the value, and the folder") from error
