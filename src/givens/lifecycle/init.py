"""``givens.init``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..capture.entry import may_be_rank
from ..configs.callsite import CallSites
from ..configs.doors import door_of
from ..configs.layering import overridden
from ..errors import NoRunError, UsageError, key_suggestion
from . import lines
from .arguments import (
    REINIT,
    check_id,
    check_ignored,
    layers_for,
    load_settings,
    ordered,
    resume_word,
    say_dropped,
    wanted,
)
from .beginning import begin
from .current import current, make_current
from .earlier import finder
from .ending import finish_run, hook
from .place import project_of, store_for_writing, working_directory
from .run import Run

if TYPE_CHECKING:
    from ..configs.config import Config
    from ..journal.layout import Store
    from ..settings import Settings
    from .arguments import Layers, Wanted
    from .ordering import Order
    from .ranks import Joined
    from .resuming import Earlier


def init(
    project: str | None = None,
    config: Any = None,
    *,
    name: str | None = None,
    id: str | None = None,
    group: str | None = None,
    job_type: str | None = None,
    tags: Iterable[str] | None = None,
    notes: str | None = None,
    dir: str | os.PathLike[str] | None = None,
    mode: str | None = None,
    resume: str | bool | None = None,
    reinit: str | bool | None = None,
    config_include_keys: Iterable[str] | None = None,
    config_exclude_keys: Iterable[str] | None = None,
    allow_val_change: bool | None = None,
    merge: str | None = None,
    schema: type | None = None,
    changes: str | None = None,
    on_locked: str | None = None,
    durability: str | None = None,
    strict: bool | None = None,
    track_reads: bool | None = None,
    ranks: str | None = None,
    share: bool = False,
    **rest: Any,
) -> Run:
    """Begin a run. When this returns, everything given so far is on disk.

    Without arguments it returns the run that is under way, if there is one; with a config, name, id, project or
    group it finishes that one and begins a new one, so that a loop over parameters makes as many runs as turns.

    Args:
        project: the project the run belongs to.
        config: a mapping, a YAML, JSON or TOML file, an argparse Namespace, absl flags, or a list of these.
        name: a name, which may hold fields: ``"{model.name}-lr{lr}"``.
        id: an id of your own: 1 to 64 of ``a-z 0-9 _ -``.
        group, job_type, tags, notes: what you want to find the run by.
        dir: the store is ``.givens`` in this folder.
        mode: ``disabled``: the same objects, nothing written. wandb's ``online`` and ``offline`` mean local.
        resume: ``allow``: go on with the run of that id (else of that name), or begin it; ``must``: go on with it;
            ``auto``, or True: also without an id, with the newest run of this very command, if it was interrupted;
            ``never``. Values given now win, stored ones fill the gaps; results and steps go on.
        reinit: what to do about a run under way: ``return_previous``, ``finish_previous``, or ``create_new``, which
            leaves it and ``givens.config`` alone.
        config_include_keys, config_exclude_keys: which top-level keys of ``config`` to take, or to leave.
        allow_val_change: True: changed values are recorded and not warned of; False: changing one raises.
        merge: ``deep``: sections given by several layers are merged, not replaced.
        schema: a dataclass, an attrs class, a pydantic model or a msgspec Struct, which every value written to the
            config has to fit; see ``givens.cast``.
        changes: what a change after the first log does: ``warn``, ``record`` or ``error``.
        on_locked: what a write to a locked key does: ``warn`` or ``error``.
        durability: ``process``: survives the death of the process; ``power``: of the machine.
        strict: a store that cannot be written raises.
        track_reads: say at the end which keys were never read, and what was asked for and never given.
        ranks: ``one``: processes that were started together are ranks of one run; ``separate``: each is a run; else the
            evidence of a rendezvous decides.
        share: a rank other than 0 takes rank 0's values, which it waits for up to 30 s.
        rest: further arguments of ``wandb.init``, named once as without effect.

    Raises:
        SourceError: the config cannot be read; no run was begun, and nothing given before is lost.
        UsageError: a wrong argument.
        RunExistsError: the id is taken.
        ResumeError: the run cannot go on: it is alive, or not there and must be.
        SchemaError: values that do not fit ``schema``; no run was begun.
    """
    given = dict(locals())
    with current.lock:
        check_ignored(rest, [key for key in given if key != "rest"])
        choice = _reinit(reinit, begins_anew=any(bit is not None for bit in (config, name, id, project, group)))
        under_way = _under_way()
        if under_way is not None and (choice == "return_previous" or _goes_on(under_way, given)):
            say_dropped(given, under_way.name)
            return under_way
        return _begin_anew(given, choice, under_way)


def _begin_anew(given: dict[str, Any], choice: str, under_way: Run | None) -> Run:
    """Begin a run. The errors are those of ``init``.

    Args:
        given: the arguments of ``init``, by name.
        choice: what is to become of the run under way.
        under_way: that run.
    """
    root = project_of(working_directory())
    settings = load_settings(root)
    order = ordered(root)
    if order is not None:
        given.update({name: said for name, said in order.identity.items() if given[name] is None})
    asked = wanted(given, settings, current.first_id)
    store = store_for_writing(asked.directory)
    joined = _joined(given["ranks"], asked, settings, store)
    if joined is not None:
        asked, settings = joined.wanted(asked), joined.settings(settings)
    follows = joined is not None and joined.follows
    earlier = None if follows else _earlier(given["resume"], asked, settings, store, root, order)
    if earlier is not None:
        asked = earlier.wanted(asked)
    elif not follows:
        check_id(asked.id, store)
    staging = None if choice == "create_new" else current.staging
    code = CallSites(root).here()
    find_run = finder(store, asked.project)
    include, exclude = given["config_include_keys"], given["config_exclude_keys"]
    layers = layers_for(given["config"], settings, root, code, include, exclude, staging, find_run)
    if order is not None:
        layers = layers._replace(order=order.layer)
    if earlier is not None:
        layers = layers._replace(below=earlier.without_defaults(layers.below, root))
    if joined is not None and follows and given["share"] and (shared := joined.shared()) is not None:
        layers.given.append(shared)
    previous = under_way if choice == "finish_previous" else None
    current.turn += 1
    run = begin(
        *(asked, layers.all(), store, settings, root),
        make_room=lambda: _make_room(previous),
        order=order,
        earlier=earlier,
        joined=joined,
    )
    if staging is not None and layers.staged is not None:
        _hand_over(staging, run, overridden(layers.staged, layers.given, run.door))
    if order is not None:
        _carry_out(order, run, layers)
    if settings.track_reads if given["track_reads"] is None else given["track_reads"]:
        _note_reads(run)
    hook()
    current.alive.append(run)
    current.first_id = current.first_id or run.id
    if choice != "create_new":
        make_current(run)
    return run


def _joined(ranks: str | None, asked: Wanted, settings: Settings, store: Store) -> Joined | None:
    """What this process shares with others that a launcher started with it; None, nearly always: a run of its own."""
    if ranks not in (None, "one", "separate"):
        raise UsageError(f"ranks={ranks!r}", "ranks is 'one' or 'separate'")
    if asked.mode == "disabled" or not (ranks or settings.ranks or may_be_rank()):
        return None
    from .ranks import joined

    return joined(ranks, settings, store)


def _earlier(
    resume: Any, asked: Wanted, settings: Settings, store: Store, root: str, order: Order | None
) -> Earlier | None:
    """The run that is to go on, with all that is stored of it; None: a new one begins."""
    word = resume_word(resume, settings)
    if word == "never" or asked.mode == "disabled":
        return None
    from .resuming import look_up  # most runs are new ones

    return look_up(word, asked, settings, store, root, order, said=resume is not None)


def _note_reads(run: Run) -> None:
    from ..configs.reading import track  # reads are free for everybody else

    track(run.config)


def _make_room(previous: Run | None) -> None:
    if previous is not None:
        lines.say(f"init: finishing {previous.name} and beginning a new run", silent=previous.settings.silent)
        finish_run(previous)


def _hand_over(staging: Config, run: Run, lost: str | None) -> None:
    """Give a run what staging had besides values: locks, watched objects, callbacks."""
    staged = door_of(staging)
    with run.door as door:
        for lock in staged.locks.items():
            door.lock_paths([lock.path], lock.owner)
        door.watched += staged.watched
        door.afterwards.callbacks += staged.afterwards.callbacks
    if lost:
        lines.say(lost, silent=run.settings.silent)


def _carry_out(order: Order, run: Run, layers: Layers) -> None:
    """Lock what a launcher gave, name its keys that nothing else gives, and tell it which run it was."""
    from . import ordering

    ordering.take(os.environ)
    run.door.lock_paths(order.paths, order.owner)
    for key, known in ordering.unknown_keys(order, [*layers.below, *layers.given]):
        text = f"override {key} (by {order.owner}) is a key that nothing else gives{key_suggestion(key, known)}"
        lines.say(text, silent=run.settings.silent)
    if not run.rank:
        ordering.report(order, run.id, run.store.path)


def _goes_on(run: Run, given: dict[str, Any]) -> bool:
    """Whether ``init`` asks to resume the very run that is under way."""
    return given["resume"] not in (None, False, "never") and given["id"] == run.id


def _under_way() -> Run | None:
    """The current run, if it is this process's own: a forked child's ``init`` begins a run of its own."""
    run = current.run
    return run if run is not None and run.pid == os.getpid() else None


def _reinit(reinit: str | bool | None, *, begins_anew: bool) -> str:
    if reinit is True:
        return "finish_previous"
    if reinit in (None, False, "default"):
        return "finish_previous" if begins_anew else "return_previous"
    if reinit not in REINIT:
        raise UsageError(f"reinit={reinit!r}", f"reinit is one of {', '.join(map(repr, REINIT))}, True or False")
    return str(reinit)


def log(data: Any = None, step: int | None = None, commit: bool | None = None, **more: Any) -> None:
    """``Run.log`` of the current run.

    Raises:
        NoRunError: there is none.
    """
    run_or_raise("givens.log").log(data, step=step, commit=commit, **more)


def define_metric(name: str, step_metric: object = None, *given: object, goal: str | None = None, **more: Any) -> None:
    """``Run.define_metric`` of the current run.

    Raises:
        NoRunError: there is none.
    """
    run_or_raise("givens.define_metric").define_metric(name, step_metric, *given, goal=goal, **more)


def finish(exit_code: int | None = None, quiet: bool | None = None) -> None:
    """End the current run; without one, nothing."""
    if current.run is not None:
        current.run.finish(exit_code=exit_code, quiet=quiet)


def run_or_raise(what: str) -> Run:
    """The current run.

    Raises:
        NoRunError: there is none.
    """
    if current.run is None:
        raise NoRunError(what)
    return current.run
