"""What follows from what is stated, in a graph of its own, so that no client needs inference.

Four rules, all read from the ontology: superclasses are typed explicitly; the missing direction of an owl:inverseOf
pair is added; a concept's skos:prefLabel is also its rdfs:label; a Koppeling gives the direct relation between a wijk
and a CBS area. Stated and derived triples never mix: what is derived stands in ``{base}id/graaf/afgeleid`` only.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from wijkengids.model.iris import Base
from wijkengids.model.vocab import CC_BY, DCTERMS, OWL, PROV, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, WG

DERIVED = Base().graph("afgeleid")
"""The graph of derived triples (canonical base)."""


def derive(stated: Iterable[Quad]) -> list[Quad]:
    """Return the derived quads that are not stated already, each once, in a fixed order; graph :data:`DERIVED`."""
    quads = tuple(stated)
    known = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    found: dict[tuple[object, NamedNode, object], None] = {}
    for rule in (_superclasses, _inverses, _labels, _relations):
        for triple in rule(quads):
            if triple not in known:
                found[triple] = None
    triples = [*found, *_about_the_graph()]
    return sorted((Quad(s, p, o, DERIVED) for s, p, o in triples), key=str)  # type: ignore[arg-type]


def supers(quads: Iterable[Quad]) -> dict[NamedNode, set[NamedNode]]:
    """Return class to itself and all its superclasses, by rdfs:subClassOf between named classes."""
    direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        if quad.predicate == RDFS["subClassOf"] and isinstance(quad.object, NamedNode):
            direct[quad.subject].add(quad.object)  # type: ignore[index]
    closure: dict[NamedNode, set[NamedNode]] = {}
    for name in direct:
        reached, todo = {name}, [name]
        while todo:
            new = direct.get(todo.pop(), set()) - reached
            reached |= new
            todo.extend(new)
        closure[name] = reached
    return closure


_Triples = Iterator[tuple[object, NamedNode, object]]


def _superclasses(quads: tuple[Quad, ...]) -> _Triples:
    above = supers(quads)
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
            for name in above.get(quad.object, ()):
                yield quad.subject, RDF_TYPE, name


def _inverses(quads: tuple[Quad, ...]) -> _Triples:
    inverse: dict[NamedNode, NamedNode] = {}
    for quad in quads:
        if quad.predicate == OWL["inverseOf"]:
            inverse[quad.subject] = quad.object  # type: ignore[index,assignment]
            inverse[quad.object] = quad.subject  # type: ignore[index,assignment]
    for quad in quads:
        if quad.predicate in inverse and not isinstance(quad.object, Literal):
            yield quad.object, inverse[quad.predicate], quad.subject


def _labels(quads: tuple[Quad, ...]) -> _Triples:
    for quad in quads:
        if quad.predicate == SKOS["prefLabel"]:
            yield quad.subject, RDFS_LABEL, quad.object


def _relations(quads: tuple[Quad, ...]) -> _Triples:
    parts: dict[object, dict[NamedNode, object]] = defaultdict(dict)
    for quad in quads:
        if quad.predicate in (WG["wijk"], WG["gebied"], WG["relatie"]):
            parts[quad.subject][quad.predicate] = quad.object
    for part in parts.values():
        relation = part.get(WG["relatie"])
        if isinstance(relation, NamedNode) and WG["wijk"] in part and WG["gebied"] in part:
            yield part[WG["wijk"]], relation, part[WG["gebied"]]


def _about_the_graph() -> _Triples:
    """Say what the derived graph is, as every graph says of itself."""
    yield DERIVED, RDF_TYPE, PROV["Bundle"]
    yield DERIVED, RDF_TYPE, PROV["Entity"]
    yield DERIVED, RDFS_LABEL, Literal("Afgeleide uitspraken", language="nl")
    yield DERIVED, RDFS_LABEL, Literal("Derived statements", language="en")
    yield DERIVED, DCTERMS["license"], CC_BY
