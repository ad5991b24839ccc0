"""Exceptions of wandb's in `except` clauses, which are looked at only when something is raised."""

import wandb
import wandb.errors
from wandb.errors import AuthenticationError, CommError, UsageError
from wandb.errors.errors import WaitTimeoutError
from wandb.sdk.lib.config_util import ConfigError

seen = []
for wrong in ({"mode": "nonsense"}, {"id": "no such id / at all"}):
    try:
        wandb.init(project="digits", **wrong)
    except wandb.errors.CommError:
        seen.append("comm")
    except (AuthenticationError, ConfigError, WaitTimeoutError):
        seen.append("other")
    except (wandb.errors.UsageError, wandb.Error):
        seen.append("usage")
assert seen == ["usage", "usage"], seen
try:
    wandb.log({"loss": 1})
except wandb.errors.Error:
    seen.append("log")
assert seen[-1] == "log" and issubclass(CommError, wandb.Error) and UsageError is wandb.UsageError
run = wandb.init(project="digits", config={"lr": 0.1})
try:
    run.use_model("team/model")
except wandb.errors.Error as error:
    print(error)
wandb.termlog("a line")
wandb.termwarn("a warning", repeat=False)
