"""Quads to bytes: tidy, and the same bytes for the same quads every time.

pyoxigraph writes fast but lists every prefix it is given, in no fixed order; here only the prefixes that are used
remain, sorted. Statements come out in the order in which they go in, so :func:`in_reading_order` sorts them first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from wijkengids.model.formats import Format
from wijkengids.model.vocab import DCTERMS, RDF_TYPE, RDFS_LABEL, SKOS

_PREFIX_LINE = re.compile(rb"@prefix ([^:]*): <[^>]*> \.\n")
_XMLNS = re.compile(rb' xmlns:([\w-]+)="[^"]*"')
_FIRST = {
    term: rank
    for rank, term in enumerate(
        (RDF_TYPE, RDFS_LABEL, SKOS["prefLabel"], SKOS["altLabel"], DCTERMS["title"], DCTERMS["description"])
    )
}


def write(
    quads: Iterable[Quad],
    format_: Format,
    prefixes: Mapping[str, str],
    about: NamedNode | None = None,
) -> bytes:
    """Return the quads in a graph format, in reading order. A format without graphs gets their merge.

    ``about`` is the resource that comes first. JSON-LD comes out expanded, as a dump wants it; documents write their
    own (documents/jsonld.py).
    """
    if format_.rdf is None:
        raise ValueError(f"Unexpected format {format_.name!r}: it does not hold a graph")
    things: list[Any] = in_reading_order(quads, about, format_.holds_graphs)
    if not format_.holds_graphs:
        things = list(dict.fromkeys(quad.triple for quad in things))
    return tidy(to_bytes(things, format_.rdf, prefixes), format_)


def in_reading_order(quads: Iterable[Quad], about: NamedNode | None = None, by_graph: bool = True) -> list[Quad]:
    """Return the quads by graph (if asked) and subject, ``about`` first; type and labels lead within a subject."""

    def key(quad: Quad) -> tuple[str, bool, str, int, str, str]:
        graph = str(quad.graph_name) if by_graph else ""
        rank = _FIRST.get(quad.predicate, len(_FIRST))
        return graph, quad.subject != about, str(quad.subject), rank, quad.predicate.value, str(quad.object)

    return sorted(set(quads), key=key)


def to_bytes(things: Any, format_: RdfFormat, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Return quads, triples or the result of a CONSTRUCT as pyoxigraph writes them."""
    written = serialize(things, format=format_, prefixes=dict(prefixes or {}))
    if written is None:
        raise ValueError("Unexpected: nothing was written")
    return written


def tidy(text: bytes, format_: Format) -> bytes:
    """Return what pyoxigraph wrote with its prefixes made tidy, where the format has any."""
    if format_.rdf in {RdfFormat.TURTLE, RdfFormat.TRIG}:
        return _tidy_prefixes(text)
    return _tidy_xmlns(text) if format_.rdf == RdfFormat.RDF_XML else text


def _tidy_prefixes(text: bytes) -> bytes:
    """Return Turtle or TriG with the prefixes that it uses, sorted, and no others."""
    end, lines = 0, {}
    while match := _PREFIX_LINE.match(text, end):
        lines[match[1]] = match[0]
        end = match.end()
    body = text[end:]
    used = sorted(name for name in lines if _uses(body, name + b":"))
    return b"".join(lines[name] for name in used) + (b"\n" if used else b"") + body


def _uses(body: bytes, name: bytes) -> bool:
    return body.startswith(name) or any(before + name in body for before in (b" ", b"\n", b"\t", b"^"))


def _tidy_xmlns(text: bytes) -> bytes:
    """Return RDF/XML with the namespaces that it uses declared on its root, sorted, and no others."""
    start = text.index(b"<rdf:RDF")
    end = text.index(b">", start)
    root, body = text[start:end], text[end:]
    used = sorted(m[0] for m in _XMLNS.finditer(root) if m[1] == b"rdf" or b"<" + m[1] + b":" in body)
    return text[:start] + b"<rdf:RDF" + b"".join(used) + body
