"""Plain JSON: the facts of a document for who has never heard of RDF. Every value says which graphs state it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.documents.about import Document, paging
from wijkengids.documents.metadata import holding, licenses, sources
from wijkengids.model.formats import JSON
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, XSD

_NUMBERS = {XSD[name] for name in ("integer", "decimal", "double", "float", "nonNegativeInteger", "int", "long")}
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}|[+-]?[0-9]{0,8}\.[0-9]{1,7}")


def plain_json(document: Document) -> bytes:
    """Return a document as JSON. ``url`` is always relative to the document; times and numbers are as in the data."""
    writer = _Writer(document)
    about = document.description
    own = [quad for quad in about.statements if quad.subject == document.iri]
    body = {
        **writer.thing(document.iri),
        "types": [writer.thing(node) for node in _objects(own, RDF_TYPE)],
        "properties": writer.properties(own),
        "incoming": [
            {
                **writer.term(links.predicate),
                "count": links.count,
                "page": links.number,
                "pages": links.pages,
                **writer.more(links.predicate, links.number),
                "values": writer.values(links.quads, incoming=True),
            }
            for links in about.incoming
        ],
        **writer.holding(),
        "sources": [writer.thing(graph) for graph in sources(document)],
        "licenses": [node.value for node in licenses(document)],
        "links": {rel: _beside(document, path) for rel, path in paging(document, JSON).items()},
    }
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


def number(value: Literal) -> int | float | None:
    """Return a number of the data as a number of JSON, None for anything else or where digits would be lost."""
    if value.datatype not in _NUMBERS or not _NUMBER.fullmatch(value.value):
        return None
    return float(value.value) if "." in value.value else int(value.value)


class _Writer:
    """Writes terms and values as small objects."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names = document.description.names
        self.terms = document.release.terms
        self.nested: dict[BlankNode, list[Quad]] = {}
        for quad in document.description.statements:
            if isinstance(quad.subject, BlankNode):
                self.nested.setdefault(quad.subject, []).append(quad)

    def thing(self, node: NamedNode) -> dict[str, Any]:
        found = {"iri": node.value, "url": self.document.relative(node.value)}
        label = self.names.get(node)
        return found | {"label": dict(sorted(label.items(), reverse=True))} if label else found

    def term(self, node: NamedNode) -> dict[str, Any]:
        return {"name": self.terms.name(node.value), **self.thing(node)}

    def properties(self, quads: Iterable[Quad], above: tuple[BlankNode, ...] = ()) -> list[dict[str, Any]]:
        """Return statements by property; type and label of the resource itself stand above them."""
        by_property: dict[NamedNode, list[Quad]] = {}
        for quad in quads:
            if above or quad.predicate not in (RDF_TYPE, RDFS_LABEL):
                by_property.setdefault(quad.predicate, []).append(quad)
        ordered = sorted(by_property, key=lambda term: self.terms.name(term.value))
        return [{**self.term(term), "values": self.values(by_property[term], above)} for term in ordered]

    def values(
        self, quads: Iterable[Quad], above: tuple[BlankNode, ...] = (), incoming: bool = False
    ) -> list[dict[str, Any]]:
        """Return each value once, with the graphs that state it."""
        graphs: dict[Any, list[str]] = {}
        for quad in sorted(quads, key=str):
            value = quad.subject if incoming else quad.object
            graphs.setdefault(value, []).append(getattr(quad.graph_name, "value", ""))
        return [{**self.value(value, above), "sources": found} for value, found in graphs.items()]

    def value(self, value: Any, above: tuple[BlankNode, ...]) -> dict[str, Any]:
        if isinstance(value, NamedNode):
            return self.thing(value)
        if isinstance(value, BlankNode):
            inside = [] if value in above else self.properties(self.nested.get(value, ()), (*above, value))
            return {"properties": inside}
        if value.language:
            return {"value": value.value, "language": value.language}
        if value.datatype == XSD["string"]:
            return {"value": value.value}
        known = number(value)
        if value.datatype == XSD["boolean"]:
            known = value.value in {"true", "1"}
        return {"value": value.value if known is None else known, "datatype": value.datatype.value}

    def more(self, predicate: NamedNode, page: int) -> dict[str, str]:
        following = self.document.next_page(predicate, page)
        return {"next": _beside(self.document, self.document.page_path(following, JSON))} if following else {}

    def holding(self) -> dict[str, Any]:
        """Return how many statements a named graph makes and where they all are; nothing for anything else."""
        held = holding(self.document)
        if held is None:
            return {}
        url = self.document.relative(self.document.release.base.iri + held.path)
        return {"statements": {"count": held.count, "url": url}}


def _beside(document: Document, path: str) -> str:
    """Return the link to another page of a document, from that document."""
    return path.removeprefix(document.path.rpartition("/")[0] + "/")


def _objects(quads: Iterable[Quad], predicate: NamedNode) -> list[NamedNode]:
    found = {quad.object for quad in quads if quad.predicate == predicate}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value)
