"""One endpoint elsewhere, asked over HTTP: a request of ours, an answer that is a table or else a problem.

h11 speaks HTTP here, on a connection that :mod:`wijkengids.engine.federation.outside` has made: urllib and its like
resolve names and connect by themselves, so that what was checked and what is connected to could differ.
"""

from __future__ import annotations

import asyncio
import json
import logging
import ssl
from asyncio import StreamReader
from collections.abc import Sequence
from email.message import Message
from typing import Any
from urllib.parse import urlencode, urlsplit

import h11
from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from wijkengids import __version__
from wijkengids.engine.federation.outside import Network, NotOutsideError, Resolve, Target, connect
from wijkengids.errors import ServiceFailed

LOG = logging.getLogger("wijkengids.engine.federation.guard")

_ACCEPTED = ("application/sparql-results+json", "application/json")
_MESSAGE = 4096
"""Bytes of an error message that are read."""

_SHOWN = 200
"""Characters of it that are passed on."""


class Client:
    """Asks the endpoint ``iri``, of which an answer may be ``size`` bytes; any number of questions at once."""

    def __init__(self, iri: str, networks: Sequence[Network], size: int, look_up: Resolve) -> None:
        self.iri, self.networks, self.size, self.look_up = iri, networks, size, look_up
        parts = urlsplit(iri)
        tls = ssl.create_default_context() if parts.scheme == "https" else None
        self.target = Target(parts.hostname or "", parts.port or (443 if tls else 80), tls)
        self.host = parts.netloc
        self.path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        self.reading = asyncio.Lock()

    async def ask(self, query: bytes) -> bytes:
        """Return the solutions to a query, as SPARQL JSON written by us. Raises ServiceFailed, which names why not."""
        try:
            body = await self._exchange(query)
        except NotOutsideError as error:
            LOG.warning("%s: refused: %s", self.iri, error)
            raise self.failed(
                "heeft een adres dat niet openbaar is, en wordt dus niet gevraagd",
                "has an address that is not public, so it is not asked",
            ) from None
        except ssl.SSLError as error:
            LOG.warning("%s: %s", self.iri, error)
            raise self.failed("heeft geen geldig certificaat", "has no valid certificate") from None
        except OSError as error:
            LOG.warning("%s: %s", self.iri, error)
            raise self.failed("is niet bereikbaar", "cannot be reached") from None
        except h11.RemoteProtocolError as error:
            LOG.warning("%s: %s", self.iri, error)
            raise self.failed("breekt zijn antwoord af", "breaks its answer off") from None
        async with self.reading:  # one large answer after another: memory
            try:
                return await asyncio.to_thread(_solutions, body)
            except (ValueError, SyntaxError, RecursionError) as error:
                LOG.warning("%s: %s", self.iri, error)
                raise self.failed(
                    "geeft geen tabel in SPARQL-JSON", "gives no table in the JSON format of SPARQL"
                ) from None

    async def _exchange(self, query: bytes) -> bytes:
        reader, writer = await connect(self.target, self.networks, self.look_up)
        there = h11.Connection(h11.CLIENT)
        form = urlencode({"query": query}).encode()
        request = h11.Request(
            method="POST",
            target=self.path,
            headers=[
                ("Host", self.host),
                ("User-Agent", f"wijkengids/{__version__}"),
                ("Accept", _ACCEPTED[0]),
                ("Accept-Encoding", "identity"),
                ("Content-Type", "application/x-www-form-urlencoded"),
                ("Content-Length", str(len(form))),
                ("Connection", "close"),
            ],
        )
        try:
            for event in (request, h11.Data(data=form), h11.EndOfMessage()):
                writer.write(there.send(event) or b"")
            await writer.drain()
            return await self._read(there, reader)
        finally:
            writer.transport.abort()  # at once: closing TLS in style would wait for the other side

    async def _read(self, there: h11.Connection, reader: StreamReader) -> bytes:
        status, limit, body = 0, self.size, bytearray()
        while True:
            event = there.next_event()
            if event is h11.NEED_DATA:
                there.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Response):
                status = event.status_code
                self._check(event)
                limit = self.size if status == 200 else _MESSAGE
            elif isinstance(event, h11.Data):
                body += event.data[: limit + 1]
                if len(body) > limit:
                    break
            elif isinstance(event, h11.EndOfMessage):
                break
            elif not isinstance(event, h11.InformationalResponse):
                raise h11.RemoteProtocolError("closed before the answer")
        if status != 200:
            raise self.failed(*_refusal(status, bytes(body)))
        if len(body) > limit:
            size = self.size // 2**20
            raise self.failed(f"geeft meer dan {size} MiB: vraag minder", f"gives more than {size} MiB: ask for less")
        return bytes(body)

    def _check(self, response: h11.Response) -> None:
        """Raise ServiceFailed for a redirect, and for a body of a kind that we did not ask for."""
        headers = Message()
        for name, value in response.headers:
            headers[name.decode("latin-1")] = value.decode("latin-1")
        if 300 <= response.status_code < 400:
            LOG.warning("%s: redirects to %s", self.iri, headers.get("Location"))
            raise self.failed(
                f"verwijst door ({response.status_code}), en een verwijzing wordt niet gevolgd",
                f"redirects ({response.status_code}), and no redirect is followed",
            )
        if response.status_code != 200:
            return
        kind, coding = headers.get_content_type(), headers.get("Content-Encoding", "identity")
        if kind not in _ACCEPTED or coding != "identity":
            raise self.failed(
                f"antwoordt met {kind} ({coding}) in plaats van {_ACCEPTED[0]}",
                f"answers with {kind} ({coding}) instead of {_ACCEPTED[0]}",
            )

    def failed(self, nl: str, en: str) -> ServiceFailed:
        """Return what a client is told of this endpoint; ``nl`` and ``en`` say what it does."""
        return ServiceFailed(f"SERVICE: het endpoint {self.iri} {nl}.", f"SERVICE: the endpoint {self.iri} {en}.")


def _refusal(status: int, body: bytes) -> tuple[str, str]:
    """Return what an endpoint says that gives no answer: its status, and the first line of plain text."""
    lines = (line.strip() for line in body.decode("utf-8", "replace").splitlines())
    said = next((line for line in lines if line), "")
    said = "".join(c for c in said if c.isprintable())[:_SHOWN] if not said.startswith("<") else ""
    more = f": {said}" if said else ""
    return f"antwoordt met {status}{more}", f"answers with {status}{more}"


def _solutions(body: bytes) -> bytes:
    """Return solutions in SPARQL JSON, read and written again. Raises ValueError or SyntaxError for all else.

    Read twice, since pyoxigraph 0.5.13 overflows its stack on triple terms nested some thousands deep: the reader of
    Python looks first, and lets no term in a term pass. It keeps nothing of what it reads.
    """
    json.loads(body.decode(), object_pairs_hook=_flat)
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise ValueError("a boolean, and no solutions")
    return bytes(found.serialize(format=QueryResultsFormat.JSON) or b"")


def _flat(pairs: list[tuple[str, Any]]) -> None:
    if any(key == "value" and not isinstance(value, str) for key, value in pairs):
        raise ValueError("a term in a term")
