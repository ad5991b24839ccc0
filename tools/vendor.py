"""The JavaScript of others that the page and its tests use: fetched from npm, checked, written as plain files.

``python tools/vendor.py`` writes them, ``python tools/vendor.py --check`` says whether what is in the tree is what it
would write, without asking npm. To move to another version: change it below, run the script, and put the hash it names in
place of the old one after a look at what changed.

The page's own files (``src/givens/web/static/vendor``) keep their text but for bare imports (``from "preact"``), which
become relative paths, so that a browser finds them without an import map, and for the pointer to a source map.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

TOP = Path(__file__).resolve().parent.parent
PAGE = TOP / "src" / "givens" / "web" / "static" / "vendor"
TESTS = TOP / "tests" / "web" / "assets"
LEDGER = PAGE / "VERSIONS.json"


class Package(NamedTuple):
    """One package of npm.

    Args:
        name: as npm knows it.
        version: exactly this one.
        sha256: of the archive that ``npm pack`` brings.
        files: path in the archive -> where it goes.
    """

    name: str
    version: str
    sha256: str
    files: dict[str, Path]


PACKAGES = (
    Package(
        "preact",
        "11.2.0",
        "3c4456766bd32b6b534d52bf4e9c2a29b33e7eedf6e96ed479300ba1a7888ebf",
        {
            "dist/preact.mjs": PAGE / "preact.js",
            "hooks/dist/hooks.mjs": PAGE / "hooks.js",
            "LICENSE": PAGE / "preact.LICENSE",
        },
    ),
    Package(
        "@preact/signals-core",
        "1.14.5",
        "94c421ac996214c94f532fb4c43d8ede048a16df0cd9538ffb965174dbe8daba",
        {"dist/signals-core.mjs": PAGE / "signals-core.js", "LICENSE": PAGE / "signals-core.LICENSE"},
    ),
    Package(
        "@preact/signals",
        "2.11.4",
        "66ea8221dd8aaa0da2365d49c3f116b071d56cfb63b2e16c072c6b4e08a928b7",
        {"dist/signals.mjs": PAGE / "signals.js", "LICENSE": PAGE / "signals.LICENSE"},
    ),
    Package(
        "htm",
        "3.1.1",
        "2425b9bee11409177bcabc7f32e319926fc6690c1701c0b257c88bdff2d5ba90",
        {"dist/htm.mjs": PAGE / "htm.js", "LICENSE": PAGE / "htm.LICENSE"},
    ),
    Package(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        {"axe.min.js": TESTS / "axe.min.js", "LICENSE": TESTS / "axe-core.LICENSE"},
    ),
)

#: bare name in an import -> the file beside it
NAMES = {
    "preact": "./preact.js",
    "preact/hooks": "./hooks.js",
    "@preact/signals-core": "./signals-core.js",
    "htm": "./htm.js",
}
_IMPORT = re.compile(r"""(\bfrom|\bimport)\s*(["'])([^"'./][^"']*)\2""")
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S*\s*$")


def rewritten(text: str) -> str:
    """The text of a module with relative paths in place of bare names, and without its source map."""

    def relative(found: re.Match[str]) -> str:
        return f'{found[1]}"{NAMES[found[3]]}"'

    return _SOURCE_MAP.sub("", _IMPORT.sub(relative, text)).rstrip() + "\n"


def fetched(package: Package, folder: Path) -> Path:
    """The archive of a package, from npm, with the hash it has to have."""
    done = subprocess.run(
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
        cwd=folder,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    archive = folder / done.stdout.split()[-1]
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != package.sha256:
        raise SystemExit(f"{package.name} {package.version}: sha256 is {found}, not {package.sha256 or 'written down'}")
    return archive


def write(package: Package, archive: Path) -> dict[str, str]:
    """Take the files out of an archive; their paths in the tree and hashes."""
    hashes = {}
    with tarfile.open(archive) as packed:
        for inside, target in package.files.items():
            member = packed.extractfile(f"package/{inside}")
            if member is None:
                raise SystemExit(f"{package.name} {package.version} has no {inside}")
            content = member.read()
            if inside.endswith(".mjs"):
                content = rewritten(content.decode("utf-8")).encode("utf-8")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            hashes[target.relative_to(TOP).as_posix()] = hashlib.sha256(content).hexdigest()
    return hashes


def wrong() -> list[str]:
    """What in the tree is not as the last run of this script wrote it."""
    ledger = json.loads(LEDGER.read_text("utf-8"))
    found = []
    for package in PACKAGES:
        noted = ledger.get(package.name, {})
        if noted.get("version") != package.version or noted.get("sha256") != package.sha256:
            found.append(f"{package.name}: {package.version} is wanted, {noted.get('version')} is there")
        for target in package.files.values():
            path = target.relative_to(TOP).as_posix()
            there = hashlib.sha256(target.read_bytes()).hexdigest() if target.is_file() else "missing"
            if noted.get("files", {}).get(path) != there:
                found.append(f"{path}: not what was vendored")
    return found


def main() -> int:
    """Write, or check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="only say whether the tree is as it should be")
    if parser.parse_args().check:
        problems = wrong()
        print("\n".join(problems) or f"{len(PACKAGES)} packages are as they were vendored", file=sys.stderr)
        return 1 if problems else 0
    ledger = {}
    with tempfile.TemporaryDirectory() as folder:
        for package in PACKAGES:
            files = write(package, fetched(package, Path(folder)))
            ledger[package.name] = {"version": package.version, "sha256": package.sha256, "files": files}
            print(f"{package.name} {package.version}", file=sys.stderr)
    LEDGER.write_text(json.dumps(ledger, indent=1, sort_keys=True) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
