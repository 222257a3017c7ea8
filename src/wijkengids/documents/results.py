"""Rows of a question as typed columns: what a spreadsheet, a data frame or a page needs to know of each.

A column of one datatype keeps that type; a column that mixes, or that holds a value outside its type, is text. Beside a
column of IRIs stands one with their labels, ``<name>_label``, unless the question gives ``<name>Label`` itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import isfinite

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    Store,
    Triple,
    parse_query_results,
)

from wijkengids.documents.labels import label
from wijkengids.model.vocab import GEO, XSD

MOST_LABELS = 20_000
"""Different IRIs of one answer that get a label: a bound on the work in a web process."""

Term = NamedNode | BlankNode | Literal | Triple
Value = str | int | float | bool | Decimal | date | datetime
_INTEGERS = ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger")
_KINDS = {
    **dict.fromkeys((XSD[name] for name in _INTEGERS), "integer"),
    XSD["decimal"]: "decimal",
    XSD["double"]: "double",
    XSD["float"]: "double",
    XSD["boolean"]: "boolean",
    XSD["date"]: "date",
    XSD["dateTime"]: "dateTime",
    XSD["gYear"]: "gYear",
    XSD["string"]: "string",
    XSD["anyURI"]: "string",
    GEO["wktLiteral"]: "wkt",
}
_LARGEST = 2**63


@dataclass(frozen=True)
class Column:
    """A column: its name, what it holds, and its cells.

    ``kind`` is 'iri', 'wkt' or a datatype of XML Schema without prefix ('string', 'integer', 'decimal', 'double',
    'boolean', 'date', 'dateTime', 'gYear'); ``language`` is that of all its texts, or ''. ``of`` names the column whose
    labels these are, or ''. ``texts`` are the lexical forms, None where the row has no value.
    """

    name: str
    kind: str
    texts: tuple[str | None, ...]
    language: str = ""
    of: str = ""

    @property
    def is_number(self) -> bool:
        """True if the values are amounts; a year is none."""
        return self.kind in {"integer", "decimal", "double"}

    @property
    def values(self) -> list[Value | None]:
        """The cells as Python values of the kind; a year as a whole number."""
        read = _READERS.get(self.kind, str)
        return [None if text is None else read(text) for text in self.texts]


@dataclass(frozen=True)
class Table:
    """The rows of an answer, column by column; an ASK has one column 'answer'."""

    columns: tuple[Column, ...]
    size: int
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column name to its title by language, where the release has a word for it."""

    def page(self, number: int, size: int) -> Table:
        """Return the rows of one page (counted from 1) of ``size`` rows."""
        cut = slice((number - 1) * size, number * size)
        columns = tuple(replace(column, texts=column.texts[cut]) for column in self.columns)
        return Table(columns, len(range(self.size)[cut]), self.titles)

    def column(self, name: str) -> Column | None:
        """Return a column by name, or None."""
        return next((column for column in self.columns if column.name == name), None)

    def label_of(self, name: str) -> Column | None:
        """Return the column that names what is in column ``name``, or None."""
        return next((column for column in self.columns if column.of == name), None)

    def title(self, name: str, language: str) -> str:
        """Return the title of a column: the word of the ontology where it has one, else the name in words."""
        return self.titles.get(name, {}).get(language) or words(name)


def words(name: str) -> str:
    """Return the name of a variable in words: 'aantalWijken' is 'Aantal wijken'."""
    stem = name.removesuffix("_label").removesuffix("Label")
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", stem).replace("_", " ").strip()
    return apart[:1].upper() + apart[1:].lower() if apart else name


def read_table(body: bytes) -> Table:
    """Return the table in an answer in SPARQL JSON."""
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return Table((Column("answer", "boolean", ("true" if found else "false",)),), 1)
    assert isinstance(found, QuerySolutions)  # noqa: S101 -- the other of the two
    names = [variable.value for variable in found.variables]
    rows = [[solution[name] for name in names] for solution in found]
    columns = [_column(name, [row[at] for row in rows]) for at, name in enumerate(names)]
    iris = {column.name for column in columns if column.kind == "iri"}
    labels = {f"{name}Label": name for name in iris} | {f"{name}_label": name for name in iris}
    return Table(tuple(replace(column, of=labels.get(column.name, "")) for column in columns), len(rows))


def _column(name: str, cells: Sequence[Term | None]) -> Column:
    texts = tuple(_text(cell) for cell in cells)
    held = [cell for cell in cells if cell is not None]
    kinds = {_kind(cell) for cell in held}
    if kinds == {"integer", "decimal"}:
        kinds = {"decimal"}
    kind = kinds.pop() if len(kinds) == 1 else "string"
    column = Column(name, kind, texts)
    try:
        values = column.values
    except (ValueError, InvalidOperation, OverflowError):
        return Column(name, "string", texts)
    if kind == "dateTime" and len({isinstance(v, datetime) and v.tzinfo is None for v in values if v is not None}) > 1:
        return Column(name, "string", texts)  # with and without a time zone: no one type holds both
    languages = {cell.language or "" if isinstance(cell, Literal) else "" for cell in held}
    return replace(column, language=languages.pop() if kind == "string" and len(languages) == 1 else "")


def _kind(cell: Term) -> str:
    if isinstance(cell, NamedNode):
        return "iri"
    return _KINDS.get(cell.datatype, "string") if isinstance(cell, Literal) else "string"


def _text(cell: Term | None) -> str | None:
    if cell is None:
        return None
    return cell.value if isinstance(cell, NamedNode | Literal) else str(cell)


def _integer(text: str) -> int:
    found = int(text)
    if not -_LARGEST <= found < _LARGEST:
        raise ValueError("does not fit in 64 bits")
    return found


def _double(text: str) -> float:
    found = float(text)
    if not isfinite(found):
        raise ValueError("no number that a spreadsheet or JSON can hold")
    return found


def _year(text: str) -> int:
    if re.fullmatch(r"-?[0-9]{4,9}", text) is None:
        raise ValueError("a year with a time zone is no whole number")
    return int(text)


def _boolean(text: str) -> bool:
    if text not in {"true", "1", "false", "0"}:
        raise ValueError("no boolean")
    return text in {"true", "1"}


_READERS: dict[str, Callable[[str], Value]] = {
    "integer": _integer,
    "decimal": Decimal,
    "double": _double,
    "boolean": _boolean,
    "date": date.fromisoformat,
    "dateTime": datetime.fromisoformat,
    "gYear": _year,
}


def with_labels(table: Table, store: Store, language: str) -> Table:
    """Return the table, a column of labels behind each column of IRIs that lacks it, in a language or else Dutch."""
    lacking = [column for column in table.columns if column.kind == "iri" and table.label_of(column.name) is None]
    labels = labels_of(store, (text for column in lacking for text in column.texts if text), language)
    columns: list[Column] = []
    for column in table.columns:
        columns.append(column)
        if column in lacking:
            texts = tuple(labels.get(text) if text else None for text in column.texts)
            columns.append(Column(f"{column.name}_label", "string", texts, of=column.name))
    return replace(table, columns=tuple(columns))


def labels_of(store: Store, iris: Iterable[str], language: str) -> dict[str, str]:
    """Return IRI to label, in a language, else in Dutch, else any; at most :data:`MOST_LABELS` are looked up."""
    found: dict[str, str] = {}
    for iri in list(dict.fromkeys(iris))[:MOST_LABELS]:
        text = label(store, NamedNode(iri), language)
        if text is not None:
            found[iri] = text
    return found
