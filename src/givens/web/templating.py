"""Templates: everything that comes from a run is text in them, whatever it holds."""

from __future__ import annotations

import os
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ..configs.explanation import local_time, shown_value
from ..keys import format_path
from ..records.change import MISSING
from ..records.durations import duration_text
from .editions import address_of_file, modules_for

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "templates")


def environment() -> Environment:
    """The templates, with the words they may use."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["shown"] = shown_value
    made.filters["path"] = format_path
    made.filters["when"] = local_time
    made.filters["lasted"] = duration_text
    made.filters["counted"] = counted
    made.globals["address_of_file"] = address_of_file
    made.globals["modules_for"] = modules_for
    made.tests["missing"] = lambda value: value is MISSING
    return made


def visible(value: Any) -> Any:
    """Text as it may stand in a page: what cannot be seen, or turns the line round, is written out; line breaks stay."""
    if isinstance(value, Markup) or not isinstance(value, str) or value.isprintable():
        return value
    return "".join(
        letter
        if letter.isprintable() or letter == "\n"
        else "    "
        if letter == "\t"
        else letter.encode("unicode_escape", "backslashreplace").decode("ascii")
        for letter in value
    )


def counted(count: int, one: str, many: str = "") -> str:
    """``1 run``, ``2 runs``, ``100,000 runs``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
