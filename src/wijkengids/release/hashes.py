"""A hash for each resource and for each document of a release, so that the log can say what changed."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, parse

from wijkengids.model.iris import is_ground
from wijkengids.model.vocab import DCTERMS, GEO, PROV, RDF_TYPE, RDFS_LABEL, SKOS
from wijkengids.release.canonical import canonical, digest, n_quads
from wijkengids.release.folder import Release
from wijkengids.release.terms import Term, Terms

VOCABULARIES = {"def": "id/graaf/ontology/wijkengids", "shapes": "id/graaf/ontology/shapes"}
"""Documents that show a whole graph: path of the document to path of the graph, both under the base."""


_RIGHTS = (DCTERMS["license"], PROV["wasAttributedTo"])


class Content:
    """The quads of a release, by what a document is made of."""

    def __init__(self, quads: Iterable[Quad], terms: Mapping[str, Term] | None = None) -> None:
        self.terms = terms or {}
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
        quads = parse(path=str(release.folder / "dumps" / "wijkengids.nq"), format=RdfFormat.N_QUADS)
        try:
            return cls(quads, Terms.read(release.folder).by_iri)
        except FileNotFoundError:  # of before there were terms
            return cls(quads)

    def resources(self) -> dict[str, str]:
        """Return for each resource (IRI as subject) the SHA-256 of its canonical N-Quads, by IRI.

        What a blank node says counts for the resource that it hangs under.
        """
        subjects = sorted(node.value for node in self.by_subject if isinstance(node, NamedNode))
        return {iri: digest(n_quads(canonical(self._closure(NamedNode(iri))))) for iri in subjects}

    def documents(self, base: str) -> dict[str, str]:
        """Return for each document under ``base`` the SHA-256 of all that it says, by the IRI that it is about.

        That is what the resource says, what links to it (all of it: further pages count too), the labels of everything
        mentioned, a geometry, the concepts of a list, licence and author of the graphs, and the names that terms have
        in JSON and at schema.org. So it also changes when another resource does.
        """
        own = self.resources()
        matches = digest(n_quads(canonical(self.by_graph.get(f"{base}id/graaf/ontology/schema-org", []))))
        found: dict[str, str] = {}
        for node in {*self.by_subject, *self.by_object}:
            if isinstance(node, NamedNode) and node.value.startswith(base):
                stated = len(self.by_graph.get(node.value, ()))  # a graph says how much it states
                found[node.value] = _hash(
                    [matches, f"{stated}", own.get(node.value, ""), *self._lines(self._shown(node))]
                )
        for path, graph in VOCABULARIES.items():
            quads = self.by_graph.get(base + graph, [])
            if quads:
                found[base + path] = _hash([digest(n_quads(canonical(quads))), *self._labels(quads)])
        return dict(sorted(found.items()))

    def _shown(self, node: NamedNode) -> list[Quad]:
        """Return all that the document about a resource shows."""
        own, incoming = self._closure(node), self.by_object.get(node, [])
        shown = list(incoming)
        for quad in own:
            if quad.predicate == GEO["hasGeometry"]:
                shown += self.by_subject.get(quad.object, ())
            if quad.predicate == RDF_TYPE and quad.object == SKOS["ConceptScheme"]:
                shown += [more for link in incoming for more in self.by_subject.get(link.subject, ())]
        for graph in {quad.graph_name for quad in (*own, *shown)}:
            shown += [quad for quad in self.by_subject.get(graph, ()) if quad.predicate in _RIGHTS]
        return [*own, *shown, *self._label_quads([*own, *shown])]

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

    def _label_quads(self, quads: Iterable[Quad]) -> list[Quad]:
        """Return the labels of everything that ``quads`` mention."""
        mentioned = {term for q in quads for term in (q.subject, q.predicate, q.object, q.graph_name)}
        nodes = [node for node in mentioned if isinstance(node, NamedNode)]
        return [quad for node in nodes for quad in self.by_subject.get(node, ()) if quad.predicate == RDFS_LABEL]

    def _labels(self, quads: Iterable[Quad]) -> Iterator[str]:
        """Yield the labels of everything that ``quads`` mention, in a fixed order."""
        yield from sorted(str(quad) for quad in self._label_quads(quads))

    def _lines(self, quads: list[Quad]) -> Iterator[str]:
        """Yield quads, and the names and shapes of their properties, in a fixed order."""
        # what blank nodes say is in the hash of the resource; their labels here depend on the whole dataset
        yield from sorted({str(quad) for quad in quads if is_ground(quad.subject) and is_ground(quad.object)})
        for predicate in sorted({quad.predicate.value for quad in quads}):
            if predicate in self.terms:
                yield repr(self.terms[predicate])


def _hash(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
