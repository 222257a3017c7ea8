"""What is known of one class and of one property, as a page shows it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from wijkengids.documents.expressions import Said
from wijkengids.documents.facts import Phrase, Piece
from wijkengids.documents.shapes import Rule, Shape


@dataclass(frozen=True)
class Use:
    """One property as it goes with one class: what it leads to, how often, and the rules that say so.

    ``count`` is what must be; ``wanted`` says that at least one is asked for without being demanded.
    """

    predicate: NamedNode
    kind: NamedNode
    values: tuple[NamedNode, ...]
    types: tuple[NamedNode, ...]
    count: str
    wanted: bool
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Words:
    """What a term says of itself, in the language of the page; ``other`` is its label in the other language.

    ``see`` are its matches elsewhere, ``more`` is what has no place of its own on the page.
    """

    node: NamedNode
    anchor: str
    label: str
    other: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    see: tuple[Said, ...]
    more: tuple[Said, ...]


@dataclass(frozen=True)
class Class:
    """One class: its words, its place in the tree, the properties to and from it, its shapes, its instances.

    ``described`` are superclasses without a name, in words; ``apart`` are classes that share no instance with it.
    """

    words: Words
    above: tuple[NamedNode, ...]
    described: tuple[Phrase, ...]
    below: tuple[NamedNode, ...]
    apart: tuple[NamedNode, ...]
    uses: tuple[Use, ...]
    inherited: tuple[tuple[NamedNode, tuple[Use, ...]], ...]
    incoming: tuple[Use, ...]
    shapes: tuple[Shape, ...]
    instances: int
    example: NamedNode | None


@dataclass(frozen=True)
class Property:
    """One property: its words, its kinds, its relatives, where it is used, the rules about it, one statement."""

    words: Words
    kinds: tuple[NamedNode, ...]
    above: tuple[NamedNode, ...]
    below: tuple[NamedNode, ...]
    inverse: tuple[NamedNode, ...]
    derived: bool
    uses: tuple[Use, ...]
    rules: tuple[tuple[Shape, Rule], ...]
    example: tuple[Piece, Piece] | None


def use_of(kind: NamedNode, name: NamedNode, rules: list[Rule]) -> Use:
    """Return what some rules about one property on one class say together; only violations bound the count."""
    values = Counter(value for rule in rules for value in rule.values)
    demands = [rule.bounds for rule in rules if rule.severity == "Violation"]
    least = max((bounds[0] for bounds in demands), default=0)
    limits = [bounds[1] for bounds in demands if bounds[1] is not None]
    most = str(min(limits)) if limits else "*"
    count = most if most == str(least) else f"{least}..{most}"
    types = tuple(dict.fromkeys(one for rule in rules for one in rule.types))
    wanted = least == 0 and any(rule.bounds[0] for rule in rules)
    return Use(name, kind, tuple(values), types, count, wanted, tuple(rules))
