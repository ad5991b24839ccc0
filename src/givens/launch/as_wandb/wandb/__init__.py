"""What ``import wandb`` finds under ``givens run --as-wandb``: the folder above is first on PYTHONPATH."""

import sys

import givens.wandb
from givens.wandb.aliasing import install

install()
sys.modules["wandb"] = givens.wandb
