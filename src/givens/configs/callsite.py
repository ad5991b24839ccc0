"""The line of user code that a write came from."""

from __future__ import annotations

import os
import sys
from types import CodeType, FrameType

from ..records.origin import Origin

_INTERNAL = (os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep, "<frozen ")

#: where libraries lie: the same for everybody who has them, and at the end of a long path
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
_STANDARD = os.path.dirname(os.path.abspath(os.__file__)) + os.sep


class CallSites:
    """Finds and caches call sites; one to a run, since files are told relative to the run's project.

    ``frame.f_lineno`` is linear in the length of the file, so lines are cached by (code, instruction).

    Args:
        root: files inside this folder are told relative to it; empty for absolute paths.
    """

    __slots__ = ("_prefix", "_sites", "root")

    def __init__(self, root: str = "") -> None:
        self.root = root
        self._prefix = root.rstrip(os.sep) + os.sep if root else ""
        # the code object is kept in the value, so that its id is not given to another one
        self._sites: dict[tuple[int, int], tuple[Origin, CodeType]] = {}

    def here(self) -> Origin:
        """The nearest line outside givens and Python's own library (`random.shuffle(config.order)`, `bisect.insort`)."""
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename.startswith(_INTERNAL):
            frame = frame.f_back
        if frame is None:
            return _NOWHERE
        if frame.f_code.co_filename.startswith(_STANDARD):
            frame = _below_the_standard_library(frame) or frame
        key = (id(frame.f_code), frame.f_lasti)
        site = self._sites.get(key)
        if site is None:
            origin = Origin("code", self.relative(frame.f_code.co_filename), frame.f_lineno)
            site = self._sites[key] = (origin, frame.f_code)
        return site[0]

    def relative(self, file: str) -> str:
        """A file's path as the record tells it: of an installed library from its package on, elsewhere from the project.

        A notebook cell has no file that anyone could open.
        """
        if "ipykernel_" in file or file.startswith("<ipython-input"):
            return "<notebook cell>"
        if file.startswith("<"):
            return file
        file = os.path.abspath(file)
        for folder in _INSTALLED:
            if folder in file:
                return file.rpartition(folder)[2]
        return file[len(self._prefix) :] if self._prefix and file.startswith(self._prefix) else file


def _below_the_standard_library(frame: FrameType) -> FrameType | None:
    """The nearest caller that is no file of Python's own; None of a thread or a callback that Python itself called."""
    at: FrameType | None = frame
    while at is not None:
        file = at.f_code.co_filename
        if not file.startswith(("<frozen ", _STANDARD)) or any(folder in file for folder in _INSTALLED):
            return at
        at = at.f_back
    return None


_NOWHERE = Origin("code")
