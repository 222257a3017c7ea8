"""What the pages show: a release turned into plain lists for the templates, labels chosen, links made relative."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from wijkengids.model.formats import GRAPH_FORMATS
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, XSD
from wijkengids.release.store import OpenRelease
from wijkengids.web.respond import language, relative


@dataclass(frozen=True)
class Value:
    """One value on a page: its text, where it links to, its IRI, its language or datatype as a note; '' for none.

    ``language`` is that of the text where it is not the language of the page.
    """

    text: str
    href: str = ""
    iri: str = ""
    note: str = ""
    language: str = ""


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
                relative(f"queries/{question.name}"),
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


def here(**changed: str) -> str:
    """Return a link to this page with some query parameters changed, for the language switch.

    Without the extension: a page is the same bytes at ``doc/x`` as at ``doc/x.html``.
    """
    last = g.get("stem", request.path).rpartition("/")[2] or "./"
    kept = {
        name: value for name, value in request.args.items() if name in {"_in", "_page", "query", *g.get("asked", ())}
    }
    return last + "?" + urlencode(kept | changed)
