"""One document about one resource: what is asked for, what can be had, and the bytes of each format but HTML."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.documents.geo import geo_json
from wijkengids.documents.jsonld import json_ld
from wijkengids.documents.plain import plain_json
from wijkengids.documents.profiles import DEFAULT
from wijkengids.documents.schema_org import schema_json
from wijkengids.documents.selections import select
from wijkengids.documents.table import table
from wijkengids.model.formats import CSV, GEOJSON, HTML, JSON, JSON_LD, Format
from wijkengids.model.serialize import write
from wijkengids.release.store import OpenRelease

_WRITERS = {JSON: plain_json, CSV: table, GEOJSON: geo_json}


def write_document(document: Document, format_: Format, profile: str = DEFAULT) -> bytes:
    """Return the bytes of a document in any format but HTML; the same bytes for the same content.

    JSON, CSV and GeoJSON are the default profile; a graph format holds what the profile selects.
    """
    if format_ == HTML:
        raise ValueError("Unexpected format 'html': pages are written by the web")
    if format_ in _WRITERS:
        return _WRITERS[format_](document)
    if format_ == JSON_LD and profile == "schema":
        return schema_json(document)
    quads = select(document, profile)
    if format_.holds_graphs:
        # a client that asks the default graph, as most do, must find there what it finds in Turtle
        quads = [*(Quad(*quad.triple) for quad in quads), *quads]
    if format_ == JSON_LD:
        return json_ld(quads, document.iri, document.url, document.release.terms)
    return write(quads, format_, document.release.base.prefixes(), document.iri)


def write_graph(release: OpenRelease, quads: Iterable[Quad], format_: Format, about: NamedNode) -> bytes:
    """Return the bytes of a whole graph (a vocabulary, the catalogue) in a graph format, ``about`` first."""
    if format_ == JSON_LD:
        return json_ld(quads, about, about, release.terms)
    return write(quads, format_, release.base.prefixes(), about)
