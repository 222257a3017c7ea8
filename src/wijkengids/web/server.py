"""Start and stop: the guard where SERVICE is allowed, the broker, then Granian with the web processes."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.client import HTTPConnection

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from wijkengids.engine.embedded import BrokerProcess, EmbeddedEngine
from wijkengids.engine.federation.gatekeeper import GuardProcess
from wijkengids.engine.federation.outside import read_networks
from wijkengids.engine.pooled import PooledEngine
from wijkengids.engine.protocol import Engine
from wijkengids.engine.remote import RemoteEngine
from wijkengids.errors import CannotRun
from wijkengids.release.dataset import dataset_of
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease
from wijkengids.settings import Settings
from wijkengids.web.app import create_app
from wijkengids.web.rsgi import Entry

_THREADS = 48
"""Threads of a web process: more than all queries that may run and wait, so that documents always find one."""


def application() -> Entry:
    """Return what the one web process serves by RSGI: the broker lives in it. Its settings come by the environment."""
    settings = Settings.read()
    engine = PooledEngine(settings.limits)
    app = _prepared(settings, remote(settings) or engine)
    return Entry(app, app.wsgi_app, None if settings.engine else engine, settings.trusted_proxies)  # type: ignore[arg-type]


def documents() -> Flask:
    """Return what each of several web processes serves by WSGI: they ask one broker."""
    settings = Settings.read()
    return _prepared(settings, remote(settings) or EmbeddedEngine(settings.broker, settings.limits))


def _prepared(settings: Settings, engine: Engine) -> Flask:
    if settings.parent:
        threading.Thread(target=_end_with, args=(settings.parent,), daemon=True).start()
    app = create_app(settings, engine)
    with contextlib.suppress(CannotRun):  # said to each client, and at /health
        app.extensions["follower"].get()  # now, so that the first request finds it open
    return app


def remote(settings: Settings) -> RemoteEngine | None:
    """Return the engine elsewhere that the settings name, if any."""
    if not settings.engine:
        return None
    return RemoteEngine(settings.access(settings.engine), settings.limits, dataset_of)


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until a signal ends it. ``ready`` is told the address as soon as the server listens."""
    endpoints, networks = settings.endpoints, read_networks(settings.query_service_networks)  # mistakes are said now
    OpenRelease.open(Releases(settings.releases).current())  # a damaged one is said now
    claim(settings)
    # a forked process may inherit a lock that a thread held at that moment, and hang; so web processes are spawned
    multiprocessing.set_start_method("spawn", force=True)
    guard = GuardProcess(endpoints, networks, settings.limits) if endpoints else None
    settings = replace(settings, guard=guard.address if guard else "")  # whose port the workers are told
    wsgi = settings.interface == "wsgi"
    broker = BrokerProcess(settings.limits) if wsgi and not settings.engine else None
    settings = replace(settings, broker=broker.socket_path if broker else "", parent=os.getpid())
    try:
        os.environ.update(settings.environment())
        server = Granian(
            "wijkengids.web.server:documents" if wsgi else "wijkengids.web.server:application",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI if wsgi else Interfaces.RSGI,
            workers=settings.workers if wsgi else 1,
            blocking_threads=_THREADS if wsgi else None,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            metrics_enabled=settings.metrics_port > 0,
            metrics_port=settings.metrics_port or 9090,
            log_level=LogLevels.error,
        )
        if broker:
            broker.keep_alive()
        threading.Thread(target=_announce, args=(settings, ready), daemon=True).start()
        server.serve()
    finally:
        if broker:
            broker.close()
        if guard:
            guard.close()


def _end_with(parent: int) -> None:
    """End this web process when the server that started it is gone: left alone it would keep the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _announce(settings: Settings, ready: Callable[[str], None]) -> None:
    """Tell the address once somebody answers there."""
    for _ in range(200):
        with contextlib.suppress(OSError):
            # asked for its health, so that workers have the release open before the first client comes
            connection = HTTPConnection(settings.host, settings.port, timeout=20)
            connection.request("GET", "/health")
            connection.getresponse()
            connection.close()
            ready(f"http://{settings.host}:{settings.port}/")
            return
        time.sleep(0.05)


def claim(settings: Settings) -> None:
    """Find out now whether the port is free: Granian would only say so in a traceback."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((settings.host, settings.port))
    except OSError as error:
        raise CannotRun(
            f"Kan niet luisteren op {settings.host}:{settings.port} ({error.strerror}). Loopt er al een server? Kies"
            f" anders een andere poort: make serve PORT={settings.port + 1}",
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). Is a server running already? Choose"
            f" another port: make serve PORT={settings.port + 1}",
        ) from error
