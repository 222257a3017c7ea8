"""What a document says of itself: what it is about, its licence, who states it, and where the rest of it is."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.model.vocab import CC_BY, DCTERMS, FOAF, RDF_TYPE, RDFS, VOID, XSD


@dataclass(frozen=True)
class Holding:
    """What a named graph holds: the number of its triples, and path and query (no leading slash) of them all."""

    count: int
    path: str


def sources(document: Document) -> list[NamedNode]:
    """Return the named graphs that state something of what the document shows, labels left out, by IRI."""
    about = document.description
    quads = (*about.statements, *(quad for links in about.incoming for quad in links.quads))
    found = {quad.graph_name for quad in quads}
    return sorted((graph for graph in found if isinstance(graph, NamedNode)), key=lambda graph: graph.value)


def licenses(document: Document) -> list[NamedNode]:
    """Return the licences under which those graphs are given, by IRI; never none."""
    store, term = document.release.store, DCTERMS["license"]
    found = {q.object for g in sources(document) for q in store.quads_for_pattern(g, term, None, DefaultGraph())}
    return sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value) or [CC_BY]


def holding(document: Document) -> Holding | None:
    """Return what a resource holds where it is a named graph; None for anything else, and on a page of links."""
    store, iri = document.release.store, document.iri
    if document.page is not None or not store.contains_named_graph(iri):
        return None
    count = document.release.release.manifest.graphs.get(iri.value)
    if count is None:  # the catalogue: made after the manifest has counted
        count = sum(1 for _ in store.quads_for_pattern(None, None, None, iri))
    query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri} {{ ?s ?p ?o }} }}"
    return Holding(count, "sparql?" + urlencode({"query": query}))


def holding_quads(document: Document) -> list[Quad]:
    """Return what :func:`holding` says, in the graph of the document."""
    held, iri, url = holding(document), document.iri, document.url
    if held is None:
        return []
    return [
        Quad(iri, VOID["triples"], _integer(held.count), url),
        Quad(iri, RDFS["seeAlso"], NamedNode(document.release.base.iri + held.path), url),
    ]


def metadata(document: Document) -> list[Quad]:
    """Return what a document says of itself, in a graph of its own: that of its IRI.

    Nothing here depends on the format, on the moment, or on the release as a whole.
    """
    url, found = document.url, document.description
    triples: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = []
    if url != document.iri:  # a profile stands at its own address
        triples += [(url, RDF_TYPE, FOAF["Document"]), (url, FOAF["primaryTopic"], document.iri)]
    triples += [
        *((url, DCTERMS["license"], node) for node in licenses(document)),
        *((url, DCTERMS["source"], node) for node in sources(document)),
    ]
    if document.page is not None:
        triples.append((url, DCTERMS["isPartOf"], document.home))
    for links in found.incoming:
        if links.pages > 1:
            rest, following = document.links(links.predicate), document.next_page(links.predicate, links.number)
            triples += [
                (url, DCTERMS["hasPart"], rest),
                (rest, RDF_TYPE, VOID["Linkset"]),
                (rest, VOID["linkPredicate"], links.predicate),
                (rest, VOID["triples"], _integer(links.count)),
            ]
            if following is not None:
                triples.append((rest, RDFS["seeAlso"], document.at(following)))
    return [*(Quad(*triple, url) for triple in triples), *holding_quads(document)]


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD["integer"])
