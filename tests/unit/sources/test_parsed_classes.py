"""What tyro, simple-parsing, draccus and HfArgumentParser made of a command line, against the real ones.

Each in a process of its own, since a command line belongs to one, and importing some of them warns.
"""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING, Any

import pytest

from givens.sources.parsed_classes import says

if TYPE_CHECKING:
    from tests.conftest import Folder

PROGRAM = """
import json
from dataclasses import dataclass, field
from pathlib import Path
{library}
from givens.records.origin import Origin
from givens.sources import read

@dataclass
class Train:
    learning_rate: float = 0.2
    fast: bool = True
    out: Path = Path("a")

@dataclass
class Options:
    seed: int = 0
    train: Train = field(default_factory=Train)

options = {parse}
(layer,) = read(options, code=Origin("code", "train.py", 1))
origins = {{entry.path: entry.origin for entry in layer.entries}} | layer.origins
print(json.dumps({{".".join(path): [origin.kind, origin.name, origin.note] for path, origin in origins.items()}}))
"""
NESTED = ("--seed", "0", "--train.learning_rate", "0.1", "--train.out=b")


def parsed(folder: Folder, module: str, library: str, parse: str, args: tuple[str, ...]) -> dict[str, Any]:
    if importlib.util.find_spec(module) is None:
        pytest.skip(f"{module} is not installed")
    done = folder.run(PROGRAM.format(library=library, parse=parse), *args, options=("-W", "ignore"))
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


@pytest.mark.parametrize(
    ("module", "kind", "parse", "args"),
    [
        ("tyro", "tyro", "tyro.cli(Options)", (*NESTED, "--train.no-fast")),
        ("draccus", "draccus", "draccus.parse(Options)", (*NESTED, "--train.fast=false")),
    ],
)
def test_flags_with_sections_are_the_origin_of_what_was_typed(
    folder: Folder, module: str, kind: str, parse: str, args: tuple[str, ...]
) -> None:
    found = parsed(folder, module, f"import {module}", parse, args)
    assert found["seed"] == [kind, "--seed", "typed"]  # although it is the default's value
    assert found["train.learning_rate"] == [kind, "--train.learning_rate", "typed"]
    assert found["train.out"] == [kind, "--train.out", "typed"]
    assert found["train.fast"][0] == kind


def test_simple_parsing_leaves_out_the_sections(folder: Folder) -> None:
    args = ("--learning_rate", "0.1")
    found = parsed(folder, "simple_parsing", "import simple_parsing", "simple_parsing.parse(Options)", args)
    assert found["train.learning_rate"] == ["simple-parsing", "--learning_rate", "typed"]
    assert found["train.fast"] == ["dataclass", "Train.fast", "default"]
    assert found["seed"] == ["dataclass", "Options.seed", "default"]


def test_what_the_script_made_itself_is_not_ascribed_to_a_flag(folder: Folder) -> None:
    args = ("--seed", "3", "--learning_rate", "0.1")
    found = parsed(folder, "tyro", "import tyro", "Options(seed=4, train=Train(learning_rate=0.5))", args)
    assert found["seed"] == ["dataclass", "Options.seed", None]
    assert found["train.learning_rate"] == ["dataclass", "Train.learning_rate", None]


HUGGING_FACE = """
import json, warnings
from transformers import HfArgumentParser, TrainingArguments
import givens

(args,) = HfArgumentParser(TrainingArguments).parse_args_into_dataclasses()
run = givens.init(config=args)
explained = run.explain("learning_rate")
print(json.dumps([run.config.learning_rate, str(explained), str(run.explain("weight_decay"))]))
"""


def test_training_arguments_of_transformers_are_a_config(folder: Folder) -> None:
    for module in ("transformers", "torch", "accelerate"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    args = ("--learning_rate", "1e-4", "--output_dir", "out", "--use_cpu")
    done = folder.run(HUGGING_FACE, *args, options=("-W", "ignore"), timeout_s=180)
    rate, explained, default = json.loads(done.stdout.splitlines()[-1])
    assert rate == 1e-4
    assert "--learning_rate (typed)" in explained
    assert "TrainingArguments.weight_decay (default" in default
    run = folder.only()
    assert run.config["output_dir"] == "out"
    assert run.config["learning_rate"] == 1e-4


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.1", 0.1),
        ("1_000", 1000),
        ("true", True),
        ("off", False),
        (None, True),
        ("--next", True),
        ("none", None),
        ("x", "x"),
        ("1 2", [1, 2]),
    ],
)
def test_a_text_that_means_the_value(text: str | None, value: Any) -> None:
    assert says(text, value)


@pytest.mark.parametrize(
    ("text", "value"), [("0.2", 0.1), ("a", 1), ("false", True), (None, False), ("y", "x"), ("1", None)]
)
def test_a_text_that_means_another(text: str | None, value: Any) -> None:
    assert not says(text, value)
