"""All runs in an order at once: the same order as a query's, whatever the values are."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pytest

import givens
from givens.api.page.run_orders import order_of
from givens.index import Index, open_index
from givens.journal.layout import Store
from givens.query.table import RunQuery

VALUES = [3, 1.5, "b", None, True, 2**60, 2**60 + 1, -(2**60), math.nan, math.inf, "a", [1, 2], False, 1.5, (3,), "10"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("orders")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GIVENS_SILENT", "1")
        patch.setenv("GIVENS_SURROUNDINGS", "0")
        for number, value in enumerate([*VALUES, ...]):
            config = {"odd": number % 2} if value is ... else {"x": value, "odd": number % 2}
            run = givens.init(dir=str(folder), project=f"p{number % 3}", id=f"run{number:02}", config=config)
            if number % 4:
                run.log({"loss": -number % 5})
            run.finish()
    with open_index(Store(str(folder / ".givens"))) as opened:
        opened.refresh()
        yield opened


@pytest.mark.parametrize("filter", ["", "odd == 1", "exists(x)"])
@pytest.mark.parametrize(
    "sort", ["x", "-x", "loss", "-max(loss)", "min(loss)", "run.created", "-run.created", "run.name", "odd,-x"]
)
def test_the_order_is_the_query_s(index: Index, filter: str, sort: str) -> None:
    query = RunQuery(index, filter).sort(sort)
    question = query.question()
    question.few = 0  # as if there were very many runs
    found = list(order_of(question, query.order))
    assert found == RunQuery(index, filter).question().runs(query.order)
    for most in (1, 4, len(VALUES) - 2, 100):  # within the numbers, within the rest, among those without a value
        assert list(order_of(question, query.order, most))[:most] == found[:most]
