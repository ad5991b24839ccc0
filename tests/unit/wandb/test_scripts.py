"""Whole scripts in the shapes that public examples have, each run as it is, and with ``givens.wandb`` in place of ``wandb``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import givens
from givens.launch.running import Asked, environment_for

SCRIPTS = sorted((Path(__file__).parent / "scripts").glob("*.py"))
#: what a script leaves: the configs of its runs, and which of its results are looked at
LEFT: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "artifacts": ([{"split": 0.8}], {}),
    "boosted_trees": ([{"num_leaves": 31, "metric": ["auc", "binary_logloss"]}], {"auc": 0.9}),
    "config_before_init": (
        [
            {
                "learning_rate": 0.01,
                "batch_size": 64,
                "epochs": 2,
                "dropout": 0.2,
                "optimizer": "adam",
                "momentum": 0.9,
            }
        ],
        {"loss": 0.5},
    ),
    "cross_validation": ([{"fold": 0}, {"fold": 1}, {"fold": 2}, {}], {"mean": 0.6}),
    "distributed": ([{"rank": 0}], {"loss": 0.1}),
    "failures": ([{"lr": 0.1}], {}),
    "image_classifier": (
        [{"lr": 0.01, "epochs": 2, "no_cuda": False, "device": "cpu", "classes": [0, 1, 2]}],
        {"epoch": 1, "best_accuracy": 0.995},
    ),
    "keras_fit": ([{"epochs": 2, "layer_1": 64}], {"loss": 0.5}),
    "reinforcement": ([{"policy_type": "MlpPolicy", "total_timesteps": 5, "env_name": "CartPole-v1"}], {}),
    "resumed": ([{"lr": 0.1}], {"loss": 0.25}),
    "sweeps": ([{"lr": 0.1, "epochs": 2}], {"loss": 0.1}),
    "tables_and_plots": ([{"threshold": 0.5}], {"acc": 0.5, "nested": {"train": {"loss": 0.25}}, "final": 1.5}),
    "trainer_class": ([{"lr": 0.1}], {"train/loss": 1 / 3, "trainer/global_step": 2, "best": 0.9}),
}


@pytest.mark.parametrize("way", ["import wandb", "import givens.wandb as wandb"])
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_runs_to_its_end(folder: Any, script: Path, way: str) -> None:
    text, env = script.read_text("utf-8"), {}
    if way == "import wandb":
        env = environment_for(Asked(as_wandb=True))
    else:
        text = re.sub(r"^(\s*)import wandb$", r"\1import givens.wandb as wandb", text, flags=re.M)
        text = re.sub(r"^import wandb\.(\w+)$", r"import givens.wandb.\1", text, flags=re.M)
        text = re.sub(r"^from wandb\.", "from givens.wandb.", text, flags=re.M)
    said = folder.run(text, env=env).stderr
    if script.stem not in LEFT:
        return  # it looks at what it left itself
    configs, results = LEFT[script.stem]
    stored = folder.runs()
    assert [run.config.as_dict() for run in stored] == configs
    for name, wanted in results.items():
        assert stored[-1].summary[name] == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)
    assert not any(run.summary.keys() & {"table", "image", "Examples"} for run in stored)
    assert said.count("not kept") <= 1


def test_the_scripts_have_the_names_of_public_examples() -> None:
    """What is asked of the face by the scripts, as text: fewer names than these would make the test an easy one."""
    text = "\n".join(path.read_text("utf-8") for path in SCRIPTS)
    names = {*re.findall(r"wandb\.(\w+)", text)}
    assert len(SCRIPTS) >= 12 and len(names) >= 50, json.dumps(sorted(names))


def test_the_version_stands_in_one_place_and_in_what_is_stated_to_libraries() -> None:
    from givens import wandb

    stated = Path(givens.__file__).parent / "launch/as_wandb" / f"wandb-{wandb.__version__}.dist-info/METADATA"
    assert f"Version: {wandb.__version__}\n" in stated.read_text("utf-8")
