"""SHACL in words: what a path leads to and what a constraint asks, as an editor would say it."""

from __future__ import annotations

from pyoxigraph import BlankNode, Literal, NamedNode

from wijkengids.documents.facts import Facts, Node, Phrase, Piece, Term, joined
from wijkengids.errors import Text
from wijkengids.model.vocab import GEO, RDF, RDF_TYPE, RDFS, RDFS_LABEL, SH, XSD

_TYPES = {
    XSD["string"]: Text("tekst", "text"),
    XSD["date"]: Text("datum", "date"),
    XSD["gYear"]: Text("jaartal", "year"),
    XSD["integer"]: Text("geheel getal", "whole number"),
    XSD["nonNegativeInteger"]: Text("geheel getal vanaf 0", "whole number from 0"),
    XSD["decimal"]: Text("decimaal getal", "decimal number"),
    XSD["boolean"]: Text("waar of onwaar", "true or false"),
    XSD["anyURI"]: Text("webadres", "web address"),
    RDF["langString"]: Text("tekst met taalcode", "text with a language tag"),
    GEO["wktLiteral"]: Text("coördinaten", "coordinates"),
}
_KINDS = {
    SH["IRI"]: Text("met een eigen IRI", "with an IRI of its own"),
    SH["Literal"]: Text("een tekst of getal", "a text or number"),
    SH["BlankNode"]: Text("zonder IRI", "without an IRI"),
    SH["BlankNodeOrIRI"]: Text("geen tekst of getal", "not a text or number"),
    SH["IRIOrLiteral"]: Text("met een IRI, of een tekst of getal", "with an IRI, or a text or number"),
}
_WITH_VALUE = {
    SH["minCount"]: Text("minstens %s", "at least %s"),
    SH["maxCount"]: Text("hoogstens %s", "at most %s"),
    SH["minInclusive"]: Text("%s of meer", "%s or more"),
    SH["maxInclusive"]: Text("%s of minder", "%s or less"),
    SH["minExclusive"]: Text("meer dan %s", "more than %s"),
    SH["maxExclusive"]: Text("minder dan %s", "less than %s"),
    SH["minLength"]: Text("minstens %s tekens", "at least %s characters"),
    SH["maxLength"]: Text("hoogstens %s tekens", "at most %s characters"),
    SH["pattern"]: Text("naar het patroon %s", "of the pattern %s"),
    SH["hasValue"]: Text("de waarde %s", "the value %s"),
    SH["node"]: Text("voldoet aan %s", "conforms to %s"),
    SH["disjoint"]: Text("anders dan %s", "other than %s"),
    SH["equals"]: Text("gelijk aan %s", "equal to %s"),
    SH["lessThan"]: Text("voor of kleiner dan %s", "before or less than %s"),
    SH["lessThanOrEquals"]: Text("niet na of groter dan %s", "not after or greater than %s"),
}
_NESTED = {SH["not"]: Text("niet: ", "not: "), SH["qualifiedValueShape"]: Text("", "")}
_LISTS = {SH["or"]: Text(" of ", " or "), SH["and"]: Text(" en ", " and "), SH["xone"]: Text(" óf ", " or else ")}
_WORDS = Text("niet in woorden: ", "not in words: ")
_SAID_ELSEWHERE = {RDF_TYPE, RDFS_LABEL, RDFS["comment"], RDFS["isDefinedBy"]} | {
    SH[name]
    for name in (
        "path", "name", "description", "message", "severity", "group", "order", "property", "flags",
        "targetClass", "targetSubjectsOf", "targetObjectsOf", "targetNode", "qualifiedMinCount", "qualifiedMaxCount",
    )
}  # fmt: skip
_ORDER = ("class", "node", "or", "and", "xone", "in", "hasValue", "datatype", "languageIn", "nodeKind")
"""What a value is comes first; how it is limited after that."""


def path(facts: Facts, node: Term | None) -> Phrase:
    """Return a property path in words: a property, one backwards, one of some, or one after another."""
    if not isinstance(node, BlankNode):
        return () if node is None else (facts.piece(node),)
    said = facts.language != "en"
    for name, (nl, en) in {
        "inversePath": ("hiernaartoe met ", "towards this by "),
        "zeroOrMorePath": ("nul of meer keer ", "zero or more times "),
        "oneOrMorePath": ("een of meer keer ", "one or more times "),
        "zeroOrOnePath": ("hoogstens een keer ", "at most once "),
    }.items():
        inner = facts.one(node, SH[name])
        if inner is not None:
            return (Piece(nl if said else en), *path(facts, inner))
    choices = facts.one(node, SH["alternativePath"])
    if choices is not None:
        return joined((path(facts, item) for item in facts.items(choices)), " of " if said else " or ")
    return joined((path(facts, item) for item in facts.items(node)), ", dan " if said else ", then ")


def constraints(facts: Facts, shape: Node, counts: bool = True) -> list[Phrase]:
    """Return what a shape asks, one phrase a constraint; ``counts`` says whether sh:minCount and sh:maxCount too."""
    skipped = _SAID_ELSEWHERE if counts else _SAID_ELSEWHERE | {SH["minCount"], SH["maxCount"]}
    rank = {SH[name]: place for place, name in enumerate(_ORDER)}
    said = [term for term in facts.predicates(shape) if term not in skipped]
    found: list[Phrase] = []
    for term in sorted(said, key=lambda term: (rank.get(term, len(rank)), term.value)):
        phrases = [_constraint(facts, shape, term, value) for value in facts.values(shape, term)]
        found += sorted((phrase for phrase in phrases if phrase), key=str)
    return found


def nested(facts: Facts, shape: Term) -> Phrase:
    """Return a shape within a shape in one phrase: its constraints and those of its properties."""
    if not isinstance(shape, BlankNode):
        return (facts.piece(shape),)
    parts = constraints(facts, shape)
    inner = [value for value in facts.values(shape, SH["property"]) if not isinstance(value, Literal)]
    for one in sorted(inner, key=lambda node: str(path(facts, facts.one(node, SH["path"])))):
        if isinstance(one, NamedNode):
            parts.append((facts.piece(one),))
            continue
        asked = joined(constraints(facts, one), ", ")
        parts.append((*path(facts, facts.one(one, SH["path"])), Piece(": "), *asked))
    return joined(parts, " en " if facts.language != "en" else " and ")


def _constraint(facts: Facts, shape: Node, term: NamedNode, value: Term) -> Phrase:
    say = facts.language
    if term in _WITH_VALUE:
        before, _, after = _WITH_VALUE[term].in_language(say).partition("%s")
        number = isinstance(value, Literal) and term != SH["pattern"] and term != SH["hasValue"]
        middle = Piece(value.value) if number and isinstance(value, Literal) else facts.piece(value)
        return tuple(piece for piece in (Piece(before), middle, Piece(after)) if piece.text)
    if term in _LISTS:
        return joined((_bracketed(nested(facts, item)) for item in facts.items(value)), _LISTS[term].in_language(say))
    if term in _NESTED:
        return (*_quantity(facts, shape, term), Piece(_NESTED[term].in_language(say)), *nested(facts, value))
    return _special(facts, term, value)


def _special(facts: Facts, term: NamedNode, value: Term) -> Phrase:
    say = facts.language
    if term == SH["class"]:
        return (facts.piece(value),)
    if term == SH["datatype"] and isinstance(value, NamedNode):
        return datatype(facts, value)
    if term == SH["nodeKind"] and isinstance(value, NamedNode) and value in _KINDS:
        return (Piece(_KINDS[value].in_language(say)),)
    if term == SH["in"]:
        words = (Piece("een van: " if say != "en" else "one of: "),)
        return words + joined(((facts.piece(item),) for item in facts.items(value)), ", ")
    if term == SH["languageIn"]:
        tags = ", ".join(item.value for item in facts.items(value) if isinstance(item, Literal))
        return (Piece(f"tekst met taalcode ({tags})" if say != "en" else f"text with a language tag ({tags})"),)
    if term == SH["uniqueLang"]:
        unique = Piece("per taal hoogstens één" if say != "en" else "at most one per language")
        return (unique,) if isinstance(value, Literal) and value.value == "true" else ()
    return (Piece(_WORDS.in_language(say)), facts.piece(term), Piece(" "), facts.piece(value))


def datatype(facts: Facts, value: NamedNode) -> Phrase:
    """Return a datatype by a name that people use, with the technical one as what it links to."""
    known = _TYPES.get(value)
    return (Piece(known.in_language(facts.language), value.value) if known else facts.piece(value),)


def _quantity(facts: Facts, shape: Node, term: NamedNode) -> Phrase:
    """Return how many values a qualified value shape is about."""
    if term != SH["qualifiedValueShape"]:
        return ()
    least, most = facts.plain(shape, SH["qualifiedMinCount"]), facts.plain(shape, SH["qualifiedMaxCount"])
    nl = [f"minstens {least}" if least else "", f"hoogstens {most}" if most else ""]
    en = [f"at least {least}" if least else "", f"at most {most}" if most else ""]
    words = " en ".join(filter(None, nl)) if facts.language != "en" else " and ".join(filter(None, en))
    return (Piece(words + ": "),) if words else ()


def _bracketed(phrase: Phrase) -> Phrase:
    """Return a phrase of several parts between brackets, so that 'or' cannot be misread."""
    if len(phrase) < 3:
        return phrase
    return (Piece("("), *phrase, Piece(")"))
