"""Contexts of click and typer, against the real ones."""

from __future__ import annotations

from typing import Any

import click
import pytest
from click.testing import CliRunner

import givens
from givens.records.layer import Layer
from givens.records.origin import Origin
from givens.sources import read

CODE = Origin("code", "train.py", 7)


def found(layer: Layer) -> dict[Any, tuple[Any, str]]:
    return {entry.path[0]: (entry.value, str(entry.origin)) for entry in layer.entries}


def test_every_parameter_has_the_source_that_click_remembers() -> None:
    layers: list[Layer] = []

    @click.group()
    @click.option("--verbose/--quiet", "-v/-q", help="say more")
    def group(verbose: bool) -> None:
        pass

    @group.command()
    @click.option("--lr", default=0.1, help="the\n rate")
    @click.option("-e", "--epochs", default=1, envvar=["NO_EPOCHS", "EPOCHS"])
    @click.option("--depth", default=4)
    @click.option("--seed", type=int)
    @click.argument("folder")
    @click.pass_context
    def train(context: click.Context, **given: Any) -> None:
        layers.extend(read(context, code=CODE))

    environ = {"EPOCHS": "4", "TRAIN_TRAIN_DEPTH": "8"}
    args = ["-v", "train", "--lr", "0.2", "data"]
    settings = {"auto_envvar_prefix": "TRAIN", "default_map": {"train": {"seed": 5}}}
    CliRunner().invoke(group, args, env=environ, catch_exceptions=False, **settings)
    assert found(layers[0]) == {
        "verbose": (True, "--verbose (typed)"),
        "lr": (0.2, "--lr (typed)"),
        "epochs": (4, "$EPOCHS (--epochs)"),
        "depth": (8, "$TRAIN_TRAIN_DEPTH (--depth)"),
        "seed": (5, "--seed (default map)"),
        "folder": ("data", "folder (typed)"),
    }
    assert layers[0].descriptions == {("verbose",): "say more", ("lr",): "the rate"}


def test_hidden_input_is_a_secret_whatever_its_name() -> None:
    values: list[Any] = []

    @click.command()
    @click.option("--phrase", prompt=True, hide_input=True)
    @click.pass_context
    def login(context: click.Context, phrase: str) -> None:
        values.append(read(context, code=CODE)[0].entries[0].value)

    CliRunner().invoke(login, input="open sesame\n", catch_exceptions=False)
    assert values == ["open sesame"]
    assert isinstance(values[0], givens.Secret)


def test_a_context_of_typer_is_read_like_one_of_click() -> None:
    typer = pytest.importorskip("typer")
    from typer.testing import CliRunner as Runner

    layers: list[Layer] = []
    app = typer.Typer()

    rate = typer.Option(0.1, help="the rate")

    def train(context, lr=rate, n=3):  # type: ignore[no-untyped-def]  # typer asks for the types
        layers.extend(read(context, code=CODE))

    train.__annotations__ = {"context": typer.Context, "lr": float, "n": int}
    app.command()(train)
    Runner().invoke(app, ["--n", "4"], catch_exceptions=False)
    assert found(layers[0]) == {"n": (4, "--n (typed)"), "lr": (0.1, "--lr (default)")}
    assert layers[0].descriptions == {("lr",): "the rate"}
