"""The 25 points on which SPARQL endpoints of peers were probed; each is a function that fails where a service does."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

import rdflib
from pyoxigraph import QueryResultsFormat, parse_query_results

from tests.wire import Answer, request

WG = "https://w3id.org/wijkengids/"
SELECT = f"SELECT ?s ?l {{ ?s a <{WG}def#Wijk> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }} ORDER BY ?s ?l"
GIDS, WIJKEN = WG + "id/graaf/gids/9.3.2", WG + "id/graaf/referentie/wijken"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FORM, DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"


@dataclass(frozen=True)
class Probe:
    """Asks one service over a socket."""

    port: int

    def get(self, query: str | None, accept: str | None = None, *headers: tuple[str, str], **more: object) -> Answer:
        parameters = ([] if query is None else [("query", query)]) + [
            (name.replace("_", "-"), str(value)) for name, value in more.items()
        ]
        target = "/sparql" + ("?" + urlencode(parameters, quote_via=quote) if parameters else "")
        return request(self.port, "GET", target, [*([("Accept", accept)] if accept else []), *headers])

    def post(self, body: str | bytes, type_: str | None = FORM, *headers: tuple[str, str], url: str = "") -> Answer:
        data = body.encode() if isinstance(body, str) else body
        typed = [("Content-Type", type_)] if type_ else []
        return request(self.port, "POST", "/sparql" + url, [*typed, *headers], data)

    def ask(self, query: str, **more: object) -> bool:
        answer = self.get(query, "application/sparql-results+json", **more)
        assert answer.status == 200, answer.body
        return bool(json.loads(answer.body)["boolean"])


POINTS: dict[str, Callable[[Probe], None]] = {}


def point(name: str) -> Callable[[Callable[[Probe], None]], None]:
    def add(function: Callable[[Probe], None]) -> None:
        POINTS[name] = function

    return add


def solutions(answer: Answer, format_: QueryResultsFormat) -> int:
    assert answer.status == 200
    return len(list(parse_query_results(answer.body, format=format_)))  # type: ignore[arg-type]


@point("CSV")
def _(probe: Probe) -> None:
    answer = probe.get(SELECT, "text/csv")
    assert answer.get("content-type") == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(answer.body.decode()))
    assert header == ["s", "l"]
    assert rows[0] == [WG + "id/wijk/crabbehof", "Crabbehof"]
    assert answer.body.count(b"\r\n") == len(rows) + 1


@point("TSV")
def _(probe: Probe) -> None:
    answer = probe.get(SELECT, "text/tab-separated-values")
    assert answer.get("content-type") == "text/tab-separated-values; charset=utf-8"
    assert answer.body.startswith(b"?s\t?l\n<")
    assert solutions(answer, QueryResultsFormat.TSV) == 13


@point("results XML")
def _(probe: Probe) -> None:
    answer = probe.get(SELECT, "application/sparql-results+xml")
    assert answer.media_type == "application/sparql-results+xml"
    assert len(rdflib.query.Result.parse(io.BytesIO(answer.body), format="xml")) == 13


@point("results JSON")
def _(probe: Probe) -> None:
    answer = probe.get(SELECT, "application/sparql-results+json")
    assert answer.media_type == "application/sparql-results+json"
    assert json.loads(answer.body)["head"]["vars"] == ["s", "l"]


@point("q-values")
def _(probe: Probe) -> None:
    accept = "application/sparql-results+json;q=0.2, text/csv;q=0.9, application/sparql-results+xml;q=0.5, */*;q=0.1"
    assert probe.get(SELECT, accept).media_type == "text/csv"
    accept = "application/sparql-results+json;q=0, */*;q=0.1"
    assert probe.get(SELECT, accept).media_type != "application/sparql-results+json"


@point("406")
def _(probe: Probe) -> None:
    answer = probe.get(SELECT, "image/png")
    assert answer.status == 406
    assert b"application/sparql-results+json" in answer.body
    assert probe.get("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1", "text/csv").status == 406


@point("HEAD")
def _(probe: Probe) -> None:
    target = "/sparql?query=" + quote(SELECT)
    head, get = (request(probe.port, method, target, [("Accept", "text/csv")]) for method in ("HEAD", "GET"))
    assert (head.status, head.body) == (200, b"")
    assert {pair for pair in head.lines if pair[0] != "date"} == {pair for pair in get.lines if pair[0] != "date"}


@point("CORS preflight")
def _(probe: Probe) -> None:
    asked = [
        ("Origin", "https://example.org"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "content-type, accept"),
    ]
    answer = request(probe.port, "OPTIONS", "/sparql", asked)
    assert answer.status in {200, 204}
    assert answer.get("access-control-allow-origin") == "*"
    assert {"get", "post"} <= answer.tokens("access-control-allow-methods")
    assert {"content-type", "accept"} <= answer.tokens("access-control-allow-headers")
    assert probe.get(SELECT, None, asked[0]).get("access-control-allow-origin") == "*"


@point("gzip")
def _(probe: Probe) -> None:
    coded = probe.get(SELECT, "text/csv", ("Accept-Encoding", "gzip"))
    assert coded.get("content-encoding") == "gzip"
    assert gzip.decompress(coded.body) == probe.get(SELECT, "text/csv").body


@point("POST form")
def _(probe: Probe) -> None:
    answer = probe.post(urlencode({"query": SELECT}), FORM, ("Accept", "text/csv"))
    assert (answer.status, answer.body) == (200, probe.get(SELECT, "text/csv").body)


@point("POST direct")
def _(probe: Probe) -> None:
    answer = probe.post(SELECT, DIRECT, ("Accept", "text/csv"))
    assert (answer.status, answer.body) == (200, probe.get(SELECT, "text/csv").body)


@point("a literal with %25 survives the form")
def _(probe: Probe) -> None:
    query = "SELECT ('100%25 + 5%2B é' AS ?x) {}"
    answers = [
        probe.post(urlencode({"query": query}), FORM, ("Accept", "text/csv")),
        probe.post(query, DIRECT, ("Accept", "text/csv")),
        probe.get(query, "text/csv"),
    ]
    assert {answer.body for answer in answers} == {"x\r\n100%25 + 5%2B é\r\n".encode()}


@point("4xx on a syntax error, with line and column")
def _(probe: Probe) -> None:
    answer = probe.get("SELECT *\n{ ?s ?p }")
    assert answer.status == 400
    said = json.loads(answer.body)
    assert (said["line"], said["column"]) == (2, 10)
    assert "regel 2, kolom 10" in said["detail"]


@point("service description by negotiation")
def _(probe: Probe) -> None:
    for accept in (None, "text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples"):
        answer = probe.get(None, accept)
        assert (answer.status, answer.media_type) == (200, accept or "text/turtle")
        graph = rdflib.Graph().parse(data=answer.body, format=answer.media_type)
        sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
        assert list(graph.subjects(rdflib.RDF.type, sd.Service)) == [rdflib.URIRef(WG + "sparql")]
    assert probe.get(None, "text/html").media_type == "text/html"


@point("two query= refused")
def _(probe: Probe) -> None:
    twice = urlencode([("query", "ASK {}"), ("query", "ASK {}")])
    assert request(probe.port, "GET", "/sparql?" + twice).status == 400
    assert probe.post(twice).status == 400


@point("default-graph-uri and named-graph-uri honoured")
def _(probe: Probe) -> None:
    doel = f"?s a <{WG}def#Doel>"
    assert probe.ask(f"ASK {{ {doel} }}", default_graph_uri=GIDS)
    assert not probe.ask(f"ASK {{ {doel} }}", default_graph_uri=WIJKEN)
    assert probe.ask(f"ASK {{ GRAPH ?g {{ {doel} }} }}", named_graph_uri=GIDS)
    assert not probe.ask(f"ASK {{ GRAPH ?g {{ {doel} }} }}", named_graph_uri=WIJKEN)
    assert not probe.ask(f"ASK {{ {doel} }}", named_graph_uri=GIDS)


@point("Vary")
def _(probe: Probe) -> None:
    for answer in (probe.get(SELECT, "text/csv"), probe.get(None, "text/turtle"), probe.get(SELECT, "image/png")):
        assert {"accept", "accept-encoding"} <= answer.tokens("vary")


@point("ETag and 304")
def _(probe: Probe) -> None:
    first = probe.get(SELECT, "text/csv")
    tag = first.get("etag")
    assert tag
    assert probe.get(SELECT, "text/csv").get("etag") == tag
    again = probe.get(SELECT, "text/csv", ("If-None-Match", tag))
    assert (again.status, again.body) == (304, b"")
    assert probe.get(SELECT, "text/tab-separated-values", ("If-None-Match", tag)).status == 200
    assert probe.get(SELECT + " LIMIT 2", "text/csv", ("If-None-Match", tag)).status == 200


@contextlib.contextmanager
def silent() -> Iterator[int]:
    """Give a port that somebody listens on; fails where anybody came."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]
        listening.settimeout(0.2)
        with contextlib.suppress(TimeoutError):
            listening.accept()
            raise AssertionError("a request came")


@point("SERVICE to loopback refused without a request")
def _(probe: Probe) -> None:
    with silent() as port:
        for host in ("127.0.0.1", "localhost", "0.0.0.0", "2130706433"):
            for silently in ("", "SILENT "):
                query = f"SELECT * {{ SERVICE {silently}<http://{host}:{port}/sparql> {{ ?s ?p ?o }} }}"
                assert probe.get(query).status == 403
        query = f"SELECT * {{ BIND(<http://127.0.0.1:{port}/> AS ?g) SERVICE ?g {{ ?s ?p ?o }} }}"
        assert probe.post(query, DIRECT).status == 403


@point("FROM <http...> not fetched")
def _(probe: Probe) -> None:
    with silent() as port:
        url = f"http://127.0.0.1:{port}/data.ttl"
        assert not probe.ask(f"ASK FROM <{url}> {{ ?s ?p ?o }}")
        assert not probe.ask(f"ASK FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}")
        assert not probe.ask("ASK { ?s ?p ?o }", default_graph_uri=url)


@point("FROM <file...> not read")
def _(probe: Probe) -> None:
    here = __file__.replace("points.py", "klein/data/referentie/wijken.ttl")
    for url in (f"file://{here}", f"file:{here}", "file:///etc/passwd"):
        assert not probe.ask(f"ASK FROM <{url}> {{ ?s ?p ?o }}")
        assert not probe.ask("ASK { GRAPH ?g { ?s ?p ?o } }", named_graph_uri=url)


@point("short CONSTRUCT WHERE")
def _(probe: Probe) -> None:
    answer = probe.get(f"CONSTRUCT WHERE {{ ?s a <{WG}def#Wijk> }}", "text/turtle")
    assert (answer.status, answer.media_type) == (200, "text/turtle")
    assert len(rdflib.Graph().parse(data=answer.body, format="turtle")) == 13


@point("DESCRIBE typed right")
def _(probe: Probe) -> None:
    for accept in ("text/turtle", "application/rdf+xml", "application/ld+json", "application/n-triples", "*/*"):
        answer = probe.get(f"DESCRIBE <{WG}id/wijk/poelenburg>", accept)
        assert (answer.status, answer.media_type) == (200, "text/turtle" if accept == "*/*" else accept)
        assert len(rdflib.Graph().parse(data=answer.body, format=answer.media_type)) > 5


@point("runaway query stopped")
def _(probe: Probe) -> None:
    answer = probe.get(CROSS)
    assert answer.status == 503
    assert "gestopt" in json.loads(answer.body)["detail"]
    assert probe.ask("ASK {}")


@point("others served meanwhile")
def _(probe: Probe) -> None:
    outcomes: list[int] = []
    hostile = [threading.Thread(target=lambda: outcomes.append(probe.get(CROSS).status)) for _ in range(2)]
    for thread in hostile:
        thread.start()
    served = 0
    while any(thread.is_alive() for thread in hostile):
        assert probe.ask("ASK {}")
        assert request(probe.port, "GET", "/doc/wijk/poelenburg").status == 200
        served += 1
    assert served > 10
    assert outcomes == [503, 503]
