"""Engines of other people's making, started for a test on free ports and ended by their number."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.conftest import ROOT, answers, free_port, wait_until

OXIGRAPH = os.environ.get("OXIGRAPH") or str(ROOT / ".venv/klanten/bin/oxigraph")
VIRTUOSO = shutil.which("virtuoso-t")

needs_oxigraph = pytest.mark.skipif(
    not Path(OXIGRAPH).exists(), reason="the Oxigraph server is not installed: make clients"
)
needs_virtuoso = pytest.mark.skipif(
    VIRTUOSO is None, reason="Virtuoso is not installed: apt-get install virtuoso-opensource"
)

_INI = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
MaxQueryMem = 256M
ThreadsPerQuery = 2
DirsAllowed = .
AllowOSCalls = 0
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 10
MaxClientConnections = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
"""


@dataclass(frozen=True)
class Running:
    """An engine at work: where to ask, where to put graphs, who may."""

    name: str
    query: str
    graphs: str
    user: str = ""
    password: str = ""


@contextmanager
def process(*command: str, folder: Path, ready: str, seconds: float) -> Iterator[None]:
    """Run a program until the block ends; it is ready when this address answers."""
    with (folder / "uit.txt").open("ab") as said:
        running = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said, start_new_session=True)
    try:
        wait_until(lambda: running.poll() is not None or answers(ready), seconds)
        assert running.poll() is None, (folder / "uit.txt").read_text()
        yield
    finally:
        running.terminate()
        try:
            running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def oxigraph(folder: Path, port: int | None = None) -> Iterator[Running]:
    """Run the Oxigraph server on a store in ``folder``, which it finds again when started there once more."""
    port = port or free_port()
    address = f"http://127.0.0.1:{port}"
    arguments = (OXIGRAPH, "serve", "--location", str(folder / "opslag"), "--bind", f"127.0.0.1:{port}")
    with process(*arguments, folder=folder, ready=address + "/", seconds=20):
        yield Running("oxigraph", address + "/query", address + "/store")


@contextmanager
def virtuoso(folder: Path, rows: int = 1_000_000) -> Iterator[Running]:
    """Run Virtuoso with a database of its own; it gives at most ``rows`` rows."""
    port = free_port()
    (folder / "virtuoso.ini").write_text(_INI.format(sql=free_port(), http=port, rows=rows), encoding="utf-8")
    address = f"http://127.0.0.1:{port}"
    arguments = (str(VIRTUOSO), "+foreground", "+configfile", "virtuoso.ini")
    with process(*arguments, folder=folder, ready=address + "/sparql", seconds=60):
        yield Running("virtuoso", address + "/sparql", address + "/sparql-graph-crud-auth", "dba", "dba")


@contextmanager
def deaf() -> Iterator[int]:
    """Listen on a port where nobody takes a connection, with a queue that is full."""
    with socket.socket() as listener, ExitStack() as waiting:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            caller = waiting.enter_context(socket.socket())
            caller.setblocking(False)
            caller.connect_ex(listener.getsockname())
        yield int(listener.getsockname()[1])
