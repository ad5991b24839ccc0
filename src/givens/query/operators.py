"""The one table of what a filter can say. It feeds parser, SQL, evaluator, the sentence in words, and help."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, NamedTuple


class Comparison(NamedTuple):
    """How an operand is held against a literal.

    Args:
        symbol: how it stands in a tree, and (``contains`` and ``within`` aside) in the text.
        words: between the operand and the value in a sentence.
        time_words: the same between a time and a period, where it differs.
        flipped: the comparison with the value first and the key second.
        negates: of which comparison it is the opposite, for operands that are there.
        holds: an ordering, of two numbers or two texts.
        example: a filter that uses it.
        help: what it means, in a line.
    """

    symbol: str
    words: str
    example: str
    help: str
    time_words: str = ""
    flipped: str = ""
    negates: str = ""
    holds: Callable[[Any, Any], bool] | None = None


COMPARISONS: dict[str, Comparison] = {
    each.symbol: each
    for each in (
        Comparison(
            "==",
            "is",
            "config.lr == 0.1",
            "equal in value and kind: 2 and 2.0 are, 1 and True, 128 and '128', None and nothing are not",
            time_words="falls in",
            flipped="==",
        ),
        Comparison(
            "!=",
            "is not",
            "config.optimizer != 'adam'",
            "there, and not equal",
            time_words="does not fall in",
            flipped="!=",
            negates="==",
        ),
        Comparison(
            "<",
            "is less than",
            "config.lr < 1e-3",
            "numbers with numbers, text with text",
            time_words="is before",
            flipped=">",
            holds=operator.lt,
        ),
        Comparison(
            "<=",
            "is at most",
            "config.lr <= 1e-3",
            "numbers with numbers, text with text",
            time_words="is not after",
            flipped=">=",
            holds=operator.le,
        ),
        Comparison(
            ">",
            "is more than",
            "max(val_acc) > 0.9",
            "numbers with numbers, text with text",
            time_words="is after",
            flipped="<",
            holds=operator.gt,
        ),
        Comparison(
            ">=",
            "is at least",
            "run.created >= '2026-03'",
            "numbers with numbers, text with text",
            time_words="is not before",
            flipped="<=",
            holds=operator.ge,
        ),
        Comparison(
            "in", "is one of", "config.model.name in ['vit', 'resnet']", "equal to one of a list", flipped="contains"
        ),
        Comparison(
            "not in",
            "is none of",
            "config.seed not in [0, 1]",
            "there, and equal to none",
            flipped="not contains",
            negates="in",
        ),
        Comparison(
            "contains", "contains", "'vit' in config.model.name", "text inside a text; an element of a list; a tag"
        ),
        Comparison(
            "not contains", "does not contain", "'debug' not in tags", "there, and not holding it", negates="contains"
        ),
        Comparison("within", "is in", "run.created in '2026-03'", "a time in a year, month, day …, in local time"),
        Comparison(
            "not within", "is not in", "run.created not in 'today'", "a known time outside of it", negates="within"
        ),
        Comparison(
            "matches",
            "matches",
            "matches(run.name, 'calm-*')",
            "a text that fits a pattern of * (any), ? (one) and [abc] (one of); case counts",
        ),
    )
}


class Function(NamedTuple):
    """A function of the language.

    Args:
        name: as written.
        takes: what stands in the parentheses.
        words: the sentence, with ``{}`` for the operand.
        help: what it gives.
        example: a filter that uses it.
    """

    name: str
    takes: str
    words: str
    help: str
    example: str


FUNCTIONS: dict[str, Function] = {
    each.name: each
    for each in (
        Function("exists", "a key", "{} exists", "the key is there, be it None or a section", "exists(config.debug)"),
        Function("missing", "a key", "{} is missing", "the key is not there at all", "missing(config.debug)"),
        Function(
            "changed",
            "a config key",
            "{} changed after the config had settled",
            "set, deleted or altered after the first log",
            "changed(config.lr)",
        ),
        Function(
            "origin",
            "a config key",
            "the origin of {}",
            "where the value came from: argparse, file, code …",
            "origin(config.lr) == 'argparse'",
        ),
        Function(
            "matches", "a key, a pattern", "{} matches", "the text fits the pattern", "matches(run.name, 'calm-*')"
        ),
        Function("max", "a metric", "the highest {}", "the greatest finite number logged", "max(val_acc) > 0.9"),
        Function("min", "a metric", "the lowest {}", "the least finite number logged", "min(loss) < 0.1"),
        Function("last", "a metric", "the last {}", "the same as summary.NAME", "last(loss) < 0.1"),
    )
}

REDUCTIONS = ("max", "min")  #: functions that give a ``Metric``; ``last`` reads as the summary
PROBES = ("exists", "missing", "changed")  #: functions that are tests by themselves

TEXT, CHOICE, TIME, DURATION, FLAG, LABELS, NUMBER = "text", "choice", "time", "duration", "flag", "labels", "number"


class Field(NamedTuple):
    """Something known of a run: ``run.NAME``.

    Args:
        name: after ``run.``.
        kind: what its values are; decides what it can be compared with.
        column: where the index has it: an SQL expression over the row of ``run``, fixed here. Empty: made elsewhere.
        help: what it is.
    """

    name: str
    kind: str
    column: str
    help: str


RUN_FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        Field("id", TEXT, "run.id", "the run's id"),
        Field("name", TEXT, "run.name", "its name; its id where it has none"),
        Field("project", TEXT, "run.project", "the project it belongs to"),
        Field("group", TEXT, "run.run_group", "the group it belongs to"),
        Field("job_type", TEXT, "run.job_type", "what kind of job it was"),
        Field("state", CHOICE, "", "running, finished, failed or lost"),
        Field("created", TIME, "run.created_s", "when it began"),
        Field("duration", DURATION, "", "how long it took, or takes so far"),
        Field("user", TEXT, "run.user_name", "who ran it"),
        Field("host", TEXT, "run.host", "the machine it ran on"),
        Field("tags", LABELS, "", "its tags"),
        Field("notes", TEXT, "run.notes", "its notes"),
        Field("git.commit", TEXT, "run.git_commit", "the commit of the code"),
        Field("git.branch", TEXT, "run.git_branch", "the branch of the code"),
        Field(
            "git.dirty", FLAG, "(SELECT dirty FROM env WHERE env.env = run.env)", "whether the code differed from it"
        ),
        Field("command", TEXT, "run.command", "its command line"),
        Field(
            "exit_code",
            NUMBER,
            "run.exit_code",
            "its exit code; None where nobody saw it, as of a script that came to its end",
        ),
        Field("fingerprint", TEXT, "run.fingerprint", "the hash of its config's values"),
    )
}

#: values of ``run.state``
STATES = ("running", "finished", "failed", "lost")

#: field kind -> the comparisons it takes
_ORDERED = ("==", "!=", "<", "<=", ">", ">=")
ALLOWED: dict[str, tuple[str, ...]] = {
    TEXT: (*_ORDERED, "in", "not in", "contains", "not contains", "matches"),
    CHOICE: ("==", "!=", "in", "not in", "matches"),
    TIME: (*_ORDERED, "within", "not within"),
    DURATION: _ORDERED,
    FLAG: ("==", "!="),
    LABELS: ("contains", "not contains", "matches"),
    NUMBER: (*_ORDERED, "in", "not in"),
}


def help_lines() -> list[tuple[str, str]]:
    """The language as (example, meaning), in the order of the tables: for ``--help`` and the documentation."""
    lines = [(each.example, each.help) for each in COMPARISONS.values()]
    lines += [(each.example, each.help) for each in FUNCTIONS.values() if each.name != "matches"]
    return lines + [(f"run.{each.name}", each.help) for each in RUN_FIELDS.values()]
