"""wandb's filters, which have MongoDB's form, as text of our own language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ..errors import KeyPathError, NotSupportedError
from ..keys import KeyPath, format_path

#: comparison -> ours
_COMPARISONS = {"$eq": "==", "$ne": "!=", "$gt": ">", "$gte": ">=", "$lt": "<", "$lte": "<="}
#: wandb's field -> ours
_FIELDS = {
    "name": "run.id",
    "displayName": "run.name",
    "display_name": "run.name",
    "state": "run.state",
    "group": "run.group",
    "jobType": "run.job_type",
    "job_type": "run.job_type",
    "username": "run.user",
    "createdAt": "run.created",
    "created_at": "run.created",
    "host": "run.host",
    "tags": "tags",
}
#: wandb's states -> ours
_STATES = {"crashed": "lost", "killed": "failed", "preempted": "lost"}
_INSTEAD = 'ask in givens\' own words: givens.runs("config.lr < 0.01 and max(val_acc) > 0.9")'


def as_filter(filters: Mapping[str, Any] | None) -> str:
    """The same question in our words; the empty text for no filter.

    Args:
        filters: such as ``{"config.lr": {"$lt": 0.01}, "$or": [{"state": "finished"}, {"tags": "best"}]}``.

    Raises:
        NotSupportedError: an operator or a form that our language has no word for.
    """
    return " and ".join(_conditions(filters or {}))


def _conditions(filters: Any) -> Iterator[str]:
    if not isinstance(filters, Mapping):
        raise NotSupportedError(f"filters of type {type(filters).__name__}", _INSTEAD)
    for key, wanted in filters.items():
        if key in ("$and", "$or"):
            parts = [as_filter(part) for part in wanted]
            if parts and all(parts):
                yield "(" + f" {key[1:]} ".join(f"({part})" for part in parts) + ")"
        elif key == "$not":
            yield f"not ({as_filter(wanted)})"
        elif key == "$nor":
            yield from (f"not ({as_filter(part)})" for part in wanted)
        elif str(key).startswith("$"):
            raise NotSupportedError(f"the filter {key}", _INSTEAD)
        else:
            yield from _of_field(str(key), wanted)


def _of_field(key: str, wanted: Any) -> Iterator[str]:
    field = _field(key)
    tests = wanted if isinstance(wanted, Mapping) else {"$eq": wanted}
    for operator, value in tests.items():
        if operator == "$not":
            yield f"not ({' and '.join(_of_field(key, value))})"
        elif operator == "$exists":
            yield f"{'exists' if value else 'missing'}({field})"
        elif operator in ("$in", "$nin"):
            listed = [_literal(field, each) for each in value]
            text = f"{field} in [{', '.join(listed)}]"
            if field == "tags":
                text = "(" + " or ".join(f"{each} in tags" for each in listed) + ")"
            yield text if operator == "$in" else f"not ({text})"
        elif operator == "$regex":
            yield f"matches({field}, {_literal(field, _as_pattern(str(value)))})"
        elif operator not in _COMPARISONS:
            raise NotSupportedError(f"the filter {operator}", _INSTEAD)
        elif field == "tags":
            yield f"{'not ' if operator == '$ne' else ''}({_literal(field, value)} in tags)"
        elif value is None and operator in ("$eq", "$ne"):  # MongoDB's null is also what is not there
            absent = f"missing({field}) or {field} is None" if field.startswith("config.") else f"missing({field})"
            yield f"({absent})" if operator == "$eq" else f"not ({absent})"
        elif operator == "$ne":  # what has no such key is something else, too
            yield f"not ({field} == {_literal(field, value)})"
        else:
            yield f"{field} {_COMPARISONS[operator]} {_literal(field, value)}"


def _as_pattern(regex: str) -> str:
    """A regular expression of plain text, ``.``, ``.*``, ``.+``, ``^`` and ``$`` as a pattern of ``matches()``.

    Raises:
        NotSupportedError: it says more than that.
    """
    inner = regex.removeprefix("^")
    ends = inner.endswith("$") and not inner.endswith(r"\$")
    pattern = "" if regex.startswith("^") else "*"
    for found in re.finditer(
        r"\\(?P<escaped>\W)|(?P<any>\.[*+]?)|(?P<other>.)", inner.removesuffix("$") if ends else inner
    ):
        if found["any"]:
            pattern += {".": "?", ".*": "*", ".+": "?*"}[found["any"]]
        elif found["escaped"] or found["other"] not in "\\*+?()[]{}|^$":
            plain = found["escaped"] or found["other"]
            pattern += f"[{plain}]" if plain in "*?[" else plain
        else:
            raise NotSupportedError(f"the filter $regex with {regex!r}", 'matches(run.name, "calm-*") takes * and ?')
    return pattern + ("" if ends else "*")


def _field(key: str) -> str:
    if key in _FIELDS:
        return _FIELDS[key]
    for theirs, ours in (("config.", "config."), ("summary_metrics.", "summary."), ("summary.", "summary.")):
        if key.startswith(theirs):
            rest = key.removeprefix(theirs)
            # config.lr.value is how older versions of wandb wrote it
            rest = rest.removesuffix(".value") if theirs == "config." else rest
            return ours + _path(rest)
    raise NotSupportedError(f"the filter field {key!r}", _INSTEAD)


def _path(text: str) -> str:
    try:
        return format_path(KeyPath.parse(text))
    except KeyPathError:
        return format_path((text,))


def _literal(field: str, value: Any) -> str:
    if field == "run.state" and isinstance(value, str):
        value = _STATES.get(value, value)
    if isinstance(value, bool) or value is None:
        return str(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | float):
        return repr(value)
    raise NotSupportedError(f"a filter on a value of type {type(value).__name__}", _INSTEAD)
