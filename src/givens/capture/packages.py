"""Which packages the interpreter has installed, with their versions."""

from __future__ import annotations

import sys


def installed() -> dict[str, str]:
    """Version by name, as the interpreter would import them: of two installations of one package the first on the path.

    A package whose metadata cannot be read is passed over, and so is the wandb that ``givens run --as-wandb`` stands for.
    """
    from importlib.metadata import distributions

    found: dict[str, str] = {}
    for distribution in distributions():
        try:
            name, version = distribution.metadata["Name"], distribution.version
            is_ours = name == "wandb" and (distribution.read_text("INSTALLER") or "").strip() == "givens"
        except (KeyError, OSError, ValueError):
            continue
        if name and version and not is_ours:
            found.setdefault(str(name).lower().replace("_", "-"), str(version))
    return dict(sorted(found.items()))


def digest(packages: dict[str, str]) -> str:
    """One short text for a set of packages and the interpreter: equal when both are."""
    from hashlib import blake2b

    lines = [sys.version, *(f"{name}=={version}" for name, version in packages.items())]
    return blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()
