"""Everything that is measured, in the order of the tables."""

from __future__ import annotations

from adapters import (
    aim_,
    clearml_,
    givens_,
    ml_collections_,
    mlflow_,
    omegaconf_,
    plain,
    sacred_,
    swanlab_,
    trackio_,
    wandb_,
)
from adapters.tool import Tool

GIVENS = givens_.TOOL
TOOLS: tuple[Tool, ...] = (
    GIVENS,
    wandb_.TOOL,
    mlflow_.SQLITE,
    mlflow_.FILES,
    trackio_.TOOL,
    aim_.TOOL,
    swanlab_.TOOL,
    sacred_.TOOL,
    clearml_.TOOL,
    omegaconf_.TOOL,
    ml_collections_.TOOL,
    plain.EASYDICT,
    plain.DICT,
    plain.NAMESPACE,
)


def tool_of(name: str) -> Tool:
    """The tool of a name."""
    return next(tool for tool in TOOLS if tool.name == name)
