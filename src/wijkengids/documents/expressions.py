"""OWL class expressions in words: a union, a restriction, whatever stands where a class could have been named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from wijkengids.documents.facts import Facts, Node, Phrase, Piece, Term, joined
from wijkengids.errors import Text
from wijkengids.model.vocab import OWL, RDF_TYPE

_JOINED = {
    OWL["unionOf"]: Text(" of ", " or "),
    OWL["intersectionOf"]: Text(" en ", " and "),
    OWL["oneOf"]: Text(" of ", " or "),
}
_LIMITS = {
    OWL["someValuesFrom"]: Text("minstens één ", "at least one "),
    OWL["allValuesFrom"]: Text("alleen ", "only "),
    OWL["hasValue"]: Text("de waarde ", "the value "),
    OWL["minCardinality"]: Text("minstens ", "at least "),
    OWL["maxCardinality"]: Text("hoogstens ", "at most "),
    OWL["cardinality"]: Text("precies ", "exactly "),
    OWL["minQualifiedCardinality"]: Text("minstens ", "at least "),
    OWL["maxQualifiedCardinality"]: Text("hoogstens ", "at most "),
    OWL["qualifiedCardinality"]: Text("precies ", "exactly "),
    OWL["onClass"]: Text("van ", "of "),
    OWL["onDataRange"]: Text("van ", "of "),
}
_NOT = Text("niet ", "not ")


@dataclass(frozen=True)
class Said:
    """What is said by one property: its name, and its values in words."""

    property: Piece
    values: tuple[Phrase, ...]


def said(facts: Facts, node: Node, terms: Iterable[NamedNode]) -> tuple[Said, ...]:
    """Return what a node says by some properties; those by which it says nothing are left out."""
    return tuple(
        Said(Piece(facts.named(term), term.value), tuple(expression(facts, value) for value in values))
        for term in terms
        if (values := facts.values(node, term))
    )


def expression(facts: Facts, node: Term, depth: int = 0) -> Phrase:
    """Return a value in words: a name, a text, or the class that a blank node describes ('wijk of stad')."""
    if not isinstance(node, BlankNode) or depth > 8:  # deeper than anybody writes: a circle of blank nodes
        return (facts.piece(node),)
    say = facts.language
    for term, between in _JOINED.items():
        head = facts.one(node, term)
        if head is not None:
            members = [expression(facts, item, depth + 1) for item in facts.items(head)]
            return joined(
                (phrase if len(phrase) == 1 else (Piece("("), *phrase, Piece(")")) for phrase in members),
                between.in_language(say),
            )
    for term in (OWL["complementOf"], OWL["datatypeComplementOf"]):
        other = facts.one(node, term)
        if other is not None:
            return (Piece(_NOT.in_language(say)), *expression(facts, other, depth + 1))
    limits = [
        (Piece(_LIMITS[term].in_language(say)), *_limit(facts, value, depth))
        for term in _LIMITS
        for value in facts.values(node, term)
    ]
    on = facts.one(node, OWL["onProperty"])
    if on is not None and limits:
        return (*expression(facts, on, depth + 1), Piece(": "), *joined(limits, " "))
    return joined(
        (
            (facts.piece(term), Piece(" "), *expression(facts, value, depth + 1))
            for term in facts.predicates(node)
            for value in facts.values(node, term)
            if term != RDF_TYPE
        ),
        "; ",
    )


def _limit(facts: Facts, value: Term, depth: int) -> Phrase:
    return (Piece(value.value),) if isinstance(value, Literal) else expression(facts, value, depth + 1)
