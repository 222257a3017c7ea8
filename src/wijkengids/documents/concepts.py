"""A list of concepts as a reader meets it: the concepts under one another, each with its names and meaning."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Quad

from wijkengids.documents.expressions import Said, said
from wijkengids.documents.facts import Facts, Piece
from wijkengids.model.vocab import DCTERMS, RDF_TYPE, RDFS_LABEL, SKOS
from wijkengids.release.store import OpenRelease

_NOTES = tuple(SKOS[name] for name in ("scopeNote", "example", "editorialNote", "historyNote", "changeNote", "note"))
_NAMED = {
    RDF_TYPE, RDFS_LABEL, DCTERMS["title"], DCTERMS["description"],
    *(SKOS[name] for name in ("prefLabel", "altLabel", "definition", "notation", "inScheme", "topConceptOf")),
    *(SKOS[name] for name in ("broader", "narrower", "hasTopConcept")), *_NOTES,
}  # fmt: skip


@dataclass(frozen=True)
class Concept:
    """One concept: its words in the language of the page, the concepts under it, and what else is said.

    ``broader`` are wider concepts besides the one that it stands under.
    """

    node: NamedNode
    anchor: str
    label: str
    other: str
    notation: str
    also: tuple[str, ...]
    definition: str
    notes: tuple[tuple[Piece, tuple[str, ...]], ...]
    kinds: tuple[Piece, ...]
    broader: tuple[Piece, ...]
    narrower: tuple[Concept, ...]
    more: tuple[Said, ...]


@dataclass(frozen=True)
class Scheme:
    """A list of concepts; ``top`` are those that stand under no other, ``count`` is how many there are in all."""

    node: NamedNode
    label: str
    other: str
    description: str
    top: tuple[Concept, ...]
    count: int


def is_scheme(release: OpenRelease, iri: NamedNode) -> bool:
    """Tell whether a resource is a list of concepts."""
    kind = release.store.quads_for_pattern(iri, RDF_TYPE, SKOS["ConceptScheme"], DefaultGraph())
    return next(kind, None) is not None


def read_scheme(release: OpenRelease, iri: NamedNode, language: str) -> tuple[Scheme, Facts]:
    """Return a list of concepts in one language, with the facts that it was read from."""
    facts = Facts(release, _quads(release, iri), language)
    members = [node for node in facts.subjects(SKOS["inScheme"], iri) if isinstance(node, NamedNode)]
    reader = _Reader(facts, set(members))
    top = reader.all()
    return (
        Scheme(
            node=iri,
            label=facts.named(iri),
            other=facts.other(iri, RDFS_LABEL),
            description=facts.text(iri, DCTERMS["description"]),
            top=top,
            count=len(members),
        ),
        facts,
    )


def _quads(release: OpenRelease, iri: NamedNode) -> Iterator[Quad]:
    yield from release.store.quads_for_pattern(iri, None, None, DefaultGraph())
    for member in release.store.quads_for_pattern(None, SKOS["inScheme"], iri, DefaultGraph()):
        yield from release.store.quads_for_pattern(member.subject, None, None, DefaultGraph())


class _Reader:
    """Reads the concepts of one list."""

    def __init__(self, facts: Facts, members: set[NamedNode]) -> None:
        self.facts, self.members = facts, members
        self._placed: set[NamedNode] = set()

    def all(self) -> tuple[Concept, ...]:
        """Return the concepts under no other; of a circle of concepts the first stands on top, so none is lost."""
        found = self.below([node for node in self.members if not self.above(node)])
        while left := self.members - self._placed:
            found += self.below([min(left, key=str)])
        return found

    def above(self, node: NamedNode) -> list[NamedNode]:
        """Return the wider concepts in this list, said from either side."""
        said = {*self.facts.iris(node, SKOS["broader"]), *self.facts.subjects(SKOS["narrower"], node)}
        return sorted((up for up in said if isinstance(up, NamedNode) and up in self.members and up != node), key=str)

    def below(self, nodes: list[NamedNode]) -> tuple[Concept, ...]:
        """Return concepts by label, each with those of which it is the first wider concept; each stands once."""
        self._placed.update(nodes)
        ordered = sorted(nodes, key=lambda node: (self.facts.named(node).lower(), node.value))
        return tuple(self._concept(node) for node in ordered)

    def _concept(self, node: NamedNode) -> Concept:
        facts = self.facts
        under = [one for one in self.members if one not in self._placed and self.above(one)[:1] == [node]]
        parent = self.above(node)[:1]
        wider = {*facts.iris(node, SKOS["broader"]), *self.above(node)} - set(parent)
        return Concept(
            node=node,
            anchor=node.value.rpartition("/")[2],
            label=facts.named(node),
            other=facts.other(node, SKOS["prefLabel"]),
            notation=facts.plain(node, SKOS["notation"]),
            also=tuple(facts.texts(node, SKOS["altLabel"])),
            definition=facts.text(node, SKOS["definition"]),
            notes=tuple(
                (Piece(facts.named(term), term.value), tuple(found))
                for term in _NOTES
                if (found := facts.texts(node, term))
            ),
            kinds=tuple(facts.piece(kind) for kind in facts.iris(node, RDF_TYPE) if self._is_ours(kind)),
            broader=tuple(facts.piece(up) for up in sorted(wider, key=str)),
            narrower=self.below(under),
            more=_more(facts, node),
        )

    def _is_ours(self, node: NamedNode) -> bool:
        return node.value.startswith(self.facts.base.iri)


def _more(facts: Facts, node: NamedNode) -> tuple[Said, ...]:
    return said(facts, node, (term for term in facts.predicates(node) if term not in _NAMED))
