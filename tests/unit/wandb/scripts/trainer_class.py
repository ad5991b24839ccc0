"""A logger of a trainer: types of wandb's in annotations, a run kept as an attribute."""

from __future__ import annotations

import wandb
import wandb.sdk
from wandb.sdk.lib import RunDisabled
from wandb.sdk.lib.runid import generate_id
from wandb.sdk.wandb_config import Config
from wandb.sdk.wandb_run import Run
from wandb.wandb_run import Run as OldRun

assert wandb.__version__


class Logger:
    def __init__(self, project: str, name: str, **kwargs) -> None:
        self.run: wandb.sdk.wandb_run.Run = wandb.init(project=project, reinit=True, id=generate_id(), **kwargs)
        self.run.name = name
        self.run.save()
        self.run.notes = "first try"
        self.run.tags = self.run.tags + ("second",)
        self.run._label(code="mine", repo="vision")
        self.run.log_code(".")
        self.run.define_metric("trainer/global_step")
        self.run.define_metric("*", step_metric="trainer/global_step", step_sync=True)

    def log(self, values: dict, step: int) -> None:
        self.run.log({f"train/{name}": value for name, value in values.items()} | {"trainer/global_step": step})

    def close(self) -> None:
        self.run.summary.update({"best": 0.9})
        self.run.alert(title="done", text="it is done", level=wandb.AlertLevel.INFO, wait_duration=300)
        self.run.finish(exit_code=0)


logger = Logger("digits", "calm", config={"lr": 0.1}, tags=["first"])
run = wandb.run
assert isinstance(run, Run) and isinstance(run, wandb.wandb_sdk.wandb_run.Run) and OldRun is Run is wandb.Run
assert not isinstance(run, RunDisabled) and not isinstance(run, wandb.sdk.lib.disabled.RunDisabled)
assert isinstance(run.config, Config) and run.step == 0 and run.starting_step == 0 and not run.resumed
assert len(generate_id()) == 8 and len(wandb.util.generate_id()) == 8
assert run.settings.mode and run.sweep_id is None
for step in range(3):
    logger.log({"loss": 1 / (step + 1)}, step)
print(wandb.run.get_project_url(), run.project_name(), run.entity, run.path, run.start_time)
logger.close()
assert wandb.run is None
