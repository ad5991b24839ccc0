"""Stored runs asked for, as the documentation's page about exports does."""

import wandb

for lr in (0.1, 0.01, 0.001):
    with wandb.init(
        project="digits", name=f"lr-{lr}", config={"lr": lr, "net": {"depth": 2}, "_hidden": 1}, reinit=True
    ) as run:
        for step in range(4):
            run.log({"loss": lr * (4 - step), "acc": 1 - lr})
        run.tags = ("sweep",)

api = wandb.Api(timeout=30, overrides={"entity": "team"})
runs = api.runs("team/digits")
summaries, configs, names = [], [], []
for run in runs:
    summaries.append(run.summary._json_dict)
    configs.append({k: v for k, v in run.config.items() if not k.startswith("_")})
    names.append(run.name)
assert names == ["lr-0.1", "lr-0.01", "lr-0.001"] and len(runs) == 3, names
assert configs[0] == {"lr": 0.1, "net": {"depth": 2}} and summaries[0]["acc"] == 0.9

small = api.runs(
    path="team/digits", filters={"$and": [{"config.lr": {"$lt": 0.05}}, {"state": "finished"}]}, per_page=50
)
assert [run.config["lr"] for run in small] == [0.01, 0.001]
assert len(api.runs("digits", filters={"display_name": "lr-0.1"})) == 1
assert len(api.runs("digits", filters={"display_name": {"$regex": "^lr-0.0"}})) == 2
assert len(api.runs("digits", {"tags": {"$in": ["sweep", "other"]}, "config.net.depth": 2})) == 3
assert len(api.runs("digits", {"$or": [{"config.lr": 0.1}, {"summary_metrics.acc": {"$gt": 0.99}}]})) == 2
assert len(api.runs("digits", {"config.absent": None})) == 3
assert len(api.runs("digits", {"config.lr": {"$nin": [0.1]}, "tags": {"$nin": ["bad"]}})) == 2
best = api.runs("digits", order="-summary_metrics.acc")[0]
assert best.config["lr"] == 0.001 and best.summary.get("acc") == 0.999 and best.state == "finished"

run = api.run(f"team/digits/{best.id}")
assert [row["loss"] for row in run.scan_history(keys=["loss"])] == [0.001 * (4 - step) for step in range(4)]
rows = run.history(keys=["loss", "acc"], pandas=False)
assert len(rows) == 4 and rows[3]["_step"] == 3 and run.lastHistoryStep == 3
assert run.user is not None and run.metadata["host"] and run.tags == ["sweep"] and run.path[-1] == run.id
assert run.summary["loss"] == run.summary.get("loss") and "loss" in run.summary
try:
    api.run("team/digits/absent")
except wandb.errors.CommError:
    pass
else:
    raise SystemExit("found a run that is not there")
try:
    api.artifact("team/digits/data:latest")
except wandb.Error as error:
    assert "local store" in str(error)
