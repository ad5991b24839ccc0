"""A script that also knows sweeps; started by itself it trains once."""

import sys

import wandb

defaults = {"lr": 0.1, "epochs": 2}
sweep_config = {"method": "random", "metric": {"name": "loss", "goal": "minimize"}, "parameters": {"lr": {"min": 0.0}}}


def train(config=None):
    with wandb.init(project="digits", config=config):
        config = wandb.config
        for _ in range(config.epochs):
            wandb.log({"loss": config.lr})


train(defaults)
try:
    sweep_id = wandb.sweep(sweep_config, project="digits")
    wandb.agent(sweep_id, function=train, count=5)
except wandb.Error as error:
    print(error, file=sys.stderr)
    assert "givens.init(config=" in str(error)
