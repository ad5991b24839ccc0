"""absl's flags, a defaults file and a file of its own."""

import pathlib

import wandb
from absl import flags

flags.DEFINE_string("model", None, "model to run")
flags.DEFINE_float("lr", 0.1, "step size")
pathlib.Path("config-defaults.yaml").write_text(
    "wandb_version: 1\nepochs:\n  desc: Number of epochs to train over\n  value: 100\nbatch_size:\n  desc: Size\n  value: 32\n"
)
pathlib.Path("my_config_file.yaml").write_text("batch_size: 64\n")
flags.FLAGS(["train.py", "--model=vit"])
wandb.init(project="digits", config="my_config_file.yaml")
wandb.config.update(flags.FLAGS)
wandb.config.epochs = 4
wandb.config["train"] = {"epochs": 4}
wandb.config["train"]["epochs"] = 5
wandb.config.update_locked({"seed": 1}, "sweep")
wandb.config.merge_locked({"train": {"warmup": 2}}, "sweep")
wandb.config.persist()
