"""What the tests share: the project, one built release, the engine, a client, a real server."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from wijkengids.engine.embedded import BrokerProcess, EmbeddedEngine
from wijkengids.engine.pool import Limits
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Release, Releases
from wijkengids.settings import Settings
from wijkengids.web.app import create_app

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"
LIMITS = Limits(workers=3, long=2, queue=4, patience=5, deadline=3, memory=2**28, result=2**22)


@pytest.fixture(scope="session")
def project() -> Project:
    return Project(ROOT)


@pytest.fixture(scope="session")
def releases(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A folder with one release of the real content."""
    folder = Releases(tmp_path_factory.mktemp("uitgaven"))
    build(project, folder, Base())
    return folder


@pytest.fixture(scope="session")
def release(releases: Releases) -> Release:
    return releases.current()


@pytest.fixture(scope="session")
def broker() -> Iterator[BrokerProcess]:
    """A real broker with real workers, and limits that a test can reach in seconds."""
    process = BrokerProcess(LIMITS)
    yield process
    process.close()


@pytest.fixture(scope="session")
def engine(broker: BrokerProcess) -> EmbeddedEngine:
    return EmbeddedEngine(broker.socket_path, LIMITS)


@pytest.fixture(scope="session")
def app(releases: Releases, engine: EmbeddedEngine) -> Flask:
    app = create_app(Settings(releases=releases.root), engine)
    app.config["TESTING"] = True
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def small_project(folder: Path) -> Path:
    """Make a small project: the real ontology, one page of the guide with what it refers to, four questions."""
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    shutil.copytree(ROOT / "tests/klein/data", folder / "data")
    (folder / "queries").mkdir()
    for name in ("wijken-met-stad", "rapporten", "programmas-in-jaar", "partners-en-rollen"):
        shutil.copy(ROOT / f"queries/{name}.rq", folder / "queries")
    return folder


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small project that no test changes, for what has to be built often."""
    return Project(small_project(tmp_path_factory.mktemp("klein") / "project"))


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A small project of its own, to break."""
    return small_project(tmp_path / "kopie")


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def run() -> Run:
    """Run the command as a user does; returns the finished process."""

    def run(*arguments: object, **options: object) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command(*arguments), capture_output=True, text=True, timeout=120, check=False, **options)  # type: ignore[call-overload]

    return run


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "wijkengids", *(str(argument) for argument in arguments)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Address(str):
    """The address of a server under test, without a last slash; ``pid`` is the process behind it."""

    __slots__ = ("pid",)
    pid: int


@contextmanager
def serving(*arguments: object, **environment: str) -> Iterator[Address]:
    """Run ``wijkengids serve`` on a free port until the block ends."""
    port = free_port()
    with running(command(*arguments, "serve", "--port", port), port, environment) as address:
        yield address


@contextmanager
def running(arguments: list[str], port: int, environment: dict[str, str]) -> Iterator[Address]:
    """Run a server that listens on ``port`` until the block ends."""
    process = subprocess.Popen(arguments, env=os.environ | environment, start_new_session=True)
    address = Address(f"http://127.0.0.1:{port}")
    address.pid = process.pid
    try:
        wait_until(lambda: process.poll() is not None or answers(address + "/health"), 30)
        assert process.poll() is None, "the server ended at once"
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(5)
            raise


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def workers(ancestor: int) -> list[int]:
    """Return the query workers that descend from a process of the test: nobody else's are touched."""
    parents, found = {}, []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(path.name)] = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if b"wijkengids.engine.worker" in (path / "cmdline").read_bytes():
                found.append(int(path.name))
        except OSError:
            continue  # gone in the meantime

    def descends(pid: int) -> bool:
        return pid == ancestor or (pid in parents and descends(parents[pid]))

    return [pid for pid in found if descends(pid)]


def wait_until(happened: Callable[[], bool], seconds: float) -> None:
    until = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < until, f"did not happen within {seconds} s"
        time.sleep(0.05)


@pytest.fixture(scope="session")
def server(releases: Releases) -> Iterator[str]:
    """A real server on the real content."""
    with serving(WIJKENGIDS_RELEASES=str(releases.root), WIJKENGIDS_QUERY_DEADLINE="3") as address:
        yield address
