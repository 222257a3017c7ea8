"""Documents under load and documents cold: ours beside nginx and rdflib, rounds alternating, all in one run."""

from __future__ import annotations

import json
import shutil
import statistics
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode

from tests.bench_load import Client, Load, load, percentile
from tests.bench_servers import ACCEPT, NGINX, Copy, memory, nginx, ours, rdflib_server
from tests.bench_table import Table
from tests.conftest import Address
from tests.generator_parts import stad
from wijkengids.model.vocab import RDF_TYPE, WG
from wijkengids.release.folder import Release, Releases
from wijkengids.release.store import OpenRelease

COLD_FORMATS = ("ttl", "html", "jsonld")
CALM = 0.05
"""Share of the machine that others may use in a round that counts."""
_SHARE = {"Wijk": 100, "Stad": 20, "Gidsartikel": 60, "Maatregel": 60, "Resultaat": 60}
"""How many documents of each class the rotation has."""


@dataclass(frozen=True)
class Target:
    """What is asked of both servers: paths in turn, with these headers (nginx may need its own ETag)."""

    name: str
    paths: Sequence[str]
    headers: Mapping[str, str]
    conditional: bool = False

    def for_server(self, address: str) -> Mapping[str, str]:
        """Return the headers; for a conditional request with the ETag that this server gave."""
        if not self.conditional:
            return self.headers
        response, _ = Client(address).ask(self.paths[0], self.headers)
        return {**self.headers, "If-None-Match": response.headers["ETag"]}


@dataclass(frozen=True)
class Effort:
    """How long and how often."""

    rounds: int
    seconds: float
    documents: int
    cold_rounds: int


def documents(opened: OpenRelease, number: int) -> list[str]:
    """Return the paths of documents of several classes, at most ``number``, the same ones every time."""
    return list(islice(_documents(opened), number))


def _documents(opened: OpenRelease) -> Iterator[str]:
    found = []
    for name, share in _SHARE.items():
        quads = opened.store.quads_for_pattern(None, RDF_TYPE, WG[name], DefaultGraph())
        iris = sorted(q.subject.value for q in quads if isinstance(q.subject, NamedNode) and q.subject != stad(0))
        step = max(1, len(iris) // share)
        found += [(place / share, iri) for place, iri in enumerate(iris[::step][:share])]
    for _, iri in sorted(found):
        yield f"/{opened.base.path(iri)}"


def hot(stack: ExitStack, releases: Path, paths: list[str], effort: Effort, folder: Path) -> tuple[Table, Table]:
    """Measure the hot targets; return their table and that of the memory afterwards."""
    server, complete = (ours(stack, releases, WIJKENGIDS_INTERFACE=name) for name in ("wsgi", "rsgi"))
    copy = Copy(folder / "copy")
    copy.fetch(server, paths, ("ttl", "html", "nt"))
    by_size = sorted(paths, key=lambda path: (copy.folder / f"{path[1:]}.ttl").stat().st_size)
    typical = by_size[len(by_size) // 2]
    other = nginx(stack, copy, folder) if NGINX else None
    turtle = {"Accept": ACCEPT["ttl"]}
    targets = [
        Target("Turtle, one document", [typical], turtle),
        Target("HTML, one document", [typical], {"Accept": ACCEPT["html"], "Accept-Language": "nl,en;q=0.7"}),
        Target("304 to If-None-Match", [typical], turtle, conditional=True),
        Target("Turtle, gzip", [typical], {**turtle, "Accept-Encoding": "gzip"}),
        Target(f"Turtle, {len(paths)} documents in turn", paths, turtle),
    ]
    table = Table(
        "Hot documents",
        [
            "nginx req/s",
            "ours req/s",
            "ratio",
            "(lowest-highest)",
            "ours p50 / p99 ms",
            "nginx p50 / p99 ms",
            "CPU µs",
            "others",
        ],
    )
    for target in targets:
        _compare(table, target, server, other, effort, folder)
    for target in (targets[0], targets[2], targets[-1]):
        _compare(table, replace(target, name=f"{target.name}, by RSGI"), complete, other, effort, folder)
    table.note("Ours is `serve --interface wsgi`, and in the rows that say so what `serve` is without it, by RSGI.")
    table.note(_sizes(copy, typical, server))
    own = Target("Turtle by rdflib per request", [typical], turtle)
    slow = rdflib_server(stack, copy)
    _compare(table, own, slow, other, effort, folder)
    table.note("The last row has rdflib in the columns of ours: parse N-Triples, serialise Turtle, under Granian.")
    used = Table("Memory after the load (PSS, MiB)", ["MiB"])
    for name, address in (("wsgi", server), ("rsgi", complete)):
        for kind, size in sorted(memory(address.pid).items()):
            used.row(f"{name}: {kind}", [f"{size:.0f}"])
    return table, used


def _compare(
    table: Table, target: Target, server: Address, other: Address | None, effort: Effort, folder: Path
) -> None:
    mine: list[Load] = []
    theirs: list[Load] = []
    for address in (other, server):
        if address:  # a round that does not count
            load(address, target.paths, target.for_server(address), 1, folder)
    for number in range(2 * effort.rounds):
        they_did = [load(other, target.paths, target.for_server(other), effort.seconds, folder)] if other else []
        we_did = load(server, target.paths, target.for_server(server), effort.seconds, folder)
        calm = max(one.others for one in (*they_did, we_did)) < CALM
        # a round that somebody else disturbed is done again, but not for ever
        if calm or 2 * effort.rounds - number <= effort.rounds - len(mine):
            mine.append(we_did)
            theirs += they_did
        if len(mine) == effort.rounds:
            break
    we = Load.middle(mine)
    others = f"{100 * max(one.others for one in (*mine, *theirs)):.0f} %"
    row = ["", f"{we.rate:.0f}", "", "", f"{we.p50:.2f} / {we.p99:.2f}", "", f"{we.cpu:.0f}", others]
    if theirs:
        they, ratios = Load.middle(theirs), [m.rate / t.rate for m, t in zip(mine, theirs, strict=True)]
        row[0] = f"{they.rate:.0f}"
        row[2:4] = [f"{statistics.median(ratios):.2f}", f"{min(ratios):.2f}-{max(ratios):.2f}"]
        row[5:] = [f"{they.p50:.2f} / {they.p99:.2f}", f"{we.cpu:.0f} / {they.cpu:.0f}", others]
    table.row(target.name, row)


def _sizes(copy: Copy, path: str, server: str) -> str:
    size = {name: (copy.folder / f"{path[1:]}.{name}").stat().st_size for name in ("ttl", "html")}
    response, body = Client(server).ask(path, {"Accept": ACCEPT["ttl"], "Accept-Encoding": "gzip"})
    coded = response.headers.get("Content-Encoding") or "no coding"
    return (
        f"The document: {size['ttl']} bytes of Turtle ({len(body)} with {coded} where gzip is asked of ours),"
        f" {size['html']} of HTML. Ratios are medians of those of each round. CPU: processor time of a server per"
        " request, ours and nginx's. Others: what somebody else used of the machine in the worst round that counts;"
        f" a round with more than {100 * CALM:.0f} % is done again, as often as there are rounds."
    )


def twin(releases: Releases, release: Release) -> str:
    """Make a second release with the same content under another digest; return its name."""
    name = release.name + "-tweeling"
    shutil.copytree(release.folder, releases.root / name)
    manifest = releases.root / name / "manifest.json"
    facts = json.loads(manifest.read_text(encoding="utf-8"))
    facts["digest"] = facts["digest"][::-1]
    manifest.write_text(json.dumps(facts, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return name


class Switcher:
    """Switches between two releases of the same content, so that everything is to be done anew."""

    def __init__(self, releases: Releases, names: tuple[str, str]) -> None:
        self.releases, self.names = releases, names

    def __call__(self) -> None:
        """Make the other one current."""
        now = self.releases.current_name()
        self.releases.switch(self.names[now == self.names[0]])


def cold(stack: ExitStack, releases: Path, paths: list[str], switch: Switcher, effort: Effort) -> tuple[Table, Table]:
    """Measure first requests after a switch: of each document, in each format, and of the hub."""
    client = Client(ours(stack, releases))
    columns = ["cold p50 ms", "cold p99 ms", "cold max ms", "hot p50 ms", "hot p99 ms"]
    table = Table(f"Cold documents: first requests after a switch, {len(paths)} documents", columns)
    headers = {name: {"Accept": ACCEPT[name], "Accept-Language": "nl"} for name in COLD_FORMATS}
    asked = {path: {"Accept": ACCEPT["ttl"], "If-None-Match": _etag(client, path)} for path in paths}
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in (*COLD_FORMATS, "304 (ttl)")}
    for _ in range(effort.cold_rounds):
        for name, passes in times.items():
            switch()
            for found in passes:
                if name in headers:
                    found += [client.timed(path, headers[name]) for path in paths]
                else:
                    found += [client.timed(path, conditional, 304) for path, conditional in asked.items()]
    for name, (first, again) in times.items():
        table.row(name, _spread(first, again))
    table.note(
        "One connection, one request at a time, formats in turn, a switch before each. The largest is mostly the first"
        " after a switch, which opens the release."
    )
    return table, _hub(client, switch, effort)


def _spread(first: list[float], again: list[float]) -> list[str]:
    numbers = [percentile(first, 50), percentile(first, 99), max(first), percentile(again, 50), percentile(again, 99)]
    return [f"{number:.2f}" for number in numbers]


def _etag(client: Client, path: str) -> str:
    response, _ = client.ask(path, {"Accept": ACCEPT["ttl"]})
    return str(response.headers["ETag"])


def _hub(client: Client, switch: Switcher, effort: Effort) -> Table:
    table = Table("The hub: first request after a switch", ["cold p50 ms", "hot p50 ms", "bytes"])
    path = "/doc/" + stad(0).value.partition("/id/")[2]
    for name in (*COLD_FORMATS, "nt"):
        headers, first, again, size = {"Accept": ACCEPT[name]}, [], [], 0
        for _ in range(effort.cold_rounds):
            switch()
            client.ask("/", {"Accept": ACCEPT["html"]})  # opens the release
            first.append(client.timed(path, headers))
            again.append(client.timed(path, headers))
            size = len(client.ask(path, headers)[1])
        table.row(name, [f"{statistics.median(first):.2f}", f"{statistics.median(again):.2f}", str(size)])
    return table
