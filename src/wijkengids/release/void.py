"""VoID: what is in the dataset, counted. Made in the build, outside the digest and the store, in a file of its own.

In the store the partitions (thousands of statements about classes and properties) would stand in the answer to every
query about those, and in every document about them. ``{base}void`` gives the file in all formats.

All counts are over the distinct triples of the named graphs, the catalogue left out: over what the dumps hold.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from wijkengids.model.formats import GRAPH_FORMATS
from wijkengids.model.iris import Base
from wijkengids.model.serialize import to_bytes
from wijkengids.model.vocab import CC_BY, DCTERMS, FOAF, RDF_TYPE, RDFS, RDFS_LABEL, VOID, XSD

NAME = "void.nt"
"""The file in a release folder: sorted N-Triples."""

_EXAMPLES = ("Wijk", "Organisatie", "Maatregel", "Gidsartikel")
"""Classes of which the first instance by IRI is an example."""


@dataclass
class _Part:
    """Triples counted, with their distinct subjects and objects as hashes: a release may hold millions of triples."""

    triples: int = 0
    subjects: set[int] = field(default_factory=set)
    objects: set[int] = field(default_factory=set)
    parts: dict[str, _Part] = field(default_factory=lambda: defaultdict(_Part))
    """By property."""

    def add(self, subject: int, predicate: str, value: int) -> None:
        """Count a triple, here and under its property."""
        for part in (self, self.parts[predicate]):
            part.triples += 1
            part.subjects.add(subject)
            part.objects.add(value)


@dataclass
class Counts:
    """What there is in a dataset: as a whole, by property, and by class with its properties."""

    whole: _Part
    classes: dict[str, _Part]
    entities: int
    """Things with an IRI in our space of IRIs, as subject."""
    examples: tuple[str, ...]


def count(quads: Sequence[Quad], base: Base) -> Counts:
    """Count the merge of the quads, in two passes: the classes of every subject first."""
    types: dict[int, set[str]] = defaultdict(set)
    examples: dict[str, str] = {}
    wanted = {base.term(name).value: name for name in _EXAMPLES}
    for quad in quads:
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
            name = quad.object.value
            types[hash(quad.subject)].add(name)
            if name in wanted and isinstance(quad.subject, NamedNode):
                examples[name] = min(examples.get(name, quad.subject.value), quad.subject.value)
    whole, classes, entities, seen = _Part(), defaultdict[str, _Part](_Part), set[int](), set[int]()
    space = f"{base.iri}id/"
    for quad in quads:
        triple = hash(quad.triple)
        if triple in seen:
            continue
        seen.add(triple)
        subject, predicate, value = hash(quad.subject), quad.predicate.value, hash(quad.object)
        whole.add(subject, predicate, value)
        for name in types.get(subject, ()):
            classes[name].add(subject, predicate, value)
        if subject not in entities and isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(space):
            entities.add(subject)
    return Counts(whole, classes, len(entities), tuple(examples[name] for name in wanted if name in examples))


Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]


def void(quads: Sequence[Quad], base: Base) -> Iterator[Quad]:
    """Yield the description of the dataset that the quads are (as triples, in the default graph)."""
    counts = count(quads, base)
    dataset, document = base.resource("dataset", "wijkengids"), NamedNode(f"{base.iri}void")
    found: list[Triple] = [
        (document, RDF_TYPE, VOID["DatasetDescription"]),
        (document, FOAF["primaryTopic"], dataset),
        (document, DCTERMS["license"], CC_BY),
        *_texts(document, RDFS_LABEL, "De wijkengids in cijfers", "The wijkengids in figures"),
        (dataset, RDF_TYPE, VOID["Dataset"]),
        *_texts(dataset, DCTERMS["title"], "Wijkengids als kennisgraaf", "Wijkengids as a knowledge graph"),
        *_texts(
            dataset,
            RDFS["comment"],
            "Geteld zijn de verschillende triples van alle benoemde grafen samen, de catalogus niet meegerekend.",
            "Counted are the distinct triples of all named graphs together, the catalogue left out.",
        ),
        (dataset, DCTERMS["license"], CC_BY),
        (dataset, FOAF["homepage"], NamedNode(base.iri)),
        (dataset, VOID["sparqlEndpoint"], NamedNode(f"{base.iri}sparql")),
        (dataset, VOID["uriSpace"], Literal(f"{base.iri}id/")),
        *((dataset, VOID["exampleResource"], NamedNode(iri)) for iri in counts.examples),
        *((dataset, VOID["vocabulary"], NamedNode(iri)) for iri in _vocabularies(counts, base)),
        *((dataset, VOID["dataDump"], NamedNode(f"{base.iri}dump/wijkengids.{f.name}")) for f in GRAPH_FORMATS),
        *((dataset, VOID["feature"], NamedNode(f.iri)) for f in GRAPH_FORMATS if f.iri),
        (dataset, VOID["entities"], _number(counts.entities)),
        (dataset, VOID["classes"], _number(len(counts.classes))),
        *_figures(dataset, counts.whole),
        *_properties(dataset, counts.whole, f"{base.iri}void#", base),
    ]
    for name, part in counts.classes.items():
        stem = f"{base.iri}void#klasse/{_token(name, base)}"
        node = NamedNode(stem)
        found += [
            (dataset, VOID["classPartition"], node),
            (node, RDF_TYPE, VOID["Dataset"]),
            (node, VOID["class"], NamedNode(name)),
            (node, VOID["entities"], _number(len(part.subjects))),
            *_figures(node, part),
            *_properties(node, part, f"{stem}/", base),
        ]
    return (Quad(*triple) for triple in found)


def _figures(node: NamedNode, part: _Part) -> list[Triple]:
    return [
        (node, VOID["triples"], _number(part.triples)),
        (node, VOID["distinctSubjects"], _number(len(part.subjects))),
        (node, VOID["distinctObjects"], _number(len(part.objects))),
        *([(node, VOID["properties"], _number(len(part.parts)))] if part.parts else []),
    ]


def _properties(node: NamedNode, part: _Part, stem: str, base: Base) -> Iterator[Triple]:
    for name, own in part.parts.items():
        partition = NamedNode(f"{stem}eigenschap/{_token(name, base)}")
        yield node, VOID["propertyPartition"], partition
        yield partition, RDF_TYPE, VOID["Dataset"]
        yield partition, VOID["property"], NamedNode(name)
        yield from _figures(partition, own)


def _token(iri: str, base: Base) -> str:
    """Return what stands for a term in the IRI of its partition: 'wg/Wijk', or all of the IRI where no prefix fits."""
    short = base.shorten(iri)
    return quote(iri, safe="") if short == iri else short.replace(":", "/", 1)


def _vocabularies(counts: Counts, base: Base) -> list[str]:
    """Return the namespaces of the classes and properties that occur, by IRI."""
    spaces = sorted(base.prefixes().values(), key=len, reverse=True)
    found = set()
    for iri in (*counts.whole.parts, *counts.classes):
        found.add(next((space for space in spaces if iri.startswith(space)), iri[: max(map(iri.rfind, "#/")) + 1]))
    return sorted(found)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD["integer"])


def _texts(node: NamedNode, predicate: NamedNode, nl: str, en: str) -> list[Triple]:
    return [(node, predicate, Literal(nl, language="nl")), (node, predicate, Literal(en, language="en"))]


def write_void(folder: Path, quads: Iterable[Quad]) -> None:
    """Write a description into a release folder; the same description gives the same bytes."""
    lines = to_bytes(list(quads), RdfFormat.N_TRIPLES).splitlines(keepends=True)
    (folder / NAME).write_bytes(b"".join(sorted(set(lines))))


def read_void(folder: Path) -> list[Quad] | None:
    """Return the description in a release folder; None where the release is of before they were made."""
    path = folder / NAME
    return list(parse(path=str(path), format=RdfFormat.N_TRIPLES)) if path.is_file() else None
