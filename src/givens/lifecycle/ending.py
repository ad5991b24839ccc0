"""How a run ends: by finish, by the end of the script, by an exception nobody caught, in a pool worker."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..codec import dumps
from ..configs.watching import compare_watched
from ..errors import GivensError, LossyValueWarning, StoreWarning, warn
from . import exits, lines, since_last
from .cells import keep_cells
from .current import current, make_current
from .forking import Unopened, hook_forks

if TYPE_CHECKING:
    from ..configs.door import Door
    from .run import Run

#: characters of a traceback that are kept; of a longer one, the middle goes
TRACEBACK_CHARS = 65_536


def finish_run(
    run: Run, *, exit_code: int | None = None, error: BaseException | None = None, silent: bool = False
) -> None:
    """Record what drifted and how the run ended, close its journal, and let go of it.

    Args:
        run: a run; one that has finished is left alone.
        exit_code: 0 or None: it finished; anything else: it failed.
        error: what ended it.
        silent: no finish line.
    """
    failed = bool(exit_code) or (error is not None and exits.code_of(error) != 0)
    state = "failed" if failed else "finished"
    own = run.pid == os.getpid()
    with run.door as door:
        if run.finished:
            return
        elapsed_s = run.journal.stamper.elapsed_s
        if not isinstance(run.journal, Unopened):  # a forked child that wrote nothing has nothing to end
            _look_again(run, door)
            if not door.guard.settled:
                since_last.settled(run)
            if run.rank and not run.compared:
                from .ranks import compare_with_leader

                compare_with_leader(run, last=True)
            door.record("finish", _members(run, state, exit_code, error if failed else None))
        run.finished = True
        door.closed = run.name
        written = run.journal.close()
    with current.lock:
        if run in current.alive:
            current.alive.remove(run)
        if current.run is run:
            make_current(None)
    if not written:
        warn(StoreWarning(f"{run.name}: what the store could not take is lost with this process: {run.store.path}"))
    if own:
        lines.say(lines.finish_line(run, state, elapsed_s), silent=silent or run.settings.silent)
    if current.surroundings is not None:
        current.surroundings.reap()


def _look_again(run: Run, door: Door) -> None:
    """Record what changed in place, and compare the objects that the config was read from."""
    if run.pid == os.getpid():
        run.summary.record_drift()
    for look in (door.record_drift, lambda: _compare(door)):
        try:
            look()
        except GivensError as problem:  # such as an object that was made to contain itself
            door.later(LossyValueWarning(f"what changed in place is not recorded: {problem}"))
    door.watched.clear()


def _compare(door: Door) -> None:
    for warning in compare_watched(door):
        door.later(warning)


def _members(run: Run, state: str, exit_code: int | None, error: BaseException | None) -> str:
    members = f',"state":"{state}","code":{dumps(exit_code)}'
    if run.door.reads is not None:
        from ..configs.reading import report

        run.read_report = report(run.config, run.door.reads)
        members += run.read_report.members()
    cells = keep_cells(run.door)
    if cells is not None:
        members += f',"cells":{dumps(cells)}'
    if error is not None:
        members += f',"error":{dumps(_traceback(run, error))}'
    beyond = run.door.refusals.beyond()
    return members + f',"refused":{dumps(beyond)}' if beyond else members


def _traceback(run: Run, error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        text = _plain_traceback(error)
    else:
        import traceback

        text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    text = run.door.redaction.text(text)
    if len(text) > TRACEBACK_CHARS:
        half = TRACEBACK_CHARS // 2
        text = f"{text[:half]}\n… {len(text) - 2 * half} characters …\n{text[-half:]}"
    return text


def _plain_traceback(error: BaseException) -> str:
    """A traceback without source lines, made without importing anything.

    Importing ``traceback`` evaluates code, by which Python forgets that it was interrupted: the program would end
    with exit code 1 instead of by SIGINT, and a shell's loop around it would go on.
    """
    frames = ["Traceback (most recent call last):"]
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f'  File "{code.co_filename}", line {trace.tb_lineno}, in {code.co_name}')
        trace = trace.tb_next
    return "\n".join([*frames, f"{type(error).__name__}\n"])


def hook() -> None:
    """Finish runs at the end of the program, and let forks happen only between writes."""
    if not current.hooked:
        hook_forks()
    exits.hook(_at_exit)


def _at_exit() -> None:
    """Finish what is alive, the newest first; a forked child ends only what it wrote itself."""
    code, error = exits.what_ended()
    for run in reversed(list(current.alive)):
        try:
            finish_run(run, exit_code=code, error=error)
        except GivensError as problem:  # a strict store; the other runs are finished all the same
            warn(StoreWarning(f"{run.name}: {problem}"))
    since_last.write_what_waits()
