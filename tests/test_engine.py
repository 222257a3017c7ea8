"""The engine: right answers, and no query that harms another."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from tests.conftest import LIMITS, wait_until, workers
from wijkengids.engine.embedded import BrokerProcess, EmbeddedEngine
from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.engine.pool import Limits
from wijkengids.engine.protocol import ASK, Question, frame
from wijkengids.errors import (
    EngineAway,
    EngineBusy,
    QueryInvalid,
    QueryProblem,
    QueryRefused,
    QueryStopped,
    TooManyQueries,
)
from wijkengids.release.folder import Release
from wijkengids.release.store import write_store

BASE = "https://w3id.org/wijkengids/"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def asked(store: Path, text: str, format_: str = "srj", client: str = "", **dataset: tuple[str, ...]) -> Question:
    return Question(str(store), text, format_, BASE, dataset.get("default"), dataset.get("named"), client=client)


@pytest.fixture(scope="module")
def store(release: Release) -> Path:
    return release.store


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p ?o }", "select*{?s ?p ?o}", "PREFIX a: <http://a/>SELECT * {}"])
def test_select_is_a_select(text: str) -> None:
    assert inspect(text)[0] is QueryForm.SELECT


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("BASE <http://SELECT/> ASK {}", "ASK"),
        ("# SELECT\nCONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("PREFIX select: <http://a/> DESCRIBE select:x", "DESCRIBE"),
        ("PREFIX ask: <http://a/>\nprefix b:<http://b/>\nselect ?x {}", "SELECT"),
    ],
)
def test_the_form_is_the_first_keyword_after_the_prologue(text: str, form: str) -> None:
    assert inspect(text)[0] is QueryForm[form]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "SELECT * { service silent <http://x/> {} }",
        "SELECT * { ?s ?p true.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 5.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p 'x'.SERVICE <http://x/> {} }",
        "SELECT * { ?s ?p ?o .#\nSERVICE?x{} }",
        "SELECT * { { SELECT * { SERVICE <http://x/> {} } } }",
    ],
)
def test_service_is_refused_wherever_it_stands(text: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        inspect(text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://x/>' }",
        'SELECT * { ?s ?p """\nSERVICE <x> {}""" }',
        "SELECT * { ?s <http://SERVICE/> ?SERVICE } # SERVICE <http://x/>",
        "PREFIX SERVICE: <http://x/> SELECT * { ?s SERVICE:SERVICE ?o . _:SERVICE ?p 'x'@service }",
        "PREFIX a: <http://x/> SELECT * { ?s ?p a:b.SERVICE }",
        "PREFIX : <http://x/> SELECT * { ?s :SERVICE ?o }",
    ],
)
def test_the_word_service_elsewhere_is_no_service(text: str) -> None:
    assert inspect(text)[0] is QueryForm.SELECT


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <a:a> <a:a> <a:a> }", "DELETE WHERE {?s ?p ?o}", "LOAD <http://x/>", "CLEAR ALL"]
)
def test_updates_are_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="alleen om te lezen"):
        inspect(text)


@pytest.mark.parametrize(
    ("text", "line", "column"), [("", 1, 1), ("\n  hallo", 2, 3), ("PREFIX a: <http://a/>\n", 2, 1)]
)
def test_what_is_no_query_is_told_with_its_place(text: str, line: int, column: int) -> None:
    with pytest.raises(QueryInvalid) as caught:
        inspect(text)
    assert (caught.value.line, caught.value.column) == (line, column)


@given(st.text(max_size=200))
def test_the_policy_answers_or_refuses_whatever_it_reads(text: str) -> None:
    with contextlib.suppress(QueryProblem):
        assert inspect(text)[0] in QueryForm


def test_an_answer_comes_in_the_asked_format(engine: EmbeddedEngine, store: Path) -> None:
    query = "SELECT ?w { ?w a <https://w3id.org/wijkengids/def#Wijk> } ORDER BY ?w LIMIT 1"
    assert engine.query(asked(store, query, "csv")) == b"w\r\nhttps://w3id.org/wijkengids/id/wijk/crabbehof\r\n"
    assert json.loads(engine.query(asked(store, "ASK {}", "srj"))) == {"head": {}, "boolean": True}
    turtle = engine.query(
        asked(store, "CONSTRUCT WHERE { <https://w3id.org/wijkengids/id/wijk/crabbehof> a ?t }", "ttl")
    )
    assert turtle.startswith(b"@prefix geo:")
    assert b"@prefix cbs:" not in turtle, "prefixes that are not used are left out"


def test_a_syntax_error_says_where(engine: EmbeddedEngine, store: Path) -> None:
    with pytest.raises(QueryInvalid, match="regel 2, kolom 6") as caught:
        engine.query(asked(store, "SELECT *\n{ ? }"))
    assert (caught.value.line, caught.value.column) == (2, 6)


def test_a_function_that_there_is_not_is_a_mistake_in_the_query(engine: EmbeddedEngine, store: Path) -> None:
    with pytest.raises(QueryInvalid, match="http://x/f"):
        engine.query(asked(store, "SELECT (<http://x/f>(1) AS ?x) {}"))


GIDS = "https://w3id.org/wijkengids/id/graaf/gids/9.3.2"


@pytest.mark.parametrize(
    ("query", "dataset", "found"),
    [
        ("ASK { ?s a <https://w3id.org/wijkengids/def#Wijk> }", {}, True),
        ("ASK { ?s a <https://w3id.org/wijkengids/def#Wijk> }", {"default": (GIDS,)}, False),
        ("ASK { ?s a <https://w3id.org/wijkengids/def#Doel> }", {"default": (GIDS,)}, True),
        ("ASK { GRAPH ?g { ?s a <https://w3id.org/wijkengids/def#Doel> } }", {"default": (GIDS,)}, False),
        ("ASK { GRAPH ?g { ?s a <https://w3id.org/wijkengids/def#Doel> } }", {"named": (GIDS,)}, True),
        ("ASK { ?s ?p ?o }", {"named": (GIDS,)}, False),
        ("ASK FROM <http://nergens/> { ?s ?p ?o }", {}, False),
        ("ASK FROM <http://nergens/> { ?s ?p ?o }", {"default": (GIDS,)}, True),
        ("ASK FROM <file:///etc/passwd> { ?s ?p ?o }", {}, False),
    ],
)
def test_the_dataset_is_the_one_asked_for(
    engine: EmbeddedEngine, store: Path, query: str, dataset, found: bool
) -> None:
    assert json.loads(engine.query(asked(store, query, **dataset)))["boolean"] is found


def test_a_worker_can_open_nothing_even_if_the_policy_were_passed(engine: EmbeddedEngine, store: Path) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:8123/sparql> { ?s ?p ?o } }"
    with pytest.raises(QueryProblem, match="Too many open files"):
        engine.query(asked(store, query))


def test_a_runaway_query_is_stopped_at_the_deadline_while_others_are_answered(
    engine: EmbeddedEngine, store: Path
) -> None:
    stopped: list[tuple[float, Exception]] = []

    def run() -> None:
        started = time.monotonic()
        try:
            engine.query(asked(store, CROSS))
        except QueryStopped as error:
            stopped.append((time.monotonic() - started, error))

    hostile = [threading.Thread(target=run) for _ in range(2)]
    for thread in hostile:
        thread.start()
    answered = 0
    while any(thread.is_alive() for thread in hostile):
        engine.query(asked(store, "ASK {}"))
        answered += 1
    assert answered > 20
    assert len(stopped) == 2
    for seconds, error in stopped:
        assert LIMITS.deadline <= seconds < LIMITS.deadline + 5
        assert "na 3 seconden gestopt" in str(error)
    engine.query(asked(store, "ASK {}"))


def test_sorting_a_cross_product_ends_at_a_limit_and_the_next_query_is_answered(
    engine: EmbeddedEngine, store: Path
) -> None:
    with pytest.raises(QueryStopped, match="gestopt"):
        engine.query(asked(store, "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f"))
    engine.query(asked(store, "ASK {}"))


def test_memory_is_bounded(tmp_path: Path) -> None:
    write_store(
        tmp_path / "store",
        [
            Quad(NamedNode(f"http://x/{i}"), NamedNode("http://p/"), Literal("x" * 100), NamedNode("http://g/"))
            for i in range(1500)
        ],
    )
    limits = Limits(workers=1, long=1, queue=1, patience=5, deadline=60, memory=2**27, result=2**20)
    broker = BrokerProcess(limits)
    try:
        engine = EmbeddedEngine(broker.socket_path, limits)
        with pytest.raises(QueryStopped, match="meer geheugen"):
            engine.query(asked(tmp_path / "store", "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY CONCAT(?c, ?f)"))
        engine.query(asked(tmp_path / "store", "ASK {}"))
    finally:
        broker.close()


def test_a_result_is_bounded_in_size(engine: EmbeddedEngine, store: Path) -> None:
    with pytest.raises(QueryStopped, match="groter dan 4 MiB"):
        engine.query(asked(store, "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"))


def all_at_once(engine: EmbeddedEngine, store: Path, clients: list[str]) -> tuple[list[threading.Thread], list[str]]:
    """Let each client ask a query without an end; return the threads, and what becomes of each when it is known."""
    outcomes: list[str] = []

    def run(client: str) -> None:
        try:
            engine.query(asked(store, CROSS, client=client))
        except QueryProblem as error:
            outcomes.append(type(error).__name__)

    threads = [threading.Thread(target=run, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    return threads, outcomes


def test_when_all_is_busy_a_client_is_told_to_come_back(engine: EmbeddedEngine, store: Path) -> None:
    places = LIMITS.workers + LIMITS.long + LIMITS.queue
    threads, outcomes = all_at_once(engine, store, [f"client {number}" for number in range(places + 3)])
    for thread in threads:
        thread.join()
    # some find the queue full at once; who waits behind others until the deadline may run out of patience
    assert "EngineBusy" in outcomes
    assert outcomes.count("QueryStopped") >= LIMITS.workers + LIMITS.long
    assert "TooManyQueries" not in outcomes, "each asked one thing"
    assert len(outcomes) == places + 3
    assert EngineBusy.retry_after > 0


def test_a_client_that_asks_much_waits_for_itself(engine: EmbeddedEngine, store: Path) -> None:
    threads, outcomes = all_at_once(engine, store, ["greedy"] * 12)
    wait_until(lambda: engine.status()["waiting"] > 0, 5)
    assert json.loads(engine.query(asked(store, "ASK {}", client="modest")))["boolean"] is True
    assert any(thread.is_alive() for thread in threads), "the greedy one was still at it"
    for thread in threads:
        thread.join()
    assert "TooManyQueries" in outcomes
    assert TooManyQueries.status == 429


def test_workers_killed_while_they_wait_cost_no_answer(
    broker: BrokerProcess, engine: EmbeddedEngine, store: Path
) -> None:
    engine.query(asked(store, "ASK {}"))
    for _ in range(3):
        os.kill(workers(broker.process.pid)[0], signal.SIGKILL)
        engine.query(asked(store, "ASK {}"))


def succeeds(engine: EmbeddedEngine, store: Path) -> bool:
    try:
        return bool(engine.query(asked(store, "ASK {}")))
    except QueryProblem:
        return False


def test_a_client_that_goes_away_frees_its_worker(engine: EmbeddedEngine, store: Path) -> None:
    def busy() -> int:
        return sum(pool["busy"] for pool in engine.status()["pools"])

    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(engine.socket_path)
        connection.sendall(frame(ASK, asked(store, CROSS).pack()))
        wait_until(lambda: busy() == 1, 2)
    wait_until(lambda: busy() == 0, 1)


def test_a_store_that_is_gone_is_said(engine: EmbeddedEngine, tmp_path: Path) -> None:
    with pytest.raises(EngineAway, match="kan niet geopend worden"):
        engine.query(asked(tmp_path / "weg", "ASK {}"))


def test_a_broker_that_dies_comes_back_and_one_that_is_closed_leaves_nobody(store: Path) -> None:
    broker = BrokerProcess(LIMITS)
    broker.keep_alive()
    engine = EmbeddedEngine(broker.socket_path, LIMITS)
    engine.query(asked(store, "ASK {}"))
    orphans = workers(broker.process.pid)
    assert orphans
    broker.process.kill()
    wait_until(lambda: succeeds(engine, store), 10)
    broker.close()
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in orphans), 5)
    wait_until(lambda: workers(broker.process.pid) == [], 5)
    with pytest.raises(EngineAway, match="niet bereikbaar"):
        engine.query(asked(store, "ASK {}"))


def test_stores_not_asked_any_more_lose_their_workers(engine: EmbeddedEngine, tmp_path: Path) -> None:
    for number in range(4):
        path = tmp_path / str(number) / "store"
        path.parent.mkdir()
        write_store(path, [])
        engine.query(asked(path, "ASK {}"))
    assert len(engine.status()["pools"]) <= 3


def test_names_with_two_dots_reach_the_engine_whole(engine: EmbeddedEngine, store: Path) -> None:
    prefix = "PREFIX gidsartikel: <https://w3id.org/wijkengids/id/gidsartikel/> "
    text = prefix + "ASK { gidsartikel:9.3.2 a ?t . FILTER('gidsartikel:9.3.2' != '') }"
    _, query = inspect(text)
    assert "<https://w3id.org/wijkengids/id/gidsartikel/9.3.2> a ?t" in query
    assert "'gidsartikel:9.3.2'" in query
    assert json.loads(engine.query(asked(store, query)))["boolean"]
    assert inspect("ASK { ?s ?p 1.5 }")[1] == "ASK { ?s ?p 1.5 }"


def test_a_prefix_that_is_not_declared_is_named_with_its_namespace() -> None:
    with pytest.raises(QueryInvalid, match=r"PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>") as caught:
        inspect("SELECT *\n{ wijk:x ?p ?o }", {"wijk": "https://w3id.org/wijkengids/id/wijk/"})
    assert (caught.value.line, caught.value.column) == (2, 3)
    with pytest.raises(QueryInvalid, match=r"PREFIX ja: <\.\.\.>"):
        inspect("ASK { ja:x ?p ?o }")


def test_a_graph_that_is_no_iri_is_said(engine: EmbeddedEngine, store: Path) -> None:
    with pytest.raises(QueryInvalid, match="geen IRI"):
        engine.query(asked(store, "ASK {}", default=("x y",)))
