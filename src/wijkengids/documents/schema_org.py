"""The same thing in the words of schema.org, for search engines: what ``ontology/schema-org.ttl`` finds a match for."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.documents.geo import geometry
from wijkengids.documents.metadata import licenses
from wijkengids.model.vocab import GEO, RDF_TYPE, SCHEMA

_GENERAL = [SCHEMA[name].value for name in ("Thing", "CreativeWork", "Place", "Intangible", "AdministrativeArea")]
"""Types that say little, the emptiest first: chosen only where nothing better is known."""


def schema_type(document: Document) -> NamedNode:
    """Return the schema.org class that fits a thing best; schema:Thing where none is known."""
    classes = document.release.terms.schema_classes
    found = []
    for quad in document.release.store.quads_for_pattern(document.iri, RDF_TYPE, None, DefaultGraph()):
        if isinstance(quad.object, NamedNode):
            own = quad.object.value if quad.object in SCHEMA else ""
            found.append(classes.get(quad.object.value, own))
    ranked = sorted(filter(None, found), key=lambda name: (name not in _GENERAL, _rank(name)))
    # the most telling; of two equals the first by name
    telling = [name for name in ranked if name not in _GENERAL]
    return NamedNode(telling[0] if telling else ranked[-1] if ranked else SCHEMA["Thing"].value)


def _rank(name: str) -> tuple[int, str]:
    return (_GENERAL.index(name) if name in _GENERAL else 0, name)


def schema_quads(document: Document) -> list[Quad]:
    """Return what a document says as schema.org triples, in the graph of the document.

    Only literals without a datatype: schema.org knows its own. Links that refer to the resource are left out.
    """
    iri, home, terms = document.iri, document.home, document.release.terms
    triples: set[tuple[NamedNode, NamedNode, NamedNode | Literal]] = {(iri, RDF_TYPE, schema_type(document))}
    for quad in document.description.statements:
        for name in _properties(quad.predicate, terms.schema_properties):
            value = _value(quad.object)
            if quad.subject == iri and value is not None:
                triples.add((iri, NamedNode(name), value))
    if home != iri:
        triples.add((iri, SCHEMA["mainEntityOfPage"], home))
        triples.add((home, RDF_TYPE, SCHEMA["WebPage"]))
        triples |= {(home, SCHEMA["license"], node) for node in licenses(document)}
        triples |= {(home, SCHEMA["inLanguage"], Literal(language)) for language in ("nl", "en")}
    triples |= _geo(document)
    names = document.description.names
    for node in {value for _, term, value in triples if isinstance(value, NamedNode) and term != RDF_TYPE}:
        for language, text in names.get(node, {}).items():
            triples.add((node, SCHEMA["name"], Literal(text, language=language) if language else Literal(text)))
    return [Quad(*triple, document.url) for triple in sorted(triples, key=str)]


def _properties(predicate: NamedNode, matches: dict[str, list[str]]) -> list[str]:
    return [predicate.value] if predicate in SCHEMA else matches.get(predicate.value, [])


def _value(value: object) -> NamedNode | Literal | None:
    if isinstance(value, Literal):
        return value if value.language else Literal(value.value)
    return value if isinstance(value, NamedNode) else None


def _geo(document: Document) -> set[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """Return the point of a thing, as latitude and longitude of its geometry."""
    store = document.release.store
    nodes = [q.object for q in store.quads_for_pattern(document.iri, GEO["hasGeometry"], None, DefaultGraph())]
    for node in sorted((node for node in nodes if isinstance(node, NamedNode)), key=lambda node: node.value):
        shape = geometry(store, node)
        if shape is not None and shape["type"] == "Point":
            longitude, latitude = (Literal(str(number)) for number in shape["coordinates"][:2])
            return {
                (document.iri, SCHEMA["geo"], node),
                (node, RDF_TYPE, SCHEMA["GeoCoordinates"]),
                (node, SCHEMA["longitude"], longitude),
                (node, SCHEMA["latitude"], latitude),
            }
    return set()


def schema_json(document: Document) -> bytes:
    """Return :func:`schema_quads` as JSON-LD in the plain form that search engines read, the resource on top."""
    facts: dict[Any, dict[NamedNode, list[Any]]] = {}
    for quad in schema_quads(document):
        facts.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    body = {"@context": {"@vocab": SCHEMA.iri}} | _node(document.iri, facts, ())
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def _node(node: NamedNode, facts: dict[Any, dict[NamedNode, list[Any]]], above: Iterable[NamedNode]) -> dict[str, Any]:
    body: dict[str, Any] = {"@id": node.value}
    if node in above:
        return body
    for predicate, values in sorted(facts.get(node, {}).items(), key=lambda item: item[0].value):
        if predicate == RDF_TYPE:
            body["@type"] = values[0].value.removeprefix(SCHEMA.iri)
            continue
        written = [_written(value, facts, (*above, node)) for value in values]
        body[predicate.value.removeprefix(SCHEMA.iri)] = written if len(written) > 1 else written[0]
    return body


def _written(value: Any, facts: dict[Any, dict[NamedNode, list[Any]]], above: Iterable[NamedNode]) -> Any:
    if isinstance(value, NamedNode):
        return _node(value, facts, above)
    return {"@value": value.value, "@language": value.language} if value.language else value.value
