"""``wandb.Api()``, as far as the local store has the answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from ..api import StoredRun, open_run
from ..errors import NotSupportedError, RunNotFoundError
from .failures import UnknownRunError
from .filters import as_filter
from .refused import API_REFUSED, refusal
from .stored_results import StoredSummary, between, framed, rows_of, sampled

_ORDER = {"created_at": "run.created", "heartbeat_at": "run.created", "name": "run.id", "display_name": "run.name"}


class PublicRun:
    """A stored run with the names that wandb's has. It cannot be written; ``givens.edit`` changes stored runs."""

    def __init__(self, stored: StoredRun) -> None:
        self.stored = stored
        self.id, self.name, self.state = stored.id, stored.name, stored.state
        self.project, self.group, self.job_type = stored.project, stored.group, stored.job_type
        self.tags, self.notes, self.url, self.entity = list(stored.tags), stored.notes, None, None

    def __repr__(self) -> str:
        return f"<Run {'/'.join(self.path)} ({self.state})>"

    @property
    def config(self) -> dict[str, Any]:
        """Its configuration, without keys that begin with ``_``, as wandb gives it."""
        return {key: value for key, value in self.stored.config.as_dict().items() if not str(key).startswith("_")}

    @property
    def rawconfig(self) -> dict[str, Any]:
        """Its configuration."""
        found: dict[str, Any] = self.stored.config.as_dict()
        return found

    @property
    def summary(self) -> StoredSummary:
        """Its results."""
        return StoredSummary(self.stored.summary)

    @property
    def summary_metrics(self) -> dict[str, Any]:
        """Its results."""
        return dict(self.stored.summary)

    def history(
        self,
        samples: int = 500,
        keys: Sequence[str] | None = None,
        x_axis: str = "_step",
        pandas: bool = True,
        stream: str = "default",
    ) -> Any:
        """What it logged: a DataFrame with a row for each step, or a list of dictionaries.

        Args:
            samples: how many rows at most, evenly spread.
            keys: only these results, and only steps that have all of them.
            x_axis: rows without this one are left out, and the others are in its order.
            pandas: whether it is to be a DataFrame; without pandas it is a list all the same.
            stream: without effect.
        """
        rows: Sequence[Any] = rows_of(self.stored, keys if x_axis.startswith("_") or not keys else [*keys, x_axis])
        if not x_axis.startswith("_"):
            rows = sorted((row for row in rows if x_axis in row), key=lambda row: row[x_axis])
        rows = sampled(rows, samples)
        return framed(rows) if pandas else rows

    def scan_history(
        self,
        keys: Sequence[str] | None = None,
        page_size: int = 1000,
        min_step: int | None = None,
        max_step: int | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Every step that it logged, as a dictionary; with ``keys``, the steps that have all of them."""
        return between(rows_of(self.stored, keys), min_step or 0, max_step)

    @property
    def lastHistoryStep(self) -> int:
        """The last step that it logged; -1 of a run without results."""
        steps = [found.last_step for found in self.stored.results.values() if isinstance(found.last_step, int)]
        return max(steps, default=-1)

    @property
    def user(self) -> str:
        """Who ran it."""
        return str((self.stored.folded.state.start or {}).get("user") or self.stored.surroundings.get("user") or "")

    @property
    def path(self) -> list[str]:
        """``[project, id]``."""
        return [self.project or "uncategorized", self.id]

    @property
    def created_at(self) -> str:
        """When it began, as ISO 8601 text in UTC."""
        return str((self.stored.folded.state.start or {}).get("t", ""))

    @property
    def metadata(self) -> dict[str, Any]:
        """What is known of its surroundings."""
        return {**self.stored.surroundings, "host": self.stored.host, "python": self.stored.python}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        raise NotSupportedError(f"{name} of a stored run", "givens.open(id) has its config, results and history")


class Runs(Sequence[PublicRun]):
    """The runs that pass a filter, read when they are looked at."""

    def __init__(self, found: Any) -> None:
        self._found = found

    def __len__(self) -> int:
        return len(self._found)

    @overload
    def __getitem__(self, at: int) -> PublicRun: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[PublicRun]: ...
    def __getitem__(self, at: int | slice) -> PublicRun | Sequence[PublicRun]:
        return Runs(self._found[at]) if isinstance(at, slice) else PublicRun(self._found[at])

    def __iter__(self) -> Iterator[PublicRun]:
        for stored in self._found:
            yield PublicRun(stored)


class Api:
    """The local store, asked in wandb's words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.default_entity = None

    def runs(
        self, path: str | None = None, filters: Mapping[str, Any] | None = None, order: str = "+created_at", **more: Any
    ) -> Runs:
        """Runs that pass a filter.

        Args:
            path: ``entity/project`` or ``project``; None for every project.
            filters: in MongoDB's form.
            order: ``+created_at``, ``-summary_metrics.val_acc``, ``+config.lr``.
            more: ``per_page`` and its like, without effect.

        Raises:
            NotSupportedError: a filter or an order that our language has no word for.
        """
        from ..api import runs

        project = path.strip("/").rpartition("/")[2] if path else None
        return Runs(runs(as_filter(filters), project=project).sort(_sort_key(order)))

    def run(self, path: str = "") -> PublicRun:
        """One run: ``entity/project/id``, ``project/id`` or the id alone.

        Raises:
            UnknownRunError: there is none; a CommError, as in wandb.
        """
        try:
            return PublicRun(open_run(path.strip("/").rpartition("/")[2] or "last"))
        except RunNotFoundError as error:
            raise UnknownRunError(error.ref, error.store, error.nearest) from error

    def flush(self) -> None:
        """Nothing is kept here that could be out of date."""

    def __getattr__(self, name: str) -> Any:
        if name in API_REFUSED:
            return refusal(name, API_REFUSED)
        raise AttributeError(f"Api has no {name!r}", name=name)


def _sort_key(order: str) -> str:
    down, name = ("-" if order.startswith("-") else ""), order.lstrip("+-")
    if name in _ORDER:
        return down + _ORDER[name]
    if name.startswith("summary_metrics."):
        return down + "summary." + name.removeprefix("summary_metrics.")
    if name.startswith(("config.", "summary.")):
        return down + name
    raise NotSupportedError(f"the order {order!r}", "sort by created_at, config.… or summary_metrics.…")
