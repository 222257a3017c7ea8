"""SPARQL services with the same triples, each on the server's core: ours, the Oxigraph server, rdflib-endpoint."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat

from tests.bench_load import Client
from tests.bench_servers import SERVER_CORE, on_core, ours, process
from tests.conftest import ROOT, Address, free_port
from tests.engines import OXIGRAPH
from wijkengids.model.vocab import RDF_TYPE, WG
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease

RDFLIB_ENDPOINT = str(ROOT / ".venv/klanten/bin/rdflib-endpoint")
OURS, THEIRS, RDFLIB = "ours", "Oxigraph", "rdflib-endpoint"
_LOAD = 300
"""Seconds in which a peer must have loaded its triples."""
_SEVERAL = 50
"""How many neighbourhoods a look-up asks for in turn."""

LABEL = "SELECT ?l { <IRI> <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
STAR = "SELECT ?p ?o { <IRI> ?p ?o }"
JOIN = """PREFIX wg: <https://w3id.org/wijkengids/def#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?name ?city ?province { <IRI> rdfs:label ?name ; wg:ligtIn ?s . ?s a wg:Stad ; rdfs:label ?city .
?s wg:ligtIn ?p . ?p rdfs:label ?province }"""
LOOKUPS = {"label of one resource": LABEL, "all of one resource": STAR, "join of six patterns": JOIN}
AGGREGATE = "SELECT ?t (COUNT(*) AS ?n) { ?s a ?t } GROUP BY ?t ORDER BY DESC(?n) ?t"
ROWS = "SELECT ?s ?l { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } LIMIT 10000"
CSV, JSON = "text/csv", "application/sparql-results+json"


@dataclass(frozen=True)
class Peer:
    """A SPARQL service at work: its name, its server, the path that takes queries."""

    name: str
    address: Address
    path: str

    def url(self, query: str) -> str:
        """Return the path that asks a query, such that a number may follow it as a comment."""
        return f"{self.path}?query={quote(query)}%20%23"

    def ask(self, query: str, accept: str = CSV) -> bytes:
        """Return an answer, asked over a connection of its own."""
        return Client(self.address).get(self.url(query), accept)


def absent() -> dict[str, Path]:
    """Return the peers that are not installed, and where they were looked for."""
    places = {THEIRS: Path(OXIGRAPH), RDFLIB: Path(RDFLIB_ENDPOINT)}
    return {name: place for name, place in places.items() if not place.exists()}


def services(stack: ExitStack, releases: Path, folder: Path, **settings: str) -> list[Peer]:
    """Start all that are installed on the current release, ours first."""
    dump = triples(releases, folder)
    found = [Peer(OURS, ours(stack, releases, **settings), "/sparql")]
    if THEIRS not in absent():
        found.append(oxigraph(stack, dump, folder))
    if RDFLIB not in absent():
        found.append(rdflib_endpoint(stack, dump))
    return found


def triples(releases: Path, folder: Path) -> Path:
    """Write what a query without a graph sees of the current release, the catalogue too, as N-Triples."""
    opened = OpenRelease.open(Releases(releases).current())
    path = folder / f"{opened.release.name}.nt"
    if not path.exists():
        opened.store.dump(path, format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return path


def oxigraph(stack: ExitStack, dump: Path, folder: Path) -> Peer:
    """Load a store and serve it as read-only, both by the program itself."""
    store, port = folder / f"oxigraph-{free_port()}", free_port()
    loading = [OXIGRAPH, "load", "--location", str(store), "--file", str(dump)]
    subprocess.run(loading, check=True, capture_output=True, timeout=_LOAD)
    command = [OXIGRAPH, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with on_core(SERVER_CORE):
        return Peer(THEIRS, stack.enter_context(process(command, port, ready="/")), "/query")


def rdflib_endpoint(stack: ExitStack, dump: Path) -> Peer:
    """Serve a dump by the command that comes with rdflib-endpoint, which reads it into memory."""
    port = free_port()
    command = [RDFLIB_ENDPOINT, "serve", str(dump), "--host", "127.0.0.1", "--port", str(port)]
    ready = "/?query=ASK%20%7B%7D"
    with on_core(SERVER_CORE):
        return Peer(RDFLIB, stack.enter_context(process(command, port, ready=ready, seconds=_LOAD)), "/")


def queries(releases: Path, query: str) -> list[str]:
    """Return a look-up for each of some neighbourhoods, the same ones every time."""
    opened = OpenRelease.open(Releases(releases).current())
    quads = opened.store.quads_for_pattern(None, RDF_TYPE, WG["Wijk"], DefaultGraph())
    iris = sorted({quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)})
    return [query.replace("IRI", iri) for iri in islice(iris, 0, None, max(1, len(iris) // _SEVERAL))]
