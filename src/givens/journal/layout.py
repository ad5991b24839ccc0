"""Where things lie in a store, and the ids that name them."""

from __future__ import annotations

import os
import re
import time

from ..errors import StoreError
from ..records.events import RUN_ID as RUN_ID

STORE_NAME = ".givens"
STORE_FORMAT = 1
#: the folders that givens reads and writes by itself; none may be a link (``outputs`` may: it is the run's own)
OWN_FOLDERS = (
    "runs",
    "ranks",
    "env",
    "edits",
    "heads",
    "packs",
    "blobs",
    "trash",
    "views",
    "pages",
    "incoming",
    "snapshots",
)
WRITER_ID = re.compile(r"[a-z0-9]{16}")
_LETTERS = "abcdefghjkmnpqrstvwxyz23456789"  # no i, l, o, u, 0, 1: nothing to mistake when read aloud


def random_id(length: int) -> str:
    """An id of random letters and digits without look-alikes: 10 for a run, 16 for a writer."""
    out = ""
    while len(out) < length:
        # 240 = 8 x 30: bytes above it would make some letters likelier than others
        out += "".join(_LETTERS[byte % 30] for byte in os.urandom(length) if byte < 240)
    return out[:length]


def write_whole(path: str, content: bytes) -> None:
    """Write a file beside its place and rename it there: a reader, or a kill at any moment, finds it whole, old or not at all.

    Args:
        path: the file; its folder is made, and a file that stands there is replaced.
        content: what it will hold.

    Raises:
        OSError: it cannot be written; what stood there stands, and nothing half-written is left beside it.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    partial = f"{path}.{random_id(8)}.part"
    try:
        with open(partial, "xb") as file:
            file.write(content)
        os.replace(partial, path)
    except OSError:
        if os.path.exists(partial):
            os.unlink(partial)
        raise


class Store:
    """The folder that holds the runs.

    Args:
        path: the store's folder itself (``…/.givens``).
    """

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def __repr__(self) -> str:
        return f"Store({self.path!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Store) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    def make(self) -> bool:
        """Make the folder and what every store has; True when it was not there before.

        Raises:
            OSError: it cannot be made.
        """
        runs = os.path.join(self.path, "runs")
        if os.path.isdir(runs):
            return False
        os.makedirs(runs, exist_ok=True)
        self._once(".gitignore", "*\n")
        self._once("store.json", f'{{"format":{STORE_FORMAT}}}\n')
        return True

    def check(self) -> None:
        """Look whether the folders are the store's own. A link among them would have givens read and write elsewhere.

        Raises:
            StoreError: one of them is a link.
        """
        for path in self._links():
            raise StoreError(
                path,
                "it is a link, and none in a store is followed",
                f"{STORE_NAME} itself may be one, or name another folder by GIVENS_DIR",
            )

    def _links(self) -> list[str]:
        """Paths of own folders that are links. One list of the store tells it, at a third of what asking for each costs."""
        try:
            with os.scandir(self.path) as entries:
                # casefold: to some disks, Runs and runs are one name
                return [e.path for e in entries if e.is_symlink() and e.name.casefold() in OWN_FOLDERS]
        except FileNotFoundError:
            return []
        except OSError:  # it may be entered, and not listed
            paths = [os.path.join(self.path, name) for name in OWN_FOLDERS]
            return [path for path in paths if os.path.islink(path)]

    def _once(self, name: str, text: str) -> None:
        try:
            fd = os.open(os.path.join(self.path, name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        except FileExistsError:
            return
        try:
            os.write(fd, text.encode())
        finally:
            os.close(fd)

    def run_file(self, run_id: str, writer: str | None = None) -> str:
        """The journal of a run's first writer, or of a later session or forked child."""
        return os.path.join(self.path, "runs", f"{run_id}.{writer}.jsonl" if writer else f"{run_id}.jsonl")

    def env_file(self, writer: str) -> str:
        """The journal of one process's surroundings."""
        return os.path.join(self.path, "env", f"{writer}.jsonl")

    def blob_file(self, sha256: str) -> str:
        """Where a blob lies. The name is checked, since it may come from a stranger's journal.

        Raises:
            StoreError: not a SHA-256 in hex.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise StoreError(self.path, f"a journal names a blob {sha256[:80]!r}, which is no SHA-256")
        return os.path.join(self.path, "blobs", sha256)

    def output_dir(self, run_id: str) -> str:
        """The folder for a run's own outputs (``run.dir``)."""
        return os.path.join(self.path, "outputs", run_id)

    def run_files(self) -> dict[str, list[str]]:
        """Every run's journals, first writer first: run id -> paths. Names that are no journal's are left out.

        Raises:
            StoreError: the folder is there and cannot be read.
        """
        folder = os.path.join(self.path, "runs")
        found: dict[str, list[str]] = {}
        for name in sorted(_names_in(folder)):
            stem, _, ending = name.rpartition(".")
            if ending != "jsonl":
                continue
            run_id, _, writer = stem.partition(".")
            if RUN_ID.fullmatch(run_id) and (not writer or WRITER_ID.fullmatch(writer)):
                path = os.path.join(folder, name)
                # "<id>.jsonl" sorts after "<id>.<writer>.jsonl" for some writers: put the first writer first
                found.setdefault(run_id, []).insert(0 if not writer else len(found.get(run_id, ())), path)
        return found

    def files_of(self, run_id: str) -> list[str]:
        """One run's journals, first writer first.

        Raises:
            StoreError: the folder is there and cannot be read.
        """
        if not RUN_ID.fullmatch(run_id):
            return []
        folder = os.path.join(self.path, "runs")
        later = _later_writers(folder).get(run_id, ())
        first = self.run_file(run_id)
        return [path for path in (first, *(os.path.join(folder, name) for name in later)) if os.path.exists(path)]


def _names_in(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise StoreError(folder, str(error.strerror or error), "check its permissions") from error


#: folder of runs -> its time when it was listed, and the names of later writers' journals by run, which are few:
#: so that reading some runs out of very many lists them once
_listed: dict[str, tuple[int, dict[str, list[str]]]] = {}
_SETTLED_NS = 2_000_000_000  # a folder that changed so lately may change again without its time telling


def _later_writers(folder: str) -> dict[str, list[str]]:
    try:
        changed_ns = os.stat(folder).st_mtime_ns
    except OSError:
        changed_ns = -1
    known = _listed.get(folder)
    if known is not None and known[0] == changed_ns:
        return known[1]
    now_ns = time.time_ns()
    later: dict[str, list[str]] = {}
    for name in _names_in(folder):
        if name.count(".") == 2 and name.endswith(".jsonl"):
            run_id, writer, _ = name.split(".")
            if WRITER_ID.fullmatch(writer):
                later.setdefault(run_id, []).append(name)
    for names in later.values():
        names.sort()
    _listed.clear()
    if 0 <= changed_ns < now_ns - _SETTLED_NS:
        _listed[folder] = changed_ns, later
    return later


def writer_of(path: str) -> str | None:
    """The writer id in a journal's file name; None for a first writer."""
    stem = os.path.basename(path)[: -len(".jsonl")]
    return stem.partition(".")[2] or None


def store_above(folder: str) -> str | None:
    """The nearest store at or above a folder."""
    here = os.path.abspath(folder)
    while True:
        candidate = os.path.join(here, STORE_NAME)
        if os.path.isdir(candidate):
            return candidate
        above = os.path.dirname(here)
        if above == here:
            return None
        here = above
