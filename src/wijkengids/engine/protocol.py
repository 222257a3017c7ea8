"""What web process, broker and worker say to each other: frames of a kind, a length and a payload.

    web --- Ask ---> broker --- Ask ---> worker
    web <-- Head, Data..., End | Fail --- broker <-- the same --- worker
    web --- Status ---> broker --- Status ---> web      worker --- Ready ---> broker (the store is open)

A frame is one byte of kind, four bytes of length (big endian), the payload: JSON, or bytes for Head and Data.
"""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from wijkengids.errors import (
    EngineAway,
    EngineBusy,
    QueryInvalid,
    QueryProblem,
    QueryStopped,
    ServiceFailed,
    TooManyQueries,
)

ASK, HEAD, DATA, END, FAIL, STATUS, READY = b"A", b"H", b"D", b"E", b"F", b"S", b"R"

WHOLE, STREAM = b"whole", b"stream"
"""What Head says: everything comes in one Data, or more follows and may yet end in Fail."""

_HEADER = struct.Struct(">cI")
HEADER_SIZE = _HEADER.size
CHUNK = 256 * 1024
"""Largest Data payload in bytes, of an answer that comes in parts."""
HELD = 1024 * 1024
"""Bytes up to which an answer is complete before any of it goes out (docs/besluiten/0018-stromen.md)."""
AHEAD = 8 * 1024 * 1024
"""Bytes of an answer that are held for a client which reads more slowly than its worker writes."""

_FAILURES: dict[str, type[QueryProblem]] = {
    kind.__name__: kind
    for kind in (QueryInvalid, QueryStopped, TooManyQueries, EngineBusy, EngineAway, ServiceFailed, QueryProblem)
}


@dataclass(frozen=True)
class Question:
    """A query for a store: its text, the format name of the answer, the base that gives a graph its prefixes.

    ``default_graphs`` and ``named_graphs`` (graph IRIs) are None where the protocol gave none; then FROM in the query
    counts. ``federated`` tells that the text asks other endpoints, by way of the guard. ``client`` is whose turn it
    takes.
    """

    store: str
    text: str
    format: str
    base: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    federated: bool = False
    client: str = ""

    def pack(self) -> bytes:
        """Return the question as a payload."""
        return json.dumps(vars(self)).encode()

    @classmethod
    def unpack(cls, payload: bytes) -> Question:
        """Return the question in a payload."""
        fields = json.loads(payload)
        for name in ("default_graphs", "named_graphs"):
            fields[name] = None if fields[name] is None else tuple(fields[name])
        return cls(**fields)


class Departure:
    """Whether somebody still waits for an answer; told from one thread, heard in another."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop: Callable[[], None] | None = None
        self.told = False

    def tell(self) -> None:
        """Say that nobody waits any more: what works for it is stopped."""
        with self._lock:
            self.told, stop = True, self._stop
        if stop is not None:
            stop()

    def stops(self, stop: Callable[[], None] | None) -> None:
        """Name what stops the work (at once, if nobody waits any more), or None when it is done."""
        with self._lock:
            self._stop = stop
        if self.told and stop is not None:
            stop()


Parts = bytes | Iterator[bytes]
"""An answer: whole, or part by part. A part that cannot come raises a QueryProblem: what came is then no answer."""


class Engine(Protocol):
    """Anything that answers questions: the workers of this machine, or an engine elsewhere."""

    def query(self, question: Question) -> bytes:
        """Return the whole answer in the asked format. Raises a QueryProblem that says what a client should know."""
        ...

    def stream(self, question: Question, departure: Departure) -> Parts:
        """Return the answer, in parts where it is large. Raises as ``query`` does, and at a departure EngineAway."""
        ...

    def status(self) -> dict[str, Any]:
        """Return what the engine says of itself; EngineAway where it does not answer."""
        ...


class Reader(Protocol):
    """Anything that reads exactly: raises EOFError (or a subclass) when the other side is gone."""

    def read(self, size: int, /) -> bytes: ...


def frame(kind: bytes, payload: bytes | dict[str, Any] = b"") -> bytes:
    """Return one frame."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return _HEADER.pack(kind, len(body)) + body


def read_header(header: bytes) -> tuple[bytes, int]:
    """Return kind and payload length from the first bytes of a frame."""
    kind, size = _HEADER.unpack(header)
    return kind, size


def read_frame(source: Reader) -> tuple[bytes, bytes]:
    """Return kind and payload of the next frame; EOFError where the other side closed."""
    header = source.read(HEADER_SIZE)
    if len(header) < HEADER_SIZE:
        raise EOFError("the other side closed the connection")
    kind, size = read_header(header)
    payload = source.read(size)
    if len(payload) < size:
        raise EOFError("the other side closed the connection within a frame")
    return kind, payload


def failure(problem: QueryProblem) -> bytes:
    """Return a problem as a Fail frame."""
    return frame(FAIL, told(problem))


def told(problem: QueryProblem) -> dict[str, Any]:
    """Return a problem as the payload of a Fail frame, before it is JSON."""
    where = {"line": getattr(problem, "line", None), "column": getattr(problem, "column", None)}
    return {"kind": type(problem).__name__, "text": list(problem.text), **where}


def failure_payload(problem: QueryProblem) -> bytes:
    """Return a problem as the payload of a Fail frame."""
    return json.dumps(told(problem)).encode()


def problem_from(payload: bytes) -> QueryProblem:
    """Return the problem in the payload of a Fail frame."""
    said = json.loads(payload)
    kind = _FAILURES[said["kind"]]
    nl, en = said["text"]
    return kind(nl, en, said["line"], said["column"]) if issubclass(kind, QueryInvalid) else kind(nl, en)
