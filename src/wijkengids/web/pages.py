"""What the pages show: a release turned into plain lists for the templates, labels chosen, links made relative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from wijkengids.documents.describe import Description
from wijkengids.model.formats import DOCUMENT_FORMATS, GRAPH_FORMATS
from wijkengids.model.vocab import OWL, RDF_TYPE, RDFS, RDFS_LABEL, SH, SKOS, XSD
from wijkengids.release.store import OpenRelease
from wijkengids.web.respond import language, relative


@dataclass(frozen=True)
class Value:
    """One value on a page: its text, where it links to (or ''), its IRI (or ''), its language or datatype (or '')."""

    text: str
    href: str = ""
    iri: str = ""
    note: str = ""


@dataclass(frozen=True)
class Statement:
    """One value with the graph that states it."""

    value: Value
    graph: Value


@dataclass(frozen=True)
class Group:
    """The statements of one property."""

    property: Value
    statements: tuple[Statement, ...]
    count: int


@dataclass(frozen=True)
class ResourcePage:
    """The page of one thing."""

    title: str
    iri: str
    kinds: tuple[Value, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    formats: tuple[Value, ...]


class Labels:
    """Labels in the language of the request, looked up once each."""

    def __init__(self, release: OpenRelease) -> None:
        self.release = release
        self._found: dict[str, str] = {}

    def __call__(self, iri: str) -> str:
        if iri not in self._found:
            self._found[iri] = best_label(self.release.store, NamedNode(iri)) or self.release.base.shorten(iri)
        return self._found[iri]

    def value(self, node: object) -> Value:
        """Return a term as the page shows it."""
        if isinstance(node, NamedNode):
            path = self.release.base.path(node.value)
            return Value(self(node.value), node.value if path is None else relative(path), node.value)
        if isinstance(node, Literal):
            if node.language:
                return Value(node.value, note="" if node.language == language() else node.language)
            named = "" if node.datatype == XSD["string"] else self.release.base.shorten(node.datatype.value)
            return Value(node.value, note=named)
        return Value(str(node))  # a blank node, or a triple term


def best_label(store: Store, node: NamedNode) -> str | None:
    """Return the label of a resource in the language of the request, else in Dutch, else any."""
    found = {
        quad.object.language: quad.object.value
        for quad in store.quads_for_pattern(node, RDFS_LABEL, None, DefaultGraph())
        if isinstance(quad.object, Literal)
    }
    return found.get(language()) or found.get("nl") or next(iter(found.values()), None)


def resource(release: OpenRelease, about: Description) -> ResourcePage:
    """Return the page of one thing."""
    labels = Labels(release)
    own = [quad for quad in about.statements if quad.subject == about.iri]
    types = {quad.object.value for quad in own if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode)}
    ours = [labels.value(NamedNode(kind)) for kind in sorted(types) if kind.startswith(release.base.iri)]
    by_property: dict[NamedNode, list[Quad]] = {}
    for quad in sorted(own, key=lambda q: (labels(q.predicate.value), labels.value(q.object).text)):
        if quad.predicate not in (RDF_TYPE, RDFS_LABEL):
            by_property.setdefault(quad.predicate, []).append(quad)
    ref = release.base.ref(about.iri.value)
    return ResourcePage(
        title=labels(about.iri.value),
        iri=about.iri.value,
        kinds=tuple(ours),
        groups=tuple(_group(labels, name, quads, len(quads)) for name, quads in by_property.items()),
        incoming=tuple(
            _group(labels, links.predicate, links.quads, links.count, incoming=True) for links in about.incoming
        ),
        formats=tuple(Value(f.label, relative(f"doc/{ref}.{f.name}"), note=f.media_type) for f in DOCUMENT_FORMATS),
    )


def _group(labels: Labels, name: NamedNode, quads: Iterable[Quad], count: int, incoming: bool = False) -> Group:
    statements = tuple(
        Statement(labels.value(quad.subject if incoming else quad.object), labels.value(quad.graph_name))
        for quad in quads
    )
    return Group(labels.value(name), statements, count)


def home(release: OpenRelease) -> dict[str, object]:
    """Return what the home page shows: the wijken with their stad, the questions, the release."""
    labels, base, store = Labels(release), release.base, release.store
    wijken: list[tuple[Value, list[Value]]] = []
    for quad in store.quads_for_pattern(None, RDF_TYPE, base.term("Wijk"), DefaultGraph()):
        cities = [q.object for q in store.quads_for_pattern(quad.subject, base.term("ligtIn"), None, DefaultGraph())]
        wijken.append((labels.value(quad.subject), [labels.value(city) for city in cities]))
    articles = [q.subject for q in store.quads_for_pattern(None, RDF_TYPE, base.term("Gidsartikel"), DefaultGraph())]
    return {
        "wijken": sorted(wijken, key=lambda row: row[0].text),
        "articles": sorted((labels.value(node) for node in articles), key=lambda value: _by_number(value.text)),
        "questions": [
            (
                question.title.in_language(language()),
                question.description.in_language(language()),
                relative("sparql") + "?" + urlencode({"query": question.query}),
            )
            for question in release.questions.values()
        ],
        "manifest": release.release.manifest,
        "dumps": [Value(f.label, relative(f"dump/wijkengids.{f.name}"), note=f.media_type) for f in GRAPH_FORMATS],
    }


def _by_number(label: str) -> list[int]:
    """Return the section number at the head of a label as numbers: 4.10 comes after 4.9."""
    return [int(part) for part in label.partition(" ")[0].split(".") if part.isdigit()]


def cell(release: OpenRelease, text: str) -> Value:
    """Return a value of a results table: an IRI shortened and linked, anything else as it is."""
    if not text.startswith(("http://", "https://")) or any(character in text for character in ' <>"'):
        return Value(text)
    path = release.base.path(text)
    return Value(release.base.shorten(text), text if path is None else relative(path), text)


def terms(release: OpenRelease, name: str, quads: Iterable[Quad]) -> dict[str, object]:
    """Return what the page of the ontology or the shapes shows: its terms by kind, with label and definition."""
    labels, base = Labels(release), release.base
    about: dict[NamedNode, dict[NamedNode, list[NamedNode | Literal]]] = {}
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            about.setdefault(quad.subject, {}).setdefault(quad.predicate, []).append(quad.object)
    sections: dict[NamedNode, list[dict[str, object]]] = {}
    for node in sorted(about, key=lambda node: node.value):
        if not node.value.startswith(f"{base.iri}{name}#"):
            continue
        facts = about[node]
        kind = next((k for k in facts.get(RDF_TYPE, []) if isinstance(k, NamedNode) and k in _SECTIONS), None)
        if kind is not None:
            entry: dict[str, object] = {
                "anchor": node.value.partition("#")[2],
                "iri": node.value,
                "label": labels(node.value) if RDFS_LABEL in facts else _in_language(facts, SH["name"]),
                "definition": _in_language(facts, SKOS["definition"]) or _in_language(facts, SH["description"]),
                "message": _in_language(facts, SH["message"]),
                "links": [
                    (labels.value(term), [labels.value(value) for value in facts[term]])
                    for term in _SHOWN
                    if term in facts
                ],
            }
            sections.setdefault(kind, []).append(entry)
    return {
        "name": name,
        "iri": base.iri + name,
        "sections": [(_SECTIONS[kind], sections[kind]) for kind in _SECTIONS if kind in sections],
        "formats": [Value(f.label, relative(f"{name}.{f.name}"), note=f.media_type) for f in DOCUMENT_FORMATS],
    }


_SECTIONS = {
    OWL["Class"]: "Klassen",
    OWL["ObjectProperty"]: "Relaties",
    OWL["DatatypeProperty"]: "Kenmerken",
    SH["NodeShape"]: "Vormen",
    SH["PropertyShape"]: "Regels",
}
"""The kinds of term that a page lists, with the heading of each (translated by the template)."""
_SHOWN = (RDFS["subClassOf"], RDFS["subPropertyOf"], OWL["inverseOf"], SH["targetClass"], SH["path"], SH["severity"])


def _in_language(facts: dict[NamedNode, list[NamedNode | Literal]], term: NamedNode) -> str:
    texts = {value.language: value.value for value in facts.get(term, []) if isinstance(value, Literal)}
    return texts.get(language()) or texts.get("nl") or ""


def here(**changed: str) -> str:
    """Return a link to this page with some query parameters changed, for the language switch."""
    last = request.path.rpartition("/")[2] or "./"
    return last + "?" + urlencode({**request.args.to_dict(), **changed})
