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

from flask import Flask
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from wijkengids.engine.embedded import BrokerProcess, EmbeddedEngine
from wijkengids.engine.gatekeeper import GuardProcess
from wijkengids.engine.outside import read_networks
from wijkengids.engine.protocol import Engine, Question
from wijkengids.engine.remote import RemoteEngine
from wijkengids.errors import CannotRun, EngineAway, EngineBroken
from wijkengids.release.dataset import dataset_of
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease
from wijkengids.settings import Settings
from wijkengids.web.app import create_app

_THREADS = 32
"""Threads of a web process: more than all queries that may run and wait, so that documents always find one."""


def application() -> Flask:
    """Return the application of one web process; its settings come by the environment."""
    settings = Settings.read()
    if settings.parent:
        threading.Thread(target=_end_with, args=(settings.parent,), daemon=True).start()
    app = create_app(settings, choose_engine(settings))
    with contextlib.suppress(CannotRun):  # said to each client, and at /health
        app.extensions["follower"].get()  # now, so that the first request finds it open
    return app


def choose_engine(settings: Settings) -> Engine:
    """Return the engine that the settings name: one elsewhere, else the broker of this machine."""
    if settings.engine:
        return RemoteEngine(settings.access(settings.engine), settings.limits, dataset_of)
    return EmbeddedEngine(settings.broker, settings.limits)


def serve(settings: Settings, ready: Callable[[str], None]) -> None:
    """Serve until a signal ends it. ``ready`` is told the address as soon as the server listens."""
    endpoints, networks = settings.endpoints, read_networks(settings.query_service_networks)  # mistakes are said now
    release = OpenRelease.open(Releases(settings.releases).current()).release  # a damaged one is said now
    claim(settings)
    # a forked process may inherit a lock that a thread held at that moment, and hang; so web processes are spawned
    multiprocessing.set_start_method("spawn", force=True)
    guard = GuardProcess(endpoints, networks, settings.limits) if endpoints else None
    settings = replace(settings, guard=guard.address if guard else "")  # whose port the workers are told
    broker = None if settings.engine else BrokerProcess(settings.limits)
    settings = replace(settings, broker=broker.socket_path if broker else "", parent=os.getpid())
    try:
        engine = choose_engine(settings)
        os.environ.update(settings.environment())
        server = Granian(
            "wijkengids.web.server:application",
            factory=True,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.WSGI,
            workers=settings.workers,
            blocking_threads=_THREADS,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
            metrics_enabled=settings.metrics_port > 0,
            metrics_port=settings.metrics_port or 9090,
            log_level=LogLevels.error,
        )
        if broker:
            broker.keep_alive()
        warm_up(engine, str(release.store))
        threading.Thread(target=_announce, args=(settings, ready), daemon=True).start()
        server.serve()
    finally:
        if broker:
            broker.close()
        if guard:
            guard.close()


def warm_up(engine: Engine, store: str) -> None:
    """Ask the engine something, so that its workers have the release open before the first client comes.

    One elsewhere that is away says so in the log; documents are served without it.
    """
    for _ in range(3):
        try:
            engine.query(Question(store, "ASK {}", "srj", ""))
            return
        except EngineAway:
            time.sleep(0.2)
        except EngineBroken:
            return


def _end_with(parent: int) -> None:
    """End this web process when the server that started it is gone: left alone it would keep the port."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


def _announce(settings: Settings, ready: Callable[[str], None]) -> None:
    """Tell the address once somebody answers there."""
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection((settings.host, settings.port), 1):
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
