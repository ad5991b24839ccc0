"""Data and models handed over as artifacts."""

import pathlib

import wandb

run = wandb.init(project="digits", job_type="data", config={"split": 0.8})
artifact = wandb.Artifact("train-data", type="dataset", description="rows", metadata={"rows": 10})
pathlib.Path("data").mkdir()
pathlib.Path("data/a.csv").write_text("1,2")
artifact.add_file("data/a.csv", name="a.csv")
artifact.add_dir("data")
artifact.add_reference("s3://bucket/key")
artifact.add(wandb.Table(columns=["a"], data=[[1]]), "table")
artifact.metadata["shape"] = [1, 2]
artifact.metadata.update({"more": True})
with artifact.new_file("notes.txt", mode="w", encoding="utf-8") as file:
    file.write("words")
with artifact.new_file("weights", mode="wb") as file:
    file.write(b"\x00")
logged = run.log_artifact(artifact, aliases=["latest", "best"])
logged.wait()
print(f"{artifact.name} {artifact.type} {logged.version} {artifact.id}")
assert (artifact.name, artifact.type, artifact.description) == ("train-data", "dataset", "rows")
run.link_artifact(artifact, "team/registry/model")
run.log_model(path="data/a.csv", name="model")
wandb.log_artifact("data/a.csv", name="again", type="dataset")
run.upsert_artifact(artifact)
try:
    stored = run.use_artifact("train-data:latest")
    folder = stored.download()
except Exception as error:
    print(type(error).__name__, error)
assert isinstance(artifact, wandb.Artifact) and not isinstance(artifact, wandb.Table)
assert isinstance(artifact, wandb.sdk.artifacts.artifact.Artifact)
wandb.finish()
