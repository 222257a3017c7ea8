"""Checks on content that SHACL does not do: unknown terms, links to nothing, one IRI with conflicting types."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SH, SKOS, VANN, XSD

from wijkengids.errors import Text
from wijkengids.knowledge.enrich import supers
from wijkengids.knowledge.findings import Finding, Place, Severity, did_you_mean
from wijkengids.knowledge.places import Places
from wijkengids.model import vocab
from wijkengids.model.iris import Base
from wijkengids.model.vocab import CANONICAL_BASE, RDF_TYPE

_OWN = (CANONICAL_BASE + "def#", CANONICAL_BASE + "shapes#")
_OTHERS = {
    str(space): space for space in (DCAT, DCTERMS, FOAF, ORG, OWL, PROV, QB, RDF, RDFS, SDO, SH, SKOS, VANN, XSD)
}
"""Vocabularies whose terms rdflib knows by heart; a term in them that it does not know is a slip of the pen."""


def check_content(quads: Iterable[Quad], places: Places) -> Iterator[Finding]:
    """Yield the findings of every check here, on the quads as stated (canonical base)."""
    stated = tuple(quads)
    yield from unknown_terms(stated, places)
    yield from dead_links(stated, places)
    yield from conflicting_types(stated, places)
    yield from nameless(stated, places)


def unknown_terms(quads: tuple[Quad, ...], places: Places) -> Iterator[Finding]:
    """Yield a Violation for each use of a term of ours, or of a known vocabulary, that is defined nowhere."""
    described = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    own = {iri for iri in described if iri.startswith(_OWN)}
    reported: set[tuple[str, Place]] = set()
    for quad in quads:
        for iri in _terms(quad):
            if not _is_unknown(iri, own):
                continue
            place = _place(quad, places)
            if (iri, place) not in reported:
                reported.add((iri, place))
                yield Finding(place, Severity.VIOLATION, "unknown-term", unknown_term(iri, own), value=iri)


def _terms(quad: Quad) -> Iterator[str]:
    yield quad.predicate.value
    if isinstance(quad.object, NamedNode):
        yield quad.object.value
    elif isinstance(quad.object, Literal):
        yield quad.object.datatype.value


def _is_unknown(iri: str, own: set[str]) -> bool:
    if iri.startswith(_OWN):
        return iri not in own
    head = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    space = _OTHERS.get(head)
    local = iri[len(head) :]
    # the membership properties rdf:_1, rdf:_2 ... are known though nobody lists them
    return bool(space is not None and local and URIRef(iri) not in space and space is not RDF)


def unknown_term(iri: str, own: set[str], cutoff: float = 0.7) -> Text:
    """Return what to say of a term that is not defined; ``own`` are the IRIs of our terms, for a suggestion."""
    head = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
    names = own if iri.startswith(_OWN) else {str(term) for term in dir(_OTHERS[head])}
    local = iri[len(head) :]
    short = Base().shorten(iri)
    prefix = short.partition(":")[0]
    nl, en = did_you_mean(local, [name.removeprefix(head) for name in names], lambda near: f"{prefix}:{near}", cutoff)
    return Text(f"onbekende term {short}{nl}", f"unknown term {short}{en}")


def dead_links(quads: tuple[Quad, ...], places: Places) -> Iterator[Finding]:
    """Yield a Warning for each link to an instance of ours that is described nowhere."""
    described = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
    known = [Base().ref(iri) or "" for iri in described if Base().ref(iri)]
    for quad in quads:
        if not isinstance(quad.object, NamedNode) or quad.object.value in described:
            continue
        ref = Base().ref(quad.object.value)
        if ref is None:
            continue
        nl, en = did_you_mean(ref, known, lambda near: Base().shorten(f"{Base().iri}id/{near}"), 0.8)
        short = Base().shorten(quad.object.value)
        yield Finding(
            _place(quad, places),
            Severity.WARNING,
            "dead-link",
            Text(f"{short} wordt nergens beschreven{nl}", f"{short} is described nowhere{en}"),
            focus=getattr(quad.subject, "value", None),
            path=quad.predicate.value,
            value=quad.object.value,
        )


def conflicting_types(quads: tuple[Quad, ...], places: Places) -> Iterator[Finding]:
    """Yield a Violation for each resource whose types the ontology declares disjoint (owl:AllDisjointClasses)."""
    above = supers(quads)
    disjoint = _disjoint(quads)
    types: dict[str, list[NamedNode]] = defaultdict(list)
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            types[quad.subject.value].append(quad.object)
    for subject, stated in types.items():
        for one, two in combinations(dict.fromkeys(stated), 2):
            pairs = ((a, b) for a in above.get(one, {one}) for b in above.get(two, {two}))
            if any(frozenset(pair) in disjoint for pair in pairs):
                yield _conflict(subject, one, two, places)


def _conflict(subject: str, one: NamedNode, two: NamedNode, places: Places) -> Finding:
    first, second = ((places.all(subject, RDF_TYPE.value, kind.value) or [Place("data")])[0] for kind in (one, two))
    a, b, name = Base().shorten(one.value), Base().shorten(two.value), Base().shorten(subject)
    return Finding(
        second,
        Severity.VIOLATION,
        "conflicting-types",
        Text(
            f"{name} is hier {b}, maar {a} in {first}: kies voor een van beide een andere IRI",
            f"{name} is {b} here, but {a} in {first}: choose another IRI for one of them",
        ),
        focus=subject,
        path=RDF_TYPE.value,
        value=two.value,
    )


def nameless(quads: tuple[Quad, ...], places: Places) -> Iterator[Finding]:
    """Yield a Violation for each thing of ours without an IRI: nobody could refer to it or harvest it."""
    for quad in quads:
        kind = quad.object
        if (
            isinstance(quad.subject, BlankNode)
            and quad.predicate == RDF_TYPE
            and isinstance(kind, NamedNode)
            and kind.value.startswith(_OWN[0])
        ):
            short = Base().shorten(kind.value)
            name = short.removeprefix("wg:").lower()
            owners = (q.subject for q in quads if q.object == quad.subject)
            owner = next((node.value for node in owners if isinstance(node, NamedNode)), "")
            yield Finding(
                places.find(owner, RDF_TYPE.value, kind.value) or Place("data"),
                Severity.VIOLATION,
                "nameless",
                Text(
                    f"een {short} zonder IRI ([] of _:naam): geef haar een naam, bijvoorbeeld {name}:korte-naam",
                    f"a {short} without an IRI ([] or _:name): give it a name, for example {name}:short-name",
                ),
                value=kind.value,
            )


def _disjoint(quads: tuple[Quad, ...]) -> set[frozenset[object]]:
    """Return the pairs of classes declared disjoint, by pair or by list."""
    value: dict[tuple[object, NamedNode], object] = {
        (quad.subject, quad.predicate): quad.object
        for quad in quads
        if quad.predicate in (vocab.RDF["first"], vocab.RDF["rest"])
    }
    pairs: set[frozenset[object]] = {
        frozenset((quad.subject, quad.object)) for quad in quads if quad.predicate == vocab.OWL["disjointWith"]
    }
    for quad in quads:
        if quad.predicate == vocab.OWL["members"]:
            members: list[object] = []
            node: object = quad.object
            while (node, vocab.RDF["first"]) in value:
                members.append(value[node, vocab.RDF["first"]])
                node = value[node, vocab.RDF["rest"]]
            pairs |= {frozenset(pair) for pair in combinations(members, 2)}
    return pairs


def _place(quad: Quad, places: Places) -> Place:
    return places.find(
        getattr(quad.subject, "value", ""), quad.predicate.value, getattr(quad.object, "value", None)
    ) or Place("data")
