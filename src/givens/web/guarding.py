"""Who may ask, and what every answer says: the Host, the token, the origin of writes, the headers."""

from __future__ import annotations

import hmac
import ipaddress
import socket
from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

#: on every answer
HEADERS: dict[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}

COOKIE = "givens-token"
MOST_ADDRESS = 32_768  #: characters of path and query
MOST_BODY = 1 << 20  #: bytes of a write
_METHODS = frozenset(("GET", "HEAD", "POST"))


class Guard:
    """Stands before the application; refuses, or lets through, and puts the headers on what comes back.

    Args:
        app: the application.
        hosts: names and addresses by which this server may be called, without ports.
        token: what everybody has to show; None where nobody has to.
    """

    def __init__(self, app: ASGIApp, hosts: Iterable[str], token: str | None = None) -> None:
        self.app = app
        self.hosts = frozenset(host.lower() for host in hosts)
        self.token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await (self.app(scope, receive, send) if scope["type"] == "lifespan" else _closed(scope, receive, send))
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, dressed)
            return
        await self.app(scope, _bounded(receive), dressed)

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if scope["method"] not in _METHODS:
            return _no(405, "this server answers GET, HEAD and POST")
        if len(scope["path"]) + len(scope["query_string"]) > MOST_ADDRESS:
            return _no(
                414, f"the address is longer than {MOST_ADDRESS} characters: shorten the filter, or name fewer runs"
            )
        host = headers.get("host", "")
        name = host_of(host)
        if not name or (name not in self.hosts and name != _reached(scope)):
            return _no(421, "this server is called by another name: open the address that `givens ui` printed")
        if self.token is not None and not self._has_token(headers):
            return self._with_token(scope)
        if not _is_own(headers, host, scope["scheme"], is_write=scope["method"] == "POST"):
            return _no(403, "refused: the request comes from another site")
        if scope["method"] == "POST":
            return _unwritable(headers)
        return None

    def _has_token(self, headers: Headers) -> bool:
        given = headers.get("authorization", "")
        if given.startswith("Bearer ") and self._fits(given[len("Bearer ") :]):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", ""))
        except CookieError:
            return False
        return COOKIE in cookie and self._fits(cookie[COOKIE].value)

    def _fits(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), (self.token or "").encode())

    def _with_token(self, scope: Scope) -> Response:
        """The token in the address becomes a cookie, and goes out of the address; without it there is nothing to see."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        given = [value for name, value in query if name == "token"]
        if not given or scope["method"] != "GET" or not self._fits(given[0]):
            return _no(401, "a token is needed: open the address that `givens ui` printed, with the token in it")
        rest = urlencode([(name, value) for name, value in query if name != "token"])
        path = "/" + scope["path"].lstrip("/")  # "//elsewhere" would lead elsewhere
        answer = RedirectResponse(path + (f"?{rest}" if rest else ""), 303)
        answer.set_cookie(COOKIE, given[0], httponly=True, samesite="strict", path="/")
        return answer


def hosts_of(host: str) -> tuple[str, ...]:
    """The names by which a server that is bound to an address may be called; by the address reached it may in any case.

    Args:
        host: as given on the command line.
    """
    own = ["127.0.0.1", "localhost", "::1"]
    if is_local(host):
        return tuple(own)
    # the full name is what others type: the one thing that this machine's resolver is asked
    return tuple(dict.fromkeys((*own, host, socket.gethostname(), socket.getfqdn())))


def _reached(scope: Scope) -> str:
    """The address of this machine that a request came to; empty where it is none. No name can pretend to be it."""
    try:
        address = ipaddress.ip_address((scope.get("server") or ("",))[0])
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def is_local(host: str) -> bool:
    """Whether only this machine can reach an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def host_of(header: str) -> str:
    """The name or address in a Host header, without the port; empty where there is none."""
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].partition("]")[0]
    return header.partition(":")[0]


def _is_own(headers: Headers, host: str, scheme: str, *, is_write: bool) -> bool:
    """Whether a request comes from a page of this server, or from no page at all where nothing is written."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if origin is not None and origin.lower() != f"{scheme}://{host}".lower():
        return False
    if is_write:
        return origin is not None and site in (None, "same-origin")
    # a link on another page may lead here; a picture or a script on another page may not ask anything
    return site in (None, "same-origin", "none") or headers.get("sec-fetch-mode") == "navigate"


def _unwritable(headers: Headers) -> Response | None:
    if headers.get("x-givens") != "page":
        return _no(403, "a write needs the header X-Givens: page")
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return _no(415, "a write is application/json")
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > MOST_BODY:
        return _no(413, f"more than {MOST_BODY} bytes")
    return None


def _bounded(receive: Receive) -> Receive:
    """A body that says nothing of its length ends where a longer one would be refused."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > MOST_BODY:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _no(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status)


async def _closed(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
