"""A store that an older rule set wrote in clear, with a secret in every place that has one: scrubbed, and every byte searched.

The store is written by real runs and commands with the rules for keys switched off. What rules know by form alone cannot
be switched off: such secrets are written as plain words, and put in their place in the files afterwards, checksums and
all, as a version without those rules would have left them.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import pytest

from .test_no_secret_is_written import FORMED, MADE, MAIN, YAML, letters, needles, planted

#: places that are in no store: of commands that only ask, of launches, or told on the terminal alone
ELSEWHERE = {
    *"set-option overrides-variable launch-file edit-api typed-filter set-value overrides-value launch-name".split(),
    *"launch-notes launch-tag filter-value filter-bare filter-shorthand export-title user-warning source-line".split(),
}
PLACES = [place for place in planted() if place not in ELSEWHERE]

BEFORE = r"""
import json, os, sys
from givens.cli.root import run
from givens.api.page.saved_views import save_view
from givens.journal.layout import Store

s = json.load(open(os.environ["SECRETS"]))
first, second, third = sys.argv[1:]
for command in [
    ["edit", first, "--set", "db.password=" + s["edit-set"], "--note", s["edit-note"]],
    ["edit", first, "--rename", "rename_me.phrase=rename_me.password"],
    ["edit", first, "--name", "new " + s["edit-name"]], ["note", first, "see " + s["edit-notes"]],
    ["tag", first, s["edit-tag"]],
    ["rm", third], ["ls"], ["pack"],
]:
    code = run(command)
    assert code == 0, command
save_view(Store(os.path.abspath(".givens")), "view of " + s["view-name"], "/", "q=config.value+%3D%3D+%27" + s["view-query"] + "%27")
"""

ASKED = r"""
import os, sys
from givens.cli.root import run

first = sys.argv[1]
os.makedirs("out", exist_ok=True)
for command in [
    ["ls"], ["ls", "--json"], ["keys"], ["keys", "--json"], ["show", first, "--all"], ["show", first, "--json"],
    ["explain", first], ["history", first], ["history", first, "replaced.api_key"], ["undo", "--list"],
    ["diff", first, sys.argv[2]], ["group", "value", "-m", "loss"], ["restore"],
    *[["export", "-o", "out/page." + ending] for ending in ("html", "csv", "json")],
    *[["command", first, "--as", form] for form in ("argv", "yaml", "python")],
]:
    print("$", command[0], run(command), file=sys.stderr)
"""

SHORT = """
import json, os, givens
s = json.load(open(os.environ["SECRETS"]))
run = givens.init(project="p", config={"api_key": s["short"], "big": {"api_token": s["large"] * 4000, "text": "x"}})
run.log({"loss": 1.0})
"""


class Scene(NamedTuple):
    """What was written before, and after each step: name -> content."""

    control: dict[str, bytes]
    scrubbed: dict[str, bytes]
    merged: dict[str, bytes]
    again: dict[str, bytes]
    said: dict[str, str]


def all_planted() -> dict[str, str]:
    """Place -> its secret."""
    more = {place: letters(place, 26) for place in ("short", "large", "renamed")}
    return planted() | more | {place: MADE["hugging face"](place) for place in ("view-name", "view-query")}


def is_by_form(place: str) -> bool:
    return place.startswith(("form ", "view-")) or place in FORMED


def written_plainly(secrets: dict[str, str]) -> dict[str, str]:
    """The same with words in place of what a form gives away."""
    return {
        place: "plain" + sha256(place.encode()).hexdigest()[:30] if is_by_form(place) else secret
        for place, secret in secrets.items()
    }


class Older:
    """A store as a version without rules for forms would have left it."""

    def __init__(self, store: Path, secrets: dict[str, str]) -> None:
        self.store = store
        plain = written_plainly(secrets)
        self.words = {plain[place]: secrets[place] for place in secrets if plain[place] != secrets[place]}
        self.blobs: dict[str, str] = {}

    def convert(self) -> None:
        for path in sorted((self.store / "blobs").iterdir()):
            content = self._text(path.read_text(), escaped=False).encode()
            new = sha256(content).hexdigest()
            path.unlink()
            (path.parent / new).write_bytes(content)
            self.blobs[path.name] = new
        for path in self.store.rglob("*.jsonl"):
            path.write_bytes(b"".join(map(self._line, path.read_bytes().splitlines(keepends=True))))
        for folder in ("heads", "views"):
            for path in (self.store / folder).iterdir():
                path.write_text(self._text(path.read_text(), escaped=True))
                path.rename(path.parent / self._text(path.name, escaped=False))

    def _text(self, text: str, *, escaped: bool) -> str:
        for word, secret in {**self.words, **self.blobs}.items():
            text = text.replace(word, json.dumps(secret)[1:-1] if escaped else secret)
        return text

    def _line(self, line: bytes) -> bytes:
        body, _, _ = line.rpartition(b',"c":')
        new = self._text(body.decode(), escaped=True).encode()
        return line if new == body else b'%b,"c":%d}\n' % (new, crc32(new))


def bytes_below(*folders: Path) -> dict[str, bytes]:
    written = {str(path): path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()}
    names = {f"the name {path}": os.fsencode(path) for path in written}
    opened = {f"{path}, unpacked": gzip.decompress(text) for path, text in written.items() if path.endswith(".gz")}
    return {**written, **names, **opened}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    folder = tmp_path_factory.mktemp("scrubbed")
    work, home, store = folder / "work", folder / "home", folder / "work" / ".givens"
    work.mkdir()
    secrets = all_planted()
    plain = written_plainly(secrets)
    (folder / "secrets.json").write_text(json.dumps(plain), encoding="utf-8")
    env = {**os.environ, "SECRETS": str(folder / "secrets.json"), "HOME": str(home), "GIT_CONFIG_GLOBAL": os.devnull}
    env |= {"XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "config")}
    said: dict[str, str] = {}

    def call(name: str, *command: str, code: int = 0, **more: str) -> str:
        done = subprocess.run(command, cwd=work, env={**env, **more}, capture_output=True, text=True, timeout=120)
        assert done.returncode == code, done.stderr
        said[name] = done.stdout + done.stderr
        return done.stdout

    def git(*words: str) -> None:
        subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words], cwd=work, env=env, check=True)

    script = MAIN.replace('"password": "short-and-plain"', '"phrase": s["renamed"]')
    (work / "pyproject.toml").write_text('[tool.givens]\nredact = ["!*"]\n', encoding="utf-8")
    (work / "client.py").write_text("x = 1\n", encoding="utf-8")
    (work / "train.py").write_text(script, encoding="utf-8")
    (work / "secrets.yaml").write_text(YAML.format_map(plain), encoding="utf-8")
    (work / "secrets.json").write_text(json.dumps({"api": {"api_key": plain["json-key"]}}), encoding="utf-8")
    (work / "secrets.toml").write_text(f'[hub]\nhf_token = "{plain["toml-key"]}"\n', encoding="utf-8")
    (work / ".gitignore").write_text(".givens\nout\n", encoding="utf-8")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    git("remote", "add", "origin", f"https://example.org/{plain['remote']}.git")
    (work / "client.py").write_text(f"x = 1\nURL = 'at {plain['patch']}'\n", encoding="utf-8")
    (work / f"{plain['untracked-name']}.txt").write_text("", encoding="utf-8")

    python = sys.executable
    flags = [
        "--api-key",
        plain["argv-flag"],
        f"--password={plain['argv-equals']}",
        f"HF_TOKEN={plain['argv-variable']}",
    ]
    words = [*flags, plain["job-argument"]]
    call("train", python, "train.py", *words, code=1, GIVENS_CONFIG__db2__password=plain["config-environment"])
    first = next((store / "runs").glob("*.jsonl")).stem
    for _ in range(2):
        call("short", python, "-c", SHORT)
    second, third = sorted({path.stem for path in (store / "runs").glob("*.jsonl")} - {first})
    call("before", python, "-c", BEFORE, first, second, third)
    # packed journals are the same bytes as loose ones: taken out for the conversion, and packed again by a command
    for pack in (store / "packs").glob("*.gz"):
        from givens.journal.packs import open_pack, read_members

        for member, found in read_members(open_pack(str(pack))):
            (store / member.name).write_bytes(found.content)
        pack.unlink()
    Older(store, secrets).convert()
    call("packed", python, "-m", "givens", "pack")
    shutil.copy(next((store / "packs").glob("*.gz")), folder / "pack.gz")
    call("asked before", python, "-m", "givens", "ls")  # makes the index
    control = bytes_below(store)
    shutil.copytree(store, folder / "copy", ignore=shutil.ignore_patterns("index"))
    (work / "pyproject.toml").write_text("", encoding="utf-8")
    call("dry run", python, "-m", "givens", "scrub", "--dry-run", "--json")
    call("scrub", python, "-m", "givens", "scrub", "--yes", "--note", "they were exposed")
    call("second", python, "-m", "givens", "scrub")
    call("asked", python, "-c", ASKED, first, second)
    call("doctor", python, "-m", "givens", "doctor")
    texts = {f"output of {name}": text.encode() for name, text in said.items()}
    own = ("output of scrub", "output of dry run", "output of second", "output of asked", "output of doctor")
    scrubbed = {**bytes_below(store, work / "out", home), **{name: texts[name] for name in own}}

    shutil.copytree(folder / "copy", store, dirs_exist_ok=True)  # an old copy is merged in
    call("asked after merging", python, "-c", ASKED, first, second)
    index = bytes_below(store / "index", work / "out", home)
    merged = {"output of asked after merging": said["asked after merging"].encode(), **index}
    call("doctor after merging", python, "-m", "givens", "doctor")
    call("scrub again", python, "-m", "givens", "scrub", "--yes")
    call("asked again", python, "-m", "givens", "ls", "--json")
    again = {**bytes_below(store, work / "out", home), "output of asked again": said["asked again"].encode()}
    call("last", python, "-m", "givens", "scrub")
    return Scene(control, scrubbed, merged, again, said)


def held(where: dict[str, bytes], place: str) -> list[str]:
    secret = all_planted()[place]
    return [
        f"{name}: …{text[max(0, text.find(needle) - 80) : text.find(needle) + 20]!r}"
        for needle in needles(place, secret)
        for name, text in where.items()
        if needle in text
    ]


EVERY = [*PLACES, "short", "large", "renamed", "view-name", "view-query"]


@pytest.mark.parametrize("place", EVERY)
def test_a_scrub_leaves_no_byte_of_it(scene: Scene, place: str) -> None:
    assert held(scene.control, place), "it was not there before"
    assert not held(scene.scrubbed, place)


@pytest.mark.parametrize("place", EVERY)
def test_an_old_copy_that_is_merged_in_shows_nothing_and_is_scrubbed_in_turn(scene: Scene, place: str) -> None:
    assert not held(scene.merged, place)
    assert not held(scene.again, place)


def test_what_is_said_of_it(scene: Scene) -> None:
    ended = [line for line in scene.said["asked"].splitlines() if line.startswith("$ ")]
    assert len(ended) == 19 and all(line.endswith(" 0") for line in ended if line != "$ command 1"), ended
    assert "which are not kept; type it again with them" in scene.said["asked"]  # the command line
    assert scene.said["second"] == scene.said["last"] == "nothing to scrub\n"
    plan = json.loads(scene.said["dry run"])
    assert plan["done"] is False and plan["edit"] is None and len(plan["runs"]) == 3
    places = {place for run in plan["runs"] for place in run["places"]}
    assert {"argv", "config.db.password", 'config.forms."form github"', "notes", "name", "patch", "error"} <= places
    assert "nothing in 2 runs" in scene.said["doctor"] and "all is well" in scene.said["doctor"]
    assert "copies of the store" in scene.said["doctor"]
    assert "`givens scrub` cleans" in scene.said["doctor after merging"]
