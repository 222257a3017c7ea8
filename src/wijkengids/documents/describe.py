"""What a document says of one resource: its statements and the graph of each, labels of all it mentions, links to it.

Bounded by design: the statements of one subject, and of each incoming property one page of :data:`PAGE` links, with
the number that there are. Counting and paging are left to the store: a hub with 20 000 links takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, QuerySolutions, Store

from wijkengids.documents.labels import labels, pick
from wijkengids.model.vocab import RDFS_LABEL

PAGE = 100
"""Incoming links of one property on one page."""

_FEW = 256
"""Quads that refer to a resource (the merge counted too) up to which they are simply all read."""


@dataclass(frozen=True)
class Page:
    """One page of the incoming links of one property; ``number`` counts from 1."""

    predicate: NamedNode
    number: int


@dataclass(frozen=True)
class Incoming:
    """The links of one property to a resource: how many there are, and one page of them.

    ``count`` is the number of subjects; ``number`` says which page this is, from 1; ``quads`` are the links of the
    page, by subject, each in every named graph that states it.
    """

    predicate: NamedNode
    count: int
    number: int
    quads: tuple[Quad, ...]

    @property
    def pages(self) -> int:
        """Number of pages; at least 1."""
        return max(1, pages(self.count))


def pages(count: int) -> int:
    """Return the number of pages of ``count`` links; 0 of none."""
    return -(-count // PAGE)


@dataclass(frozen=True)
class Description:
    """A resource as a document shows it.

    ``statements`` are quads, blank nodes closed over, each in the named graph that states it; ``labels`` are the
    rdfs:label quads of everything mentioned; ``incoming`` by property. ``counts`` says of every property how many
    resources refer by it, those of which no link is shown included.
    """

    iri: NamedNode
    statements: tuple[Quad, ...]
    labels: tuple[Quad, ...]
    incoming: tuple[Incoming, ...]
    counts: dict[NamedNode, int] = field(default_factory=dict)

    def quads(self) -> list[Quad]:
        """Return all that the document says."""
        return [*self.statements, *self.labels, *(quad for links in self.incoming for quad in links.quads)]

    def label(self, node: NamedNode, language: str) -> str | None:
        """Return the label of something mentioned, chosen as :func:`wijkengids.documents.labels.label` does."""
        return pick(self.names.get(node, {}), language)

    @cached_property
    def names(self) -> dict[NamedNode, dict[str, str]]:
        """The labels of the resource and of everything mentioned: node to language ('' for none) to text."""
        return labels((*self.labels, *self.statements))


def exists(store: Store, iri: NamedNode) -> bool:
    """Tell whether the release knows a resource: as subject, or at least as object."""
    outgoing = store.quads_for_pattern(iri, None, None, DefaultGraph())
    return (
        next(outgoing, None) is not None
        or next(store.quads_for_pattern(None, None, iri, DefaultGraph()), None) is not None
    )


def describe(
    store: Store, iri: NamedNode, page: Page | None = None, nameless: Container[NamedNode] | None = None
) -> Description:
    """Return the description of a resource; without statements where it only occurs as object.

    With ``page`` only that page of the links of one property, and labels; without any link where there is no such
    page. ``nameless`` are the properties by which a blank node may refer (None: any); links from those do not count,
    and looking for them takes six times as long.
    """
    statements = () if page else _closure(store, iri)
    counts, incoming = _incoming(_Links(store, iri, nameless), page)
    mentioned = {
        node
        for quad in (*statements, *(q for each in incoming for q in each.quads))
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(node, NamedNode)
    }
    wanted = mentioned | {iri} if page else mentioned - {iri}  # its own label is among its statements
    return Description(iri, statements, _label_quads(store, wanted), incoming, counts)


def describe_graph(store: Store, graph: NamedNode) -> tuple[Quad, ...]:
    """Return everything that one named graph states."""
    return tuple(store.quads_for_pattern(None, None, None, graph))


def _closure(store: Store, iri: NamedNode) -> tuple[Quad, ...]:
    quads: list[Quad] = []
    todo: list[NamedNode | BlankNode] = [iri]
    seen: set[object] = {iri}
    while todo:
        for quad in _named(store, todo.pop()):
            quads.append(quad)
            if isinstance(quad.object, BlankNode) and quad.object not in seen:
                seen.add(quad.object)
                todo.append(quad.object)
    return tuple(quads)


def _named(store: Store, subject: NamedNode | BlankNode) -> Iterable[Quad]:
    """Return the quads of a subject in the named graphs (the default graph holds a copy of them)."""
    found = store.quads_for_pattern(subject, None, None, None)
    return (quad for quad in found if not isinstance(quad.graph_name, DefaultGraph))


def _incoming(links: _Links, page: Page | None) -> tuple[dict[NamedNode, int], tuple[Incoming, ...]]:
    """Return how many links come in by each property, and those to show."""
    few = links.few() if page is None else None
    if few is not None:
        return {each.predicate: each.count for each in few}, few
    counts = links.counts()
    return counts, tuple(links.page(one, counts[one.predicate]) for one in _pages(counts, page))


def _pages(counts: dict[NamedNode, int], page: Page | None) -> list[Page]:
    """Return what to show: the one page asked for, where there is such a page, or the first of every property."""
    if page is None:
        return [Page(predicate, 1) for predicate in sorted(counts, key=str)]
    return [page] if 0 < page.number <= pages(counts.get(page.predicate, 0)) else []


@dataclass(frozen=True)
class _Links:
    """Looks up what refers to one resource."""

    store: Store
    iri: NamedNode
    nameless: Container[NamedNode] | None

    def few(self) -> tuple[Incoming, ...] | None:
        """Return all links where they are few: one scan is then faster than a query a property. None for many."""
        found = list(islice(self.store.quads_for_pattern(None, None, self.iri, None), _FEW + 1))
        by_property: dict[NamedNode, list[Quad]] = {}
        for quad in found:
            if isinstance(quad.subject, NamedNode) and not isinstance(quad.graph_name, DefaultGraph):
                by_property.setdefault(quad.predicate, []).append(quad)
        counts = {predicate: len({quad.subject for quad in quads}) for predicate, quads in by_property.items()}
        if len(found) > _FEW or any(count > PAGE for count in counts.values()):
            return None
        return tuple(
            Incoming(predicate, counts[predicate], 1, tuple(sorted(by_property[predicate], key=_by_subject)))
            for predicate in sorted(counts, key=str)
        )

    def counts(self) -> dict[NamedNode, int]:
        """Return incoming property to the number of resources that refer by it, leaving none with 0."""
        found = _rows(self.store, f"SELECT ?p (COUNT(*) AS ?n) {{ ?s ?p {self.iri} }} GROUP BY ?p")
        counts = {predicate: int(number.value) for predicate, number in found}
        for predicate in counts:
            if test := self._named(predicate):
                text = f"SELECT (COUNT(*) AS ?n) {{ ?s {predicate} {self.iri} {test} }}"
                counts[predicate] = int(_rows(self.store, text)[0][0].value)
        return {predicate: number for predicate, number in counts.items() if number}

    def page(self, page: Page, count: int) -> Incoming:
        """Return a page of links in the order of the store's own index: the same for the same content.

        Sorting 20 000 subjects by IRI would cost more than all the rest; the page itself is sorted.
        """
        predicate, offset = page.predicate, (page.number - 1) * PAGE
        where = f"{{ ?s {predicate} {self.iri} {self._named(predicate)} }}"
        rows = _rows(self.store, f"SELECT ?s {where} OFFSET {offset} LIMIT {PAGE}")
        quads = tuple(
            quad
            for subject in sorted((subject for (subject,) in rows), key=str)
            for quad in sorted(self.store.quads_for_pattern(subject, predicate, self.iri, None), key=str)
            if not isinstance(quad.graph_name, DefaultGraph)
        )
        return Incoming(predicate, count, page.number, quads)

    def _named(self, predicate: NamedNode) -> str:
        """Return the test for subjects with a name, where there may be others: it is what takes the time."""
        return "FILTER(isIRI(?s))" if self.nameless is None or predicate in self.nameless else ""


def _by_subject(quad: Quad) -> tuple[str, str]:
    return str(quad.subject), str(quad)


def _rows(store: Store, text: str) -> list[tuple[Any, ...]]:
    """Return the rows of a query that holds no text of a client: only terms, written by the library itself."""
    found = store.query(text)
    if not isinstance(found, QuerySolutions):
        raise ValueError("Unexpected: not a SELECT")
    return [tuple(row) for row in found]


def _label_quads(store: Store, nodes: Iterable[NamedNode]) -> tuple[Quad, ...]:
    return tuple(
        quad
        for node in sorted(nodes, key=lambda node: node.value)
        for quad in store.quads_for_pattern(node, RDFS_LABEL, None, None)
        if not isinstance(quad.graph_name, DefaultGraph)
    )
