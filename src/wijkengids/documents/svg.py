"""Drawing as text: boxes, lines and words as inline SVG, with a title and a description in words.

Everything a drawing links to is also a link in the text beside it, so the links in it are for the pointer only: they
are no stops of the tab key. Colours and type come from the style sheet of the page (class ``diagram``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

SIZE = 13
"""Size of the letters in px; the style sheet has the same."""
LINE = 24
"""Height in px of a box with one line of text."""
_NARROW, _WIDE = frozenset("iljtfrI.,:;'|!()[] "), frozenset("mwMWNOQGHUD@%—…")
_MONO = 0.62


@dataclass(frozen=True)
class Box:
    """A named box: its text, where it leads (or ''), and its style: '', 'outside', 'type' or 'self'."""

    text: str
    href: str = ""
    style: str = ""

    @property
    def width(self) -> float:
        """The width in px that the text needs."""
        return text_width(self.text, mono=self.style == "outside") + 16


def text_width(text: str, mono: bool = False) -> float:
    """Return an estimate in px, on the wide side, of the width of a text."""
    if mono:
        return len(text) * SIZE * _MONO
    return sum(SIZE * (0.33 if c in _NARROW else 0.86 if c in _WIDE else 0.6) for c in text)


class Canvas:
    """Collects the parts of one drawing; coordinates in px, y downwards."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._parts: list[str] = []

    def box(self, x: float, y: float, box: Box, width: float = 0, height: float = LINE) -> None:
        """Draw a box with its text in the middle, at least as wide as the text."""
        wide = max(width, box.width)
        middle, base = _n(x + wide / 2), _n(y + height / 2 + 4.5)
        drawn = (
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" height="{_n(height)}" rx="4"/>'
            f'<text x="{middle}" y="{base}" text-anchor="middle">{escape(box.text)}</text>'
        )
        self._parts.append(_linked(drawn, box.href, f"box {box.style}".strip()))

    def words(self, x: float, y: float, text: str, href: str = "", at: str = "middle", style: str = "word") -> None:
        """Write words at a point: in the 'middle' of it, or from its 'start' or to its 'end'."""
        drawn = f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{at}">{escape(text)}</text>'
        self._parts.append(_linked(drawn, href, style))

    def line(self, points: Sequence[tuple[float, float]], style: str = "edge") -> None:
        """Draw a line through points."""
        self._lines.append(f'<path class="{style}" d="{_path(points)}"/>')

    def curve(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """Draw a curve that leaves and arrives level."""
        bend = (start[0] + end[0]) / 2
        self._lines.append(
            f'<path class="edge" d="M{_n(start[0])} {_n(start[1])}C{_n(bend)} {_n(start[1])} {_n(bend)} {_n(end[1])} '
            f'{_n(end[0])} {_n(end[1])}"/>'
        )

    def head(self, x: float, y: float, towards: str = "right") -> None:
        """Draw the head of an arrow with its point at x, y; 'up' is the open triangle of a subclass."""
        if towards == "up":
            self._lines.append(f'<path class="kind" d="M{_n(x)} {_n(y)}l6 9h-12z"/>')
        else:
            back = -8 if towards == "right" else 8
            self._lines.append(f'<path class="head" d="M{_n(x)} {_n(y)}l{back} -4v8z"/>')

    def drawn(self, width: float, height: float, title: str, description: str) -> str:
        """Return the drawing as an svg element."""
        size = f'width="{_n(width)}" height="{_n(height)}" viewBox="0 0 {_n(width)} {_n(height)}"'
        return (
            f'<svg class="diagram" role="img" {size}><title>{escape(title)}</title><desc>{escape(description)}</desc>'
            f"{''.join(self._lines)}{''.join(self._parts)}</svg>"
        )


def _linked(drawn: str, href: str, style: str) -> str:
    inner = f'<a href="{escape(href)}" tabindex="-1">{drawn}</a>' if href else drawn
    return f'<g class="{style}">{inner}</g>'


def _path(points: Iterable[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_n(x)} {_n(y)}" for x, y in points)


def _n(value: float) -> str:
    """Return a coordinate, to a tenth of a px, without an empty decimal."""
    return f"{round(value, 1):g}"
