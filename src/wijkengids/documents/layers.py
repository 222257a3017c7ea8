"""A graph in columns: every node in a layer, arrows from left to right, few crossings. The same graph, the same layout.

The usual four steps: turn arrows that close a circle, put each node left of what it points at, order the columns by
the middle of the neighbours, and then move the nodes towards their neighbours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

Edge = tuple[str, str]

_SWEEPS = 12  # passes over the columns; after a few nothing changes any more
_SETTLING = 60  # passes that move the nodes: a long arrow pulls through every column that it passes
_BEND = 14.0  # height that a passing arrow takes in a column


class Layers:
    """Where the nodes of a graph go.

    ``columns`` hold node names, and for an arrow that passes a column a name of its own; ``ways`` is for each edge the
    names that it runs through, from left to right; ``turned`` are the edges that run from right to left.
    """

    def __init__(self, nodes: Sequence[str], edges: Sequence[Edge]) -> None:
        self.nodes, self.edges = tuple(nodes), tuple(edges)
        self.turned = self._turned()
        flat = [(b, a) if (a, b) in self.turned else (a, b) for a, b in self.edges]
        level = self._levels(flat)
        self.columns: list[list[str]] = [[] for _ in range(max(level.values(), default=-1) + 1)]
        for node in self.nodes:
            self.columns[level[node]].append(node)
        self.ways: dict[Edge, list[str]] = {}
        for edge, (a, b) in zip(self.edges, flat, strict=True):
            passed = [f"{a} > {b} @ {column}" for column in range(level[a] + 1, level[b])]
            for column, name in enumerate(passed, level[a] + 1):
                if name not in self.columns[column]:
                    self.columns[column].append(name)
            self.ways[edge] = [a, *passed, b]
        self._left, self._right = self._neighbours()
        self._order()

    def _turned(self) -> set[Edge]:
        """Return the edges that lead back to a node on the way to it."""
        onward: dict[str, list[str]] = {node: [] for node in self.nodes}
        for a, b in self.edges:
            onward[a].append(b)
        back: set[Edge] = set()
        done: set[str] = set()

        def visit(node: str, way: tuple[str, ...]) -> None:
            for other in onward[node]:
                if other in way or other == node:
                    back.add((node, other))
                elif other not in done:
                    visit(other, (*way, node))
            done.add(node)

        for node in self.nodes:
            if node not in done:
                visit(node, ())
        return back

    def _levels(self, edges: Sequence[Edge]) -> dict[str, int]:
        """Return the column of each node: left of all it points at, and no further left than it need be."""
        level = dict.fromkeys(self.nodes, 0)
        for _ in self.nodes:  # the longest path has at most so many steps
            for a, b in edges:
                level[b] = max(level[b], level[a] + 1)
        for _ in self.nodes:
            for node in self.nodes:
                after = [level[b] for a, b in edges if a == node]
                if after and not any(b == node for _, b in edges):
                    level[node] = min(after) - 1
        return level

    def _neighbours(self) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
        left: dict[str, list[str]] = {name: [] for column in self.columns for name in column}
        right: dict[str, list[str]] = {name: [] for name in left}
        for way in self.ways.values():
            for a, b in pairwise(way):
                right[a].append(b)
                left[b].append(a)
        return left, right

    def _order(self) -> None:
        best = [list(column) for column in self.columns]
        fewest = self._crossings()
        for sweep in range(_SWEEPS):
            forward = sweep % 2 == 0
            beside = self._left if forward else self._right
            for column in self.columns if forward else reversed(self.columns):
                at = {name: place for other in self.columns for place, name in enumerate(other)}
                middles = {name: _mean([at[b] for b in beside[name]], at[name]) for name in column}
                column.sort(key=lambda name, m=middles: (m[name], name))  # type: ignore[misc]
            crossed = self._crossings()
            if crossed < fewest:
                best, fewest = [list(column) for column in self.columns], crossed
        self.columns = best

    def _crossings(self) -> int:
        at = {name: place for column in self.columns for place, name in enumerate(column)}
        steps = [sorted((at[a], at[b]) for a in column for b in self._right[a]) for column in self.columns]
        return sum(
            a[0] < b[0] and a[1] > b[1]
            for found in steps
            for number, a in enumerate(found)
            for b in found[number + 1 :]
        )

    def heights(self, tall: Mapping[str, float], room: float) -> dict[str, float]:
        """Return the y of the middle of each name, given the heights of the nodes and the room between two."""

        def height(name: str) -> float:
            return tall.get(name, _BEND)

        y: dict[str, float] = {}
        for column in self.columns:
            _stack(column, dict.fromkeys(column, 0.0), y, height, room)
        for sweep in range(_SETTLING):
            forward = sweep % 2 == 0
            for column in self.columns if forward else reversed(self.columns):
                beside = {name: self._left[name] + self._right[name] for name in column}
                wished = {name: _mean([y[b] for b in beside[name]], y[name]) for name in column}
                _stack(column, wished, y, height, room)
        top = min(y[name] - height(name) / 2 for name in y) if y else 0
        return {name: middle - top for name, middle in y.items()}


def _stack(
    column: Sequence[str],
    wished: Mapping[str, float],
    y: dict[str, float],
    height: Callable[[str], float],
    room: float,
) -> None:
    """Give the names of a column the y nearest to those wished for, in their order and without overlap.

    Nearest in the sum of squares: names that would overlap form a block, which stands at the mean of its wishes.
    """
    ends, end = {}, 0.0  # how far below the first each name stands when all touch
    blocks: list[list[str]] = []
    for name in column:
        ends[name] = end + height(name) / 2
        end += height(name) + room
        blocks.append([name])
        while len(blocks) > 1 and _start(blocks[-2], wished, ends) > _start(blocks[-1], wished, ends):
            blocks[-2:] = [blocks[-2] + blocks[-1]]
    for block in blocks:
        start = _start(block, wished, ends)
        y.update({name: start + ends[name] for name in block})


def _start(block: Sequence[str], wished: Mapping[str, float], ends: Mapping[str, float]) -> float:
    return _mean([wished[name] - ends[name] for name in block], 0)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
