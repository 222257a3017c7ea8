"""CSV: one row for each statement and graph, in both directions; it opens in a spreadsheet as it stands (RFC 4180)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.documents.metadata import holding_quads
from wijkengids.model.formats import CSV
from wijkengids.model.vocab import XSD

COLUMNS = (
    "richting",
    "onderwerp",
    "eigenschap",
    "eigenschap_nl",
    "eigenschap_en",
    "waarde",
    "waarde_nl",
    "waarde_en",
    "taal",
    "datatype",
    "graaf",
    "graaf_nl",
    "graaf_en",
)
"""Names of the columns. ``richting`` is 'uit' (onderwerp eigenschap waarde), 'in' (waarde eigenschap onderwerp),
'vervolg': the address of the page with more links of that property, or 'inhoud': of a named graph, the number of its
triples and the address of them all."""

_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")


def table(document: Document) -> bytes:
    """Return a document as CSV: UTF-8, a header, CRLF. Text that a spreadsheet would run as a formula is made inert."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows([inert(cell) for cell in row] for row in _rows(document))
    return text.getvalue().encode()


def inert(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: with an apostrophe in front, unless it is a number."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _rows(document: Document) -> Iterator[list[str]]:
    about = document.description
    for quad in sorted(about.statements, key=lambda quad: (quad.subject != document.iri, str(quad))):
        yield _row(document, "uit", quad)
    for links in about.incoming:
        for quad in links.quads:
            yield _row(document, "in", quad)
        following = document.next_page(links.predicate, links.number)
        if following is not None:
            name = [links.predicate.value, *_labels(document, links.predicate)]
            yield ["vervolg", document.iri.value, *name, document.at(following, CSV).value, *[""] * 7]
    for quad in holding_quads(document):
        yield _row(document, "inhoud", quad)


def _row(document: Document, direction: str, quad: Quad) -> list[str]:
    ends = (quad.subject, quad.object) if direction != "in" else (quad.object, quad.subject)
    cells = [direction, _text(ends[0])]
    for node in (quad.predicate, ends[1]):
        cells += [_text(node), *_labels(document, node)]
    return [*cells, *_kind(ends[1]), _text(quad.graph_name), *_labels(document, quad.graph_name)]


def _text(node: object) -> str:
    if isinstance(node, NamedNode | Literal):
        return node.value
    return str(node) if isinstance(node, BlankNode) else ""


def _labels(document: Document, node: object) -> list[str]:
    """Return the label in Dutch and in English; what has no language stands for both."""
    found = document.description.names.get(node, {}) if isinstance(node, NamedNode) else {}
    return [found.get(language, found.get("", "")) for language in ("nl", "en")]


def _kind(node: object) -> list[str]:
    """Return language and datatype of a literal; a plain text has neither."""
    if not isinstance(node, Literal):
        return ["", ""]
    if node.language:
        return [node.language, ""]
    return ["", "" if node.datatype == XSD["string"] else node.datatype.value]
