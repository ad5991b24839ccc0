"""Key paths: parts and text say the same, whatever characters the keys hold."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

import givens
from givens.errors import KeyPathError
from givens.keys import KeyPath, as_path, format_path, from_json

names = st.text(min_size=1) | st.sampled_from(
    ["a.b", "[0]", "{1}", '"', "\\", " ", "\n", "é", "-", "0", "\ud800", "a" * 300]
)
parts = names | st.integers(0, 10**20) | st.tuples(st.integers(-(10**20), 10**20))
paths = st.lists(parts, min_size=1, max_size=8).map(tuple)


@given(paths)
def test_text_reads_back_to_the_same_parts(path: Any) -> None:
    text = format_path(path)
    assert KeyPath.parse(text) == path
    assert as_path(text) == path
    assert format_path(as_path(text)) == text
    assert str(KeyPath(path)) == text


@given(st.lists(paths, min_size=2, max_size=2, unique=True))
def test_different_parts_have_different_texts(two: Any) -> None:
    assert format_path(two[0]) != format_path(two[1])


@given(paths)
def test_a_journal_keeps_the_parts(path: Any) -> None:
    assert from_json(json.loads(json.dumps(path))) == path


@given(st.text())
@example("a..b")
@example("a[")
@example('"a')
@example("a b")
@example("{1")
@example("[01]")
@example("[٣]")
def test_any_text_is_a_path_or_says_where_it_is_none(text: str) -> None:
    try:
        path = KeyPath.parse(text)
    except KeyPathError as error:
        assert 0 <= error.column <= len(text)
        assert str(error).startswith("bad key")
        if text:
            assert as_path(text) == (text,)
    else:
        assert path
        assert KeyPath.parse(format_path(path)) == path


section_keys = st.text(min_size=1, max_size=5) | st.integers(-5, 5)
sections: st.SearchStrategy[dict[Any, Any]] = st.recursive(
    st.dictionaries(section_keys, st.integers(), max_size=3),
    lambda inside: st.dictionaries(section_keys, inside | st.integers() | st.lists(st.integers()), max_size=3),
    max_leaves=8,
)


@given(sections)
def test_flattened_keys_lead_back_to_their_values(values: dict[Any, Any]) -> None:
    flat = givens.flatten(values)
    for text, value in flat.items():
        here: Any = values
        for part in KeyPath.parse(text):
            here = here[part[0] if isinstance(part, tuple) else part]
        assert here == value
    rebuilt: dict[Any, Any] = {}
    for text, value in flat.items():
        here = rebuilt
        *above, last = (part[0] if isinstance(part, tuple) else part for part in KeyPath.parse(text))
        for key in above:
            here = here.setdefault(key, {})
        here[last] = value
    assert rebuilt == values


@given(sections)
def test_a_config_flattens_like_the_dict_it_holds(values: dict[Any, Any]) -> None:
    def bare(mapping: dict[Any, Any]) -> bool:
        return all(not (isinstance(key, str) and key != key.strip("-")) for key in mapping)

    if bare(values):
        assert givens.flatten(givens.Config(values)) == givens.flatten(values)
