"""HTTP to an engine elsewhere: a time to connect and a time to answer, answers up to a size, retries where safe.

SPARQLWrapper has one timeout, reads answers of any size and tries once; so it makes our requests and this sends them.
"""

from __future__ import annotations

import http.client
import logging
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import IO

from wijkengids.engine.connection import Access, opener
from wijkengids.errors import EngineAway, EngineBroken, QueryStopped

LOG = logging.getLogger("wijkengids.engine")
"""Where the operator finds what an engine said; clients are not told its address."""

_PIECE = 64 * 1024
_FIRST_WAIT = 0.2
"""Seconds before the first retry; twice as long before each next."""

_MESSAGE = 64 * 1024
"""Bytes of an error message that are read."""


@dataclass(frozen=True)
class Reply:
    """What an engine said: status, headers, body (cut off where the status says that it is no answer)."""

    status: int
    headers: Message
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type of the body, without parameters."""
        return self.headers.get_content_type() if "Content-Type" in self.headers else ""

    @property
    def message(self) -> str:
        """The first line of an error message, shortened."""
        lines = (line.strip() for line in self.body.decode("utf-8", "replace").splitlines())
        return next((line for line in lines if line), "")[:300]


class Transport:
    """Sends requests to one engine. Holds no connection, so any thread may use it."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self.opener = opener(access)

    def send(self, request: urllib.request.Request, deadline: float, limit: int) -> Reply:
        """Return what the engine says within ``deadline`` seconds, of at most ``limit`` bytes.

        Only for what may be sent twice: a query, a PUT, a DELETE, a POST of the same triples. Raises EngineAway where
        nobody answers, QueryStopped at deadline or limit, EngineBroken where the answer is broken off.
        """
        until = time.monotonic() + deadline
        for attempt in range(self.access.retries + 1):
            wait = _FIRST_WAIT * 2**attempt * (0.5 + self.access.jitter())
            last = attempt == self.access.retries or time.monotonic() + wait >= until
            try:
                reply = self._attempt(request, until, limit)
            except _Unanswered as error:
                if last or not error.again:
                    raise away(error) from error
                LOG.warning("no answer from %s (%s), once more", self.access.url, error)
            else:
                asked = _retry_after(reply)
                if reply.status != 503 or asked is None or last or time.monotonic() + asked >= until:
                    return reply
                wait = max(wait, asked)
            time.sleep(wait)
        raise AssertionError("Unexpected: the last attempt neither answered nor raised")

    def _attempt(self, request: urllib.request.Request, until: float, limit: int) -> Reply:
        seconds = max(until - time.monotonic(), 0.1)
        try:
            with self.opener.open(request, timeout=seconds) as response:
                return Reply(response.status, response.headers, _read(response, until, limit))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read(_MESSAGE))
        except urllib.error.URLError as error:
            raise _unanswered(error.reason) from error
        except TimeoutError as error:
            raise stopped() from error
        except (http.client.HTTPException, OSError, ValueError) as error:  # ValueError: an unknown way to authenticate
            raise _unanswered(error) from error


class _Unanswered(Exception):
    """No answer at all; ``again`` tells whether trying once more may help."""

    def __init__(self, reason: object, again: bool) -> None:
        super().__init__(str(reason) or type(reason).__name__)
        self.again = again


def _unanswered(reason: object) -> Exception:
    if isinstance(reason, TimeoutError):
        return stopped()
    return _Unanswered(reason, isinstance(reason, ConnectionError | http.client.RemoteDisconnected))


def _read(response: http.client.HTTPResponse, until: float, limit: int) -> bytes:
    """Read the whole body; what is broken off or too large is never taken for an answer."""
    parts, size = [], 0
    stream: IO[bytes] = response
    try:
        while piece := stream.read1(_PIECE):  # type: ignore[attr-defined]
            size += len(piece)
            if size > limit:
                raise too_large()
            if time.monotonic() > until:
                raise stopped()
            parts.append(piece)
    except (http.client.HTTPException, ConnectionError) as error:
        raise broken("breekt zijn antwoord af", "breaks its answer off") from error
    if response.length:
        raise broken("breekt zijn antwoord af", "breaks its answer off")
    return b"".join(parts)


def _retry_after(reply: Reply) -> float | None:
    value = reply.headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None


def away(error: Exception) -> EngineAway:
    """Return what a client is told where nobody answers."""
    LOG.error("the engine is away: %s", error)
    return EngineAway(
        "De SPARQL-engine achter deze dienst is even niet bereikbaar. Probeer het over enkele seconden opnieuw; de"
        " documenten en bestanden blijven bereikbaar.",
        "The SPARQL engine behind this service cannot be reached at the moment. Try again in a few seconds; documents"
        " and files can be reached as ever.",
    )


def stopped() -> QueryStopped:
    """Return what a client is told where the engine does not answer in time."""
    return QueryStopped(
        "De vraag is gestopt: de SPARQL-engine antwoordt niet op tijd. Beperk haar met LIMIT of filters.",
        "The query was stopped: the SPARQL engine does not answer in time. Narrow it with LIMIT or filters.",
    )


def too_large() -> QueryStopped:
    """Return what a client is told where an answer is larger than this service gives."""
    return QueryStopped(
        "Het antwoord is te groot. Beperk de vraag met LIMIT of filters, of neem de hele dataset als bestand.",
        "The answer is too large. Narrow the query with LIMIT or filters, or take the whole dataset as a file.",
    )


def broken(nl: str, en: str) -> EngineBroken:
    """Return what a client is told where the engine says what cannot be used; ``nl`` and ``en`` say what it does."""
    return EngineBroken(f"De SPARQL-engine achter deze dienst {nl}.", f"The SPARQL engine behind this service {en}.")
