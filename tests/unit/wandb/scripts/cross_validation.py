"""One run for each fold, in groups; older scripts end them with `join`."""

import wandb

results = []
for fold in range(3):
    run = wandb.init(
        project="digits", group="cv", job_type="fold", name=f"fold-{fold}", config={"fold": fold}, reinit=True
    )
    assert run is wandb.run
    run.log({"val_acc": 0.5 + fold / 10})
    results.append(wandb.summary["val_acc"])
    wandb.join()
with wandb.init(project="digits", name="mean", reinit="finish_previous") as run:
    run.log({"mean": sum(results) / 3})
