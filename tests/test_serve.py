"""A real server: what a user and an operator see."""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import rdflib

from tests.conftest import ROOT, Run, answers, command, free_port, serving, wait_until, workers
from tests.test_engine import CROSS
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases


def get(url: str, accept: str = "*/*", data: bytes | None = None) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, data, {"Accept": accept})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read(), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_a_newcomer_follows_a_wijk_iri_to_its_triples(server: str) -> None:
    status, body, headers = get(server + "/id/wijk/poelenburg", "text/turtle")
    assert status == 200
    found = rdflib.Graph().parse(data=body)
    wijk = rdflib.URIRef("https://w3id.org/wijkengids/id/wijk/poelenburg")
    assert str(found.value(wijk, rdflib.RDFS.label)) == "Poelenburg"
    assert len(headers["wijkengids-release"]) == 64


def test_rdflib_parses_a_document_by_its_address(server: str) -> None:
    assert len(rdflib.Graph().parse(server + "/id/wijk/crabbehof")) > 20


def test_the_python_of_the_readme_prints_what_the_readme_says(server: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [(code, printed)] = re.findall(r"```python\n(.*?)```\n\n((?:    [^\n]*\n)+)", readme, re.DOTALL)
    code = code.replace("http://127.0.0.1:8000", server)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == re.sub(r"^    ", "", printed, flags=re.MULTILINE)


def test_static_files_are_served(server: str) -> None:
    status, _, headers = get(server + "/static/wijkengids.css")
    assert (status, headers["content-type"].split(";")[0]) == (200, "text/css")


def test_a_cross_product_is_stopped_while_other_requests_are_answered(server: str) -> None:
    outcome: list[tuple[int, bytes]] = []

    def run() -> None:
        status, body, _ = get(f"{server}/sparql", data=("query=" + urllib.request.quote(CROSS)).encode())
        outcome.append((status, body))

    hostile = [threading.Thread(target=run) for _ in range(2)]
    for thread in hostile:
        thread.start()
    documents = queries = 0
    while any(thread.is_alive() for thread in hostile):
        assert get(server + "/doc/wijk/poelenburg")[0] == 200
        documents += 1
        assert get(server + "/sparql?query=ASK%20%7B%7D")[0] == 200
        queries += 1
    assert documents > 10
    assert queries > 10
    for status, body in outcome:
        assert status == 503
        assert "na 3 seconden gestopt" in json.loads(body)["detail"]


def test_a_new_release_is_picked_up_without_a_failed_request(small: Project, tmp_path: Path, copy: Path) -> None:
    folder = Releases(tmp_path / "uit")
    build(small, folder, Base())
    path = copy / "data/referentie/wijken.ttl"
    path.write_text(
        path.read_text(encoding="utf-8").replace('"Poelenburg"@nl', '"Poelenburg-nieuw"@nl'), encoding="utf-8"
    )
    statuses: list[int] = []
    stop = threading.Event()

    def read(address: str) -> None:
        while not stop.is_set():
            statuses.append(get(address + "/doc/wijk/poelenburg.ttl")[0])
            statuses.append(get(address + "/sparql?query=ASK%20%7B%7D")[0])

    with serving(WIJKENGIDS_RELEASES=str(folder.root)) as address:
        reader = threading.Thread(target=read, args=(address,))
        reader.start()
        build(Project(copy), folder, Base())
        wijk, label = "https://w3id.org/wijkengids/id/wijk/poelenburg", "http://www.w3.org/2000/01/rdf-schema#label"
        wait_until(lambda: b"Poelenburg-nieuw" in get(address + "/doc/wijk/poelenburg.ttl")[1], 5)
        found = get(
            address + "/sparql?query=" + urllib.request.quote(f"SELECT ?l {{ <{wijk}> <{label}> ?l }}"), "text/csv"
        )[1]
        assert b"Poelenburg-nieuw" in found
        folder.rollback()
        wait_until(lambda: b"Poelenburg-nieuw" not in get(address + "/doc/wijk/poelenburg.ttl")[1], 5)
        stop.set()
        reader.join()
    assert len(statuses) > 20
    assert set(statuses) == {200}


def test_a_release_deleted_under_a_running_server(small: Project, tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    release, _ = build(small, folder, Base())
    fresh = itertools.count()

    def ask(address: str) -> tuple[int, bytes, dict[str, str]]:
        """Ask what was not asked before: an answer that was is kept."""
        return get(f"{address}/sparql?query=ASK%20%7B%7D%20%23{next(fresh)}")

    with serving(WIJKENGIDS_RELEASES=str(tmp_path)) as address:
        shutil.rmtree(release.folder)
        assert get(address + "/doc/wijk/poelenburg")[0] == 200
        assert ask(address)[0] == 200
        for pid in workers(address.pid):
            os.kill(pid, signal.SIGKILL)  # a new worker finds nothing to open
        wait_until(lambda: ask(address)[0] == 503, 10)
        _, body, headers = ask(address)
        assert "kan niet geopend worden" in json.loads(body)["detail"]
        assert int(headers["retry-after"]) > 0
        assert get(address + "/doc/wijk/poelenburg")[0] == 200
        status, body, _ = get(address + "/health")
        assert status == 503
        assert "kan niet geopend worden" in json.loads(body)["trouble"][0]
        build(small, folder, Base())
        wait_until(lambda: ask(address)[0] == 200, 10)


def test_killing_a_build_leaves_the_server_answering(releases: Releases, tmp_path: Path, small: Project) -> None:
    folder = Releases(tmp_path)
    build(small, folder, Base())
    with serving(WIJKENGIDS_RELEASES=str(tmp_path)) as address:
        for delay in (0.9, 1.2, 1.5):
            process = subprocess.Popen(
                command("--project", small.root, "build", "--releases", tmp_path),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            time.sleep(delay)
            process.kill()
            process.wait()
            assert get(address + "/doc/wijk/poelenburg")[0] == 200
            assert get(address + "/sparql?query=ASK%20%7B%7D")[0] == 200
    build(small, folder, Base())


@pytest.mark.parametrize("taken_by", ["a server", "something else"])
def test_a_port_in_use_is_said_with_a_way_out(
    small: Project, run: Run, releases: Releases, server: str, taken_by: str, tmp_path: Path
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(server.rsplit(":", 1)[1]) if taken_by == "a server" else other.getsockname()[1]
        done = run("serve", "--port", port, "--releases", releases.root)
        again = run("--project", small.root, "serve", "--build", "--port", port, "--releases", tmp_path / "uit")
    assert done.returncode == again.returncode == 3
    assert f"make serve PORT={port + 1}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "uit").exists(), "who cannot listen does not publish"


def test_web_processes_end_when_their_server_is_killed(releases: Releases, run: Run) -> None:
    port = free_port()
    process = subprocess.Popen(command("serve", "--port", port, "--releases", releases.root), stdout=subprocess.DEVNULL)
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/health"), 30)
    process.kill()
    process.wait()

    def is_free() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) != 0

    wait_until(is_free, 10)


def test_serve_builds_a_release_where_there_is_none_and_says_where_it_is(small: Project, tmp_path: Path) -> None:
    port = free_port()
    process = subprocess.Popen(
        command("--project", small.root, "serve", "--port", port, "--releases", tmp_path / "uit"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        folder, address, bases = (process.stdout.readline() for _ in range(3))
        assert Path(folder.strip()).parent == tmp_path / "uit"
        assert f"http://127.0.0.1:{port}/" in address
        assert "https://w3id.org/wijkengids/" in bases
        assert get(f"http://127.0.0.1:{port}/health")[0] == 200
        process.send_signal(signal.SIGINT)  # Ctrl-C
        assert process.wait(20) == 0
        assert process.stdout.read() == ""
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def test_serve_without_a_project_and_without_a_release_says_what_to_do(run: Run, tmp_path: Path) -> None:
    done = run("serve", "--releases", tmp_path / "leeg", cwd=tmp_path)
    assert done.returncode == 2
    assert "Geen project gevonden" in done.stderr


def test_a_server_needs_only_a_releases_folder(releases: Releases, tmp_path: Path) -> None:
    os.chdir(tmp_path)
    try:
        with serving(WIJKENGIDS_RELEASES=str(releases.root)) as address:
            assert get(address + "/doc/wijk/poelenburg")[0] == 200
            assert get(address + "/", "text/html")[0] == 200
    finally:
        os.chdir(ROOT)
