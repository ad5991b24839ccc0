"""Trainers that speak to wandb, unmodified, under ``givens run --as-wandb``. Need torch and their libraries: ``make libraries``."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("torch", reason="torch is not installed")

TRANSFORMERS = """
import torch
from transformers import BertConfig, BertForSequenceClassification, Trainer, TrainingArguments

sizes = dict(vocab_size=50, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16)
model = BertForSequenceClassification(BertConfig(**sizes, max_position_embeddings=32))
rows = [
    dict(input_ids=torch.randint(0, 50, (8,)), attention_mask=torch.ones(8, dtype=torch.long), labels=torch.tensor(i % 2))
    for i in range(8)
]
args = TrainingArguments(
    output_dir="out", report_to="wandb", run_name="tiny", max_steps=2, logging_steps=1, eval_strategy="steps",
    eval_steps=2, save_strategy="no", use_cpu=True, per_device_train_batch_size=4, learning_rate=0.001,
)
Trainer(model=model, args=args, train_dataset=rows, eval_dataset=rows).train()
"""

LIGHTNING = """
import lightning
import torch
from lightning.pytorch.loggers import WandbLogger


class Model(lightning.LightningModule):
    def __init__(self, lr=0.1, width=4):
        super().__init__()
        self.save_hyperparameters()
        self.layer = torch.nn.Linear(width, 1)

    def training_step(self, batch, at):
        loss = self.layer(batch[0]).pow(2).mean()
        self.log("train/loss", loss)
        return loss

    def configure_optimizers(self):
        return torch.optim.SGD(self.parameters(), lr=self.hparams.lr)


rows = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(torch.randn(8, 4)), batch_size=4)
logger = WandbLogger(project="tiny", name="light", log_model="all")
model = Model()
logger.watch(model)
trainer = lightning.Trainer(
    max_epochs=2, accelerator="cpu", logger=logger, log_every_n_steps=1,
    enable_progress_bar=False, enable_model_summary=False,
)
trainer.fit(model, rows)
logger.log_image("image", images=[torch.zeros(3, 4, 4)])
"""


def _run(folder: Any, source: str) -> str:
    file = folder.write("train.py", source)
    command = [sys.executable, "-m", "givens", "run", "--as-wandb", "--", sys.executable, str(file)]
    env = {**os.environ, "HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder.path, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_trainer_of_transformers_reports_to_givens(folder: Any) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed")
    _run(folder, TRANSFORMERS)
    run = folder.only()
    assert (run.project, run.name, run.state) == ("huggingface", "tiny", "finished")
    assert run.config.learning_rate == 0.001 and run.config.model_type == "bert"
    assert run.config["model/num_parameters"] > 0
    assert {"train/loss", "train/learning_rate", "eval/loss", "train/global_step"} <= run.summary.keys()
    origin = run.explain("learning_rate").origin
    assert origin.file == os.path.join("transformers", "integrations", "integration_utils.py")


def test_lightnings_logger_reports_to_givens(folder: Any) -> None:
    pytest.importorskip("lightning", reason="lightning is not installed")
    said = _run(folder, LIGHTNING)
    run = folder.only()
    assert (run.project, run.name, run.state) == ("tiny", "light", "finished")
    assert run.config.as_dict() == {"lr": 0.1, "width": 4}
    assert run.results["train/loss"].times == 4 and run.summary["trainer/global_step"] == 3
    (line,) = [line for line in said.splitlines() if "not kept" in line]
    assert "watch" in line and "Image" in line and "Artifact" in line
