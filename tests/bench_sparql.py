"""SPARQL beside the Oxigraph server and rdflib-endpoint: same triples, rounds alternating, all in one run.

No answer that is compared here can be one that was kept: a number that was never used before stands behind each query,
as a comment. What a kept answer is worth is measured by itself, beside a document.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from tests.bench_http import CALM
from tests.bench_load import Client, Load, load, percentile
from tests.bench_peers import (
    AGGREGATE,
    CSV,
    JSON,
    LABEL,
    LOOKUPS,
    OURS,
    RDFLIB,
    ROWS,
    THEIRS,
    Peer,
    absent,
    queries,
    services,
)  # fmt: skip
from tests.bench_servers import ACCEPT, stage
from tests.bench_table import Table

CLIENTS = 8
_ENOUGH = 1000.0
"""Milliseconds after which a server is not asked a heavy query again within a round."""
_TOO_LONG = 5 * _ENOUGH
"""Milliseconds after which it is not asked in further rounds either."""
_FRESH = count(1)


@dataclass(frozen=True)
class Plan:
    """How often and how long (s) each server is asked, and how many of the look-ups."""

    rounds: int
    seconds: float
    lookups: int


def compared(releases: Path, name: str, plan: Plan, folder: Path) -> list[Table]:
    """Measure the look-ups with one client and with several, and two heavier queries."""
    with stage() as stack:
        peers = services(stack, releases, folder)
        _same(peers, [*queries(releases, LABEL), AGGREGATE])
        lookups = {title: queries(releases, query) for title, query in [*LOOKUPS.items()][: plan.lookups]}
        alone = _latencies(f"SPARQL look-ups, one client, {name}", peers, lookups, plan, folder)
        several = _rates(f"SPARQL look-ups, {CLIENTS} clients, {name}", peers, lookups, plan, folder)
        heavy = _heavier(f"Heavier SPARQL queries, one client, {name}", peers, plan)
    for missing, place in absent().items():
        alone.note(f"{missing} is absent ({place}): make clients.")
    return [alone, several, heavy]


def _same(peers: Sequence[Peer], asked: Sequence[str]) -> None:
    """Check that all give the same answers, but for the order and the ends of the lines."""
    for query in asked:
        answers = {peer.name: sorted(peer.ask(query).split()) for peer in peers}
        if any(answer != answers[OURS] for answer in answers.values()):
            raise RuntimeError(f"Unexpected: different answers to {query}: {answers}")


def in_rounds(plan: Plan, one: Callable[[], dict[str, Load]]) -> list[dict[str, Load]]:
    """Repeat a round; one that somebody else disturbed is done again, but not for ever."""
    done: list[dict[str, Load]] = []
    for left in range(2 * plan.rounds, 0, -1):
        found = one()
        if left <= plan.rounds - len(done) or all(load.others < CALM for load in found.values()):
            done.append(found)
        if len(done) == plan.rounds:
            break
    return done


def ratio(rounds: Sequence[dict[str, Load]], one: str, other: str, of: str) -> list[str]:
    """Return the median of the ratios of each round, and the lowest and highest; empty where a peer is absent."""
    if not all(name in found for found in rounds for name in (one, other)):
        return ["", ""]
    ratios = [getattr(found[one], of) / getattr(found[other], of) for found in rounds]
    return [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}-{max(ratios):.2f}"]


def _asked(peers: Sequence[Peer], lookups: Sequence[str], clients: int, plan: Plan, folder: Path) -> dict[str, Load]:
    return {
        peer.name: load(
            peer.address, [peer.url(query) for query in lookups], {"Accept": CSV}, plan.seconds, folder, clients, True
        )
        for peer in peers
    }


def _others(rounds: Sequence[dict[str, Load]]) -> str:
    return f"{100 * max(load.others for found in rounds for load in found.values()):.0f} %"


def _latencies(title: str, peers: Sequence[Peer], lookups: dict[str, list[str]], plan: Plan, folder: Path) -> Table:
    names = (THEIRS, OURS, RDFLIB)
    columns = [f"{name} p50 / p99 ms" for name in names]
    table = Table(title, [*columns, "ours / Oxigraph", "(range)", "rdflib-endpoint / ours", "(range)", "others"])
    for lookup, asked in lookups.items():
        _asked(peers, asked, 1, plan, folder)  # a round that does not count
        rounds = in_rounds(plan, lambda asked=asked: _asked(peers, asked, 1, plan, folder))  # type: ignore[misc]
        cells = []
        for name in names:
            middle = Load.middle([found[name] for found in rounds]) if name in rounds[0] else None
            cells.append(f"{middle.p50:.3f} / {middle.p99:.2f}" if middle else "absent")
        cells += [*ratio(rounds, OURS, THEIRS, "p50"), *ratio(rounds, RDFLIB, OURS, "p50"), _others(rounds)]
        table.row(lookup, cells)
    return table


def _rates(title: str, peers: Sequence[Peer], lookups: dict[str, list[str]], plan: Plan, folder: Path) -> Table:
    names = (THEIRS, OURS, RDFLIB)
    columns = [f"{name} req/s" for name in names]
    columns += ["ours / Oxigraph", "(range)", "ours / rdflib-endpoint", "(range)", "ours p50 / p99 ms", "CPU µs"]
    table = Table(title, [*columns, "others"])
    for lookup, asked in lookups.items():
        rounds = in_rounds(plan, lambda asked=asked: _asked(peers, asked, CLIENTS, plan, folder))  # type: ignore[misc]
        middle = {name: Load.middle([found[name] for found in rounds]) for name in names if name in rounds[0]}
        cells = [f"{middle[name].rate:.0f}" if name in middle else "absent" for name in names]
        cells += [*ratio(rounds, OURS, THEIRS, "rate"), *ratio(rounds, OURS, RDFLIB, "rate")]
        used = " / ".join(f"{middle[name].cpu:.0f}" for name in (OURS, THEIRS) if name in middle)
        table.row(lookup, [*cells, f"{middle[OURS].p50:.2f} / {middle[OURS].p99:.2f}", used, _others(rounds)])
    table.note("CPU: processor time of a server per request, of ours and of Oxigraph; of ours, all processes together.")
    return table


def _heavier(title: str, peers: Sequence[Peer], plan: Plan) -> Table:
    names = (THEIRS, OURS, RDFLIB)
    table = Table(title, [f"{name} p50 / max ms" for name in names] + ["ours / Oxigraph", "rdflib-endpoint / ours"])
    for row, query, accept in (("count per class", AGGREGATE, CSV), ("10 000 labels as JSON", ROWS, JSON)):
        times = _heavy(peers, query, accept, plan.rounds)
        middle = {name: statistics.median(found) for name, found in times.items()}
        cells = [f"{middle[n]:.1f} / {percentile(times[n], 100):.1f}" if n in middle else "absent" for n in names]
        shares = [(OURS, THEIRS), (RDFLIB, OURS)]
        cells += [f"{middle[one] / middle[other]:.2f}" if {one, other} <= set(middle) else "" for one, other in shares]
        rows = len(json.loads(peers[0].ask(query, JSON))["results"]["bindings"])
        table.row(f"{row} ({rows} rows)", cells)
    return table


def _heavy(peers: Sequence[Peer], query: str, accept: str, rounds: int) -> dict[str, list[float]]:
    """Return the milliseconds of each answer of each peer, over one connection of Python's own."""
    times: dict[str, list[float]] = {peer.name: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            client, here = Client(peer.address), 0.0
            while here < _ENOUGH and max(times[peer.name], default=0.0) < _TOO_LONG:
                took = client.timed(f"{peer.url(query)}{next(_FRESH)}", {"Accept": accept})
                times[peer.name].append(took)
                here += took
    return times


def repeated(peer: Peer, releases: Path, document: str, plan: Plan, folder: Path) -> Table:
    """Measure a query that is asked again and again, and a hot document, in the same rounds."""
    query = peer.url(queries(releases, LABEL)[0])
    asked = {"query": ([query], CSV), "document": ([document], ACCEPT["ttl"])}

    def one() -> dict[str, Load]:
        return {
            name: load(peer.address, paths, {"Accept": accept}, plan.seconds, folder, CLIENTS)
            for name, (paths, accept) in asked.items()
        }

    one()  # a round that does not count
    rounds = in_rounds(plan, one)
    columns = ["document req/s", "query req/s", "ratio", "(range)", "query p50 / p99 ms", "others"]
    table = Table(f"A query repeated on the same release, beside a hot document, {CLIENTS} clients", columns)
    document_, query_ = (Load.middle([found[name] for found in rounds]) for name in ("document", "query"))
    table.row(
        "label of one resource",
        [
            f"{document_.rate:.0f}",
            f"{query_.rate:.0f}",
            *ratio(rounds, "query", "document", "rate"),
            f"{query_.p50:.2f} / {query_.p99:.2f}",
            _others(rounds),
        ],
    )
    return table
