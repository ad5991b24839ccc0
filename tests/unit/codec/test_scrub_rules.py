"""What a scrub takes out of encoded values and texts: today's rules, named keys, given texts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from givens.codec import Redaction, encode
from givens.codec.scrub_rules import ScrubRules, Wanted
from givens.keys import Path as KeyPath

TOKEN = "hf_" + "abcdefghij" * 4
NOTHING = Redaction(["!*"])
TAG = "~"


@pytest.fixture
def rules(tmp_path: Path) -> ScrubRules:
    return ScrubRules(Wanted(Redaction(key_file=str(tmp_path / "key"))))


def named(*keys: str) -> ScrubRules:
    return ScrubRules(Wanted(None, keys))


def texts(*given: str) -> ScrubRules:
    return ScrubRules(Wanted(None, (), given))


def written(value: Any, path: KeyPath = ()) -> Any:
    """A value as rules that know nothing wrote it."""
    return encode(value, path, NOTHING).json


class Client:
    def __init__(self, token: str) -> None:
        self.token, self.size = token, 3


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("api_key",), "correct-horse"),
        (("db", "password"), "correct-horse"),
        (("a",), {"b": [{"client_secret": "correct-horse"}]}),
        (("args",), ["--token", "correct-horse"]),
        (("args",), ["--token=correct-horse"]),
        (("headers",), [{"name": "api_key", "value": "correct-horse"}]),
        (("secret_key",), b"correct-horse"),
        (("odd",), {("x",): {"api_key": "correct-horse"}}),
        (("client",), Client("correct-horse")),
        (("url",), "https://ada:correct-horse@example.org/x"),
        (("pair",), (1, {"password": "correct-horse"})),
    ],
)
def test_what_todays_rules_hide_is_hidden_as_they_hide_it(rules: ScrubRules, path: KeyPath, value: Any) -> None:
    old = value if isinstance(value, str) else written(value, path)  # no rule for URLs, once
    new = rules.value(old, path)
    assert new == encode(value, path, rules.redaction).json
    assert "horse" not in str(new)
    assert rules.value(new, path) is new


@pytest.mark.parametrize(
    "value",
    [
        1,
        2.5,
        None,
        True,
        "a text of some length",
        [1, [2]],
        {"lr": 0.1, "max_tokens": 5},
        (1, 2),
        {1, 2},
        b"bytes and bytes",
    ],
)
def test_what_is_no_secret_is_the_same_object(rules: ScrubRules, value: Any) -> None:
    old = written(value)
    assert rules.value(old, ("plain",)) is old


def test_a_value_of_a_later_version_is_looked_into_and_kept(rules: ScrubRules) -> None:
    old = {TAG: "of-tomorrow", "v": [1, f"see {TOKEN}"], "more": 2}
    new = rules.value(old, ("x",))
    assert new["v"][1][TAG] == "redacted" and new["more"] == 2
    assert TOKEN not in str(new)


def test_named_keys_take_everything_and_keep_the_shape() -> None:
    rules = named("db.*", "pin")
    old = written({"db": {"port": 5432, "names": ["a", "b"], "ok": None}, "pin": 1234, "lr": 0.1})
    new = rules.value(old, ())
    assert new["lr"] == 0.1 and new["pin"][TAG] == "secret"
    assert new["db"]["port"][TAG] == "secret" and [each[TAG] for each in new["db"]["names"]] == ["secret", "secret"]
    assert new["db"]["ok"] is None
    assert rules.value(new, ()) is new


def test_named_keys_alone_leave_todays_secrets_where_they_are() -> None:
    rules = named("dsn")
    old = written({"password": "correct-horse", "t": TOKEN, "dsn": "short"})
    assert rules.value(old, ()) == {**old, "dsn": {TAG: "secret", "id": rules.redaction.secret_id("short")}}
    assert rules.text(f"see {TOKEN}, --dsn=abc") == f"see {TOKEN}, --dsn=***"
    assert rules.words(["x", "--dsn", "abc", TOKEN]) == ["x", "--dsn", "***", TOKEN]


def test_a_value_under_a_named_key_goes_out_of_the_runs_texts() -> None:
    rules = named("phrase")
    rules.value("quiet sentence", ("phrase",))
    rules.settled()
    assert rules.text("cannot use quiet sentence here") == "cannot use *** here"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("needle", "secret"),
        ("with a needle in it", "redacted"),
        (["x", "needle"], "secret"),
        ({"needle": 1}, "***"),
        (Path("/home/needle/x"), "/home/***/x"),
        (b"a needle", "secret"),
        ({"a": {2: "needle"}}, "secret"),
    ],
)
def test_a_given_text_goes_wherever_it_stands(value: Any, shown: str) -> None:
    rules = texts("needle")
    new = rules.value(written(value), ("x",))
    assert "needle" not in str(new) and shown in str(new)
    assert rules.value(new, ("x",)) is new


def test_a_number_that_was_given_as_text_goes() -> None:
    assert texts("40123456").value(40123456, ("pin",))[TAG] == "secret"
    assert texts("40123456").value(40123457, ("pin",)) == 40123457


def test_keys_that_become_equal_are_told_apart() -> None:
    assert texts("needle").value({"needle": 1, "***": 2}, ()) == {"***": 1, "***2": 2}


def test_secrets_met_are_taken_out_of_texts_of_their_run_only(rules: ScrubRules) -> None:
    own, other = rules.anew(), rules.anew()
    own.value("correct-horse", ("password",))
    own.settled()
    assert own.text("no entry for correct-horse") == "no entry for ***"
    assert other.text("no entry for correct-horse") == "no entry for correct-horse"
