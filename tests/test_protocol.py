"""The SPARQL 1.1 Protocol over a socket: 25 points, the cases of section 2.1, what clients of others make of it."""

from __future__ import annotations

import io
import json
import sys
from urllib.parse import quote, urlencode

import pytest
import rdflib
from SPARQLWrapper import CSV, JSON, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

from tests.points import DIRECT, FORM, GIDS, POINTS, SELECT, WG, WIJKEN, Probe
from tests.wire import Answer, request
from wijkengids.model.formats import GRAPH_FORMATS, RESULTS_FORMATS, Format

OUTCOMES: dict[str, bool] = {}
ASK = "ASK { ?s ?p ?o }"
DOEL = f"ASK {{ ?s a <{WG}def#Doel> }}"
IN_GRAPH = f"ASK {{ GRAPH <{GIDS}> {{ ?s a <{WG}def#Doel> }} }}"


@pytest.fixture(scope="module")
def probe(server: str) -> Probe:
    return Probe(int(server.rpartition(":")[2]))


@pytest.mark.parametrize("name", POINTS)
def test_point(probe: Probe, name: str) -> None:
    OUTCOMES[name] = False
    POINTS[name](probe)
    OUTCOMES[name] = True


def test_the_score(probe: Probe, capsys: pytest.CaptureFixture[str]) -> None:
    for name, check in POINTS.items():
        if name not in OUTCOMES:  # asked for on its own
            check(probe)
            OUTCOMES[name] = True
    lines = [f"{number:>2} {'ja ' if OUTCOMES[name] else 'NEE'} {name}" for number, name in enumerate(POINTS, 1)]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *lines, f"{sum(OUTCOMES.values())}/{len(POINTS)}", ""]))
    assert sum(OUTCOMES.values()) == len(POINTS) == 25


def true(answer: Answer) -> bool:
    assert answer.status == 200, answer.body
    assert answer.media_type == "application/sparql-results+json"
    return bool(json.loads(answer.body)["boolean"])


def graphs(default: list[str] = [], named: list[str] = []) -> list[tuple[str, str]]:  # noqa: B006 -- only read
    return [*(("default-graph-uri", iri) for iri in default), *(("named-graph-uri", iri) for iri in named)]


def by_get(probe: Probe, query: str, dataset: list[tuple[str, str]]) -> Answer:
    return request(probe.port, "GET", "/sparql?" + urlencode([("query", query), *dataset]))


def by_form(probe: Probe, query: str, dataset: list[tuple[str, str]]) -> Answer:
    return probe.post(urlencode([("query", query), *dataset]))


def directly(probe: Probe, query: str, dataset: list[tuple[str, str]]) -> Answer:
    return probe.post(query, DIRECT, url="?" + urlencode(dataset) if dataset else "")


# section 2.1.4: the dataset, by each of the three operations


@pytest.mark.parametrize("way", [by_get, by_form, directly], ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    ("query", "dataset", "found"),
    [
        (ASK, [], True),
        (DOEL, graphs([GIDS]), True),
        (DOEL, graphs([WIJKEN]), False),
        (DOEL, graphs([WIJKEN, GIDS]), True),  # the merge of several
        (DOEL, graphs([], [GIDS]), False),  # an empty default graph where only named ones are given
        (IN_GRAPH, graphs([], [GIDS]), True),
        (IN_GRAPH, graphs([], [WIJKEN, GIDS]), True),
        (IN_GRAPH, graphs([], [WIJKEN]), False),
        (IN_GRAPH, graphs([GIDS]), False),  # no named graph where only a default one is given
        (IN_GRAPH, graphs([WIJKEN], [GIDS]), True),
        (DOEL, graphs([WIJKEN], [GIDS]), False),
        # the protocol goes before the query (section 2.1.4)
        (DOEL.replace("ASK", f"ASK FROM <{WIJKEN}>"), [], False),
        (DOEL.replace("ASK", f"ASK FROM <{WIJKEN}>"), graphs([GIDS]), True),
        (DOEL.replace("ASK", f"ASK FROM <{GIDS}>"), graphs([WIJKEN]), False),
        (IN_GRAPH.replace("ASK", f"ASK FROM NAMED <{GIDS}>"), [], True),
        (IN_GRAPH.replace("ASK", f"ASK FROM NAMED <{GIDS}>"), graphs([], [WIJKEN]), False),
        (IN_GRAPH.replace("ASK", f"ASK FROM NAMED <{WIJKEN}>"), graphs([], [GIDS]), True),
        # graphs that the release does not have are empty
        (ASK, graphs(["http://nergens.example/"]), False),
        (ASK.replace("ASK", "ASK FROM <http://nergens.example/>"), [], False),
        ("ASK { GRAPH ?g { ?s ?p ?o } }", graphs([], ["urn:x"]), False),
    ],
)
def test_the_dataset_is_what_protocol_and_query_say(
    probe: Probe, way, query: str, dataset: list[tuple[str, str]], found: bool
) -> None:
    assert true(way(probe, query, dataset)) is found


def test_the_graphs_of_url_and_form_count_together(probe: Probe) -> None:
    url = "?" + urlencode(graphs([WIJKEN]))
    assert true(probe.post(urlencode([("query", DOEL), *graphs([GIDS])]), FORM, url=url))


# section 2.1.1 to 2.1.3: the operations


@pytest.mark.parametrize("type_", [FORM, f"{FORM}; charset=utf-8", f"{FORM};charset=UTF-8", FORM.upper()])
def test_a_form_may_name_its_charset(probe: Probe, type_: str) -> None:
    assert true(probe.post(urlencode({"query": ASK}), type_))


@pytest.mark.parametrize("type_", [DIRECT, f"{DIRECT}; charset=utf-8", f'{DIRECT}; charset="UTF-8"', DIRECT.upper()])
def test_a_direct_query_may_name_its_charset(probe: Probe, type_: str) -> None:
    assert true(probe.post(ASK, type_))


def test_what_is_not_ascii_arrives_whole_by_every_way(probe: Probe) -> None:
    query = "SELECT ('Ménière, Ĳsselmonde, 东京, 🏘, +&=%' AS ?x) {}"
    answers = [way(probe, query, []) for way in (by_get, by_form, directly)]
    for answer in answers:
        [row] = json.loads(answer.body)["results"]["bindings"]
        assert row["x"]["value"] == "Ménière, Ĳsselmonde, 东京, 🏘, +&=%"


def test_a_plus_in_a_form_is_a_space_and_in_a_direct_query_itself(probe: Probe) -> None:
    assert true(probe.post("query=ASK+{}"))
    assert true(probe.post("query=ASK%20%7B%7D&unknown=1"))
    assert true(probe.post("ASK { FILTER(1+1 = 2) }", DIRECT))


@pytest.mark.parametrize("url", ["&timeout=1", "&format=x", "&output=json", "&_=123", "&x=%FF"[:4]])
def test_parameters_that_the_protocol_does_not_have_are_not_looked_at(probe: Probe, url: str) -> None:
    assert true(request(probe.port, "GET", "/sparql?query=" + quote(ASK) + url))


def test_a_query_in_the_url_of_a_post_without_a_body_is_taken(probe: Probe) -> None:
    assert true(request(probe.port, "POST", "/sparql?query=" + quote(ASK), [("Content-Length", "0")]))


TWICE = "?query=" + quote(ASK)


@pytest.mark.parametrize(
    ("method", "url", "type_", "body", "status"),
    [
        ("POST", TWICE, FORM, urlencode({"query": ASK}), 400),
        ("POST", TWICE, DIRECT, ASK, 400),
        ("POST", "", FORM, urlencode([("query", ASK), ("query", ASK)]), 400),
        ("GET", TWICE + "&query=" + quote(ASK), None, "", 400),
        ("GET", "?query=", None, "", 400),
        ("GET", "?query=%20%0A", None, "", 400),
        ("POST", "", FORM, "query=", 400),
        ("POST", "", FORM, "", 400),
        ("POST", "", DIRECT, "", 400),
        ("POST", "", None, "", 400),
        ("POST", "", DIRECT, "# leeg", 400),
        ("POST", "", "text/plain", ASK, 415),
        ("POST", "", "application/json", '{"query": "ASK {}"}', 415),
        ("POST", "", "text/turtle", ASK, 415),
        ("POST", "", "multipart/form-data; boundary=x", '--x\r\nContent-Disposition: form-data; name="query"', 415),
        ("POST", "", None, ASK, 415),
        ("POST", "", None, urlencode({"query": ASK}), 415),
        ("POST", "", f"{DIRECT}; charset=UTF-16", ASK, 415),
        ("POST", "", f"{DIRECT}; charset=iso-8859-1", ASK, 415),
        ("POST", "", f"{FORM}; charset=utf-16", urlencode({"query": ASK}), 415),
        ("POST", "", DIRECT, b"ASK { ?s ?p '\xe9' }", 400),
        ("POST", "", FORM, "query=ASK%20%7B%20?s%20?p%20'%E9'%20%7D", 400),
        ("GET", "?query=ASK%20%7B%20?s%20?p%20'%E9'%20%7D", None, "", 400),
        ("GET", "?query=" + quote("ASK { ?s ?p"), None, "", 400),
        ("GET", "?query=" + quote("HALLO"), None, "", 400),
        ("GET", TWICE + "&default-graph-uri=x%20y", None, "", 400),
        ("PUT", TWICE, None, "", 405),
        ("DELETE", TWICE, None, "", 405),
        ("PATCH", TWICE, None, "", 405),
        ("POST", "", FORM, "update=CLEAR%20ALL", 403),
        ("POST", "", FORM, urlencode({"update": "CLEAR ALL", "query": ASK}), 403),
        ("POST", "", "application/sparql-update", "CLEAR ALL", 403),
        ("GET", "?update=CLEAR%20ALL", None, "", 403),
        ("GET", "?query=CLEAR%20ALL", None, "", 403),
        ("POST", "", DIRECT, "INSERT DATA { <a:a> <a:a> <a:a> }", 403),
    ],
)
def test_what_is_no_query_is_refused_with_a_reason(
    probe: Probe, method: str, url: str, type_: str | None, body: str | bytes, status: int
) -> None:
    data = body.encode() if isinstance(body, str) else body
    headers = [("Content-Type", type_)] if type_ else []
    answer = request(probe.port, method, "/sparql" + url, headers + ([] if data else [("Content-Length", "0")]), data)
    assert answer.status == status, answer.body
    assert answer.media_type == "application/problem+json"
    assert len(json.loads(answer.body)["detail"]) > 15
    assert answer.get("access-control-allow-origin") == "*"
    if status == 405:
        assert {"get", "post"} <= answer.tokens("allow")


# section 2.1.5 to 2.1.7: what comes back


@pytest.mark.parametrize("way", [by_get, by_form, directly], ids=lambda way: way.__name__)
@pytest.mark.parametrize(
    ("query", "type_"),
    [
        (SELECT, "application/sparql-results+json"),
        (ASK, "application/sparql-results+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 3", "text/turtle"),
        (f"DESCRIBE <{WG}id/wijk/poelenburg>", "text/turtle"),
    ],
)
def test_an_answer_without_wishes_has_the_type_of_its_form(probe: Probe, way, query: str, type_: str) -> None:
    answer = way(probe, query, [])
    assert (answer.status, answer.media_type) == (200, type_)


@pytest.mark.parametrize("format_", RESULTS_FORMATS, ids=lambda format_: format_.name)
def test_rdflib_reads_solutions_in_each_format(probe: Probe, format_: Format) -> None:
    answer = probe.get(SELECT, format_.media_type)
    names = {"srj": "json", "srx": "xml"}
    read = rdflib.query.Result.parse(io.BytesIO(answer.body), format=names.get(format_.name, format_.name))
    found = {tuple(map(str, row)) for row in read}
    assert len(found) == 13
    assert (WG + "id/wijk/poelenburg", "Poelenburg") in found


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda format_: format_.name)
def test_rdflib_reads_graphs_in_each_format(probe: Probe, format_: Format) -> None:
    answer = probe.get(f"CONSTRUCT WHERE {{ ?s a <{WG}def#Wijk> }}", format_.media_type)
    assert answer.media_type == format_.media_type
    names = {"nt": "nt11", "rdf": "xml", "jsonld": "json-ld", "ttl": "turtle", "nq": "nquads"}
    kind = rdflib.Dataset(default_union=True) if format_.holds_graphs else rdflib.Graph()
    assert len(kind.parse(data=answer.body, format=names.get(format_.name, format_.name))) == 13


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("direct", [False, True], ids=["form", "direct"])
def test_sparqlwrapper_asks_and_converts(server: str, method: str, direct: bool) -> None:
    def asked(query: str, format_: str) -> object:
        client = SPARQLWrapper(server + "/sparql", returnFormat=format_)
        client.setQuery(query)
        client.setMethod(method)
        if direct and method == "POST":
            client.setRequestMethod("postdirectly")
        return client.queryAndConvert()

    rows = asked(SELECT, JSON)["results"]["bindings"]  # type: ignore[index]
    names = [row["s"]["value"] for row in rows]
    assert WG + "id/wijk/poelenburg" in names
    assert asked(SELECT, XML).toxml().count("<uri>") == len(names)  # type: ignore[attr-defined]
    assert len(asked(SELECT, CSV).decode().splitlines()) == len(names) + 1  # type: ignore[attr-defined]
    assert len(asked(SELECT, TSV).decode().splitlines()) == len(names) + 1  # type: ignore[attr-defined]
    graph = rdflib.Graph().parse(data=asked("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5", TURTLE), format="turtle")
    assert len(graph) == 5
    assert len(asked(f"DESCRIBE <{WG}id/wijk/poelenburg>", RDFXML)) > 5  # type: ignore[arg-type]


def test_rdflibs_store_asks(server: str) -> None:
    graph = rdflib.Graph("SPARQLStore")
    graph.open(server + "/sparql")
    assert len(list(graph.query(SELECT))) == 13
    assert graph.query(ASK).askAnswer
