"""Contexts of click and of typer: every parameter, with the source that the context remembers for it."""

from __future__ import annotations

import os
import sys
from typing import Any

from ..codec import Secret
from ..keys import Path
from ..records.layer import Entry, Layer
from ..records.origin import Origin

#: typer 0.20 and later bring a click of their own
_MODULES = ("click.core", "typer._click.core")
_NOTES = {
    "COMMANDLINE": "typed",
    "DEFAULT": "default",
    "DEFAULT_MAP": "default map",
    "PROMPT": "prompt",
    "ENVIRONMENT": "environment",
}


def is_click_context(obj: object) -> bool:
    """Whether this is a context of click or typer."""
    modules = (sys.modules.get(name) for name in _MODULES)
    return any(module is not None and isinstance(obj, module.Context) for module in modules)


def click_layer(context: Any) -> Layer:
    """A layer of a context's parameters, those of the groups around its command before them.

    A parameter whose input is hidden is a secret whatever its name.
    """
    chain = [context]
    while chain[0].parent is not None:
        chain.insert(0, chain[0].parent)
    entries: dict[str, Entry] = {}
    descriptions: dict[Path, str] = {}
    for each in chain:
        parameters = {parameter.name: parameter for parameter in each.command.get_params(each)}
        for name, value in each.params.items():
            parameter = parameters.get(name)
            if getattr(parameter, "hide_input", False) and isinstance(value, str):
                value = Secret(value)
            entries.pop(name, None)  # a command's own parameter over its group's of the same name
            entries[name] = Entry((name,), value, _origin(each, name, parameter))
            text = getattr(parameter, "help", None)
            if isinstance(text, str) and text:
                descriptions[(name,)] = " ".join(text.split())
    return Layer("click", list(entries.values()), descriptions=descriptions, watched=context, reread=_reread)


def _reread(context: Any) -> dict[Path, Any]:
    return {(name,): value for name, value in context.params.items()}


def _origin(context: Any, name: str, parameter: Any) -> Origin:
    source = context.get_parameter_source(name)
    word = getattr(source, "name", "")
    if word == "ENVIRONMENT" and (variable := _variable(context, parameter)):
        return Origin("env", name=variable, note=_flag(parameter, name))
    return Origin("click", name=_flag(parameter, name), note=_NOTES.get(word, word.lower() or None))


def _flag(parameter: Any, name: str) -> str:
    """What a person types: the longest flag, or an argument's name."""
    return max((opt for opt in getattr(parameter, "opts", ())), key=len, default=name)


def _variable(context: Any, parameter: Any) -> str | None:
    named = getattr(parameter, "envvar", None)
    candidates = [named] if isinstance(named, str) else list(named or ())
    prefix = getattr(context, "auto_envvar_prefix", None)
    if prefix and parameter is not None:
        candidates.append(f"{prefix}_{parameter.name.upper()}")
    return next((name for name in candidates if os.environ.get(name)), None)
