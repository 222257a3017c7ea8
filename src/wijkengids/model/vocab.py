"""The vocabularies that the code itself has to know, and the prefixes used in every Turtle we write.

Source: ``ontology/wijkengids.ttl`` for our own terms, the W3C and other owners for the rest. Terms that only the
data or a query uses are not listed here.
"""

from __future__ import annotations

from pyoxigraph import NamedNode

CANONICAL_BASE = "https://w3id.org/wijkengids/"
"""The base IRI in every source file. ``--base`` replaces it in a release, never in the files."""


class Namespace:
    """``RDFS["label"]`` is the NamedNode of the namespace followed by 'label'."""

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.iri + name)

    def __contains__(self, node: object) -> bool:
        return isinstance(node, NamedNode) and node.value.startswith(self.iri)


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
PROV = Namespace("http://www.w3.org/ns/prov#")
SH = Namespace("http://www.w3.org/ns/shacl#")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SCHEMA = Namespace("https://schema.org/")
VOID = Namespace("http://rdfs.org/ns/void#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
ALTR = Namespace("http://www.w3.org/ns/dx/connegp/altr#")
WG = Namespace(CANONICAL_BASE + "def#")
"""Our own terms under the canonical base; :meth:`wijkengids.model.iris.Base.term` gives them under another."""

DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")

RDF_TYPE = RDF["type"]
RDFS_LABEL = RDFS["label"]

CC_BY = NamedNode("https://creativecommons.org/licenses/by/4.0/")
"""The licence of the data (LICENSE-DATA.md), where a graph does not name its own."""

KINDS = (
    "wijk",
    "stad",
    "provincie",
    "cbs",
    "organisatie",
    "partijgroep",
    "samenwerkingsverband",
    "programma",
    "wijkaanpak",
    "maatregel",
    "doel",
    "resultaat",
    "behoefte",
    "verbeterpunt",
    "knelpunt",
    "aanbeveling",
    "rapport",
    "gidsartikel",
    "gids",
    "rol",
    "periode",
    "inzet",
    "instrument",
    "toepassing",
    "cijfer",
    "vraag",
    "voorwaarde",
    "kanttekening",
    "praktijkvoorbeeld",
    "definitie",
    "constatering",
    "vuistregel",
    "functierol",
    "persoon",
    "regio",
    "wet",
    "indicator",
    "gebeurtenis",
    "koppeling",
    "waarneming",
    "geometrie",
    "bron",
    "begrip",
    "catalogus",
    "dataset",
    "distributie",
    "dienst",
    "controlegetal",
)
"""The ``soort`` segments of instance IRIs that have a prefix of their own, as in ``wijk:poelenburg``."""

OWN_PREFIXES = (
    {"wg": "def#", "vorm": "shapes#", "lijst": "id/schema/"}
    | {kind: f"id/{kind}/" for kind in KINDS}
    | {
        "graaf": "id/graaf/",
        "gidsgraaf": "id/graaf/gids/",
        "refgraaf": "id/graaf/referentie/",
        "ontgraaf": "id/graaf/ontology/",
    }
)
"""Prefix to path under the base."""

FOREIGN_PREFIXES = {
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "owl": OWL.iri,
    "xsd": XSD.iri,
    "skos": SKOS.iri,
    "dcterms": DCTERMS.iri,
    "prov": PROV.iri,
    "sh": SH.iri,
    "geo": GEO.iri,
    "sf": "http://www.opengis.net/ont/sf#",
    "dcat": DCAT.iri,
    "spdx": SPDX.iri,
    "foaf": FOAF.iri,
    "org": "http://www.w3.org/ns/org#",
    "qb": "http://purl.org/linked-data/cube#",
    "schema": SCHEMA.iri,
    "vann": "http://purl.org/vocab/vann/",
    "void": VOID.iri,
    "sd": SD.iri,
    "prof": "http://www.w3.org/ns/dx/prof/",
    "altr": ALTR.iri,
}
"""Prefix to namespace IRI of the vocabularies of others."""
