"""The SPARQL service described in RDF: what it speaks, what it holds, what a query may take, and examples.

Source: SPARQL 1.1 Service Description; the examples as SHACL executables, after those of SIB
(https://github.com/sib-swiss/sparql-examples). Everything has an IRI under ``{base}sparql#``; nothing is blank.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from wijkengids.documents.describe import describe_graph
from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.engine.pool import Limits
from wijkengids.errors import QueryProblem
from wijkengids.knowledge.questions import Question
from wijkengids.model.formats import GRAPH_FORMATS, RESULTS_FORMATS
from wijkengids.model.vocab import CC_BY, DCTERMS, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, SD, SH, VOID, XSD
from wijkengids.release.catalogue import GRAPH as CATALOGUE
from wijkengids.release.store import OpenRelease

Triple = tuple[NamedNode, NamedNode, NamedNode | Literal]

_GEOF = "http://www.opengis.net/def/function/geosparql/"
_NAMES = """
area asGeoJSON centroid convexHull coordinateDimension difference dimension distance ehContains ehCoveredBy ehCovers
ehDisjoint ehEquals ehInside ehMeet ehOverlap envelope getSRID intersection isEmpty isSimple length perimeter rcc8dc
rcc8ec rcc8eq rcc8ntpp rcc8ntppi rcc8po rcc8tpp rcc8tppi sfContains sfCrosses sfDisjoint sfEquals sfIntersects
sfOverlaps sfTouches sfWithin spatialDimension symDifference union
"""
FUNCTIONS = tuple(_GEOF + name for name in _NAMES.split())
"""The extension functions of the engine: GeoSPARQL 1.1, as far as pyoxigraph has them (a test asks it)."""

_EXECUTABLES = {
    QueryForm.SELECT: (SH["SPARQLSelectExecutable"], SH["select"]),
    QueryForm.ASK: (SH["SPARQLAskExecutable"], SH["ask"]),
    QueryForm.CONSTRUCT: (SH["SPARQLConstructExecutable"], SH["construct"]),
}


def service_description(
    release: OpenRelease, limits: Limits, own: bool = True, endpoints: Sequence[str] = ()
) -> list[Quad]:
    """Return the description of the service on a release under ``limits``, in the default graph.

    ``own`` says that our own engine answers; of one elsewhere we know neither the functions nor the memory it gives.
    ``endpoints`` are those that SERVICE may name.
    """
    endpoint = NamedNode(f"{release.base.iri}sparql")
    found = [
        *_service(endpoint, FUNCTIONS if own else ()),
        *_words(endpoint, limits, own, bool(endpoints)),
        *_federation(endpoint, endpoints),
        *_dataset(release, endpoint),
        *_examples(release, endpoint),
    ]
    return [Quad(*triple) for triple in found]


def _service(service: NamedNode, functions: Iterable[str]) -> Iterator[Triple]:
    yield service, RDF_TYPE, SD["Service"]
    yield service, SD["endpoint"], service
    yield service, SD["supportedLanguage"], SD["SPARQL11Query"]
    for format_ in (*RESULTS_FORMATS, *GRAPH_FORMATS):
        if format_.iri:
            yield service, SD["resultFormat"], NamedNode(format_.iri)
    # no sd:DereferencesURIs: FROM fetches nothing
    yield service, SD["feature"], SD["UnionDefaultGraph"]
    yield service, SD["defaultEntailmentRegime"], NamedNode("http://www.w3.org/ns/entailment/Simple")
    for name in functions:
        yield service, SD["extensionFunction"], NamedNode(name)
        yield NamedNode(name), RDF_TYPE, SD["Function"]


def _federation(service: NamedNode, endpoints: Sequence[str]) -> Iterator[Triple]:
    """Say which endpoints SERVICE may name; there is no term for it, so each is a service that ours refers to."""
    if not endpoints:
        return
    yield service, SD["feature"], SD["BasicFederatedQuery"]
    for iri in endpoints:
        yield service, DCTERMS["references"], NamedNode(iri)
        yield NamedNode(iri), RDF_TYPE, SD["Service"]
        yield NamedNode(iri), SD["endpoint"], NamedNode(iri)
    yield from _both(
        service,
        RDFS["comment"],
        f"SERVICE mag deze endpoints noemen, en geen andere: {', '.join(endpoints)}. De hele tabel van SERVICE wordt"
        " opgehaald voordat er gekoppeld wordt, dus beperk haar binnen de accolades.",
        f"SERVICE may name these endpoints, and no others: {', '.join(endpoints)}. The whole table of a SERVICE is"
        " fetched before it is joined, so narrow it within its braces.",
    )


def _words(service: NamedNode, limits: Limits, own: bool, federated: bool) -> Iterator[Triple]:
    """Say the limits and the rest that has no term of its own in any vocabulary that clients know."""
    seconds, size, mebibytes = f"{limits.deadline:g}", limits.result // 2**20, limits.memory // 2**20
    memory = (f", {mebibytes} MiB geheugen vragen", f", use {mebibytes} MiB of memory") if own else ("", "")
    refused = (
        ("een update krijgt", "an update gets")
        if federated
        else ("een update en SERVICE krijgen", "an update and SERVICE get")
    )
    yield from _both(
        service, RDFS_LABEL, "SPARQL-dienst van de wijkengids", "SPARQL service of the wijkengids (neighbourhood guide)"
    )
    yield from _both(
        service,
        RDFS["comment"],
        f"Een vraag mag {seconds} seconden lopen{memory[0]} en een antwoord van {size} MiB geven;"
        f" er lopen er {limits.workers} tegelijk en er wachten er hoogstens {limits.queue}. Aantal rijen: geen grens."
        f" Wie meer vraagt krijgt 503 met raad. Alleen lezen: {refused[0]} 403. FROM haalt niets op: een graaf die de"
        " uitgave niet heeft is leeg.",
        f"A query may run for {seconds} seconds{memory[1]} and give an answer of {size} MiB;"
        f" {limits.workers} run at once and at most {limits.queue} wait. Number of rows: no limit. Who asks more gets a"
        f" 503 with advice. Read only: {refused[1]} a 403. FROM fetches nothing: a graph that the release does not have"
        " is empty.",
    )
    yield from _both(
        service,
        RDFS["comment"],
        "Er wordt niet geredeneerd bij het antwoorden (simple entailment). Wat uit de gegevens is afgeleid staat als"
        " triple in de uitgave.",
        "Nothing is inferred while answering (simple entailment). What was derived from the data stands as triples in"
        " the release.",
    )
    yield service, DCTERMS["license"], CC_BY


def _dataset(release: OpenRelease, service: NamedNode) -> Iterator[Triple]:
    """Say which graphs there are and how large; the default graph is their union, the catalogue's included."""
    dataset, default = NamedNode(f"{service.value}#dataset"), NamedNode(f"{service.value}#default-graph")
    manifest, catalogue = release.release.manifest, release.base.graph(CATALOGUE)
    own = describe_graph(release.store, catalogue)
    elsewhere = sum(_is_elsewhere(release, quad) for quad in own)
    yield service, SD["defaultDataset"], dataset
    yield service, RDFS["seeAlso"], NamedNode(f"{release.base.iri}void")
    yield dataset, RDF_TYPE, SD["Dataset"]
    yield dataset, SD["defaultGraph"], default
    yield dataset, RDFS["seeAlso"], release.base.resource("dataset", "wijkengids")
    yield default, RDF_TYPE, SD["Graph"]
    yield default, VOID["triples"], _number(manifest.triples + len(own) - elsewhere)
    for name, number in sorted((manifest.graphs | {catalogue.value: len(own)}).items()):
        path = name.removeprefix(f"{release.base.iri}id/graaf/")
        node = NamedNode(f"{service.value}#graaf/{path}")
        graph = NamedNode(f"{service.value}#inhoud/{path}")
        yield dataset, SD["namedGraph"], node
        yield node, RDF_TYPE, SD["NamedGraph"]
        yield node, SD["name"], NamedNode(name)
        yield node, SD["graph"], graph
        yield graph, RDF_TYPE, SD["Graph"]
        yield graph, VOID["triples"], _number(number)


def _is_elsewhere(release: OpenRelease, quad: Quad) -> bool:
    """Tell whether another named graph states what the catalogue states."""
    found = release.store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(other.graph_name not in {DefaultGraph(), quad.graph_name} for other in found)


def _examples(release: OpenRelease, service: NamedNode) -> Iterator[Triple]:
    prefixes = NamedNode(f"{service.value}#prefixes")
    for name, namespace in release.base.prefixes().items():
        declared = NamedNode(f"{service.value}#prefix/{name}")
        yield prefixes, SH["declare"], declared
        yield declared, SH["prefix"], Literal(name)
        yield declared, SH["namespace"], Literal(namespace, datatype=XSD["anyURI"])
    for question in release.questions.values():
        yield from _example(release, question, service, prefixes)


def _example(release: OpenRelease, question: Question, service: NamedNode, prefixes: NamedNode) -> Iterable[Triple]:
    """Return a question as an example that tools can run; none where its form has no word in SHACL."""
    node = NamedNode(f"{release.base.iri}queries/{question.name}")
    text = "\n".join(line for line in question.query.splitlines() if not line.startswith("#+")).strip() + "\n"
    try:
        kind, predicate = _EXECUTABLES[inspect(text)[0]]
    except (KeyError, QueryProblem):
        return []
    said = {"nl": question.title.nl, "en": question.title.en}
    more = {"nl": question.description.nl, "en": question.description.en}
    return [
        (node, RDF_TYPE, SH["SPARQLExecutable"]),
        (node, RDF_TYPE, kind),
        *((node, RDFS_LABEL, Literal(said[language], language=language)) for language in said),
        *((node, RDFS["comment"], Literal(f"{said[i]}. {more[i]}", language=i)) for i in said),
        (node, SH["prefixes"], prefixes),
        (node, predicate, Literal(text)),
        (node, SCHEMA["target"], service),
    ]


def _both(node: NamedNode, predicate: NamedNode, nl: str, en: str) -> Iterator[Triple]:
    yield node, predicate, Literal(nl, language="nl")
    yield node, predicate, Literal(en, language="en")


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD["integer"])
