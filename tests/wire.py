"""HTTP as bytes through a socket, and a server on a release whose IRIs lead back to it."""

from __future__ import annotations

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT, command, free_port, running, small_project
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.publish import publish as publish_release

VERVALLEN = """
# For tests: one thing merged into another, one withdrawn without a successor.
wijk:oud-poelenburg
    rdfs:label "Oud-Poelenburg"@nl ;
    dcterms:isReplacedBy wijk:poelenburg ;
    dcterms:date "2026-01-31"^^xsd:date .
"""

WIJKEN = """
# For tests: things whose refs end like a format, and one beside it that does not.
wijk:punt.ttl a wg:Wijk ; rdfs:label "Wijk met een punt"@nl ; dcterms:type begrip:aandachtswijk ;
    dcterms:source bron:aandachtswijkenlijst-2007 ; wg:ligtIn stad:zaanstad .
wijk:plan.json a wg:Wijk ; rdfs:label "Wijk met json"@nl ; dcterms:type begrip:aandachtswijk ;
    dcterms:source bron:aandachtswijkenlijst-2007 ; wg:ligtIn stad:zaanstad .
"""


class BrokenOffError(AssertionError):
    """An answer that ends before its end: any client sees that it is none."""


@dataclass(frozen=True)
class Answer:
    """One response, taken apart by hand: what the bytes say, not what a library makes of them."""

    status: int
    lines: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.lines if key == name.lower()]

    def get(self, name: str) -> str | None:
        """Return a header, several lines of it joined as RFC 9110 section 5.3 says; None if absent."""
        found = self.all(name)
        return ", ".join(found) if found else None

    def tokens(self, name: str) -> set[str]:
        return {part.strip().lower() for part in (self.get(name) or "").split(",") if part.strip()}

    @property
    def media_type(self) -> str | None:
        value = self.get("content-type")
        return value.split(";")[0].strip() if value is not None else None


def exchange(port: int, sent: bytes) -> Answer:
    """Send bytes, read until the server closes, and take the first response apart.

    A server that is told more than it wants to read may close early: what it said before that counts.
    """
    with socket.create_connection(("127.0.0.1", port), 20) as connection:
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.sendall(sent)
        raw = b""
        try:
            while piece := connection.recv(65536):
                raw += piece
        except ConnectionResetError:
            pass
    return parse(raw)


def parse(raw: bytes) -> Answer:
    head, mark, body = raw.partition(b"\r\n\r\n")
    assert mark, f"no complete head: {raw[:200]!r}"
    first, *rest = head.decode("latin-1").split("\r\n")
    version, status, *_ = first.split(" ", 2)
    assert version == "HTTP/1.1", first
    lines = tuple((name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in rest))
    assert all(re.fullmatch(r"[a-z0-9-]+", name) for name, _ in lines), f"a header that is none: {rest}"
    if ("transfer-encoding", "chunked") in lines:
        body = _joined(body)
    return Answer(int(status), lines, body, raw)


def _joined(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            return whole
        whole, body = whole + body[:length], body[length + 2 :]
    raise BrokenOffError("the last chunk is missing")


def request(
    port: int, method: str, target: str, headers: list[tuple[str, str]] | None = None, body: bytes = b""
) -> Answer:
    """Send a request as it is given: target and values are latin-1, nothing is normalised or added but Host."""
    lines = [f"{method} {target} HTTP/1.1"]
    given = {name.lower() for name, _ in headers or []}
    if "host" not in given:
        lines.append(f"Host: 127.0.0.1:{port}")
    lines += [f"{name}: {value}" for name, value in headers or []]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines += ["Connection: close", "", ""]
    return exchange(port, "\r\n".join(lines).encode("latin-1") + body)


def project_with_edges(folder: Path) -> Path:
    """Make the small project with what the edges of the URL space need: a withdrawn thing, refs with dots."""
    small_project(folder)
    for name in ("catalogus.ttl", "referentie/vervallen.ttl"):
        shutil.copy(ROOT / "data" / name, folder / "data" / name)
    prefixes = "@prefix {0}: <{1}> .\n"
    path = folder / "data/referentie/vervallen.ttl"
    head = prefixes.format("wijk", "https://w3id.org/wijkengids/id/wijk/")
    head += prefixes.format("xsd", "http://www.w3.org/2001/XMLSchema#")
    own = path.read_text(encoding="utf-8")
    head = "".join(line + "\n" for line in head.splitlines() if line not in own)
    path.write_text(head + own + VERVALLEN, encoding="utf-8")
    with (folder / "data/referentie/wijken.ttl").open("a", encoding="utf-8") as file:
        file.write(WIJKEN)
    return folder


@dataclass(frozen=True)
class Site:
    """A running server and the base of what it serves."""

    port: int
    base: str
    pid: int
    releases: Path

    def ask(self, method: str, target: str, *headers: tuple[str, str], body: bytes = b"") -> Answer:
        return request(self.port, method, target, list(headers), body)


@contextmanager
def rebased(
    folder: Path, project: Path, base: str | None = None, publish: tuple[str, str] | None = None, **environment: str
) -> Iterator[Site]:
    """Serve a release whose base is the server itself, or ``base`` where it stands behind something.

    ``publish`` is the version and the day under which the release is published first, so that it has a date.
    """
    port = free_port()
    base = base or f"http://127.0.0.1:{port}/"
    releases = Releases(folder / "uitgaven")
    build(Project(project), releases, Base(base))
    if publish:
        publish_release(Project(project), releases, *publish)
        build(Project(project), releases, Base(base))
    arguments = command("serve", "--port", port, "--releases", releases.root)
    with running(arguments, port, environment) as address:
        yield Site(port, base, address.pid, releases.root)
