"""``givens setup``."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from ..api.upkeep.project_file import FILE, Written, settings_in, write_settings
from ..capture.project import project_root
from ..errors import UsageError
from ..settings import SETTINGS, TABLE, Setting
from .options import Asked, json_option
from .terminal import console, print_json, print_line, print_table, table, text

_IN_FILE = [setting for setting in SETTINGS if setting.in_file]
_KEEP = ""
_HINTS = {"flag": "yes or no", "words": "with commas between", "table": "NAME=min or NAME=max, with commas between"}


def _options(command: Any) -> Any:
    """An option for each setting of the table."""
    for setting in reversed(_IN_FILE):
        name = f"--{setting.name.replace('_', '-')}"
        doc = setting.doc
        if setting.kind == "flag":
            made = click.option(f"{name}/--no-{name[2:]}", setting.name, default=None, help=doc)
        elif setting.kind == "table":
            made = click.option(name, setting.name, multiple=True, metavar="NAME=WORD", help=f"{doc} May be repeated.")
        elif setting.kind == "words":
            made = click.option(name, setting.name, multiple=True, metavar="PATTERN", help=f"{doc} May be repeated.")
        else:
            kind = click.Choice(list(setting.choices), case_sensitive=False) if setting.choices else str
            made = click.option(name, setting.name, type=kind, metavar=None if setting.choices else "TEXT", help=doc)
        command = made(command)
    return command


@click.command("setup")
@_options
@click.option("--unset", multiple=True, metavar="SETTING", help="Take a setting out of the file; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--show", is_flag=True, help="Say what the file holds, and ask nothing.")
@click.option("--dir", metavar="FOLDER", help="The project; else the one around here.")
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    unset: tuple[str, ...],
    dry_run: bool,
    show: bool,
    dir: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """Write settings into the table [tool.givens] of the project's pyproject.toml.

    Without options it asks, one setting after another; an empty answer leaves a setting as it is. Everything else in
    the file stays as it was.

    \b
    Examples:
      givens setup --project digits --changes error
      givens setup --redact '*.licence_code' --replicate seed --ignore 'data.path'
      givens setup --metrics loss=min --metrics 'val/*=max'
      givens setup --unset changes --dry-run
      givens setup --show
    """
    asked = Asked(dir, as_json).under(ctx)
    folder = _folder(asked.dir)
    wanted = {name: _typed(name, value, folder) for name, value in given.items() if _is_given(value)}
    wanted |= dict.fromkeys(map(_known, unset))
    if not wanted and not show and sys.stdin.isatty() and not asked.as_json:
        wanted = _ask(folder)
    written = write_settings(folder, wanted, dry=dry_run)
    if asked.as_json:
        print_json({**written._asdict(), "written": written.after != written.before and not dry_run})
    else:
        _print(written, dry=dry_run)


def _folder(dir: str | None) -> str:
    if dir is not None and not os.path.isdir(dir):
        raise UsageError(f"{dir} is no folder", "name the folder of the project")
    here = os.getcwd()
    return os.path.abspath(dir) if dir is not None else project_root(here) or here


def _is_given(value: Any) -> bool:
    return value is not None and value != ()


def _typed(name: str, value: Any, folder: str) -> Any:
    """An option's value as the file has it; entries of a table are added to those that stand there."""
    if type(value) is not tuple:
        return value
    setting = next(each for each in _IN_FILE if each.name == name)
    if setting.kind != "table":
        return list(value)
    entries = _entries(setting, list(value))
    if entries is None:
        raise UsageError(
            f"--{name} {' '.join(value)}",
            f"write --{name} NAME=WORD, where WORD is one of {', '.join(setting.choices)}",
        )
    before = settings_in(folder).get(name)
    return {**(before if isinstance(before, dict) else {}), **entries}


def _entries(setting: Setting, words: list[str]) -> dict[str, str] | None:
    """``["loss=min"]`` as a table; None where one is no such entry."""
    entries = {}
    for word in words:
        name, _, choice = word.rpartition("=")
        value = setting.choices.get(choice.strip().lower())
        if not name.strip() or value is None:
            return None
        entries[name.strip()] = value
    return entries


def _known(name: str) -> str:
    setting = name.replace("-", "_")
    if setting not in {each.name for each in _IN_FILE}:
        raise UsageError(f"no setting {name!r} in {TABLE}", f"there are {', '.join(each.name for each in _IN_FILE)}")
    return setting


def _ask(folder: str) -> dict[str, Any]:
    """Ask for one setting after another, on stderr."""
    before = settings_in(folder)
    click.echo(f"Settings for {os.path.join(folder, FILE)}. Enter leaves one as it is; Ctrl-C leaves all.", err=True)
    wanted: dict[str, Any] = {}
    for setting in _IN_FILE:
        value = _answer(setting, before.get(setting.name))
        if value is not None:
            wanted[setting.name] = value
    return wanted


def _answer(setting: Setting, now: Any) -> Any:
    click.echo(f"\n{setting.doc}", err=True)
    shown = "not set" if now is None else _shown(now)
    hint = _HINTS.get(setting.kind, ", ".join(setting.choices))
    prompt = f"{setting.name} ({hint}) [{shown}]" if hint else f"{setting.name} [{shown}]"
    while True:
        said = str(click.prompt(prompt, default=_KEEP, show_default=False, err=True)).strip()
        if not said:
            return None
        value = _value(setting, said)
        if value is not None:
            return {**now, **value} if isinstance(value, dict) and isinstance(now, dict) else value
        click.echo(f"  expected {_HINTS.get(setting.kind) or setting.expected}", err=True)


def _value(setting: Setting, said: str) -> Any:
    if setting.kind in ("words", "table"):
        words = [word.strip() for word in said.split(",") if word.strip()]
        return words if setting.kind == "words" else _entries(setting, words)
    if setting.kind == "flag":
        return {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}.get(said.lower())
    return setting.choices.get(said.lower()) if setting.choices else said


def _print(written: Written, *, dry: bool) -> None:
    out = console()
    changed = [
        name
        for name in {**written.before, **written.after}
        if written.before.get(name) != written.after.get(name) or (name in written.before) != (name in written.after)
    ]
    if not changed and not written.after:
        print_line(out, f"{written.path} has no {TABLE}.")
        print_line(
            out, f"Settings: {', '.join(setting.name for setting in _IN_FILE)}; `givens setup --help` explains them."
        )
        return
    verb = "would be" if dry else "was"
    made = f" ({verb} made)" if written.made and changed else ""
    print_line(out, f"{TABLE} in {written.path}{made}" + ("" if changed else ": nothing changed" if not dry else ""))
    listed = table("", "", "")
    for name in {**written.after, **written.before}:
        value = written.after.get(name, written.before.get(name))
        gone = name not in written.after
        mark = f"{verb} taken out" if gone else ""
        if name in changed and not gone and name not in written.before:
            mark = "would be new" if dry else "new"
        elif name in changed and not gone:
            mark = f"was {_shown(written.before[name])}"
        listed.add_row(text(name), text(_shown(value), "dim" if gone else ""), text(mark, "yellow"))
    print_table(out, listed, indent=2)


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={word}" for name, word in value.items())
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
