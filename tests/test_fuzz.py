"""Whatever the service is sent, it answers, and afterwards it is as it was: healthy, idle, no larger, all closed."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.conftest import Address, serving, wait_until
from tests.queries import queries
from tests.wire import BrokenOffError, request
from wijkengids.release.folder import Releases

ANSWERS = {200, 400, 403, 413, 503}
"""Never 500, and never nothing: a query is answered, not a query, not allowed, too large, or stopped."""
ACCEPT = (
    "application/sparql-results+json, text/turtle",
    "text/csv, application/n-triples",
    "application/sparql-results+xml, application/rdf+xml",
    "text/html",
)
GROWTH = 96 * 2**20
"""Bytes that a process may grow by: caches fill, and what the allocator keeps comes and goes; a leak would be more."""
_KINDS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example, HealthCheck.filter_too_much]


@pytest.fixture(scope="module")
def service(releases: Releases) -> Iterator[Address]:
    """A service with limits that hostile queries reach in a third of a second."""
    with serving(
        WIJKENGIDS_RELEASES=str(releases.root),
        WIJKENGIDS_WORKERS="1",
        WIJKENGIDS_QUERY_DEADLINE="0.3",
        WIJKENGIDS_QUERY_MEMORY="192",
        WIJKENGIDS_QUERY_RESULT="2",
    ) as address:
        yield address


def port(service: Address) -> int:
    return int(service.rpartition(":")[2])


def send(service: Address, body: bytes, accept: str = ACCEPT[0]) -> None:
    headers = [("Content-Type", "application/sparql-query"), ("Accept", accept)]
    try:
        answer = request(port(service), "POST", "/sparql", [*headers, ("Content-Length", str(len(body)))], body)
    except BrokenOffError:
        return  # larger than may be, which came out while it was on its way
    assert answer.status in ANSWERS, (answer.status, answer.body[:300], body[:300])
    if answer.status != 200:
        assert answer.media_type in {"application/problem+json", "text/html"}
    elif answer.media_type in {"application/sparql-results+json", "application/problem+json"}:
        json.loads(answer.body)
    if answer.media_type == "application/problem+json":
        assert json.loads(answer.body)["detail"]


def health(service: Address) -> dict:
    with urllib.request.urlopen(service + "/health", timeout=30) as response:
        assert response.status == 200
        found: dict = json.loads(response.read())
        return found


def descendants(ancestor: int) -> dict[int, str]:
    """Return pid to command line of the lasting processes of a server."""
    parents: dict[int, int] = {}
    lines: dict[int, str] = {}
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            lines[int(path.name)] = (path / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue

    def descends(pid: int) -> bool:
        return pid == ancestor or (pid in parents and descends(parents[pid]))

    return {pid: line for pid, line in lines.items() if descends(pid) and "wijkengids.engine.worker" not in line}


def memory(pid: int) -> int:
    [line] = [line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def is_idle(service: Address) -> bool:
    engine = health(service)["engine"]
    return not engine["waiting"] and all(pool["idle"] and not pool["busy"] for pool in engine["pools"])


def files(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


class Watch:
    """What a service was before, to compare with after."""

    def __init__(self, service: Address) -> None:
        self.service = service
        for accept in ACCEPT:  # a warm-up: caches, workers, templates
            for body in (b"ASK {}", b"SELECT * { ?s ?p ?o } LIMIT 3000", b"DESCRIBE <urn:x>", b"oeps", b"SELECT * {"):
                send(service, body, accept)
        send(service, b"SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
        wait_until(lambda: is_idle(service), 20)
        self.before = {pid: (memory(pid), files(pid)) for pid in descendants(service.pid)}
        assert len(self.before) >= 2, "the server and its web process"

    def compare(self) -> None:
        """Fail where the service is not what it was."""
        wait_until(lambda: is_idle(self.service), 20)
        said = health(self.service)
        assert said["status"] == "ok"
        assert set(descendants(self.service.pid)) == set(self.before), "a process died"
        for pid, (size, _) in self.before.items():
            assert memory(pid) - size < GROWTH, f"{descendants(self.service.pid)[pid]}: {size} -> {memory(pid)}"
        # two for each worker that stays warm, of which there may be some more or less
        wait_until(lambda: all(files(pid) <= number + 20 for pid, (_, number) in self.before.items()), 20)
        send(self.service, b"ASK {}")


def fuzz(service: Address, number: int) -> None:
    watch = Watch(service)

    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],  # a query that harms is shown as it is: to shrink it would take hours
        suppress_health_check=_KINDS,
    )
    @given(queries, st.sampled_from(ACCEPT))
    def each(body: bytes, accept: str) -> None:
        send(service, body, accept)

    each()
    watch.compare()


def test_two_hundred_queries_of_every_sort_leave_the_service_as_it_was(service: Address) -> None:
    fuzz(service, 200)


@pytest.mark.slow
def test_five_thousand_queries_of_every_sort_leave_the_service_as_it_was(service: Address) -> None:
    fuzz(service, 5_000)
