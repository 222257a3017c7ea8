"""The drawing of how the classes hang together: which relation leads from which class to which."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from wijkengids.documents.diagram import Href, box
from wijkengids.documents.layers import Edge, Layers
from wijkengids.documents.svg import LINE, Box, Canvas, text_width
from wijkengids.documents.vocabulary import Vocabulary
from wijkengids.errors import Text

_PAIRS = 4  # pairs of classes that a relation may join to be shown whatever shape asks for it
_PORT = 20.0  # px between two arrows at one box
_ROOM = 14.0  # px between two boxes
_SELF = 16.0  # px for each relation of a class to itself, under its box
_TURN = 56.0  # px in which an arrow bends from the level of one box to that of the next

_TITLE = Text("Hoe de klassen samenhangen", "How the classes hang together")


def main_relations(vocabulary: Vocabulary) -> dict[Edge, list[NamedNode]]:
    """Return from and to (IRIs of classes) with the relations between the two, as far as they are not of many classes.

    That is: a shape of that one class asks for it, or it joins few classes in all.
    """
    kinds = set(vocabulary.kinds)
    of_one = {rule.node for shape in vocabulary.shapes.shapes if len(shape.targets) == 1 for rule in shape.rules}
    found: dict[Edge, list[NamedNode]] = {}
    for name, uses in vocabulary.where.items():
        pairs = [(use, value) for use in uses for value in use.values if use.kind in kinds and value in kinds]
        for use, value in pairs if name not in vocabulary.general else ():
            special = any(rule.node in of_one and value in rule.values for rule in use.rules)
            if special or len(pairs) <= _PAIRS:
                found.setdefault((use.kind.value, value.value), []).append(name)
    return dict(sorted(found.items()))


def relations(vocabulary: Vocabulary, href: Href) -> str:
    """Draw the classes in columns with the main relations between them; those of a class to itself stand in its box."""
    found = main_relations(vocabulary)
    between = {edge: names for edge, names in found.items() if edge[0] != edge[1]}
    nodes = sorted({node for edge in found for node in edge})  # by IRI: the same drawing in every language
    drawing = _Drawing(vocabulary, href, Layers(nodes, list(between)), found)
    return drawing.drawn()


@dataclass
class _Drawing:
    vocabulary: Vocabulary
    href: Href
    layers: Layers
    found: dict[Edge, list[NamedNode]]

    def __post_init__(self) -> None:
        self.boxes = {node: box(self.vocabulary, NamedNode(node), self.href) for node in self.layers.nodes}
        self.at_left, self.at_right = self._ports()
        tall = {node: self._tall(node) for node in self.layers.nodes}
        # words stand above their line, so the first ones need room at the top
        self.y = {name: y + LINE / 2 for name, y in self.layers.heights(tall, _ROOM).items()}
        self._settle_ports()
        self.tall = tall
        self.x, self.end = self._columns()

    def words(self, edge: Edge) -> str:
        """Return the names of the relations of an edge."""
        return ", ".join(self.vocabulary.facts.named(name) for name in self.found[edge])

    def _own(self, node: str) -> list[NamedNode]:
        """Return the relations of a class to itself, which stand under its box."""
        return self.found.get((node, node), [])

    def _self_words(self, name: NamedNode) -> str:
        return "↺ " + self.vocabulary.facts.named(name)

    def _middle(self, node: str) -> float:
        """Return the y of the middle of a box; what stands under it is no part of it."""
        return self.y[node] - len(self._own(node)) * _SELF / 2 + 1

    def _ports(self) -> tuple[dict[str, list[Edge]], dict[str, list[Edge]]]:
        left: dict[str, list[Edge]] = {node: [] for node in self.layers.nodes}
        right: dict[str, list[Edge]] = {node: [] for node in self.layers.nodes}
        for edge, way in self.layers.ways.items():
            right[way[0]].append(edge)
            left[way[-1]].append(edge)
        return left, right

    def _settle_ports(self) -> None:
        """Order the arrows at each box by where they come from or go to."""
        for edges in self.at_right.values():
            edges.sort(key=lambda edge: (self.y[self.layers.ways[edge][1]], edge))
        for edges in self.at_left.values():
            edges.sort(key=lambda edge: (self.y[self.layers.ways[edge][-2]], edge))

    def _high(self, node: str) -> float:
        """Return the height of a box."""
        return max(float(LINE), max(len(self.at_left[node]), len(self.at_right[node])) * _PORT)

    def _tall(self, node: str) -> float:
        return self._high(node) + len(self._own(node)) * _SELF

    def _wide(self, name: str) -> float:
        drawn = self.boxes.get(name)
        own = (text_width(self._self_words(one)) for one in self._own(name))
        return max(drawn.width, *own, 0) if drawn else 0

    def _columns(self) -> tuple[dict[str, float], float]:
        """Return the left side of each name, and the right side of the whole."""
        x: dict[str, float] = {}
        start, wide = 1.0, 0.0
        for column in self.layers.columns:
            wide = max(self._wide(name) for name in column)
            x |= dict.fromkeys(column, start)
            names = [self.words(edge) for name in column for edge in self.at_right.get(name, ())]
            start += wide + max((text_width(name) for name in names), default=0) + _TURN
            self.widths = getattr(self, "widths", {}) | dict.fromkeys(column, wide)
        return x, max((x[name] + self.widths[name] for name in self.layers.columns[-1]), default=0) + 1

    def _port(self, node: str, edges: list[Edge], edge: Edge) -> float:
        middle = (len(edges) - 1) / 2
        return self._middle(node) + (edges.index(edge) - middle) * _PORT

    def drawn(self) -> str:
        canvas = Canvas()
        for edge, way in self.layers.ways.items():
            self._edge(canvas, edge, way)
        for node, drawn in self.boxes.items():
            self._box(canvas, node, drawn)
        bottom = max((self.y[node] + self.tall[node] / 2 for node in self.boxes), default=0)
        facts = self.vocabulary.facts
        said = "; ".join(
            f"{facts.named(NamedNode(a))}: {self.words((a, b))} → {facts.named(NamedNode(b))}" for a, b in self.found
        )
        return canvas.drawn(self.end, bottom + 3, _TITLE.in_language(facts.language), said)

    def _box(self, canvas: Canvas, node: str, drawn: Box) -> None:
        high = self._high(node)
        x, y, wide = self.x[node], self._middle(node) - high / 2, self.widths[node]
        canvas.box(x, y, drawn, wide, high)
        for number, name in enumerate(self._own(node), 1):
            under = y + high + number * _SELF - 3
            canvas.words(x + wide / 2, under, self._self_words(name), self.href(name.value))

    def _edge(self, canvas: Canvas, edge: Edge, way: list[str]) -> None:
        turned = edge in self.layers.turned
        start_x = self.x[way[0]] + self.widths[way[0]]
        level = self._port(way[0], self.at_right[way[0]], edge)
        words = self.words(edge)
        flat = start_x + text_width(words) + 16
        canvas.words(start_x + 10, level - 4, words, self.href(self.found[edge][0].value), at="start")
        canvas.line([(start_x + (7 if turned else 0), level), (flat, level)])
        at = (flat, level)
        for name in way[1:-1]:
            through = (self.x[name], self.y[name] + 1)
            canvas.curve(at, through)
            at = (through[0] + self.widths[name], through[1])
            canvas.line([through, at])
        end = (self.x[way[-1]], self._port(way[-1], self.at_left[way[-1]], edge))
        canvas.curve(at, (end[0] - (0 if turned else 7), end[1]))
        if turned:
            canvas.head(start_x, level, "left")
        else:
            canvas.head(*end)
