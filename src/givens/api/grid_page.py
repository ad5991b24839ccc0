"""One table as one HTML file that needs nothing else: for a view that is taken away from the page."""

from __future__ import annotations

import time
from html import escape

from ..configs.explanation import one_line
from .formats.html_table import html_table
from .grid import Grid

_STYLE = """
:root { color-scheme: light dark; } body { font: 14px/1.45 system-ui, sans-serif; margin: 1.5rem; }
h1 { font-size: 1.3rem; margin: 0; } p { margin: .3rem 0; } .givens { font-size: 14px; margin: 1rem 0; }
svg { display: block; width: 100%; max-width: 75rem; color-scheme: light; margin: 1rem 0; }
.givens .title { position: absolute; clip-path: inset(50%); }
"""


def grid_page(grid: Grid, *, title: str, said: str = "", picture: str = "") -> str:
    """The page. It forbids itself every request and every script.

    Args:
        grid: the table.
        title: what stands above it.
        said: a sentence below that: what was asked.
        picture: SVG to stand above the table, already safe.
    """
    head = escape(one_line(title))
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{head}</title><style>{_STYLE}</style></head><body>",
            f"<h1>{head}</h1>",
            f"<p>{escape(one_line(said))}</p>" if said else "",
            f"<p>Written by givens, {time.strftime('%Y-%m-%d %H:%M')}.</p>",
            picture,
            html_table(grid),
            "</body></html>",
            "",
        )
    )
