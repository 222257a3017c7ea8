"""The statements of the vocabulary graphs, held in memory: what a page about terms asks a hundred times."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.documents.describe import exists
from wijkengids.documents.labels import best, label
from wijkengids.model.iris import Base
from wijkengids.model.vocab import OWN_PREFIXES, RDF, RDF_TYPE, RDFS_LABEL, SKOS
from wijkengids.release.store import OpenRelease

Node = NamedNode | BlankNode
Term = NamedNode | BlankNode | Literal


@dataclass(frozen=True)
class Piece:
    """A piece of running text: words, and the IRI that they name (or ''); ``code`` is shown as typed."""

    text: str
    iri: str = ""
    code: bool = False


Phrase = tuple[Piece, ...]
"""Words in one language, some of which name a thing."""


_MENTION = re.compile(r"(?<![\w:/@\"])([a-z]+):([A-Za-z][\w-]*)")
"""A term as texts name it: 'wg:Wijk', 'begrip:leefbaarheid'."""


class Facts:
    """Some statements of a release by subject and by object, and the words for them in one language."""

    def __init__(self, release: OpenRelease, quads: Iterable[Quad], language: str) -> None:
        self.release, self.language = release, language
        self._about: dict[object, dict[NamedNode, list[Term]]] = {}
        self._to: dict[tuple[NamedNode, object], list[Node]] = {}
        self._labels: dict[NamedNode, str] = {}
        self._pieces: dict[NamedNode, Piece] = {}
        for quad in quads:
            self._add(quad)

    def _add(self, quad: Quad) -> None:
        if isinstance(quad.subject, Node) and isinstance(quad.object, Term):
            self._about.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
            if not isinstance(quad.object, Literal):
                self._to.setdefault((quad.predicate, quad.object), []).append(quad.subject)

    @property
    def base(self) -> Base:
        """The base under which the release publishes."""
        return self.release.base

    def predicates(self, node: Node) -> list[NamedNode]:
        """Return what is said of a node, by IRI."""
        return sorted(self._about.get(node, {}), key=str)

    def values(self, node: Node, predicate: NamedNode) -> list[Term]:
        """Return all values, in a fixed order."""
        return sorted(self._about.get(node, {}).get(predicate, []), key=str)

    def iris(self, node: Node, predicate: NamedNode) -> list[NamedNode]:
        """Return the values that are IRIs, in order."""
        return [value for value in self.values(node, predicate) if isinstance(value, NamedNode)]

    def one(self, node: Node, predicate: NamedNode) -> Term | None:
        """Return the first value, or None."""
        return next(iter(self.values(node, predicate)), None)

    def plain(self, node: Node, predicate: NamedNode) -> str:
        """Return the first value as text, or ''."""
        found = self.one(node, predicate)
        return found.value if isinstance(found, NamedNode | Literal) else ""

    def subjects(self, predicate: NamedNode, value: Node) -> list[Node]:
        """Return the nodes that point at a value by a property, in order."""
        return sorted(self._to.get((predicate, value), []), key=str)

    def instances(self, kind: NamedNode) -> list[NamedNode]:
        """Return the IRIs that these graphs type as ``kind``, in order."""
        return [node for node in self.subjects(RDF_TYPE, kind) if isinstance(node, NamedNode)]

    def items(self, head: object) -> list[Term]:
        """Return the members of an RDF list."""
        found: list[Term] = []
        while isinstance(head, BlankNode) and len(found) <= len(self._about):
            found += self.values(head, RDF["first"])[:1]
            head = self.one(head, RDF["rest"])
        return found

    def texts(self, node: Node, predicate: NamedNode) -> list[str]:
        """Return the texts in the language of the page, else in Dutch, else in the first; also those without one."""
        literals = [value for value in self.values(node, predicate) if isinstance(value, Literal)]
        chosen = best({value.language or "" for value in literals}, self.language)
        return [value.value for value in literals if (value.language or "") in {chosen, ""}]

    def text(self, node: Node, predicate: NamedNode) -> str:
        """Return one text in the language of the page, else in Dutch, else in the first by language, else ''."""
        literals = [value for value in self.values(node, predicate) if isinstance(value, Literal)]
        chosen = best({value.language or "" for value in literals}, self.language)
        return next((value.value for value in literals if (value.language or "") == chosen), "")

    def other(self, node: Node, predicate: NamedNode) -> str:
        """Return the text in the language that the page is not in, or ''."""
        other = "nl" if self.language == "en" else "en"
        found = (v.value for v in self.values(node, predicate) if isinstance(v, Literal) and v.language == other)
        return next(found, "")

    def named(self, node: NamedNode) -> str:
        """Return the label of a thing, from these graphs, else from the release; else its short IRI."""
        if node not in self._labels:
            held = self.text(node, RDFS_LABEL) or self.text(node, SKOS["prefLabel"])
            found = held or label(self.release.store, node, self.language)
            self._labels[node] = found or self.base.shorten(node.value)
        return self._labels[node]

    def piece(self, node: Term) -> Piece:
        """Return a node as a piece of text: what is ours and things by label, terms of others by short IRI."""
        if not isinstance(node, NamedNode):
            return Piece(node.value, code=True)
        if node not in self._pieces:
            ours = node.value.startswith(self.base.iri)
            text = self.named(node) if ours else self.base.shorten(node.value)
            self._pieces[node] = Piece(text, node.value, code=not ours)
        return self._pieces[node]

    def mentions(self, text: str) -> Phrase:
        """Return a text in pieces: the terms that it names apart, ours with their IRI."""
        found: list[Piece] = []
        done = 0
        for match in _MENTION.finditer(text):
            namespace = self.base.prefixes().get(match[1])
            if namespace is not None:
                found += [
                    Piece(text[done : match.start()]),
                    Piece(match[0], self._known(match[1], match[2]), code=True),
                ]
                done = match.end()
        return tuple(piece for piece in (*found, Piece(text[done:])) if piece.text)

    def _known(self, prefix: str, name: str) -> str:
        """Return the IRI of something of ours that is there, else ''."""
        if prefix not in OWN_PREFIXES:
            return ""
        node = NamedNode(self.base.iri + OWN_PREFIXES[prefix] + name)
        return node.value if node in self._about or exists(self.release.store, node) else ""


def of_graphs(release: OpenRelease, names: Iterable[str]) -> Iterator[Quad]:
    """Yield what some graphs of a release state, given as 'ontology/wijkengids'."""
    for name in names:
        yield from release.store.quads_for_pattern(None, None, None, release.base.graph(name))


def joined(phrases: Iterable[Phrase], between: str) -> Phrase:
    """Return phrases as one, with words between them."""
    found: list[Piece] = []
    for phrase in phrases:
        if found:
            found.append(Piece(between))
        found += phrase
    return tuple(found)
