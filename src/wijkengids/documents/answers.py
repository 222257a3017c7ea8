"""The answer to a question in each format: CSV with its metadata, JSON, GeoJSON, XLSX, Parquet. No HTTP in here."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from wijkengids.documents.geo import from_literal
from wijkengids.documents.results import Column, Table, Value
from wijkengids.documents.sheets import parquet, xlsx
from wijkengids.documents.table import inert
from wijkengids.errors import Text
from wijkengids.model.formats import CSV, CSVW, GEOJSON, JSON, PARQUET, XLSX, Format
from wijkengids.model.vocab import CC_BY

BOM = "\ufeff".encode()
"""What makes a spreadsheet on Windows read CSV as UTF-8."""
LICENCE = CC_BY.value


@dataclass(frozen=True)
class Result:
    """An answer with what it answers: the question's name and texts, the values asked with, the release's digest.

    ``iri`` is the public address of the question with its parameters; ``language`` that of labels and titles.
    """

    name: str
    title: Text
    description: Text
    values: Mapping[str, str]
    digest: str
    iri: str
    table: Table
    language: str


@dataclass(frozen=True)
class Page:
    """Which rows: page ``number`` (from 1) of ``size`` rows out of ``total``."""

    number: int
    size: int
    total: int

    @property
    def last(self) -> int:
        """The number of the last page; an empty answer has one page."""
        return max(1, ceil(self.total / self.size))


def write_answer(result: Result, format_: Format, page: Page | None = None, bom: bool = False) -> bytes:
    """Return an answer in a format. ``page`` says which part of the whole the rows are (JSON); ``bom`` is for CSV."""
    if format_ == CSV:
        return (BOM if bom else b"") + _csv(result.table)
    if format_ == XLSX:
        return xlsx(result.table, _about(result))
    if format_ == PARQUET:
        return parquet(result.table, _about(result))
    writers = {JSON: lambda: _json(result, page), GEOJSON: lambda: _geojson(result), CSVW: lambda: _csvw(result)}
    return json.dumps(writers[format_](), ensure_ascii=False, indent=1).encode() + b"\n"


def has_places(table: Table) -> bool:
    """Tell whether there is a column of geometries."""
    return any(column.kind == "wkt" for column in table.columns)


def _about(result: Result) -> dict[str, str]:
    """Return what goes with the rows into a file that leaves the site."""
    english = result.language == "en"
    heads = ("Question", "Description", "Address", "Release", "Licence") if english else ()
    heads = heads or ("Vraag", "Omschrijving", "Adres", "Uitgave", "Licentie")
    title, description = (text.in_language(result.language) for text in (result.title, result.description))
    fixed = dict(zip(heads, (title, description, result.iri, result.digest, LICENCE), strict=True))
    return fixed | {f"?{name}": value for name, value in result.values.items()}


def _csv(table: Table) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    columns = [["" if cell is None else inert(cell) for cell in column.texts] for column in table.columns]
    writer.writerows(zip(*columns, strict=True))
    return text.getvalue().encode()


def _json(result: Result, page: Page | None) -> dict[str, Any]:
    table = result.table
    cells = [[_plain(value) for value in column.values] for column in table.columns]
    names = [column.name for column in table.columns]
    found: dict[str, Any] = {
        "question": result.name,
        "title": result.title.in_language(result.language),
        "parameters": dict(result.values),
        "total": table.size if page is None else page.total,
    }
    if page is not None:
        found |= {"page": page.number, "pages": page.last, "size": page.size}
    found["columns"] = [
        {"name": c.name, "title": table.title(c.name, result.language)} | _type(c) for c in table.columns
    ]
    found["rows"] = [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]
    return found


def _type(column: Column) -> dict[str, str]:
    """Return the datatype and language of a column, for JSON and CSVW."""
    kind = {"iri": "anyURI", "wkt": "string"}.get(column.kind, column.kind)
    return {"datatype": kind} | ({"lang": column.language} if column.language else {})


def _plain(value: Value | None) -> str | int | float | bool | None:
    """Return a value as JSON has it: numbers as numbers, dates as text."""
    if isinstance(value, Decimal):
        return float(value)
    return value if value is None or isinstance(value, str | int | float) else value.isoformat()


def _geojson(result: Result) -> dict[str, Any]:
    """Return a feature for each row; the first column of geometries is the geometry, the rest are properties."""
    table = result.table
    places = next(column for column in table.columns if column.kind == "wkt")
    others = [(column.name, column.values) for column in table.columns if column is not places]
    features = [
        {
            "type": "Feature",
            "geometry": from_literal(text) if text else None,
            "properties": {name: _plain(values[at]) for name, values in others},
        }
        for at, text in enumerate(places.texts)
    ]
    return {"type": "FeatureCollection", "features": features}


def _csvw(result: Result) -> dict[str, Any]:
    """Return metadata of the CSV (Tabular Data on the Web): what each column is called and holds."""
    table = result.table
    query = result.iri.partition("?")[2]
    columns = [
        {
            "name": column.name,
            "titles": {"nl": [column.name, table.title(column.name, "nl")], "en": [table.title(column.name, "en")]},
            **_type(column),
        }
        for column in table.columns
    ]
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": result.language}],
        "url": f"{result.name}.csv" + (f"?{query}" if query else ""),
        "dc:title": {"nl": result.title.nl, "en": result.title.en}[result.language],
        "dc:description": result.description.in_language(result.language),
        "dc:license": {"@id": LICENCE},
        "dialect": {"header": True, "encoding": "utf-8"},
        "tableSchema": {"columns": columns},
    }
