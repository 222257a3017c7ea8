"""Engines elsewhere: real ones answer as our own does, and what they do wrong is said clearly."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import struct
import subprocess
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from tests import engines
from tests.conftest import LIMITS, Run, free_port, serving, wait_until
from tests.engines import Running, needs_oxigraph, needs_virtuoso
from wijkengids.engine.connection import Access
from wijkengids.engine.dataset import Dataset
from wijkengids.engine.embedded import EmbeddedEngine
from wijkengids.engine.protocol import Question
from wijkengids.engine.remote import RemoteEngine
from wijkengids.engine.standard import standard
from wijkengids.errors import (
    CannotRun,
    EngineAway,
    EngineBroken,
    EngineBusy,
    QueryInvalid,
    QueryProblem,
    QueryRefused,
    QueryStopped,
    Text,
    WrongUse,
)
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.dataset import dataset_of
from wijkengids.release.folder import Release, Releases
from wijkengids.release.store import OpenRelease
from wijkengids.tools.push import put

BASE = "https://w3id.org/wijkengids/"
GIDS = BASE + "id/graaf/gids/9.3.2"
SLOW = replace(LIMITS, deadline=30, result=2**26)
EXCEPT: dict[tuple[str, str], str] = {
    ("virtuoso", "termen-en-gebruik"): "Virtuoso 7.2.5 does not know a negated property set in a path",
}
"""Questions that an engine does not answer as the standard says, with the reason."""

TWICE = {
    ("virtuoso", "thema-in-alle-hoofdstukken"): "Virtuoso 7.2.5 gives a row of DISTINCT again where ORDER BY computes",
}
"""Questions that an engine answers with a row too many, the same as another."""


# what goes to an engine


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("ASK { ?s ?p ?o }", None, None),
        ("ASK FROM <http://a/> { ?s ?p ?o }", ("http://a/",), ()),
        ("ASK FROM NAMED <http://a/> { ?s ?p ?o }", (), ("http://a/",)),
        ("PREFIX x: <http://a/> ASK FROM x:b FROM NAMED x:c { }", ("http://a/b",), ("http://a/c",)),
        ("BASE <http://a/b/> ASK FROM <c> FROM <../d> { }", ("http://a/b/c", "http://a/d"), ()),
        ("ASK # FROM <http://a/>\n{ ?s ?p 'FROM <http://a/>' }", None, None),
    ],
)
def test_from_is_taken_out_of_the_text(query: str, default: tuple[str, ...] | None, named: object) -> None:
    asked = standard(query)
    assert (asked.default_graphs, asked.named_graphs) == (default, named)
    assert "FROM" not in asked.text.replace("'FROM <http://a/>'", "")


def test_what_goes_out_has_no_comment_and_every_place_stays() -> None:
    text = "#pragma x\nSELECT * # b\n FROM <http://a/>\n{ ?s ?p '# no comment' }"
    sent = standard(text).text
    assert [len(line) for line in sent.split("\n")] == [len(line) for line in text.split("\n")]
    assert " ".join(sent.split()) == "SELECT * { ?s ?p '# no comment' }"


@pytest.mark.parametrize(
    "query",
    [
        "DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }",
        "PREFIX a: <http://a/> DEFINE input:grab-all 'yes' SELECT * { ?s ?p ?o }",
        "SELECT * FROM <http://127.0.0.1/> OPTION (get:soft 'soft') { ?s ?p ?o }",
        "PREFIX t: <http://a/> SELECT * { ?s ?p ?o OPTION (TRANSITIVE, t:x 1) }",
        "PREFIX bif: <bif:> SELECT (bif:http_get('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<BIF:http_get>('http://127.0.0.1/') AS ?x) {}",
        "SELECT (<b\\u0069f:http_get>('http://127.0.0.1/') AS ?x) {}",
        "BASE <sql:> SELECT (<rnd>(1) AS ?x) {}",
        "SELECT * { SERVICE <http://127.0.0.1/> {} }",
        "SELECT * { ?s ?p ?o } LATERAL { }",
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "SELECT * { ?s ?p ` }",
    ],
)
def test_only_the_standard_goes_out(query: str) -> None:
    with pytest.raises((QueryInvalid, QueryRefused)):
        standard(query)


def test_every_question_of_ours_is_standard(release: Release) -> None:
    for question in OpenRelease.open(release).questions.values():
        assert standard(question.query).default_graphs is None


@pytest.mark.parametrize("url", ["ftp://a/", "a/b", "http:///x", "http://naam:geheim@host/sparql"])
def test_an_address_that_cannot_be_one_is_wrong_use(url: str) -> None:
    with pytest.raises(WrongUse) as caught:
        Access(url)
    assert "geheim" not in repr(Access("http://a/", "naam", "geheim")) + (str(caught.value) if "@" in url else "")


# an engine that misbehaves

Behaviour = Callable[[BaseHTTPRequestHandler, dict[str, list[str]]], None]
SRJ = "application/sparql-results+json"


class Wayward:
    """A real server that does what a test tells it; asked for the index it says that the release is there."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []
        self.behave: Behaviour = lambda request, form: None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = urllib.parse.parse_qs(body)
                if "identifier" in form["query"][0]:
                    say(self, b'{"head": {}, "boolean": true}')
                else:
                    outer.asked.append(form)
                    outer.behave(self, form)

            def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/sparql"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def say(
    request: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str = SRJ,
    size: int | None = None,
    **more: str,
) -> None:
    request.send_response(status)
    for name, value in ({"Content-Type": kind, "Content-Length": str(size or len(body))} | more).items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()
    request.wfile.write(body)


@pytest.fixture
def wayward() -> Iterator[Wayward]:
    server = Wayward()
    yield server
    server.server.shutdown()
    server.server.server_close()


def remote(url: str, limits: object = LIMITS, **access: object) -> RemoteEngine:
    options = {"retries": 2, "jitter": lambda: 0.0} | access
    dataset = Dataset("0" * 64, BASE, (GIDS,))
    return RemoteEngine(Access(url, **options), limits, lambda store: dataset)  # type: ignore[arg-type]


def asking(engine: RemoteEngine, text: str = "SELECT * { ?s ?p ?o }", format_: str = "srj", **more: object) -> bytes:
    return engine.query(Question("-", text, format_, BASE, **more))  # type: ignore[arg-type]


def hang_up(request: BaseHTTPRequestHandler, form: object) -> None:
    request.close_connection = True


def linger(request: BaseHTTPRequestHandler, form: object) -> None:
    time.sleep(1.5)


def drip(request: BaseHTTPRequestHandler, form: object) -> None:
    request.send_response(200)
    request.send_header("Content-Type", SRJ)
    request.end_headers()
    try:
        for _ in range(30):
            request.wfile.write(b" ")
            time.sleep(0.1)
    except OSError:
        pass  # the engine of the test has hung up


@pytest.mark.parametrize(
    ("behave", "problem", "words"),
    [
        (lambda r, f: say(r, b'{"head": {"vars": ["s"]}, "results": {"bind'), EngineBroken, "niet te lezen"),
        (lambda r, f: say(r, b'{"head": {"va', size=1000), EngineBroken, "breekt zijn antwoord af"),
        (lambda r, f: say(r, b"<html>", kind="text/html"), EngineBroken, "text/html"),
        (lambda r, f: say(r, b'{"head": {}, "boolean": true}'), EngineBroken, "ander soort"),
        (lambda r, f: say(r, b"geheim adres", 500, "text/plain"), EngineBroken, r"fout \(500\)"),
        (lambda r, f: say(r, b"", 404), EngineBroken, "geen vragen op het opgegeven adres"),
        (lambda r, f: say(r, b"", 302, Location="http://127.0.0.1:1/"), EngineBroken, "geen vragen op het opgegeven"),
        (lambda r, f: say(r, b"", 401), EngineBroken, "weigert onze naam"),
        (lambda r, f: say(r, b"", 504), QueryStopped, "duurt te lang"),
        (lambda r, f: say(r, b"", 429), EngineBusy, "druk"),
        (lambda r, f: say(r, b"", 503), EngineBusy, "druk"),
        (lambda r, f: say(r, b" " * (4 * LIMITS.result + 1)), QueryStopped, "te groot"),
        (lambda r, f: say(r, b'{"head": {}, "results": {}}', X_SPARQL_MaxRows="9"), QueryStopped, "maar een deel"),
        (hang_up, EngineAway, "niet bereikbaar"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_no_answer_is_told(
    wayward: Wayward, behave: Behaviour, problem: type[QueryProblem], words: str
) -> None:
    wayward.behave = behave
    with pytest.raises(problem, match=words) as caught:
        asking(remote(wayward.url))
    assert "127.0.0.1" not in str(caught.value.text), "clients are not told where the engine is"
    assert "geheim" not in str(caught.value.text)


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("error at 2:6: expected one of ?", (2, 6)),
        ("Virtuoso 37000 Error SP030: SPARQL compiler, line 3: syntax error at '}'", (3, None)),
        ('Parse error: Encountered " "}" "} "" at line 1, column 17.', (1, 17)),
        ("MALFORMED QUERY", (None, None)),
    ],
)
def test_a_syntax_error_keeps_its_place(wayward: Wayward, said: str, place: tuple[int | None, int | None]) -> None:
    wayward.behave = lambda r, f: say(r, said.encode(), 400, "text/plain")
    with pytest.raises(QueryInvalid) as caught:
        asking(remote(wayward.url))
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize("behave", [linger, drip])
def test_an_engine_that_takes_too_long_is_left(wayward: Wayward, behave: Behaviour) -> None:
    wayward.behave = behave
    with pytest.raises(QueryStopped, match="niet op tijd"):
        asking(remote(wayward.url, replace(LIMITS, deadline=0.5)))
    assert len(wayward.asked) == 1, "what was begun is not begun again"


def test_nobody_there_is_told_at_once_or_after_the_time_to_connect() -> None:
    for url in (f"http://127.0.0.1:{free_port()}/", "http://nergens.invalid/"):
        with pytest.raises(EngineAway) as caught:
            asking(remote(url))
        assert (caught.value.status, caught.value.retry_after) == (503, 10)
        with pytest.raises(EngineAway):
            remote(url).status()


def test_who_does_not_take_the_connection_is_away() -> None:
    """A queue of connections that is full: the kernel lets the next ones wait."""
    with engines.deaf() as port, pytest.raises(EngineAway):
        asking(remote(f"http://127.0.0.1:{port}/", connect=0.2, retries=0))


def test_a_further_attempt_where_it_is_safe(wayward: Wayward) -> None:
    answer = b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}'
    turns: Iterator[Behaviour] = iter(
        [hang_up, lambda r, f: say(r, b"", 503, Retry_After="0"), lambda r, f: say(r, answer)]
    )

    def behave(request: BaseHTTPRequestHandler, form: dict[str, list[str]]) -> None:
        next(turns)(request, form)

    wayward.behave = behave
    assert json.loads(asking(remote(wayward.url)))["head"] == {"vars": ["s"]}
    assert len(wayward.asked) == 3


def test_no_further_attempt_that_would_come_after_the_deadline(wayward: Wayward) -> None:
    wayward.behave = lambda r, f: say(r, b"", 503, Retry_After="3600")
    with pytest.raises(EngineBusy):
        asking(remote(wayward.url))
    assert len(wayward.asked) == 1


def test_no_more_at_once_than_may(wayward: Wayward) -> None:
    wayward.behave = linger
    engine = remote(wayward.url, replace(LIMITS, workers=1, queue=1, patience=0.1, deadline=1, result=100))

    def first() -> None:
        with contextlib.suppress(QueryProblem):
            asking(engine)

    busy = threading.Thread(target=first)
    busy.start()
    while not wayward.asked:
        time.sleep(0.01)
    with pytest.raises(EngineBusy):
        asking(engine)
    busy.join()


@pytest.mark.parametrize(
    ("text", "more", "default", "named"),
    [
        ("ASK { GRAPH ?g { ?s ?p ?o } }", {}, [BASE + "#samen-0000000000000000"], [GIDS]),
        ("ASK { ?s ?p ?o }", {}, [BASE + "#samen-0000000000000000"], []),
        (f"ASK FROM <{GIDS}> {{ GRAPH ?g {{ }} }}", {}, [GIDS], [BASE + "#leeg"]),
        ("ASK FROM <http://nergens/> FROM <file:x> { }", {}, [BASE + "#leeg"], []),
        (f"ASK FROM <{GIDS}> {{ }}", {"default_graphs": ("http://nergens/",)}, [BASE + "#leeg"], []),
        ("ASK { GRAPH ?g { } }", {"named_graphs": (GIDS, "http://nergens/")}, [BASE + "#leeg"], [GIDS]),
    ],
)
def test_an_engine_is_asked_for_graphs_of_ours_only(
    wayward: Wayward, text: str, more: dict[str, object], default: list[str], named: list[str]
) -> None:
    wayward.behave = lambda r, f: say(r, b'{"head": {}, "boolean": true}')
    if "file:" in text:
        with pytest.raises(QueryRefused):
            asking(remote(wayward.url), text, **more)
        assert not wayward.asked
        return
    asking(remote(wayward.url), text, **more)
    assert wayward.asked[0]["default-graph-uri"] == default
    assert wayward.asked[0].get("named-graph-uri", []) == named
    assert "FROM" not in wayward.asked[0]["query"][0]


# engines that people use


@pytest.fixture(
    scope="module",
    params=[pytest.param("oxigraph", marks=needs_oxigraph), pytest.param("virtuoso", marks=needs_virtuoso)],
)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, release: Release
) -> Iterator[Running]:
    """An engine with the whole release on it."""
    with getattr(engines, request.param)(tmp_path_factory.mktemp(request.param)) as engine:
        push(release, engine)
        yield engine


def push(release: Release, engine: Running) -> str:
    said = put(release, engine.graphs, lambda url: Access(url, engine.user, engine.password), lambda step: None)
    return said.nl


def real(engine: Running, limits: object = SLOW) -> RemoteEngine:
    return RemoteEngine(Access(engine.query), limits, dataset_of)  # type: ignore[arg-type]


def question(release: Release, text: str, format_: str = "srj", **more: tuple[str, ...]) -> Question:
    return Question(str(release.store), text, format_, BASE, more.get("default"), more.get("named"))


POINT = re.compile(r"POINT\((-?[\d.]+) (-?[\d.]+)\)")


def text_of(term: object) -> str:
    """Write a term such that the label of a blank node does not count, nor the precision of a coordinate.

    Virtuoso keeps points as numbers of single precision.
    """
    if isinstance(term, BlankNode):
        return "_:"
    return POINT.sub(lambda found: str(struct.pack("ff", float(found[1]), float(found[2]))), str(term))


def content(body: bytes, graph: bool) -> object:
    """Return an answer such that the order does not count."""
    if graph:
        return Counter(text_of(quad.triple) for quad in parse(body, format=RdfFormat.N_TRIPLES))
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return bool(found)
    assert isinstance(found, QuerySolutions)
    return Counter(tuple(text_of(term) for term in row) for row in found)


@pytest.fixture(scope="module")
def own(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], object]:
    """What our own store answers, in this process."""
    store = OpenRelease.open(release).store

    def ask(text: str) -> object:
        found = store.query(text)
        if isinstance(found, QuerySolutions | QueryBoolean):
            return content(bytes(found.serialize(format=QueryResultsFormat.JSON) or b""), False)
        return Counter(text_of(triple) for triple in found)

    return ask


def test_every_question_is_answered_alike(running: Running, release: Release, own: Callable[[str], object]) -> None:
    engine = real(running)
    questions = OpenRelease.open(release).questions
    assert len(questions) > 20
    for name, asked in questions.items():
        if (running.name, name) in EXCEPT:
            with pytest.raises(QueryProblem):
                engine.query(question(release, asked.query))
            continue
        graph = standard(asked.query).form.is_graph
        found = content(engine.query(question(release, asked.query, "nt" if graph else "srj")), graph)
        expected = own(asked.query)
        if (running.name, name) in TWICE:
            assert isinstance(found, Counter)
            assert isinstance(expected, Counter)
            found, expected = set(found), set(expected)
        assert found == expected, name


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
        f"SELECT (COUNT(*) AS ?n) FROM <{GIDS}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{GIDS}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        f"SELECT (COUNT(*) AS ?n) FROM NAMED <{GIDS}> {{ ?s ?p ?o }}",
        f"SELECT (COUNT(*) AS ?n) FROM <{GIDS}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "ASK FROM <http://nergens/> { ?s ?p ?o }",
        "ASK { ?s ?p ?o }",
        "SELECT ?s ?o { ?s <http://www.w3.org/ns/shacl#property> ?o }",
        "SELECT ?o { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?o }",
        "CONSTRUCT { ?s a ?o } WHERE { ?s a ?o FILTER(ISIRI(?s) && ISIRI(?o)) }",
        "SELECT ?s { ?s ?p '\\u0027 # \\\\ x' }",
    ],
)
def test_the_dataset_and_the_terms_are_the_same(
    running: Running, release: Release, own: Callable[[str], object], text: str
) -> None:
    graph = standard(text).form.is_graph
    assert content(real(running).query(question(release, text, "nt" if graph else "srj")), graph) == own(text)


def test_all_that_an_engine_gives_back_is_what_it_was_given(
    running: Running, release: Release, own: Callable[[str], object]
) -> None:
    """Every statement without a blank node."""
    text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(!ISBLANK(?s) && !ISBLANK(?o)) }"
    assert content(real(running).query(question(release, text, "nt")), True) == own(text)


def test_every_format_comes_out_as_ours(running: Running, release: Release, engine: EmbeddedEngine) -> None:
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    rows = f"SELECT ?w ?l {{ ?w a <{BASE}def#Wijk> ; {label} ?l }} ORDER BY ?w ?l"
    for name in ("csv", "tsv", "srx", "srj"):
        asked = question(release, rows, name)
        assert real(running).query(asked) == engine.query(asked), name
    graph = f"CONSTRUCT WHERE {{ <{BASE}id/wijk/crabbehof> {label} ?l }}"
    for name in ("ttl", "nt", "rdf", "jsonld", "trig", "nq"):
        asked = question(release, graph, name)
        assert real(running).query(asked) == engine.query(asked), name


def test_a_graph_by_the_protocol_goes_before_from(running: Running, release: Release) -> None:
    text = "ASK FROM <http://nergens/> { ?s a <https://w3id.org/wijkengids/def#Doel> }"
    assert json.loads(real(running).query(question(release, text, default=(GIDS,))))["boolean"] is True
    assert json.loads(real(running).query(question(release, text, named=(GIDS,))))["boolean"] is False


def test_an_engine_says_where_a_query_is_wrong(running: Running, release: Release) -> None:
    with pytest.raises(QueryInvalid) as caught:
        real(running).query(question(release, "SELECT *\n{ ?s ?p }"))
    assert caught.value.line == 2


def test_a_query_that_runs_away_is_left_and_others_are_answered(running: Running, release: Release) -> None:
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(STRLEN(STR(?c)) < STRLEN(STR(?f))) }"
    with pytest.raises(QueryStopped):
        real(running, replace(LIMITS, deadline=1)).query(question(release, cross))
    assert json.loads(real(running).query(question(release, "ASK { ?s ?p ?o }")))["boolean"] is True


@needs_virtuoso
def test_half_an_answer_of_virtuoso_is_none(tmp_path: Path, release: Release) -> None:
    with engines.virtuoso(tmp_path, rows=100) as engine:
        push(release, engine)
        with pytest.raises(QueryStopped, match="maar een deel"):
            real(engine).query(question(release, "SELECT * { ?s ?p ?o }"))
        with pytest.raises(CannotRun, match=r"neemt de uitgave niet aan|antwoordt niet") as caught:
            put(release, engine.graphs, lambda url: Access(url, "dba", "mis-geraden"), lambda step: None)
        assert "mis-geraden" not in str(caught.value.text)


# a release on its way


@pytest.fixture
def two(small: Project, tmp_path: Path) -> tuple[Releases, Release, Release]:
    """A folder with two releases of different content; the second is the current one."""
    folder = Releases(tmp_path / "uitgaven")
    first, _ = build(small, folder, Base())
    project = Path(shutil.copytree(small.root, tmp_path / "anders"))
    (project / "data/gids/9.3.2.trig").unlink()
    lines = (small.root / "data/gids/9.3.2.trig").read_text(encoding="utf-8")
    (project / "data/gids/9.3.2.trig").write_text(lines.replace("Crabbehof", "Krabbehof"), encoding="utf-8")
    with (project / "data/referentie/wijken.ttl").open("a", encoding="utf-8") as file:
        file.write('\nwijk:nieuw a wg:Wijk ; rdfs:label "Nieuw"@nl ; wg:ligtIn stad:zaanstad ;\n')
        file.write("    dcterms:type begrip:aandachtswijk ; dcterms:source bron:aandachtswijkenlijst-2007 .\n")
    second, _ = build(Project(project), folder, Base())
    assert first.manifest.digest != second.manifest.digest
    return folder, first, second


COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def triples(engine: RemoteEngine, release: Release) -> int:
    return int(engine.query(question(release, COUNT, "csv")).split()[1])


def size(release: Release) -> int:
    return sum(1 for _ in OpenRelease.open(release).store.quads_for_pattern(None, None, None, DefaultGraph()))


@needs_oxigraph
def test_a_release_is_answered_for_only_while_it_is_there(
    two: tuple[Releases, Release, Release], tmp_path: Path
) -> None:
    _, first, second = two
    with engines.oxigraph(tmp_path) as running:
        with pytest.raises(EngineAway, match="heeft deze uitgave nog niet"):
            triples(real(running), first)
        push(first, running)
        push(first, running)  # once more changes nothing
        assert triples(real(running), first) == size(first)
        with pytest.raises(EngineAway, match="heeft deze uitgave nog niet"):
            triples(real(running), second)
        push(second, running)
        engine = real(running)
        assert triples(engine, second) == size(second)
        with pytest.raises(EngineAway, match="heeft deze uitgave nog niet"):
            triples(engine, first)
        asked = urllib.parse.urlencode({"query": "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"})
        listed = fetched(f"{running.query}?{asked}", SRJ)[1]
        there = {row["g"].value for row in parse_query_results(listed, format=QueryResultsFormat.JSON)}  # type: ignore[union-attr]
        dataset = dataset_of(str(second.store))
        assert there == {*dataset.graphs, dataset.merge, dataset.index}, "nothing is left of the first"


@needs_oxigraph
def test_a_push_that_fails_halfway_leaves_no_half_release(
    two: tuple[Releases, Release, Release], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph store goes away after the merge and two named graphs."""
    _, first, second = two
    with engines.oxigraph(tmp_path) as running:
        push(first, running)
        told: list[str] = []

        def step(text: Text) -> None:
            told.append(text.nl)
            if len(told) == 4:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            put(second, running.graphs, Access, step)
        for release in (first, second):
            with pytest.raises(EngineAway, match="heeft deze uitgave nog niet"):
                triples(real(running), release)
        push(second, running)
        assert triples(real(running), second) == size(second)


@needs_oxigraph
def test_a_file_for_a_bulk_loader_holds_the_same(
    release: Release, tmp_path: Path, own: Callable[[str], object]
) -> None:
    file = tmp_path / "alles.nq"
    put(release, str(file), Access, lambda step: None)
    loaded = (engines.OXIGRAPH, "load", "--location", str(tmp_path / "opslag"), "--file", str(file))
    subprocess.run(loaded, check=True, capture_output=True)
    with engines.oxigraph(tmp_path) as running:
        for text in (COUNT, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"):
            assert content(real(running).query(question(release, text)), False) == own(text)


def test_push_where_nobody_listens_is_one_sentence(run: Run, releases: Releases) -> None:
    target = f"http://127.0.0.1:{free_port()}/store"
    secret = {"WIJKENGIDS_ENGINE_USER": "dba", "WIJKENGIDS_ENGINE_PASSWORD": "diep-geheim"}
    done = run("push", target, "--releases", releases.root, env=os.environ | secret)
    assert done.returncode == 3
    assert "antwoordt niet" in done.stderr
    assert "diep-geheim" not in done.stderr + done.stdout
    assert "Traceback" not in done.stderr


# the service on top


def fetched(url: str, accept: str = "application/json") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@needs_oxigraph
def test_the_service_runs_on_it_and_outlives_it(releases: Releases, release: Release, tmp_path: Path, run: Run) -> None:
    port = free_port()
    query = "/sparql?query=" + urllib.parse.quote(COUNT)
    with ExitStack() as stack, ExitStack() as first:
        running = first.enter_context(engines.oxigraph(tmp_path, port))
        done = run("push", running.graphs, "--releases", releases.root)
        assert done.returncode == 0, done.stderr
        assert "de samenvoeging" in done.stderr
        address = stack.enter_context(
            serving(WIJKENGIDS_RELEASES=str(releases.root), WIJKENGIDS_ENGINE=running.query, WIJKENGIDS_WORKERS="1")
        )
        assert fetched(address + query, "text/csv") == (200, f"n\r\n{size(release)}\r\n")
        assert json.loads(fetched(address + "/health")[1])["engine"]["kind"] == "remote"
        status, said = fetched(address + "/sparql?query=SELECT%20*%20%7B%20%3F%20%7D")
        assert (status, json.loads(said)["line"]) == (400, 1)
        update = "/sparql?query=" + urllib.parse.quote("DELETE WHERE { ?s ?p ?o }")
        assert fetched(address + update)[0] == 403
        first.close()
        status, said = fetched(address + "/sparql?query=" + urllib.parse.quote(COUNT + " # anders"))
        assert status == 503
        assert "niet bereikbaar" in said
        status, said = fetched(address + "/health")
        assert (status, "niet bereikbaar" in said) == (503, True)
        assert fetched(address + "/doc/wijk/crabbehof", "text/turtle")[0] == 200
        stack.enter_context(engines.oxigraph(tmp_path, port))
        wait_until(lambda: fetched(address + "/health")[0] == 200, 20)
        assert fetched(address + query, "text/csv")[0] == 200
