"""The shape of most examples: arguments into the config, results in a loop, the model saved beside."""

import argparse
import os

import wandb

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--no-cuda", action="store_true", default=False)
args = parser.parse_args()

wandb.login(key=os.getenv("WANDB_API_KEY"))
wandb.init(
    project="digits",
    entity="team",
    config=args,
    settings=wandb.Settings(start_method="fork"),
    tags=["baseline"],
    anonymous="allow",
)
wandb.config.update({"device": "cpu", "classes": list(range(3))})
config = wandb.config
model = object()
wandb.watch(model, log="all", log_freq=10)

best = 0.0
for epoch in range(config.epochs):
    accuracy = 1 - config.lr / (epoch + 1)
    examples = [wandb.Image([[0, 1], [1, 0]], caption=f"Pred: {label} Truth: {label}") for label in config.classes]
    wandb.log({"Examples": examples, "Test Accuracy": 100.0 * accuracy, "Test Loss": 1 - accuracy, "epoch": epoch})
    if accuracy > best:
        best = accuracy
        wandb.run.summary["best_accuracy"] = accuracy

with open(os.path.join(wandb.run.dir, "model.h5"), "w") as file:
    file.write("weights")
wandb.save("model.h5")
wandb.save(os.path.join(wandb.run.dir, "*.h5"), base_path=wandb.run.dir, policy="now")
wandb.unwatch(model)
print(f"{wandb.run.name}: {wandb.run.get_url()} {wandb.run.url}")
