"""Options that every command has, those of every command that prints a table, and what was asked with them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NamedTuple

import click

from ..api.stored.opening import find_store
from ..capture.project import project_root
from ..journal.layout import Store, store_above


class Asked(NamedTuple):
    """What the options that every command has said; ``givens --json ls`` is ``givens ls --json``."""

    dir: str | None
    as_json: bool

    def under(self, ctx: click.Context) -> Asked:
        """These, with what was said before the command's name where nothing was said after it."""
        before = ctx.obj if isinstance(ctx.obj, Asked) else Asked(None, False)
        return Asked(self.dir if self.dir is not None else before.dir, self.as_json or before.as_json)

    @property
    def folder(self) -> str:
        """Where to look for a store. The folder that givens is installed in says nothing, unlike a script's."""
        here = os.getcwd()
        return self.dir or os.environ.get("GIVENS_DIR") or store_above(here) or project_root(here) or here

    def store(self) -> Store:
        """The store to read.

        Raises:
            StoreError: there is none.
        """
        found = find_store(self.folder)
        ctx = click.get_current_context(silent=True)
        if ctx is not None:
            ctx.meta[_STORE] = found
        return found


_STORE = "givens.store"


def store_asked(ctx: click.Context) -> Store | None:
    """The store that a command has read; None when it has read none."""
    found = ctx.meta.get(_STORE)
    return found if isinstance(found, Store) else None


def dir_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--dir``."""
    return click.option(
        "--dir", metavar="FOLDER", help="The folder whose .givens to read; else the nearest one upward from here."
    )(command)


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON; values keep their types.")(command)


#: format -> what its option says
FORMATS: dict[str, str] = {
    "json": "Print JSON; values keep their types.",
    "csv": "Print comma-separated values, whole and exact.",
    "md": "Print a Markdown table.",
    "latex": "Print a LaTeX table (booktabs), with the filter and the run ids in a comment.",
}


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--json``, ``--csv``, ``--md`` and ``--latex``: the parameter ``form`` is one of ``FORMATS``, or None for a person."""
    for name, help in reversed(FORMATS.items()):
        option = click.option(
            f"--{name}", f"form_{name}", is_flag=True, expose_value=False, callback=_one_form, help=help
        )
        command = option(command)
    return command


def _one_form(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """Keep which format was asked for.

    Raises:
        click.UsageError: it is the second.
    """
    before = ctx.params.setdefault("form", None)
    if value and not ctx.resilient_parsing:
        said = ctx.obj.as_json if isinstance(ctx.obj, Asked) else False
        name = str(param.name).removeprefix("form_")
        other = before or ("json" if said and name != "json" else None)
        if other:
            raise click.UsageError(f"--{other} and --{name} are two formats: give one of them", ctx)
        ctx.params["form"] = name


def no_table(ctx: click.Context, form: str | None, listing: str) -> None:
    """What is printed is no table: only JSON can be asked of it.

    Args:
        ctx: the command's.
        form: the format that was asked for.
        listing: the command line that prints the command's table.

    Raises:
        click.UsageError: a table was asked for.
    """
    if form not in (None, "json"):
        raise click.UsageError(f"--{form} is for a table: `{listing}` prints one", ctx)
