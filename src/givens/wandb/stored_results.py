"""What a stored run logged, as rows by step: ``run.history()`` and ``run.scan_history()`` of wandb's ``Api``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from ..api import StoredRun
from ..api.asking import Asking
from ..api.stored.course import course_of
from ..codec import decode


class StoredSummary(dict[str, Any]):
    """Results of a stored run. ``_json_dict`` is what the documentation of wandb's exports reads."""

    @property
    def _json_dict(self) -> dict[str, Any]:
        return dict(self)

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"nothing was logged as {name!r}", name=name) from None


def rows_of(run: StoredRun, keys: Sequence[str] | None = None) -> list[dict[str, Any]]:
    """Every step with what was logged there, in order; with ``keys``, the steps that have all of them.

    Args:
        run: the run.
        keys: names of results; ``_step``, ``_runtime`` (seconds) and ``_timestamp`` are in every row.

    Raises:
        StoreError: the results cannot be read.
    """
    began = run.created_at
    began_s = 0.0 if began is None else began.timestamp()
    wanted = [key for key in keys or run.results if key not in ("_step", "_runtime", "_timestamp")]
    asking = Asking(run.store)
    rows: dict[Any, dict[str, Any]] = {}
    for name in wanted:
        course = course_of(run, name, asking)
        for point in course.points if course is not None else ():
            row = rows.setdefault(point.step, {"_step": point.step})
            if point.seconds is not None:
                row["_runtime"], row["_timestamp"] = point.seconds, began_s + point.seconds
            row[name] = decode(point.value)
    found = [row for row in rows.values() if not keys or all(name in row for name in wanted)]
    return sorted(found, key=lambda row: (row["_step"] is None, row["_step"]))


def sampled(rows: Sequence[Mapping[str, Any]], most: int) -> list[Mapping[str, Any]]:
    """At most so many of them, evenly spread, the last among them."""
    if len(rows) <= most or most < 1:
        return list(rows)
    return [rows[(at + 1) * len(rows) // most - 1] for at in range(most)]


def framed(rows: Sequence[Mapping[str, Any]]) -> Any:
    """A pandas DataFrame; without pandas, the rows themselves."""
    try:
        pandas = import_module("pandas")
    except ImportError:
        return list(rows)
    return pandas.DataFrame(rows)


def between(rows: Sequence[dict[str, Any]], least: int, below: int | None) -> Iterator[dict[str, Any]]:
    """Those of some steps."""
    for row in rows:
        if row["_step"] is None or (row["_step"] >= least and (below is None or row["_step"] < below)):
            yield row
