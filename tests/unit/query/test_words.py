"""A filter in words."""

from __future__ import annotations

import pytest

from givens.query.operators import ALLOWED, COMPARISONS, FUNCTIONS, RUN_FIELDS, help_lines
from givens.query.parser import parse
from givens.query.words import filter_text, sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "every run"),
        (
            "config.lr < 1e-3 and config.model.name in ['vit', 'resnet'] and not exists(config.debug)",
            'config.lr is less than 0.001 and config.model.name is one of "vit", "resnet" and config.debug is missing',
        ),
        ("x == 1 and (y == 2 or z is None)", "x is 1 and (y is 2 or z is None)"),
        ("not missing(x)", "x exists"),
        ("not x == 1", "not (x is 1)"),
        ("x in []", "x is one of nothing"),
        ("max(val_acc) > 0.9", "the highest val_acc is more than 0.9"),
        ("origin(lr) == 'file'", 'the origin of config.lr is "file"'),
        ("changed(lr)", "config.lr changed after the config had settled"),
        ("run.created > '2h ago'", "run.created is after 2h ago"),
        ("run.created in '2026-03'", "run.created is in 2026-03"),
        ("run.created == '2026'", "run.created falls in 2026"),
        ("run.duration >= '2h'", "run.duration is at least 2h"),
        ("'a' not in tags", 'run.tags does not contain "a"'),
        ("matches(run.name, 'calm-*')", 'run.name matches "calm-*"'),
        ("x == [1, 'a']", 'x is [1, "a"]'),
    ],
)
def test_sentences(text: str, words: str) -> None:
    assert sentence(parse(text, now_s=0.0)) == words


@pytest.mark.parametrize(
    "text",
    [
        'config.lr < 0.001 and not (exists(config."a b"))',
        '"config".x == 1',
        'max("my loss") > 1',
        r'x == "a\"b\\\n\x00ü"',
        '"v" in x or 3 not in x',
        "x in [1, None, [2]]",
        'run.created in "2026-03"',
        "labels{0} == nan and x == -inf",
    ],
)
def test_the_text_of_a_tree(text: str) -> None:
    assert filter_text(parse(text, now_s=0.0)) == text


def test_the_examples_of_the_table_are_filters() -> None:
    for example in [each.example for each in (*COMPARISONS.values(), *FUNCTIONS.values())]:
        assert sentence(parse(example))


def test_help_names_every_comparison_function_and_field() -> None:
    shown = " ".join(example for example, _ in help_lines())
    assert all(f"{name}(" in shown for name in FUNCTIONS)
    assert all(f"run.{name}" in shown for name in RUN_FIELDS)
    assert all(meaning for _, meaning in help_lines())


def test_the_table_is_whole() -> None:
    assert {field.kind for field in RUN_FIELDS.values()} == set(ALLOWED)
    assert all(symbol in COMPARISONS for symbols in ALLOWED.values() for symbol in symbols)
    assert all(each.negates in COMPARISONS for each in COMPARISONS.values() if each.negates)
    assert all(each.flipped in COMPARISONS for each in COMPARISONS.values() if each.flipped)
