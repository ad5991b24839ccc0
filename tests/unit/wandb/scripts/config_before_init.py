"""`wandb.config` taken at the top of the module, filled before and after `init`."""

import wandb

config = wandb.config
config.learning_rate = 0.01
config.batch_size = 64

run = wandb.init(project="digits", config={"epochs": 2})
config.dropout = 0.2
run.config.update({"optimizer": "adam"}, allow_val_change=True)
wandb.config.setdefaults({"batch_size": 1, "momentum": 0.9})

seen = dict(wandb.config.items())
assert seen == dict(wandb.config) == wandb.config.as_dict()
assert "momentum" in wandb.config.keys() and wandb.config.get("absent", 7) == 7
assert getattr(config, "absent", 3) == 3 and hasattr(config, "dropout")
for key in config:
    assert config[key] == getattr(config, key)
wandb.log({"loss": 0.5})
wandb.finish()
