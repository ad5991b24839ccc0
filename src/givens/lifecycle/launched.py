"""The run of a command that never called ``init``: whoever launched it records it when it has ended."""

from __future__ import annotations

import os
import time

from ..journal.lines import Stamper
from .arguments import layers_for, load_settings, wanted
from .beginning import begin
from .ending import finish_run
from .ordering import order_in
from .place import project_of, store_for_writing
from .start_event import Command

_UNSAID = dict.fromkeys(
    "project config name id group job_type tags notes dir mode resume reinit config_include_keys config_exclude_keys "
    "allow_val_change merge schema changes on_locked durability strict track_reads".split()
)


def record_launched(
    command: list[str], environ: dict[str, str], exit_code: int, began: tuple[int, int], cwd: str | None
) -> tuple[str, str]:
    """Record a command as a run, with the overrides as its config.

    Args:
        command: the program and its arguments.
        environ: the environment that it was started in.
        exit_code: how it ended.
        began: when it was started: nanoseconds since the epoch, and of the monotonic clock.
        cwd: where it ran; None: here.

    Returns:
        The run's id and the path of its store.

    Raises:
        SourceError: what was ordered cannot be read.
        StoreError: the store cannot be used.
    """
    from ..records.origin import Origin

    root = project_of(cwd or os.getcwd())
    settings = load_settings(root)
    order = order_in(dict(environ), root)
    given = {**_UNSAID, **(order.identity if order else {}), "dir": environ.get("GIVENS_DIR")}
    asked = wanted(given, settings, None)
    store = store_for_writing(asked.directory)
    layers = layers_for(None, settings, root, Origin("code"), None, None, None)
    if order is not None:
        layers = layers._replace(order=order.layer)
    run = begin(
        asked,
        layers.all(),
        store,
        settings,
        root,
        make_room=lambda: None,
        order=order,
        command=Command(command, cwd, environ),
        stamper=_stamper(began),
    )
    if order is not None:
        run.door.lock_paths(order.paths, order.owner)
    finish_run(run, exit_code=exit_code)
    return run.id, run.store.path


def _stamper(began: tuple[int, int]) -> Stamper:
    """A clock that says of the first event, the start, when the command was started, and counts from there."""
    wall, monotonic = iter(began[:1]), iter(began[1:])
    return Stamper(lambda: next(wall, time.time_ns()), lambda: next(monotonic, time.monotonic_ns()))
