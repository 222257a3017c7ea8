"""Endpoints for tests of SERVICE: one that answers, and many that do not answer as they should."""

from __future__ import annotations

import http.server
import json
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

JSON = "application/sparql-results+json"
OUTSIDE, INSIDE = "127.0.0.2", "127.0.0.1"
"""Two addresses of this machine: the first is named as a network that may be reached, the second is not."""

REMOTE = """
<http://elders.example/1> <http://elders.example/over> <https://w3id.org/wijkengids/id/wijk/crabbehof> .
<http://elders.example/1> <http://elders.example/naam> "Crabbehof, elders" .
<http://elders.example/2> <http://elders.example/over> <https://w3id.org/wijkengids/id/wijk/bestaat-niet> .
"""
EMPTY = b'{"head":{"vars":["s","p","o"]},"results":{"bindings":[]}}'
ROWS = b",".join(b'{"s":{"type":"literal","value":"%d"}}' % i for i in range(200_000))
HUGE = b'{"head":{"vars":["s"]},"results":{"bindings":[' + ROWS + b"]}}"
DEEP = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":' + b'{"type":"triple","value":{"subject":' * 50_000
WIDE = b"[" * 1_000_000


@dataclass
class Heard:
    """One request as an endpoint got it."""

    path: str
    headers: dict[str, str]
    query: str


@dataclass
class Outside:
    """A running endpoint: its address, what it heard, how many connections of /slow were ended by the other side.

    ``most`` is how many /pause it worked on at once.
    """

    url: str
    heard: list[Heard] = field(default_factory=list)
    hung_up: int = 0
    busy: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def at(self, path: str) -> str:
        return f"{self.url}/{path}"


def answer(path: str, query: str, other: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of what an endpoint says that answers at once."""
    name = path.removeprefix("/")
    if name == "sparql":
        store = Store()
        store.load(REMOTE.encode(), format=RdfFormat.N_TRIPLES)
        try:
            found = store.query(query)
        except SyntaxError as error:
            return 400, {"Content-Type": "text/plain"}, str(error).encode()
        assert isinstance(found, QuerySolutions)
        return 200, {"Content-Type": JSON}, bytes(found.serialize(format=QueryResultsFormat.JSON) or b"")
    said: dict[str, tuple[int, dict[str, str], bytes]] = {
        "redirect": (302, {"Location": f"{other}/trap"}, b""),
        "see-other": (303, {"Location": f"{other}/trap"}, b""),
        "permanent": (308, {"Location": "/sparql"}, b""),
        "huge": (200, {"Content-Type": JSON}, HUGE),
        "html": (200, {"Content-Type": "text/html"}, b"<p>SPARQL</p>"),
        "coded": (200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, b"\x1f\x8b"),
        "boolean": (200, {"Content-Type": JSON}, json.dumps({"head": {}, "boolean": True}).encode()),
        "half": (200, {"Content-Type": JSON}, EMPTY[:-4]),
        "deep": (200, {"Content-Type": JSON}, DEEP),
        "wide": (200, {"Content-Type": JSON}, WIDE),
        "utf-16": (200, {"Content-Type": JSON}, EMPTY.decode().encode("utf-16")),
        "refuses": (400, {"Content-Type": "text/plain"}, b"\n Parse error: line 1\nmore"),
        "error": (500, {"Content-Type": "text/html"}, b"<html>stack trace</html>"),
        "cookie": (200, {"Content-Type": JSON, "Set-Cookie": "a=b"}, EMPTY),
    }
    return said[name]


class Server(http.server.ThreadingHTTPServer):
    """The endpoints on one address; redirects lead to ``other``."""

    daemon_threads = True
    found: Outside
    other: str


class Handler(http.server.BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.do_POST()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        query = parse_qs(body).get("query", [body])[0]
        self.server.found.heard.append(Heard(self.path, dict(self.headers), query))
        if self.path == "/slow":
            self.drip()
        elif self.path in {"/short", "/chopped"}:
            self.break_off()
        elif self.path == "/pause":
            self.pause()
        else:
            status, headers, said = answer(self.path, query, self.server.other)
            self.begin(status, headers | {"Content-Length": str(len(said))})
            with suppress(ConnectionError):
                self.wfile.write(said)

    def begin(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def drip(self) -> None:
        """Say a little now and then, and never end; count who hangs up."""
        self.begin(200, {"Content-Type": JSON})
        self.close_connection = True
        try:
            for _ in range(600):
                self.wfile.write(b" ")
                time.sleep(0.05)
        except OSError:
            self.server.found.hung_up += 1

    def pause(self) -> None:
        found = self.server.found
        with found.lock:
            found.busy += 1
            found.most = max(found.most, found.busy)
        time.sleep(0.2)
        with found.lock:
            found.busy -= 1
        self.begin(200, {"Content-Type": JSON, "Content-Length": str(len(EMPTY))})
        self.wfile.write(EMPTY)

    def break_off(self) -> None:
        if self.path == "/short":
            self.begin(200, {"Content-Type": JSON, "Content-Length": str(len(EMPTY) + 10)})
            self.wfile.write(EMPTY)
        else:
            self.begin(200, {"Content-Type": JSON, "Transfer-Encoding": "chunked"})
            self.wfile.write(b"%x\r\n%s\r\n" % (len(EMPTY), EMPTY))
        self.close_connection = True

    def log_message(self, *_: Any) -> None: ...


@contextmanager
def endpoint(
    host: str = OUTSIDE, other: str = "http://127.0.0.1:1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Outside]:
    """Run the endpoints on an address of this machine; redirects lead to ``other``."""
    server = Server((host, port), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    server.found, server.other = Outside(f"http://{host}:{server.server_address[1]}"), other
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.found
    finally:
        server.shutdown()
        server.server_close()
