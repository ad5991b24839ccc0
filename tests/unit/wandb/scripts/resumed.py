"""A preempted job: the id is made once, and the run goes on."""

import os

import wandb

os.environ["WANDB_RESUME"] = "allow"
os.environ["WANDB_SILENT"] = "true"
os.environ[wandb.env.NOTES] = "over night"
run_id = "night7"
for session in (1, 2):
    run = wandb.init(project="digits", id=run_id, resume="allow", config={"lr": 0.1}, allow_val_change=True)
    start = run.step
    assert run.resumed == wandb.run.resumed == (session == 2) and run.starting_step == start == (session - 1) * 2
    if wandb.run.resumed:
        try:
            wandb.restore("checkpoint.pt", replace=True)
        except ValueError:
            print("begins anew")
        except Exception as error:
            print(type(error).__name__, error)
    for step in range(start, start + 2):
        wandb.log({"loss": 1 / (step + 1)}, step=step, commit=True)
    wandb.mark_preempting()
    wandb.finish(exit_code=0, quiet=True)
