"""The drawings of the ontology: the tree of classes, and one class amid its properties."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from wijkengids.documents.phrases import datatype
from wijkengids.documents.svg import LINE, Box, Canvas, text_width
from wijkengids.documents.terms import Class, Use
from wijkengids.documents.vocabulary import Vocabulary
from wijkengids.errors import Text
from wijkengids.model.vocab import RDFS

Href = Callable[[str], str]
"""From the IRI of a term to the link of its heading."""

_SHOWN = 8  # boxes at one arrow; more are counted
_STEP = LINE + 4
_WIDE = 620  # px that a row of subclasses may take
_ROOM = 26  # px between a class and what is above or below it

_TREE = Text("De klassen en waar zij onder vallen", "The classes and what they fall under")
_AMID = Text("%s en de eigenschappen van en naar deze klasse", "%s and the properties from and to this class")
_ANYTHING = Text("elk ding", "anything")
_ALSO = Text("ook: ", "also: ")
_MORE = Text("en nog %d", "and %d more")


@dataclass(frozen=True)
class Arrow:
    """One property in a drawing: its name and link, and the boxes at its other end."""

    name: str
    href: str
    boxes: tuple[Box, ...]

    @property
    def height(self) -> float:
        """The height in px that the arrow takes: its boxes, with room for the name."""
        return max(len(self.boxes) * _STEP, LINE + 16) + 6


def box(vocabulary: Vocabulary, node: NamedNode, href: Href, style: str = "") -> Box:
    """Return the box of a class: ours by label, those of others by short IRI."""
    base = vocabulary.facts.base
    if node.value.startswith(base.iri):
        return Box(vocabulary.facts.named(node), href(node.value), style)
    return Box(base.shorten(node.value), href(node.value), "outside")


# ---------------------------------------------------------------------------------------------------------------------
# The tree
# ---------------------------------------------------------------------------------------------------------------------


def tree(vocabulary: Vocabulary, href: Href) -> str:
    """Draw all our classes under their superclasses: one line a class, each under one superclass.

    Where a class has more than one, it stands under the one that most of our classes share; the others are named.
    """
    facts = vocabulary.facts
    shared = Counter(up for kind in vocabulary.kinds for up in facts.iris(kind, RDFS["subClassOf"]))
    children: dict[NamedNode, list[NamedNode]] = {}
    also: dict[NamedNode, list[NamedNode]] = {}
    for kind in sorted(vocabulary.kinds, key=lambda node: facts.named(node).lower()):
        ups = sorted(
            facts.iris(kind, RDFS["subClassOf"]), key=lambda up: (up not in vocabulary.kinds, -shared[up], str(up))
        )
        if ups:
            children.setdefault(ups[0], []).append(kind)
            also[kind] = ups[1:]
    roots = sorted(
        (up for up in children if up not in vocabulary.kinds), key=lambda up: (-_size(up, children), str(up))
    )
    alone = [kind for kind in vocabulary.kinds if kind not in also]
    canvas = Canvas()
    place = _Place(vocabulary, href, canvas, children, also)
    for root in (*roots, *alone):
        place.put(root, 0)
    said = "; ".join(f"{facts.named(up)}: {', '.join(facts.named(kind) for kind in children[up])}" for up in children)
    return canvas.drawn(place.width, place.row * _STEP, _TREE.in_language(facts.language), said)


def _size(node: NamedNode, children: dict[NamedNode, list[NamedNode]]) -> int:
    return 1 + sum(_size(child, children) for child in children.get(node, ()))


@dataclass
class _Place:
    """Puts the classes of the tree on the canvas, one row each."""

    vocabulary: Vocabulary
    href: Href
    canvas: Canvas
    children: dict[NamedNode, list[NamedNode]]
    also: dict[NamedNode, list[NamedNode]]
    row: int = 0
    width: float = 0

    def put(self, node: NamedNode, depth: int) -> float:
        """Draw a class with all below it; return the y of its middle."""
        drawn = box(self.vocabulary, node, self.href)
        x, y = depth * 40.0 + 1, self.row * float(_STEP) + 1
        self.row += 1
        self.canvas.box(x, y, drawn)
        end = x + drawn.width
        others = self.also.get(node, ())
        if others:
            facts = self.vocabulary.facts
            words = _ALSO.in_language(facts.language) + ", ".join(facts.base.shorten(other.value) for other in others)
            self.canvas.words(end + 10, y + LINE / 2 + 4.5, words, at="start", style="aside")
            end += 10 + text_width(words, mono=True)
        self.width = max(self.width, end + 2)
        below = [self.put(child, depth + 1) for child in self.children.get(node, ())]
        if below:
            trunk = x + 18
            self.canvas.head(trunk, y + LINE, "up")
            self.canvas.line([(trunk, y + LINE + 9), (trunk, below[-1])])
            for level in below:
                self.canvas.line([(trunk, level), (x + 40, level)])
        return y + LINE / 2


# ---------------------------------------------------------------------------------------------------------------------
# One class
# ---------------------------------------------------------------------------------------------------------------------


def amid(vocabulary: Vocabulary, about: Class, href: Href) -> str:
    """Draw one class: superclasses above, subclasses below, properties out to the right and in from the left.

    Properties of nearly everything (label, description ...) are left out; '' where nothing is left to draw.
    """
    facts = vocabulary.facts
    inward = _inward(vocabulary, about, href)
    outward = [
        Arrow(facts.named(use.predicate), href(use.predicate.value), _ends(vocabulary, use, href))
        for use in about.uses
        if use.predicate not in vocabulary.general
    ]
    above = [box(vocabulary, node, href) for node in about.above]
    below = [box(vocabulary, node, href) for node in about.below]
    if not (inward or outward or above or below):
        return ""
    name = facts.named(about.words.node)
    drawing = _Amid(Box(name, href(about.words.node.value), "self"), inward, outward, above, below)
    said = [f"{name}: {a.name} → {', '.join(b.text for b in a.boxes)}" for a in outward]
    said += [f"{', '.join(b.text for b in a.boxes)}: {a.name} → {name}" for a in inward]
    said += [f"{name} ⊂ {b.text}" for b in above] + [f"{b.text} ⊂ {name}" for b in below]
    return drawing.drawn(_AMID.in_language(facts.language) % name, "; ".join(said))


def _ends(vocabulary: Vocabulary, use: Use, href: Href) -> tuple[Box, ...]:
    facts = vocabulary.facts
    boxes = [box(vocabulary, node, href) for node in use.values]
    boxes += [Box("".join(p.text for p in datatype(facts, one)), style="type") for one in use.types]
    return tuple(boxes) or (Box(_ANYTHING.in_language(facts.language), style="type"),)


def _inward(vocabulary: Vocabulary, about: Class, href: Href) -> list[Arrow]:
    facts = vocabulary.facts
    sources: dict[NamedNode, list[NamedNode]] = {}
    for use in about.incoming:
        if use.predicate not in vocabulary.general:
            sources.setdefault(use.predicate, []).append(use.kind)
    found = []
    for name, kinds in sources.items():
        boxes = [box(vocabulary, kind, href) for kind in sorted(kinds, key=facts.named)]
        if len(boxes) > _SHOWN:
            more = _MORE.in_language(facts.language) % (len(boxes) - _SHOWN + 1)
            boxes = [*boxes[: _SHOWN - 1], Box(more, href(name.value), "type")]
        found.append(Arrow(facts.named(name), href(name.value), tuple(boxes)))
    return found


class _Amid:
    """The layout of the drawing of one class: columns, so that every arrow is level and no name crosses another."""

    def __init__(
        self, self_: Box, inward: list[Arrow], outward: list[Arrow], above: list[Box], below: list[Box]
    ) -> None:
        self.box, self.inward, self.outward, self.above, self.below = self_, inward, outward, above, below
        self.left, self.gap = _column(inward)
        self.right, self.gap_right = _column(outward)
        self.rows = _wrapped(below)
        self.height = max(_tall(inward), _tall(outward), LINE + 10)
        self.wide = self_.width + 20
        widest = max([_span(row) for row in (above, *self.rows)], default=0)
        self.middle = max(self.left + self.gap + self.wide / 2, widest / 2) + 1
        self.top = LINE + _ROOM + 1 if above else 1.0

    def drawn(self, title: str, description: str) -> str:
        canvas = Canvas()
        start, end = self.middle - self.wide / 2, self.middle + self.wide / 2
        self._kin(canvas)
        canvas.box(start, self.top, self.box, self.wide, self.height)
        y = self.top + (self.height - _tall(self.inward)) / 2
        for arrow in self.inward:
            level = y + arrow.height / 2 + 4
            canvas.line([(start - self.gap, level), (start - 7, level)])
            canvas.head(start, level)
            canvas.words(start - self.gap / 2, level - 6, arrow.name, arrow.href)
            _stack(canvas, arrow, start - self.gap, level, from_right=True)
            y += arrow.height
        y = self.top + (self.height - _tall(self.outward)) / 2
        for arrow in self.outward:
            level = y + arrow.height / 2 + 4
            canvas.line([(end, level), (end + self.gap_right - 7, level)])
            canvas.head(end + self.gap_right, level)
            canvas.words(end + self.gap_right / 2 - 3, level - 6, arrow.name, arrow.href)
            _stack(canvas, arrow, end + self.gap_right, level)
            y += arrow.height
        widest = max([_span(row) for row in (self.above, *self.rows)], default=0)
        width = max(end + self.gap_right + self.right, self.middle + widest / 2) + 1
        below = len(self.rows) * (LINE + 8) + _ROOM - 8 if self.rows else 0
        return canvas.drawn(width, self.top + self.height + below + 2, title, description)

    def _kin(self, canvas: Canvas) -> None:
        """Draw the superclasses above and the subclasses below."""
        if self.above:
            _row(canvas, self.above, self.middle, 1)
            canvas.head(self.middle, LINE + 5, "up")
            canvas.line([(self.middle, LINE + 14), (self.middle, self.top)])
        bottom = self.top + self.height
        for number, row in enumerate(self.rows):
            _row(canvas, row, self.middle, bottom + _ROOM + number * (LINE + 8))
        if self.rows:
            canvas.head(self.middle, bottom, "up")
            canvas.line([(self.middle, bottom + 9), (self.middle, bottom + _ROOM)])


def _column(arrows: Iterable[Arrow]) -> tuple[float, float]:
    """Return the width of the boxes of some arrows, and of the gap that their names need."""
    found = list(arrows)
    if not found:
        return 0, 0
    boxes = max(one.width for arrow in found for one in arrow.boxes)
    return boxes, max(text_width(arrow.name) for arrow in found) + 28


def _tall(arrows: Iterable[Arrow]) -> float:
    return sum(arrow.height for arrow in arrows)


def _span(row: Sequence[Box]) -> float:
    return sum(one.width + 8 for one in row)


def _wrapped(boxes: Iterable[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for one in boxes:
        if not rows or _span([*rows[-1], one]) > _WIDE:
            rows.append([])
        rows[-1].append(one)
    return rows


def _row(canvas: Canvas, row: Sequence[Box], middle: float, y: float) -> None:
    x = middle - _span(row) / 2 + 4
    for one in row:
        canvas.box(x, y, one)
        x += one.width + 8


def _stack(canvas: Canvas, arrow: Arrow, x: float, level: float, from_right: bool = False) -> None:
    """Draw the boxes at the end of an arrow above one another, around its level."""
    y = level - (len(arrow.boxes) * _STEP - 4) / 2
    wide = max(one.width for one in arrow.boxes)
    for one in arrow.boxes:
        canvas.box(x - wide if from_right else x, y, one, wide)
        y += _STEP
