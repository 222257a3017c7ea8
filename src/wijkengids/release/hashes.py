"""A hash for each resource and for each document of a release, so that the log can say what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from wijkengids.model.vocab import RDFS_LABEL
from wijkengids.release.canonical import canonical, digest, n_quads
from wijkengids.release.folder import Release

VOCABULARIES = {"def": "id/graaf/ontology/wijkengids", "shapes": "id/graaf/ontology/shapes"}
"""Documents that show a whole graph: path of the document to path of the graph, both under the base."""


class Content:
    """The quads of a release, by what a document is made of."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.by_subject: dict[object, list[Quad]] = defaultdict(list)
        self.by_object: dict[object, list[Quad]] = defaultdict(list)
        self.by_graph: dict[str, list[Quad]] = defaultdict(list)
        for quad in quads:
            self.by_subject[quad.subject].append(quad)
            if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
                self.by_object[quad.object].append(quad)
            if isinstance(quad.graph_name, NamedNode):
                self.by_graph[quad.graph_name.value].append(quad)

    @classmethod
    def of(cls, release: Release) -> Content:
        """Read the content of a release from its dump."""
        return cls(parse(path=str(release.folder / "dumps" / "wijkengids.nq"), format=RdfFormat.N_QUADS))

    def resources(self) -> dict[str, str]:
        """Return for each resource (IRI as subject) the SHA-256 of its canonical N-Quads, by IRI.

        What a blank node says counts for the resource that it hangs under.
        """
        subjects = sorted(node.value for node in self.by_subject if isinstance(node, NamedNode))
        return {iri: digest(n_quads(canonical(self._closure(NamedNode(iri))))) for iri in subjects}

    def documents(self, base: str) -> dict[str, str]:
        """Return for each document under ``base`` the SHA-256 of all that it says, by the IRI that it is about.

        That is what the resource says, what links to it (all of it: further pages count too) and the labels of
        everything mentioned, so it also changes when another resource does.
        """
        own = self.resources()
        found: dict[str, str] = {}
        for node in {*self.by_subject, *self.by_object}:
            if isinstance(node, NamedNode) and node.value.startswith(base):
                quads = [*self._closure(node), *self.by_object.get(node, ())]
                found[node.value] = _hash([own.get(node.value, ""), *self._lines(self.by_object.get(node, ()), quads)])
        for path, graph in VOCABULARIES.items():
            quads = self.by_graph.get(base + graph, [])
            if quads:
                found[base + path] = _hash([digest(n_quads(canonical(quads))), *self._lines((), quads)])
        return dict(sorted(found.items()))

    def _closure(self, subject: NamedNode) -> list[Quad]:
        quads: list[Quad] = []
        todo: list[object] = [subject]
        seen: set[object] = {subject}
        while todo:
            for quad in self.by_subject.get(todo.pop(), ()):
                quads.append(quad)
                if isinstance(quad.object, BlankNode) and quad.object not in seen:
                    seen.add(quad.object)
                    todo.append(quad.object)
        return quads

    def _lines(self, incoming: Iterable[Quad], quads: Iterable[Quad]) -> Iterator[str]:
        """Yield the links and the labels of everything that ``quads`` mention, in a fixed order."""
        mentioned = {term for q in quads for term in (q.subject, q.predicate, q.object, q.graph_name)}
        yield from sorted(str(quad) for quad in incoming)
        yield from sorted(
            str(quad)
            for node in mentioned
            if isinstance(node, NamedNode)
            for quad in self.by_subject.get(node, ())
            if quad.predicate == RDFS_LABEL
        )


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
