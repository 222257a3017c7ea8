"""What documents have to know of the whole release: name and shape of every term, and its schema.org counterpart.

Looked at once, in the build, so that a property has the same name and the same shape in every JSON document of a
release: always a list where any thing has two values, always a language map where all its texts have a language.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.model.iris import Base
from wijkengids.model.vocab import ALTR, DCTERMS, FOAF, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, SKOS, VOID, XSD

NAME = "terms.json"
RESERVED = ("id", "type", "document", "incoming", "included")
"""Names that mean something in every JSON-LD document; no term gets them."""

_LOCAL = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True)
class Term:
    """Name and shape of one class or property.

    ``kind`` is what all its values are: '@id' (things), '@language' (texts with a language), the IRI of a datatype, or
    '' where they differ. ``many`` says that a thing may have several; ``nodes`` that values are things with a label;
    ``nameless`` that a blank node refers to a thing by it.
    """

    name: str
    kind: str = ""
    many: bool = False
    nodes: bool = False
    nameless: bool = False

    def definition(self, iri: str) -> str | dict[str, Any]:
        """Return the term's entry in a JSON-LD context."""
        found: dict[str, Any] = {"@id": iri}
        containers = ["@language"] if self.kind == "@language" else []
        if self.kind not in {"", "@language", XSD["string"].value}:
            found["@type"] = self.kind
        if self.many:
            containers.append("@set")
        if containers:
            found["@container"] = containers[0] if len(containers) == 1 else containers
        return found if len(found) > 1 else iri


@dataclass(frozen=True)
class Terms:
    """The terms of a release.

    ``by_iri`` has every property and class; ``schema_classes`` and ``schema_properties`` say which term of schema.org
    stands for one of them.
    """

    by_iri: dict[str, Term]
    schema_classes: dict[str, str]
    schema_properties: dict[str, list[str]]

    @cached_property
    def nameless(self) -> frozenset[NamedNode]:
        """The properties by which some blank node refers to a thing."""
        return frozenset(NamedNode(iri) for iri, term in self.by_iri.items() if term.nameless)

    def name(self, iri: str) -> str:
        """Return the name of a term, or its IRI where the release does not use it."""
        return self.by_iri[iri].name if iri in self.by_iri else iri

    def write(self, folder: Path) -> None:
        """Write the terms into a release folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Terms:
        """Read the terms of a release folder; FileNotFoundError where it is of before they were written."""
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        by_iri = {iri: Term(**term) for iri, term in found["by_iri"].items()}
        return cls(by_iri, found["schema_classes"], found["schema_properties"])


@dataclass
class _Seen:
    """What was seen of one property."""

    kinds: set[str] = field(default_factory=set)
    many: bool = False
    nodes: bool = False
    nameless: bool = False


def read_terms(quads: Sequence[Quad], base: Base) -> Terms:
    """Return the terms of all quads of a release, those of the documents' own metadata included."""
    everything = [*quads, *_metadata(base)]
    seen = _shapes(everything)
    classes = {q.object.value for q in everything if q.predicate == RDF_TYPE and isinstance(q.object, NamedNode)}
    names = _names(sorted({*seen, *classes}), base)
    terms = {}
    for iri, name in names.items():
        found = seen.get(iri, _Seen())
        kind = next(iter(found.kinds)) if len(found.kinds) == 1 else ""
        terms[iri] = Term(name, kind, found.many, found.nodes, found.nameless)
    return Terms(terms, *_schema(quads))


def _shapes(quads: Sequence[Quad]) -> dict[str, _Seen]:
    labelled = {quad.subject for quad in quads if quad.predicate == RDFS_LABEL}
    seen: dict[NamedNode, _Seen] = defaultdict(_Seen)
    first: dict[int, int] = {}  # hashes, not terms: a release may hold millions of quads
    for quad in quads:
        predicate, value = quad.predicate, quad.object
        found = seen[predicate]
        kind = _kind(value)
        found.kinds.add(kind)
        if not found.many:
            language = value.language if isinstance(value, Literal) else None
            found.many = first.setdefault(hash((quad.subject, predicate, language)), hash(value)) != hash(value)
        if kind == "@id" and not (found.nodes and found.nameless):
            found.nodes = found.nodes or not isinstance(value, NamedNode) or value in labelled
            found.nameless = found.nameless or isinstance(quad.subject, BlankNode)
    return {predicate.value: found for predicate, found in seen.items()}


def _kind(value: object) -> str:
    if isinstance(value, Literal):
        return "@language" if value.language else value.datatype.value
    return "@id"


def _metadata(base: Base) -> list[Quad]:
    """Return what the shape of metadata is, by example: see ``documents/metadata.py``."""
    one, two, label = NamedNode(base.iri + "a"), NamedNode(base.iri + "b"), Literal("a", language="nl")
    number = Literal("1", datatype=XSD["integer"])
    graphs = [Quad(one, DCTERMS["source"], node) for node in (one, two)]
    parts = [Quad(one, DCTERMS["hasPart"], node) for node in (one, two)]
    single = [Quad(one, term, one) for term in (FOAF["primaryTopic"], VOID["linkPredicate"])]
    loose = [Quad(one, term, two) for term in (DCTERMS["license"], RDFS["seeAlso"], DCTERMS["isPartOf"])]
    forms = [Quad(one, ALTR["hasRepresentation"], node) for node in (one, two)]
    forms += [Quad(one, ALTR["hasDefaultRepresentation"], two), Quad(one, RDF_TYPE, ALTR["Representation"])]
    forms += [Quad(one, DCTERMS["format"], Literal("text/turtle")), Quad(one, DCTERMS["conformsTo"], one)]
    types = [Quad(one, RDF_TYPE, kind) for kind in (FOAF["Document"], VOID["Linkset"])]
    named = [Quad(one, RDFS_LABEL, label), Quad(one, VOID["triples"], number)]
    return [*named, *types, *graphs, *parts, *single, *loose, *forms]


def _names(iris: Iterable[str], base: Base) -> dict[str, str]:
    """Return IRI to a name that no other has: the local name; behind the prefix where that is taken or reserved."""
    rank = {namespace: number for number, namespace in enumerate(base.prefixes().values())}
    split = {iri: _split(iri) for iri in iris}
    taken: set[str] = {*RESERVED}
    names: dict[str, str] = {}
    for iri in sorted(split, key=lambda iri: (rank.get(split[iri][0], len(rank)), iri)):
        local = split[iri][1]
        prefix = base.shorten(iri).partition(":")[0]
        for name in (local, f"{prefix}_{local}"):
            if name not in taken and _LOCAL.fullmatch(name):
                names[iri] = name
                taken.add(name)
                break
    return names


def _split(iri: str) -> tuple[str, str]:
    at = max(iri.rfind("#"), iri.rfind("/")) + 1
    return iri[:at], iri[at:]


def _schema(quads: Iterable[Quad]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return class to its schema.org class and property to its schema.org properties, as the ontology says them.

    skos:closeMatch goes before rdfs:subClassOf and rdfs:subPropertyOf; the first by name where there are several.
    """
    matches: dict[NamedNode, dict[str, list[str]]]
    matches = {SKOS["closeMatch"]: {}, RDFS["subClassOf"]: {}, RDFS["subPropertyOf"]: {}}
    for quad in quads:
        if quad.predicate in matches and quad.object in SCHEMA:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                matches[quad.predicate].setdefault(subject.value, []).append(value.value)
    classes: dict[str, str] = {}
    properties: dict[str, list[str]] = {}
    for found in reversed(matches.values()):
        for iri, names in found.items():
            if _split(names[0])[1][0].isupper():
                classes[iri] = min(names)
            else:
                properties[iri] = sorted(set(names))
    return classes, properties
