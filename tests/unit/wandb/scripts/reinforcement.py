"""Reinforcement learning: callbacks whose answer decides whether training goes on, TensorBoard and gym patched."""

import wandb
from wandb.integration.sb3 import WandbCallback

config = {"policy_type": "MlpPolicy", "total_timesteps": 5, "env_name": "CartPole-v1"}
run = wandb.init(project="sb3", config=config, sync_tensorboard=True, monitor_gym=True, save_code=True)
wandb.tensorboard.patch(root_logdir=f"runs/{run.id}", pytorch=True)
wandb.gym.monitor()
callback = WandbCallback(gradient_save_freq=100, model_save_path=f"models/{run.id}", verbose=2)
callback.init_callback(object())
callback.on_training_start({}, {})
steps = 0
while steps < run.config["total_timesteps"]:
    if callback.on_step() is False or not callback.on_step():
        break
    steps += 1
assert steps == 5, steps
run.finish()
