"""Asking the engine for the client of a request: as long as it waits, and in its turn."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network

from flask import current_app, request

from wijkengids.engine.protocol import Departure, Parts, Question
from wijkengids.errors import QueryProblem
from wijkengids.web.answer import DEPARTURE, FOUND, STREAMS


def ask(question: Question) -> Parts:
    """Return the answer of the engine: in parts where it is large and the server can break it off, else whole.

    A client that goes away stops its query, where the server notices.
    """
    if FOUND in request.environ:
        said: Parts | QueryProblem = request.environ[FOUND]
        if isinstance(said, QueryProblem):
            raise said
        found = said
    else:
        departure = request.environ.get(DEPARTURE) or Departure()
        found = current_app.extensions["engine"].stream(question, departure)
    return found if request.environ.get(STREAMS) else joined(found)


def joined(found: Parts) -> bytes:
    """Return an answer whole."""
    return found if isinstance(found, bytes) else b"".join(found)


@lru_cache(maxsize=256)
def turn(address: str | None) -> str:
    """Return whose turn a query takes: an address, or of IPv6 the network that one client usually has whole."""
    try:
        found = ip_address(address or "")
    except ValueError:
        return ""
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))
