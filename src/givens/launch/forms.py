"""What a run was given, in the forms in which it can be given again."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from ..api import StoredRun
from ..errors import SecretMissingError
from ..keys import Path, format_path, key_of
from ..records.encoded import leaves, lift
from .form_types import changes_of, in_their_types, python_text
from .stored_values import holds_hidden, whole

HIDDEN = "***"


def argv_of(run: StoredRun) -> list[str]:
    """The command line, as it can be typed again.

    Raises:
        SecretMissingError: it held secrets, which the record does not have.
    """
    hidden = [number for number, word in enumerate(run.argv) if HIDDEN in word]
    if hidden:
        raise SecretMissingError(run.name, [_named(run.argv, number) for number in hidden])
    return list(run.argv)


def _named(argv: tuple[str, ...], number: int) -> str:
    """What a hidden word of a command line is called: the flag before it, or its own beginning."""
    word = argv[number].partition("=")[0]
    return word if word != argv[number] or not number else argv[number - 1]


def _argv(run: StoredRun) -> str:
    return shlex.join(argv_of(run))


def _overrides(run: StoredRun) -> str:
    return "\n".join(f"--set {shlex.quote(f'{format_path(path)}={text}')}" for path, text in typed_leaves(run))


def _env(run: StoredRun) -> str:
    return "\n".join(
        f"export GIVENS_CONFIG__{'__'.join(map(str, path))}={shlex.quote(text)}"
        for path, text in typed_leaves(run)
        if _has_variable(path)
    )


def _has_variable(path: Path) -> bool:
    """Whether a variable can name a path: two underscores in it part keys."""
    return all(
        isinstance(part, str) and part.isascii() and part.replace("_", "a").isalnum() and "__" not in part
        for part in path
    )


def left_out(run: StoredRun, form: str) -> list[str]:
    """What a form does not say of a run's values, in sentences: secrets, keys that no variable can name, other types."""
    if form == "argv":
        return []
    paths = hidden_leaves(run)
    secret = [format_path(path) for path, hidden in paths if hidden]
    unnamed = [format_path(path) for path, hidden in paths if form == "env" and not hidden and not _has_variable(path)]
    said = [f"secrets are not kept, give them again: {', '.join(secret)}"] if secret else []
    said += [f"no variable can name {', '.join(unnamed)}: left out"] if unnamed else []
    found: dict[str, list[str]] = {}
    for path, value in _whole_leaves(run):
        if format_path(path) not in unnamed:
            for change in changes_of(value, form):
                found.setdefault(change, []).append(format_path(path))
    return said + [f"{change}: {', '.join(keys)}" for change, keys in found.items()]


def _yaml(run: StoredRun) -> str:
    return _yaml_text(_plain(run)).rstrip("\n")


def _json(run: StoredRun) -> str:
    return json.dumps(_plain(run), indent=2, ensure_ascii=False)


def _python(run: StoredRun) -> str:
    name = f", project={run.project!r}" if run.project else ""
    return f"givens.init(config={python_text(run.config.as_dict())}{name})"


#: form -> what makes it
FORMS: dict[str, Callable[[StoredRun], str]] = {
    "argv": _argv,
    "overrides": _overrides,
    "yaml": _yaml,
    "json": _json,
    "env": _env,
    "python": _python,
}

#: form -> one line for people
MEANINGS: dict[str, str] = {
    "argv": "the command line",
    "overrides": "options of `givens run`",
    "yaml": "a configuration file",
    "json": "the same as JSON",
    "env": "environment variables",
    "python": "a call of givens.init",
}


def _plain(run: StoredRun) -> Any:
    """The configuration in YAML's and JSON's own types: what they do not have is written as Python writes it."""
    return in_their_types(run.config.as_dict())


def hidden_leaves(run: StoredRun) -> list[tuple[Path, bool]]:
    """Each leaf, and whether a part of it is hidden: such a value cannot be given again."""
    found = leaves(run.folded.state.config)
    return [(path, holds_hidden(whole(lift(value), run.store))) for path, value in found if path]


def plain_leaves(run: StoredRun) -> Iterator[tuple[Path, Any]]:
    """Each leaf of which nothing is hidden, with its value in the types of YAML and JSON."""
    return ((path, in_their_types(value)) for path, value in _whole_leaves(run))


def _whole_leaves(run: StoredRun) -> Iterator[tuple[Path, Any]]:
    config = run.config.as_dict()  # whole: a large value lies in a file of its own, of which the fold has a preview
    for path, hidden in hidden_leaves(run):
        if not hidden:
            given: Any = config
            for part in path:
                given = given[key_of(part)]
            yield path, given


def typed_leaves(run: StoredRun) -> Iterator[tuple[Path, str]]:
    """Each leaf of which nothing is hidden, with its value as YAML would be typed on one line."""
    return ((path, typed_text(value)) for path, value in plain_leaves(run))


def typed_text(value: Any) -> str:
    """A value in the types of YAML, as it would be typed on one line."""
    text = _yaml_text(value, default_flow_style=True, width=10**9)
    return text.removesuffix("\n").removesuffix("\n...").strip()


def _yaml_text(value: Any, **options: Any) -> str:
    """YAML that says the same by the rules of 1.2, which givens reads, and of 1.1, which PyYAML writes."""
    import yaml

    return str(yaml.dump(value, Dumper=_dumper(), sort_keys=False, allow_unicode=True, **options))


@cache
def _dumper() -> type[Any]:
    import yaml

    from ..sources.core_schema import resolve

    class Dumper(yaml.SafeDumper):
        """Quotes texts that 1.2 would take for numbers, such as 1e-3, and those of several lines."""

    def text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
        try:
            plain = bool(text) and resolve(text) is text and text.isprintable()
        except ValueError:
            plain = False
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if plain else '"')

    Dumper.add_representer(str, text)
    return Dumper
