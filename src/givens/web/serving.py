"""Running the server: a port that is free, an end that is clean, a note for others that it is there."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType

import uvicorn

from ..errors import PageError
from ..journal.layout import Store
from .app import make_app
from .guarding import hosts_of, is_local
from .live_store import LiveStore
from .noting import leave_note, take_note_away

PORT = 8321
_NEXT = 20  #: ports that are tried after the usual one
_MOST_HEAD = 1 << 20  #: bytes of a request's first lines: what is longer than an address may be gets an answer as well


class PageServer(uvicorn.Server):
    """The server; when it is told to end, the streams end first."""

    def __init__(self, config: uvicorn.Config, live: LiveStore) -> None:
        super().__init__(config)
        self.live = live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End."""
        self.live.hang_up()
        await super().shutdown(sockets)


def listening(host: str, port: int | None) -> socket.socket:
    """A socket that listens.

    Args:
        host: the address.
        port: 0 for any; None: the usual one, or the next that is free.

    Raises:
        PageError: the address cannot be used, or the port is taken.
    """
    wanted = [port] if port is not None else [*range(PORT, PORT + _NEXT), 0]
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    problem: OSError | None = None
    for each in wanted:
        made = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name != "nt":  # there it would let two servers listen at one port
                made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((host, each))
            made.listen(128)
        except OSError as error:
            made.close()
            problem = error
            continue
        return made
    assert problem is not None
    raise PageError(f"{host}:{port if port is not None else PORT}", problem.strerror or str(problem))


def address_of(host: str, listener: socket.socket) -> str:
    """What to type into a browser on this machine."""
    port = listener.getsockname()[1]
    name = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}/"


def server_for(store: Store, host: str, token: str | None, *, folder: str | None = None) -> PageServer:
    """A server that is not running yet.

    Args:
        store: what to show.
        host: the address it will be bound to.
        token: what everybody has to show; None: nobody has to.
        folder: what ``--dir`` named, for the command lines that the pages show; None: it was not given.

    Raises:
        PageError: others can reach the address, and there is no token.
    """
    if token is None and not is_local(host):
        raise PageError(host, "others can reach that address", "give a --token that they have to know")
    live = LiveStore(store)
    app = make_app(live, hosts=hosts_of(host), token=token, folder=folder)
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        server_header=False,
        http="h11",
        ws="none",
        lifespan="on",
        h11_max_incomplete_event_size=_MOST_HEAD,
        timeout_graceful_shutdown=3,
        timeout_keep_alive=15,
    )
    return PageServer(config, live)


def serve(server: PageServer, listener: socket.socket, url: str) -> None:
    """Serve until Ctrl-C or a SIGTERM; the store's note says where, as long as it goes on."""
    note = leave_note(server.live.store, url)
    before = signal.signal(signal.SIGTERM, _ended)  # the server hands the signal on once it has ended
    try:
        with suppress(KeyboardInterrupt):  # that is how it is ended
            server.run(sockets=[listener])
    finally:
        signal.signal(signal.SIGTERM, before)
        take_note_away(note)
        listener.close()


def _ended(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


@contextmanager
def serving(
    folder: str | os.PathLike[str], *, host: str = "127.0.0.1", token: str | None = None, port: int = 0
) -> Iterator[str]:
    """A server in a thread of its own, for as long as the block lasts; gives its address.

    Args:
        folder: the folder that holds ``.givens``, or the store itself.
        host: the address it is bound to.
        token: what everybody has to show.
        port: 0 for any.

    Raises:
        PageError: as of ``listening`` and ``server_for``.
    """
    path = os.fspath(folder)
    inside = os.path.join(path, ".givens")
    store = Store(inside if os.path.isdir(inside) else path)
    server = server_for(store, host, token)
    listener = listening(host, port)
    url = address_of(host, listener)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])), name="givens-ui")
    thread.start()
    note = leave_note(store, url)
    try:
        yield url
    finally:
        take_note_away(note)
        server.should_exit = True
        thread.join()
        listener.close()
