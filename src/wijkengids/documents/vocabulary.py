"""The ontology as a reader meets it: classes and properties, with what the shapes and the release say of each.

The ontology itself has no domains and ranges (no reasoner is to invent types): which property goes with which class
is read from the shapes, so that a page and a check never differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import islice

from pyoxigraph import DefaultGraph, NamedNode

from wijkengids.documents.expressions import expression, said
from wijkengids.documents.facts import Facts, Piece, of_graphs
from wijkengids.documents.shapes import Rule, Shapes, anchor
from wijkengids.documents.terms import Class, Property, Use, Words, use_of
from wijkengids.model.vocab import OWL, RDF_TYPE, RDFS, RDFS_LABEL, SKOS
from wijkengids.release.store import OpenRelease

GRAPHS = ("ontology/wijkengids", "ontology/shapes", "ontology/hergebruik", "ontology/schema-org")
"""The graphs that speak of terms; labels of all else come from the release."""

PROPERTY_KINDS = (OWL["ObjectProperty"], OWL["DatatypeProperty"], OWL["AnnotationProperty"])
_SEE = (
    *(OWL["equivalentClass"], OWL["equivalentProperty"], RDFS["seeAlso"]),
    *(SKOS[f"{name}Match"] for name in ("exact", "close", "broad", "narrow", "related")),
)
_SHOWN = {
    RDF_TYPE, RDFS_LABEL, RDFS["isDefinedBy"], RDFS["subClassOf"], RDFS["subPropertyOf"], OWL["inverseOf"],
    SKOS["definition"], SKOS["scopeNote"], SKOS["example"], *_SEE,
}  # fmt: skip
_CHECKED = 100  # instances looked at to find an example: enough to be the same one each time, few enough to be fast


class Vocabulary:
    """The ontology of a release in one language."""

    def __init__(self, release: OpenRelease, language: str) -> None:
        self.facts = Facts(release, of_graphs(release, GRAPHS), language)
        self.shapes = Shapes(self.facts)
        self.kinds = self._ours(self.facts.instances(OWL["Class"]))
        named = {node for kind in PROPERTY_KINDS for node in self.facts.instances(kind)}
        self.properties = self._ours(sorted(named, key=str))

    def _ours(self, nodes: Iterable[NamedNode]) -> tuple[NamedNode, ...]:
        return tuple(node for node in nodes if node.value.startswith(self.facts.base.iri + "def#"))

    # -- classes

    def about_class(self, kind: NamedNode) -> Class:
        """Return one class."""
        facts = self.facts
        ancestors = self.ancestors(kind)
        quads = facts.release.store.quads_for_pattern(None, RDF_TYPE, kind, DefaultGraph())
        found = [quad.subject for quad in islice(quads, _CHECKED) if isinstance(quad.subject, NamedNode)]
        return Class(
            words=self.words(kind),
            above=tuple(facts.iris(kind, RDFS["subClassOf"])),
            described=tuple(
                expression(facts, value)
                for value in facts.values(kind, RDFS["subClassOf"])
                if not isinstance(value, NamedNode)
            ),
            below=tuple(node for node in facts.subjects(RDFS["subClassOf"], kind) if isinstance(node, NamedNode)),
            apart=self.apart.get(kind, ()),
            uses=self.uses.get(kind, ()),
            inherited=tuple((node, self.uses[node]) for node in ancestors if node in self.uses),
            incoming=self.incoming.get(kind, ()),
            shapes=tuple(shape for node in (kind, *ancestors) for shape in self.shapes.targeting.get(node, ())),
            instances=facts.release.release.manifest.classes.get(kind.value, 0),
            example=min(found, key=str, default=None),
        )

    def ancestors(self, kind: NamedNode) -> list[NamedNode]:
        """Return all superclasses, nearest first."""
        found: list[NamedNode] = []
        todo = [kind]
        while todo:
            new = [node for node in self.facts.iris(todo.pop(0), RDFS["subClassOf"]) if node not in found]
            found += new
            todo += new
        return found

    @cached_property
    def uses(self) -> dict[NamedNode, tuple[Use, ...]]:
        """Class to the properties that the shapes on that class itself are about."""
        found: dict[NamedNode, tuple[Use, ...]] = {}
        for kind in self.shapes.targeting:
            by_property: dict[NamedNode, list[Rule]] = {}
            for _, rule in sorted(self.shapes.on(kind), key=lambda pair: pair[1].order):
                if rule.predicate is not None and rule.predicate != RDF_TYPE:
                    by_property.setdefault(rule.predicate, []).append(rule)
            found[kind] = tuple(use_of(kind, name, rules) for name, rules in by_property.items())
        return found

    @cached_property
    def incoming(self) -> dict[NamedNode, tuple[Use, ...]]:
        """Class to the properties whose values are of it."""
        found: dict[NamedNode, list[Use]] = {}
        for kind in sorted(self.uses, key=str):
            for use in self.uses[kind]:
                for value in use.values:
                    found.setdefault(value, []).append(use)
        return {
            value: tuple(sorted(uses, key=lambda u: (str(u.predicate), str(u.kind)))) for value, uses in found.items()
        }

    @cached_property
    def general(self) -> frozenset[NamedNode]:
        """The properties of nearly everything (label, description ...), by the shapes that target half the classes."""
        return frozenset(rule.predicate for rule in self._wide if rule.predicate)

    def is_general(self, use: Use) -> bool:
        """Tell whether a class has a property only as nearly everything has it."""
        return all(rule in self._wide for rule in use.rules)

    @cached_property
    def _wide(self) -> tuple[Rule, ...]:
        ours = set(self.kinds)
        wide = (shape for shape in self.shapes.shapes if 2 * len(ours.intersection(shape.targets)) > len(ours))
        return tuple(rule for shape in wide for rule in shape.rules)

    @cached_property
    def apart(self) -> dict[NamedNode, tuple[NamedNode, ...]]:
        """Class to the classes that share no instance with it, as stated for the class itself."""
        found: dict[NamedNode, set[NamedNode]] = {}
        for head in self.facts.subjects(RDF_TYPE, OWL["AllDisjointClasses"]):
            members = [n for n in self.facts.items(self.facts.one(head, OWL["members"])) if isinstance(n, NamedNode)]
            for member in members:
                found.setdefault(member, set()).update(other for other in members if other != member)
        return {kind: tuple(sorted(others, key=str)) for kind, others in found.items()}

    # -- properties

    def about_property(self, node: NamedNode) -> Property:
        """Return one property."""
        facts = self.facts
        direct, backward = facts.iris(node, OWL["inverseOf"]), facts.subjects(OWL["inverseOf"], node)
        inverse = {other for other in [*direct, *backward] if isinstance(other, NamedNode)}
        return Property(
            words=self.words(node),
            kinds=tuple(facts.iris(node, RDF_TYPE)),
            above=tuple(facts.iris(node, RDFS["subPropertyOf"])),
            below=tuple(one for one in facts.subjects(RDFS["subPropertyOf"], node) if isinstance(one, NamedNode)),
            inverse=tuple(sorted(inverse, key=str)),
            derived=bool(inverse) and node not in self.where and not direct,
            uses=self.where.get(node, ()),
            rules=tuple(
                (shape, rule)
                for shape in self.shapes.shapes
                for rule in shape.rules
                if any(piece.iri == node.value for piece in rule.path)
            ),
            example=self._statement(node),
        )

    @cached_property
    def where(self) -> dict[NamedNode, tuple[Use, ...]]:
        """Property to its uses, by class."""
        found: dict[NamedNode, tuple[Use, ...]] = {}
        for kind in sorted(self.uses, key=str):
            for use in self.uses[kind]:
                found[use.predicate] = (*found.get(use.predicate, ()), use)
        return found

    def _statement(self, node: NamedNode) -> tuple[Piece, Piece] | None:
        """Return the first of some statements with a property, as subject and object."""
        quads = self.facts.release.store.quads_for_pattern(None, node, None, DefaultGraph())
        first = min(islice(quads, _CHECKED), key=str, default=None)
        if first is None or not isinstance(first.subject, NamedNode):
            return None
        found = first.object
        value = self.facts.piece(found) if isinstance(found, NamedNode) else Piece(getattr(found, "value", str(found)))
        return self.facts.piece(first.subject), value

    # -- both

    def words(self, node: NamedNode) -> Words:
        """Return what a term says of itself."""
        facts = self.facts
        return Words(
            node=node,
            anchor=anchor(node),
            label=facts.named(node),
            other=facts.other(node, RDFS_LABEL),
            definition=facts.text(node, SKOS["definition"]),
            notes=tuple(facts.texts(node, SKOS["scopeNote"])),
            examples=tuple(facts.texts(node, SKOS["example"])),
            see=said(facts, node, _SEE),
            more=said(facts, node, (term for term in facts.predicates(node) if term not in _SHOWN)),
        )

    # -- terms of others

    def borrowed(self) -> list[NamedNode]:
        """Return the classes and properties of others that the ontology builds on or the shapes ask for."""
        facts = self.facts
        found: set[NamedNode] = set()
        for node in (*self.kinds, *self.properties):
            found.update(facts.iris(node, RDFS["subClassOf"]), facts.iris(node, RDFS["subPropertyOf"]))
        found.update(self.where, self.incoming, self.uses)
        return sorted((node for node in found if not node.value.startswith(facts.base.iri)), key=str)

    def below(self, node: NamedNode) -> list[NamedNode]:
        """Return our classes and properties that fall directly under a term."""
        facts = self.facts
        found = facts.subjects(RDFS["subClassOf"], node) + facts.subjects(RDFS["subPropertyOf"], node)
        return [one for one in found if isinstance(one, NamedNode) and one.value.startswith(facts.base.iri)]
