"""Permalinks: the URL that gives a result again from the release that it is of, and how to cite that.

``cite-as`` (RFC 8574) is the relation: "preferred for referencing", of a version rather than of what is newest (its
section 3.2). Like every ``cite-as`` of ours it lies under the base; ``version-history`` is RFC 5829's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import g

from wijkengids.documents.citation import Citation, cite, write_citation
from wijkengids.errors import Text
from wijkengids.knowledge.questions import Question
from wijkengids.model.formats import CITATION_FORMATS, Format
from wijkengids.model.tokens import tokenize
from wijkengids.release.shelf import Edition
from wijkengids.web.links import Link
from wijkengids.web.pages import Value
from wijkengids.web.protocol import Asked
from wijkengids.web.respond import at, language, relative, release

LONGEST_LINK = 2048
"""Characters of a permalink that is told in a header: nginx takes 4 kB of headers as it comes, and makes more a 502."""
LONGEST_URL = 8000
"""Characters of a URL that is told at all: what RFC 9110 (section 4.1) asks everybody to take."""

_CHANGING = {"NOW", "RAND", "UUID", "STRUUID"}
"""Functions whose value is another one each time."""


@dataclass(frozen=True)
class Permalink:
    """Where an answer stays: path and query parameters without those of form and language; '' where it has none."""

    path: str
    parameters: Sequence[tuple[str, str]] = ()

    def __str__(self) -> str:
        query = urlencode(self.parameters)
        return self.path + (f"?{query}" if query else "")

    def here(self, format_: Format | None = None, spoken: str = "") -> str:
        """Return the link from the current request; in a format and a language where they are given."""
        extended = format_ is not None and not self.path.endswith("/sparql")
        path = f"{self.path}.{format_.name}" if format_ and extended else self.path
        more = [("_mediatype", format_.name)] if format_ and not extended else []
        more += [("lang", spoken)] if spoken else []
        query = urlencode([*self.parameters, *more])
        return relative(path) + (f"?{query}" if query else "")  # the path only: what is remembered is short


@dataclass(frozen=True)
class Citable:
    """Something to cite: its permalink, a title (none: that of the dataset) and a name within the key."""

    permalink: Permalink
    title: Text | None = None
    part: str = ""
    remark: Text | None = None

    @property
    def links(self) -> list[Link]:
        """What the header of an answer tells."""
        links = told(release().base.iri, self.permalink, relative("release"))
        return links[-1:] if self.remark else links  # too long for a URL: what there is leads to something else

    def cited(self, spoken: str) -> Citation:
        """Return how to cite it, in Dutch or English."""
        title = self.title.in_language(spoken) if self.title else ""
        remark = self.remark.in_language(spoken) if self.remark else ""
        return cite(release(), edition(), spoken, str(self.permalink), title, self.part, remark)

    def written(self, format_: Format, spoken: str) -> str:
        """Return the citation in one of ``CITATION_FORMATS``."""
        return write_citation(self.cited(spoken), format_)

    @property
    def section(self) -> Section:
        """What a page shows of it."""
        cited = self.cited(language())
        ways = [Value(f.label, self.permalink.here(f, language()), note=f.media_type) for f in CITATION_FORMATS]
        newest = replace(self.permalink, path=self.permalink.path.removeprefix(at("")))
        return Section(cited.text, self.permalink.here(), ways, edition(), newest.here() if at("") else "")


@dataclass(frozen=True)
class Section:
    """A citation on a page: in words, where the permalink leads from here, and the forms to download.

    ``newest`` leads to the same in the current release where the page is of an edition that its URL names, else ''.
    """

    text: str
    href: str
    ways: Sequence[Value]
    edition: Edition
    newest: str


def told(base: str, permalink: Permalink, releases: str) -> list[Link]:
    """Return the links to a permalink under a base, if it is short enough, and to the list of ``releases``."""
    url, history = f"{base}{permalink}", Link(releases, "version-history")
    return [Link(url, "cite-as"), history] if len(url) <= LONGEST_LINK else [history]


def permalink(ref: str, text: str, graphs: Sequence[tuple[str, str]] = ()) -> Permalink:
    """Return where the answer to a query stays; ``ref`` is of its edition, ``graphs`` are parameters and IRIs."""
    return Permalink(f"release/{ref}/sparql", [("query", text), *graphs])


def edition() -> Edition:
    """Return the edition that this request is about: the one that its URL names, else the current release."""
    found: Edition = g.get("edition") or Edition.of(release())
    return found


def whole() -> Citable:
    """Return the release itself."""
    return Citable(Permalink(f"release/{edition().ref}"))


def endpoint() -> Citable:
    """Return the SPARQL service on the release."""
    return Citable(Permalink(f"release/{edition().ref}/sparql"))


def question(asked: Question, given: Mapping[str, str], values: Mapping[str, str]) -> Citable:
    """Return the answer to a question with the parameters ``given``; ``values`` are all of them, as they are shown."""
    found = Permalink(f"release/{edition().ref}/queries/{asked.name}", list(given.items()))

    def title(spoken: str) -> str:
        labels = [(parameter.label.in_language(spoken), parameter.name) for parameter in asked.parameters]
        chosen = "; ".join(f"{label}: {values[name]}" for label, name in labels if name in given)
        return asked.title.in_language(spoken) + (f" ({chosen})" if chosen else "")

    return Citable(found, Text(title("nl"), title("en")), asked.name + (f"-{_short(str(found))}" if given else ""))


def query(asked: Asked, text: str) -> Citable:
    """Return the answer to a query of somebody's own; one too long for a URL is known by its hash."""
    graphs = [("default-graph-uri", iri) for iri in asked.default_graphs or ()]
    graphs += [("named-graph-uri", iri) for iri in asked.named_graphs or ()]
    found = permalink(edition().ref, text, graphs)
    part, remark = f"sparql-{_short(str(found))}", None
    if len(release().base.iri) + len(str(found)) > LONGEST_URL:
        known = hashlib.sha256(text.encode()).hexdigest()
        found = endpoint().permalink
        remark = Text(
            f"De vraag is te lang voor een adres ({len(text)} tekens, SHA-256 {known}): bewaar haar zelf",
            f"The query is too long for an address ({len(text)} characters, SHA-256 {known}): keep it yourself",
        )
    return Citable(found, Text("Antwoord op een SPARQL-vraag", "Answer to a SPARQL query"), part, remark)


def is_steady(text: str) -> bool:
    """Tell whether a query gives the same on the same release whenever it is asked: it uses no clock and no chance."""
    if not any(name in text.upper() for name in _CHANGING):
        return True
    return not any(token.kind == "word" and token.text.upper() in _CHANGING for token in tokenize(text))


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
