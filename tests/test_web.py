"""The web layer, by Flask's client: documents, terms, SPARQL, problems, languages."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin

import pytest
import rdflib
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, parse_query_results

from tests.conftest import ROOT
from wijkengids.model.formats import DOCUMENT_FORMATS, GRAPH_FORMATS

BASE = "https://w3id.org/wijkengids/"
ID = BASE + "id/"
WG = rdflib.Namespace("https://w3id.org/wijkengids/def#")
NAMES = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}


def graph(body: bytes, name: str) -> rdflib.Graph:
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(data=body, format=NAMES[name])
    merged = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        merged.add(triple)
    return merged


class Links(HTMLParser):
    """Collects links, identifiers and the language of a page; fails on what is not closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.language = ""
        self.open: list[str] = []
        self.feed(page)
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.language = found.get("lang") or self.language if tag == "html" else self.language
        self.links += [value for key in ("href", "src", "action") if (value := found.get(key))]
        if found.get("id"):
            assert found["id"] not in self.ids, f"twice: {found['id']}"
            self.ids.add(str(found["id"]))
        if tag not in {"meta", "link", "br", "input", "img"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_a_thing_is_answered_with_303_to_its_document(client: FlaskClient) -> None:
    response = client.get("/id/wijk/poelenburg")
    assert response.status_code == 303
    assert urljoin("/id/wijk/poelenburg", response.headers["Location"]) == "/doc/wijk/poelenburg"


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_the_document_says_the_same_in_every_format(client: FlaskClient, format_) -> None:
    by_accept = client.get("/doc/wijk/poelenburg", headers={"Accept": format_.media_type})
    by_name = client.get(f"/doc/wijk/poelenburg.{format_.name}", headers={"Accept": "image/png"})
    assert by_accept.data == by_name.data
    assert by_accept.headers["Content-Type"].split(";")[0] == format_.media_type
    assert by_accept.headers["Content-Location"] == f"poelenburg.{format_.name}"
    assert "Accept" in by_accept.headers["Vary"]
    assert by_name.headers["Vary"] == "Accept-Profile, Accept-Encoding"
    about = graph(by_name.data, format_.name)
    poelenburg = rdflib.URIRef(ID + "wijk/poelenburg")
    assert (poelenburg, WG.ligtIn, rdflib.URIRef(ID + "stad/zaanstad")) in about
    assert (rdflib.URIRef(ID + "stad/zaanstad"), rdflib.RDFS.label, rdflib.Literal("Zaanstad", lang="nl")) in about
    assert len(about) == len(graph(client.get("/doc/wijk/poelenburg.nt").data, "nt"))


def test_trig_says_which_graph_states_what(client: FlaskClient) -> None:
    dataset = rdflib.Dataset()
    dataset.parse(data=client.get("/doc/doel/wijkeconomie-versterken.trig").data, format="trig")
    subject = rdflib.URIRef(ID + "doel/wijkeconomie-versterken")
    graphs = {str(quad[3]) for quad in dataset.quads((subject, WG.over, None, None))}
    assert graphs == {ID + "graaf/gids/9.3.2", str(rdflib.graph.DATASET_DEFAULT_GRAPH_ID)}


@pytest.mark.parametrize(
    "path",
    [
        "/doc/gidsartikel/9.3.2",
        "/doc/gidsartikel/9.3.2.ttl",
        "/doc/graaf/gids/9.3.2",
        "/doc/cbs/2012WK047912.ttl",
        "/doc/begrip/wijkeconomie",
        "/doc/schema/themas",
        "/doc/graaf/afgeleid",
        "/doc/rol/uitvoerder",
    ],
)
def test_every_kind_of_resource_has_its_document(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert ID + path.removeprefix("/doc/").removesuffix(".ttl") in {
        str(s) for s in graph(response.data, "ttl").subjects()
    }


def test_a_second_request_with_the_etag_is_304_and_head_is_get_without_body(client: FlaskClient) -> None:
    first = client.get("/doc/wijk/poelenburg.ttl")
    again = client.get("/doc/wijk/poelenburg.ttl", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    head = client.head("/doc/wijk/poelenburg.ttl")
    assert (head.data, head.headers["ETag"], head.headers["Content-Length"]) == (
        b"",
        first.headers["ETag"],
        first.headers["Content-Length"],
    )


PAGES = [
    "/",
    "/doc/wijk/crabbehof",
    "/doc/stad/utrecht",
    "/doc/programma/ondernemen-in-de-wijk",
    "/def",
    "/shapes",
    "/sparql",
    "/doc/gidsartikel/9.3.2",
    "/bestaat/niet",
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_pages_are_sound_html_in_the_language_asked_for(client: FlaskClient, path: str, language: str) -> None:
    response = client.get(path, headers={"Accept": "text/html", "Accept-Language": language})
    page = Links(response.text)
    assert page.language == language == response.headers["Content-Language"]
    assert "Accept-Language" in response.headers["Vary"]
    assert response.text == client.get(path + f"?lang={language}", headers={"Accept": "text/html"}).text.replace(
        f"?lang={language}&amp;", "?"
    )
    assert "http://localhost" not in response.text, "a page knows no host"
    assert response.text.endswith("</html>\n")


def test_every_link_on_every_page_leads_somewhere(client: FlaskClient) -> None:
    seen, todo = set(), ["/"]
    while todo:
        path = todo.pop()
        response = client.get(path, headers={"Accept": "text/html, */*;q=0.8"})
        assert response.status_code == 200, path
        body = response.data
        response.close()
        if response.mimetype != "text/html":
            continue
        page = Links(body.decode())
        for link in page.links:
            target = urljoin(path, link)
            target, _, fragment = target.partition("#")
            if fragment and target == path:
                assert fragment in page.ids, f"{path} links to #{fragment}"
            if not target.startswith("/") or target in seen or "/sparql?" in target or "lang=" in target:
                continue
            seen.add(target)
            # documents of CBS areas are alike: one of them will do
            if not re.search(r"/(cbs|koppeling|waarneming)/(?!2012WK047912)|\.(ttl|nt|nq|rdf|trig|jsonld)$", target):
                todo.append(target)
    assert len(seen) > 150


def test_the_forms_of_a_document_are_a_page_too(client: FlaskClient) -> None:
    page = client.get("/doc/wijk/poelenburg?lang=nl", headers={"Accept": "text/html"}).text
    link = re.search(r'<a href="([^"]+)">alt</a>', page)
    assert link is not None
    path = urljoin("/doc/wijk/", unescape(link[1]))
    assert path == "/doc/wijk/poelenburg.html?_profile=alt"
    by_name = client.get(path, headers={"Accept-Language": "en"})
    by_accept = client.get(
        "/doc/wijk/poelenburg",
        headers={"Accept": "text/html", "Accept-Profile": f"<{BASE}profile/alt>", "Accept-Language": "en"},
    )
    assert by_name.mimetype == by_accept.mimetype == "text/html"
    assert by_name.text == by_accept.text
    assert by_name.headers["Content-Profile"] == f"<{BASE}profile/alt>"
    links = {unescape(link) for link in Links(by_name.text).links}
    listed = graph(client.get("/doc/wijk/poelenburg.ttl?_profile=alt").data, "ttl")
    forms = set(listed.objects(None, rdflib.URIRef("http://www.w3.org/ns/dx/connegp/altr#hasRepresentation")))
    assert {str(form).removeprefix(BASE + "doc/wijk/") for form in forms} <= links
    assert "poelenburg?_profile=alt&lang=nl" in links, "the other language has the forms too"
    for name in ("Complete", "Labels", "schema.org", "Alternates"):
        assert f">{name}</a>" in by_name.text


@pytest.mark.parametrize("query", [".geojson", ".json?_profile=schema", "?_profile=alt", "?_profile=labels"])
def test_a_page_of_links_is_not_there_in_forms_that_say_something_else(client: FlaskClient, query: str) -> None:
    name, _, more = query.partition("?")
    response = client.get(f"/doc/wijk/crabbehof{name}?_in=wg:wijk&{more}")
    assert response.status_code == (404 if name == ".geojson" else 406)
    assert client.get(f"/doc/wijk/crabbehof{query}").status_code == (406 if ".json?" in query else 200)


def test_a_page_of_links_has_links_to_itself_in_other_forms(client: FlaskClient) -> None:
    response = client.get("/doc/wijk/crabbehof?_in=wg:wijk", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "<script" not in response.text, "a page of links says nothing of the thing to search engines"
    assert "geojson" not in response.text
    for form in ("ttl", "json", "csv"):
        assert client.get(f"/doc/wijk/crabbehof.{form}?_in=wg:wijk").status_code == 200


def test_a_named_graph_leads_to_its_statements(client: FlaskClient, release) -> None:
    page = client.get("/doc/graaf/gids/9.3.2?lang=en", headers={"Accept": "text/html"}).text
    count = release.manifest.graphs[ID + "graaf/gids/9.3.2"]
    found = re.search(r'This graph makes (\d+) statements. <a href="([^"]+)">', page)
    assert found is not None
    assert int(found[1]) == count
    answer = client.get(urljoin("/doc/graaf/gids/9.3.2", unescape(found[2])), headers={"Accept": "text/turtle"})
    assert len(graph(answer.data, "ttl")) == count


def test_the_home_page_does_not_name_the_digest(client: FlaskClient, release) -> None:
    assert release.manifest.digest[:8] not in client.get("/", headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(("query", "status"), [("SELECT <nonsense", 400), ("CLEAR ALL", 403)])
def test_a_query_that_fails_on_the_page_comes_back_with_what_is_wrong(
    client: FlaskClient, query: str, status: int
) -> None:
    response = client.get("/sparql", query_string={"query": query, "lang": "en"}, headers={"Accept": "text/html"})
    assert (response.status_code, response.mimetype) == (status, "text/html")
    assert response.headers["Cache-Control"] == "no-store"
    assert f'spellcheck="false">{query.replace("<", "&lt;")}</textarea>' in response.text
    said = client.get("/sparql", query_string={"query": query, "lang": "en"}, headers={"Accept": "application/json"})
    assert said.get_json()["detail"] in unescape(response.text)


def test_text_in_a_literal_stays_text(client: FlaskClient) -> None:
    query = "SELECT ('<script>alert(1)</script>' AS ?x) {}"
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/html"})
    assert "<script>" not in response.text
    assert "&lt;script&gt;" in response.text


def test_the_home_page_shows_the_eight_wijken_with_their_city(client: FlaskClient) -> None:
    page = client.get("/", headers={"Accept": "text/html"}).text
    for wijk, stad in [
        ("Poelenburg", "Zaanstad"),
        ("Presikhaaf", "Arnhem"),
        ("Zuilen-Oost", "Utrecht"),
        ("Oude Westen", "Rotterdam"),
        ("Crabbehof", "Dordrecht"),
        ("Velve-Lindenhof", "Enschede"),
        ("Korrewegwijk", "Groningen"),
        ("Heechterp-Schieringen", "Leeuwarden"),
    ]:
        assert re.search(rf">{wijk}</a>\s*<span class=\"city\"><a [^>]*>{stad}<", page), wijk


@pytest.mark.parametrize("name", ["def", "shapes"])
@pytest.mark.parametrize("extension", [f.name for f in DOCUMENT_FORMATS])
def test_ontology_and_shapes_in_every_format(client: FlaskClient, name: str, extension: str) -> None:
    response = client.get(f"/{name}.{extension}")
    assert response.status_code == 200
    if extension == "html":
        assert 'id="Wijk"' in response.text
    else:
        source = {"def": "wijkengids", "shapes": "shapes"}[name]
        expected = rdflib.Graph().parse(ROOT / f"ontology/{source}.ttl")
        assert len(graph(response.data, extension)) == len(expected)


def test_an_unknown_extension_is_404(client: FlaskClient) -> None:
    assert client.get("/def.docx").status_code == 404
    assert client.get("/def.csv").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/id/wijk/nix",
        "/doc/wijk/nix",
        "/doc/wijk/nix.ttl",
        "/id/",
        "/id/..%2F..%2Fetc",
        "/doc/wijk/a%20b",
        "/doc/wijk/%00",
        "/id/" + "a" * 5000,
        "/id/wijk/%C3%A9",
        "/doc//wijk/poelenburg",
    ],
)
def test_what_the_guide_does_not_know_is_404_with_a_way_on(client: FlaskClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code in {404, 308}
    if response.status_code == 404:
        assert response.mimetype == "application/problem+json"
        assert json.loads(response.data)["status"] == 404


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_everything_is_one_file_with_ranges(client: FlaskClient, release, format_) -> None:
    whole = client.get(f"/dump/wijkengids.{format_.name}")
    facts = release.manifest.files[f"dumps/wijkengids.{format_.name}"]
    assert whole.mimetype == format_.media_type
    assert len(whole.data) == facts["bytes"]
    assert whole.headers["ETag"] == f'"{facts["sha256"]}"'
    part = client.get(f"/dump/wijkengids.{format_.name}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, whole.data[10:20])
    head = client.head(f"/dump/wijkengids.{format_.name}")
    assert int(head.headers["Content-Length"]) == facts["bytes"]
    for response in (whole, part, head):
        response.close()


def test_a_dump_that_is_not_there_is_404(client: FlaskClient) -> None:
    assert client.get("/dump/wijkengids.docx").status_code == 404
    assert client.get("/dump/wijkengids.csv").status_code == 404


def test_the_version_of_the_ontology_leads_to_it(client: FlaskClient) -> None:
    ontology = rdflib.Graph().parse(ROOT / "ontology/wijkengids.ttl")
    [version] = ontology.objects(None, rdflib.OWL.versionIRI)
    response = client.get(str(version).removeprefix("https://w3id.org/wijkengids"))
    assert response.status_code == 303
    assert urljoin("/def/x", response.headers["Location"]) == "/def"
    assert client.get("/def/9.9.9").status_code == 404


def test_a_browser_may_post_a_query_from_elsewhere(client: FlaskClient) -> None:
    response = client.options("/sparql")
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_406_names_what_there_is(client: FlaskClient) -> None:
    response = client.get("/doc/wijk/poelenburg", headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.text


SELECT = "SELECT ?s { ?s a <https://w3id.org/wijkengids/def#Wijk> } ORDER BY ?s"


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("*/*", "application/sparql-results+json"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
    ],
)
def test_solutions_in_every_format(client: FlaskClient, accept: str, type_: str) -> None:
    response = client.get("/sparql", query_string={"query": SELECT}, headers={"Accept": accept})
    assert response.mimetype == type_
    names = {
        "application/sparql-results+json": QueryResultsFormat.JSON,
        "application/sparql-results+xml": QueryResultsFormat.XML,
        "text/tab-separated-values": QueryResultsFormat.TSV,
    }
    if type_ in names:
        assert len(list(parse_query_results(response.data, format=names[type_]))) == 13
    else:
        assert len(response.text.splitlines()) == 14


@pytest.mark.parametrize(
    "accept", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/html"]
)
def test_ask_in_every_format(client: FlaskClient, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": "ASK { ?s ?p ?o }"}, headers={"Accept": accept})
    assert response.status_code == 200
    assert "true" in response.text or ">Ja<" in response.text


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { ?s a <https://w3id.org/wijkengids/def#Wijk> }",
        "DESCRIBE <https://w3id.org/wijkengids/id/wijk/poelenburg>",
    ],
)
def test_graphs_in_every_format(client: FlaskClient, format_, query: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": format_.media_type})
    assert response.mimetype == format_.media_type
    assert len(graph(response.data, format_.name)) >= 8


def test_three_ways_to_send_a_query_give_one_answer(client: FlaskClient) -> None:
    headers = {"Accept": "text/csv"}
    query = SELECT.replace("?s {", "?s ('50%25 é' AS ?x) {")
    by_get = client.get("/sparql", query_string={"query": query}, headers=headers)
    by_form = client.post("/sparql", data={"query": query}, headers=headers)
    direct = client.post("/sparql", data=query.encode(), content_type="application/sparql-query", headers=headers)
    assert by_get.status_code == 200
    assert "50%25 é" in by_get.text
    assert by_get.data == by_form.data == direct.data
    assert by_form.headers["Cache-Control"] == "no-store"


def test_the_dataset_of_the_protocol(client: FlaskClient) -> None:
    def ask(query: str, **parameters: str) -> bool:
        response = client.post("/sparql", data={"query": query, **parameters})
        return bool(json.loads(response.data)["boolean"])

    gids = ID + "graaf/gids/9.3.2"
    assert ask("ASK { ?s a <https://w3id.org/wijkengids/def#Doel> }", **{"default-graph-uri": gids})
    assert not ask("ASK { ?s a <https://w3id.org/wijkengids/def#Wijk> }", **{"default-graph-uri": gids})
    assert not ask("ASK { GRAPH ?g { ?s a <https://w3id.org/wijkengids/def#Wijk> } }", **{"named-graph-uri": gids})


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ({"query_string": {"query": "SELECT * {"}}, 400, "regel 1, kolom 11"),
        ({"query_string": {"query": ["ASK {}", "ASK {}"]}}, 400, "precies een"),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:a> <a:a> }"}}, 403, "alleen om te lezen"),
        ({"query_string": {"query": "SELECT * { SERVICE <http://127.0.0.1/> {} }"}}, 403, "SERVICE"),
        ({"query_string": {"query": ""}}, 400, "De vraag is leeg"),
        ({"query_string": {"query": "ASK { wijk:x ?p ?o }"}}, 400, "PREFIX wijk: <https://w3id.org/"),
        ({"query_string": {"query": "ASK {}", "default-graph-uri": "x y"}}, 400, "geen IRI"),
        ({"method": "POST", "data": {}}, 400, "Er is geen 'query'"),
        ({"method": "POST", "data": {"update": "CLEAR ALL"}}, 403, "alleen om te lezen"),
        (
            {"method": "POST", "data": b"CLEAR ALL", "content_type": "application/sparql-update"},
            403,
            "alleen om te lezen",
        ),
        ({"method": "POST", "data": b"\xff", "content_type": "application/sparql-query"}, 400, "geen UTF-8"),
        ({"query_string": {"query": SELECT}, "headers": {"Accept": "image/png"}}, 406, "text/csv"),
        ({"method": "POST", "data": {"query": "#" * 2_000_000}}, 413, "te groot"),
        ({"method": "DELETE"}, 405, "methode"),
    ],
)
def test_problems_with_a_query_are_told(client: FlaskClient, arguments: dict, status: int, said: str) -> None:
    response = client.open("/sparql", **arguments)
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    assert said in json.loads(response.data)["detail"]


def test_a_problem_is_told_in_english_and_as_a_page(client: FlaskClient) -> None:
    query = {"query": "SELECT * {"}
    response = client.get("/sparql", query_string=query, headers={"Accept-Language": "en"})
    said = json.loads(response.data)
    assert said["detail"].startswith("The query is not valid SPARQL at line 1, column 11")
    assert (said["line"], said["column"]) == (1, 11)
    page = client.get("/sparql", query_string=query, headers={"Accept": "text/html"})
    assert page.status_code == 400
    assert "geen geldige SPARQL" in page.text


def test_the_health_of_the_server(client: FlaskClient) -> None:
    response = client.get("/health")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    said = json.loads(response.data)
    assert said["status"] == "ok"
    assert said["engine"]["workers"] == 3


def test_every_answer_names_the_release_and_allows_other_origins(client: FlaskClient, release) -> None:
    for path in ("/", "/id/wijk/poelenburg", "/doc/wijk/poelenburg", "/doc/wijk/nix", "/def"):
        response = client.get(path, headers={"Accept": "*/*" if path != "/" else "text/html"})
        assert response.headers["Wijkengids-Release"] == release.manifest.digest
        assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_programs_get_the_catalogue_at_the_root_and_all_that_it_names_leads_somewhere(client: FlaskClient) -> None:
    base = "https://w3id.org/wijkengids/"
    answer = client.get("/", headers={"Accept": "application/rdf+xml;q=0.5, text/turtle"})
    assert answer.content_type == "text/turtle; charset=utf-8"
    graph = rdflib.Graph().parse(data=answer.data, format="turtle")
    datasets = set(graph.subjects(rdflib.RDF.type, rdflib.DCAT.Dataset))
    assert datasets == {rdflib.URIRef(base + "id/dataset/wijkengids")}
    ours = {str(node) for triple in graph for node in triple if str(node).startswith(base)}
    for iri in ours:
        assert client.get("/" + iri.removeprefix(base), buffered=True).status_code in {200, 303}, iri
    assert client.get("/").content_type.startswith("text/html")


def test_a_media_type_in_the_query_means_what_it_means_in_accept(client: FlaskClient) -> None:
    asked = client.get("/doc/wijk/poelenburg?_mediatype=application/json")
    assert asked.content_type == "application/json"
    assert asked.data == client.get("/doc/wijk/poelenburg", headers={"Accept": "application/json"}).data


def test_a_406_of_a_vocabulary_is_no_landing_page(client: FlaskClient) -> None:
    answer = client.get("/def", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert 'rel="alternate"' in answer.headers["Link"]
    assert "cite-as" not in answer.headers["Link"]
    assert client.get("/def?_profile=labels").status_code == 200, "there is one profile: nothing to choose"


def test_a_dump_says_its_type_once_and_no_date_of_the_disk(client: FlaskClient) -> None:
    whole = client.get("/dump/wijkengids.ttl", buffered=True)
    assert whole.content_type == "text/turtle; charset=utf-8"
    assert "Last-Modified" not in whole.headers
    beyond = client.get("/dump/wijkengids.ttl", headers={"Range": "bytes=999999999-"}, buffered=True)
    assert beyond.status_code == 416
    assert beyond.headers["Content-Range"] == f"bytes */{len(whole.data)}"
