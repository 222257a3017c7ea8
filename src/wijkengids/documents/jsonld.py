"""JSON-LD that reads as plain JSON: the resource on top, what it refers to inside it, what refers to it by name.

    {"@context": {...}, "id": "...", "type": ["Wijk"], "label": {"nl": "..."}, "ligtIn": {"id": "...", "label": {...}},
     "incoming": {"waar": [...]}, "document": {"license": ..., "source": [...]}, "included": [labels of terms]}

Framed here, in one pass over the quads: a library gives a flat graph back, not a tree.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.model.vocab import DCTERMS, FOAF, RDF_TYPE, RDFS_LABEL, SKOS, XSD
from wijkengids.release.terms import Term, Terms

_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,14}")
_FIRST = {
    term.value: rank for rank, term in enumerate((RDFS_LABEL, SKOS["prefLabel"], SKOS["altLabel"], DCTERMS["title"]))
}
_Node = NamedNode | BlankNode
_PRIMARY_TOPIC = FOAF["primaryTopic"]


def json_ld(quads: Iterable[Quad], about: NamedNode, url: NamedNode, terms: Terms) -> bytes:
    """Return the merge of the quads as JSON-LD about ``about``; ``url`` is the document that holds it."""
    frame = _Frame(quads, about, terms)
    body = frame.node(about, whole=True) | frame.incoming()
    if _PRIMARY_TOPIC in frame.left.get(url, ()):
        body["document"] = frame.document(url)
    if included := frame.rest():
        body["included"] = included
    return json.dumps({"@context": frame.context(body)} | body, ensure_ascii=False, indent=1).encode() + b"\n"


class _Frame:
    """A tree made of triples; ``left`` has for every subject the properties that still have to find their place."""

    def __init__(self, quads: Iterable[Quad], about: NamedNode, terms: Terms) -> None:
        self.about = about
        self.terms = terms
        self.used: dict[str, str | dict[str, Any]] = {}
        self.facts: dict[_Node, dict[NamedNode, list[Any]]] = {}
        self.times: dict[BlankNode, int] = {}
        triples = {(quad.subject, quad.predicate, quad.object) for quad in quads}
        for subject, predicate, value in sorted(triples, key=lambda triple: str(triple[2])):
            self.facts.setdefault(subject, {}).setdefault(predicate, []).append(value)  # type: ignore[arg-type]
            if isinstance(value, BlankNode):
                self.times[value] = self.times.get(value, 0) + 1
        self.left = {subject: set(found) for subject, found in self.facts.items()}

    def node(self, node: _Node, whole: bool = False, skip: NamedNode | None = None) -> dict[str, Any]:
        """Return one thing: ``whole`` with all that is said of it, else with its label."""
        body: dict[str, Any] = {}
        if isinstance(node, NamedNode):
            body["id"] = node.value
        elif self.times.get(node, 0) > 1:
            body["id"] = str(node)
        found = self.facts.get(node, {})
        chosen = [term for term in found if (whole or term == RDFS_LABEL) and term != skip]
        chosen.sort(key=lambda term: (term != RDF_TYPE, _FIRST.get(term.value, 9), self.terms.name(term.value)))
        if found:
            self.left[node] = self.left[node].difference(chosen)
        for predicate in chosen:
            self._put(body, predicate, found[predicate])
        return body

    def incoming(self) -> dict[str, Any]:
        """Return the links to the resource, by the name of their property."""
        by_property: dict[NamedNode, list[_Node]] = {}
        for subject, left in self.left.items():
            for predicate in left:
                if isinstance(subject, NamedNode) and self.about in self.facts[subject][predicate]:
                    by_property.setdefault(predicate, []).append(subject)
        by_property.pop(_PRIMARY_TOPIC, None)
        found = {}
        for predicate in sorted(by_property, key=lambda term: self.terms.name(term.value)):
            subjects = sorted(by_property[predicate], key=str)
            for subject in subjects:
                self.left[subject].discard(predicate)
            found[self._term(predicate)] = [self.node(subject) for subject in subjects]
        return {"incoming": found} if found else {}

    def document(self, url: NamedNode) -> dict[str, Any]:
        """Return what the document says of itself, the sets of links that it is a part of inside it."""
        self.left[url].discard(_PRIMARY_TOPIC)
        body = self.node(url, whole=True, skip=_PRIMARY_TOPIC)
        parts = self.facts[url].get(DCTERMS["hasPart"], [])
        if parts:
            body[self._term(DCTERMS["hasPart"])] = [self.node(part, whole=True) for part in parts]
        return body

    def rest(self) -> list[dict[str, Any]]:
        """Return what found no place in the tree: labels of properties, classes and graphs for the most part."""
        return [
            self.node(subject, whole=self.left[subject] != {RDFS_LABEL})
            for subject in sorted(self.left, key=str)
            if self.left[subject]
        ]

    def context(self, body: dict[str, Any]) -> dict[str, Any]:
        """Return the meaning of every name that was used."""
        found: dict[str, Any] = {"@version": 1.1, "id": "@id", "type": "@type"}
        if "incoming" in body:
            found["incoming"] = "@reverse"
        if "document" in body:
            found["document"] = {"@reverse": _PRIMARY_TOPIC.value}
        if "included" in body:
            found["included"] = "@included"
        return found | dict(sorted(self.used.items()))

    def _term(self, predicate: NamedNode) -> str:
        """Return the name of a property, and remember that it is used."""
        term = self.terms.by_iri.get(predicate.value)
        if term is None:
            return predicate.value
        self.used[term.name] = term.definition(predicate.value)
        return term.name

    def _put(self, body: dict[str, Any], predicate: NamedNode, values: list[Any]) -> None:
        """Add one property to a thing, in the shape that it has everywhere."""
        if predicate == RDF_TYPE and all(isinstance(value, NamedNode) for value in values):
            body["type"] = [self._class(value) for value in values]
            return
        term = self.terms.by_iri.get(predicate.value, Term(""))
        if term.kind == "@language":
            if all(isinstance(value, Literal) and value.language for value in values):
                body[self._term(predicate)] = _by_language(values, term.many)
                return
            term = Term("")  # not of this release: say it in full
        written = [self._value(value, term) for value in values]
        name = self._term(predicate) if term.name else predicate.value
        body[name] = written if term.many or len(written) > 1 else written[0]

    def _class(self, node: NamedNode) -> str:
        term = self.terms.by_iri.get(node.value)
        if term is None:
            return node.value
        self.used[term.name] = term.definition(node.value)
        return term.name

    def _value(self, value: Any, term: Term) -> Any:
        if isinstance(value, NamedNode):
            return value.value if term.kind == "@id" and not term.nodes else self.node(value)
        if isinstance(value, BlankNode):
            shown = value in self.left and not self.left[value]
            return {"id": str(value)} if shown else self.node(value, whole=True)
        return _literal(value, term.kind)


def _by_language(values: list[Literal], many: bool) -> dict[str, Any]:
    """Return language to text, or to a list of texts where any thing has more than one in a language."""
    found: dict[str, list[str]] = {}
    for value in values:
        found.setdefault(value.language or "", []).append(value.value)
    return {
        language: texts if many or len(texts) > 1 else texts[0]
        for language, texts in sorted(found.items(), reverse=True)
    }


def _literal(value: Literal, kind: str) -> Any:
    """Return a text, number or truth value as JSON where that is exactly what the term makes of it."""
    datatype = value.datatype
    if value.language:
        return {"@value": value.value, "@language": value.language}
    if kind in {"", datatype.value}:
        if datatype == XSD["string"]:
            return value.value
        if datatype == XSD["integer"] and _INTEGER.fullmatch(value.value):
            return int(value.value)
        if datatype == XSD["boolean"] and value.value in {"true", "false"}:
            return value.value == "true"
        if kind:
            return value.value
    plain = {"@value": value.value}
    return plain if datatype == XSD["string"] else plain | {"@type": datatype.value}
