"""What the service says of itself, and of what it holds: complete, in each format, and true."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, QuerySolutions, Store
from rdflib import RDF, RDFS, SH, VOID

from tests.conftest import LIMITS
from tests.test_web import graph
from wijkengids.documents.service import FUNCTIONS, service_description
from wijkengids.engine.policy import inspect
from wijkengids.model.formats import GRAPH_FORMATS, Format
from wijkengids.model.iris import Base
from wijkengids.release.folder import Release
from wijkengids.release.store import OpenRelease
from wijkengids.release.void import NAME, void, write_void

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
WG = "https://w3id.org/wijkengids/"
SERVICE = rdflib.URIRef(WG + "sparql")
DATASET = rdflib.URIRef(WG + "id/dataset/wijkengids")


def read(client: FlaskClient, path: str, accept: str = "text/turtle") -> rdflib.Graph:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, accept)
    return rdflib.Graph().parse(data=response.data, format="turtle")


@pytest.fixture(scope="module")
def store(release: Release) -> Store:
    return Store.read_only(str(release.store))


def test_an_editor_is_told_prefixes_and_terms_with_labels_and_counts(client: FlaskClient, store: Store) -> None:
    told = client.get("/sparql/terms.json").get_json()
    assert told["prefixes"] == Base().prefixes()
    (wijk,) = (term for term in told["classes"] if term["name"] == "wg:Wijk")
    instances = store.query(f"SELECT (COUNT(DISTINCT ?w) AS ?n) {{ ?w a <{WG}def#Wijk> }}")
    assert isinstance(instances, QuerySolutions)
    assert wijk == {"name": "wg:Wijk", "nl": "wijk", "en": "neighbourhood", "count": int(next(instances)["n"].value)}
    used = store.query("SELECT DISTINCT ?p { ?s ?p ?o }")
    assert isinstance(used, QuerySolutions)
    names = {Base().shorten(row["p"].value) for row in used}
    listed = [term["name"] for term in told["properties"]]
    assert len(listed) == len(set(listed)) > 50
    assert {name.strip("<>") for name in listed} <= names
    counts = [term["count"] for term in told["properties"]]
    assert counts == sorted(counts, reverse=True)


def numbers(store: Store, pattern: str) -> dict[str, tuple[int, ...]]:
    """Return what a query counts over the content, by its first column."""
    content = f"GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{WG}id/graaf/catalogus>)"
    found = store.query(pattern.replace("CONTENT", f"SELECT DISTINCT ?s ?p ?o {{ {content} }}"))
    assert isinstance(found, QuerySolutions)
    rows = [[getattr(value, "value", "") for value in solution] for solution in found]
    return {row[0]: tuple(int(value) for value in row[1:]) for row in rows}


def said(about: rdflib.Graph, node: rdflib.term.Node, *names: str) -> tuple[int, ...]:
    return tuple(int(str(about.value(node, VOID[name]))) for name in names)


FIGURES = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?x) (COUNT(DISTINCT ?o) AS ?y)"
NAMES = ("triples", "distinctSubjects", "distinctObjects")


def test_the_whole_is_counted_right(client: FlaskClient, store: Store) -> None:
    about = read(client, "/void")
    [figures] = numbers(store, f"SELECT ('' AS ?k) {FIGURES} (COUNT(DISTINCT ?p) AS ?z) {{ {{ CONTENT }} }}").values()
    assert said(about, DATASET, *NAMES, "properties") == figures
    [(classes,)] = numbers(store, "SELECT ('' AS ?k) (COUNT(DISTINCT ?o) AS ?n) { { CONTENT } ?s a ?o }").values()
    space = f'FILTER(STRSTARTS(STR(?s), "{WG}id/"))'
    [(entities,)] = numbers(store, f"SELECT ('' AS ?k) (COUNT(DISTINCT ?s) AS ?n) {{ {{ CONTENT }} {space} }}").values()
    assert said(about, DATASET, "entities") == (entities,)
    assert abs(said(about, DATASET, "classes")[0] - classes) <= 3  # the catalogue's own classes are in the merge
    assert str(about.value(DATASET, VOID.uriSpace)) == WG + "id/"


def test_every_property_and_every_class_is_counted_right(client: FlaskClient, store: Store) -> None:
    about = read(client, "/void")
    properties = {
        str(about.value(node, VOID.property)): said(about, node, *NAMES)
        for node in about.objects(DATASET, VOID.propertyPartition)
    }
    assert properties == numbers(store, f"SELECT ?p {FIGURES} {{ {{ CONTENT }} }} GROUP BY ?p")
    content = f"GRAPH ?h {{ ?s a ?k }} FILTER(?h != <{WG}id/graaf/catalogus>)"
    typed = f"{{ CONTENT }} {{ SELECT DISTINCT ?s ?k {{ {content} }} }}"
    classes = {
        str(about.value(node, VOID["class"])): said(about, node, *NAMES, "properties")
        for node in about.objects(DATASET, VOID.classPartition)
    }
    assert classes == numbers(store, f"SELECT ?k {FIGURES} (COUNT(DISTINCT ?p) AS ?z) {{ {typed} }} GROUP BY ?k")
    wijk = next(about.subjects(VOID["class"], rdflib.URIRef(WG + "def#Wijk")))
    own = {
        str(about.value(node, VOID.property)): said(about, node, *NAMES)
        for node in about.objects(wijk, VOID.propertyPartition)
    }
    assert own == numbers(store, f"SELECT ?p {FIGURES} {{ {{ CONTENT }} ?s a <{WG}def#Wijk> }} GROUP BY ?p")
    assert said(about, wijk, "entities") == (13,)


def test_void_names_what_there_is_to_follow(client: FlaskClient) -> None:
    about = read(client, "/void")
    assert about.value(DATASET, VOID.sparqlEndpoint) == SERVICE
    for predicate in (VOID.dataDump, VOID.exampleResource):
        found = [str(node) for node in about.objects(DATASET, predicate)]
        assert len(found) >= 4
        for iri in found:
            assert client.get("/" + iri.removeprefix(WG), buffered=True).status_code in {200, 303}
    assert rdflib.URIRef(WG + "def#") in set(about.objects(DATASET, VOID.vocabulary))
    assert not [node for triple in about for node in triple if isinstance(node, rdflib.BNode)]
    assert (rdflib.URIRef(WG + "void"), rdflib.FOAF.primaryTopic, DATASET) in about


def test_void_is_a_file_of_the_release_the_same_each_time(release: Release, tmp_path, store: Store) -> None:
    written = (release.folder / NAME).read_bytes()
    apart = {DefaultGraph(), NamedNode(WG + "id/graaf/catalogus")}
    quads = [quad for quad in store.quads_for_pattern(None, None, None, None) if quad.graph_name not in apart]
    write_void(tmp_path, void(quads[::-1], Base()))
    assert (tmp_path / NAME).read_bytes() == written
    assert f"<{WG}void>" not in (release.folder / "dumps/wijkengids.nt").read_text(encoding="utf-8")
    assert NAME in release.manifest.files
    opened = OpenRelease(release, store)
    before = opened.void
    (release.folder / NAME).rename(release.folder / "weg")
    try:
        assert set(opened.void) == set(before), "an older release, without the file, is counted when asked"
    finally:
        (release.folder / "weg").rename(release.folder / NAME)


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize("path", ["/void", "/sparql"])
def test_both_come_in_each_format(client: FlaskClient, path: str, format_: Format) -> None:
    response = client.get(path, headers={"Accept": format_.media_type})
    assert response.mimetype == format_.media_type
    assert set(graph(response.data, format_.name)) == set(read(client, path))
    if path == "/void":
        assert client.get(f"/void.{format_.name}").data == response.data
        assert response.headers["Content-Location"] == f"void.{format_.name}"


def test_void_is_a_page_in_two_languages(client: FlaskClient) -> None:
    page = client.get("/void", headers={"Accept": "text/html"}).text
    assert "uitspraken over" in page
    assert '<a href="def#Wijk" title="https://w3id.org/wijkengids/def#Wijk">wijk</a></th><td>13</td>' in page
    assert "statements about" in client.get("/void?lang=en", headers={"Accept": "text/html"}).text
    assert client.get("/void.xyz").status_code == 404


def test_the_well_known_place_leads_to_void(client: FlaskClient) -> None:
    response = client.get("/.well-known/void")
    assert (response.status_code, response.headers["Location"]) == (303, "../void")
    assert urljoin("http://x/.well-known/void", response.headers["Location"]) == "http://x/void"


def test_the_service_says_what_it_speaks(client: FlaskClient) -> None:
    about = read(client, "/sparql")
    assert (SERVICE, RDF.type, SD.Service) in about
    assert about.value(SERVICE, SD.endpoint) == SERVICE
    assert set(about.objects(SERVICE, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert set(about.objects(SERVICE, SD.feature)) == {SD.UnionDefaultGraph}
    formats = "http://www.w3.org/ns/formats/"
    names = "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV"
    names += " Turtle JSON-LD N-Triples RDF_XML TriG N-Quads"
    assert set(about.objects(SERVICE, SD.resultFormat)) == {rdflib.URIRef(formats + name) for name in names.split()}
    regime = about.value(SERVICE, SD.defaultEntailmentRegime)
    assert regime == rdflib.URIRef("http://www.w3.org/ns/entailment/Simple")
    words = " ".join(map(str, about.objects(SERVICE, RDFS.comment)))
    assert "15 seconds" in words
    assert "1024 MiB" in words
    assert not [node for triple in about for node in triple if isinstance(node, rdflib.BNode)]


def test_the_service_says_which_graphs_it_has_and_how_large(client: FlaskClient, store: Store) -> None:
    about = read(client, "/sparql")
    [dataset] = about.objects(SERVICE, SD.defaultDataset)
    [default] = about.objects(dataset, SD.defaultGraph)
    total = sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))
    assert said(about, default, "triples") == (total,)
    found = {
        str(about.value(node, SD.name)): said(about, about.value(node, SD.graph), "triples")[0]  # type: ignore[arg-type]
        for node in about.objects(dataset, SD.namedGraph)
    }
    assert found == {
        name.value: sum(1 for _ in store.quads_for_pattern(None, None, None, name))
        for name in store.named_graphs()
        if isinstance(name, NamedNode)
    }


def test_every_function_it_names_is_one_that_the_engine_has(client: FlaskClient) -> None:
    about = read(client, "/sparql")
    named = {str(node) for node in about.objects(SERVICE, SD.extensionFunction)}
    assert named == set(FUNCTIONS)
    for name in named:
        assert list(Store().query(f"SELECT (<{name}>() AS ?x) {{}}"))  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="not supported"):
        list(Store().query("SELECT (<http://www.opengis.net/def/function/geosparql/boundary>() AS ?x) {}"))  # type: ignore[arg-type]


def test_of_an_engine_elsewhere_it_says_only_what_it_knows(release: Release) -> None:
    quads = service_description(OpenRelease.open(release), LIMITS, own=False)
    assert not [quad for quad in quads if quad.predicate.value == str(SD.extensionFunction)]
    words = " ".join(str(quad.object) for quad in quads if quad.predicate.value == str(RDFS.comment))
    assert "may run for 3 seconds and give an answer of 4 MiB" in words
    assert "memory" not in words


def test_every_question_is_an_example_that_runs(client: FlaskClient, release: Release) -> None:
    about = read(client, "/sparql")
    examples = set(about.subjects(RDF.type, SH.SPARQLExecutable))
    assert len(examples) == len(list((release.folder / "queries").glob("*.rq")))
    for node in examples:
        [text] = [str(value) for p in (SH.select, SH.ask, SH.construct) for value in about.objects(node, p)]
        kind = {"SELECT": SH.SPARQLSelectExecutable, "CONSTRUCT": SH.SPARQLConstructExecutable}
        assert (node, RDF.type, kind[inspect(text)[0].value]) in about
        assert about.value(node, rdflib.URIRef("https://schema.org/target")) == SERVICE
        assert {value.language for value in about.objects(node, RDFS.comment)} == {"nl", "en"}  # type: ignore[attr-defined]
        [prefixes] = about.objects(node, SH.prefixes)
        declared = [str(about.value(each, SH.prefix)) for each in about.objects(prefixes, SH.declare)]
        assert {"wg", "rdfs", "wijk"} <= set(declared)
        answer = client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/csv, text/turtle"})
        assert answer.status_code == 200
        assert answer.text


def test_a_browser_gets_the_form_and_a_program_the_description(client: FlaskClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert client.get("/sparql", headers={"Accept": browser}).mimetype == "text/html"
    assert client.get("/sparql").mimetype == client.get("/sparql", headers={"Accept": "*/*"}).mimetype == "text/turtle"
