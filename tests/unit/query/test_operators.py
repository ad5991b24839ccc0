"""The one table: what it names can be written, is explained, and stands in the reference."""

from __future__ import annotations

from pathlib import Path

import pytest

from givens.query.operators import ALLOWED, COMPARISONS, FUNCTIONS, PROBES, REDUCTIONS, RUN_FIELDS, help_lines
from givens.query.parser import parse, parse_operand
from givens.query.words import filter_text, sentence

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "filters.md"
EXAMPLES = [each.example for each in (*COMPARISONS.values(), *FUNCTIONS.values())]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_reads_and_can_be_said_and_written(example: str) -> None:
    node = parse(example, now_s=1_772_400_000.0)
    assert sentence(node)
    assert parse(filter_text(node), now_s=1_772_400_000.0) == node


@pytest.mark.parametrize("name", list(RUN_FIELDS))
def test_every_field_is_an_operand(name: str) -> None:
    assert parse_operand(f"run.{name}").field == name  # type: ignore[union-attr]


def test_the_tables_fit_together() -> None:
    assert {each.negates for each in COMPARISONS.values() if each.negates} <= COMPARISONS.keys()
    assert {each.flipped for each in COMPARISONS.values() if each.flipped} <= COMPARISONS.keys()
    assert {symbol for symbols in ALLOWED.values() for symbol in symbols} <= COMPARISONS.keys()
    assert {each.kind for each in RUN_FIELDS.values()} == ALLOWED.keys()
    assert {*PROBES, *REDUCTIONS} <= FUNCTIONS.keys()


def test_the_reference_has_every_operator_function_and_field() -> None:
    page = PAGE.read_text("utf-8")
    missing = [example for example, _ in help_lines() if f"`{example}`" not in page]
    assert not missing
