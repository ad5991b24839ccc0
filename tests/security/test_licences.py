"""What givens brings along may be given on: permissive licences only, and each vendored file with its licence beside it."""

from __future__ import annotations

import json
import re
import tomllib
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]
#: what users install with givens; the rest of the extras is for tests
FOR_USERS = ("pandas", "polars", "arrow", "analysis", "fast", "ui")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|ISC|0BSD|Unlicense|Zlib|HPND|CC0|BlueOak|Boost|BSL-1\.0)\b"
)
COPYLEFT = re.compile(
    r"\b(A?GPL|LGPL|General Public|EUPL|SSPL|BUSL|CC-BY-NC|Commons Clause|Proprietary)", re.IGNORECASE
)
#: what has no machine-readable licence, after a look at its text; and what has an exception for being linked
LOOKED_AT: dict[str, str] = {
    "certifi": "MPL-2.0: a list of certificates, not changed and not part of givens",
}


def name_of(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-")  # type: ignore[index]


def closure(names: set[str]) -> dict[str, Distribution]:
    """What is installed of some distributions and of all that they need, their extras left out."""
    found: dict[str, Distribution] = {}
    todo = sorted(names)
    while todo:
        name = todo.pop()
        if name in found:
            continue
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            continue  # an extra that is not installed here, or needed on another system only
        todo += [name_of(each) for each in found[name].requires or () if "extra ==" not in each]
    return found


def licence_of(package: Distribution) -> str:
    """What a distribution says of its licence: the expression, the classifiers, the first line of the field."""
    meta = package.metadata
    classifiers = [each for each in meta.get_all("Classifier") or () if each.startswith("License ::")]
    field = (meta.get("License") or "").strip().split("\n")[0]
    return "; ".join(filter(None, (meta.get("License-Expression"), field, *classifiers)))


def needed() -> dict[str, Distribution]:
    extras = PROJECT["optional-dependencies"]
    wanted = {*PROJECT["dependencies"], *(each for extra in FOR_USERS for each in extras[extra])}
    return closure({name_of(each) for each in wanted})


def test_the_core_is_there_and_looked_at() -> None:
    assert {"pyyaml", "click", "rich"} <= needed().keys()


@pytest.mark.parametrize("name", sorted(needed()))
def test_a_dependency_is_permissive(name: str) -> None:
    said = licence_of(needed()[name])
    if name in LOOKED_AT:
        return
    alternatives = [part for part in re.split(r"\bOR\b", said) if not COPYLEFT.search(part)]
    assert any(PERMISSIVE.search(part) for part in alternatives), f"{name}: {said or 'says nothing of its licence'}"


def test_what_is_vendored_has_its_licence_beside_it() -> None:
    ledger = json.loads((TOP / "src/givens/web/static/vendor/VERSIONS.json").read_text("utf-8"))
    for package, noted in ledger.items():
        files = list(noted["files"])
        licences = [path for path in files if path.endswith(".LICENSE")]
        assert licences, f"{package} has no licence beside it"
        for path in licences:
            text = (TOP / path).read_text("utf-8")
            assert PERMISSIVE.search(text) or "Mozilla Public License" in text, path
    vendored = {path.name for path in (TOP / "src/givens/web/static/vendor").iterdir()} - {"VERSIONS.json"}
    named = {Path(path).name for noted in ledger.values() for path in noted["files"]}
    assert vendored <= named, "a file that tools/vendor.py knows nothing of"


def test_givens_own_licence_is_in_the_wheel() -> None:
    assert PROJECT["license"] == "Apache-2.0" and PROJECT["license-files"] == ["LICENSE"]
    assert "Apache License" in (TOP / "LICENSE").read_text("utf-8")
