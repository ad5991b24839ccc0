"""Secrets of many forms are planted wherever one can come in, and every byte that was written or printed is searched.

Each place gets a secret of its own, so that a failure names the place. The secrets are made here, from their place's
name: none stands in this file.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from givens.codec import Redaction, encode
from givens.codec.forms import FORMS, hide_forms, may_hold_credential


def letters(place: str, length: int, alphabet: str = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789") -> str:
    """Letters that only this place has."""
    out, count = "", 0
    while len(out) < length:
        out += "".join(alphabet[byte % len(alphabet)] for byte in sha256(f"{place}/{count}".encode()).digest())
        count += 1
    return out[:length]


_HEX = "0123456789abcdef"
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

#: form -> what makes one for a place
MADE: dict[str, Callable[[str], str]] = {
    "hugging face": lambda place: "hf_" + letters(place, 34),
    "openai": lambda place: "sk-" + letters(place, 48),
    "openai project": lambda place: "sk-proj-" + letters(place, 40) + "_-" + letters(place + "2", 40),
    "anthropic": lambda place: "sk-ant-api03-" + letters(place, 60) + "-AA",
    "stripe": lambda place: "sk_" + "live_" + letters(place, 24),
    "github": lambda place: "ghp_" + letters(place, 36),
    "github fine-grained": lambda place: "github_pat_" + letters(place, 22) + "_" + letters(place + "2", 59),
    "gitlab": lambda place: "glpat-" + letters(place, 20),
    "aws": lambda place: "AKIA" + letters(place, 16, _CAPITALS),
    "google": lambda place: "AIza" + letters(place, 35),
    "google oauth": lambda place: "ya29." + letters(place, 60),
    "slack": lambda place: "xox" + "b-" + "123456789012-" + letters(place, 24),
    "slack webhook": lambda place: (
        "https://hooks.slack.com/services/" + f"T{letters(place, 9)}/B0/{letters(place, 24)}"
    ),
    "jwt": lambda place: f"eyJ{letters(place, 30)}.eyJ{letters(place + '2', 40)}.{letters(place + '3', 43)}",
    "private key": lambda place: (
        f"-----BEGIN RSA PRIVATE {'KEY'}-----\n{letters(place, 64)}\n-----END RSA PRIVATE {'KEY'}-----"
    ),
    "azure": lambda place: f"AccountName=x;AccountKey={letters(place, 86)}==;EndpointSuffix=core",
    "npm": lambda place: "npm_" + letters(place, 36),
    "pypi": lambda place: "pypi-" + letters(place, 120),
    "sendgrid": lambda place: f"SG.{letters(place, 22)}.{letters(place + '2', 43)}",
    "telegram": lambda place: "1234567890:AA" + letters(place, 33),
    "databricks": lambda place: "dapi" + letters(place, 32, _HEX),
    "groq": lambda place: "gsk_" + letters(place, 52),
    "basic auth": lambda place: f"https://ada:{letters(place, 20)}@example.org/data",
    "basic auth of a database": lambda place: f"postgresql://ada:{letters(place, 20)}@db/runs",
    "query": lambda place: f"https://example.org/data?access_token={letters(place, 30)}&page=2",
}

#: Places where only the name beside a secret says that it is one. Not among them, and said so in docs/howto/secrets.md: a
#: path (``token_file: Path(…)`` says where a secret lies), a tuple whose first element is a name, a value that became a
#: secret when its key was renamed later (`givens scrub` is for that); and keys themselves, which are written as they are.
NAMED = """
argv-flag argv-equals argv-variable list-flag list-equals pair pair-item nested-key list-of-sections bytes dataclass
unknown-object str-subclass frozen-key yaml-key yaml-pair yaml-list json-key toml-key set-option overrides-variable
launch-file edit-set edit-api config-environment summary-key logged-key replaced refused deleted enum-value
typed-filter namedtuple numpy-array later-append later-item
""".split()
#: places where the form has to say it
FORMED = """
config-value config-list config-tuple config-set config-mapping config-description yaml-value yaml-comment-value notes
run-name tag group project job-type exception-message patch untracked-name remote edit-note edit-notes edit-tag edit-name
set-value overrides-value launch-name launch-notes launch-tag summary-value log-name lock-owner filter-value filter-bare
filter-shorthand export-title user-warning job-argument source-line
""".split()


def planted() -> dict[str, str]:
    """Place -> its secret."""
    found = {f"form {form}": make(f"form {form}") for form, make in MADE.items()}
    found |= {place: letters(place, 26) for place in NAMED}
    return found | {place: MADE["hugging face"](place) for place in FORMED}


def needles(place: str, secret: str) -> list[bytes]:
    """What betrays a secret: the beginning of the letters that only this place has, plain and as base64."""
    alphabets = (None, _CAPITALS, _HEX)
    cores = [letters(place, 12, alphabet) if alphabet else letters(place, 12) for alphabet in alphabets]
    core = next(core for core in cores if core in secret)
    return [core.encode(), base64.b64encode(secret.encode())[:16]]


MAIN = r"""
import collections, dataclasses, enum, json, os, pathlib, sys, warnings
import numpy as np
import givens

warnings.simplefilter("always")
s = json.load(open(os.environ["SECRETS"]))

@dataclasses.dataclass
class Client:
    api_key: str
    size: int = 3

class Thing:
    def __init__(self, token): self.token = token

class Word(str): pass
Pair = collections.namedtuple("Pair", "user password")
Keys = enum.Enum("Keys", {"token": s["enum-value"]})

run = givens.init(
    project=s["project"], name="main " + s["run-name"], group=s["group"], job_type=s["job-type"], tags=["ok", s["tag"]],
    notes="see " + s["notes"],
    config=["secrets.yaml", "secrets.json", "secrets.toml", {
        "forms": {key: value for key, value in s.items() if key.startswith("form ")},
        "texts": ["about " + value + " and on" for key, value in s.items() if key.startswith("form ")],
        "value": s["config-value"], "listed": [1, [s["config-list"]]], "pair": (1, s["config-tuple"]),
        "many": {s["config-set"]}, "odd": {(1, 2): s["config-mapping"]},
        "args": ["--api-key", s["list-flag"], "--password=" + s["list-equals"]],
        "headers": [{"name": "api_token", "value": s["pair"]}], "deep": {"hub": {"hf_token": s["nested-key"]}},
        "users": [{"password": s["list-of-sections"]}], "raw": {"secret_key": s["bytes"].encode()},
        "client": Client(s["dataclass"]),
        "thing": Thing(s["unknown-object"]), "word": {"password": Word(s["str-subclass"])},
        "frozen": {("x",): {"api_key": s["frozen-key"]}},
        "login": Pair("ada", s["namedtuple"]), "state": {"api_token": np.array([s["numpy-array"]])},
        "key": {"enum_token": 1, "api_token": Keys.token},
        "replaced": {"api_key": s["replaced"]}, "going": {"client_secret": s["deleted"]},
        "rename_me": {"password": "short-and-plain"},
    }],
)
config = run.config
config.replaced.api_key = "another-one-that-is-longer"
del config["going"]
config.update_locked({"locked": {"api_key": "what-the-owner-gave-it"}}, s["lock-owner"])
config.locked.api_key = s["refused"]
config.more = [{"name": "token", "value": "nothing-yet"}]
config.more[0].value = s["pair-item"]
config.line = ["x", "--token"]
config.line.append(s["later-append"])
config.other = ["--api-key", "nothing-yet"]
config.other[1] = s["later-item"]
run.summary["api_token"] = s["summary-key"]
run.summary["said"] = s["summary-value"]
run.log({"loss": 0.5, "password": s["logged-key"], s["log-name"]: 1.0})
config.value = "changed after the first log from " + s["user-warning"]
print(repr(config)[:0], run.explain("value") and "", end="")
print(config)
print(run.explain("forms"))
print(run.history("value"))
from givens.lifecycle.current import current
os.waitpid(current.surroundings.child, 0)
api_key = s["source-line"]
raise RuntimeError("cannot reach the server with " + s["exception-message"] + " at " + s["form basic auth"])
"""

AFTER = r"""
import contextlib, io, json, os, sys, traceback
import givens
from givens.cli.root import run

s = json.load(open(os.environ["SECRETS"]))
with contextlib.suppress(Exception):
    with givens.edit(sys.argv[1]) as edited:
        edited.config["api_key"] = s["edit-api"]
commands = [
    ["edit", "last", "--set", "db.password=" + s["edit-set"], "--note", s["edit-note"]],
    ["edit", "last", "--name", "new " + s["edit-name"]], ["note", "last", "see " + s["edit-notes"]],
    ["tag", "last", s["edit-tag"]],
    ["ls", "config.api_key == '" + s["typed-filter"] + "'"], ["ls", "config.value == '" + s["filter-value"] + "'"],
    ["ls", s["filter-bare"]], ["ls", "value=" + s["filter-shorthand"]],
    ["ls"], ["ls", "--json"], ["keys"], ["keys", "--json"], ["show", "last"], ["doctor"], ["duplicates"],
    ["show", sys.argv[1], "--all"], ["show", sys.argv[1], "--json"], ["explain", sys.argv[1]],
    ["history", sys.argv[1], "value"], ["history", sys.argv[1], "replaced.api_key"], ["diff", "last", sys.argv[1]],
    ["diff", sys.argv[1], "secrets.yaml"], ["diff", sys.argv[1], "secrets.yaml", "--json"],
    ["group", "value", "-m", "loss"], ["rerun", sys.argv[1]],
    *[["export", "-o", "out/page." + ending, "--title", s["export-title"]] for ending in ("html", "tex")],
    *[["export", "-o", "out/page." + ending] for ending in ("csv", "md", "json")],
    *[["command", sys.argv[1], "--as", form] for form in ("argv", "overrides", "yaml", "json", "env", "python")],
    ["pack"], ["ls"],
]
os.makedirs("out", exist_ok=True)
for command in commands:
    print("$", command[0], run(command), file=sys.stderr)
"""

YAML = """\
db: {{password: {yaml-key}}}
headers: [{{name: api_key, value: {yaml-pair}}}]
line: [--token, {yaml-list}]
endpoint: {yaml-value}   # a comment
note: {{desc: "described by {config-description}", value: "{yaml-comment-value}"}}
"""


def scene(folder: Path, secrets: dict[str, str]) -> dict[str, bytes]:
    """Play it all, and give everything that was written or printed: name -> content."""
    work, home = folder / "work", folder / "home"
    work.mkdir()
    (folder / "secrets.json").write_text(json.dumps(secrets), encoding="utf-8")
    hidden = {"SECRETS": str(folder / "secrets.json"), "HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
    env = {**os.environ, **hidden, "XDG_CONFIG_HOME": str(home / "config"), "GIT_CONFIG_GLOBAL": os.devnull}
    said: dict[str, bytes] = {}

    def call(name: str, *command: str, **more: str) -> None:
        done = subprocess.run(command, cwd=work, env={**env, **more}, capture_output=True, timeout=60)
        said[f"stdout of {name}"], said[f"stderr of {name}"] = done.stdout, done.stderr
        said[f"exit code of {name}"] = str(done.returncode).encode()

    def git(*words: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b")
        subprocess.run(["git", *who, *words], cwd=work, env=env, capture_output=True, check=True)

    (work / "pyproject.toml").write_text("", encoding="utf-8")
    (work / "client.py").write_text("x = 1\n", encoding="utf-8")
    (work / "train.py").write_text(MAIN, encoding="utf-8")
    (work / "after.py").write_text(AFTER, encoding="utf-8")
    (work / "secrets.yaml").write_text(YAML.format_map(secrets), encoding="utf-8")
    (work / "secrets.json").write_text(json.dumps({"api": {"api_key": secrets["json-key"]}}), encoding="utf-8")
    (work / "secrets.toml").write_text(f'[hub]\nhf_token = "{secrets["toml-key"]}"\n', encoding="utf-8")
    (work / "launch.yaml").write_text(f"db:\n  password: {secrets['launch-file']}\n", encoding="utf-8")
    (work / ".gitignore").write_text(".givens\nout\n", encoding="utf-8")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("remote", "add", "origin", f"https://ada:{secrets['remote']}@example.org/x.git")
    (work / "client.py").write_text(f"x = 1\nURL = 'at {secrets['patch']}'\n", encoding="utf-8")
    (work / f"{secrets['untracked-name']}.txt").write_text("", encoding="utf-8")

    python = sys.executable
    flags = ["--api-key", secrets["argv-flag"], f"--password={secrets['argv-equals']}"]
    words = [f"HF_TOKEN={secrets['argv-variable']}", secrets["job-argument"]]
    call("train", python, "train.py", *flags, *words, GIVENS_CONFIG__db2__password=secrets["config-environment"])
    plain = "import givens; givens.init(config={'lr': 0.1}).log({'loss': 1.0})"
    orders = json.dumps({"api_key": secrets["overrides-variable"], "url": secrets["overrides-value"]})
    call("overrides", python, "-c", plain, GIVENS_OVERRIDES=orders)
    given = [
        "--set",
        f"hub.token={secrets['set-option']}",
        "--set",
        f"end={secrets['set-value']}",
        "--config",
        "launch.yaml",
    ]
    given += ["--name", secrets["launch-name"], "--notes", secrets["launch-notes"], "--tag", secrets["launch-tag"]]
    call("launch", python, "-m", "givens", "run", *given, "--", python, "-c", plain)
    call("launch of a program", python, "-m", "givens", "run", *given, "--", "true", *flags)
    first = next(path.stem for path in (work / ".givens" / "runs").glob("*.jsonl") if b"train.py" in path.read_bytes())
    call("afterwards", python, "after.py", first)
    places = [work / ".givens", work / "out", home]
    written = {str(path): path.read_bytes() for place in places for path in place.rglob("*") if path.is_file()}
    names = {f"the name {path}": os.fsencode(path) for path in written}
    opened = {
        f"{path}, unpacked": gzip.decompress(content) for path, content in written.items() if path.endswith(".gz")
    }
    return {**said, **written, **names, **opened}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return scene(tmp_path_factory.mktemp("planted"), planted())


def test_the_scene_was_played(everything: dict[str, bytes]) -> None:
    """Or the search below would find nothing in nothing."""
    shown = {
        name: text.decode("utf-8", "replace") for name, text in everything.items() if name.startswith(("std", "exit"))
    }
    assert shown["exit code of train"] == "1" and "RuntimeError: cannot reach" in shown["stderr of train"]
    assert [shown[f"exit code of {name}"] for name in ("overrides", "launch", "launch of a program", "afterwards")] == [
        "0",
        "0",
        "0",
        "0",
    ], shown
    ended = dict(line.split()[1:3] for line in shown["stderr of afterwards"].splitlines() if line.startswith("$ "))
    assert all(ended[name] == "0" for name in "edit note tag ls keys show explain history diff export pack".split()), (
        ended
    )
    paths = " ".join(everything)
    for part in (
        "/env/",
        "/blobs/",
        "/edits/",
        "/packs/",
        "/heads/",
        "/index/",
        ".html",
        ".csv",
        ".tex",
        ".json",
    ):
        assert part in paths, part


@pytest.mark.parametrize("place", planted())
def test_no_byte_holds_the_secret(everything: dict[str, bytes], place: str) -> None:
    # Python itself prints an uncaught exception: that is the script's own output, not ours
    ours = {name: text for name, text in everything.items() if name != "stderr of train"}
    said = everything["stderr of train"].partition(b"Traceback (most recent")
    ours["stderr of train"] = said[0] + b"\n".join(line for line in said[2].split(b"\n") if line.startswith(b"givens"))
    if place == "config-value":
        assert needles(place, planted()[place])[0] not in ours["stdout of train"]
    leaks = [
        f"{name}: …{text[max(0, text.find(needle) - 60) : text.find(needle) + 20]!r}"
        for name, text in ours.items()
        for needle in needles(place, planted()[place])
        if needle in text
    ]
    assert not leaks, "\n".join(leaks)


# --- what is none ---------------------------------------------------------------------------------------------------

HARMLESS: dict[str, Any] = {
    "use_cls_token": True,
    "max_tokens": 4096,
    "eos_token": "</s>",
    "pad_token": "<|endoftext|>",
    "mask_token": "[MASK]",
    "tokenizer": "bert-base-uncased-with-a-long-name",
    "secret_santa": "a plain word in a sentence",
    "secretary": "Miss Moneypenny, London",
    "num_tokens": "1000000000",
    "token_type": "wordpiece-large-vocabulary",
    "keyboard": "qwertyuiopasdfghjkl",
    "passes": "forward and backward passes",
    "author": "Ada Lovelace, Countess",
    "model": "task-specific-sk-learn-random-forest-2024",
    "library": "sk-learn-extra-something-longer",
    "cache": "/home/ada/.cache/hf_hub_cache/models--bert",
    "module": "xoxo_block",
    "key": "eyJ is how a JSON web token begins",
    "checksum": "d41d8cd98f00b204e9800998ecf8427e",
    "commit": "0123456789abcdef0123456789abcdef01234567",
    "package": "SG.filter.of.order.three",
    "url": "https://example.org:8080/data?page=2&max_tokens=512",
    "certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
    "note": "npm_config_registry, pypi-server and dapi are words",
    "aws_region": "eu-central-1-AKIAN",
}


@pytest.mark.parametrize("key", HARMLESS)
def test_what_only_looks_like_a_secret_is_kept(key: str, tmp_path: Path) -> None:
    redaction = Redaction(key_file=str(tmp_path / "key"))
    encoded = encode({key: HARMLESS[key]}, (), redaction)
    assert encoded.json == {key: HARMLESS[key]} and not encoded.secrets


# --- the table of forms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "form", [form for form in MADE if form not in ("basic auth", "basic auth of a database", "query")]
)
def test_a_form_is_hidden_wherever_it_stands(form: str, tmp_path: Path) -> None:
    secret = MADE[form](form)
    core = needles(form, secret)[0].decode()
    assert may_hold_credential(secret)
    for around in ("{}", "see {}, please", "KEY={}", "'{}'", "({})", "x: {}\n", '"{}"'):
        assert core not in hide_forms(around.format(secret)), around
        assert core not in Redaction(key_file=str(tmp_path / "key")).text(around.format(secret)), around


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.what)
def test_each_row_of_the_table_hides_something_of_this_test(form: Any) -> None:
    import re

    assert any(re.search(form.pattern, make(name)) for name, make in MADE.items())
    found = [name for name, make in MADE.items() if re.search(form.pattern, make(name))]
    assert all(any(mark in MADE[name](name) for mark in form.marks) for name in found)


def test_hostile_texts_are_searched_in_linear_time() -> None:
    for form in FORMS:
        for mark in form.marks:
            for joint in ("", "-", " ", ".", "/", "_"):
                hide_forms((mark + joint) * 20_000)
    hide_forms("-----BEGIN PRIVATE KEY-----" * 20_000)
    hide_forms("-----BEGIN " * 40_000 + "PRIVATE KEY")


def test_detect_secrets_finds_nothing_in_what_was_written(everything: dict[str, bytes], tmp_path: Path) -> None:
    """Another program's judgement of the same bytes: its detectors of forms, without those that guess by entropy."""
    pytest.importorskip("detect_secrets", reason="detect-secrets is not installed")
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import transient_settings

    guessing = {"Base64HighEntropyString", "HexHighEntropyString", "KeywordDetector", "IPPublicDetector"}
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    plugins = {plugin.__name__ for plugin in get_mapping_from_secret_type_to_class().values()} - guessing
    found: list[str] = []
    with transient_settings({"plugins_used": [{"name": name} for name in sorted(plugins)]}):
        control = tmp_path / "control.txt"
        control.write_text(f"x = '{MADE['github']('control')}'\n")
        caught = SecretsCollection()
        caught.scan_file(str(control))
        assert list(caught), "the oracle is asleep"
        for number, (name, content) in enumerate(everything.items()):
            if (
                name.startswith("the name")
                or name.endswith(".gz")
                or b"\0" in content[:1024]
                or name == "stderr of train"
            ):
                continue
            copy = tmp_path / f"{number}.txt"
            copy.write_bytes(content)
            each = SecretsCollection()
            each.scan_file(str(copy))
            found += [f"{name}: line {secret.line_number}: {secret.type}" for _, secret in each]
    assert not found, "\n".join(found)
