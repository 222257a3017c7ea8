"""GeoJSON (RFC 7946) of a thing with a geometry of its own."""

from __future__ import annotations

import json
import re
from typing import Any

from pygeoif import from_wkt
from pygeoif.exceptions import WKTParserError
from pygeoif.factories import orient
from pygeoif.geometry import MultiPolygon, Polygon
from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from wijkengids.documents.about import Document
from wijkengids.model.vocab import GEO, RDF_TYPE

_LON_LAT = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_WKT = re.compile(r"\s*(?:<([^>]*)>)?\s*(.*\S)\s*", re.DOTALL)


def has_geometry(store: Store, iri: NamedNode) -> bool:
    """Tell whether a thing can be drawn: it has a geometry in longitude and latitude, or is one."""
    return geometry(store, iri) is not None


def geometry(store: Store, iri: NamedNode) -> dict[str, Any] | None:
    """Return the geometry of a thing as GeoJSON, the first by its text where it has several; None without one."""
    nodes = [q.object for q in store.quads_for_pattern(iri, GEO["hasGeometry"], None, DefaultGraph())]
    texts = [
        quad.object.value
        for node in (iri, *nodes)
        if isinstance(node, NamedNode)
        for quad in store.quads_for_pattern(node, GEO["asWKT"], None, DefaultGraph())
        if isinstance(quad.object, Literal)
    ]
    return next((found for found in map(from_literal, sorted(texts)) if found is not None), None)


def from_literal(text: str) -> dict[str, Any] | None:
    """Return a geo:wktLiteral as a GeoJSON geometry; None in any other reference system, or where it is no WKT.

    Without a reference system it is CRS84: longitude first, as GeoJSON wants it (GeoSPARQL 1.1, 8.5.1).
    """
    match = _WKT.fullmatch(text)
    if match is None or match[1] not in {None, _LON_LAT}:
        return None
    try:
        shape = from_wkt(match[2])
    except (WKTParserError, ValueError, TypeError):
        return None
    if isinstance(shape, Polygon):
        shape = orient(shape, ccw=True)  # the right-hand rule of section 3.1.6
    elif isinstance(shape, MultiPolygon):
        shape = MultiPolygon.from_polygons(*(orient(part, ccw=True) for part in shape.geoms))
    return None if shape is None else _without_bbox(shape.__geo_interface__)


def _without_bbox(found: Any) -> dict[str, Any]:
    kept = {key: value for key, value in found.items() if key != "bbox"}
    if "geometries" in kept:
        kept["geometries"] = [_without_bbox(part) for part in kept["geometries"]]
    return kept


def geo_json(document: Document) -> bytes:
    """Return a document as one Feature: its geometry, and as properties its name and kinds in both languages."""
    about = document.description
    own = [quad for quad in about.statements if quad.subject == document.iri and quad.predicate == RDF_TYPE]
    types = sorted({quad.object.value for quad in own if isinstance(quad.object, NamedNode)})
    ours = [NamedNode(name) for name in types if name.startswith(document.release.base.iri)]
    feature = {
        "type": "Feature",
        "id": document.iri.value,
        "geometry": geometry(document.release.store, document.iri),
        "properties": {
            "name": about.label(document.iri, "nl"),
            "name_en": about.label(document.iri, "en"),
            "type": [about.label(node, "nl") for node in ours],
            "type_en": [about.label(node, "en") for node in ours],
            "iri": document.iri.value,
            "url": document.relative(document.iri.value),
        },
    }
    return json.dumps(feature, ensure_ascii=False, indent=1).encode() + b"\n"
