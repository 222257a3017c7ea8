"""A bar chart and a map of points, as inline SVG: each one image with a name; the table beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wijkengids.documents.geo import from_literal
from wijkengids.documents.results import Column, Table
from wijkengids.documents.svg import text_width

MOST_BARS = 30
_WIDTH, _ROW, _LABEL, _END = 640, 26, 250, 70
"""Width of a chart, height of a bar with its space, room for labels and for figures, in px."""
_MAP, _EDGE = 420, 110
"""Longest side of a map, and room for names beside it, in px."""


def bars(table: Table, title: str, of: str) -> str:
    """Return a bar chart of the first amounts that have a name of their own for each row; '' where there are none.

    ``title`` is the name of the drawing, ``of`` joins the names of the amount and of what has it ('per').
    """
    amounts = next((column for column in table.columns if column.is_number and _can_be_drawn(column)), None)
    names = next((column for column in table.columns if _names_rows(column)), None)
    if amounts is None or names is None or table.size < 2:
        return ""
    shown = [(n or "", t or "") for n, t in zip(names.texts, amounts.texts, strict=True)][:MOST_BARS]
    most = max(float(text) for _, text in shown) or 1.0
    parts = []
    for at, (name, text) in enumerate(shown):
        y = at * _ROW
        long = (_WIDTH - _LABEL - _END) * float(text) / most
        parts.append(
            f'<text x="{_LABEL - 8}" y="{y + 17}" text-anchor="end">{escape(_short(name))}</text>'
            f'<rect class="bar" x="{_LABEL}" y="{y + 4}" width="{long:.1f}" height="{_ROW - 8}"/>'
            f'<text x="{_LABEL + long + 6:.1f}" y="{y + 17}">{escape(text)}</text>'
        )
    said = f"{title}: {amounts.name} {of} {names.of or names.name}"
    return _drawing(said, _WIDTH, len(shown) * _ROW, parts)


def _can_be_drawn(column: Column) -> bool:
    """Tell whether every row has an amount, and none is below zero."""
    return all(text is not None and float(text) >= 0 for text in column.texts)


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
    """Draw points, each with its name where there is room for it beside, above or below; else the name is a title."""
    left, top = min(x for x, _, _ in found), max(y for _, y, _ in found)
    wide, high = max(x for x, _, _ in found) - left, top - min(y for _, y, _ in found)
    scale = min(_MAP / wide if wide else _MAP, _MAP / high if high else _MAP)
    spots = [(_EDGE + (x - left) * scale, 20 + (top - y) * scale, name) for x, y, name in found]
    width = int(wide * scale) + 2 * _EDGE
    taken = [(x - 6, y - 6, x + 6, y + 6) for x, y, _ in spots]
    parts = []
    for x, y, name in spots:
        parts.append(f'<circle class="bar" cx="{x:.1f}" cy="{y:.1f}" r="5"><title>{escape(name)}</title></circle>')
        long = text_width(_short(name))
        for at, down in ((x + 9, y + 4), (x - 9 - long, y + 4), (x - long / 2, y - 9), (x - long / 2, y + 18)):
            room = (at, down - 11, at + long, down + 3)
            if at >= 0 and at + long <= width and not any(_meet(room, other) for other in taken):
                taken.append(room)
                parts.append(f'<text x="{at:.1f}" y="{down:.1f}">{escape(_short(name))}</text>')
                break
    return _drawing(title, width, int(high * scale) + 40, parts)


def _meet(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two rectangles (left, top, right, bottom) overlap."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _drawing(said: str, width: int, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg class="diagram chart" role="img" aria-label="{escape(said)}" viewBox="0 0 {width} {height}"'
        f' width="{width}" height="{height}">{"".join(parts)}</svg>'
    )
