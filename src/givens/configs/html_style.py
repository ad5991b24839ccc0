"""The look of the page, for tables in a notebook and in files that stand alone.

A notebook has a light or a dark theme of its own and does not say which, so every colour is mixed from that of its text.
"""

from __future__ import annotations

STYLE = """
.givens { --line: #8884; --line: color-mix(in srgb, currentColor 18%, transparent);
  --soft: color-mix(in srgb, currentColor 68%, transparent);
  --best: color-mix(in srgb, #0f9a63 70%, currentColor); --accent: color-mix(in srgb, #2f6fd6 75%, currentColor);
  --bad: color-mix(in srgb, #d8322a 75%, currentColor);
  font: 13px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; margin: .4rem 0; }
.givens table { border-collapse: collapse; font: inherit; color: inherit; font-variant-numeric: tabular-nums; margin: 0; border: 0; }
.givens .title { font-weight: 600; margin: 0 0 .2rem; } .givens .wide { overflow-x: auto; }
.givens p { margin: .3rem 0; color: var(--soft); }
.givens tr, .givens tr:nth-child(odd) { background: none; }
.givens th, .givens td { text-align: left; vertical-align: baseline; white-space: pre; padding: .2rem 1rem .2rem 0; border: 0;
  border-bottom: 1px solid var(--line); max-width: none; }
.givens th { font-weight: 600; color: var(--soft); } .givens a { color: var(--accent); }
.givens .n { text-align: right; }
.givens .v { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; }
.givens .soft, .givens .equal { color: var(--soft); }
.givens .best { font-weight: 700; color: var(--best); } .givens .best::before { content: "\\2605\\2009"; font-size: .8em; }
.givens .edited::after { content: "\\2009\\270e"; color: var(--soft); }
.givens .state::before { content: "\\25cf\\2009"; color: var(--best); } .givens .state.running::before { color: var(--accent); }
.givens .state.failed, .givens .state.failed::before, .givens .state.lost, .givens .state.lost::before { color: var(--bad); }
.givens .differs, .givens .retyped { font-weight: 700; padding-left: .5rem; box-shadow: inset 3px 0 0 var(--accent); }
.givens .retyped { text-decoration: underline wavy 1px; text-underline-offset: .25em; }
.givens .missing { color: var(--soft); padding-left: .5rem; box-shadow: inset 3px 0 0 var(--line); }
.givens .equal.v { padding-left: .5rem; }
"""


def framed(*parts: str) -> str:
    """Parts of HTML, with the style that they are to have."""
    return f'<div class="givens"><style>{STYLE}</style>{"".join(parts)}</div>'
