"""What the shell offers behind a command: click asks, ``api.completing`` answers.

A person who presses Tab wants candidates or nothing: a store that is not there, or cannot be read, is nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ..errors import GivensError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ..api.completing import Completion
    from ..journal.layout import Store

_WORDS = {
    "last": "the newest run",
    "last~": "the one so many before it: last~2",
    "max:": "the run with the greatest: max:val_acc",
    "min:": "the run with the least: min:loss",
    "best:": "the best by a metric's goal: best:loss",
    "@": "a configuration file: @base.yaml",
}


def complete_run(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """References to runs: names, ids, and the words of DESIGN §10; behind ``max:`` the names of metrics."""
    from ..api import completing

    word, colon, begun = incomplete.partition(":")
    if colon and word in ("max", "min", "best"):
        found = _asked(ctx, lambda store: completing.complete_key(store, begun, metrics=True))
        return _items([item._replace(text=f"{word}:{item.text}") for item in found])
    words = [completing.Completion(*each) for each in _WORDS.items() if each[0].startswith(incomplete)]
    return _items([*words, *_asked(ctx, lambda store: completing.complete_run(store, incomplete))])


def complete_removed(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Runs that were removed: names, and ids where one was begun or there is no name."""
    from ..api.changes.removing import removed_in
    from ..api.completing import Completion

    def answer(store: Store) -> list[Completion]:
        found = []
        for each in removed_in(store):
            if each.name and each.name.startswith(incomplete):
                found.append(Completion(each.name, f"{each.id}, removed {each.at[:10]}"))
            elif each.id.startswith(incomplete) and (incomplete or not each.name):
                found.append(Completion(each.id, f"{each.name or 'no name'}, removed {each.at[:10]}"))
        return found

    return _items(_asked(ctx, answer))


def complete_edit(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Edits that can be taken back, the newest first."""
    from ..api.changes.undoing import edits_of
    from ..api.completing import Completion

    def answer(store: Store) -> list[Completion]:
        return [
            Completion(each.id[:8], f"{each.what}, {each.at[:10]}")
            for each in reversed(edits_of(store))
            if each.id.startswith(incomplete[:8]) and each.in_effect and not each.final
        ]

    return _items(_asked(ctx, answer))


def complete_key(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of configs."""
    from ..api import completing

    return _items(_asked(ctx, lambda store: completing.complete_key(store, incomplete)))


def complete_metric(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Names of results."""
    from ..api import completing

    return _items(_asked(ctx, lambda store: completing.complete_key(store, incomplete, metrics=True)))


def complete_key_or_metric(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Keys of configs, then names of results."""
    return [*complete_key(ctx, param, incomplete), *complete_metric(ctx, param, incomplete)]


complete_filter = complete_key_or_metric


def complete_project(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Projects."""
    from ..api import completing

    return _items(_asked(ctx, lambda store: completing.complete_project(store, incomplete)))


def _asked(ctx: click.Context, answer: Callable[[Store], list[Completion]]) -> list[Completion]:
    from .options import Asked

    try:
        return answer(Asked(ctx.params.get("dir"), False).under(ctx).store())
    except (GivensError, OSError):
        return []  # on a command line that is being typed, a message would stand in the middle of it


def _items(found: list[Completion]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(item.text, help=item.help or None) for item in found]
