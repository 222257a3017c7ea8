"""One document about one resource: what is asked for, what can be had, and the bytes of each format but HTML."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from wijkengids.documents.describe import Description, Page, describe
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.model.formats import CSV, GEOJSON, HTML, JSON, Format
from wijkengids.model.serialize import write
from wijkengids.release.store import OpenRelease


@dataclass(frozen=True)
class Document:
    """What is needed to write one document.

    ``path`` is its web path without a leading slash and without an extension ('doc/wijk/poelenburg'); ``page`` asks
    for one page of incoming links only.
    """

    release: OpenRelease
    iri: NamedNode
    path: str
    page: Page | None = None

    @cached_property
    def description(self) -> Description:
        """What the release says of the resource; looked up once. Without any link where there is no such page."""
        return describe(self.release.store, self.iri, self.page)

    @property
    def home(self) -> NamedNode:
        """The IRI of the document without paging: canonical, the same for every format."""
        return NamedNode(self.release.base.iri + self.path)

    @property
    def url(self) -> NamedNode:
        """The IRI of this very document: that of the page where it is one."""
        if self.page is None:
            return self.home
        return NamedNode(self.release.base.iri + page_path(self, self.page))


def formats(release: OpenRelease, iri: NamedNode, profile: str = DEFAULT) -> tuple[Format, ...]:
    """Return the formats that make sense for a resource; the first is the answer to ``*/*``."""
    return tuple(format_ for format_ in PROFILES[profile].formats if format_ != GEOJSON)


def page_path(document: Document, page: Page) -> str:
    """Return the path and query of a page of incoming links, no leading slash, no extension."""
    predicate = document.release.base.shorten(page.predicate.value)
    return f"{document.path}?{urlencode({'_in': predicate, '_page': page.number})}"


def paging(document: Document, description: Description | None = None) -> dict[str, str]:
    """Return rel (first, prev, next, last) to path and query of another page, no leading slash, no extension.

    One chain leads from the main document over every page that it does not show itself, each once.
    """
    return {}


def write_document(document: Document, format_: Format, profile: str = DEFAULT) -> bytes:
    """Return the bytes of a document in any format but HTML; the same bytes for the same release."""
    if format_ == HTML:
        raise ValueError("Unexpected format 'html': pages are written by the web")
    quads = document.description.quads()
    if format_ in (JSON, CSV, GEOJSON):
        return json.dumps([str(quad) for quad in quads], ensure_ascii=False).encode() + b"\n"
    return write(quads, format_, document.release.base.prefixes(), document.iri)
