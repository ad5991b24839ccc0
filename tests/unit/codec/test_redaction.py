"""No secret in anything encoded or shown."""

from __future__ import annotations

import collections
import json
import re
import uuid
from typing import Any, NamedTuple

import numpy as np
import pytest

from givens.codec import RedactedText, Redaction, Secret, StoredSecret, decode, dumps, encode, loads, shown, shown_json

SECRET = "s3cr3t-Value-0123456789"


class Login(NamedTuple):
    user: str
    password: str


class Client:
    def __init__(self) -> None:
        self.api_key = SECRET

    def __repr__(self) -> str:
        return f"Client({self.api_key})"


class SlottedClient:
    __slots__ = ("token",)

    def __init__(self) -> None:
        self.token = SECRET


@pytest.fixture
def redaction(tmp_path: Any) -> Redaction:
    return Redaction(key_file=str(tmp_path / "secret.key"))


@pytest.mark.parametrize(
    "value",
    [
        {"api_key": SECRET},
        {"keys": {"hf_token": [SECRET, "x" * 3]}},
        {"credentials": {"user": SECRET}},
        {"tokens": [{"name": "api_key", "value": SECRET}]},
        {"env": [{"key": "DB_PASSWORD", "value": SECRET}]},
        {"command": ["train.py", "--api-key", SECRET]},
        {"command": ("train.py", f"--api-key={SECRET}")},
        {"env": [f"WANDB_API_KEY={SECRET}"]},
        {"url": f"postgres://me:{SECRET}@host:5432/db"},
        {"url": f"see https://host/x?access_token={SECRET}&a=1"},
        {"password": SECRET.encode()},
        {"password": bytearray(SECRET.encode())},
        {"x": Login("me", SECRET)},
        {"x": Client()},
        {"x": SlottedClient()},
        {"api_key": np.str_(SECRET)},
        {"api_key": np.array([SECRET])},
        {"api_key": np.array([SECRET.encode()])},
        {"api_key": {SECRET}},
        {"api_key": collections.deque([SECRET])},
        {"x": Secret(SECRET)},
        {"x": {1.5: Secret(SECRET)}},
        {(1, 2): {"api_key": SECRET}},
        {1: {"api_key": SECRET}},
        {"remote": f"https://{SECRET}@github.com/a/b.git"},
        {"api_key": type("Text", (str,), {})(SECRET)},
        {"~": 1, "api_key": SECRET},
        {"x": Exception(Client())},
    ],
    ids=lambda value: re.sub(r" at 0x\w+", "", repr(value)),
)
def test_a_secret_is_not_in_what_is_encoded_nor_in_what_is_shown(value: Any, redaction: Redaction) -> None:
    encoded = encode(value, ("a",), redaction)
    text = dumps(encoded.json)
    assert SECRET not in text
    import base64

    assert base64.b64encode(SECRET.encode()).decode()[:20] not in text
    assert SECRET not in shown(("a",), value, redaction, 1000) and SECRET not in shown_json(encoded.json, 1000)
    if "Exception" not in repr(value):
        assert encoded.secrets and all(path[0] == "a" for path in encoded.secrets)
    decode(loads(text))


def test_the_path_of_a_redacted_value_is_reported_in_full(redaction: Redaction) -> None:
    encoded = encode({"b": [{"api_key": SECRET}], "c": {1: Secret("x")}}, ("a",), redaction)
    assert encoded.secrets == (("a", "b", 0, "api_key"), ("a", "c", (1,)))


@pytest.mark.parametrize(
    "value",
    [
        {"use_cls_token": "true-or-false"},
        {"password": "short"},
        {"token": "<|endoftext|>"},
        {"token": "[MASK_TOKEN]"},
        {"token": 12345678},
        {"api_key": None},
        {"tokenizer": "bert-base-uncased"},
        {"url": "http://host:8080/a@b"},
        {"url": "ssh://git@github.com/a/b.git"},
        {"url": "https://host/?page=2&max_tokens=10000000"},
        {"command": ["--tokenizer", "bert-base-uncased", "--lr=0.1"]},
        {"name": "lr", "value": "0.1-and-more"},
        {"name": "token", "value": "short"},
        {"command": ["--token", "short"]},
        {"command": ["--token", "--verbose-logs"]},
        {"note": "the password: is not here, a=b"},
    ],
)
def test_what_is_no_secret_is_kept_as_it_is(value: Any, redaction: Redaction) -> None:
    assert encode(value, (), redaction).json == value


def test_equal_secrets_have_equal_ids_and_the_hint_is_for_long_ones_only(redaction: Redaction) -> None:
    first = encode(SECRET, ("api_key",), redaction).json
    assert first == encode(SECRET, ("other", "token"), redaction).json
    assert first["hint"] == SECRET[-4:] and first["id"] != encode(SECRET + "x", ("api_key",), redaction).json["id"]
    assert "hint" not in encode("12345678", ("api_key",), redaction).json


def test_a_secret_reads_back_as_a_stand_in(redaction: Redaction) -> None:
    encoded = encode(SECRET, ("api_key",), redaction).json
    back = decode(encoded)
    assert isinstance(back, StoredSecret) and back == decode(encoded) and back != SECRET and {back: 1}[decode(encoded)]
    assert repr(back) == "<secret …6789>" == shown_json(encoded) == shown(("api_key",), SECRET, redaction)
    again = encode(back, ("x",), redaction)
    assert again.json == encoded and again.secrets == (("x",),)


def test_a_marked_secret_is_its_text_in_the_program(redaction: Redaction) -> None:
    value = Secret(SECRET)
    assert value == SECRET and str(value) == SECRET and f"{value}" == SECRET and {SECRET: 1}[value] == 1
    assert type(str(value)) is str and json.dumps(value) == json.dumps(SECRET)
    assert SECRET not in repr(value) and repr(Secret("abc")) == "<secret>"
    assert encode(Secret("abc"), ("x",), redaction).json["~"] == "secret", "of any length"


def test_a_url_keeps_all_but_its_password(redaction: Redaction) -> None:
    encoded = encode("postgres://me:p@ss/word!@host:5432/db", ("url",), redaction)
    assert encoded.json["v"] == "postgres://me:***@host:5432/db"
    back = decode(encoded.json)
    assert isinstance(back, RedactedText) and back == "postgres://me:***@host:5432/db" and back.startswith("postgres")
    other = decode(encode("postgres://me:another-one@host:5432/db", ("url",), redaction).json)
    assert other != back and other == decode(encode("postgres://me:another-one@host:5432/db", (), redaction).json)
    assert encode(back, (), redaction).json == encoded.json
    import pickle

    assert pickle.loads(pickle.dumps(back)) == back


def test_patterns_add_keys_and_allow_keys(tmp_path: Any) -> None:
    tuned = Redaction(["license*", "!*_token", "!Password"], key_file=str(tmp_path / "k"))
    assert (
        tuned.is_secret_key("LICENSE_CODE") and tuned.is_secret_key("licenseNumber") and tuned.is_secret_key("api_key")
    )
    assert not tuned.is_secret_key("hf_token") and not tuned.is_secret_key("password") and tuned.is_secret_key("token")
    assert encode({"credentials": {"password": "x" * 9}}, (), tuned).json == {"credentials": {"password": "x" * 9}}


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("postgres://me@server:p#s?s@host/db", "postgres://me@server:***@host/db"),
        ("http://a:b@c,http://d:e@f", "http://a:***@c,http://d:***@f"),
        ("http://host:80", "http://host:80"),
        ("https://me:pw@host/x and ftp://a:b@c", "https://me:***@host/x and ftp://a:***@c"),
        ("https://0123456789abcdef0123@github.com/x", "https://***@github.com/x"),
        ("git@github.com:a/b.git ssh://git@host/x", "git@github.com:a/b.git ssh://git@host/x"),
        ("API_KEY=abc123 LR=0.1", "API_KEY=*** LR=0.1"),
        ("train.py --api-key abc --lr 1", "train.py --api-key *** --lr 1"),
        ("--api-key=abc", "--api-key=***"),
        ('{"password": "a \\" b", "lr": 1}', '{"password": "***", "lr": 1}'),
        ("Client(token='abc', lr=1)", "Client(token='***', lr=1)"),
        ("os.environ['HF_TOKEN'] = \"abc\"", "os.environ['HF_TOKEN'] = \"***\""),
        ("password: hunter2hunter2", "password: ***"),
        ("config: token=abc", "config: token=***"),
        ("token=b'abc'", "token=b'***'"),
        ('token="abc', 'token="***'),
        ("model.api_key=abc", "model.api_key=***"),
        ("Authorization: Basic dXNlcjpwdw==", "Authorization: Basic ***"),
        ("Bearer abcdefghijklmnop", "Bearer ***"),
        ("https://h/?token=abc&lr=1#x", "https://h/?token=***&lr=1#x"),
        ("--token: the access token", "--token: the access token"),
        ("token=None, num_tokens=5", "token=None, num_tokens=5"),
        ("--api-key API_KEY  the key", "--api-key API_KEY  the key"),
        ("max_tokens=100000000", "max_tokens=100000000"),
        ("invalid token: unexpected", "invalid token: unexpected"),
        ("http://localhost:8080/a@b", "http://localhost:8080/a@b"),
        ("", ""),
        ("a = b: c", "a = b: c"),
    ],
)
def test_texts_are_hidden_by_form(text: str, hidden: str, redaction: Redaction) -> None:
    assert redaction.text(text) == hidden
    assert redaction.text(hidden) == hidden, "what is hidden stays as it is"


def test_argv_is_hidden(redaction: Redaction) -> None:
    argv = [
        "t.py",
        "--api-key",
        "abc",
        "--password=x",
        "HF_TOKEN=abc",
        "--use-cls-token",
        "yes",
        "--token",
        "--lr",
        "1",
        "+model.secret=abc",
        "https://a:b@c",
        "--pad-token",
        "<pad>",
        "--header",
        "Authorization: Bearer abcdefgh12345",
    ]
    assert redaction.argv(argv) == [
        "t.py",
        "--api-key",
        "***",
        "--password=***",
        "HF_TOKEN=***",
        "--use-cls-token",
        "yes",
        "--token",
        "--lr",
        "1",
        "+model.secret=***",
        "https://a:***@c",
        "--pad-token",
        "<pad>",
        "--header",
        "Authorization: Bearer ***",
    ]


def test_a_secret_once_met_is_found_in_any_text(redaction: Redaction) -> None:
    encode({"api_key": SECRET}, (), redaction)
    assert redaction.text(f"KeyError: {SECRET!r} was refused") == "KeyError: '***' was refused"


def test_hostile_texts_are_looked_at_in_linear_time(redaction: Redaction) -> None:
    for text in (
        "://" * 50_000,
        "a://b:" * 50_000,
        "a" * 300_000,
        "token=" * 50_000,
        '"token": "' * 30_000,
        "-a " * 100_000,
        "token='" + "\\" * 200_000,
        "a=" * 100_000 + "@",
        "://a:" + "b@" * 100_000,
        "Bearer " * 40_000,
    ):
        redaction.text(text)
        encode(text, ("x",), redaction)


def test_a_uuid_under_a_secret_key_is_a_secret(redaction: Redaction) -> None:
    assert encode(uuid.UUID(int=7), ("api_key",), redaction).json["~"] == "secret"


def test_an_ellipsis_in_place_of_a_secret_is_shown() -> None:
    redaction = Redaction()
    assert redaction.text("givens rerun last --set api_key=…") == "givens rerun last --set api_key=…"
    assert redaction.text("givens rerun last --set api_key=…a") == "givens rerun last --set api_key=***"
