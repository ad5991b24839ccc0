"""Gradient boosting: a callback factory, decorators, and what is logged after."""

import wandb
from wandb.integration.catboost import WandbCallback as CatBoostCallback
from wandb.integration.lightgbm import log_summary, wandb_callback
from wandb.integration.metaflow import wandb_log
from wandb.lightgbm import wandb_callback as older

wandb.init(project="trees", config={"num_leaves": 31, "metric": ["auc", "binary_logloss"]})
callbacks = [wandb_callback(), older(define_metric=True)]
before = [one for one in callbacks if getattr(one, "before_iteration", False)]
assert not before and sorted(callbacks, key=lambda one: one.__dict__.setdefault("order", 1)) == callbacks
for one in {*callbacks}:
    one({"iteration": 1})
assert CatBoostCallback().after_iteration({"iteration": 1})
log_summary(object(), save_model_checkpoint=True)


@wandb_log(datasets=True, models=True)
class Flow:
    answer = 42


@wandb_log
def step():
    return 43


assert Flow.answer == 42 and step() == 43
wandb.run.summary["auc"] = 0.9
