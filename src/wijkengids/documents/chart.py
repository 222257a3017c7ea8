"""A bar chart and a map of points, as inline SVG: each one image with a name; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wijkengids.documents.geo import from_literal
from wijkengids.documents.results import Column, Table
from wijkengids.documents.svg import text_width

MOST_BARS = 30
_WIDTH, _ROW, _LABEL, _END = 640, 26, 250, 70
"""Width of the drawing, height of a bar with its space, room for labels and for figures, in px."""


def bars(table: Table, title: str, of: str) -> str:
    """Return a bar chart of the first amounts that have a name of their own for each row; '' where there are none.

    ``title`` is the name of the drawing, ``of`` joins the names of the amount and of what has it ('per').
    """
    amounts = next((column for column in table.columns if column.is_number and _can_be_drawn(column)), None)
    names = next((column for column in table.columns if amounts is not None and _names_rows(column)), None)
    if amounts is None or names is None or not table.size >= 2:
        return ""
    shown = list(zip(names.texts, amounts.texts, amounts.values, strict=True))[:MOST_BARS]
    most = max(float(value) for _, _, value in shown if isinstance(value, int | float) or value is not None) or 1.0  # type: ignore[arg-type]
    parts = []
    for at, (name, text, value) in enumerate(shown):
        y = at * _ROW
        long = (_WIDTH - _LABEL - _END) * float(value) / most  # type: ignore[arg-type]
        parts.append(
            f'<text x="{_LABEL - 8}" y="{y + 17}" text-anchor="end">{escape(_short(name or ""))}</text>'
            f'<rect class="bar" x="{_LABEL}" y="{y + 4}" width="{long:.1f}" height="{_ROW - 8}"/>'
            f'<text x="{_LABEL + long + 6:.1f}" y="{y + 17}">{escape(text or "")}</text>'
        )
    said = f"{title}: {words_of(amounts)} {of} {words_of(names)}"
    return _drawing(said, _WIDTH, len(shown) * _ROW, parts)


def words_of(column: Column) -> str:
    """Return what a column is called in the name of a drawing."""
    return column.of or column.name


def _can_be_drawn(column: Column) -> bool:
    """Tell whether every row has an amount, and none is below zero."""
    values = column.values
    return all(value is not None and float(value) >= 0 for value in values)  # type: ignore[arg-type]


def _names_rows(column: Column) -> bool:
    """Tell whether a column gives each row a name of its own."""
    known = [text for text in column.texts if text]
    return column.kind == "string" and len(known) == len(column.texts) == len(set(known))


def _short(text: str) -> str:
    """Return a label that fits beside its bar."""
    while text_width(text) > _LABEL - 12:
        text = text[: -(2 + len(text) // 20)].rstrip("…").rstrip() + "…"
    return text


def points(table: Table, title: str) -> str:
    """Return a map of the points in the first column of geometries, each with its name; '' where there are none.

    Longitude is shrunk by the cosine of 52 degrees: near enough for a country of three degrees high.
    """
    places = next((column for column in table.columns if column.kind == "wkt"), None)
    if places is None:
        return ""
    names = next((column for column in table.columns if column.of), None)
    found = []
    for at, text in enumerate(places.texts):
        shape = from_literal(text) if text else None
        if shape is not None and shape["type"] == "Point":
            x, y = shape["coordinates"][:2]
            found.append((float(x) * 0.6157, float(y), (names.texts[at] if names is not None else None) or ""))
    return _map(found, title) if found else ""


def _map(found: Sequence[tuple[float, float, str]], title: str) -> str:
    left, top = min(x for x, _, _ in found), max(y for _, y, _ in found)
    wide, high = max(x for x, _, _ in found) - left, top - min(y for _, y, _ in found)
    scale = min(360 / wide if wide else 1e9, 420 / high if high else 1e9)
    scale = 1.0 if scale >= 1e9 else scale
    parts = [
        f'<circle class="bar" cx="{20 + (x - left) * scale:.1f}" cy="{20 + (top - y) * scale:.1f}" r="5"/>'
        f'<text x="{30 + (x - left) * scale:.1f}" y="{24 + (top - y) * scale:.1f}">{escape(_short(name))}</text>'
        for x, y, name in found
    ]
    return _drawing(title, _WIDTH, int(high * scale) + 40, parts)


def _drawing(said: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="diagram chart" role="img" aria-label="{escape(said)}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">{"".join(parts)}</svg>'
    )
