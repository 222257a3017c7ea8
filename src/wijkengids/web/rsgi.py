"""The RSGI application that Granian serves: kept answers from the event loop, everything else by Flask in a thread.

RSGI, and not WSGI, because only there a server learns that a client has gone, and which connection it was
(docs/besluiten/0018-stromen.md). A client that goes away stops its query; a client that reads slowly holds no thread;
an answer that breaks off breaks its connection, for Granian would end it as if it were whole.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask
from granian.rsgi import HTTPProtocol, ProtocolClosed, Scope  # type: ignore[attr-defined]
from werkzeug.wsgi import FileWrapper

from wijkengids.engine.pooled import PooledEngine
from wijkengids.engine.protocol import Departure
from wijkengids.web.answer import DEPARTURE, STREAMS, Header
from wijkengids.web.app import MAX_BODY
from wijkengids.web.direct import Direct
from wijkengids.web.frozen import Frozen

_FILE_PART = 256 * 1024
"""Bytes of a file that are read at once."""
_THREADS = 48
"""Threads for Flask: more than all queries that may run and wait, so that documents always find one."""


class Entry:
    """Serves one application; ``frozen`` is its outermost layer. ``engine`` is None where another answers queries."""

    def __init__(self, app: Flask, frozen: Frozen, engine: PooledEngine | None, proxies: int) -> None:
        self.app, self.frozen, self.engine = app, frozen, engine
        self.direct = Direct(app.extensions["follower"], engine, proxies) if engine else None
        self.threads = ThreadPoolExecutor(_THREADS, "flask")

    def __rsgi_init__(self, loop: AbstractEventLoop) -> None:
        """Begin: the broker lives in this loop."""
        self.loop = loop
        if self.engine is not None:
            self.engine.start(loop)

    def __rsgi_del__(self, loop: AbstractEventLoop) -> None:
        """End the workers."""
        if self.engine is not None:
            loop.run_until_complete(self.engine.broker.close())

    async def __rsgi__(self, scope: Scope, proto: HTTPProtocol) -> None:
        """Answer a request."""
        environ = environment(scope)
        kept = self.frozen.find(environ)
        if kept is not None:
            _respond(proto, *kept)
            return
        leaving = _Leaving(proto)
        try:
            answer = await self.direct.answer(environ, leaving.gone) if self.direct else None
            if answer is not None:
                self.frozen.keep(environ)
                _respond(proto, *answer.send(environ))
            else:
                await self._by_flask(scope, proto, environ, leaving)
        finally:
            leaving.forget()

    async def _by_flask(self, scope: Scope, proto: HTTPProtocol, environ: dict[str, Any], leaving: _Leaving) -> None:
        departure = Departure()
        leaving.gone().add_done_callback(lambda future: None if future.cancelled() else departure.tell())
        environ["wsgi.input"] = BytesIO(await _body(proto))
        environ[DEPARTURE] = departure
        environ[STREAMS] = scope.http_version != "1"
        status, headers, body = await self.loop.run_in_executor(self.threads, self._call, environ)
        if isinstance(body, bytes):
            _respond(proto, status, headers, body)
        else:
            await self._stream(scope, proto, status, headers, body)

    def _call(self, environ: dict[str, Any]) -> tuple[str, list[Header], bytes | Iterator[bytes]]:
        """Run the WSGI application. In a thread."""
        begun: list[Any] = []
        body = self.frozen(environ, lambda status, headers, _=None: begun.extend((status, headers)))  # type: ignore[arg-type]
        if isinstance(body, tuple | list):
            return begun[0], begun[1], b"".join(body)
        return begun[0], begun[1], _parts(body)

    async def _stream(
        self, scope: Scope, proto: HTTPProtocol, status: str, headers: list[Header], parts: Iterator[bytes]
    ) -> None:
        """Send an answer in parts. No thread is held while the client reads; where no part can come, hang up."""
        transport = proto.response_stream(int(status[:3]), headers)
        try:
            while (part := await self.loop.run_in_executor(self.threads, next, parts, None)) is not None:
                await transport.send_bytes(part)
        except ProtocolClosed:
            pass  # the client went away
        except Exception as error:
            _hang_up(scope.client)
            self.app.logger.warning("An answer broke off: %s", error)
        finally:
            with contextlib.suppress(Exception):
                await self.loop.run_in_executor(self.threads, parts.close)  # type: ignore[attr-defined]


class _Leaving:
    """Whether the client of a request goes away; looked at only from when somebody wants to know."""

    def __init__(self, proto: HTTPProtocol) -> None:
        self.proto = proto
        self._gone: Future[None] | None = None

    def gone(self) -> Future[None]:
        """Return what is done when the client has gone."""
        if self._gone is None:
            self._gone = asyncio.ensure_future(self.proto.client_disconnect())
        return self._gone

    def forget(self) -> None:
        """Look no longer."""
        if self._gone is not None:
            self._gone.cancel()


def environment(scope: Scope) -> dict[str, Any]:
    """Return a request as WSGI has it (PEP 3333): text of bytes as Latin-1, a header that comes twice joined."""
    host, _, port = scope.server.rpartition(":")
    client, _, client_port = scope.client.rpartition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": host.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": client.strip("[]"),
        "REMOTE_PORT": client_port,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        "wsgi.file_wrapper": lambda file, _: FileWrapper(file, _FILE_PART),
    }
    if scope.authority:
        environ["HTTP_HOST"] = scope.authority
    for name, value in scope.headers.items():
        if "_" in name:
            continue  # it would pass for the header with a hyphen, which a proxy may have set
        key = _key(name)
        environ[key] = f"{environ[key]},{value}" if key in environ and key != "HTTP_HOST" else value
    return environ


@lru_cache(maxsize=512)
def _key(header: str) -> str:
    """Return the name of a header in a WSGI environment."""
    name = header.upper().replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


async def _body(proto: HTTPProtocol) -> bytes:
    """Return the body of a request, as far as anything of it is read: one that is longer is refused by Flask."""
    body = bytearray()
    async for chunk in proto:
        body += chunk
        if len(body) > MAX_BODY:
            break
    return bytes(body)


def _respond(proto: HTTPProtocol, status: str, headers: list[Header], body: bytes) -> None:
    if body:
        proto.response_bytes(int(status[:3]), headers, body)
    else:
        proto.response_empty(int(status[:3]), headers)


def _parts(body: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the parts of a WSGI body that hold anything, and close it at the end."""
    try:
        yield from filter(None, body)
    finally:
        close: Callable[[], None] | None = getattr(body, "close", None)
        if close is not None:
            close()


def _hang_up(client: str) -> None:
    """Break the connection of a client (host:port): an answer that stops halfway must not look like a whole one."""
    host, _, port = client.rpartition(":")
    for path in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):
            if not path.is_socket():
                continue
            with socket.socket(fileno=os.dup(int(path.name))) as connection:
                if connection.getpeername()[:2] == (host.strip("[]"), int(port)):
                    connection.shutdown(socket.SHUT_RDWR)
