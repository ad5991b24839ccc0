"""A secret planted anywhere in anything, through any source: no byte that is written holds it."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

import givens

ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
numbers = itertools.count()
plain_keys = st.sampled_from(["a", "lr", "model", "x.y", "layers", "n-1", "use_cls_token", "items"])
scalars = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.sampled_from([0.5, "word", "", "relu"]))
#: keys under which everything that is long enough is a secret
secret_keys = st.sampled_from(
    ["api_key", "password", "HF_TOKEN", "client_secret", "auth_token", "db_password", "wandb_api_key"]
)


def core(number: int, length: int) -> str:
    """Letters that stand nowhere else."""
    import hashlib

    digest = hashlib.shake_256(f"planted {number}".encode()).digest(length)
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest)


#: forms that say by themselves that they are secrets
FORMS: list[Callable[[int], str]] = [
    lambda number: "hf_" + core(number, 34),
    lambda number: "sk-" + core(number, 48),
    lambda number: "ghp_" + core(number, 36),
    lambda number: f"https://ada:{core(number, 24)}@example.org/x",
    lambda number: f"see {'glpat-' + core(number, 20)}, please",
    lambda number: f"eyJ{core(number, 30)}.eyJ{core(number + 1, 40)}.{core(number + 2, 43)}",
]


@st.composite
def planted(draw: st.DrawFn) -> tuple[dict[str, Any], list[str]]:
    """A nested configuration with secrets in it, and what must not be found."""
    cores: list[str] = []

    def secret(form: bool) -> Any:
        number = next(numbers) * 3
        cores.append(core(number, 20))
        return draw(st.sampled_from(FORMS))(number) if form else core(number, 26)

    def node(depth: int) -> Any:
        kinds = ["scalar", "form"] if depth > 3 else ["scalar", "form", "dict", "list", "pair", "named", "words"]
        kind = draw(st.sampled_from(kinds))
        if kind == "scalar":
            return draw(scalars)
        if kind == "form":
            return secret(True)
        if kind == "list":
            return [node(depth + 1) for _ in range(draw(st.integers(0, 3)))]
        if kind == "pair":
            return {"name": draw(secret_keys), "value": secret(False)}
        if kind == "words":
            return ["--verbose", f"--{draw(secret_keys)}", secret(False)]
        found = {key: node(depth + 1) for key in draw(st.lists(plain_keys, max_size=3, unique=True))}
        if kind == "named":
            found[draw(secret_keys)] = secret(False)
        return found

    config = {key: node(1) for key in draw(st.lists(plain_keys, min_size=1, max_size=3, unique=True))}
    config[draw(secret_keys)] = secret(False)
    return config, cores


def as_yaml(folder: Path, config: dict[str, Any]) -> Any:
    (folder / "c.yaml").write_text(yaml.safe_dump(config))
    return str(folder / "c.yaml")


def as_json(folder: Path, config: dict[str, Any]) -> Any:
    (folder / "c.json").write_text(json.dumps(config))
    return str(folder / "c.json")


def as_described(folder: Path, config: dict[str, Any]) -> Any:
    (folder / "c.yaml").write_text(
        yaml.safe_dump({key: {"desc": "a key", "value": value} for key, value in config.items()})
    )
    return str(folder / "c.yaml")


def as_namespace(folder: Path, config: dict[str, Any]) -> Any:
    import argparse

    return argparse.Namespace(**config)


def as_mapping(folder: Path, config: dict[str, Any]) -> Any:
    return config


SOURCES = [as_mapping, as_yaml, as_json, as_described, as_namespace]


def one_by_one(run: Any, config: dict[str, Any]) -> None:
    for key, value in config.items():
        run.config[key] = value


def in_a_section(run: Any, config: dict[str, Any]) -> None:
    run.config["below"] = {}
    run.config.below.update(config)
    run.config["rows"] = []
    run.config.rows.append(config)
    run.config.rows[0] = config


def locked(run: Any, config: dict[str, Any]) -> None:
    run.config.update_locked(config, "sweep")
    run.config.update(dict.fromkeys(config, "another"))
    run.config.update(config)


WRITES = [one_by_one, in_a_section, locked]


def written(folder: str, give: Callable[[], None]) -> bytes:
    """Every byte that a store holds afterwards."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        give()
    store = os.path.join(folder, ".givens")
    content = b""
    for place, _, names in os.walk(store):
        for name in names:
            content += name.encode() + Path(place, name).read_bytes()
    assert b'"finish"' in content
    return content


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIVENS_SURROUNDINGS", "0")
    monkeypatch.setenv("GIVENS_SILENT", "1")


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.__name__)
@given(case=planted())
@settings(max_examples=25, deadline=None)
def test_what_a_source_brings_is_hidden(
    source: Callable[[Path, dict[str, Any]], Any], case: tuple[dict[str, Any], list[str]]
) -> None:
    config, cores = case
    folder = tempfile.mkdtemp()
    try:
        content = written(
            folder,
            lambda: givens.init(dir=folder, config=source(Path(folder), config), reinit="finish_previous").finish(),
        )
        found = [each for each in cores if each.encode() in content]
        assert not found, (config, found)
    finally:
        shutil.rmtree(folder)


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
@given(case=planted())
@settings(max_examples=25, deadline=None)
def test_what_is_written_later_is_hidden(
    write: Callable[[Any, dict[str, Any]], None], case: tuple[dict[str, Any], list[str]]
) -> None:
    config, cores = case
    folder = tempfile.mkdtemp()

    def give() -> None:
        run = givens.init(dir=folder, reinit="finish_previous")
        write(run, config)
        run.log({"loss": 1.0})
        write(run, config)
        run.finish()

    try:
        content = written(folder, give)
        found = [each for each in cores if each.encode() in content]
        assert not found, (config, found)
    finally:
        shutil.rmtree(folder)
