"""Printing: tables that fit, colours where they are wanted, and nothing from a journal that a terminal would obey."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..api.stored.elsewhere import Unseen, is_silent
from ..codec import Redaction
from ..codec.jsontext import one_shot
from ..configs.explanation import one_line
from ..errors import FilterSyntaxError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

_UNBOUNDED = 100_000  # columns; a pipe has no edge
_WHOLE = 1 << 24  # characters of a value where nothing is cut
_ALIGNED = 60  # where nothing is cut, a wider cell moves what stands behind it instead of every other row
_NARROWEST = 20
_LEAST = 6  # below, a column that may be cut says nothing
_GAP = 2
_LONG = 200  # items, from which on each of them is a line of JSON
STATE_STYLES = {"finished": "green", "running": "cyan", "failed": "red", "lost": "magenta"}


def console() -> Console:
    """Standard output. Rich itself heeds NO_COLOR, FORCE_COLOR, TERM and COLUMNS; a pipe is not cut at 80 columns."""
    from rich.console import Console

    class Piped(Console):
        """Leaves it to the caller how a broken pipe ends."""

        def on_broken_pipe(self) -> None:
            raise  # the BrokenPipeError that is being handled

    bounded = sys.stdout.isatty() or "COLUMNS" in os.environ
    return Piped(highlight=False, markup=False, emoji=False, width=None if bounded else _UNBOUNDED)


def is_whole(out: Console) -> bool:
    """Whether nothing is cut: a pipe has no edge."""
    return out.width >= _UNBOUNDED


def value_width(out: Console, width: int) -> int:
    """How many characters of a value are shown: so many, or all."""
    return _WHOLE if is_whole(out) else width


def text(value: object, style: str = "") -> Text:
    """Text as a cell: never read as markup, control characters shown."""
    from rich.text import Text

    return Text(one_line(value), style=style)


def table(*heads: str, right: tuple[int, ...] = ()) -> Table:
    """A plain table without lines; cells are cut, not wrapped. Columns in ``right`` are set to the right."""
    from rich.table import Table

    made = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), show_header=any(heads), header_style="bold")
    for at, head in enumerate(heads):
        made.add_column(text(head), no_wrap=True, overflow="ellipsis", justify="right" if at in right else "left")
    return made


def print_table(out: Console, made: Table, indent: int = 0) -> None:
    """Print a table without blanks at the ends of its lines; where it is too wide, the widest cells are cut."""
    right = [column.justify == "right" for column in made.columns]
    heads = [_plain(column.header)[0] for column in made.columns]
    rows = [
        [_plain(cell) for cell in row] for row in zip(*(list(column.cells) for column in made.columns), strict=True)
    ]
    lines = [[(head, "bold") for head in heads]] if made.show_header else []
    print_lines(out, [*lines, *rows], right, indent)


def print_lines(
    out: Console,
    rows: list[list[tuple[str, str]]],
    right: list[bool],
    indent: int = 0,
    keep: frozenset[int] = frozenset(),
) -> None:
    """Print aligned lines of (text, style), cut to the terminal. Rich takes seconds for ten thousand; this does not.

    Args:
        out: where to.
        rows: the cells.
        right: for each column whether it stands at the right edge.
        indent: blanks before each line.
        keep: columns that are cut only where nothing else can be.
    """
    if not rows:
        return
    room = max(out.width - indent, _NARROWEST)
    whole = is_whole(out)
    widths = [max(width_of(row[at][0]) for row in rows) for at in range(len(right))]
    room -= _GAP * (len(widths) - 1)
    widths = [min(width, _ALIGNED) for width in widths] if whole else fitted(widths, room, keep)
    inked = Ink(out)
    written = []
    for row in rows:
        line, behind = " " * indent, ""
        for (cell, style), width, to_right in zip(row, widths, right, strict=True):
            shown = cell if whole else cut(cell, width)
            blank = " " * (width - width_of(shown))
            if shown:
                line += behind + (blank if to_right else "") + inked(shown, style)
                behind = " " * _GAP + ("" if to_right else blank)
            else:
                behind += " " * (width + _GAP)
        written.append(line.rstrip())
    write_out("\n".join(written) + "\n")


class Ink:
    """Colours texts as a console would, without its layout."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._around: dict[str, tuple[str, str]] = {"": ("", "")}

    def __call__(self, text: str, style: str) -> str:
        if style not in self._around:
            with self._out.capture() as taken:
                self._out.print("x", style=style, end="", soft_wrap=True)
            before, _, after = taken.get().partition("x")
            self._around[style] = before, after
        before, after = self._around[style]
        return f"{before}{text}{after}"


def width_of(text: str) -> int:
    """How many places a terminal gives a text."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)


def cut(text: str, width: int) -> str:
    """Text in at most ``width`` places; what is cut off is an ellipsis."""
    if width_of(text) <= width:
        return text
    while width_of(text) > width - 1:
        text = text[: width - 1] if text.isascii() else text[:-1]
    return f"{text}…" if width > 0 else ""


def write_out(text: str) -> None:
    """Write to standard output what is made up already."""
    sys.stdout.write(text)


def write_exact(text: str) -> None:
    """Write what another program is to read: exact in a file or a pipe; on a terminal, nothing that it would obey."""
    if sys.stdout.isatty():
        text = "\n".join(one_line(line.replace("\t", " " * 8)) for line in text.split("\n"))
    sys.stdout.write(text)


def write_content(text: str) -> None:
    """Write what a file held, as ``write_exact`` does; bytes that are no UTF-8 stay what they are."""
    if sys.stdout.isatty():
        write_exact(text)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


def _plain(cell: object) -> tuple[str, str]:
    from rich.text import Text

    if isinstance(cell, Text):
        style = str(cell.style) or next((str(span.style) for span in cell.spans), "")
        return cell.plain, style
    return str(cell), ""


def fitted(widths: list[int], room: int, keep: frozenset[int] = frozenset()) -> list[int]:
    """Column widths that fit into ``room`` characters: the widest are cut first, the first column and those kept last."""
    widths = list(widths)
    while sum(widths) > room:
        others = [at for at in range(len(widths)) if at not in keep and widths[at] > _LEAST] if keep else []
        widest = max(others or range(len(widths)), key=lambda at: (widths[at] // (2 if at == 0 else 1), at))
        if widths[widest] <= 1:
            break
        widths[widest] -= 1
    return widths


def print_line(out: Console, *parts: object) -> None:
    """Print one line of strings and Texts; it may be wider than the terminal."""
    from rich.text import Text

    row = Text()
    for part in parts:
        row.append_text(part if isinstance(part, Text) else text(part))
    out.print(row, soft_wrap=True)


def print_json(shape: Any) -> None:
    """Print JSON for other programs: indented, ASCII only, so that it survives any pipe.

    In a member with very many items each is one line: the encoder that indents is ten times slower.
    """
    import json

    flat = one_shot(json.JSONEncoder(ensure_ascii=True, allow_nan=False, check_circular=False))

    def member(value: Any) -> str:
        if isinstance(value, list) and len(value) > _LONG:
            return "[\n    " + ",\n    ".join(map(flat, value)) + "\n  ]"
        if isinstance(value, dict) and len(value) > _LONG:
            return "{\n    " + ",\n    ".join(f"{flat(name)}: {flat(item)}" for name, item in value.items()) + "\n  }"
        return json.dumps(value, indent=2, ensure_ascii=True, allow_nan=False).replace("\n", "\n  ")

    if isinstance(shape, dict) and shape:
        lines = ",\n  ".join(f"{flat(name)}: {member(value)}" for name, value in shape.items())
        write_out(f"{{\n  {lines}\n}}\n")
    else:
        write_out(json.dumps(shape, indent=2, ensure_ascii=True, allow_nan=False) + "\n")


def complain(problem: object, below: Iterable[str] = ()) -> None:
    """One line on stderr; where a place in a filter is meant, the filter and a caret below it.

    Args:
        problem: what to say.
        below: lines of their own.
    """
    message = Redaction().text(str(problem))
    if isinstance(problem, FilterSyntaxError):
        message, *below = message.split("\n")
    sys.stderr.write(f"givens: {one_line(' '.join(message.splitlines()))}\n")
    sys.stderr.writelines(f"{one_line(line.expandtabs(1))}\n" for line in below)


def use_any_encoding() -> None:
    """Let what the terminal's encoding lacks be printed as an escape instead of ending in an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def silence(seconds: float) -> str:
    """How long a run has been silent, in one unit: ``7 h``."""
    for unit_s, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= unit_s:
            return f"{int(seconds // unit_s)} {unit}"
    return f"{int(seconds)} s"


def state_words(run: Unseen, queue: Mapping[str, str] = MappingProxyType({})) -> str:
    """A run's state, with how long it has been silent where its process cannot be seen from here.

    Args:
        run: the run.
        queue: what Slurm's queue says of jobs.
    """
    if run.silent_s is None or not is_silent(run):
        return run.state
    told = f", job {run.job} {queue[run.job]}" if run.job is not None and run.job in queue else ""
    return f"running, silent {silence(run.silent_s)}{told}"
