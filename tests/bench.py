"""The benchmark: figures to compare, never to assert. Run by ``make bench`` (``SMALL=1`` to try it out).

Everything is measured in one run on one machine; trust the ratios, not the times.
"""

from __future__ import annotations

import http.client
import platform
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

import pyoxigraph
import rdflib

from tests.conftest import ROOT, serving
from tests.test_engine import CROSS
from wijkengids.documents.describe import describe
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease

SMALL = "--small" in sys.argv
ROUNDS = 20 if SMALL else 500
LOOKUP = (
    "SELECT ?l { <https://w3id.org/wijkengids/id/wijk/poelenburg> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
)
WIJKEN = ("poelenburg", "presikhaaf", "crabbehof", "velve-lindenhof")


def timed(work: Callable[[int], object], rounds: int = ROUNDS) -> list[float]:
    """Return the milliseconds of each round, after a few that do not count."""
    for number in range(5):
        work(number)
    times = []
    for number in range(rounds):
        started = time.perf_counter()
        work(number)
        times.append((time.perf_counter() - started) * 1000)
    return times


def row(name: str, times: list[float], against: float | None = None) -> float:
    """Print a row; return the median."""
    middle = statistics.median(times)
    last = statistics.quantiles(times, n=100)[98]
    ratio = f"{middle / against:8.2f}" if against else "        "
    print(f"{name:58} {middle:9.3f} {last:9.3f} {ratio}")
    return middle


class Client:
    """One connection that stays open."""

    def __init__(self, address: str) -> None:
        self.connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def get(self, path: str, accept: str) -> bytes:
        self.connection.request("GET", path, headers={"Accept": accept})
        response = self.connection.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status)
        return body


def documents(address: str, opened: OpenRelease) -> None:
    """Documents over HTTP, beside rdflib making the same Turtle and the bare look-up."""
    client = Client(address)
    graph = rdflib.Graph().parse(opened.release.folder / "dumps/wijkengids.nt", format="nt")

    def by_rdflib(number: int) -> bytes:
        subject = rdflib.URIRef(f"https://w3id.org/wijkengids/id/wijk/{WIJKEN[number % 4]}")
        part = rdflib.Graph()
        for triple in graph.triples((subject, None, None)):
            part.add(triple)
        return part.serialize(format="turtle", encoding="utf-8")

    own = row("Turtle document over HTTP", timed(lambda n: client.get(f"/doc/wijk/{WIJKEN[n % 4]}", "text/turtle")))
    row("HTML document over HTTP", timed(lambda n: client.get(f"/doc/wijk/{WIJKEN[n % 4]}", "text/html")), own)
    row("JSON-LD document over HTTP", timed(lambda n: client.get(f"/doc/wijk/{WIJKEN[n % 4]}.jsonld", "*/*")), own)
    row(
        "  description in process", timed(lambda n: describe(opened.store, Base().resource("wijk", WIJKEN[n % 4]))), own
    )
    row("  rdflib, own statements only, in process", timed(by_rdflib), own)


def queries(address: str, opened: OpenRelease) -> None:
    """A look-up through the isolated service, in process, and while two queries run away."""
    client = Client(address)
    path = "/sparql?query=" + quote(LOOKUP)
    inside = row("SPARQL look-up in process", timed(lambda _: list(opened.store.query(LOOKUP))))
    calm = row("SPARQL look-up over HTTP, isolated", timed(lambda _: client.get(path, "text/csv")), inside)

    def run_away() -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", "/sparql?query=" + quote(CROSS))
        connection.getresponse().read()

    hostile = [threading.Thread(target=run_away) for _ in range(2)]
    for thread in hostile:
        thread.start()
    time.sleep(0.5)
    times = []
    while any(thread.is_alive() for thread in hostile):
        started = time.perf_counter()
        client.get(path, "text/csv")
        times.append((time.perf_counter() - started) * 1000)
    row("  the same while two cross products run", times, calm)


def main() -> None:
    """Print the table."""
    print(f"{date.today()}, {platform.machine()}, {platform.system()}, Python {platform.python_version()}, ", end="")
    print(f"pyoxigraph {pyoxigraph.__version__}; medians of {ROUNDS}\n")
    with tempfile.TemporaryDirectory() as folder:
        releases = Releases(Path(folder))
        print(f"{'':58} {'p50 ms':>9} {'p99 ms':>9} {'ratio':>8}")
        row(
            "check and build, whole content", timed(lambda _: build(Project(ROOT), releases, Base()), 3 if SMALL else 9)
        )
        opened = OpenRelease.open(releases.current())
        deadline = "2" if SMALL else "10"
        with serving(WIJKENGIDS_RELEASES=folder, WIJKENGIDS_QUERY_DEADLINE=deadline) as address:
            documents(address, opened)
            queries(address, opened)


if __name__ == "__main__":
    main()
