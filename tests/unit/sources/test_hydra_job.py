"""What a Hydra job composed, against the real Hydra."""

from __future__ import annotations

import importlib.util
import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Folder

if importlib.util.find_spec("hydra") is None:
    pytest.skip("hydra is not installed", allow_module_level=True)

JOB = """
import json
import hydra
import givens

@hydra.main(version_base=None, config_path="conf", config_name="config")
def main(cfg):
    given = cfg
    run = givens.init(config=cfg)
    keys = ("lr", "seed", "model.name", "model.depth", "model.heads", "x.y", "extra", "db.password")
    print(json.dumps({key: [givens.flatten(run.config).get(key), str(run.explain(key))] for key in keys}))

main()
"""


@pytest.fixture
def job(folder: Folder) -> Folder:
    folder.write(
        "conf/config.yaml", "defaults:\n  - model: resnet\n  - _self_\n\nlr: 0.1\nseed: 3\ndb:\n  password: null\n"
    )
    folder.write("conf/model/resnet.yaml", "name: resnet\ndepth: 18\n")
    folder.write("conf/model/vit.yaml", "name: vit\ndepth: 12\nheads: ${seed}\n")
    folder.write("conf/experiment/big.yaml", "# @package _global_\nextra: 7\n")
    return folder


def test_overrides_and_files_are_the_origins_of_a_composed_config(job: Folder) -> None:
    args = (
        "model=vit",
        "model.depth=3",
        "+x.y=[1,2]",
        "+experiment=big",
        "db.password=hunter2hunter2",
        "hydra.run.dir=.",
    )
    done = job.run(JOB, *args, options=("-W", "ignore"))
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lr"][0] == 0.1 and "conf/config.yaml:5:5" in found["lr"][1]
    assert found["model.name"][0] == "vit" and "conf/model/vit.yaml:1:7 (model=vit, override)" in found["model.name"][1]
    assert found["model.depth"][0] == 3 and "model.depth (override" in found["model.depth"][1]
    assert found["model.heads"][0] == 3 and "${seed}" in found["model.heads"][1]
    assert found["x.y"][0] == [1, 2] and "x.y (override" in found["x.y"][1]
    assert found["extra"][0] == 7 and "conf/experiment/big.yaml:2:8" in found["extra"][1]
    assert all("hunter2hunter2" not in explained for _, explained in found.values())
    journal = next((job.path / ".givens" / "runs").glob("*.jsonl")).read_text()
    assert "hunter2hunter2" not in journal


def test_a_value_that_the_script_changed_is_not_ascribed_to_the_override(job: Folder) -> None:
    script = JOB.replace("given = cfg", "cfg.lr = 0.7")
    done = job.run(
        script, "lr=0.5", "+x.y=1", "+model.heads=2", "+extra=1", "hydra.run.dir=.", options=("-W", "ignore")
    )
    value, explained = json.loads(done.stdout.splitlines()[-1])["lr"]
    assert value == 0.7
    assert "override" not in explained
