"""Large answers, clients that go away, clients that read slowly, and the two interfaces that a server can speak."""

from __future__ import annotations

import gzip
import json
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from http.client import HTTPConnection, IncompleteRead
from urllib.parse import quote, urlsplit

import brotli
import pytest
import zstandard

from tests.conftest import Address, serving, wait_until
from tests.test_engine import CROSS
from wijkengids.engine.protocol import HELD
from wijkengids.release.folder import Releases

LARGE = "SELECT ?a ?b ?c ?d ?e { ?a ?b ?c . ?d a ?e } LIMIT 20000"
TOO_LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f }"


@pytest.fixture(scope="module")
def address(releases: Releases) -> Iterator[Address]:
    with serving(WIJKENGIDS_RELEASES=str(releases.root), WIJKENGIDS_QUERY_RESULT="6") as address:
        yield address


@pytest.fixture(scope="module")
def by_wsgi(releases: Releases) -> Iterator[Address]:
    with serving(
        WIJKENGIDS_RELEASES=str(releases.root), WIJKENGIDS_QUERY_RESULT="6", WIJKENGIDS_INTERFACE="wsgi"
    ) as address:
        yield address


def asked(query: str) -> str:
    return f"/sparql?query={quote(query)}"


def get(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        connection.close()


def send(address: str, request: str) -> socket.socket:
    host, port = urlsplit(address).netloc.split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    connection.sendall(request.replace("\n", "\r\n").encode())
    return connection


def busy(address: str) -> int:
    with urllib.request.urlopen(f"{address}/health", timeout=20) as response:
        return sum(pool["busy"] for pool in json.load(response)["engine"]["pools"])


def left(address: str) -> int:
    with urllib.request.urlopen(f"{address}/health", timeout=20) as response:
        return int(json.load(response)["engine"]["left"])


def test_a_client_that_goes_away_before_the_first_byte_stops_its_query(address: Address) -> None:
    before = left(address)
    with send(address, f"GET {asked(CROSS)} HTTP/1.1\nHost: a\nAccept: text/csv\n\n"):
        time.sleep(0.5)
        assert busy(address) == 1
    wait_until(lambda: busy(address) == 0, 1)
    assert left(address) == before + 1


def test_who_goes_away_while_waiting_is_not_waited_for(address: Address) -> None:
    asking = [send(address, f"GET {asked(CROSS)} HTTP/1.1\nHost: a\nAccept: text/csv\n\n") for _ in range(8)]
    try:
        wait_until(lambda: busy(address) >= 4, 5)
    finally:
        for connection in asking:
            connection.close()
    wait_until(lambda: busy(address) == 0, 2)
    assert get(address, asked("ASK {}"))[0] == 200


def test_a_large_answer_comes_in_parts_and_whole(address: Address, by_wsgi: Address) -> None:
    status, headers, body = get(address, asked(LARGE), Accept="text/csv")
    assert (status, headers["transfer-encoding"]) == (200, "chunked")
    assert len(body) > HELD
    assert body.count(b"\r\n") == 20001
    assert not {"etag", "content-length"} & set(headers), "nothing is known of it before it has an end"
    status, headers, whole = get(by_wsgi, asked(LARGE), Accept="text/csv")
    assert (status, len(whole), headers["content-length"]) == (200, len(body), str(len(body)))


def test_a_large_answer_is_packed_on_its_way(address: Address) -> None:
    plain = get(address, asked(LARGE), Accept="text/csv")[2]
    for coding, unpack in {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    }.items():
        _, headers, body = get(address, asked(LARGE), Accept="text/csv", Accept_Encoding=coding)
        assert headers["content-encoding"] == coding
        assert unpack(body) == plain
        assert len(body) < len(plain) / 4


def test_a_large_graph_streams_as_well(address: Address) -> None:
    construct = "CONSTRUCT { ?a ?b ?c } { ?a ?b ?c . FILTER(isIRI(?a)) }"
    rows = json.loads(
        get(address, asked(f"SELECT (COUNT(*) AS ?n) {{ {construct.partition('{')[2].partition('{')[2]}"))[2]
    )
    body = get(address, asked(construct), Accept="application/n-triples")[2]
    assert body.count(b" .\n") == int(rows["results"]["bindings"][0]["n"]["value"])


def test_the_head_of_a_large_answer_has_no_body_and_stops_its_query(address: Address) -> None:
    status, headers, body = get(address, asked(LARGE), "HEAD", Accept="text/csv")
    assert (status, headers["content-type"], body) == (200, "text/csv; charset=utf-8", b"")
    wait_until(lambda: busy(address) == 0, 1)


def test_an_answer_that_breaks_off_is_no_answer(address: Address) -> None:
    with pytest.raises((IncompleteRead, ConnectionError)):
        get(address, asked(TOO_LARGE), Accept="text/csv")
    wait_until(lambda: busy(address) == 0, 1)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
@pytest.mark.parametrize("packed", [[], ["--compressed"]])
def test_curl_fails_on_an_answer_that_breaks_off(address: Address, packed: list[str]) -> None:
    arguments = ["curl", "--silent", *packed, "--output", "/dev/null", "--header", "Accept: text/csv"]
    done = subprocess.run([*arguments, f"{address}{asked(TOO_LARGE)}"], timeout=60, check=False)
    assert done.returncode in {18, 56}, "transfer closed with outstanding data, or reset"


def test_where_a_break_cannot_be_seen_an_answer_is_whole_or_an_error(address: Address, by_wsgi: Address) -> None:
    with send(address, f"GET {asked(TOO_LARGE)} HTTP/1.0\nHost: a\nAccept: text/csv\n\n") as connection:
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.split(b" ", 2)[1] == b"503", "the end of HTTP/1.0 is the end of the connection: it says nothing"
    assert get(by_wsgi, asked(TOO_LARGE), Accept="text/csv")[0] == 503


def test_clients_that_read_slowly_hold_up_nobody(address: Address) -> None:
    paths = ["/dump/wijkengids.nq", asked(LARGE)]
    slow = [send(address, f"GET {paths[n % 2]} HTTP/1.1\nHost: a\nAccept: text/csv, */*\n\n") for n in range(50)]
    try:
        for connection in slow:
            connection.recv(10)
        assert get(address, "/doc/wijk/poelenburg", Accept="text/html", Accept_Language="en")[0] == 200
        wait_until(lambda: get(address, asked("ASK {}"))[0] == 200, 10)
    finally:
        for connection in slow:
            connection.close()
    wait_until(lambda: busy(address) == 0, 3)


REQUESTS = [
    ("GET", "/", {}),
    ("GET", "/id/wijk/poelenburg", {"Accept": "text/turtle"}),
    ("GET", "/doc/wijk/poelenburg?lang=en", {"Accept": "text/html", "Accept-Encoding": "br"}),
    ("HEAD", "/doc/wijk/poelenburg.jsonld", {"Accept-Encoding": "gzip"}),
    ("GET", "/doc/wijk/po%65lenburg.csv?", {}),
    ("GET", "/doc/wijk%2Fpoelenburg", {}),
    ("GET", "/doc/wijk/caf%C3%A9", {"Accept": "application/json"}),
    ("GET", "/doc/wijk/%FF%FE", {}),
    ("GET", "//doc/wijk/poelenburg", {}),
    ("GET", "/queries/wijken-met-stad.csv?lang=en&bom=1", {}),
    ("GET", "/queries/wijken-met-stad?stad=stad%3Azaanstad", {"Accept": "application/json"}),
    (
        "GET",
        asked("SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 3"),
        {"Accept": "text/csv", "Accept-Encoding": "zstd"},
    ),
    ("GET", asked("SELECT * { ?s"), {"Accept": "application/json"}),
    ("GET", "/sparql?query=%FF", {}),
    ("OPTIONS", "/sparql", {"Origin": "https://x.example", "Access-Control-Request-Method": "POST"}),
    ("DELETE", "/doc/wijk/poelenburg", {}),
    ("GET", "/dump/wijkengids.nt", {"Range": "bytes=10-99"}),
    ("HEAD", "/dump/wijkengids.nt", {}),
    ("GET", "/static/wijkengids.css", {"Accept-Encoding": "gzip"}),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda request: f"{request[0]} {request[1][:40]}")
def test_both_interfaces_answer_alike(
    address: Address, by_wsgi: Address, request_: tuple[str, str, dict[str, str]]
) -> None:
    method, path, headers = request_
    answers = []
    for server in (address, by_wsgi, address):
        connection = HTTPConnection(urlsplit(server).netloc, timeout=30)
        connection.request(method, path, headers=headers)
        response = connection.getresponse()
        sent = sorted((name.lower(), value) for name, value in response.getheaders() if name.lower() != "date")
        answers.append((response.status, sent, response.read()))
        connection.close()
    assert answers[0] == answers[1] == answers[2]


def test_a_body_is_read_as_it_was_sent_and_one_too_large_is_refused(address: Address, by_wsgi: Address) -> None:
    for server in (address, by_wsgi):
        form = f"query={quote('ASK {}')}"
        head = "POST /sparql HTTP/1.1\nHost: a\nConnection: close\nContent-Type: application/x-www-form-urlencoded\n"
        for request in (
            f"{head}Content-Length: {len(form)}\n\n{form}",
            f"{head}Transfer-Encoding: chunked\n\n5\n{form[:5]}\n{len(form) - 5:x}\n{form[5:]}\n0\n\n",
        ):
            with send(server, request) as connection:
                assert connection.recv(65536).split(b" ", 2)[1] == b"200"
        with send(server, f"{head}Content-Length: 99999999\n\n{form}") as connection:
            connection.sendall(b"x" * 2_000_000)
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(65536).split(b" ", 2)[1] in {b"413", b"400"}


def test_many_questions_of_one_client_are_told_apart_from_a_busy_server(address: Address) -> None:
    asking = [send(address, f"GET {asked(CROSS)} HTTP/1.1\nHost: a\n\n") for _ in range(24)]
    try:
        answers = []
        for connection in asking:
            connection.settimeout(0.3)
            try:
                answers.append(connection.recv(65536))
            except TimeoutError:
                continue
    finally:
        for connection in asking:
            connection.close()
    refused = [answer for answer in answers if answer.startswith(b"HTTP/1.1 429 ")]
    assert refused
    assert all(b"retry-after: " in answer for answer in refused)
