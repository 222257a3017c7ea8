"""What the pages show: a release turned into plain lists for the templates, labels chosen, links made relative."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import g, request
from pyoxigraph import DefaultGraph, NamedNode, Store

from wijkengids.documents.labels import label
from wijkengids.documents.profiles import DEFAULT
from wijkengids.knowledge.questions import Question
from wijkengids.model.formats import GRAPH_FORMATS
from wijkengids.model.iris import Base
from wijkengids.model.negotiate import Choice
from wijkengids.model.vocab import CC_BY, RDF_TYPE
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


def href(base: Base, iri: str) -> str:
    """Return the link to a thing: its page where it is ours, else its IRI; '' where a browser had better not go."""
    path = base.path(iri)
    if path is not None:
        return relative(path)
    return iri if iri.startswith(("http://", "https://", "mailto:")) else ""  # no scheme that runs something


def named(base: Base, node: NamedNode, text: str | None) -> Value:
    """Return a thing as a page shows it: its label, or failing that its short IRI, with its link."""
    return Value(text or base.shorten(node.value), href(base, node.value), node.value)


def best_label(store: Store, node: NamedNode) -> str | None:
    """Return the label of a resource in the language of the request, else as :func:`label` chooses."""
    return label(store, node, language())


def license_name(iri: str) -> str:
    """Return the name that people use for a licence."""
    return "CC BY 4.0" if iri == CC_BY.value else iri


def home(release: OpenRelease) -> dict[str, object]:
    """Return what the home page shows: the wijken with their stad, the questions, the release."""
    base, store = release.base, release.store

    def value(node: object) -> Value:
        return named(base, node, best_label(store, node)) if isinstance(node, NamedNode) else Value(str(node))

    wijken: list[tuple[Value, list[Value]]] = []
    for quad in store.quads_for_pattern(None, RDF_TYPE, base.term("Wijk"), DefaultGraph()):
        cities = [q.object for q in store.quads_for_pattern(quad.subject, base.term("ligtIn"), None, DefaultGraph())]
        wijken.append((value(quad.subject), [value(city) for city in cities]))
    articles = [q.subject for q in store.quads_for_pattern(None, RDF_TYPE, base.term("Gidsartikel"), DefaultGraph())]
    return {
        "wijken": sorted(wijken, key=lambda row: row[0].text),
        "articles": sorted(map(value, articles), key=lambda article: _by_number(article.text)),
        "questions": [
            (
                question.title.in_language(language()),
                question.description.in_language(language()),
                relative(f"queries/{question.name}"),
                relative("sparql") + "?" + urlencode({"query": example(question, question.query)}),
            )
            for question in release.questions.values()
        ],
        "manifest": release.release.manifest,
        "dumps": [Value(f.label, relative(f"dump/wijkengids.{f.name}"), note=f.media_type) for f in GRAPH_FORMATS],
    }


def example(question: Question, query: str) -> str:
    """Return the query of a question for a reader: title and description above it instead of its header."""
    words = (question.title.in_language(language()), question.description.in_language(language()))
    lines = [line for text in words for line in textwrap.wrap(text, 100)]
    return "".join(f"# {line}\n" for line in lines) + re.sub(r"^#\+.*\n", "", query, flags=re.MULTILINE).strip() + "\n"


def _by_number(label: str) -> list[int]:
    """Return the section number at the head of a label as numbers: 4.10 comes after 4.9."""
    return [int(part) for part in label.partition(" ")[0].split(".") if part.isdigit()]


def cell(release: OpenRelease, text: str) -> Value:
    """Return a value of a results table: an IRI shortened and linked, anything else as it is."""
    if not text.startswith(("http://", "https://")) or any(character in text for character in ' <>"'):
        return Value(text)
    return Value(release.base.shorten(text), href(release.base, text), text)


def here(**changed: str) -> str:
    """Return a link to this page with some query parameters changed, for the language switch.

    Without the extension: a page is the same bytes at ``doc/x`` as at ``doc/x.html``.
    """
    last = g.get("stem", request.path).rpartition("/")[2] or "./"
    names = {"_in", "_page", "query", *g.get("asked", ())}
    kept = {name: value for name, value in request.args.items() if name in names}
    choice: Choice | None = g.get("choice")
    profile = choice.profile.rpartition("/")[2] if choice is not None else ""
    if profile not in {"", DEFAULT}:  # the one decided on, wherever it was asked for
        kept["_profile"] = profile
    return last + "?" + urlencode(kept | changed)
