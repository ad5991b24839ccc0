"""PyYAML writes configs as the plain mappings they are, whenever it was imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import givens
from givens import Config

VALUES: dict[str, Any] = {"lr": 0.1, "model": {"layers": [1, {"dim": 2}], "name": None}, 3: {"a": []}}


class Dumper(yaml.SafeDumper):
    """Somebody's own dumper, with a representer of its own, made before any config was written."""


Dumper.add_representer(complex, lambda dumper, value: dumper.represent_str(str(value)))


@pytest.mark.parametrize(
    "dump",
    [
        yaml.safe_dump,
        yaml.dump,
        lambda it: yaml.dump(it, Dumper=yaml.CSafeDumper),
        lambda it: yaml.dump(it, Dumper=yaml.CDumper),
        lambda it: yaml.dump(it, Dumper=Dumper),
        lambda it: yaml.dump(it, Dumper=Dumper, sort_keys=False, default_flow_style=True),
    ],
    ids=["safe", "plain", "c safe", "c plain", "own", "own with options"],
)
def test_a_config_is_dumped_like_the_dict_it_holds(dump: Any) -> None:
    config = Config(VALUES)
    for live, plain in (
        (config, VALUES),
        (config.model, VALUES["model"]),
        (config.model.layers, VALUES["model"]["layers"]),
        (dict(config), VALUES),
        ([config.model, config.model.layers], [VALUES["model"], VALUES["model"]["layers"]]),
    ):
        assert dump(live) == dump(plain)
    assert yaml.safe_load(dump(config)) == VALUES


def test_the_handle_is_dumped_like_the_config_it_stands_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with givens.init(config={"lr": 0.1, "model": {"layers": [1]}}, mode="disabled"):
        assert yaml.safe_dump(givens.config) == "lr: 0.1\nmodel:\n  layers:\n  - 1\n"
        assert yaml.dump({"c": givens.config}, Dumper=Dumper) == yaml.dump({"c": givens.config.as_dict()})


def test_a_dumper_of_its_own_keeps_its_representers() -> None:
    assert yaml.dump({"z": 2j, "c": Config(a=1j)}, Dumper=Dumper) == "c:\n  a: 1j\nz: 2j\n"


def test_what_yaml_cannot_write_safely_is_refused_inside_a_config_too() -> None:
    with pytest.raises(yaml.representer.RepresenterError):
        yaml.safe_dump(Config(a={"b": {1.5: 1j}}))


@pytest.mark.parametrize("order", ["import yaml; import givens", "import givens; givens.Config(a=1); import yaml"])
def test_it_does_not_matter_which_is_imported_first_and_givens_imports_no_yaml(order: str) -> None:
    program = f"""
import sys
import givens
made = givens.Config(a=[1], b={{"c": 2}})
made.b.c = 3
assert "yaml" not in sys.modules
{order}
print(yaml.safe_dump(made), end="")
print(yaml.dump(made.a), end="")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "a:\n- 1\nb:\n  c: 3\n- 1\n"
