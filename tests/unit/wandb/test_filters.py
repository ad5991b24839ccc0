"""wandb's filters in our words."""

from __future__ import annotations

from typing import Any

import pytest

from givens.errors import NotSupportedError
from givens.query.parser import parse
from givens.wandb.filters import as_filter


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        (None, ""),
        ({}, ""),
        ({"config.lr": 0.1}, "config.lr == 0.1"),
        ({"config.lr.value": 0.1}, "config.lr == 0.1"),
        ({"config.model.depth": {"$gt": 2, "$lte": 8}}, "config.model.depth > 2 and config.model.depth <= 8"),
        ({"summary_metrics.val_acc": {"$gte": 0.9}}, "summary.val_acc >= 0.9"),
        ({"config.debug": {"$exists": False}}, "missing(config.debug)"),
        ({"config.seed": None}, "(missing(config.seed) or config.seed is None)"),
        ({"config.seed": {"$ne": None}}, "not (missing(config.seed) or config.seed is None)"),
        ({"config.seed": {"$ne": 1}}, "not (config.seed == 1)"),
        ({"config.seed": {"$not": {"$gt": 1}}}, "not (config.seed > 1)"),
        ({"group": None}, "(missing(run.group))"),
        ({"$nor": [{"config.lr": 0.1}, {"tags": "x"}]}, 'not (config.lr == 0.1) and not (("x" in tags))'),
        ({"display_name": {"$regex": "^lr-0\\.1$"}}, 'matches(run.name, "lr-0.1")'),
        ({"config.model": {"$regex": "vit.*b."}}, 'matches(config.model, "*vit*b?*")'),
        ({"config.model": {"$regex": "^a.+\\?"}}, 'matches(config.model, "a?*[?]*")'),
        ({"config.flag": True}, "config.flag == True"),
        ({"state": "crashed"}, 'run.state == "lost"'),
        ({"display_name": 'a "b"'}, 'run.name == "a \\"b\\""'),
        ({"tags": "best"}, '("best" in tags)'),
        ({"tags": {"$in": ["a", "b"]}}, '("a" in tags or "b" in tags)'),
        ({"config.model": {"$nin": ["vit", "mlp"]}}, 'not (config.model in ["vit", "mlp"])'),
        (
            {"$or": [{"config.lr": 0.1}, {"state": "finished"}], "group": "g"},
            '((config.lr == 0.1) or (run.state == "finished")) and run.group == "g"',
        ),
        ({"$and": [{"config.lr": 0.1}, {"$not": {"tags": "x"}}]}, '((config.lr == 0.1) and (not (("x" in tags))))'),
    ],
)
def test_filters_in_mongos_form_are_said_in_ours(filters: Any, text: str) -> None:
    assert as_filter(filters) == text
    if text:
        parse(text)


@pytest.mark.parametrize(
    "filters",
    [
        {"$near": []},
        {"config.lr": {"$regex": "a|b"}},
        {"config.lr": {"$regex": "(a)"}},
        {"config.lr": {"$size": 2}},
        {"config.lr": {"$eq": [1]}},
        {"unknown_field": 1},
        [1],
    ],
)
def test_what_has_no_word_in_ours_is_an_error_that_says_what_to_do(filters: Any) -> None:
    with pytest.raises(NotSupportedError, match="givens"):
        as_filter(filters)
