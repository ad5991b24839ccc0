"""Callbacks handed to a `fit`, one of them subclassed with `super()`."""

import wandb
from wandb.integration.keras import WandbEvalCallback, WandbMetricsLogger, WandbModelCheckpoint
from wandb.keras import WandbCallback

wandb.init(project="digits", config={"epochs": 2, "layer_1": 64}, magic=True)


class Predictions(WandbEvalCallback):
    def __init__(self, data, num_samples=2):
        super().__init__(data_table_columns=["idx", "image"], pred_table_columns=["epoch", "idx", "pred"])
        self.data, self.num_samples = data, num_samples

    def add_ground_truth(self, logs=None):
        for idx, image in enumerate(self.data[: self.num_samples]):
            self.data_table.add_data(idx, wandb.Image(image))

    def add_model_predictions(self, epoch, logs=None):
        table_idxs = self.data_table_ref.get_index()
        for idx in table_idxs:
            self.pred_table.add_data(epoch, self.data_table_ref.data[idx][0], 0)


class Logger(WandbCallback):
    def on_epoch_end(self, epoch, logs=None):
        super().on_epoch_end(epoch, logs)
        wandb.log({"loss": logs["loss"], "epoch": epoch})


callbacks = [
    WandbMetricsLogger(log_freq=5),
    WandbModelCheckpoint("models"),
    Predictions([[0]]),
    Logger(monitor="val_loss", save_model=False, log_weights=True, training_data=([0], [1])),
]
for callback in callbacks:
    callback.set_params({"epochs": 2})
    callback.set_model(object())
    callback.on_train_begin()
for epoch in range(wandb.config.epochs):
    for callback in callbacks:
        callback.on_epoch_begin(epoch)
        callback.on_batch_end(0, logs={})
        callback.on_epoch_end(epoch, logs={"loss": 1 / (epoch + 1)})
for callback in callbacks:
    callback.on_train_end()
wandb.finish()
