"""What is left for others while two hostile queries run: light queries and documents, before and meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import socket
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench_load import Load, load
from tests.bench_peers import (
    CSV,
    LABEL,
    OURS,
    RDFLIB,
    THEIRS,
    Peer,
    absent,
    oxigraph,
    queries,
    rdflib_endpoint,
    triples,
)
from tests.bench_servers import ACCEPT, ours, stage
from tests.bench_sparql import CLIENTS, repeated
from tests.bench_sparql import Plan as Rounds
from tests.bench_table import Table
from tests.test_engine import CROSS

_HOSTILE = 2


@dataclass(frozen=True)
class Plan:
    """How often; how long (s) before and during; the deadline (s) of our queries."""

    rounds: int
    before: float
    during: float
    deadline: int


@dataclass(frozen=True)
class Light:
    """Something light that others ask for."""

    name: str
    paths: Sequence[str]
    accept: str
    fresh: bool
    clients: int = CLIENTS

    def load(self, peer: Peer, seconds: float, folder: Path) -> Load | None:
        """Return what a server gave of it; None where it did not answer."""
        try:
            found = load(peer.address, self.paths, {"Accept": self.accept}, seconds, folder, self.clients, self.fresh)
        except (RuntimeError, OSError, http.client.HTTPException):  # time-outs of the client, or refusals
            return None
        return found if found.rate else None


@contextmanager
def hostile(peer: Peer) -> Iterator[None]:
    """Keep cross products running, each from a connection of its own, until the block ends; ended ones are renewed."""
    ended, calls = threading.Event(), [_Call(peer) for _ in range(_HOSTILE)]
    threads = [threading.Thread(target=call.repeat, args=(ended,)) for call in calls]
    for thread in threads:
        thread.start()
    time.sleep(0.2)
    try:
        yield
    finally:
        ended.set()
        for call in calls:
            call.hang_up()
        for thread in threads:
            thread.join()


class _Call:
    """A connection over which a cross product is asked, again and again."""

    def __init__(self, peer: Peer) -> None:
        self.path = peer.url(CROSS)
        self.connection = http.client.HTTPConnection(urlsplit(peer.address).netloc, timeout=60)

    def repeat(self, ended: threading.Event) -> None:
        while not ended.wait(0.01):
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.connection.request("GET", self.path)
                self.connection.getresponse().read()
            self.connection.close()

    def hang_up(self) -> None:
        with contextlib.suppress(OSError, AttributeError):
            self.connection.sock.shutdown(socket.SHUT_RDWR)


def beside_hostile(releases: Path, document: str, name: str, plan: Plan, folder: Path, peers: bool) -> list[Table]:
    """Measure ours, in rounds; the peers once, since nothing ends their queries; and at last a repeated query."""
    columns = ["req/s before", "req/s during", "kept", "(range)", "p50 / p99 ms before", "p50 / p99 ms during"]
    table = Table(f"Beside {_HOSTILE} hostile cross products, {name}", columns)
    light = Light("light query", queries(releases, LABEL), CSV, True)
    documents = [
        Light("hot document", [document], ACCEPT["ttl"], False),
        Light("document made anew", [f"{document}?anew="], ACCEPT["ttl"], True, 2),
    ]
    with stage() as stack:
        address = ours(stack, releases, WIJKENGIDS_QUERY_DEADLINE=str(plan.deadline))
        peer = Peer(OURS, address, "/sparql")
        lights = [_url(peer, light), *documents]
        for what, rounds in zip(lights, _rounds(peer, lights, plan, folder), strict=True):
            _row(table, f"{OURS}: {what.name}", rounds)
        again = repeated(peer, releases, document, Rounds(plan.rounds, plan.before, 1), folder)
    dump = triples(releases, folder)
    for missing in absent():
        table.note(f"{missing} is absent.")
    if peers and THEIRS not in absent():
        with stage() as stack:
            _once(table, oxigraph(stack, dump, folder), light, plan, folder)
    if peers and RDFLIB not in absent():
        with stage() as stack:
            _once(table, rdflib_endpoint(stack, dump), light, plan, folder)
    table.note(
        f"{CLIENTS} clients, 2 for documents made anew (milliseconds of work each). All of a server on one core. A"
        f" cross product of ours is stopped after {plan.deadline} s and asked again at once, so that the second before"
        " it is known to run long counts more than with the default of 15 s."
    )
    return [table, again]


def _url(peer: Peer, light: Light) -> Light:
    """Return a light query as the paths of one server."""
    return Light(light.name, [peer.url(query) for query in light.paths], light.accept, True)


Found = list[tuple[Load | None, Load | None]]


def _rounds(peer: Peer, lights: Sequence[Light], plan: Plan, folder: Path) -> list[Found]:
    found: list[Found] = [[] for _ in lights]
    for light in lights:
        light.load(peer, 1, folder)  # a round that does not count
    for _ in range(plan.rounds):
        before = [light.load(peer, plan.before, folder) for light in lights]
        with hostile(peer):
            during = [light.load(peer, plan.during, folder) for light in lights]
        time.sleep(plan.deadline)  # what was asked last ends by itself
        for rounds, one, other in zip(found, before, during, strict=True):
            rounds.append((one, other))
    return found


def _once(table: Table, peer: Peer, light: Light, plan: Plan, folder: Path) -> None:
    asked = _url(peer, light)
    asked.load(peer, 1, folder)
    before = asked.load(peer, plan.before, folder)
    with hostile(peer):
        during = asked.load(peer, plan.before, folder)
    _row(table, f"{peer.name}: {light.name}", [(before, during)])


def _row(table: Table, name: str, rounds: Found) -> None:
    both = [(one, other) for one, other in rounds if one and other]
    before = Load.middle([one for one, _ in rounds if one]) if any(one for one, _ in rounds) else None
    if not both or before is None or len(both) < len(rounds):
        said = f"{before.rate:.0f}" if before else "no answer"
        spread = f"{before.p50:.2f} / {before.p99:.2f}" if before else ""
        table.row(name, [said, "no answer", "", "", spread, ""])
        return
    during = Load.middle([other for _, other in both])
    kept = [other.rate / one.rate for one, other in both]
    table.row(
        name,
        [
            f"{before.rate:.0f}",
            f"{during.rate:.0f}",
            f"{100 * statistics.median(kept):.0f} %",
            f"{100 * min(kept):.0f}-{100 * max(kept):.0f} %",
            f"{before.p50:.2f} / {before.p99:.2f}",
            f"{during.p50:.2f} / {during.p99:.2f}",
        ],
    )
