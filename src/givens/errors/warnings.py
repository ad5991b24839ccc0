"""Every warning of givens, and the one way to issue one."""

from __future__ import annotations


class GivensWarning(UserWarning):
    """Base of all warnings: something a run did not stop for, but that its author should know."""


class ValueChangedWarning(GivensWarning):
    """A value changed after the config had settled (first ``log``)."""


class LockedKeyWarning(GivensWarning):
    """A write to a locked key was refused."""


class LossyValueWarning(GivensWarning):
    """A value could not be kept exactly."""


class DetachedSectionWarning(GivensWarning):
    """A write to a section that was replaced or deleted: nothing records it."""


class ShadowedKeyWarning(GivensWarning):
    """A key with the name of a method: reach it by item."""


class SourceDriftWarning(GivensWarning):
    """An object the config was read from no longer says what the record says."""


class MissingValueWarning(GivensWarning):
    """A value that has to be given and was not: ``???``, a required placeholder, a secret of an earlier run."""


class IgnoredArgumentWarning(GivensWarning):
    """Arguments that givens accepts for compatibility and does not use."""


class StoreWarning(GivensWarning):
    """The store cannot be written at the moment; events wait in memory."""


class CallbackWarning(GivensWarning):
    """An ``on_change`` callback raised; the write it was told of stands."""


class RunRenamedWarning(GivensWarning):
    """A script written for wandb asked for an id that its run could not have."""


class UnknownKeyWarning(GivensWarning):
    """A filter, sort key or column names a key that no run has."""


class ChildResultsWarning(GivensWarning):
    """A forked child logs: its results stand beside the run's, not among them."""


class RankWarning(GivensWarning):
    """A rank has another value than rank 0, or rank 0 did not begin."""


def warn(warning: GivensWarning) -> None:
    """Issue a warning at the nearest line outside givens; one that a filter makes an error is printed instead.

    A record must never stop a training run, not even under ``python -W error``. Where no line is outside, at the end of
    the program, it stands at ``sys:1``, as Python's own warnings do there: a line of ours would say nothing.
    """
    import sys
    import warnings

    frame = sys._getframe(1)
    level = 2
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "givens":
        frame = frame.f_back
        level += 1
    if frame.f_globals.get("__name__", "").partition(".")[0] == "givens":
        level += 1
    try:
        warnings.warn(warning, stacklevel=level)
    except GivensWarning as raised:
        sys.stderr.write(f"givens: {type(raised).__name__}: {raised}\n")
