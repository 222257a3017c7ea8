"""The guard as a child of the server: started, kept alive, stopped; its socket and its secret outlive it."""

from __future__ import annotations

import json
import secrets
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict

from wijkengids.engine.federation.guard import Config
from wijkengids.engine.federation.outside import Network
from wijkengids.engine.pool import Limits

_SHARE = 2 / 3
"""Of the time of a query, what one request to an endpoint may take: then there is time left to say so."""

_BACKLOG = 64


class GuardProcess:
    """The guard of ``endpoints``, at ``address``: workers that ask while it starts again wait on the same socket.

    Closing its stdin ends it, so it also ends when this process is killed.
    """

    def __init__(self, endpoints: Sequence[str], networks: Sequence[Network], limits: Limits) -> None:
        self.config = Config(
            secret=secrets.token_hex(32),
            endpoints=tuple(endpoints),
            networks=tuple(str(network) for network in networks),
            at_once=limits.workers,
            deadline=limits.deadline * _SHARE,
            size=limits.result,
        )
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=_BACKLOG)
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}/{self.config.secret}"
        self.process = self._start()
        self._closing = threading.Event()
        threading.Thread(target=self._watch, name="guard-guard", daemon=True).start()

    def _start(self) -> subprocess.Popen[bytes]:
        number = self.socket.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "wijkengids.engine.federation.guard", str(number)],
            stdin=subprocess.PIPE,
            pass_fds=[number],
            start_new_session=True,  # Ctrl-C reaches the whole terminal session, and queries that run are to end well
        )
        if process.stdin:
            # the secret goes this way: arguments can be read by every user of the machine
            process.stdin.write(json.dumps(asdict(self.config)).encode() + b"\n")
            process.stdin.flush()
        return process

    def _watch(self) -> None:
        while not self._closing.is_set():
            self.process.wait()
            self._hang_up()
            if not self._closing.wait(0.5):
                self.process = self._start()

    def _hang_up(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()

    def close(self) -> None:
        """End the guard."""
        self._closing.set()
        self._hang_up()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.socket.close()
