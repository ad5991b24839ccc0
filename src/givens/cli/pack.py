"""``givens pack``."""

from __future__ import annotations

from typing import Any

import click

from ..api.upkeep.packing import REASONS, Packing, pack_store
from .amounts import counted, size_text
from .options import Asked, dir_option, json_option
from .progress import progress
from .terminal import console, print_json, print_line, text


@click.command("pack")
@click.option("--dry-run", is_flag=True, help="Say what would be packed, and touch nothing.")
@dir_option
@json_option
@click.pass_context
def command(ctx: click.Context, dry_run: bool, dir: str | None, as_json: bool) -> None:
    """Put the journals of finished and lost runs together into few compressed files.

    Nothing else changes: every command finds packed runs as before, a pack can be read with `zcat`, and stores are
    merged by copying their files, packed or not. A run that is running, or may be, stays as it is. Commands that read
    do this by themselves when more than 2000 journals lie loose.

    \b
    Examples:
      givens pack --dry-run
      givens pack
      zcat .givens/packs/*.jsonl.gz | grep -c '"k":"start"'
    """
    asked = Asked(dir, as_json).under(ctx)
    store = asked.store()
    with progress("packing runs") as told:
        packing = pack_store(store, dry_run=dry_run, progress=told)
    if asked.as_json:
        print_json(packing_json(packing, dry_run=dry_run))
    else:
        _print(packing, dry_run=dry_run)


def packing_json(packing: Packing, *, dry_run: bool) -> dict[str, Any]:
    """``{"packs": [path], "runs", "journals", "size_bytes", "packed_bytes", "cleared", "kept": {reason: n}, …}``."""
    return {**packing._asdict(), "packs": list(packing.packs), "dry_run": dry_run}


def _print(packing: Packing, *, dry_run: bool) -> None:
    out = console()
    if packing.busy:
        print_line(out, "another process is packing this store: nothing was done")
        return
    if packing.runs or packing.journals:
        files = f"{counted(packing.journals, 'file')}, {size_text(packing.size_bytes)}"
        what = f"{counted(packing.runs, 'run')} ({files})"
        if packing.packed_bytes is None:
            print_line(out, f"would pack {what}")
        else:
            packs = counted(len(packing.packs), "pack")
            print_line(out, f"packed {what} into {packs}, {size_text(packing.packed_bytes)}")
    elif not packing.cleared:
        print_line(out, "nothing to pack")
    if packing.cleared:
        verb = "would remove" if dry_run else "removed"
        print_line(out, f"{verb} {counted(packing.cleared, 'loose file')} that a pack holds already")
    for reason, number in packing.kept.items():
        print_line(out, text(f"{counted(number, 'run')} left: {REASONS[reason]}", "dim"))
