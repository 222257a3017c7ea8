"""SERVICE to endpoints that an operator allows: what they say is joined, and nothing else can be reached by it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import sys
import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
import rdflib
from rdflib.namespace import RDF

from tests.conftest import LIMITS, Address, Run, serving, wait_until
from tests.outside import EMPTY, INSIDE, OUTSIDE, Outside, endpoint
from tests.wire import Answer, request
from wijkengids.engine.embedded import BrokerProcess, EmbeddedEngine
from wijkengids.engine.federation import confine
from wijkengids.engine.federation.gatekeeper import GuardProcess
from wijkengids.engine.federation.guard import Config, Guard
from wijkengids.engine.federation.outside import Resolve, is_outside, read_networks, resolve
from wijkengids.engine.federation.services import Services, read_endpoints
from wijkengids.engine.protocol import Question
from wijkengids.errors import QueryProblem, WrongUse
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Release, Releases
from wijkengids.release.publish import publish
from wijkengids.settings import Settings
from wijkengids.web.app import create_app

SRJ = "application/sparql-results+json"
WRONG = {
    "redirect": r"verwijst door \(302\)",
    "see-other": r"verwijst door \(303\)",
    "permanent": r"verwijst door \(308\)",
    "huge": "geeft meer dan 2 MiB",
    "html": "antwoordt met text/html",
    "coded": "gzip",
    "boolean": "geen tabel",
    "half": "geen tabel",
    "deep": "geen tabel",
    "wide": "geen tabel",
    "utf-16": "geen tabel",
    "refuses": r"antwoordt met 400: Parse error: line 1\.",
    "error": r"antwoordt met 500\.",
    "short": "breekt zijn antwoord af",
    "chopped": "breekt zijn antwoord af",
    "slow": "antwoordt niet binnen 2 seconden",
}
SECRET = re.compile(r"[0-9a-f]{32}")
ALL = "{ ?s ?p ?o }"


@pytest.fixture(scope="module")
def inside() -> Iterator[Outside]:
    """An endpoint that nobody may reach: it lies on the loopback."""
    with endpoint(INSIDE) as found:
        yield found


@pytest.fixture(scope="module")
def outside(inside: Outside) -> Iterator[Outside]:
    with endpoint(OUTSIDE, other=inside.url) as found:
        yield found


@pytest.fixture(scope="module")
def service(releases: Releases, outside: Outside, inside: Outside) -> Iterator[Address]:
    """A server of which the operator allows every endpoint of these tests, by network only those outside."""
    paths = ("sparql", "cookie", *WRONG)
    listed = [*map(outside.at, paths), inside.at("sparql"), f"http://{OUTSIDE}:9/", "http://nergens.invalid/sparql"]
    with serving(
        WIJKENGIDS_RELEASES=str(releases.root),
        WIJKENGIDS_QUERY_DEADLINE="3",
        WIJKENGIDS_QUERY_RESULT="2",
        WIJKENGIDS_QUERY_SERVICES=", ".join(listed),
        WIJKENGIDS_QUERY_SERVICE_NETWORKS=f"{OUTSIDE}/32",
    ) as address:
        yield address


def ask(service: Address, query: str) -> Answer:
    """Ask by POST, and make sure that no answer gives the guard's secret away."""
    port = int(service.rpartition(":")[2])
    headers = [("Content-Type", "application/sparql-query"), ("Accept", SRJ), ("Accept-Encoding", "identity")]
    answer = request(port, "POST", "/sparql", headers, query.encode())
    assert not SECRET.search(answer.body.decode())
    return answer


def rows(answer: Answer) -> list[dict[str, str]]:
    assert answer.status == 200, answer.body
    found = json.loads(answer.body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in found]


def detail(answer: Answer, status: int) -> str:
    assert answer.status == status, answer.body
    return str(json.loads(answer.body)["detail"])


@pytest.mark.parametrize("name", ["<{0}>", "e:sparql", "elders:"])
@pytest.mark.parametrize("keyword", ["SERVICE", "service Silent"])
def test_what_an_allowed_endpoint_says_is_joined(service: Address, outside: Outside, name: str, keyword: str) -> None:
    query = f"""PREFIX e: <{outside.url}/> PREFIX elders: <{outside.at("sparql")}>
        SELECT ?wijk ?naam {{
          {keyword} {name.format(outside.at("sparql"))} {{ # SERVICE <http://127.0.0.1/> {{ }}
            ?x <http://elders.example/over> ?wijk OPTIONAL {{ ?x <http://elders.example/naam> ?naam }}
          }}
          ?wijk a <https://w3id.org/wijkengids/def#Wijk> FILTER(?wijk != <http://SERVICE/>)
        }}"""
    answer = ask(service, query)
    assert rows(answer) == [{"wijk": "https://w3id.org/wijkengids/id/wijk/crabbehof", "naam": "Crabbehof, elders"}]
    assert answer.get("cache-control") == "no-store"


def test_what_others_say_is_not_for_good_at_a_permalink_either(copy: Path, tmp_path: Path, outside: Outside) -> None:
    project, releases = Project(copy), Releases(tmp_path / "uit")
    build(project, releases, Base())
    publish(project, releases, "1.0.0", "2026-01-31")
    own, others = "SELECT * { ?s ?p ?o } LIMIT 1", f"SELECT * {{ SERVICE <{outside.at('sparql')}> {ALL} }}"
    with serving(
        WIJKENGIDS_RELEASES=str(releases.root),
        WIJKENGIDS_QUERY_SERVICES=outside.at("sparql"),
        WIJKENGIDS_QUERY_SERVICE_NETWORKS=f"{OUTSIDE}/32",
    ) as address:
        told = []
        for query in (own, others):
            url = f"{address}/release/1.0.0/sparql?{urllib.parse.urlencode({'query': query})}"
            with urllib.request.urlopen(urllib.request.Request(url, headers={"Accept": SRJ}), timeout=20) as response:
                told.append(response.headers["Cache-Control"])
    assert told == ["public, max-age=31536000, immutable", "no-store"]


def test_only_the_query_goes_out(service: Address, outside: Outside) -> None:
    outside.heard.clear()
    headers = {"Authorization": "Basic eA==", "Cookie": "a=b", "X-Forwarded-For": "1.2.3.4", "Accept": SRJ}
    query = f"SELECT * {{ SERVICE <{outside.at('cookie')}> {ALL} }}"
    asked = urllib.request.Request(f"{service}/sparql?{urllib.parse.urlencode({'query': query})}", headers=headers)
    with urllib.request.urlopen(asked, timeout=20) as response:
        assert response.headers["Set-Cookie"] is None
        assert response.headers["Cache-Control"] == "no-store"
    [heard] = outside.heard
    assert set(heard.headers) == {
        "Host", "User-Agent", "Accept", "Accept-Encoding", "Content-Type", "Content-Length", "Connection",
    }  # fmt: skip
    assert heard.headers["Host"] == outside.url.removeprefix("http://")
    assert heard.query == "SELECT * WHERE { ?s ?p ?o . }"


@pytest.mark.parametrize("path", WRONG)
def test_what_an_endpoint_does_wrong_is_told_by_its_name(
    service: Address, outside: Outside, inside: Outside, path: str
) -> None:
    said = detail(ask(service, f"SELECT * {{ SERVICE <{outside.at(path)}> {ALL} }}"), 502)
    assert outside.at(path) in said
    assert re.search(WRONG[path], said)
    assert rows(ask(service, f"SELECT * {{ SERVICE SILENT <{outside.at(path)}> {ALL} }}")) == [{}]
    assert inside.heard == [], "no redirect was followed"


@pytest.mark.parametrize("silent", ["", "SILENT "])
def test_an_endpoint_that_is_away_or_inside_is_named(service: Address, inside: Outside, silent: str) -> None:
    for iri, why in (
        (f"http://{OUTSIDE}:9/", "niet bereikbaar"),
        ("http://nergens.invalid/sparql", "niet bereikbaar"),
        (inside.at("sparql"), "niet openbaar"),
    ):
        answer = ask(service, f"SELECT * {{ SERVICE {silent}<{iri}> {ALL} }}")
        if silent:
            assert rows(answer) == [{}]
        else:
            assert iri in detail(answer, 502)
            assert why in detail(answer, 502)
    assert inside.heard == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * {{ SERVICE <{0}/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{0}sparql> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{0}/sparql#> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{0}/./sparql> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE ?where {{ ?s ?p ?o }} VALUES ?where {{ <{0}/sparql> }} }}",
        "BASE <{0}/> SELECT * {{ SERVICE <sparql> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE <{0}/sparql> {{ ?s ?p ?o }} SERVICE SILENT <http://127.0.0.1/> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE '{0}/sparql' {{ ?s ?p ?o }} }}",
    ],
)
def test_what_is_not_on_the_list_is_refused_with_the_list(service: Address, outside: Outside, text: str) -> None:
    outside.heard.clear()
    said = detail(ask(service, text.format(outside.url)), 403)
    assert re.search(r"SERVICE \(regel 1, kolom \d+\)", said)
    assert f"<{outside.at('sparql')}>" in said
    assert outside.heard == []


def test_a_syntax_error_names_the_line(service: Address, outside: Outside) -> None:
    problem = json.loads(ask(service, f"SELECT *\n{{ SERVICE <{outside.at('sparql')}> {{ ?s ?p }} }}").body)
    assert (problem["status"], problem["line"]) == (400, 2)


def test_more_than_twenty_requests_are_not_made_for_one_query(service: Address, outside: Outside) -> None:
    outside.heard.clear()
    many = " UNION ".join(f"{{ SERVICE <{outside.at('sparql')}> {ALL} }}" for _ in range(25))
    assert "20 verzoeken" in detail(ask(service, f"SELECT * {{ {many} }}"), 502)
    assert len(outside.heard) == 20
    few = " UNION ".join(f"{{ SERVICE <{outside.at('sparql')}> {ALL} }}" for _ in range(20))
    assert len(rows(ask(service, f"SELECT * {{ {few} }}"))) == 60


@pytest.mark.parametrize("path", ["error", "slow", "short"])
def test_a_failure_that_the_engine_passes_over_is_told(service: Address, outside: Outside, path: str) -> None:
    ours = "VALUES ?s { 1 2 }"
    query = f"SELECT * {{ {ours} MINUS {{ SERVICE {{}}<{outside.at(path)}> {ALL} }} }}"
    assert re.search(WRONG[path], detail(ask(service, query.replace("{}", "")), 502))
    assert rows(ask(service, query.replace("{}", "SILENT "))) == [{"s": "1"}, {"s": "2"}]


def test_at_the_deadline_the_query_ends_and_what_went_on_outside_too(service: Address, outside: Outside) -> None:
    ended = outside.hung_up
    slow = f"SERVICE SILENT <{outside.at('slow')}> {ALL}"
    assert "na 3 seconden gestopt" in detail(ask(service, f"SELECT * {{ {{ {slow} }} UNION {{ {slow} }} }}"), 503)
    wait_until(lambda: outside.hung_up == ended + 2, 10)
    assert rows(ask(service, "SELECT * {}")) == [{}]


def test_a_guard_that_was_killed_is_there_again(service: Address, outside: Outside) -> None:
    [pid] = guards(service.pid)
    os.kill(pid, signal.SIGKILL)
    assert len(rows(ask(service, f"SELECT * {{ SERVICE <{outside.at('sparql')}> {ALL} }}"))) == 3
    assert guards(service.pid) != [pid]


def test_without_the_setting_there_is_no_guard(server: Address) -> None:
    assert guards(server.pid) == []


def guards(ancestor: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == ancestor and b"wijkengids.engine.federation.guard" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue
    return found


def test_the_description_names_the_endpoints(releases: Releases, engine: EmbeddedEngine) -> None:
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    allowed = Settings(releases=releases.root, query_services="https://a.example/sparql", guard="http://127.0.0.1:1/x")
    for settings, endpoints in ((allowed, {"https://a.example/sparql"}), (Settings(releases=releases.root), set())):
        answer = create_app(settings, engine).test_client().get("/sparql", headers={"Accept": "text/turtle"})
        graph = rdflib.Graph().parse(data=answer.data, format="turtle")
        ours = rdflib.URIRef("https://w3id.org/wijkengids/sparql")
        assert ((ours, sd.feature, sd.BasicFederatedQuery) in graph) is bool(endpoints)
        assert {str(node) for node in graph.subjects(RDF.type, sd.Service)} == {str(ours), *endpoints}
        assert ("SERVICE krijgen 403" in answer.text) is not endpoints


# the guard alone


@contextmanager
def guarding(
    endpoints: Sequence[str], networks: Sequence[str] = (), look_up: Resolve = resolve, **limits: int
) -> Iterator[int]:
    """Run a guard in a thread, with its secret 'geheim'; gives its port."""
    config = Config(
        "geheim", tuple(endpoints), tuple(networks), **{"at_once": 3, "deadline": 3, "size": 2**20, **limits}
    )
    started: list[int] = []
    loop = asyncio.new_event_loop()
    end = asyncio.Event()

    async def run() -> None:
        async with await asyncio.start_server(Guard(config, look_up).serve, "127.0.0.1", 0) as server:
            started.append(server.sockets[0].getsockname()[1])
            await end.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        wait_until(lambda: bool(started), 5)
        yield started[0]
    finally:
        loop.call_soon_threadsafe(end.set)
        thread.join(10)
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


def told(port: int, path: str = "/geheim/vraag/0", method: str = "POST", query: str = "SELECT * {}") -> Answer:
    return request(port, method, path, [("Content-Type", "application/sparql-query")], query.encode())


def reason(answer: Answer) -> str:
    assert answer.status == 502, answer.body
    return str(json.loads(answer.body)["text"][0])


SPELLINGS = """
127.0.0.1 127.1 2130706433 0x7f000001 0177.0.0.1 0x7f.0.0.1 127.0.0.2 localhost localhost. LOCALHOST 0 0.0.0.0
[::1] [::] [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [::127.0.0.1] [64:ff9b::7f00:1] [2002:7f00:1::]
[64:ff9b:1::7f00:1] [2001::1] [fe80::1] [fd00:ec2::254] [fec0::1] [ff02::1] [2001:db8::1] 169.254.169.254 10.1.2.3
172.16.0.1 192.168.1.1 100.100.100.200 192.0.0.192 198.18.0.1 203.0.113.9 168.63.129.16 224.0.0.1 240.0.0.1
255.255.255.255
"""


@pytest.mark.parametrize("host", SPELLINGS.split())
def test_no_spelling_leads_inside(host: str, inside: Outside) -> None:
    port = inside.url.rpartition(":")[2]
    with guarding([f"http://{host}:{port}/sparql"]) as guard:
        said = reason(told(guard))
    # whether a name with a dot at its end is known differs between systems
    assert "niet openbaar" in said or (host == "localhost." and "niet bereikbaar" in said)
    assert inside.heard == []


def test_what_is_public_is_outside() -> None:
    for text in ("93.184.215.14", "8.8.8.8", "145.100.1.1", "2a00:1450:400e::1", "2606:4700::1111"):
        assert is_outside(ip_address(text))
    assert is_outside(ip_address("10.1.2.3"), [ip_network("10.1.2.0/24")])
    assert not is_outside(ip_address("10.1.3.3"), [ip_network("10.1.2.0/24")])
    assert not is_outside(ip_address("::ffff:10.1.2.3"), [ip_network("10.1.2.0/24")]), "as it is written"


def test_a_name_is_looked_up_once_and_what_was_looked_at_is_connected_to(outside: Outside, inside: Outside) -> None:
    answers = [[OUTSIDE], [INSIDE], [OUTSIDE, INSIDE], []]
    asked: list[str] = []

    async def rebinding(host: str, _: int) -> Sequence[str]:
        asked.append(host)
        return answers.pop(0)

    port = outside.url.rpartition(":")[2]
    with (
        endpoint(INSIDE, port=int(port)) as trap,
        guarding([f"http://n.example:{port}/cookie"], [OUTSIDE], rebinding) as g,
    ):
        assert told(g).status == 200
        assert asked == ["n.example"], "once: a second look would have led inside"
        assert "niet openbaar" in reason(told(g))
        assert "niet openbaar" in reason(told(g)), "one of two addresses is inside"
        assert "niet bereikbaar" in reason(told(g))
        assert trap.heard == []
    assert inside.heard == []


def test_a_public_address_of_this_machine_is_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    with endpoint(INSIDE) as here, guarding([here.at("cookie")]) as guard:
        monkeypatch.setattr(
            "wijkengids.engine.federation.outside.is_outside", lambda *_: True
        )  # as if it were a public one
        assert "niet openbaar" in reason(told(guard))
        assert here.heard == []


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/"),
        ("POST", "/geheim"),
        ("POST", "/geheim/vraag"),
        ("POST", "/geheim/vraag/1"),
        ("POST", "/geheim/vraag/-1"),
        ("POST", "/geheimer/vraag/0"),
        ("POST", "//vraag/0"),
        ("POST", "/geheim%2Fvraag/0"),
        ("GET", "/geheim/vraag/0"),
        ("GET", "/geheimer/vraag"),
        ("CONNECT", "a.example:443"),
    ],
)
def test_who_does_not_know_the_secret_gets_nothing(outside: Outside, method: str, path: str) -> None:
    outside.heard.clear()
    with guarding([outside.at("cookie")], [OUTSIDE]) as guard:
        answer = told(guard, path, method)
        assert (answer.status, answer.body) == (403, b"{}")
    assert outside.heard == []


def test_a_query_that_holds_the_secret_does_not_go_out(outside: Outside) -> None:
    outside.heard.clear()
    with guarding([outside.at("cookie")], [OUTSIDE]) as guard:
        reason(told(guard, query="SELECT * { SERVICE <http://127.0.0.1:1/geheim/vraag/0> {} }"))
    assert outside.heard == []


@pytest.mark.parametrize("path", ["huge", "slow", "deep", "short"])
def test_after_what_went_wrong_the_guard_goes_on(outside: Outside, path: str) -> None:
    with guarding([outside.at(path), outside.at("cookie")], [OUTSIDE], deadline=1, at_once=1) as guard:
        for _ in range(2):
            assert outside.at(path) in reason(told(guard))
        answer = told(guard, "/geheim/vraag/1")
        assert (answer.status, answer.media_type) == (200, SRJ)
        assert json.loads(answer.body) == json.loads(EMPTY)


def test_no_more_requests_are_under_way_than_may_be(outside: Outside) -> None:
    with guarding([outside.at("pause")], [OUTSIDE], at_once=2, deadline=10) as guard:
        asking = [threading.Thread(target=told, args=(guard,)) for _ in range(6)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
    assert outside.most == 2


def test_a_certificate_is_checked_against_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not shutil.which("openssl"):
        pytest.skip("openssl, which makes a certificate for the test, is not here")
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    made = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=e.example -addext subjectAltName=DNS:e.example"
    subprocess.run([*made.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)

    async def here(_: str, __: int) -> Sequence[str]:
        return [OUTSIDE]

    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with endpoint(OUTSIDE, tls=tls) as found:
        port = found.url.rpartition(":")[2]
        names = [f"https://{name}:{port}/cookie" for name in ("e.example", "e.example.", "other.example", OUTSIDE)]
        with guarding(names, [OUTSIDE], here) as guard:
            answers = [told(guard, f"/geheim/vraag/{number}") for number in range(4)]
        assert [answer.status for answer in answers] == [200, 200, 502, 502]
        assert "geen geldig certificaat" in reason(answers[2])
        monkeypatch.delenv("SSL_CERT_FILE")
        with guarding(names, [OUTSIDE], here) as guard:
            assert "geen geldig certificaat" in reason(told(guard)), "whose maker nobody knows"


def test_the_process_keeps_its_secret_from_other_users_and_ends_with_its_parent(outside: Outside) -> None:
    guard = GuardProcess([outside.at("cookie")], read_networks(f"{OUTSIDE}/32"), LIMITS)
    try:
        port, secret = int(guard.address.split(":")[2].split("/")[0]), guard.address.rpartition("/")[2]
        assert told(port, f"/{secret}/vraag/0").status == 200
        assert told(port, "/geheim/vraag/0").status == 403
        seen = [Path(f"/proc/{guard.process.pid}/{name}") for name in ("cmdline", "environ")]
        assert not any(secret.encode() in path.read_bytes() for path in seen if path.exists())
        assert secret not in repr(Services((), guard.address)) + repr(Settings(guard=guard.address))
    finally:
        guard.close()
    assert guard.process.poll() == 0


# the worker


@pytest.fixture(scope="module")
def locked(outside: Outside) -> Iterator[tuple[EmbeddedEngine, int]]:
    """Workers that may ask a guard, which here is the endpoint outside: its port is what they may reach."""
    port = int(outside.url.rpartition(":")[2])
    broker = BrokerProcess(replace(LIMITS, guard=port))
    yield EmbeddedEngine(broker.socket_path, LIMITS), port
    broker.close()


def refusal(engine: EmbeddedEngine, release: Release, text: str, federated: bool) -> str:
    with pytest.raises(QueryProblem) as caught:
        engine.query(Question(str(release.store), text, "srj", "", federated=federated))
    return str(caught.value)


def test_a_worker_can_connect_only_during_a_query_that_may(
    locked: tuple[EmbeddedEngine, int], release: Release
) -> None:
    engine, port = locked
    text = f"SELECT * {{ SERVICE <http://{OUTSIDE}:{port}/cookie> {ALL} }}"
    for _ in range(2 * LIMITS.workers):
        assert "Too many open files" in refusal(engine, release, text, federated=False)
        engine.query(Question(str(release.store), text, "srj", "", federated=True))


def test_a_worker_reaches_no_other_port_even_if_the_policy_were_passed(
    locked: tuple[EmbeddedEngine, int], release: Release, inside: Outside
) -> None:
    if confine.version() < 4:
        pytest.skip("this kernel cannot confine connections to a port (Landlock 4, Linux 6.7)")
    said = refusal(locked[0], release, f"SELECT * {{ SERVICE <{inside.at('sparql')}> {ALL} }}", federated=True)
    assert "Permission denied" in said
    assert inside.heard == []


def test_a_graph_is_not_fetched_by_a_query_that_may_connect(
    locked: tuple[EmbeddedEngine, int], release: Release, inside: Outside, outside: Outside, tmp_path: Path
) -> None:
    engine, _ = locked
    secret = tmp_path / "geheim.nt"
    secret.write_text("<http://x/> <http://x/> <http://x/> .\n")
    outside.heard.clear()
    for iri in (secret.as_uri(), outside.at("sparql"), inside.at("sparql")):
        for text in (f"SELECT * FROM <{iri}> {ALL}", f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {ALL} }}"):
            answer = engine.query(Question(str(release.store), text, "srj", "", federated=True))
            assert json.loads(answer)["results"]["bindings"] == []
    assert inside.heard == outside.heard == []


def test_what_is_confined_stays_so() -> None:
    if confine.version() < 4:
        pytest.skip("this kernel cannot confine connections to a port (Landlock 4, Linux 6.7)")
    lines = """
        import socket, sys
        from wijkengids.engine.federation.confine import confine
        server = socket.create_server(("127.0.0.1", 0))
        other = socket.create_server(("127.0.0.1", 0))
        socket.create_connection(server.getsockname()).close()
        assert confine(server.getsockname()[1])
        socket.create_connection(server.getsockname()).close()
        for attempt in (lambda: socket.create_connection(other.getsockname()), lambda: open("/etc/passwd"),
                        lambda: socket.create_server(("127.0.0.1", 0)), lambda: open("/tmp/new", "w")):
            try:
                attempt()
            except PermissionError:
                continue
            sys.exit("not refused")
    """
    code = "\n".join(line.removeprefix(" " * 8) for line in lines.splitlines())
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")


# the settings


@pytest.mark.parametrize(
    "text",
    ["sparql", "ftp://a.example/", "http:///x", "https://u:p@a.example/", "https://a.example/#x", "http://a:99999/",
     "http://１２７.0.0.1/", "http://a.example/<x>", "http://[::1/", "http://a.example/ x"],
)  # fmt: skip
def test_an_address_that_is_no_endpoint_is_named(text: str) -> None:
    with pytest.raises(WrongUse, match="geen adres") as caught:
        read_endpoints(f"https://a.example/sparql?default=, {text}")
    assert text in str(caught.value)


def test_a_server_with_a_setting_that_is_wrong_does_not_start(run: Run, releases: Releases) -> None:
    for name, value, said in (
        ("QUERY_SERVICES", "sparql", "geen adres"),
        ("QUERY_SERVICE_NETWORKS", "hier", "geen netwerk"),
        ("ENGINE", "http://b.example/sparql", "engine elders"),
    ):
        given = {"WIJKENGIDS_QUERY_SERVICES": "https://a.example/sparql", f"WIJKENGIDS_{name}": value}
        done = run("serve", "--releases", releases.root, env=os.environ | given)
        assert done.returncode == 2
        assert said in done.stderr


def test_networks_are_read_or_named() -> None:
    assert read_networks(" 10.1.2.0/24,fd00::/8 ,") == (ip_network("10.1.2.0/24"), ip_network("fd00::/8"))
    for text in ("10.1.2.3/24", "hier", "10.0.0.0/33"):
        with pytest.raises(WrongUse, match=re.escape(text)):
            read_networks(text)


def test_an_engine_elsewhere_does_no_service(releases: Releases) -> None:
    settings = Settings(query_services="https://a.example/sparql", engine="http://b.example/sparql")
    with pytest.raises(WrongUse, match="engine elders"):
        _ = settings.endpoints
