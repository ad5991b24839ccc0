"""Facts of several runs side by side, in as many characters as there is room for."""

from __future__ import annotations

from ..configs.explanation import one_line


def clip(text: str, limit: int) -> str:
    """Text of at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def from_difference(cells: tuple[str | None, ...], width: int) -> list[str]:
    """Facts in so many characters; where one is longer, from a little before they differ."""
    texts = ["unknown" if cell is None else one_line(cell) for cell in cells]
    if max(map(len, texts)) <= width:
        return texts
    known = [text for text, cell in zip(texts, cells, strict=True) if cell is not None]
    same = next((at for at, marks in enumerate(zip(*known, strict=False)) if len(set(marks)) > 1), min(map(len, known)))
    begin = max((at + 1 for at, mark in enumerate(known[0][:same]) if mark in " /"), default=0)
    if begin < 2 or len(set(known)) == 1:
        return [clip(text, width) for text in texts]
    return [text if cell is None else clip(f"…{text[begin:]}", width) for text, cell in zip(texts, cells, strict=True)]
