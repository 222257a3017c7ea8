"""The benchmark: figures to compare, never to assert. ``make bench``; ``SMALL=1`` tries it out in less than a minute.

Everything is measured in one run on one machine; trust the ratios, not the times. ``--write`` keeps the tables in
``docs/prestaties.md``.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

from tests.bench_http import Effort, Switcher, cold, documents, hot, twin
from tests.bench_load import WRK, Client, percentile
from tests.bench_servers import NGINX, ours, stage
from tests.bench_table import Table, keep, machine
from tests.conftest import ROOT
from tests.generator import release
from tests.test_engine import CROSS
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease

PAGE = ROOT / "docs/prestaties.md"
LOOKUP = (
    "SELECT ?l { <https://w3id.org/wijkengids/id/wijk/poelenburg> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
)
EFFORTS = {True: Effort(1, 1, 60, 2), False: Effort(5, 3, 300, 5)}
SIZES = {True: (30_000, 1_500), False: (600_000, 20_000)}
"""Triples and links to the hub, small or not."""


def timed(work: Callable[[], object], rounds: int) -> list[float]:
    """Return the milliseconds of each round, after a few that do not count."""
    for _ in range(min(5, rounds)):
        work()
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append((time.perf_counter() - started) * 1000)
    return times


def of_documents(folder: Path, small: bool) -> list[Table]:
    """Measure documents over generated content."""
    triples, hub = SIZES[small]
    releases, effort = Releases(folder / "releases"), EFFORTS[small]
    started = time.perf_counter()
    made = release(releases.root, triples, hub=hub)
    took = time.perf_counter() - started
    switch = Switcher(releases, (made.name, twin(releases, made)))
    paths = documents(OpenRelease.open(made), effort.documents)
    with stage() as stack:
        tables = [*hot(stack, releases.root, paths, effort, folder)]
    with stage() as stack:
        tables += cold(stack, releases.root, paths, switch, effort)
    tables[0].note(
        f"Generated content: {made.manifest.triples} triples, a hub of {hub} links; made and frozen in {took:.0f} s."
    )
    return tables


def of_the_guide(folder: Path, small: bool) -> Table:
    """Measure the build and the queries over the real content."""
    releases = Releases(folder / "guide")
    table = Table("The real content: build, and a SPARQL look-up", ["p50 ms", "p99 ms"])

    def row(name: str, times: list[float]) -> None:
        table.row(name, [f"{statistics.median(times):.2f}", f"{percentile(times, 99):.2f}"])

    row("check and build", timed(lambda: build(Project(ROOT), releases, Base()), 1 if small else 5))
    opened, rounds = OpenRelease.open(releases.current()), 50 if small else 500
    with stage() as stack:
        address = ours(stack, releases.root, WIJKENGIDS_QUERY_DEADLINE="2" if small else "10")
        client, path = Client(address), "/sparql?query=" + quote(LOOKUP)
        row("look-up in process", timed(lambda: str(opened.store.query(LOOKUP)), rounds))
        row("look-up over HTTP, isolated", timed(lambda: client.get(path, "text/csv"), rounds))
        row("the same while two cross products run", _beside_hostile(address, path))
    return table


def _beside_hostile(address: str, path: str) -> list[float]:
    def run_away() -> None:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        connection.request("GET", "/sparql?query=" + quote(CROSS))
        connection.getresponse().read()

    client, times = Client(address), []
    hostile = [threading.Thread(target=run_away) for _ in range(2)]
    for thread in hostile:
        thread.start()
    time.sleep(0.5)
    while any(thread.is_alive() for thread in hostile):
        started = time.perf_counter()
        client.get(path, "text/csv")
        times.append((time.perf_counter() - started) * 1000)
    return times


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="little data, short rounds")
    parser.add_argument("--write", action="store_true", help=f"keep the tables in {PAGE.name}")
    given = parser.parse_args()
    command = "make bench" + (" SMALL=1" if given.small else "")
    head = machine(command)
    print(head)
    if not (WRK and NGINX):
        print(
            "Not installed (apt-get install wrk nginx-light): "
            + ", ".join(name for name, found in (("wrk", WRK), ("nginx", NGINX)) if not found)
            + "; measured with what there is."
        )
    tables: list[Table] = []
    with tempfile.TemporaryDirectory() as name:
        for table in of_documents(Path(name), given.small):
            print(table.text(), flush=True)
            tables.append(table)
        tables.append(of_the_guide(Path(name), given.small))
        print(tables[-1].text())
    if given.write:
        keep(PAGE, head, tables)


if __name__ == "__main__":
    main()
