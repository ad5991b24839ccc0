"""The store behind the page: asked in a few threads, brought up to date in one, and watched while somebody looks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, ParamSpec, TypeVar

from ..api.page.live_asking import LiveAsking
from ..api.page.row_pages import RowPages
from ..api.page.store_changes import Changed, StoreChanges
from ..errors import GivensError
from ..journal.layout import Store

Args = ParamSpec("Args")
Answered = TypeVar("Answered")

_THREADS = 4
_LOOK_S = 0.25  #: how often the store is looked at while somebody watches
_SHARE = 4  #: after a look nobody looks for so many times as long as it took
_WAIT_S = 0.4  #: how long a page waits for the index
_BEAT_S = 15.0  #: how often a stream says that it is still there


class Told(NamedTuple):
    """One event of the stream: its name and what it says."""

    event: str
    content: dict[str, Any]


class LiveStore:
    """What every route asks.

    Args:
        store: the store.

    Attributes:
        store: the store.
        asking: its index.
        pages: pages of its runs.
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asking = LiveAsking(store)
        self.pages = RowPages(self.asking)
        self.problem = ""
        self._changes = StoreChanges()
        self._threads = ThreadPoolExecutor(_THREADS, "givens-page")
        self._folder = ThreadPoolExecutor(1, "givens-page-fold")
        self._fold: asyncio.Future[Changed] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[asyncio.Queue[Told | None]] = set()
        self._watcher: asyncio.Task[None] | None = None
        self._total = 0
        self._took_s = 0.0
        self._is_closing = False

    @property
    def version(self) -> int:
        """Counted up whenever something changed."""
        return self.pages.version

    @property
    def notes(self) -> tuple[str, ...]:
        """What has to be known of every answer at the moment."""
        return (*self.asking.notes, *((self.problem,) if self.problem else ()))

    # --- life -----------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Begin to read and to watch."""
        self._loop = asyncio.get_running_loop()
        await self.fresh()
        self._watcher = asyncio.create_task(self._watch())

    def hang_up(self) -> None:
        """End every stream, so that a server can end."""
        self._is_closing = True
        for queue in self._listeners:
            queue.put_nowait(None)

    async def close(self) -> None:
        """Stop watching, let every thread end, let go of the index."""
        self.hang_up()
        if self._watcher is not None:
            self._watcher.cancel()
            await asyncio.gather(self._watcher, return_exceptions=True)
        for pool in (self._threads, self._folder):
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)
        self.asking.close()

    # --- asking ---------------------------------------------------------------------------------------------------

    async def ask(self, question: Callable[Args, Answered], *args: Args.args, **kwargs: Args.kwargs) -> Answered:
        """Answer a question in a thread, so that others are answered meanwhile."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: question(*args, **kwargs))

    async def fresh(self, wait_s: float = _WAIT_S) -> None:
        """Take in what is new in the store; where there is much, the answer is of what is there after a moment."""
        until_s = time.monotonic() + wait_s
        if self._fold is not None and not self._fold.done():  # what came after it began is not in it
            await asyncio.wait({self._fold}, timeout=wait_s)
        if self._fold is None or self._fold.done():
            self._fold = asyncio.ensure_future(asyncio.get_running_loop().run_in_executor(self._folder, self._look))
            self._fold.add_done_callback(self._folded)
        await asyncio.wait({self._fold}, timeout=max(0.0, until_s - time.monotonic()))

    def _look(self) -> Changed:
        """In the folding thread: bring the index up to date, and find out what that changed."""
        begun_s = time.monotonic()
        try:
            fresh = self.asking.refresh(self._portion)
            found = self.asking.ask(lambda index: self._changes.look(index, folded=fresh.folded > 0))
            self.problem = ""
        except GivensError as problem:  # the store went away, the disk is full: the page goes on with what it has
            self.problem = str(problem)
            found = Changed((), False, self._total)
        self._took_s = time.monotonic() - begun_s
        self._total = found.total
        return found

    def _portion(self) -> None:
        """In the folding thread: more of a large store is there."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell, Changed((), True, self._total))

    def _folded(self, done: asyncio.Future[Changed]) -> None:
        if done.cancelled():
            return
        error = done.exception()
        if error is not None:  # a fault of ours: the page goes on, and the terminal has the traceback
            self.problem = f"the index could not be brought up to date: {error}"
            done.get_loop().call_exception_handler({"message": self.problem, "exception": error, "future": done})
        elif found := done.result():
            self._tell(found)

    # --- telling --------------------------------------------------------------------------------------------------

    def _tell(self, found: Changed) -> None:
        self.pages.version += 1
        said = {"version": self.version, "ids": list(found.ids), "more": found.more, "total": found.total}
        self.tell(Told("change", said))

    def tell(self, told: Told) -> None:
        """Tell everybody who listens; in the loop's thread."""
        for queue in self._listeners:
            queue.put_nowait(told)

    async def listen(self) -> AsyncIterator[Told | None]:
        """What happens from now on; None now and then, when nothing does."""
        queue: asyncio.Queue[Told | None] = asyncio.Queue()
        self._listeners.add(queue)
        try:
            yield Told("hello", {"version": self.version})
            while not self._is_closing:
                try:
                    told = await asyncio.wait_for(queue.get(), _BEAT_S)
                except TimeoutError:
                    yield None
                    continue
                if told is None:
                    return
                yield told
        finally:
            self._listeners.discard(queue)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(max(_LOOK_S, _SHARE * self._took_s))
            if self._listeners:
                await self.fresh()
