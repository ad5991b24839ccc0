from __future__ import annotations

import json
from pathlib import Path
from zlib import crc32

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from givens.index.journal_file import Lines, events_of, has_head, head_of, read_tail, read_whole
from givens.journal.lines import parse


def line(text: str) -> bytes:
    body = text.encode()
    return body + b',"c":%d}' % crc32(body)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=3), _JSON, min_size=1, max_size=3), st.binary(max_size=4), st.integers(0, 60))
@example({"c": 1}, b"", 0)
def test_a_line_is_read_as_the_journal_reads_it(members: dict[str, object], noise: bytes, at: int) -> None:
    good = line(json.dumps(members, ensure_ascii=False)[:-1].encode(errors="replace").decode())
    for one in (good, good[:at] + noise + good[at:], good[at:], b" " + good, good + b" "):
        if not one or b"\n" in one:
            continue
        expected = parse(one)
        assert events_of([one]) == (([], 1) if isinstance(expected, str) else ([expected], 0))


@pytest.mark.parametrize(
    "text", ["[1", '{"a":1', '{"k":"set"} , {"a":1', '"x"', "{", '{"a":"\\ud800"', '{"a":' + "[" * 5000 + "]" * 5000]
)
def test_odd_lines_that_check_are_read_as_the_journal_reads_them(text: str) -> None:
    one = line(text)
    expected = parse(one)
    assert events_of([one]) == (([], 1) if isinstance(expected, str) else ([expected], 0))


def test_pythons_own_words_for_numbers_that_json_lacks_are_tagged() -> None:
    events, bad = events_of([line('{"a":NaN,"b":[-Infinity,Infinity],"s":"NaN"')])
    assert bad == 0
    (event,) = events
    assert event["a"] == {"~": "float", "v": "nan"}
    assert event["b"] == [{"~": "float", "v": "-inf"}, {"~": "float", "v": "inf"}]
    assert event["s"] == "NaN"


def test_a_torn_last_line_is_not_there_yet(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"first\n\nsecond\nthi")
    found = read_whole(str(path))
    assert found == Lines([b"first", b"", b"second"], 14, head_of(b"first"))
    assert read_tail(str(path), 7) == [b"second"]
    assert read_tail(str(path), 14) == []
    assert read_tail(str(path), 4) is None


def test_a_file_larger_than_one_read_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    content = b"".join(b"%d\n" % number for number in range(60_000))
    path.write_bytes(content)
    assert b"\n".join(read_whole(str(path)).lines) + b"\n" == content


def test_a_file_is_told_by_its_first_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"first\nsecond\n")
    head = read_whole(str(path)).head
    assert has_head(str(path), head)
    for other in (b"fIrst\nsecond\n", b"first2\n", b"first", b""):
        path.write_bytes(other)
        assert not has_head(str(path), head)


def test_a_file_without_a_whole_line_has_no_head(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"fir")
    assert read_whole(str(path)) == Lines([], 0, "")
