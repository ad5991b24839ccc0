"""``givens ui``."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping
from importlib.util import find_spec

import click

from ..errors import MissingPackageError
from .options import Asked, dir_option, json_option
from .terminal import complain, console, print_json, print_line, text

_NEEDED = {"starlette": "starlette", "uvicorn": "uvicorn", "jinja2": "Jinja2"}


@click.command("ui")
@click.option("--port", type=click.IntRange(0, 65535), help="This port, 0 for any; else 8321 or the next that is free.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at; others need --token.")
@click.option("--token", metavar="TEXT", help="What everybody who opens the page has to know.")
@click.option("--open", "open_browser", is_flag=True, help="Open it in a browser.")
@dir_option
@json_option
@click.pass_context
def command(
    ctx: click.Context,
    port: int | None,
    host: str,
    token: str | None,
    open_browser: bool,
    dir: str | None,
    as_json: bool,
) -> None:
    """Serve the page: runs, compared, grouped, plotted, explained; live while they run. Ctrl-C ends it.

    It listens on this machine only, and asks nothing of any other. On a machine that others can log in to, give a
    --token: else every user of it can open the page. Over ssh it says how to reach it from where you sit.

    \b
    Examples:
      givens ui
      givens ui --open
      givens ui --host 0.0.0.0 --token "$(openssl rand -hex 16)"
      givens ui --port 0 --json
    """
    asked = Asked(dir, as_json).under(ctx)
    for module, package in _NEEDED.items():
        if find_spec(module) is None:
            raise MissingPackageError(package, "ui", "givens ui")
    store = asked.store()
    from ..web.serving import address_of, listening, serve, server_for

    token = token or None
    server = server_for(store, host, token, folder=asked.dir)
    listener = listening(host, port)
    url = address_of(host, listener)
    whole = f"{url}?token={_quoted(token)}" if token else url
    tunnel = tunnel_line(listener.getsockname()[1], os.environ)
    if asked.as_json:
        print_json({"url": url, "address": whole, "store": store.path, "pid": os.getpid(), "tunnel": tunnel})
    else:
        out = console()
        print_line(out, f"{store.path} is at ", text(whole, "bold"))
        if tunnel:
            print_line(out, f"from where you sit: {tunnel}")
        print_line(out, text("Ctrl-C ends it", "dim"))
    sys.stdout.flush()
    if open_browser:
        import webbrowser

        if not webbrowser.open(whole):
            complain(f"no browser could be opened; the address is {whole}")
    serve(server, listener, url)


def tunnel_line(port: int, environment: Mapping[str, str]) -> str | None:
    """The ssh command that brings the port to the machine one sits at; None where this is not over ssh.

    Args:
        port: the port here.
        environment: the process's environment.
    """
    connection = environment.get("SSH_CONNECTION", "").split()
    if len(connection) != 4:
        return None
    host, ssh_port = connection[2], connection[3]
    if host.startswith(("10.", "172.", "192.168.", "fe80", "fd")):  # its name says more where one sits
        host = socket.gethostname()  # the full one is not asked for: that may be a question to another machine
    user = environment.get("USER") or environment.get("LOGNAME")
    whole = f"{user}@{host}" if user else host
    other = f" -p {ssh_port}" if ssh_port != "22" else ""
    return f"ssh -N -L {port}:127.0.0.1:{port}{other} {whole}"


def _quoted(token: str | None) -> str:
    from urllib.parse import quote

    return quote(token or "", safe="")
