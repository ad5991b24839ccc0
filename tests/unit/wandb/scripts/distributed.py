"""Only the first process logs; the others are disabled, or hold no run at all."""

import os

import wandb

rank = int(os.environ.get("MY_RANK", "0"))
wandb.setup()
wandb.require("core")
for turn in (0, 1):
    run = wandb.init(
        project="digits", config={"rank": rank + turn}, mode="online" if turn == 0 else "disabled", reinit=True
    )
    run.log({"loss": 0.1})
    wandb.log({"image": wandb.Image([[0]])})
    run.finish()
if wandb.run is not None:
    raise SystemExit("a run is left")
if wandb.run:
    raise SystemExit("a run is left")
wandb.teardown()
