"""What a document says of itself: what it is about, its licence, who states it, and where the rest of it is."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from wijkengids.documents.about import Document
from wijkengids.model.vocab import DCTERMS, FOAF, RDF_TYPE, RDFS, VOID, XSD

CC_BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
"""The licence of the data (LICENSE-DATA.md), where a graph does not name its own."""


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
                (rest, VOID["triples"], Literal(str(links.count), datatype=XSD["integer"])),
            ]
            if following is not None:
                triples.append((rest, RDFS["seeAlso"], document.at(following)))
    return [Quad(*triple, url) for triple in triples]
