"""A table as a file that keeps types: XLSX for spreadsheets, Parquet for data frames. The same bytes each time."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from arro3.core import Array, DataType
from arro3.core import Table as ArrowTable
from arro3.io import write_parquet
from xlsxwriter import Workbook
from xlsxwriter.format import Format as Style
from xlsxwriter.worksheet import Worksheet

from wijkengids.documents.results import Column, Table, Value

_CELL = 32_767
"""Characters that a cell of XLSX can hold."""
_EXACT = 2**53
"""From here on a spreadsheet, which knows doubles only, would change a whole number."""
_CREATED = datetime(2000, 1, 1)
_WIDEST = 60


def xlsx(table: Table, about: Mapping[str, str]) -> bytes:
    """Return a workbook: the rows on the first sheet, what they are (``about``: heading to text) on the second."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(out, options) as book:
        book.set_properties({"title": next(iter(about.values()), ""), "created": _CREATED})
        bold = book.add_format({"bold": True})
        styles = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "dateTime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        sheet = book.add_worksheet("antwoord")
        for at, column in enumerate(table.columns):
            sheet.write_string(0, at, column.name, bold)
            _fill(sheet, at, column, styles.get(column.kind))
        sheet.freeze_panes(1, 0)
        if table.size:
            sheet.autofilter(0, 0, table.size, len(table.columns) - 1)
        second = book.add_worksheet("herkomst")
        second.set_column(0, 0, 20)
        second.set_column(1, 1, 100)
        for row, (name, text) in enumerate(about.items()):
            second.write_string(row, 0, name, bold)
            second.write_string(row, 1, text[:_CELL])
    return out.getvalue()


def _fill(sheet: Worksheet, at: int, column: Column, style: Style | None) -> None:
    """Write the cells of one column, and make it about as wide as they are."""
    longest = max((len(text) for text in (column.name, *column.texts) if text is not None), default=0)
    sheet.set_column(at, at, min(longest + 2, _WIDEST))
    for row, (text, value) in enumerate(zip(column.texts, column.values, strict=True), 1):
        if text is not None and value is not None:
            _write(sheet, row, at, text, value, style)


def _write(sheet: Worksheet, row: int, at: int, text: str, value: Value, style: Style | None) -> None:
    """Write one cell: a number, a date or a boolean as such where XLSX has it, else the text."""
    if isinstance(value, bool):
        sheet.write_boolean(row, at, value)
    elif isinstance(value, float) or (isinstance(value, int | Decimal) and -_EXACT < value < _EXACT):
        sheet.write_number(row, at, value)
    elif isinstance(value, date) and value.year > 1900:  # the calendar of spreadsheets begins there
        if isinstance(value, datetime) and value.tzinfo is not None:
            value = value.astimezone(UTC).replace(tzinfo=None)
        sheet.write_datetime(row, at, value, style)
    else:
        sheet.write_string(row, at, text[:_CELL])


def parquet(table: Table, about: Mapping[str, str]) -> bytes:
    """Return a Parquet file; ``about`` stands as JSON under the key 'wijkengids'. A year is a whole number."""
    arrays = [Array(list(column.texts), type=DataType.string()).cast(_arrow(column)) for column in table.columns]
    out = io.BytesIO()
    whole = ArrowTable.from_arrays(arrays, names=[column.name for column in table.columns])
    # one key: the library writes more of them in no fixed order
    write_parquet(whole, out, key_value_metadata={"wijkengids": json.dumps(dict(about), ensure_ascii=False)})
    return out.getvalue()


def _arrow(column: Column) -> DataType:
    """Return the Arrow type that holds a column without loss."""
    if column.kind == "decimal":
        return _decimal(column)
    if column.kind == "dateTime":
        zoned = any(isinstance(value, datetime) and value.tzinfo is not None for value in column.values)
        return DataType.timestamp("us", tz="UTC" if zoned else None)
    plain = {
        "integer": DataType.int64(),
        "gYear": DataType.int32(),
        "double": DataType.float64(),
        "boolean": DataType.bool(),
        "date": DataType.date32(),
    }
    return plain.get(column.kind, DataType.string())


def _decimal(column: Column) -> DataType:
    """Return a decimal type with room for every value; text where 38 digits are not enough."""
    numbers = [value.as_tuple() for value in column.values if isinstance(value, Decimal)]
    scale = max((max(0, -int(number.exponent)) for number in numbers), default=0)
    whole = max((len(number.digits) + int(number.exponent) for number in numbers), default=1)
    digits = max(1, whole) + scale
    return DataType.decimal128(digits, scale) if digits <= 38 else DataType.string()
