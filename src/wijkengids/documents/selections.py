"""What each profile selects of the facts."""

from __future__ import annotations

from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.documents.describe import Page
from wijkengids.documents.geo import has_geometry
from wijkengids.documents.metadata import metadata
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.documents.schema_org import schema_quads
from wijkengids.model.formats import GEOJSON, Format
from wijkengids.model.vocab import ALTR, DCTERMS, FOAF, RDF_TYPE, RDFS_LABEL
from wijkengids.release.store import OpenRelease


def formats(
    release: OpenRelease, iri: NamedNode, profile: str = DEFAULT, page: Page | None = None
) -> tuple[Format, ...]:
    """Return the formats that make sense for a resource; the first is the answer to ``*/*``.

    A page of links says nothing else of the resource: it is there in the default profile only, and not as GeoJSON.
    """
    if page is not None and profile != DEFAULT:
        return ()
    found = PROFILES[profile].formats
    if GEOJSON not in found or (page is None and has_geometry(release.store, iri)):
        return found
    return tuple(format_ for format_ in found if format_ != GEOJSON)


def select(document: Document, profile: str) -> list[Quad]:
    """Return the quads of a document under a profile."""
    if profile == "labels":
        return _labels(document)
    if profile == "schema":
        return schema_quads(document)
    return _alternates(document) if profile == "alt" else [*document.description.quads(), *metadata(document)]


def representation(document: Document, format_: Format, profile: str = DEFAULT) -> NamedNode:
    """Return the IRI of a document in one format and profile."""
    _, _, query = document.url.value.partition("?")
    queries = [query] if query else []
    if profile != DEFAULT:
        queries.append(urlencode({"_profile": profile}))
    return NamedNode(f"{document.home.value}.{format_.name}" + ("?" + "&".join(queries) if queries else ""))


def _labels(document: Document) -> list[Quad]:
    """Return the labels of the resource and of everything that its document mentions."""
    about = document.description
    own = [quad for quad in about.statements if quad.predicate == RDFS_LABEL]
    return [*own, *about.labels, *_heading(document)]


def _heading(document: Document) -> list[Quad]:
    """Return what any document says of itself: its topic and its licence."""
    kept = (RDF_TYPE, FOAF["primaryTopic"], DCTERMS["license"])
    return [quad for quad in metadata(document) if quad.subject == document.url and quad.predicate in kept]


def _alternates(document: Document) -> list[Quad]:
    """Return which formats and profiles there are of a document (Content Negotiation by Profile, section 7.3)."""
    url = document.url
    quads = _heading(document)
    for name, profile in PROFILES.items():
        for number, format_ in enumerate(formats(document.release, document.iri, name)):
            form = representation(document, format_, name)
            quads += [
                Quad(url, ALTR["hasRepresentation"], form, url),
                Quad(form, RDF_TYPE, ALTR["Representation"], url),
                Quad(form, DCTERMS["format"], Literal(format_.media_type), url),
                Quad(form, DCTERMS["conformsTo"], profile.iri(document.release.base), url),
            ]
            if name == DEFAULT and number == 0:
                quads.append(Quad(url, ALTR["hasDefaultRepresentation"], form, url))
    return quads
