"""The benchmark: figures to compare, never to assert. ``make bench``; ``SMALL=1`` tries it out in less than a minute.

Everything is measured in one run on one machine; trust the ratios, not the times. ``--write`` keeps the tables in
``docs/prestaties.md``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.bench_hostile import Plan as Beside
from tests.bench_hostile import beside_hostile
from tests.bench_http import Effort, Switcher, cold, documents, hot, twin
from tests.bench_load import WRK, percentile
from tests.bench_servers import NGINX, stage
from tests.bench_sparql import Plan as Compared
from tests.bench_sparql import compared
from tests.bench_table import Table, keep, machine
from tests.conftest import ROOT
from tests.generator import release
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease

PAGE = ROOT / "docs/prestaties.md"
EFFORTS = {True: Effort(1, 1, 60, 2), False: Effort(5, 3, 300, 5)}
SIZES = {True: (30_000, 1_500), False: (830_000, 20_000)}
"""Triples as stated (a release holds a fifth more) and links to the hub, small or not."""
COMPARED = {True: Compared(1, 1, 1), False: Compared(3, 1, 3)}
BESIDE = {True: Beside(1, 1, 1, 2), False: Beside(2, 2, 4, 5)}


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
    """Measure the build of the real content, which stays for what follows."""
    releases = Releases(folder / "guide")
    table = Table("The real content: check and build", ["p50 ms", "p99 ms"])
    times = timed(lambda: build(Project(ROOT), releases, Base()), 1 if small else 5)
    table.row("check and build", [f"{statistics.median(times):.2f}", f"{percentile(times, 99):.2f}"])
    return table


def of_queries(folder: Path, small: bool) -> Iterator[Table]:
    """Measure SPARQL over both: the real content and what was generated."""
    contents = {"the real content": folder / "guide", "generated content": folder / "releases"}
    for name, releases in contents.items():
        opened = OpenRelease.open(Releases(releases).current())
        said = f"{name} ({opened.release.manifest.triples} triples)"
        document = documents(opened, 1)[0]
        if not small or releases.name == "releases":
            yield from compared(releases, said, COMPARED[small], folder)
        if not small or releases.name == "guide":
            peers = releases.name == "guide"
            yield from beside_hostile(releases, document, said, BESIDE[small], folder, peers)


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
        print(tables[-1].text(), flush=True)
        for table in of_queries(Path(name), given.small):
            print(table.text(), flush=True)
            tables.append(table)
    if given.write:
        keep(PAGE, head, tables)


if __name__ == "__main__":
    main()
