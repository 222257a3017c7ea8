"""``wijkengids push``: a release onto an engine elsewhere, by the Graph Store Protocol, or as a file to load in bulk.

The merge first (a graph of this release only, so the release before answers on), then the named graphs, and at last the
index that says that all is there: from the first named graph until then, and after a push that failed halfway, the
engine counts as without a release, so nobody is answered with half of one.
"""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse, serialize

from wijkengids.engine.connection import Access
from wijkengids.engine.dataset import Dataset
from wijkengids.engine.transport import Reply, Transport
from wijkengids.errors import CannotRun, QueryProblem, Text
from wijkengids.model.formats import N_TRIPLES, TURTLE
from wijkengids.release.dataset import dataset_of
from wijkengids.release.folder import Release, explained

_CHUNK = 50_000
"""Triples in one request."""

_DEADLINE = 600.0
"""Seconds that one request may take."""

_SMALL = 2**24
"""Bytes that an engine may answer to a request of ours: its index, or a message."""

Step = Callable[[Text], None]


def steps(release: Release, target: str) -> int:
    """Return how many steps it takes to put this release there, for a progress bar."""
    return 1 if _is_file(target) else len(dataset_of(str(release.store)).graphs) + 2


def put(release: Release, target: str, access: Callable[[str], Access], step: Step) -> Text:
    """Put a release on the graph store at a URL, or in a file that ends in ``.nq``; return what was done."""
    if _is_file(target):
        step(Text("alle grafen en hun samenvoeging", "all graphs and their merge"))
        total = write_bulk(release, Path(target))
        return Text(
            f"{target}: {total} uitspraken, ook de samenvoeging. Lees het bestand in met de engine zelf.",
            f"{target}: {total} statements, the merge among them. Load the file with the engine's own loader.",
        )
    total = push(release, access(target), step)
    return Text(
        f"{target} heeft uitgave {release.name}: {total} uitspraken.",
        f"{target} has release {release.name}: {total} statements.",
    )


def _is_file(target: str) -> bool:
    return target.endswith(".nq") and "://" not in target


def push(release: Release, access: Access, step: Step) -> int:
    """Put a release on an engine, whose graph store is at ``access.url``; return the triples of the merge.

    May be repeated at any time. Raises CannotRun where the engine is away or refuses, saying what it said.
    """
    store, dataset = Store.read_only(str(release.store)), dataset_of(str(release.store))
    graph_store = _GraphStore(access)
    before = graph_store.graphs(dataset)
    step(Text("de samenvoeging van alle grafen", "the merge of all graphs"))
    total = graph_store.put(dataset.merge, store, DefaultGraph())
    graph_store.put_triples(dataset.index, dataset.about(complete=False, others=before))
    for graph in dataset.graphs:
        step(Text(graph.removeprefix(dataset.base), graph.removeprefix(dataset.base)))
        graph_store.put(graph, store, NamedNode(graph))
    step(Text("opruimen en vrijgeven", "clearing up and releasing"))
    for graph in before:
        if graph != dataset.merge and graph not in dataset.graphs:
            graph_store.delete(graph)
    graph_store.put_triples(dataset.index, dataset.about(complete=True))
    return total


def write_bulk(release: Release, path: Path) -> int:
    """Write the same graphs as one N-Quads file, for the bulk loader of an engine; return the number of statements."""
    store, dataset = Store.read_only(str(release.store)), dataset_of(str(release.store))
    merge, index = NamedNode(dataset.merge), NamedNode(dataset.index)
    everything: Iterator[Quad] = chain(
        (quad for graph in dataset.graphs for quad in store.quads_for_pattern(None, None, None, NamedNode(graph))),
        (
            Quad(q.subject, q.predicate, q.object, merge)
            for q in store.quads_for_pattern(None, None, None, DefaultGraph())
        ),
        (Quad(t.subject, t.predicate, t.object, index) for t in dataset.about(complete=True)),
    )
    total = 0
    with explained(path), path.open("wb") as file:
        while quads := list(islice(everything, _CHUNK)):
            serialize(quads, file, format=RdfFormat.N_QUADS)
            total += len(quads)
    return total


class _GraphStore:
    """The SPARQL 1.1 Graph Store HTTP Protocol, as far as a push needs it."""

    def __init__(self, access: Access) -> None:
        self.access, self.transport = access, Transport(access)

    def graphs(self, dataset: Dataset) -> tuple[str, ...]:
        """Return the graphs that earlier pushes left, as the index there says; none where there is no index."""
        reply = self._send("GET", dataset.index, accepted={200, 404})
        if reply.status == 404 or not reply.body.strip():
            return ()
        syntax = RdfFormat.from_media_type(reply.media_type) or RdfFormat.TURTLE
        try:
            found = list(parse(reply.body, format=syntax))
        except (SyntaxError, ValueError) as error:
            raise self._refused(f"{reply.media_type}: {error}") from error
        return tuple(q.object.value for q in found if isinstance(q.object, NamedNode))

    def put(self, graph: str, store: Store, source: NamedNode | DefaultGraph) -> int:
        """Make a graph there what ``source`` is here; return its number of triples.

        What has blank nodes goes in one request: in the next one the same label would be another node.
        """
        triples = (quad.triple for quad in store.quads_for_pattern(None, None, None, source))
        ground = (triple for triple in triples if not _has_blank(triple))
        blank = [q.triple for q in store.quads_for_pattern(None, None, None, source) if _has_blank(q.triple)]
        first = [*blank, *islice(ground, max(_CHUNK - len(blank), 0))]
        self.put_triples(graph, first)
        total = len(first)
        while more := list(islice(ground, _CHUNK)):
            self._send("POST", graph, more)
            total += len(more)
        return total

    def put_triples(self, graph: str, triples: Sequence[Triple]) -> None:
        """Make a graph there hold exactly these triples."""
        self._send("PUT", graph, triples)

    def delete(self, graph: str) -> None:
        """Remove a graph; it may be gone already."""
        self._send("DELETE", graph, accepted={200, 202, 204, 404})

    def _send(
        self,
        method: str,
        graph: str,
        triples: Sequence[Triple] | None = None,
        accepted: frozenset[int] | set[int] = frozenset({200, 201, 202, 204}),
    ) -> Reply:
        address = f"{self.access.url}{'&' if '?' in self.access.url else '?'}graph={quote(graph, safe='')}"
        request = urllib.request.Request(address, method=method, headers={"User-Agent": "wijkengids"})  # noqa: S310
        if triples is None:
            request.add_header("Accept", f"{N_TRIPLES.media_type}, {TURTLE.media_type};q=0.9")
        else:
            # N-Triples, called by the name of what it is a part of: some stores know only that
            request.data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
            request.add_header("Content-Type", TURTLE.media_type)
        try:
            reply = self.transport.send(request, _DEADLINE, _SMALL)
        except QueryProblem as error:
            reason = error.__cause__ or error.text.en
            raise CannotRun(
                f"De engine op {self.access.url} antwoordt niet ({reason}). Kijk of zij loopt en of het adres klopt, en"
                " zet de uitgave er dan opnieuw op.",
                f"The engine at {self.access.url} does not answer ({reason}). See whether it runs and whether the"
                " address is right, and then push again.",
            ) from error
        if reply.status not in accepted:
            raise self._refused(f"{reply.status}: {reply.message}")
        return reply

    def _refused(self, said: str) -> CannotRun:
        return CannotRun(
            f"De engine op {self.access.url} neemt de uitgave niet aan ({said}). Is dit het adres van het Graph Store"
            " Protocol? Naam en wachtwoord komen uit WIJKENGIDS_ENGINE_USER en WIJKENGIDS_ENGINE_PASSWORD.",
            f"The engine at {self.access.url} does not take the release ({said}). Is this the address of the Graph"
            " Store Protocol? Name and password come from WIJKENGIDS_ENGINE_USER and WIJKENGIDS_ENGINE_PASSWORD.",
        )


def _has_blank(triple: Triple) -> bool:
    return isinstance(triple.subject, BlankNode) or isinstance(triple.object, BlankNode)
