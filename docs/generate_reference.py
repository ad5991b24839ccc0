"""Writes docs/reference/ from the tables, docstrings and signatures in the code.

``python docs/generate_reference.py`` writes; tests/docs/test_reference_current.py fails when a page would change.
"""

from __future__ import annotations

import builtins
import inspect
import re
import sys
import textwrap
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import Path, PurePosixPath
from types import SimpleNamespace
from typing import Any

TOP = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TOP / "src"))

import givens  # noqa: E402
from givens import errors  # noqa: E402
from givens.api import STATES  # noqa: E402
from givens.cli.root import COMMANDS, EXIT_CODES, group  # noqa: E402
from givens.codec import Redaction, dumps, encode  # noqa: E402
from givens.codec.forms import FORMS  # noqa: E402
from givens.codec.key_rules import RULES  # noqa: E402
from givens.codec.kinds import FAMILIES, MAX_DEPTH  # noqa: E402
from givens.records import edits, events, origin  # noqa: E402
from givens.settings import SETTINGS  # noqa: E402
from givens.sources import SOURCES  # noqa: E402

FOLDER = TOP / "docs" / "reference"
NOTE = "<!-- Written by docs/generate_reference.py: change the code, then `make docs`. -->\n"


def row(*cells: object) -> str:
    """A line of a Markdown table."""
    return "| " + " | ".join(str(cell).replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    heads = list(heads)
    return "\n".join([row(*heads), row(*("---" for _ in heads)), *(row(*cells) for cells in rows)])


def code(text: object) -> str:
    """Text as code, also where it holds backticks."""
    return f"`` {text} ``" if "`" in str(text) else f"`{text}`"


# --- settings, sources, origins, events ---------------------------------------------------------------------------


def settings() -> str:
    """The page of settings."""
    rows = []
    for setting in SETTINGS:
        values = ", ".join(code(word) for word in setting.choices) if setting.choices else setting.expected
        default = "-" if setting.default in (None, ()) else code(str(setting.default).lower())
        variable = code(setting.variable) if setting.variable else "-"
        rows.append((variable, code(setting.name) if setting.in_file else "-", values, default, setting.doc))
    heads = ("variable", "key in `[tool.givens]`", "values", "default", "what it is for")
    return f"""# Settings

Each setting is a variable of the environment, a key of the table `[tool.givens]` in the project's `pyproject.toml`, or either;
the variable wins. The project is the nearest folder upward that has a `pyproject.toml` or a `.git`. An argument of `givens.init`
wins over both.

{table(heads, rows)}

An empty variable is one that is not set. A flag takes `1`, `true`, `yes`, `on` and `0`, `false`, `no`, `off`. `~` at the start of a
path is the home folder.

A setting that cannot be used never stops a program: the default holds, and one warning names all that was wrong. That goes for
names as well: `GIVENS_PROJCET` is a warning that asks whether `GIVENS_PROJECT` was meant.

```toml
[tool.givens]
project = "digits"
changes = "error"
redact = ["*.licence_code"]
ignore = ["*.path", "output_dir"]
replicate = ["seed"]
```

`GIVENS_CONFIG__train__lr=0.1` is no setting: it puts `0.1` into a run's config, at `train.lr`.
"""


def sources() -> str:
    """The page of sources and origins."""
    shown = table(("source", "takes", "origin of its values"), SOURCES)
    kinds = table(("kind", "means"), ((code(kind), meaning) for kind, meaning in origin.KINDS.items()))
    return f"""# Sources and origins

What `givens.init(config=...)`, `config.update(...)`, `config.setdefaults(...)` and `givens.merge(config, ...)` take. A library is
never imported to look: if it is not loaded, the object cannot be one of its.

{shown}

## Kinds of origins

Every value has an origin, in the journal, in `givens explain` and in `change.origin`.

{kinds}

An origin has the fields {", ".join(map(code, origin.Origin._fields))}; those that say nothing are None in Python, and absent in the
journal. Paths of files are relative to the project where the file lies inside it.
"""


def journal_events() -> str:
    """The page of the journal's events."""
    rows = ((code(kind), members) for kind, members in events.KINDS.items())
    verbs = table(("verb", "holds besides, and does"), ((code(verb), text) for verb, text in edits.VERBS.items()))
    states = table(("state", "means"), STATES.items()) if isinstance(STATES, dict) else ", ".join(map(code, STATES))
    return f"""# Events of a journal

Format {events.FORMAT}. One JSON object a line. Every event has `k` its kind, `n` its number in this file, `t` the time in UTC, `dt` seconds
since the writer began (by a clock that never goes back), and as its last member `c`, the CRC-32 of the bytes before `,"c":`. A path
is a JSON list: a string for a key, a number for a place in a list, a list of one number for an int key.
[Journal format](../explanation/journal-format.md) shows real lines.

{table(("kind", "members beside the common ones"), rows)}

A reader keeps what it does not know: unknown kinds are passed over and named, unknown members ignored.

## Steps of an edit

An `edit` lists runs, and the steps for them. A step is a JSON list that begins with its verb. Edits are laid over a run in the order of
`t`, writer and `n`, after everything that its own journals say; one that is undone is not.

{verbs}

## States of a run

{states}
"""


# --- values -------------------------------------------------------------------------------------------------------


class Colour(Enum):
    """An enum for an example."""

    RED = 1


def _array() -> Any:
    import numpy as np

    return np.arange(3, dtype=np.int16)


def _scalar() -> Any:
    import numpy as np

    return np.float32(0.1)


#: how a value is written in Python -> it. Values that the stdlib's JSON has are left out.
EXAMPLES: dict[str, Callable[[], Any]] = {
    "2.0": lambda: 2.0,
    "float('nan')": lambda: float("nan"),
    "float('-inf')": lambda: float("-inf"),
    "(1, 2)": lambda: (1, 2),
    "{1, 2}": lambda: {1, 2},
    "frozenset({1, 2})": lambda: frozenset({1, 2}),
    "{2.5: 'a', None: 'b'}": lambda: {2.5: "a", None: "b"},
    "b'\\xff'": lambda: b"\xff",
    "1 + 2j": lambda: 1 + 2j,
    "range(10)": lambda: range(10),
    "slice(1, None)": lambda: slice(1, None),
    "Decimal('0.10')": lambda: Decimal("0.10"),
    "Fraction(1, 3)": lambda: Fraction(1, 3),
    "Path('data')": lambda: PurePosixPath("data"),
    "date(2026, 11, 23)": lambda: date(2026, 11, 23),
    "datetime(2026, 11, 23, 9, tzinfo=UTC)": lambda: datetime(2026, 11, 23, 9, tzinfo=UTC),
    "timedelta(hours=2)": lambda: timedelta(hours=2),
    "SimpleNamespace(a=1)": lambda: SimpleNamespace(a=1),
    "Colour.RED": lambda: Colour.RED,
    "math.sqrt": lambda: __import__("math").sqrt,
    "'\\ud800'": lambda: "\ud800",
    "np.float32(0.1)": _scalar,
    "np.arange(3, dtype='int16')": _array,
}


def _encoded(value: Any) -> str:
    text = dumps(encode(value, ("key",), Redaction()).json)
    return text.replace(f'"{__name__}.', '"__main__.')


def values() -> str:
    """The page of values on disk."""
    rows = ((code(text), code(_encoded(make()))) for text, make in EXAMPLES.items())
    tags = ((code(family.module), ", ".join(code(tag) for tag in family.tags)) for family in FAMILIES)
    rules = (("secret" if rule.secret else "none", rule.why, _rule(rule)) for rule in RULES)
    return f"""# Values on disk

None, bool, int, finite float, str, list and dict stand as JSON has them, and a float keeps its point. Everything else is tagged with
`"~"`, and comes back as what it was. What cannot be kept exactly is marked as lossy, in the journal and at the end of the run.

{table(("given", "on disk"), rows)}

* A dict with string and int keys is a section, which is stored by the paths of its leaves; other keys make the mapping one leaf.
* An int beyond 4,000 digits is written in hex. A value over 64 KiB goes to `blobs/`, named by its SHA-256.
* Enums, functions and classes come back as stand-ins that know their names: reading a store never imports what it names.
* An object of an unknown class is stored by its fields, marked as lossy, never with a memory address. There is no pickle.
* Containers may nest {MAX_DEPTH} deep; a cycle is an error that names the path.
* Tensors, dtypes and devices of torch, JAX and TensorFlow, pandas' values, and numbers with units of pint and astropy come back as
  stand-ins, equal to what they stand for, with their dtype, shape, elements (`.numpy()`, `.tolist()`), text or unit.

## Tags

Which file of `src/givens/codec/` writes and reads which tags:

{table(("file", "tags"), tags)}

## Which keys hold secrets

The first rule that fits a key decides, after the patterns of the setting `redact`. `apiKey`, `API-KEY` and `api_key` are one spelling. A
string of 8 characters or more under such a key is never written. [Secrets](../howto/secrets.md) has the whole story.

{table(("holds a secret?", "what it is", "keys"), (("yes" if kind == "secret" else "no", why, text) for kind, why, text in rules))}

## Credentials that are known by their form

Wherever they stand, and under any key; what fits the pattern is hidden.

{table(("what it is", "pattern"), ((form.what, code(form.pattern)) for form in FORMS))}
"""


def _rule(rule: Any) -> str:
    parts = []
    for field, said in (
        ("alone", "the key itself"),
        ("first", "first word"),
        ("before", "last word but one"),
        ("last", "last word"),
    ):
        words = getattr(rule, field)
        if words is not None:
            parts.append(f"{said}: {' '.join(sorted(words))}")
    return "; ".join(parts)


# --- Python -------------------------------------------------------------------------------------------------------

_SECTION = re.compile(r"^(Args|Returns|Raises|Attributes|Yields):$")


def docstring(obj: object) -> str:
    """A docstring in Markdown: its sections become lists."""
    lines = (inspect.getdoc(obj) or "").splitlines()
    out: list[str] = []
    inside = ""
    for line in lines:
        section = _SECTION.match(line)
        if section:
            inside = section[1]
            out += [f"*{inside}*", ""]
        elif inside and line.startswith("    ") and not line.startswith("     "):
            name, colon, rest = line.strip().partition(": ")
            named = colon and re.fullmatch(r"[\w, *]+", name)
            names = ", ".join(code(bit) for bit in name.split(", "))
            out.append(f"- {names}: {rest}" if named else f"- {line.strip()}")
        elif inside and line.strip():
            out[-1] += " " + line.strip()
        else:
            out.append(line)
    return "\n".join(out).replace("``", "`").rstrip()


class _Bare(str):
    """An annotation that is written as it stands in the code, without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _signature(obj: Any) -> inspect.Signature:
    given = inspect.signature(obj)
    kept = [
        parameter.replace(annotation=_bare(parameter.annotation))
        for parameter in given.parameters.values()
        if parameter.name not in ("self", "cls")
    ]
    return given.replace(parameters=kept, return_annotation=_bare(given.return_annotation))


def _bare(annotation: Any) -> Any:
    return _Bare(annotation) if isinstance(annotation, str) else annotation


def signature(name: str, obj: Any) -> str:
    """How something is called, one argument a line where it is long."""
    text = f"{name}{_signature(obj)}"
    if len(text) <= 100:
        return text
    inner = ",\n".join(f"    {bit}" for bit in _arguments(_signature(obj)))
    return f"{name}(\n{inner},\n{text[text.rindex(')') :]}"


def _arguments(given: inspect.Signature) -> list[str]:
    out = []
    starred = False
    for parameter in given.parameters.values():
        if parameter.kind is parameter.VAR_POSITIONAL:
            starred = True
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            out.append("*")
            starred = True
        out.append(str(parameter))
    return out


_GROUPS = (
    ("A run", ("init", "log", "finish", "define_metric", "parse_args", "run", "config", "summary")),
    (
        "A configuration",
        ("explain", "history", "flatten", "merge", "freeze", "fingerprint", "on_change", "cast", "Secret"),
    ),
    ("Reading what is stored", ("open", "diff", "runs", "importance", "duplicates", "nearest", "show")),
    ("Changing what is stored", ("edit", "edit_runs", "undo_edit", "remove_runs", "restore_runs")),
    (
        "Classes",
        ("Config", "Section", "TrackedList", "Run", "StoredRun", "RunTable", "KeyPath", "GivensError", "GivensWarning"),
    ),
)
_HANDLES = {
    "run": "The current run, or None.",
    "config": "The configuration of the current run, from anywhere, at any time: before `init()` it collects what the next run takes up; "
    "after `finish()` it reads the last one. `from givens import config` works at the top of a module.",
    "summary": "The results of the current run, as `run.summary`.",
}


def python() -> str:
    """The page of public names."""
    listed = {name for _, names in _GROUPS for name in names}
    rest = tuple(name for name in givens.__all__ if name not in listed)
    groups = (*_GROUPS, ("More", rest)) if rest else _GROUPS
    parts = ["# Python\n\nEverything that `import givens` offers. Nothing is imported before it is used.\n"]
    for title, names in groups:
        parts.append(f"## {title}\n")
        parts += [_entry(name) for name in names if name in givens.__all__]
    return "\n".join(parts)


def _entry(name: str) -> str:
    if name in _HANDLES:
        return f"### givens.{name}\n\n{_HANDLES[name]}\n"
    obj = getattr(givens, name)
    if not inspect.isclass(obj):
        return f"### givens.{name}\n\n```text\n{signature('givens.' + name, obj)}\n```\n\n{docstring(obj)}\n"
    if obj.__name__ != name:
        return f"### givens.{name}\n\nThe same class as `givens.{obj.__name__}`.\n"
    if issubclass(obj, BaseException):
        return f"### givens.{name}\n\n{docstring(obj)} See [errors](errors.md).\n"
    return f"### givens.{name}\n\n{docstring(obj)}\n\n{_members(obj)}\n"


def _members(cls: type) -> str:
    rows, inherited = [], []
    for name, member in vars(cls).items():
        if name.startswith("_") or not inspect.getdoc(member):
            continue
        # the methods of a Config are properties around the functions, so that no key can hide them
        inner = getattr(getattr(member, "fget", None), "__self__", getattr(member, "__func__", member))
        if inspect.isfunction(inner):
            rows.append((code(_one_line(name, inner)), _first(inner)))
        elif isinstance(member, property) and inspect.isfunction(member.fget):
            rows.append((code(name), _first(member)))
        else:
            inherited.append(name)
    text = table(("member", "what it is"), rows) if rows else ""
    return text + (f"\n\nAs of any dict: {', '.join(map(code, sorted(inherited)))}." if inherited else "")


def _one_line(name: str, function: Any) -> str:
    return f"{name}({', '.join(_arguments(_signature(function)))})".replace(", /)", ")")


def _first(obj: object) -> str:
    return " ".join((inspect.getdoc(obj) or "").split("\n\n")[0].split()).replace("``", "`")


# --- errors -------------------------------------------------------------------------------------------------------


def error_page() -> str:
    """The page of errors and warnings."""
    classes = [cls for cls in vars(errors).values() if inspect.isclass(cls) and _is_own(cls)]
    raised = [_error_row(cls) for cls in classes if issubclass(cls, errors.GivensError)]
    warned = [(code(cls.__name__), _first(cls)) for cls in classes if issubclass(cls, errors.GivensWarning)]
    return f"""# Errors and warnings

Every error is a `givens.GivensError` and the builtin that you would catch anyway. `str(error)` says what, where, and what to do; the
attributes say it to a program. Only a mistake in what you gave raises; a record that cannot be written warns, and the script goes on
(unless `strict` is set). The classes are in `givens.errors`.

{table(("error", "is also a", "when", "attributes"), raised)}

## Warnings

Each is a `givens.GivensWarning`. `python -W error` does not turn one into an exception: it is printed instead, since a record must never
stop a run.

{table(("warning", "when"), warned)}
"""


def _is_own(cls: type) -> bool:
    return cls.__module__.startswith(errors.__name__)


def _error_row(cls: type) -> tuple[str, str, str, str]:
    own = [base.__name__ for base in cls.__bases__ if base.__name__ in vars(builtins) and base is not Exception]
    near = [base.__name__ for base in cls.__bases__ if _is_own(base) and base is not errors.GivensError]
    init = vars(cls).get("__init__")
    attributes = list(inspect.signature(init).parameters)[1:] if init else []
    also = ", ".join(map(code, near + own)) or "-"
    return code(cls.__name__), also, _first(cls), ", ".join(map(code, attributes)) or "-"


# --- command line -------------------------------------------------------------------------------------------------


def cli() -> str:
    """The page of commands."""
    import click

    parts = [
        "# Command line\n",
        table(("command", "does"), ((code("givens " + name), text) for name, text in COMMANDS.items())) + "\n",
        "`givens` alone says what the store here holds, and what to do next. Every command has `-h` and `--help`.\n",
    ]
    top = click.Context(group, info_name="givens")
    for name in COMMANDS:
        command = group.get_command(top, name)
        assert command is not None
        ctx = click.Context(command, info_name=name, parent=top)
        usage = " ".join(command.get_usage(ctx).removeprefix("Usage: ").split())
        about, _, examples = (command.help or "").partition("\b\n")
        options = [_option(option) for option in command.params if isinstance(option, click.Option)]
        words = re.sub(r"[ \t]*\n[ \t]*", "\n", about).strip()
        parts += [f"## givens {name}\n", f"```text\n{usage}\n```\n", words + "\n"]
        if examples:
            lines = textwrap.dedent("\n".join(examples.splitlines()[1:])).strip()
            parts.append(f"```text\n{lines}\n```\n")
        parts.append(table(("option", "does"), options) + "\n")
    parts.append("## Exit codes\n")
    parts.append(table(("code", "when"), ((number, text) for number, text in EXIT_CODES.items())) + "\n")
    return "\n".join(parts)


def _option(option: Any) -> tuple[str, str]:
    names = ", ".join([*option.opts, *option.secondary_opts])
    if not option.is_flag:
        names += f" {option.metavar or option.type.name.split()[0].upper()}"
    return code(names), (option.help or "") + (f" Default: {option.default}." if option.show_default else "")


# --- filters ------------------------------------------------------------------------------------------------------


def filters() -> str:
    """The page of the filter language."""
    from givens.query import evaluator, parser, sorting
    from givens.query.moments import EXPECTED_DURATION, EXPECTED_TIME
    from givens.query.operators import ALLOWED, COMPARISONS, FUNCTIONS, RUN_FIELDS

    grammar = textwrap.dedent((parser.__doc__ or "").split("::\n\n")[1].rsplit("\n\n", 1)[0]).strip("\n")
    meaning = (evaluator.__doc__ or "").split("\n\n", 1)[1].replace("``", "`").strip()
    order = (sorting.__doc__ or "").split("\n\n", 1)[1].replace("``", "`").strip()
    written = {"contains": "in", "not contains": "not in", "within": "in", "not within": "not in"}
    comparisons = [
        (code(each.example), each.help, f"key {each.words} value")
        for each in COMPARISONS.values()
        if each.symbol != "matches"
    ]
    functions = [(code(each.example), each.help) for each in FUNCTIONS.values()]
    fields = [
        (
            code(f"run.{each.name}"),
            each.help,
            ", ".join(
                code(word)
                for word in dict.fromkeys(
                    "matches()" if symbol == "matches" else written.get(symbol, symbol) for symbol in ALLOWED[each.kind]
                )
            ),
        )
        for each in RUN_FIELDS.values()
    ]
    return f"""# Filters

A filter says which runs: `givens ls 'config.lr < 1e-3 and max(val_acc) > 0.9'`, `givens.runs("...")`, and wherever a command takes
`FILTER`. It reads like Python and is never run as such: it becomes a tree, and the tree a query with every value bound. A mistake is
a `FilterSyntaxError` with a caret under the place and a suggestion; a key that no run has is named, with the nearest that some have.

On a command line, `lr=0.1 model.name=vit` is short for the equalities, so that no quotes are needed; the value is typed as YAML 1.2
types it (`0.1` a number, `true` a bool, `null` None, `vit` and `"0.1"` text, `[1, 2]` a list).

## Keys

| written | means |
| --- | --- |
| `config.model.depth` | a key of the config; sections, and keys below them |
| `summary.val_acc` | a result: the last value that was logged or put into the summary |
| `lr`, `eval/loss` | the config's key where the run has it, else the result. `/` and `-` are letters: there is no arithmetic |
| `config.layers[0].dim` | inside a list |
| `config.labels{{0}}` | an int key of a mapping |
| `config."a.b".c` | a key with a dot or other special characters, in double quotes; `"config".x` is a key that is called config |
| `run.name`, `tags` | something known of the run itself: the fields below |

## Comparisons

{table(("example", "means", "in words"), comparisons)}

`0.1 < config.lr <= 1` is both comparisons. A key is compared with a value, never with another key. Values are numbers (`1e-3`,
`1_000`, `0x10`), text in single or double quotes, `None`, `True`, `False`, `nan`, `inf`, and lists of those. `is` is `==`.

## Functions

{table(("example", "means"), functions)}

## Fields of a run

{table(("field", "is", "takes"), fields)}

Each but `run.state` also takes `is None`, for what is not known. Times: {EXPECTED_TIME.removeprefix("write ")}; also
`yesterday`, `this week`, `this month`, `this year`, `now`, hours alone (`2026-03-01 14`) and offsets (`2026-03-01T14:30Z`).
Durations: {EXPECTED_DURATION.removeprefix("write ")}.

## Grammar

```text
{grammar}
```

`not` binds more than `and`, `and` more than `or`. Parentheses and lists nest up to {parser.MAX_DEPTH} levels.

## What exactly holds

{meaning}

## Sort keys

{order}
"""


PAGES: dict[str, Callable[[], str]] = {
    "settings.md": settings,
    "sources.md": sources,
    "events.md": journal_events,
    "values.md": values,
    "python.md": python,
    "errors.md": error_page,
    "cli.md": cli,
    "filters.md": filters,
}


def page(name: str) -> str:
    """What a page of the reference has to be."""
    return f"{NOTE}\n{PAGES[name]().strip()}\n"


def main() -> None:
    """Write every page that is not current."""
    FOLDER.mkdir(exist_ok=True)
    for name in PAGES:
        path = FOLDER / name
        text = page(name)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"docs/reference/{name} written")


if __name__ == "__main__":
    main()
