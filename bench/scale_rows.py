"""What is asked of stores of growing size, with budgets, and how the answers are printed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from scale_questions import NEEDLE, ONE_BROAD, SEVERAL, TWO_BROAD
from spread import Spread, number, spread

Found = Mapping[str, Mapping[str, Mapping[str, Any]]]
GIVENS, FAST = "givens", "givens with [fast]"
DASH = "\u2013"


class Asked(NamedTuple):
    """One row.

    Args:
        key: its name in the answers.
        what: what is asked.
        budget: milliseconds at most at a million runs, warm; runs a second at least for the fold.
        fast: the same with the extra `[fast]`.
        note: how it is asked, where that is not plain.
    """

    key: str
    what: str
    budget: float | None = None
    fast: float | None = None
    note: str = ""


ROWS = (
    Asked("fold", "fold, runs a processor second", 3000.0, note="all of the store, from an empty index"),
    Asked("nothing new", "nothing new, 50 live runs", 2.0, note="`Index.refresh` when the store has not changed"),
    Asked(
        "needle", "selective filter + sort, page of 50", 30.0, note=f"`{NEEDLE}`, best `max(val_acc)` first, 5 columns"
    ),
    Asked(
        "several",
        "five tests, selective together only, + sort, page of 50",
        30.0,
        note=" and ".join(f"`{key} == {value!r}`" for key, value in SEVERAL.items())
        + "; each alone passes a fifth or more",
    ),
    Asked("top", "the 50 best of all", 30.0, note="no filter, best `max(val_acc)` first"),
    Asked("newest", "the newest 20, columns chosen by givens"),
    Asked("keys", "distinct keys, with kinds, counts, ranges", 5.0),
    Asked("diff", "diff of 10 runs", 20.0, note="the ten best, from their journals"),
    Asked("one broad", "count of a broad filter, one test", 250.0, 30.0, note=f"`{ONE_BROAD}`: 60 % pass"),
    Asked("two broad", "count of a broad filter, two tests", 250.0, 30.0, note=f"`{TWO_BROAD}`: 45 % pass"),
    Asked("group", "group by a key, mean of a result", 800.0, 50.0),
    Asked("group by two", "group by two keys, mean of a result", 800.0, 50.0),
    Asked("varying", "which keys vary", note="exact up to 5,000 runs, a sample of as many beyond"),
    Asked(
        "fresh",
        "`givens ls -n 20 lr=0.001 model.name=vit`, a whole process",
        note="with the index current; the journals lie loose, and the packing that may follow an answer is left out",
    ),
)
_LARGEST = "1000000"


def measured(answers: Mapping[str, Any], key: str, clock: str = "cpu") -> Spread | None:
    """One row's spread in one store; None where it was not asked."""
    found = answers.get(key)
    if found is None or "failed" in found:
        return None
    if key == "fold":
        return spread([found["runs"] / found[f"{clock}_s"]]) if found["runs"] else None
    return spread(found[clock])


def verdict(row: Asked, answers: Mapping[str, Any], budget: float | None) -> str:
    """Whether a row keeps its budget."""
    found = measured(answers, row.key)
    if budget is None or found is None:
        return ""
    kept = found.median >= budget if row.key == "fold" else found.median <= budget
    return "met" if kept else "**missed**"


def tables(found: Found) -> dict[str, list[list[str]]]:
    """Who -> the lines of a table: a row for each question, a column for each size."""
    made: dict[str, list[list[str]]] = {}
    for who, sizes in found.items():
        if not sizes:
            continue
        ours = who in (GIVENS, FAST)
        largest = max(sizes, key=int)
        heading = ["ms of the processor, median [least\u2013most]", *(f"{int(size):,} runs" for size in sizes)]
        lines = [heading + ([f"budget at {int(_LARGEST):,}", f"at {int(largest):,}"] if ours else [])]
        for row in ROWS:
            cells = [measured(sizes[size], row.key) for size in sizes]
            if any(cells):
                line = [row.what, *(DASH if cell is None else str(cell) for cell in cells)]
                budget = (row.fast or row.budget) if who == FAST else row.budget
                lines.append(line + ([_budget(row, budget), verdict(row, sizes[largest], budget)] if ours else []))
        made[who] = lines
    return made


def _budget(row: Asked, budget: float | None) -> str:
    return "" if budget is None else f"{'≥' if row.key == 'fold' else '≤'} {number(budget)}"


def as_text(found: Found) -> str:
    """The tables for a terminal."""
    parts = []
    for who, lines in tables(found).items():
        widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
        padded = (
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
        )
        parts.append(f"{who}\n" + "\n".join(padded))
    return "\n\n".join(parts)


def _markdown(lines: list[list[str]]) -> str:
    first, *rest = lines
    return "\n".join(
        [f"| {' | '.join(first)} |", f"|{'---|' * len(first)}", *(f"| {' | '.join(line)} |" for line in rest)]
    )


def _walls(found: Found) -> str:
    """The clock on the wall, at the largest size; the first time in a process apart."""
    sizes = found[GIVENS]
    largest = max(sizes, key=int)
    walls, firsts = [], []
    for row in ROWS:
        wall = measured(sizes[largest], row.key, "wall")
        if wall is not None and row.key != "fold":
            walls.append(f"{row.what} {wall}")
            if row.key != "fresh":  # its first time may make the column file
                firsts.append(f"{row.what} {number(sizes[largest][row.key]['first'])}")
    return (
        f"On the wall, at {int(largest):,} runs, in ms: {'; '.join(walls)}.\n\n"
        f"The first time in a process, when nothing is kept in memory yet: {'; '.join(firsts)}."
    )


def as_page(machine: Mapping[str, str], problems: list[str], found: Found) -> str:
    """The page in docs/explanation."""
    facts = "\n".join(f"* {name}: {value}" for name, value in machine.items())
    failed = "".join(f"\n* not measured: {problem}" for problem in problems)
    made = tables(found)
    notes = "\n".join(f"* *{row.what}*: {row.note}." for row in ROWS if row.note)
    parts = [_INTRODUCTION, f"{facts}{failed}", "## givens", _markdown(made[GIVENS]), _walls(found), _GROWTH]
    parts += ["## How each is asked", notes]
    if FAST in made:
        parts += ["## With the extra `[fast]`", _FAST, _markdown(made[FAST])]
    if "mlflow" in made:
        parts += ["## MLflow, the same questions", _MLFLOW, _markdown(made["mlflow"])]
    if "trackio" in made:
        parts += ["## trackio", _TRACKIO, _markdown(made["trackio"])]
    return "\n\n".join(parts) + "\n"


_INTRODUCTION = """# How reading grows with the number of runs

Made by `python bench/scale.py --write` (`make bench-scale`): stores of runs with 50 keys, three logged steps of two results,
made by `bench/generate_runs.py`; the index up to date and in the system's cache. Times are the processor's, because the
machine did other work as well; ratios and growth travel, absolute times do not."""
_GROWTH = """What an index answers from the end of a sorted list (the best, the newest, a filter that one key makes selective) does
not grow with the store. What has to look at a share of all runs grows with it: a count, a group, several tests that are
selective only together. For those the lists of each test are put together as masks, and groups are made of vectors (a
value for each run), both read from an index that has them side by side and kept in memory until the index changes; the
extra `[fast]` keeps the columns in DuckDB's form as well."""
_FAST = """From 200,000 runs on, where DuckDB is installed, the columns of the index are also kept in DuckDB's form, and questions over
a large share of the runs go there. The same budgets, but for those of broad counts and groups."""
_MLFLOW = """`MlflowClient.search_runs` and `get_run` on SQLite, with the same runs put into its tables by SQL (and `ANALYZE`). It
stores every parameter as text: a filter such as `lr < 0.001` cannot be asked. It has no count, no grouping, and no list of
keys; those would mean fetching every run, 50,000 at a time at most."""
_TRACKIO = """`trackio.Api().runs()`: it has no filter, no order and no results in its Python API, so the five tests are a loop over
the config of every run, without the sort."""
