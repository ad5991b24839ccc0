"""Who is let in and who is not; whatever is refused, the server goes on."""

from __future__ import annotations

import http.client
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from givens.errors import PageError
from givens.journal.layout import Store
from givens.web.guarding import HEADERS, MOST_BODY, host_of, hosts_of, is_local
from givens.web.serving import listening, server_for, serving

from .conftest import Answer, Asker


def refused(page: Asker, answer: Answer, *statuses: int) -> str:
    """The words of a refusal; the headers are there all the same, and the server is alive."""
    assert answer.status in statuses, answer.body[:200]
    assert {name: answer.headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert page.get("/api/views").status == 200
    return answer.text


# --- by what name it is called ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "127.0.0.1@evil.example", "[::2]"]
)
def test_another_name_is_refused(page: Asker, host: str) -> None:
    assert "another name" in refused(page, page.ask("GET", "/", {"Host": host}), 421)


@pytest.mark.parametrize("host", ["localhost", "localhost:1234", "127.0.0.1", "[::1]:80", "LOCALHOST"])
def test_its_own_names_are_taken_at_any_port(page: Asker, host: str) -> None:
    assert page.ask("GET", "/api/views", {"Host": host}).status == 200


def test_names_in_host_headers_are_read_as_browsers_write_them() -> None:
    assert [host_of(each) for each in ("a:1", "[::1]:2", "[::1]", "A", "")] == ["a", "::1", "::1", "a", ""]


# --- from where it is asked ---------------------------------------------------------------------------------------


def test_a_request_from_another_site_is_refused(page: Asker) -> None:
    said = [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ]
    for headers in said:
        assert "another site" in refused(page, page.ask("GET", "/api/rows", headers), 403)


def test_a_link_on_another_site_may_lead_here(page: Asker) -> None:
    assert page.ask("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 200


@pytest.mark.parametrize(
    ("left_out", "instead", "status"),
    [
        ("Origin", None, 403),
        ("Origin", "http://evil.example", 403),
        ("Origin", "https://{host}", 403),
        ("X-Givens", None, 403),
        ("Content-Type", "text/plain", 415),
        ("Content-Type", "application/x-www-form-urlencoded", 415),
        ("Sec-Fetch-Site", "same-site", 403),
    ],
)
def test_a_write_has_to_come_from_the_page_itself(page: Asker, left_out: str, instead: str | None, status: int) -> None:
    headers = {"Origin": page.url.rstrip("/"), "Content-Type": "application/json", "X-Givens": "page"}
    headers.pop(left_out, None)
    if instead is not None:
        headers[left_out] = instead.replace("{host}", page.host)
    answer = page.ask("POST", "/api/edit", headers, b'{"runs": ["run0"], "tag": ["stolen"]}')
    refused(page, answer, status)
    assert page.get("/api/run/run0").json["tags"] == []


def test_nothing_is_written_by_asking(page: Asker) -> None:
    assert page.get("/api/edit").status == 405
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        refused(page, page.ask(method, "/api/views"), 405)


# --- what it is asked ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static//etc/passwd",
        "/static/js/../../app.py",
        "/static/%00",
        "/static/js%5c..%5capp.py",
        "/run/../../etc/passwd",
        "/run/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/run/" + "a" * 5000,
        "/run/%00",
        "/run/@/etc/passwd",
        "/api/run/@/etc/hosts.yaml",
        "/compare?runs=@/etc/hosts.yaml,run0",
        "/download/../../app.py",
        "/download/runs.exe",
        "/templates/frame.html",
        "//evil.example/",
    ],
)
def test_paths_lead_nowhere_else(page: Asker, path: str) -> None:
    answer = page.ask("GET", path)
    text = refused(page, answer, 400, 404)
    assert "root:x:" not in text and "__future__" not in text


def test_a_filter_of_ten_megabytes_is_refused(page: Asker) -> None:
    try:
        status = page.ask("GET", "/?filter=" + "x" * 10_000_000).status
    except (OSError, http.client.HTTPException):  # it hung up before we had said it all
        status = 400
    assert status in (400, 414, 431)
    refused(page, page.ask("GET", "/?filter=" + "x" * 200_000), 414)
    refused(page, page.get("/", filter="x" * 25_000), 400)


@pytest.mark.parametrize(
    "filter", ["(" * 5_000, "not " * 5_000 + "lr", "lr in [" + "1," * 5_000 + "1]", "\0", "'" * 999, "lr == 1e999999"]
)
def test_odd_filters_are_answered(page: Asker, filter: str) -> None:
    answer = page.get("/api/rows", filter=filter)
    assert answer.status in (200, 400)
    assert page.get("/api/views").status == 200


@pytest.mark.parametrize(
    "query", ["offset=-5", "limit=0", "limit=999999999", "offset=999999999999", "more=-1", "points=1"]
)
def test_numbers_are_kept_within_bounds(page: Asker, query: str) -> None:
    assert page.get(f"/api/rows?{query}").status == 200


@pytest.mark.parametrize("query", ["offset=x", "limit=1e3", "offset=99999999999999999999"])
def test_what_is_no_number_is_said(page: Asker, query: str) -> None:
    assert page.get(f"/api/rows?{query}").json["kind"] == "UsageError"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000, b'{"runs": 1}', b'{"runs": ["run0"], "set": []}']
)
def test_bodies_that_say_nothing_are_refused(page: Asker, body: bytes) -> None:
    headers = {"Origin": page.url.rstrip("/"), "Content-Type": "application/json", "X-Givens": "page"}
    refused(page, page.ask("POST", "/api/edit", headers, body), 400)


def test_a_body_without_end_is_refused(page: Asker) -> None:
    headers = {"Origin": page.url.rstrip("/"), "Content-Type": "application/json", "X-Givens": "page"}
    refused(page, page.ask("POST", "/api/edit", {**headers, "Content-Length": str(MOST_BODY * 10)}, b"{}"), 413)


def test_a_client_that_hangs_up_in_the_middle_hurts_nobody(page: Asker) -> None:
    host, port = page.host.split(":")
    for said in (
        b"",
        b"GET / HT",
        b"GET / HTTP/1.1\r\nHost: x\r\n",
        b"POST /api/edit HTTP/1.1\r\nContent-Length: 9\r\n\r\n{",
    ):
        with socket.create_connection((host, int(port))) as each:
            each.sendall(said)
    assert page.get("/api/views").status == 200


# --- others -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def guarded(sweep: Path) -> Iterator[Asker]:
    """A page with a token."""
    with serving(sweep, token="s3cret+/&") as url:
        yield Asker(url)


def test_without_the_token_there_is_nothing_to_see(guarded: Asker) -> None:
    for path in ("/", "/api/rows", "/static/js/main.js", "/?token=wrong", "/?token="):
        answer = guarded.ask("GET", path)
        assert (answer.status, "token" in answer.text) == (401, True)
        assert answer.headers["content-security-policy"] == HEADERS["Content-Security-Policy"]
    assert guarded.ask("GET", "/", {"Authorization": "Bearer wrong", "Cookie": "givens-token=wrong"}).status == 401


def test_the_token_in_the_address_becomes_a_cookie_and_goes(guarded: Asker) -> None:
    answer = guarded.get("/compare", runs="run0,run1", token="s3cret+/&")
    assert (answer.status, answer.headers["location"]) == (303, "/compare?runs=run0%2Crun1")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie
    assert guarded.ask("GET", "/", {"Cookie": cookie.partition(";")[0]}).status == 200
    assert guarded.ask("GET", "/", {"Authorization": "Bearer s3cret+/&"}).status == 200


def test_the_token_leads_to_no_other_site(guarded: Asker) -> None:
    answer = guarded.get("//evil.example/", token="s3cret+/&")
    assert answer.headers["location"].startswith("/evil.example")


def test_an_address_that_others_reach_needs_a_token(sweep: Path) -> None:
    with pytest.raises(PageError, match="--token"):
        server_for(Store(str(sweep / ".givens")), "0.0.0.0", None)
    assert {"0.0.0.0", socket.gethostname()} <= set(hosts_of("0.0.0.0"))
    assert [is_local(each) for each in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "evil.example")] == [
        *(True, True, True, True),
        *(False, False),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is one loopback address only")
def test_it_may_be_called_by_the_address_that_was_reached_and_by_no_other(sweep: Path) -> None:
    with serving(sweep, host="0.0.0.0", token="s3cret") as url:
        page = Asker(url.replace("127.0.0.1", "127.0.0.2"))
        assert page.get("/").status == 401
        assert page.ask("GET", "/", {"Authorization": "Bearer s3cret"}).status == 200
        for other in ("127.0.0.3", "evil.example"):
            assert page.ask("GET", "/", {"Authorization": "Bearer s3cret", "Host": other}).status == 421


def test_a_port_that_is_taken_is_said_and_the_usual_one_gives_way_to_the_next() -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PageError, match=str(port)):
            listening("127.0.0.1", port)
    with listening("127.0.0.1", None) as first, listening("127.0.0.1", None) as second:
        assert first.getsockname()[1] != second.getsockname()[1]
