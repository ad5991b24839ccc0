"""The page's JavaScript as files: its logic under Node, what was vendored, its size, and what is never written in it."""

from __future__ import annotations

import gzip
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import givens

TOP = Path(__file__).resolve().parent.parent.parent
STATIC = Path(givens.__file__).parent / "web" / "static"
OWN = sorted((STATIC / "js").rglob("*.js"))
MOST_KILOBYTES = 60
MAX_FILE_LINES = 400
NODE = (20, 19)  #: from here on it knows modules without being told


def node() -> str:
    """Node, where it is there and new enough."""
    path = shutil.which("node")
    if path is None:
        pytest.skip("Node is not installed: the logic of the page's JavaScript is not tested")
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in said.strip().lstrip("v").split(".")[:2]) < NODE:
        pytest.skip(
            f"Node {said.strip()} is older than {NODE[0]}.{NODE[1]}: the logic of the page's JavaScript is not tested"
        )
    return path


def test_the_logic_of_the_page_holds_under_node() -> None:
    tests = sorted(str(path) for path in (TOP / "tests" / "web" / "js").glob("*.test.js"))
    done = subprocess.run([node(), "--test", *tests], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^# pass [1-9]", done.stdout, re.MULTILINE), done.stdout


def vendor() -> Any:
    """tools/vendor.py as a module."""
    spec = importlib.util.spec_from_file_location("vendor", TOP / "tools" / "vendor.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_what_was_vendored_is_what_its_script_wrote() -> None:
    assert vendor().wrong() == []


def test_a_vendored_file_that_was_changed_by_hand_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = vendor()
    changed = tmp_path / "preact.js"
    changed.write_text("// not Preact")
    package = module.PACKAGES[0]._replace(files={"dist/preact.mjs": changed})
    monkeypatch.setattr(module, "TOP", tmp_path)
    monkeypatch.setattr(module, "PACKAGES", (package,))
    assert module.wrong() == ["preact.js: not what was vendored"]


def test_bare_imports_become_relative_ones_and_source_maps_go() -> None:
    text = 'import{h as n}from"preact";export*from "@preact/signals-core";\n//# sourceMappingURL=x.mjs.map\n'
    assert vendor().rewritten(text) == 'import{h as n}from"./preact.js";export*from"./signals-core.js";\n'


def test_a_bare_import_that_nobody_vendored_is_an_error() -> None:
    with pytest.raises(KeyError):
        vendor().rewritten('import x from "left-pad";')


def loaded(*modules: Path) -> set[Path]:
    """These modules and all that they import, dynamic imports excepted."""
    found: set[Path] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            names = re.findall(r"""\bfrom\s*["']([^"']+)["']""", module.read_text("utf-8"))
            waiting += [(module.parent / name).resolve() for name in names]
    return found


def test_all_javascript_in_one_archive_is_small() -> None:
    text = b"".join(path.read_bytes() for path in sorted(STATIC.rglob("*.js")))
    size = len(gzip.compress(text, 9))
    assert size <= MOST_KILOBYTES * 1024, f"{size / 1024:.1f} KB gzipped"


@pytest.mark.parametrize("islands", ["runs_table", "plot", "edit curves", "importance", "curves"])
def test_what_a_page_loads_is_small(islands: str) -> None:
    """Each file compressed by itself, comments and all, as a server that compresses would send it."""
    names = ("live", "views", *islands.split())
    files = loaded(STATIC / "js" / "main.js", *(STATIC / "js" / "islands" / f"{name}.js" for name in names))
    assert STATIC / "vendor" / "preact.js" in files
    size = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files)
    assert size <= MOST_KILOBYTES * 1024, f"{size / 1024:.1f} KB gzipped"


def test_every_import_is_of_a_file_that_is_there() -> None:
    found = {
        (path, name)
        for path in STATIC.rglob("*.js")
        for name in re.findall(r"""(?:from|import)\s*\(?["']([^"']+)""", path.read_text("utf-8"))
    }
    assert found
    assert [
        f"{path.name}: {name}" for path, name in found if not (path.parent / name).is_file() and "@import" not in name
    ] == []


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(STATIC)))
def test_no_module_makes_markup_or_code_from_text(path: Path) -> None:
    text = path.read_text("utf-8")
    forbidden = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "dangerouslySetInnerHTML",
        "document.write",
        "eval(",
        "new Function",
        "srcdoc",
        "javascript:",
    )
    assert [word for word in forbidden if word in text] == []
    assert re.search(r"https?://", text) is None, "nothing is asked of another host"
    assert len(text.splitlines()) <= MAX_FILE_LINES
