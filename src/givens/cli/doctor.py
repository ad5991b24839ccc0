"""``givens doctor``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import click

from ..api.doctor import Place, Report, examine
from ..api.upkeep.packing import REASONS
from ..capture.project import project_root
from ..configs.explanation import local_time
from ..errors import StoreError, install_hint
from .amounts import counted, size_text
from .options import Asked, dir_option, json_option
from .progress import progress
from .terminal import console, print_json, print_line, text

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH = 14
_MANY_DAMAGED = 20
_MANY_KEYS = 8
DAMAGED = 1


@click.command("doctor")
@click.option(
    "--quick", is_flag=True, help="Leave out what reads all of the store: damage, secrets, what can be packed."
)
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, quick: bool, dir: str | None, as_json: bool) -> None:
    """Say what is installed, where things lie, what is pending, and what is damaged.

    Reads every journal, pack and large value of the store, and checks each line. Nothing is repaired or removed: what
    is damaged is left out by every command, and named here.

    Exit code: 0 when all is well, 1 when something is damaged, cannot be used, or is set wrongly.

    \b
    Examples:
      givens doctor
      givens doctor --quick
      givens doctor --json | jq '.checked.damage[].place'
    """
    asked = Asked(dir, as_json).under(ctx)
    no_store = None
    try:
        store = asked.store()
    except StoreError as error:
        store, no_store = None, str(error)
    with progress("looking through the store") as told:
        report = examine(store, project_root(asked.folder), quick=quick, no_store=no_store, progress=told)
    if asked.as_json:
        print_json({**_plain(report), "is_well": report.is_well})
    else:
        _print(report)
    if not report.is_well:
        ctx.exit(DAMAGED)


def _plain(value: Any) -> Any:
    """Records as JSON objects, all the way down."""
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: _plain(part) for name, part in zip(value._fields, value, strict=True)}
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, tuple | list) else value


def _print(report: Report) -> None:
    out = console()
    _rows(out, "installed", _installed(report))
    _rows(out, "store", _store(report))
    _rows(out, "index", _index(report))
    _rows(out, "pending", _pending(report))
    _rows(out, "secrets", _secrets(report))
    _rows(out, "scrubbed", _scrubbed(report))
    _rows(out, "settings", _settings(report))
    _rows(out, "damaged", _damaged(report), style="" if report.is_well else "red")
    print_line(out, text("all is well", "green") if report.is_well else text("something is wrong, see above", "red"))


def _rows(out: Console, head: str, rows: Iterable[str], style: str = "") -> None:
    for number, row in enumerate(rows):
        print_line(out, text(("" if number else head).ljust(_WIDTH), "bold"), text(row, style))


def _installed(report: Report) -> Iterable[str]:
    yield f"givens {report.version}, Python {report.python}"
    there = [f"{each.package} {each.version}" for each in report.packages if each.version is not None]
    yield ", ".join(there)
    for each in report.packages:
        if each.version is None:
            yield f"not installed: {each.package}, for {each.purpose} ({install_hint(each.package, each.extra)})"


def _store(report: Report) -> Iterable[str]:
    if report.store is None or report.content is None:
        yield report.no_store or "none here"
        return
    yield _place(report.store)
    content = report.content
    packs = f"{counted(content.packs, 'pack')} of {size_text(content.packs_bytes)}"
    blobs = f"{counted(content.blobs, 'large value')} of {size_text(content.blobs_bytes)}"
    yield f"{counted(content.loose, 'loose journal')}, {packs}, {blobs}"
    yield f"{counted(content.surroundings, 'file')} of surroundings, {counted(content.edits, 'file')} of edits"


def _place(place: Place) -> str:
    kind = f"{place.kind}, " if place.kind else ""
    local = "local" if place.local else "remote"
    return f"{place.path} ({kind}{local}{'' if place.writable else ', not writable'})"


def _index(report: Report) -> Iterable[str]:
    if report.index_problem is not None:
        yield report.index_problem
    elif report.indexed is not None:
        yield _place(report.indexed.place)
        standing = "complete" if report.indexed.complete else f"{report.indexed.percent} % of the store"
        runs = ", ".join(f"{number} {state}" for state, number in report.indexed.states.items()) or "no runs"
        yield f"{size_text(report.indexed.size_bytes)}, {standing}: {runs}"


def _pending(report: Report) -> Iterable[str]:
    if report.pending is None:
        return
    pending = report.pending
    if pending.runs or pending.journals:
        by_itself = "; reading commands do it by themselves" if report.many_loose else ""
        yield f"{counted(pending.runs, 'run')} can be packed (`givens pack`){by_itself}"
    else:
        yield "nothing to pack"
    if pending.cleared:
        yield f"{counted(pending.cleared, 'loose file')} that a pack holds already (`givens pack` removes them)"
    for reason, number in pending.kept.items():
        yield f"{counted(number, 'run')} not to be packed: {REASONS[reason]}"


def _secrets(report: Report) -> Iterable[str]:
    if report.checked is None:
        return
    secrets = report.checked.secrets
    if not secrets:
        yield "none were left out"
        return
    listed = ", ".join(f"{key} ({counted(number, 'run')})" for key, number in list(secrets.items())[:_MANY_KEYS])
    more = f" and {len(secrets) - _MANY_KEYS} more" if len(secrets) > _MANY_KEYS else ""
    yield f"left out: {listed}{more}"
    yield f'if one is none, say so before the next run: [tool.givens] redact = ["!{next(iter(secrets))}"]'


def _scrubbed(report: Report) -> Iterable[str]:
    if report.scrubbed is None:
        return
    scrubbed = report.scrubbed
    times = "once" if scrubbed.commands == 1 else f"{scrubbed.commands} times"
    yield f"{times}, last {local_time(scrubbed.last_at)[:16]}; `givens undo --list` says what"
    yield "copies of the store made before hold it still: backups, other machines, a commit in git"
    if scrubbed.files:
        yield f"{counted(scrubbed.files, 'file')} of an old copy came back with it, unseen: `givens scrub` cleans them"
    yield from scrubbed.left


def _settings(report: Report) -> Iterable[str]:
    for each in report.settings:
        yield f"{each.name} = {each.value!r} ({each.said_in})"
    if not report.settings:
        yield "as they are by default"
    yield from report.settings_problems


def _damaged(report: Report) -> Iterable[str]:
    if report.checked is None:
        return
    damage = report.checked.damage
    for each in damage[:_MANY_DAMAGED]:
        yield f"{each.place}: {each.problem} ({each.advice})"
    if len(damage) > _MANY_DAMAGED:
        yield f"and {len(damage) - _MANY_DAMAGED} more (--json has all)"
    if not damage:
        yield f"nothing in {counted(report.checked.runs, 'run')}"
    for newer in report.checked.newer:
        yield f"journals of format {newer}, newer than this givens: what it added is not shown"
