"""One document about one resource: which, where it stands, and where its next page is."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from wijkengids.documents.describe import PAGE, Description, Page, describe, pages
from wijkengids.model.formats import Format
from wijkengids.model.iris import relative
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
        return describe(self.release.store, self.iri, self.page, self.release.terms.nameless)

    @property
    def home(self) -> NamedNode:
        """The IRI of the document without paging: canonical, the same for every format."""
        return NamedNode(self.release.base.iri + self.path)

    @property
    def url(self) -> NamedNode:
        """The IRI of this very document: that of the page where it is one."""
        return self.home if self.page is None else self.at(self.page)

    def at(self, page: Page, format_: Format | None = None) -> NamedNode:
        """Return the IRI of a page of this document, in a format where one is given."""
        return NamedNode(self.release.base.iri + self.page_path(page, format_))

    def links(self, predicate: NamedNode) -> NamedNode:
        """Return the IRI of the set of all links of one property to the resource."""
        query = urlencode({"_in": self.release.base.shorten(predicate.value)})
        return NamedNode(f"{self.home.value}?{query}")

    def page_path(self, page: Page | None, format_: Format | None = None) -> str:
        """Return path and query of a page of incoming links, or of the whole document; no leading slash.

        With a format it is the address of that page in that format, else the one that leaves the format open.
        """
        path = self.path if format_ is None else f"{self.path}.{format_.name}"
        if page is None:
            return path
        query = {"_in": self.release.base.shorten(page.predicate.value), "_page": page.number}
        return f"{path}?{urlencode(query)}"

    def next_page(self, predicate: NamedNode, number: int) -> Page | None:
        """Return the page of the same property behind page ``number``, or None behind the last."""
        more = number * PAGE < self.description.counts.get(predicate, 0)
        return Page(predicate, number + 1) if more else None

    def relative(self, iri: str) -> str:
        """Return a link to an IRI, relative to this document where it is one of ours: the host plays no part."""
        path = self.release.base.path(iri)
        return iri if path is None else relative(path, "/" + self.path.rpartition("/")[0])


def paging(document: Document, format_: Format | None = None) -> dict[str, str]:
    """Return rel (first, prev, next, last) to path and query of another page, as :meth:`Document.page_path` gives it.

    One chain leads from the main document over every page of every property that the main document does not show
    itself, each once: the last page of a property goes on to page 2 of the next one. Empty where there is one page.
    """
    counts = document.description.counts
    long = [predicate for predicate in sorted(counts, key=str) if counts[predicate] > PAGE]
    if not long or (document.page and document.page.predicate not in long):
        return {}
    here = document.page or Page(long[0], 1)
    before, after = _neighbours(here, long, counts)
    found = {"first": None, "prev": before, "next": after, "last": Page(long[-1], pages(counts[long[-1]]))}
    if here.number == 1:  # the main document shows all first pages, and is where the chain begins
        del found["prev"]
    return {rel: document.page_path(page, format_) for rel, page in found.items() if rel != "next" or page is not None}


def _neighbours(here: Page, long: list[NamedNode], counts: dict[NamedNode, int]) -> tuple[Page | None, Page | None]:
    """Return the pages before and behind one in the chain; None before is the main document, None behind the end."""
    at = long.index(here.predicate)
    before = Page(here.predicate, here.number - 1) if here.number > 2 else None
    if before is None and at > 0:
        before = Page(long[at - 1], pages(counts[long[at - 1]]))
    if here.number < pages(counts[here.predicate]):
        return before, Page(here.predicate, here.number + 1)
    return before, Page(long[at + 1], 2) if at + 1 < len(long) else None
