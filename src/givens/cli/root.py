"""The command ``givens`` itself: which commands there are, and how each of them ends."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from ..errors import EditRequestError, FilterAsRunError, FilterSyntaxError, GivensError, UsageError, suggestion
from .options import Asked, dir_option, json_option, store_asked
from .terminal import complain, use_any_encoding

#: command -> one line for the overview; the command itself is in the file of its name
COMMANDS: dict[str, str] = {
    "ls": "List the runs, the newest at the bottom.",
    "show": "Show one run: what it was given, from where, and what came of it.",
    "explain": "Explain one value of a run: where it came from, what it replaced.",
    "history": "Show what changed in a run, or the course of a metric.",
    "diff": "Compare runs and configuration files, key by key.",
    "keys": "List every key: kinds, counts, ranges, where it usually comes from.",
    "group": "Put runs with equal values together: mean, spread and best of a result.",
    "pivot": "Show the mean of a result by two keys.",
    "importance": "Say which keys explain a result.",
    "duplicates": "List runs that were given the same, or nearly so.",
    "export": "Write runs to a file: one HTML page, CSV, Markdown, LaTeX, JSON.",
    "run": "Run a command with values that win over the script's own.",
    "pack": "Put the journals of runs that are over into few compressed files.",
    "pull": "Bring runs from another machine or folder.",
    "edit": "Change keys of stored runs; shown first, audited, reversible.",
    "tag": "Tag runs, or take tags away.",
    "note": "Write the notes of a run.",
    "rm": "Remove runs; their files go to the trash.",
    "restore": "Bring removed runs back.",
    "undo": "Take an edit or a removal back.",
    "snapshots": "List and remove the copies of code that `givens run --snapshot` made.",
    "scrub": "Take secrets out of runs that were written before a rule knew them.",
    "rerun": "Run a stored run again, and say what came out different.",
    "command": "Print what a run was given, in a form to give it again.",
    "ui": "Serve the page: runs, compared, grouped, plotted; live while they run.",
    "doctor": "Say what is installed, where things lie, what is pending, what is damaged.",
    "setup": "Write settings into the project's pyproject.toml.",
}

#: exit code -> when
EXIT_CODES: dict[int, str] = {
    0: "it was done",
    1: "it could not be done: no such run, no store, a file that cannot be read; doctor: something is damaged",
    2: "the command line is wrong, or a filter in it",
    130: "interrupted by Ctrl-C",
    141: "whoever read the output went away (as in `givens ls | head`)",
}

_COMPLETION = "_GIVENS_COMPLETE"  # what a shell's completion sets

EPILOG = "\b\nExit codes:\n" + "\n".join(f"  {code:<4} {when}" for code, when in EXIT_CODES.items())


class Commands(click.Group):
    """A group that imports a command's file only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f".{cmd_name}", __package__).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in COMMANDS:
            guess = suggestion(args[0], COMMANDS) or f"; there are {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command {args[0]!r}{guess}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The overview, from the table."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


def _print_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from .. import __version__

        click.echo(f"givens {__version__}")
        ctx.exit()


@click.group(
    cls=Commands,
    invoke_without_command=True,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
@dir_option
@json_option
@click.pass_context
def group(ctx: click.Context, dir: str | None, as_json: bool) -> None:
    """What every run of your scripts was given, where each value came from, and what changed.

    \b
    Examples:
      givens ls                       the newest runs
      givens show last                everything about the newest one
      givens explain last model.lr    where a value came from
      givens diff last calm-otter     what differs
    """
    ctx.obj = Asked(dir, as_json)
    if ctx.invoked_subcommand is None:
        from .welcome import welcome

        welcome(ctx.obj)


#: commands that read a whole store, and leave it tidier than they found it
READING = frozenset(("ls", "keys", "group", "pivot", "importance", "duplicates", "export"))


def _tidy(ctx: click.Context) -> None:
    """Pack where very many journals lie loose, once what was asked for has been printed."""
    store = store_asked(ctx)
    if ctx.invoked_subcommand in READING and store is not None:
        from ..api.upkeep.packing import pack_when_many

        packed = pack_when_many(store)
        if packed is not None and packed.runs:
            complain(f"packed {packed.runs} runs that are over (`givens pack --help` says what that means)")


def run(args: list[str]) -> int:
    """Run one command line, and give its exit code; errors are one line on stderr."""
    use_any_encoding()
    if args[:1] == ["help"]:
        args = [*args[1:2], "--help"]
    if _COMPLETION in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, "givens", _COMPLETION, os.environ[_COMPLETION])
    try:
        # not group.main(): that has its own way with a broken pipe
        with group.make_context("givens", args) as ctx:
            group.invoke(ctx)
            sys.stdout.flush()
            _tidy(ctx)
    except click.exceptions.Exit as exit:
        return exit.exit_code
    except click.UsageError as error:
        path = error.ctx.command_path if error.ctx else "givens"
        complain(f"{error.format_message()} (`{path} --help` shows how)")
        return 2
    except click.ClickException as error:
        complain(error.format_message())
        return 1
    except (UsageError, FilterSyntaxError, EditRequestError) as error:
        complain(error)
        return 2
    except FilterAsRunError as error:
        complain(error.for_command_line())
        return 1
    except GivensError as error:
        complain(error)
        return 1
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # what is still in the buffer would raise again when the interpreter ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0
