"""Earlier runs as a configuration: what ``run:…`` leads to in the store that a run is written to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import RunNotFoundError, StoreError
from ..journal.layout import Store

if TYPE_CHECKING:
    from ..sources.earlier_run import FindRun, Found


def finder(store: Store, project: str | None) -> FindRun:
    """What finds an earlier run of a store by id, exact name, first letters of an id, or ``last``.

    Args:
        store: where to look.
        project: ``last`` is this project's newest run if it has any, else the store's.
    """

    def find(ref: str) -> Found:
        # here, since most runs begin without one
        from ..journal import reader
        from ..journal.blobs import read_blob
        from ..journal.refs import resolve
        from ..sources.earlier_run import Found

        try:
            run_id = resolve(store, ref, project=project)
            folded = reader.read_run(store, run_id)
        except StoreError:
            raise
        except FileNotFoundError:
            raise RunNotFoundError(ref, store.path) from None
        except OSError as error:
            problem = error.strerror or str(error)
            raise StoreError(str(error.filename or store.path), problem, "check its permissions") from error
        start = folded.state.start or {}
        name = str(folded.state.meta.get("name") or start.get("name") or run_id)
        return Found(run_id, name, folded.state, lambda sha256: read_blob(store, sha256))

    return find
