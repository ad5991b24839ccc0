"""Everything that can be looked at, among results that are numbers."""

import wandb
import wandb.plot
from wandb.data_types import Html, Table
from wandb.sdk.data_types.base_types.wb_value import WBValue

wandb.init(project="digits", config={"threshold": 0.5})
table = wandb.Table(columns=["id", "guess"], data=[[1, "a"]])
table.add_data(2, "b")
table.add_column("score", [1, 2])
more = wandb.Table(columns=table.columns, data=table.data)
x, y = [0, 1], [[1, 2], [3, 4]]
wandb.log(
    {
        "acc": 0.5,
        "table": table,
        "again": more,
        "roc": wandb.plot.roc_curve([0, 1], [[0.5, 0.5], [0.1, 0.9]], labels=["a", "b"]),
        "matrix": wandb.plot.confusion_matrix(probs=None, y_true=x, preds=x, class_names=["a", "b"]),
        "series": wandb.plot.line_series(xs=x, ys=y, keys=["a", "b"], title="t", xname="step"),
        "line": wandb.plot.line(table, "id", "score", title="t"),
        "bars": wandb.plot.bar(table, "id", "score"),
        "custom": wandb.plot_table("team/preset", table, {"x": "id"}, {}),
        "histogram": wandb.Histogram([1, 2, 3]),
        "page": Html("<p>hello"),
        "sound": wandb.Audio([0.0], sample_rate=16000),
        "video": wandb.Video("a.mp4", fps=4, format="mp4"),
        "points": wandb.Object3D({"type": "lidar/beta"}),
        "masks": wandb.Image([[0]], masks={"pred": {"mask_data": [[0]]}}, classes=wandb.Classes([{"id": 0}])),
        "nested": {"train": {"image": wandb.Image([[0]]), "loss": 0.25}, "only": [wandb.Image([[0]])]},
        "by_name": {"a": wandb.Image([[0]])},
    }
)
assert isinstance(table, Table) and isinstance(table, WBValue)
wandb.sklearn.plot_classifier(None, x, x, x, x, y, y, ["a"], model_name="svm")
wandb.run.summary["table"] = table
wandb.summary.update({"final": 1.5, "image": wandb.Image([[0]])})
wandb.finish()
