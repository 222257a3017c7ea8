"""What a document says of one resource: its statements and the graph of each, labels of all it mentions, links to it.

Bounded by design: the statements of one subject, and of each incoming property at most :data:`INCOMING` links, with
the number that there are.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store

from wijkengids.model.vocab import RDFS_LABEL

INCOMING = 100
"""Incoming links of one property that a document lists."""


@dataclass(frozen=True)
class Incoming:
    """The links of one property to a resource: how many there are, and the first of them by subject."""

    predicate: NamedNode
    count: int
    quads: tuple[Quad, ...]


@dataclass(frozen=True)
class Description:
    """A resource as a document shows it.

    ``statements`` are quads, blank nodes closed over, each in the named graph that states it; ``labels`` are the
    rdfs:label quads of everything mentioned; ``incoming`` by property.
    """

    iri: NamedNode
    statements: tuple[Quad, ...]
    labels: tuple[Quad, ...]
    incoming: tuple[Incoming, ...]

    def quads(self) -> list[Quad]:
        """Return all that the document says."""
        return [*self.statements, *self.labels, *(quad for links in self.incoming for quad in links.quads)]


def exists(store: Store, iri: NamedNode) -> bool:
    """Tell whether the release knows a resource: as subject, or at least as object."""
    outgoing = store.quads_for_pattern(iri, None, None, DefaultGraph())
    return (
        next(outgoing, None) is not None
        or next(store.quads_for_pattern(None, None, iri, DefaultGraph()), None) is not None
    )


def describe(store: Store, iri: NamedNode) -> Description:
    """Return the description of a resource; without statements where it only occurs as object."""
    statements = _closure(store, iri)
    incoming = _incoming(store, iri)
    mentioned = {
        node
        for quad in (*statements, *(q for links in incoming for q in links.quads))
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(node, NamedNode) and node != iri
    }
    return Description(iri, statements, _label_quads(store, mentioned), incoming)


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


def _incoming(store: Store, iri: NamedNode) -> tuple[Incoming, ...]:
    by_predicate: dict[NamedNode, list[Quad]] = {}
    for quad in store.quads_for_pattern(None, None, iri, None):
        if not isinstance(quad.graph_name, DefaultGraph) and isinstance(quad.subject, NamedNode):
            by_predicate.setdefault(quad.predicate, []).append(quad)
    return tuple(
        Incoming(predicate, len(quads), tuple(islice(sorted(quads, key=str), INCOMING)))
        for predicate, quads in sorted(by_predicate.items(), key=lambda item: item[0].value)
    )


def _label_quads(store: Store, nodes: Iterable[NamedNode]) -> tuple[Quad, ...]:
    return tuple(
        quad
        for node in sorted(nodes, key=lambda node: node.value)
        for quad in store.quads_for_pattern(node, RDFS_LABEL, None, None)
        if not isinstance(quad.graph_name, DefaultGraph)
    )
