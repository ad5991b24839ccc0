"""The cells that were run in a notebook, or the lines typed into IPython, as its own history has them."""

from __future__ import annotations

from .entry import shell


def cells() -> list[str]:
    """The inputs of this session, the one that runs now included; nothing outside of IPython."""
    history = getattr(shell(), "history_manager", None)
    found = getattr(history, "input_hist_raw", None)
    return [str(cell) for cell in found[1:]] if isinstance(found, list) else []


def as_text(cells: list[str], most_chars: int) -> str:
    """Cells one below the other, each under its number; of very much, the end."""
    text = "\n\n".join(f"# In [{number}]\n{cell.rstrip()}" for number, cell in enumerate(cells, 1)) + "\n"
    return text if len(text) <= most_chars else "…" + text[-most_chars:]
