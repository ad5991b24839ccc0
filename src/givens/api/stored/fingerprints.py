"""The fingerprint of a stored run: computed from its fold, never stored."""

from __future__ import annotations

import os

from ...journal.layout import Store
from ...keys import covered
from ...records.encoded import leaves, lift
from ...records.state import RunState


def fingerprint_of(state: RunState, store: Store) -> str:
    """The fingerprint of the configuration as it settled; of one that has not settled, as it stands.

    Args:
        state: the run's fold.
        store: where it lies; its project's ``[tool.givens] ignore`` names the keys left out.
    """
    from ...capture.project import project_root
    from ...codec import fingerprint
    from ...settings import load

    patterns = load(os.environ, project_root(os.path.dirname(os.path.abspath(store.path))))[0].ignore
    tree = state.config if state.settled is None else state.settled
    return fingerprint((path, lift(value)) for path, value in leaves(tree) if path and not covered(path, patterns))
