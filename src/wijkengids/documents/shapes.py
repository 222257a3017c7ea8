"""The shapes as a reader meets them: for each kind of thing what is asked of it, and what the editor reads if not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from wijkengids.documents.facts import Facts, Node, Phrase, Term
from wijkengids.documents.phrases import constraints, path
from wijkengids.model.vocab import RDF, RDFS, SH

SEVERITIES = ("Violation", "Warning", "Info")
"""From what blocks a build to what is merely asked for."""


@dataclass(frozen=True)
class Rule:
    """One property shape: what a property of a kind of thing must look like.

    ``predicate`` is the property where the path is one property, forward; ``values`` are the classes (or shapes of
    concepts) that its values belong to, or the values themselves, ``types`` its datatypes. ``count`` is as in '0..1',
    ``special`` how many values of a certain kind there must be (a Dutch label); ``asks`` is all else, in words.
    ``severity`` is the local name, as 'Violation'.
    """

    node: Node
    anchor: str
    name: str
    description: str
    message: str
    severity: str
    group: str
    order: tuple[float, float]
    path: Phrase
    predicate: NamedNode | None
    inverse: NamedNode | None
    count: str
    special: int
    asks: tuple[Phrase, ...]
    values: tuple[NamedNode, ...]
    types: tuple[NamedNode, ...]

    @property
    def bounds(self) -> tuple[int, int | None]:
        """The least and the greatest number of values; None is no limit."""
        least, _, most = self.count.partition("..")
        return max(int(least), self.special), None if most == "*" else int(most or least)


@dataclass(frozen=True)
class Shape:
    """One node shape: what holds for the things that it targets.

    ``asks``, ``severity`` and ``message`` are of the shape itself, next to its ``rules``; ``used_by`` are the rules and
    shapes that ask it of their values.
    """

    node: NamedNode
    anchor: str
    label: str
    other: str
    comment: str
    targets: tuple[NamedNode, ...]
    subjects_of: tuple[NamedNode, ...]
    objects_of: tuple[NamedNode, ...]
    target_nodes: tuple[NamedNode, ...]
    asks: tuple[Phrase, ...]
    severity: str
    message: str
    rules: tuple[Rule, ...]
    used_by: tuple[NamedNode, ...]


class Shapes:
    """All node shapes of a release, by IRI."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.shapes = tuple(self._shape(node) for node in facts.instances(SH["NodeShape"]))
        self.by_node = {shape.node: shape for shape in self.shapes}

    def on(self, kind: NamedNode) -> Iterator[tuple[Shape, Rule]]:
        """Yield the rules of the shapes that target a class itself."""
        for shape in self.targeting.get(kind, ()):
            for rule in shape.rules:
                yield shape, rule

    @cached_property
    def targeting(self) -> dict[NamedNode, tuple[Shape, ...]]:
        """Class to the shapes that target it."""
        found: dict[NamedNode, tuple[Shape, ...]] = {}
        for shape in self.shapes:
            for target in shape.targets:
                found[target] = (*found.get(target, ()), shape)
        return found

    def groups(self) -> list[tuple[str, str]]:
        """Return anchor and label of the property groups, in their order."""
        groups = self.facts.instances(SH["PropertyGroup"])
        found = [(_number(self.facts, group, "order"), group) for group in groups]
        return [(anchor(group), self.facts.named(group)) for _, group in sorted(found, key=lambda g: (g[0], str(g[1])))]

    def _shape(self, node: NamedNode) -> Shape:
        facts = self.facts
        rules = [self._rule(value) for value in facts.values(node, SH["property"]) if not isinstance(value, Literal)]
        users = {
            user
            for head in self._inside(node)
            for user in facts.subjects(SH["node"], head) + facts.subjects(SH["qualifiedValueShape"], head)
            if isinstance(user, NamedNode)
        }
        return Shape(
            node=node,
            anchor=anchor(node),
            label=facts.named(node),
            other=facts.other(node, RDFS["label"]),
            comment=facts.text(node, RDFS["comment"]),
            targets=tuple(facts.iris(node, SH["targetClass"])),
            subjects_of=tuple(facts.iris(node, SH["targetSubjectsOf"])),
            objects_of=tuple(facts.iris(node, SH["targetObjectsOf"])),
            target_nodes=tuple(facts.iris(node, SH["targetNode"])),
            asks=tuple(constraints(facts, node)),
            severity=_severity(facts, node),
            message=facts.text(node, SH["message"]),
            rules=tuple(sorted(rules, key=lambda rule: (rule.order, rule.anchor))),
            used_by=tuple(sorted(users, key=str)),
        )

    def _inside(self, node: Node) -> list[Node]:
        """Return a shape and the blank shapes that ask it of a value: ``[ sh:node vorm:Thema ]``."""
        return [node, *(user for user in self.facts.subjects(SH["node"], node) if isinstance(user, BlankNode))]

    def _rule(self, node: Node) -> Rule:
        facts = self.facts
        route = facts.one(node, SH["path"])
        group = facts.one(node, SH["group"])
        back = facts.one(route, SH["inversePath"]) if isinstance(route, BlankNode) else None
        place = _number(facts, group, "order") if isinstance(group, NamedNode) else 0
        return Rule(
            node=node,
            anchor=anchor(node) if isinstance(node, NamedNode) else "",
            name=facts.text(node, SH["name"]),
            description=facts.text(node, SH["description"]),
            message=facts.text(node, SH["message"]),
            severity=_severity(facts, node),
            group=facts.named(group) if isinstance(group, NamedNode) else "",
            order=(place, _number(facts, node, "order")),
            path=path(facts, route),
            predicate=route if isinstance(route, NamedNode) else None,
            inverse=back if isinstance(back, NamedNode) else None,
            count=_count(facts, node),
            special=int(facts.plain(node, SH["qualifiedMinCount"]) or 0),
            asks=tuple(constraints(facts, node, counts=False)),
            values=tuple(_values(facts, node)),
            types=tuple(_types(facts, node)),
        )


def anchor(node: NamedNode) -> str:
    """Return the identifier of a term on its page: what follows the '#'."""
    return node.value.rpartition("#")[2]


def _number(facts: Facts, node: Node, name: str) -> float:
    found = facts.plain(node, SH[name])
    return float(found) if found else 0.0


def _severity(facts: Facts, node: Node) -> str:
    found = facts.plain(node, SH["severity"]).rpartition("#")[2]
    return found or "Violation"  # what SHACL says of a shape that does not say


def _count(facts: Facts, node: Node) -> str:
    least, most = facts.plain(node, SH["minCount"]) or "0", facts.plain(node, SH["maxCount"]) or "*"
    return least if least == most else f"{least}..{most}"


def _alternatives(facts: Facts, node: Node) -> Iterator[Node]:
    """Yield a shape and the shapes of which its value must meet one."""
    yield node
    for name in ("or", "xone", "and"):
        for item in facts.items(facts.one(node, SH[name])):
            if isinstance(item, BlankNode):
                yield item


def _values(facts: Facts, node: Node) -> Iterator[NamedNode]:
    for one in _alternatives(facts, node):
        yield from facts.iris(one, SH["class"])
        yield from facts.iris(one, SH["node"])
        yield from (item for item in facts.items(facts.one(one, SH["in"])) if isinstance(item, NamedNode))


def _types(facts: Facts, node: Node) -> Iterator[NamedNode]:
    for one in _alternatives(facts, node):
        yield from facts.iris(one, SH["datatype"])
        if facts.one(one, SH["languageIn"]) is not None:
            yield RDF["langString"]


def is_shape(facts: Facts, term: Term) -> bool:
    """Tell whether a node is a named shape of ours."""
    return isinstance(term, NamedNode) and term.value.startswith(facts.base.iri + "shapes#")
