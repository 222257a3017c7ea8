"""The catalogue: what there is to download and to query, in DCAT. Made after the digest, and outside it.

The words come from ``data/catalogus.ttl``, the facts (files, sizes, checksums) from the release itself. It stands in a
graph of its own in the store, and in no dump: else a checksum would have to contain itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from wijkengids.errors import WrongUse
from wijkengids.knowledge.sources import Project
from wijkengids.model.formats import GRAPH_FORMATS, Format
from wijkengids.model.iris import Base, rebase
from wijkengids.model.vocab import CANONICAL_BASE, CC_BY, DCAT, DCTERMS, RDF_TYPE, RDFS_LABEL, SPDX, XSD

GRAPH = "catalogus"
"""The graph of the catalogue: ``{base}id/graaf/catalogus``."""
_IANA = "https://www.iana.org/assignments/media-types/"


def words(project: Project) -> list[Quad]:
    """Return the hand-written part, under the canonical base; nothing where the project has none."""
    path = project.root / "data" / "catalogus.ttl"
    if not path.is_file():
        return []
    graph = Base(CANONICAL_BASE).graph(GRAPH)
    try:
        read = parse(path=str(path), format=RdfFormat.TURTLE)
        return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in read]
    except SyntaxError as error:
        detail = re.sub(r"^.*?: ", "", str(error.msg))
        raise WrongUse(
            f"data/catalogus.ttl:{error.lineno}: het bestand kan niet gelezen worden: {detail}",
            f"data/catalogus.ttl:{error.lineno}: the file cannot be read: {detail}",
        ) from error


def catalogue(written: Iterable[Quad], base: Base, files: Mapping[str, Mapping[str, Any]]) -> list[Quad]:
    """Return the whole catalogue. ``files`` gives 'bytes' and 'sha256' by path in the release folder."""
    found = list(rebase(written, base))
    dataset, service = base.resource("dataset", "wijkengids"), base.resource("dienst", "bevraging")
    whole = base.resource("catalogus", "wijkengids")
    triples: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (whole, RDF_TYPE, DCAT["Catalog"]),
        (whole, DCAT["dataset"], dataset),
        (whole, DCAT["service"], service),
        (dataset, RDF_TYPE, DCAT["Dataset"]),
        (service, RDF_TYPE, DCAT["DataService"]),
        (service, DCAT["servesDataset"], dataset),
        (service, DCAT["endpointURL"], NamedNode(f"{base.iri}sparql")),
        (dataset, DCAT["landingPage"], NamedNode(base.iri)),
    ]
    for format_ in GRAPH_FORMATS:
        facts = files.get(f"dumps/wijkengids.{format_.name}")
        if facts is not None:
            triples += _distribution(base, dataset, format_, facts)
    return [*found, *(Quad(*triple, base.graph(GRAPH)) for triple in triples)]


def _distribution(
    base: Base, dataset: NamedNode, format_: Format, facts: Mapping[str, Any]
) -> list[tuple[NamedNode, NamedNode, NamedNode | Literal]]:
    """Return what is said of one dump and of its checksum."""
    node = base.resource("distributie", f"wijkengids-{format_.name}")
    checksum = base.resource("controlegetal", f"wijkengids-{format_.name}")
    url = NamedNode(f"{base.iri}dump/wijkengids.{format_.name}")
    return [
        (dataset, DCAT["distribution"], node),
        (node, RDF_TYPE, DCAT["Distribution"]),
        (node, RDFS_LABEL, Literal(f"Wijkengids: {format_.label}", language="nl")),
        (node, RDFS_LABEL, Literal(f"Wijkengids: {format_.label}", language="en")),
        (node, DCTERMS["license"], CC_BY),
        (node, DCAT["accessURL"], url),
        (node, DCAT["downloadURL"], url),
        (node, DCAT["mediaType"], NamedNode(_IANA + format_.media_type)),
        (node, DCAT["byteSize"], Literal(str(facts["bytes"]), datatype=XSD["nonNegativeInteger"])),
        (node, SPDX["checksum"], checksum),
        (checksum, RDF_TYPE, SPDX["Checksum"]),
        (checksum, RDFS_LABEL, Literal(f"SHA-256: {format_.label}", language="nl")),
        (checksum, RDFS_LABEL, Literal(f"SHA-256: {format_.label}", language="en")),
        (checksum, SPDX["algorithm"], SPDX["checksumAlgorithm_sha256"]),
        (checksum, SPDX["checksumValue"], Literal(facts["sha256"], datatype=XSD["hexBinary"])),
    ]
