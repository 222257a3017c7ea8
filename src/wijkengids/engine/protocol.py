"""What web process, broker and worker say to each other: frames of a kind, a length and a payload.

    web --- Ask ---> broker --- Ask ---> worker
    web <-- Head, Data..., End | Fail --- broker <-- the same --- worker
    web --- Status ---> broker --- Status ---> web      worker --- Ready ---> broker (the store is open)

A frame is one byte of kind, four bytes of length (big endian), the payload: JSON, or bytes for Data.
"""

from __future__ import annotations

import json
import struct
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from wijkengids.errors import EngineAway, EngineBusy, QueryInvalid, QueryProblem, QueryStopped, ServiceFailed

ASK, HEAD, DATA, END, FAIL, STATUS, READY = b"A", b"H", b"D", b"E", b"F", b"S", b"R"

_HEADER = struct.Struct(">cI")
HEADER_SIZE = _HEADER.size
CHUNK = 64 * 1024
"""Largest Data payload in bytes."""

_FAILURES: dict[str, type[QueryProblem]] = {
    kind.__name__: kind for kind in (QueryInvalid, QueryStopped, EngineBusy, EngineAway, ServiceFailed, QueryProblem)
}


@dataclass(frozen=True)
class Question:
    """A query for a store: its text, the format name of the answer, the base that gives a graph its prefixes.

    ``default_graphs`` and ``named_graphs`` (graph IRIs) are None where the protocol gave none; then FROM in the query
    counts. ``federated`` tells that the text asks other endpoints, by way of the guard.
    """

    store: str
    text: str
    format: str
    base: str
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    federated: bool = False

    def pack(self) -> bytes:
        """Return the question as a payload."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def unpack(cls, payload: bytes) -> Question:
        """Return the question in a payload."""
        fields = json.loads(payload)
        for name in ("default_graphs", "named_graphs"):
            fields[name] = None if fields[name] is None else tuple(fields[name])
        return cls(**fields)


class Engine(Protocol):
    """Anything that answers questions: the workers of this machine, or an engine elsewhere."""

    def query(self, question: Question) -> bytes:
        """Return the whole answer in the asked format. Raises a QueryProblem that says what a client should know."""
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


def problem_from(payload: bytes) -> QueryProblem:
    """Return the problem in the payload of a Fail frame."""
    said = json.loads(payload)
    kind = _FAILURES[said["kind"]]
    nl, en = said["text"]
    return kind(nl, en, said["line"], said["column"]) if issubclass(kind, QueryInvalid) else kind(nl, en)
