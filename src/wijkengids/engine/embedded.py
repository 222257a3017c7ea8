"""The engine of several web processes: starting the broker as a process, and asking it from any of them."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from wijkengids.engine.pool import Limits
from wijkengids.engine.protocol import (
    ASK,
    DATA,
    END,
    FAIL,
    STATUS,
    Departure,
    Parts,
    Question,
    frame,
    problem_from,
    read_frame,
)
from wijkengids.errors import CannotRun, EngineAway

_GRACE = 5.0
"""Seconds beyond patience and deadline after which a silent broker counts as gone."""


class EmbeddedEngine:
    """Asks the broker behind a socket. Holds no connection and no state, so any thread may use it."""

    def __init__(self, socket_path: str, limits: Limits) -> None:
        self.socket_path = socket_path
        self.timeout = limits.patience + limits.deadline + _GRACE

    def query(self, question: Question) -> bytes:
        """Return the whole answer in the asked format. Raises a QueryProblem that says what a client should know."""
        parts: list[bytes] = []
        with self._connect(frame(ASK, question.pack())) as stream:
            while True:
                kind, payload = read_frame(stream)
                if kind == DATA:
                    parts.append(payload)
                elif kind == FAIL:
                    raise problem_from(payload)
                elif kind == END:
                    return b"".join(parts)

    def stream(self, question: Question, departure: Departure) -> Parts:
        """Return the whole answer: a web process that is several cannot break one off, nor see a client leave."""
        return self.query(question)

    def status(self) -> dict[str, Any]:
        """Return what the broker says of itself: counters and workers."""
        with self._connect(frame(STATUS)) as stream:
            status: dict[str, Any] = json.loads(read_frame(stream)[1])
            return status

    @contextlib.contextmanager
    def _connect(self, request: bytes) -> Iterator[BinaryIO]:
        try:
            with socket.socket(socket.AF_UNIX) as connection:
                connection.settimeout(self.timeout)
                connection.connect(self.socket_path)
                connection.sendall(request)
                with connection.makefile("rb") as stream:
                    yield stream
        except (OSError, EOFError) as error:
            raise EngineAway(
                "De SPARQL-dienst is even niet bereikbaar. Probeer het over enkele seconden opnieuw.",
                "The SPARQL service cannot be reached at the moment. Try again in a few seconds.",
            ) from error


class BrokerProcess:
    """The broker as a child of the server: started, kept alive, stopped.

    Closing its stdin ends it, so it also ends when this process is killed.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.folder = tempfile.mkdtemp(prefix="wijkengids-")
        self.socket_path = str(Path(self.folder, "broker"))
        self.process = self._start()
        self._closing = threading.Event()
        self._guard: threading.Thread | None = None

    def _start(self) -> subprocess.Popen[bytes]:
        with contextlib.suppress(FileNotFoundError):
            Path(self.socket_path).unlink()
        process = subprocess.Popen(
            [sys.executable, "-m", "wijkengids.engine.listening", self.socket_path, json.dumps(asdict(self.limits))],
            stdin=subprocess.PIPE,
            # Ctrl-C reaches the whole terminal session; the broker must outlive the web processes that drain
            start_new_session=True,
        )
        until = time.monotonic() + 20
        while not Path(self.socket_path).exists():
            if process.poll() is not None or time.monotonic() > until:
                raise CannotRun(
                    "De SPARQL-dienst start niet; de regels hierboven zeggen waarom.",
                    "The SPARQL service does not start; the lines above say why.",
                )
            time.sleep(0.01)
        return process

    def keep_alive(self) -> None:
        """Start the broker again whenever it ends before :meth:`close`."""
        self._guard = threading.Thread(target=self._watch, name="broker-guard", daemon=True)
        self._guard.start()

    def _watch(self) -> None:
        while not self._closing.is_set():
            self.process.wait()
            self._hang_up()
            while not self._closing.wait(0.2):
                with contextlib.suppress(CannotRun, OSError):  # no memory or process to be had: perhaps in a moment
                    self.process = self._start()
                    break

    def _hang_up(self) -> None:
        """Close our end of the broker's stdin: that is its sign to end."""
        if self.process.stdin:
            self.process.stdin.close()

    def close(self) -> None:
        """End the broker and its workers."""
        self._closing.set()
        self._hang_up()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
