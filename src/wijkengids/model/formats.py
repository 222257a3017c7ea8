"""One table of formats, used by negotiation, the links on a page, downloads and the documentation."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import QueryResultsFormat, RdfFormat


@dataclass(frozen=True)
class Format:
    """A way to write an answer down.

    ``name`` is also the extension; ``aliases`` are media types that clients send for it; ``rdf`` and ``results`` are
    what writes it: a graph format, a results format, or neither (HTML).
    """

    name: str
    label: str
    media_type: str
    aliases: tuple[str, ...] = ()
    rdf: RdfFormat | None = None
    results: QueryResultsFormat | None = None

    @property
    def content_type(self) -> str:
        """Media type with charset where the format is text and the type does not fix it."""
        return f"{self.media_type}; charset=utf-8" if self.media_type.startswith("text/") else self.media_type

    @property
    def iri(self) -> str | None:
        """The IRI that W3C gives to the format (http://www.w3.org/ns/formats/), None where it gives none."""
        if self.rdf == RdfFormat.JSON_LD:
            return "http://www.w3.org/ns/formats/JSON-LD"  # pyoxigraph has the data model's name here
        kind = self.rdf or self.results
        return kind.iri if kind is not None else None

    @property
    def holds_graphs(self) -> bool:
        """True if we keep the named graphs apart in it (JSON-LD could, but holds the merge: it is read as objects)."""
        return self.rdf in {RdfFormat.TRIG, RdfFormat.N_QUADS}


TURTLE = Format("ttl", "Turtle", "text/turtle", ("application/x-turtle", "text/n3"), rdf=RdfFormat.TURTLE)
N_TRIPLES = Format("nt", "N-Triples", "application/n-triples", ("text/plain",), rdf=RdfFormat.N_TRIPLES)
JSON_LD = Format("jsonld", "JSON-LD", "application/ld+json", ("application/json",), rdf=RdfFormat.JSON_LD)
RDF_XML = Format("rdf", "RDF/XML", "application/rdf+xml", ("application/xml", "text/xml"), rdf=RdfFormat.RDF_XML)
TRIG = Format("trig", "TriG", "application/trig", ("application/x-trig",), rdf=RdfFormat.TRIG)
N_QUADS = Format("nq", "N-Quads", "application/n-quads", ("text/x-nquads",), rdf=RdfFormat.N_QUADS)
HTML = Format("html", "HTML", "text/html", ("application/xhtml+xml",))
JSON = Format("json", "JSON", "application/json")
CSV = Format("csv", "CSV", "text/csv")
GEOJSON = Format("geojson", "GeoJSON", "application/geo+json", ("application/vnd.geo+json",))

CSVW = Format("csv-metadata.json", "CSVW", "application/csvm+json")
XLSX = Format("xlsx", "XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PARQUET = Format("parquet", "Parquet", "application/vnd.apache.parquet", ("application/x-parquet",))
RQ = Format("rq", "SPARQL", "application/sparql-query")

BIBTEX = Format("bib", "BibTeX", "application/x-bibtex", ("text/x-bibtex",))
RIS = Format("ris", "RIS", "application/x-research-info-systems")
CSL_JSON = Format("csl.json", "CSL-JSON", "application/vnd.citationstyles.csl+json", ("application/citeproc+json",))

LINKSET_JSON = Format("linkset.json", "Linkset (JSON)", "application/linkset+json", ("application/json",))
LINKSET = Format("linkset", "Linkset", "application/linkset")

RESULTS_JSON = Format(
    "srj",
    "JSON",
    "application/sparql-results+json",
    ("application/json",),
    results=QueryResultsFormat.JSON,
)
RESULTS_XML = Format(
    "srx",
    "XML",
    "application/sparql-results+xml",
    ("application/xml", "text/xml"),
    results=QueryResultsFormat.XML,
)
RESULTS_CSV = Format("csv", "CSV", "text/csv", results=QueryResultsFormat.CSV)
RESULTS_TSV = Format("tsv", "TSV", "text/tab-separated-values", results=QueryResultsFormat.TSV)

GRAPH_FORMATS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML, TRIG, N_QUADS)
"""What a graph can be written as; the first is the answer to ``*/*``."""

RESULTS_FORMATS = (RESULTS_JSON, RESULTS_XML, RESULTS_CSV, RESULTS_TSV)
"""What solutions and booleans can be written as; the first is the answer to ``*/*``."""

DOCUMENT_FORMATS = (*GRAPH_FORMATS, HTML)
"""What the ontology and the shapes can be asked in."""

RESOURCE_FORMATS = (*GRAPH_FORMATS, JSON, CSV, GEOJSON, HTML)
"""What a resource can be asked in, GeoJSON where it has a geometry; the first is the answer to ``*/*``."""

TABLE_FORMATS = (JSON, CSV, XLSX, PARQUET, GEOJSON)
"""What the rows of a question can be asked in, GeoJSON where there are places; the first is the answer to ``*/*``."""

CITATION_FORMATS = (BIBTEX, RIS, CSL_JSON)
"""What a release or a result can be cited in, for reference managers; never the answer to ``*/*``."""

BY_NAME = {format_.name: format_ for format_ in (*DOCUMENT_FORMATS, *RESULTS_FORMATS)}

SOURCE_FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".n3": RdfFormat.N3,
    ".rdf": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
}
"""File name ending to the syntax of a source file."""


def cut_extension(ref: str) -> tuple[str, Format | None]:
    """Split a known format's extension off a ref: 'wijk/a.ttl' is ('wijk/a', Turtle), 'gidsartikel/9.3.2' stays."""
    stem, dot, extension = ref.rpartition(".")
    found = _BY_EXTENSION.get(extension) if dot and stem else None
    return (stem, found) if found is not None else (ref, None)


_BY_EXTENSION = {format_.name: format_ for format_ in RESOURCE_FORMATS}
