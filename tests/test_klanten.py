"""Programs that people really use, against a rebased release: what they find without knowing this server."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, TURTLE, XML, SPARQLWrapper

from tests.conftest import ROOT
from tests.wire import Site, project_with_edges, rebased

MODULES = ROOT / ".venv/node"
CLIENTS = ROOT / ".venv/klanten/bin/python"
PROV = rdflib.Namespace("http://www.w3.org/ns/prov#")
needs_csvw = pytest.mark.skipif(
    not any(CLIENTS.parents[1].glob("lib/*/site-packages/csvw")), reason="csvw is not installed: make clients"
)
NAMES = {
    "text/turtle": "turtle",
    "application/ld+json": "json-ld",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
}

needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="curl is not installed: apt-get install curl")
needs_node = pytest.mark.skipif(
    not (shutil.which("node") and (MODULES / "node_modules").is_dir()),
    reason="Node.js or the modules of tests/node are not installed: make clients",
)
needs_signposting = pytest.mark.skipif(not CLIENTS.exists(), reason="signposting is not installed: make clients")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("klanten")
    with rebased(folder, project_with_edges(folder / "project")) as site:
        yield site


def ran(*command: object, said: str = "") -> str:
    """Run a program to its end and return what it printed; what it complained about is in the failure."""
    done = subprocess.run(
        [str(part) for part in command], input=said, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def curl(*arguments: object) -> str:
    return ran("curl", "--silent", "--show-error", "--max-time", 20, *arguments)


@needs_curl
@pytest.mark.parametrize("accept", NAMES)
def test_curl_follows_an_iri_to_its_statements(site: Site, accept: str) -> None:
    wijk = rdflib.URIRef(site.base + "id/wijk/poelenburg")
    body = curl("--fail", "--location", "--header", f"Accept: {accept}", wijk)
    about = rdflib.Graph().parse(data=body, format=NAMES[accept])
    assert (wijk, rdflib.RDFS.label, rdflib.Literal("Poelenburg", lang="nl")) in about


@needs_curl
def test_curl_is_told_where_it_went(site: Site) -> None:
    written = "%{http_code} %{num_redirects} %{url_effective} %{content_type}"
    told = curl("--location", "--output", "/dev/null", "--write-out", written, site.base + "id/wijk/poelenburg")
    assert told == f"200 1 {site.base}doc/wijk/poelenburg text/turtle; charset=utf-8"


@needs_curl
@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_curl_undoes_each_coding(site: Site, coding: str) -> None:
    url = site.base + "doc/wijk/poelenburg.ttl"
    features = curl("--version").partition("Features:")[2].split()
    if {"br": "brotli", "gzip": "libz"}.get(coding, coding) not in features:
        pytest.skip(f"this curl was built without {coding}")
    assert curl("--compressed", "--header", f"Accept-Encoding: {coding}", url) == curl(url)


@needs_curl
def test_curl_fetches_a_document_once(site: Site, tmp_path: Path) -> None:
    url, etag = site.base + "doc/wijk/poelenburg.ttl", tmp_path / "etag"
    status = ("--output", tmp_path / "uit", "--write-out", "%{http_code}", url)
    assert curl("--etag-save", etag, *status) == "200"
    assert curl("--etag-compare", etag, *status) == "304"


def test_what_was_not_published_has_no_date(site: Site) -> None:
    """A work release changes without a day: no Last-Modified, and so no 304 by date."""
    answer = site.ask("GET", "/doc/wijk/poelenburg.ttl", ("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"))
    assert (answer.status, answer.get("last-modified")) == (200, None)


@needs_curl
def test_curl_head_shows_what_get_would_give(site: Site) -> None:
    head = curl("--head", site.base + "doc/wijk/poelenburg.ttl").lower()
    size = curl("--output", "/dev/null", "--write-out", "%{size_download}", site.base + "doc/wijk/poelenburg.ttl")
    assert f"content-length: {size}\n" in head


@pytest.mark.parametrize(
    "path",
    [
        "id/wijk/poelenburg",
        "id/begrip/aandachtswijk",
        "id/schema/themas",
        "id/graaf/gids/9.3.2",
        "id/gidsartikel/9.3.2",
        "id/rapport/niet-daar-maar-hier",
        "id/wijk/punt.ttl",
        "def#Wijk",
        "def#ligtIn",
        "def",
    ],
)
def test_rdflib_parses_each_term_by_its_own_iri(site: Site, path: str) -> None:
    """``Graph().parse(url)``, nothing more: the IRI is the address, hash or slash, and the graph is about it."""
    iri = rdflib.URIRef(site.base + path)
    about = rdflib.Graph().parse(str(iri))
    # the IRI of the vocabulary itself may be written with or without the mark that its terms hang on
    subjects = {iri, rdflib.URIRef(site.base + "def#")} if path == "def" else {iri}
    assert any((subject, None, None) in about for subject in subjects)


@pytest.mark.parametrize("format_", ["turtle", "xml", "json-ld", "nt"])
def test_rdflib_reads_the_same_in_every_format(site: Site, format_: str) -> None:
    """rdflib asks for a format by Accept; what the document says of its wijk does not depend on it."""
    wijk = rdflib.URIRef(site.base + "id/wijk/poelenburg")
    plain = rdflib.Graph().parse(site.base + "doc/wijk/poelenburg.nt", format="nt")
    asked = rdflib.Graph().parse(str(wijk), format=format_)
    assert set(asked.predicate_objects(wijk)) == set(plain.predicate_objects(wijk)) != set()


def test_rdflib_keeps_the_graphs_of_trig_apart(site: Site) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(site.base + "doc/gidsartikel/9.3.2.trig", format="trig")
    article = rdflib.URIRef(site.base + "id/gidsartikel/9.3.2")
    graphs = {str(quad[3]) for quad in dataset.quads((article, rdflib.DCTERMS.title, None, None))}
    assert graphs == {site.base + "id/graaf/gids/9.3.2", str(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)}


def test_rdflib_walks_from_a_wijk_to_the_report(site: Site) -> None:
    """Follow links with nothing but a parser, one hop at a time, as a script of a student would."""
    wg = rdflib.Namespace(site.base + "def#")

    def objects(subjects: set[rdflib.term.Node], predicate: rdflib.URIRef) -> set[rdflib.term.Node]:
        return {found for s in subjects for found in rdflib.Graph().parse(str(s)).objects(s, predicate)}

    places: set[rdflib.term.Node] = {rdflib.URIRef(site.base + "id/wijk/poelenburg")}
    programmes = objects(objects(places, wg.heeftWijkaanpak), wg.onderdeelVan)
    partners = objects(objects(programmes, PROV.qualifiedAssociation), PROV.agent)
    assert rdflib.URIRef(site.base + "id/organisatie/mkb-nederland") in partners
    reports = {
        report
        for partner in partners
        for report in rdflib.Graph().parse(str(partner)).subjects(rdflib.DCTERMS.publisher, partner)
    }
    assert reports == {rdflib.URIRef(site.base + "id/rapport/niet-daar-maar-hier")}


def ask(site: Site, query: str, format_: str) -> SPARQLWrapper:
    client = SPARQLWrapper(site.base + "sparql", returnFormat=format_)
    client.setQuery(f"PREFIX wg: <{site.base}def#> {query}")
    return client


def test_sparqlwrapper_asks_in_each_format(site: Site) -> None:
    wijken = "SELECT ?w { ?w a wg:Wijk } ORDER BY ?w"
    rows = ask(site, wijken, JSON).queryAndConvert()["results"]["bindings"]
    found = [row["w"]["value"] for row in rows]
    assert site.base + "id/wijk/poelenburg" in found
    by_xml = ask(site, wijken, XML).queryAndConvert().toxml()
    assert re.findall(r"<uri>([^<]*)</uri>", by_xml) == found
    assert ask(site, wijken, CSV).queryAndConvert().decode().split()[1:] == found
    assert ask(site, "ASK { ?w a wg:Wijk }", JSON).queryAndConvert()["boolean"] is True
    built = ask(site, "CONSTRUCT { ?w a wg:Wijk } WHERE { ?w a wg:Wijk }", TURTLE).queryAndConvert()
    assert len(rdflib.Graph().parse(data=built, format="turtle")) == len(found)


def test_sparqlwrapper_posts_a_long_query(site: Site) -> None:
    client = ask(site, "SELECT ?w { ?w a wg:Wijk } # " + "x" * 20_000, JSON)
    client.setMethod("POST")
    assert client.queryAndConvert()["results"]["bindings"]


QUERY = """
PREFIX wg: <{base}def#> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?partner ?rapport ?titel {{
  <{base}id/wijk/poelenburg> wg:heeftWijkaanpak ?aanpak .
  ?aanpak wg:onderdeelVan ?programma .
  ?programma prov:qualifiedAssociation ?inzet .
  ?inzet prov:agent ?partner .
  ?rapport dcterms:publisher ?partner ; rdfs:label ?titel .
}}"""


@needs_node
@pytest.mark.parametrize("accept", ["", "text/turtle", "application/ld+json", "application/rdf+xml"])
def test_comunica_follows_links_from_a_wijk_to_its_partners_and_their_report(site: Site, accept: str) -> None:
    """Link traversal: no endpoint, no dump, only the IRI of a wijk and what its documents link to."""
    start = site.base + "id/wijk/poelenburg"
    script = ROOT / "tests/node/volg.mjs"
    said = ran("node", script, MODULES, site.base, accept, said=QUERY.format(base=site.base))
    walk = json.loads(said)
    assert walk["rows"] == [
        {
            "partner": site.base + "id/organisatie/mkb-nederland",
            "rapport": site.base + "id/rapport/niet-daar-maar-hier",
            "titel": "Niet daar maar hier",
        }
    ]
    asked = {visit["asked"]: visit for visit in walk["visited"]}
    for kind in ("wijk/", "wijkaanpak/", "programma/", "inzet/", "organisatie/"):
        assert any(url.startswith(f"{site.base}id/{kind}") for url in asked), kind
    assert asked[start]["url"] == site.base + "doc/wijk/poelenburg"
    # Comunica takes any address that ends in '/sparql' for an endpoint and posts to it
    documents = [visit for visit in walk["visited"] if not visit["asked"].endswith("/sparql")]
    assert {visit["status"] for visit in documents} <= {200, 410}
    # left to itself it likes N-Quads best, and asks the default graph of what it gets
    types = {visit["type"].split(";")[0] for visit in documents if visit["status"] == 200}
    assert types == {accept or "application/n-quads"}


SIGNPOSTS = """
import json, sys
from signposting import find_signposting_http
found = find_signposting_http(sys.argv[1])
targets = lambda links: sorted(link.target for link in links)
print(json.dumps({
    "cite": found.citeAs.target, "license": found.license.target, "types": targets(found.types),
    "authors": targets(found.authors), "items": targets(found.items), "described": targets(found.describedBy),
    "linksets": targets(found.linksets), "collection": found.collection and found.collection.target,
}))
"""


@needs_signposting
def test_signposting_finds_its_way(site: Site) -> None:
    """FAIR Signposting by the library that its authors wrote: from the landing page to an item and back."""

    def signposts(path: str) -> dict[str, list[str]]:
        return dict(json.loads(ran(CLIENTS, "-W", "ignore", "-c", SIGNPOSTS, site.base + path)))

    document = site.base + "doc/wijk/poelenburg"
    page = signposts("id/wijk/poelenburg")
    assert page["cite"] == site.base + "id/wijk/poelenburg"
    assert page["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "https://schema.org/AboutPage" in page["types"]
    assert page["authors"]
    assert page["linksets"]
    assert {document + ".ttl", document + ".jsonld"} <= set(page["items"])
    assert set(page["described"]) <= set(page["items"])
    item = signposts("doc/wijk/poelenburg.ttl")
    assert (item["collection"], item["cite"]) == (document, page["cite"])


TABLES = """
import json, sys
from csvw import CSVW
said = {}
for url in sys.argv[1:]:
    table = CSVW(url, validate=True)
    rows = table.to_json()["tables"][0]["row"]
    said[url] = [table.is_valid, [str(warning.message) for warning in table.warnings], len(rows), rows[:1]]
print(json.dumps(said))
"""


@needs_csvw
def test_the_csv_of_every_question_is_what_its_metadata_say(server: str) -> None:
    """CSV on the Web, by a validator of other people's making: types, titles and columns of every question agree."""
    with urllib.request.urlopen(f"{server}/queries?_mediatype=json", timeout=30) as response:
        names = [question["name"] for question in json.load(response)["questions"]]
    urls = [f"{server}/queries/{name}.csv-metadata.json?lang={lang}" for name in names for lang in ("nl", "en")]
    said = json.loads(ran(CLIENTS, "-W", "ignore", "-c", TABLES, *urls))
    assert {url: found[:2] for url, found in said.items()} == {url: [True, []] for url in urls}
    empty = {url.rpartition("/")[2].partition(".")[0] for url, found in said.items() if not found[2]}
    assert empty == {"behoeften-en-maatregelen"}, "the guide names no measure for a need of entrepreneurs"
