"""The process that speaks to endpoints elsewhere, for queries with SERVICE that the policy let through.

Run as ``python -m wijkengids.engine.federation.guard DESCRIPTOR``: the number of a socket that listens on 127.0.0.1,
with the :class:`Config` as one line of JSON on stdin; ends when stdin closes. A worker asks
``/{secret}/{query}/{number}`` as by the SPARQL protocol, with ``?silent`` behind it for SERVICE SILENT;
``GET /{secret}/{query}`` tells the web process whether anything failed that was not silent.

Only the query goes out: no header of a client, no credentials, no cookies. No redirect is followed. An answer is read
whole, within a time and a size, and written again as solutions in JSON, so a worker never reads what the outside
wrote, and what is wrong can still be told by a status (which SERVICE SILENT needs).
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import socket
import sys
from asyncio import StreamReader, StreamWriter
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import ip_network

import h11

from wijkengids.engine.federation.client import Client
from wijkengids.engine.federation.outside import Network, Resolve, resolve
from wijkengids.engine.protocol import told
from wijkengids.errors import QueryProblem

LOG = logging.getLogger("wijkengids.engine.federation.guard")

_LARGEST_QUERY = 2 * 2**20
"""Bytes: twice what a client may send, since the engine writes a query anew."""

_LOCAL_TIME = 5.0
"""Seconds in which a worker, which is on this machine, has said what it wants."""

_REQUESTS = 20
"""Requests to endpoints that one query may cause, however the engine evaluates it."""

_QUERIES = 1000
"""Queries that are remembered."""


@dataclass(frozen=True)
class Config:
    """What the guard is told. ``deadline`` in seconds and ``size`` in bytes hold for one request to an endpoint."""

    secret: str
    endpoints: tuple[str, ...]
    networks: tuple[str, ...]
    at_once: int
    deadline: float
    size: int


@dataclass
class Asked:
    """What one query asked so far: how many requests, and the first problem that was to be told."""

    requests: int = 0
    problem: QueryProblem | None = None


class Guard:
    """Answers the workers of this machine. ``look_up`` resolves names."""

    def __init__(self, config: Config, look_up: Resolve = resolve) -> None:
        self.config = config
        networks: tuple[Network, ...] = tuple(ip_network(text) for text in config.networks)
        self.clients = [Client(iri, networks, config.size, look_up) for iri in config.endpoints]
        self.places = asyncio.Semaphore(config.at_once)
        self.asked: OrderedDict[str, Asked] = OrderedDict()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Answer one connection; where the worker hangs up (it was killed), what goes on outside ends too."""
        here = h11.Connection(h11.SERVER)
        try:
            async with asyncio.timeout(_LOCAL_TIME):
                request, query = await _request(here, reader)
            gone = asyncio.create_task(reader.read(1))
            work = asyncio.create_task(self.answer(request, query))
            try:
                await asyncio.wait({gone, work}, return_when=asyncio.FIRST_COMPLETED)
                if work.done():
                    writer.write(_response(here, *work.result()))
                    await writer.drain()
            finally:
                gone.cancel()
                work.cancel()
        except (h11.ProtocolError, OSError, TimeoutError):
            pass  # nobody there who could be told
        finally:
            writer.close()

    async def answer(self, request: h11.Request, query: bytes) -> tuple[int, bytes]:
        """Return status and body for a request: the solutions of an endpoint, or a problem as JSON."""
        secret, _, rest = request.target.removeprefix(b"/").partition(b"/")
        if not hmac.compare_digest(secret, self.config.secret.encode()):
            return 403, b"{}"
        name, slash, number = rest.decode("latin-1").partition("/")
        asked = self._asked(name)
        if request.method == b"GET" and not slash:
            return _problem(asked.problem) if asked.problem else (200, b"{}")
        number, _, silent = number.partition("?")
        if request.method != b"POST" or not number.isdecimal() or int(number) >= len(self.clients):
            return 403, b"{}"
        try:
            return 200, await self._ask(self.clients[int(number)], query, asked)
        except QueryProblem as problem:
            if not silent:
                asked.problem = asked.problem or problem
            return _problem(problem)

    async def _ask(self, client: Client, query: bytes, asked: Asked) -> bytes:
        """Return the solutions of an endpoint; ServiceFailed too where this query has asked enough."""
        if self.config.secret.encode() in query:
            raise client.failed("krijgt geen vraag met een SERVICE erin", "is sent no query with a SERVICE in it")
        asked.requests += 1
        if asked.requests > _REQUESTS:
            raise client.failed(
                f"komt na {_REQUESTS} verzoeken voor deze ene vraag, en dat is genoeg",
                f"comes after {_REQUESTS} requests for this one query, and that is enough",
            )
        try:
            async with asyncio.timeout(self.config.deadline), self.places:
                return await client.ask(query)
        except TimeoutError:
            LOG.warning("%s: no answer within %g s", client.iri, self.config.deadline)
            seconds = f"{self.config.deadline:g}"
            raise client.failed(
                f"antwoordt niet binnen {seconds} seconden", f"does not answer within {seconds} seconds"
            ) from None

    def _asked(self, name: str) -> Asked:
        """Return what a query asked so far; of those long past nothing is known any more."""
        asked = self.asked.setdefault(name, Asked())
        self.asked.move_to_end(name)
        while len(self.asked) > _QUERIES:
            self.asked.popitem(last=False)
        return asked


def _problem(problem: QueryProblem) -> tuple[int, bytes]:
    return problem.status, json.dumps(told(problem)).encode()


async def _request(here: h11.Connection, reader: StreamReader) -> tuple[h11.Request, bytes]:
    """Return the one request of a connection, with its body."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = here.next_event()
        if event is h11.NEED_DATA:
            here.receive_data(await reader.read(65536))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
            if len(body) > _LARGEST_QUERY:
                raise h11.RemoteProtocolError("the query is too large")
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, bytes(body)
        else:
            raise h11.RemoteProtocolError("no request")


def _response(here: h11.Connection, status: int, body: bytes) -> bytes:
    kind = "application/sparql-results+json" if status == 200 else "application/json"
    headers = [("Content-Type", kind), ("Content-Length", str(len(body))), ("Connection", "close")]
    events = (h11.Response(status_code=status, headers=headers), h11.Data(data=body), h11.EndOfMessage())
    return b"".join(here.send(event) or b"" for event in events)


async def main(descriptor: int) -> None:
    """Serve until stdin closes."""
    config = json.loads(sys.stdin.buffer.readline())
    guard = Guard(Config(**{**config, "endpoints": tuple(config["endpoints"]), "networks": tuple(config["networks"])}))
    loop = asyncio.get_running_loop()
    parent = StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(parent), sys.stdin)
    async with await asyncio.start_server(guard.serve, sock=socket.socket(fileno=descriptor)):
        await parent.read()  # returns at end of file: the server that started us has ended


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="wijkengids: SERVICE: %(message)s")
    asyncio.run(main(int(sys.argv[1])))
