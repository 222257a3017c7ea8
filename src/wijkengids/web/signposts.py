"""Which links go out from a document: its other forms, and FAIR Signposting level 1 (header) and 2 (linkset).

Source: https://signposting.org/FAIR/. ``cite-as`` and ``canonical`` are absolute, under the base of the release; all
others are relative to the request. The document is the landing page; its formats are the content resources.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from pyoxigraph import DefaultGraph, NamedNode

from wijkengids.documents.about import Document, paging
from wijkengids.documents.metadata import licenses, sources
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.documents.schema_org import schema_type
from wijkengids.documents.selections import formats, representation
from wijkengids.model.formats import GRAPH_FORMATS, HTML, JSON_LD, LINKSET, LINKSET_JSON, TURTLE, Format
from wijkengids.model.negotiate import Choice
from wijkengids.model.vocab import CC_BY, PROV
from wijkengids.release.store import OpenRelease
from wijkengids.web.links import Link
from wijkengids.web.respond import relative

_LANDING_PAGE = "https://schema.org/AboutPage"


def document(about: Document, extension: Format | None, choice: Choice) -> list[Link]:
    """Return the links of a document as it was asked for, for the Link header."""
    return [
        *_about(about),
        *(_landing(about) if extension is None else [Link(relative(about.path), "collection", "text/html")]),
        Link(choice.profile, "profile"),
        *(Link(relative(path), rel) for rel, path in sorted(paging(about, extension).items())),
        *alternates(about),
    ]


def alternates(about: Document) -> list[Link]:
    """Return the other forms of a document: each format of the default profile, and each other profile."""
    found = [Link(_form(about, format_), "alternate", format_.media_type) for format_ in _forms(about)]
    for name, profile in PROFILES.items():
        offered = formats(about.release, about.iri, name, about.page)
        if name != DEFAULT and offered:
            iri = profile.iri(about.release.base).value
            found.append(Link(_form(about, offered[0], name), "alternate", offered[0].media_type, profile=iri))
    return found


def linkset(about: Document) -> list[tuple[str, list[Link]]]:
    """Return path to links: of the document, and of each of its formats."""
    contexts = [(about.path, [*_about(about), *_landing(about), *alternates(about)])]
    for format_ in _forms(about):
        links = [*_about(about), Link(relative(about.path), "collection", "text/html")]
        contexts.append((f"{about.path}.{format_.name}", links))
    return contexts


def home(release: OpenRelease) -> list[Link]:
    """Return the links of the home page: the catalogue, and the other forms of it."""
    return [
        Link(release.base.iri, "canonical"),
        Link(release.base.resource("catalogus", "wijkengids").value, "cite-as"),
        Link("https://schema.org/DataCatalog", "type"),
        Link(CC_BY.value, "license"),
        *(Link(f"./?_mediatype={quote(f.media_type)}", "alternate", f.media_type) for f in (HTML, *GRAPH_FORMATS)),
    ]


def vocabulary(release: OpenRelease, path: str, graph: NamedNode, offered: Sequence[Format]) -> list[Link]:
    """Return the links of a vocabulary document (``def``, ``shapes``), which lies at its own IRI."""
    iri = NamedNode(release.base.iri + path)
    return [
        Link(iri.value, "cite-as"),
        Link(iri.value, "canonical"),
        Link(_LANDING_PAGE, "type"),
        Link("https://schema.org/DefinedTermSet", "type"),
        Link(CC_BY.value, "license"),
        *_authors(release, [graph]),
        *(Link(relative(f"{path}.{f.name}"), "alternate", f.media_type) for f in offered),
    ]


def _about(about: Document) -> list[Link]:
    """Return what holds of a document in any form."""
    return [
        Link(about.iri.value, "cite-as"),
        Link(about.url.value, "canonical"),
        Link(about.iri.value, "describes"),
        Link(_LANDING_PAGE, "type"),
        Link(schema_type(about).value, "type"),
        *(Link(licence.value, "license") for licence in licenses(about)),
        *_authors(about.release, sources(about)),
        *_linkset_links(about),
    ]


def _landing(about: Document) -> list[Link]:
    """Return what leads from the landing page to its content."""
    metadata = [Link(_form(about, f), "describedby", f.media_type) for f in (TURTLE, JSON_LD)]
    items = [Link(_form(about, f), "item", f.media_type) for f in _forms(about)]
    return [*metadata, *items]


def _linkset_links(about: Document) -> list[Link]:
    if not about.path.startswith("doc/"):
        return []
    path = relative(f"linkset/{about.path.removeprefix('doc/')}")
    return [Link(path, "linkset", f.media_type) for f in (LINKSET_JSON, LINKSET)]


def _authors(release: OpenRelease, graphs: Sequence[NamedNode]) -> list[Link]:
    """Return who the graphs that a document shows are attributed to."""
    found = {
        quad.object.value
        for graph in graphs
        for quad in release.store.quads_for_pattern(graph, PROV["wasAttributedTo"], None, DefaultGraph())
        if isinstance(quad.object, NamedNode)
    }
    return [Link(iri, "author") for iri in sorted(found)]


def _forms(about: Document) -> tuple[Format, ...]:
    return formats(about.release, about.iri, page=about.page)


def _form(about: Document, format_: Format, profile: str = DEFAULT) -> str:
    """Return the link to one form of a document, of the same page of links where it is one."""
    return relative(representation(about, format_, profile).value.removeprefix(about.release.base.iri))
