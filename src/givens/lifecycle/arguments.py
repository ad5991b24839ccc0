"""The arguments of ``init``: what each one says, and the layers that a config is laid from."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from ..capture.entry import script
from ..errors import IgnoredArgumentWarning, RunExistsError, StoreError, UsageError, suggestion, warn
from ..journal.layout import RUN_ID, Store
from ..records.layer import Entry, Layer
from ..records.origin import Origin
from ..settings import Settings, load
from ..sources import environment_layer, find_defaults, read
from .current import current, redaction_for
from .place import project_of, working_directory

if TYPE_CHECKING:
    from ..configs.config import Config
    from ..configs.schema import Schema
    from ..sources.earlier_run import FindRun
    from .ordering import Order

#: what ``wandb.init`` takes besides, and givens has no use for
IGNORED = frozenset(
    "entity force resume_from fork_from save_code tensorboard sync_tensorboard monitor_gym settings anonymous "
    "magic sync_dir".split()
)
MODES = {"online": "local", "offline": "local", "dryrun": "local", "run": "local", "shared": "local"}
REINIT = ("default", "return_previous", "finish_previous", "create_new")


class Wanted(NamedTuple):
    """What a call of ``init`` asks for, arguments and settings put together."""

    project: str | None
    name: str | None
    id: str | None
    group: str | None
    job_type: str | None
    tags: tuple[str, ...]
    notes: str | None
    mode: str
    directory: str | None
    allow_val_change: bool | None
    merge: str | None
    changes: str | None
    on_locked: str | None
    durability: str | None
    strict: bool | None
    schema: Schema | None


def load_settings(root: str) -> Settings:
    """The settings; what is wrong with them is said once a process, and the defaults are used."""
    found, problems = load(os.environ, root, twins=current.twins)
    for problem in problems:
        if str(problem) not in _said:
            _said.add(str(problem))
            warn(IgnoredArgumentWarning(f"{problem}; it is ignored"))
    return found


_said: set[str] = set()


def wanted(given: Mapping[str, Any], settings: Settings, taken_id: str | None) -> Wanted:
    """Check the arguments of ``init`` and put the settings beneath them.

    Args:
        given: the arguments, by name.
        settings: ``GIVENS_RUN_ID`` in them is for the first run only, or a loop over parameters would stop at the
            second.
        taken_id: the id of this process's first run.

    Raises:
        UsageError: a wrong argument: which, and what it may be.
    """
    mode = given["mode"]
    if mode is None:
        mode = settings.mode
    mode = MODES.get(mode, mode)
    _choice("mode", mode, ("local", "disabled"))
    _choice("merge", given["merge"], (None, "deep"))
    _choice("changes", given["changes"], (None, "warn", "record", "error"))
    _choice("on_locked", given["on_locked"], (None, "warn", "error"))
    _choice("durability", given["durability"], (None, "process", "power"))
    run_id = _text("id", given["id"])
    if run_id is None and settings.run_id != taken_id:
        run_id = settings.run_id
    if run_id is not None and not RUN_ID.fullmatch(run_id):
        told = redaction_for(settings).text(run_id)
        raise UsageError(f"id={told!r}", "a run's id has 1 to 64 of the characters a-z 0-9 _ -")
    tags = given["tags"] if given["tags"] is not None else settings.tags
    if isinstance(tags, str) or not isinstance(tags, Iterable):
        raise UsageError(f"tags={tags!r}", "tags is a list of words")
    return Wanted(
        project=_text("project", given["project"]) or settings.project,
        name=_text("name", given["name"]) or settings.name,
        id=run_id,
        group=_text("group", given["group"]) or settings.run_group,
        job_type=_text("job_type", given["job_type"]) or settings.job_type,
        tags=tuple(str(tag) for tag in tags),
        notes=_text("notes", given["notes"]) or settings.notes,
        mode=mode,
        directory=_folder(given["dir"]) or settings.dir,
        allow_val_change=given["allow_val_change"],
        merge=given["merge"],
        changes=given["changes"],
        on_locked=given["on_locked"],
        durability=given["durability"],
        strict=given["strict"],
        schema=_schema(given["schema"]),
    )


def _schema(kind: type | None) -> Schema | None:
    if kind is None:
        return None
    from ..configs.schema import Schema

    return Schema(kind)


def _text(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        kind = type(value).__name__  # the value itself may hold a secret
        hint = ", and a configuration goes into config=" if isinstance(value, Mapping) else ""
        raise UsageError(f"init: {name}= is a {kind}", f"{name} is a string{hint}")
    return value


def _folder(value: Any) -> str | None:
    if value is None:
        return None
    try:
        return os.fsdecode(value)
    except TypeError:
        raise UsageError(f"init: dir= is a {type(value).__name__}", "dir is the path of a folder") from None


def _choice(name: str, value: Any, choices: tuple[Any, ...]) -> None:
    if value not in choices:
        words = ", ".join(repr(choice) for choice in choices if choice is not None)
        raise UsageError(f"{name}={value!r}", f"{name} is one of {words}")


def check_ignored(rest: Mapping[str, Any], known: Iterable[str]) -> None:
    """Say once which arguments have no effect; raise for those that nobody knows.

    Args:
        rest: what was given besides.
        known: the names that ``init`` has, to suggest one.

    Raises:
        UsageError: an argument that neither wandb's ``init`` nor this one has.
    """
    unknown = [name for name in rest if name not in IGNORED]
    if unknown:
        guess = suggestion(unknown[0], known) or "; see help(givens.init)"
        raise UsageError(f"init has no argument {unknown[0]!r}", guess.removeprefix("; "))
    used = sorted(name for name, value in rest.items() if value is not None and name not in _said_ignored)
    if used:
        _said_ignored.update(used)
        warn(IgnoredArgumentWarning(f"init: {', '.join(used)} without effect: givens keeps runs in a local folder"))


_said_ignored: set[str] = set()


def say_dropped(given: Mapping[str, Any], name: str) -> None:
    """Warn of arguments that came with an ``init`` which gave back the run under way.

    Args:
        given: the arguments.
        name: that run's name.
    """
    dropped = sorted(key for key in _RUN_ARGUMENTS if given[key] is not None)
    if dropped:
        listed = ", ".join(f"{key}=" for key in dropped)
        text = f"init gave back {name}, which is under way: {listed} without effect"
        advice = "finish() it first, or use reinit=, run.config.update(…), run.tags = …"
        warn(IgnoredArgumentWarning(f"{text}; {advice}"))


_RUN_ARGUMENTS = (
    "project config name id group job_type tags notes dir mode config_include_keys config_exclude_keys "
    "allow_val_change merge schema changes on_locked durability strict track_reads"
).split()


def resume_word(resume: Any, settings: Settings) -> str:
    """What ``resume`` says: ``never``, ``allow``, ``must`` or ``auto``. wandb's True is ``auto``.

    Raises:
        UsageError: it is no such word.
    """
    word = {True: "auto", False: "never", None: settings.resume or "never"}.get(resume, resume)
    _choice("resume", word, ("never", "allow", "must", "auto"))
    return str(word)


def check_id(run_id: str | None, store: Store) -> None:
    """A new run needs an id of its own.

    Raises:
        RunExistsError: the id is taken.
    """
    if run_id is not None and _is_taken(store, run_id):
        raise RunExistsError(run_id, store.path)


def _is_taken(store: Store, run_id: str) -> bool:
    """Whether the store has a run of that id, loose, packed or removed. Only an id that somebody chose is looked for so."""
    if os.path.exists(store.run_file(run_id)) or _is_removed(store, run_id):
        return True
    if not os.path.isdir(os.path.join(store.path, "packs")):
        return False
    from ..journal.journals import is_packed

    return is_packed(store, run_id)


def _is_removed(store: Store, run_id: str) -> bool:
    """Whether a run of that id was removed: a new one would be hidden as soon as it is written."""
    if not os.path.isdir(os.path.join(store.path, "edits")):
        return False
    from ..journal.edits import removed_runs

    try:
        return run_id in removed_runs(store)
    except StoreError:  # edits that cannot be read; a record that may be hidden is better than none
        return False


def base_layers(settings: Settings, root: str) -> list[Layer]:
    """The layers below everything a script says: defaults file, the files of GIVENS_CONFIG_PATHS, the environment.

    Raises:
        SourceError: one of them cannot be read.
    """
    layers: list[Layer] = []
    defaults = find_defaults(script(), working_directory())
    nowhere = Origin("code")
    for path in (*([defaults] if defaults else ()), *settings.config_paths):
        layers += read(path, code=nowhere, root=root)
    environment = environment_layer(os.environ)
    if environment is not None:
        layers.append(environment)
    return layers


class Layers(NamedTuple):
    """What a run's config is laid from, each part lowest first.

    Args:
        below: defaults file, files of the settings, environment.
        staged: what was written to ``givens.config`` before.
        given: ``config=``.
        order: the launcher's overrides.
    """

    below: list[Layer]
    staged: Layer | None
    given: list[Layer]
    order: Layer | None = None

    def all(self) -> list[Layer]:
        """All of them, lowest first."""
        parts = (self.staged, *self.given, self.order)
        return [*self.below, *(layer for layer in parts if layer is not None)]


def layers_for(
    config: Any,
    settings: Settings,
    root: str,
    code: Origin,
    include: Iterable[str] | None,
    exclude: Iterable[str] | None,
    staging: Config | None,
    find_run: FindRun | None = None,
) -> Layers:
    """All layers of a new run.

    Raises:
        SourceError: one of them cannot be read.
        UsageError: both ``config_include_keys`` and ``config_exclude_keys``.
    """
    if include is not None and exclude is not None:
        raise UsageError("config_include_keys and config_exclude_keys together", "give one of them")
    below = base_layers(settings, root)
    staged = None
    if staging is not None:
        from ..configs.staging import take_up  # here, since most programs stage nothing

        staged = take_up(staging)
    given = read(config, code=code, name="config=", root=root, find_run=find_run)
    if include is not None:
        kept = _keys("config_include_keys", include)
        given = [_filtered(layer, lambda key: key in kept) for layer in given]
    if exclude is not None:
        dropped = _keys("config_exclude_keys", exclude)
        given = [_filtered(layer, lambda key: key not in dropped) for layer in given]
    return Layers(below, staged, given)


def _keys(name: str, keys: Iterable[str]) -> frozenset[str]:
    if isinstance(keys, str):
        raise UsageError(f"{name}={keys!r}", f"{name} is a list of keys: [{keys!r}]")
    return frozenset(keys)


def _filtered(layer: Layer, keep: Any) -> Layer:
    entries: list[Entry] = [entry for entry in layer.entries if keep(entry.path[0])]
    return Layer(
        layer.name,
        entries,
        origins={path: origin for path, origin in layer.origins.items() if keep(path[0])},
        descriptions={path: text for path, text in layer.descriptions.items() if keep(path[0])},
        watched=layer.watched,
        reread=layer.reread,
    )


def parse_args(parser: Any, args: list[str] | None = None, namespace: Any = None) -> Any:
    """Parse a command line with defaults file and environment already applied: one truth for script and record.

    Instead of ``parser.parse_args()``. Flag defaults < files < environment < typed flags < launcher.

    Args:
        parser: an ``argparse.ArgumentParser``.
        args: the arguments; those of the program when left out.
        namespace: an object to put the values on.

    Returns:
        An ordinary Namespace. Given to ``init`` or ``config.update``, each value tells which flag or file it is from.

    Raises:
        SourceError: a defaults file cannot be read, or has a value that its flag cannot take.
    """
    from ..sources.argparse_flags import parse_args as parse

    root = project_of(working_directory())
    order = ordered(root)
    layers = base_layers(load_settings(root), root)
    return parse(parser, args, namespace, layers=layers, overrides=None if order is None else order.layer)


def ordered(root: str) -> Order | None:
    """What a launcher orders of the run that begins next; None, nearly always."""
    if not (os.environ.get("GIVENS_OVERRIDES") or os.environ.get("GIVENS_OVERRIDES_FILE")):
        return None
    from .ordering import order_in

    return order_in(os.environ, root)
