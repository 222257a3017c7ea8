"""Names and phrases about terms, written as HTML with their links."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup, escape

from wijkengids.documents.facts import Facts, Phrase, Piece
from wijkengids.web.pages import href


class Written:
    """Writes names and phrases as HTML, each name with its link. A template calls this thousands of times a page."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._written: dict[Piece, Markup] = {}

    def href(self, iri: str) -> str:
        """Return the link to a thing: its page where it is ours, else its IRI."""
        return href(self.facts.base, iri)

    def piece(self, it: Piece) -> Markup:
        """Write one piece."""
        if it not in self._written:
            text = Markup("<code>{}</code>").format(it.text) if it.code else escape(it.text)
            href = self.href(it.iri) if it.iri else ""
            link = Markup('<a href="{}" title="{}">{}</a>')
            self._written[it] = link.format(href, it.iri, text) if href else text
        return self._written[it]

    def phrase(self, pieces: Iterable[Piece]) -> Markup:
        """Write pieces one after another."""
        return Markup("").join(map(self.piece, pieces))

    def several(self, pieces: Iterable[Piece]) -> Markup:
        """Write pieces with commas between."""
        return Markup(", ").join(map(self.piece, pieces))

    def phrases(self, found: Iterable[Phrase]) -> Markup:
        """Write phrases with commas between."""
        return Markup(", ").join(map(self.phrase, found))

    def rich(self, text: str) -> Markup:
        """Write a text; the terms of ours that it names are links."""
        return self.phrase(self.facts.mentions(text))
