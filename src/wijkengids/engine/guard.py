"""The process that speaks to endpoints elsewhere, for queries with SERVICE that the policy let through.

Run as ``python -m wijkengids.engine.guard DESCRIPTOR``: the number of a socket that listens on 127.0.0.1, with the
:class:`Config` as one line of JSON on stdin; ends when stdin closes. A worker asks ``/{secret}/{query}/{number}``, as
by the SPARQL protocol. Only the query goes out: no header of a client, no credentials, no cookies. No redirect is
followed. An answer is read whole, within a time and a size, and written again as solutions in JSON, so a worker never
reads what the outside wrote, and what is wrong can still be told by a status (which SERVICE SILENT needs).
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

from wijkengids.engine.client import Client
from wijkengids.engine.outside import Network, Resolve, resolve
from wijkengids.engine.protocol import told
from wijkengids.errors import QueryProblem

LOG = logging.getLogger("wijkengids.engine.guard")

_LARGEST_QUERY = 2 * 2**20
"""Bytes: twice what a client may send, since the engine writes a query anew."""

_LOCAL_TIME = 5.0
"""Seconds in which a worker, which is on this machine, has said what it wants."""

_REQUESTS = 20
"""Requests to an endpoint that one query may cause, however the engine evaluates it."""

_QUERIES = 1000
"""Queries whose requests are remembered."""


@dataclass(frozen=True)
class Config:
    """What the guard is told. ``deadline`` in seconds and ``size`` in bytes hold for one request to an endpoint."""

    secret: str
    endpoints: tuple[str, ...]
    networks: tuple[str, ...]
    at_once: int
    deadline: float
    size: int


class Guard:
    """Answers the workers of this machine. ``look_up`` resolves names."""

    def __init__(self, config: Config, look_up: Resolve = resolve) -> None:
        self.config = config
        networks: tuple[Network, ...] = tuple(ip_network(text) for text in config.networks)
        self.clients = [Client(iri, networks, config.size, look_up) for iri in config.endpoints]
        self.places = asyncio.Semaphore(config.at_once)
        self.asked: OrderedDict[str, int] = OrderedDict()

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
        except (h11.RemoteProtocolError, OSError, TimeoutError):
            pass  # nobody there who could be told
        finally:
            writer.close()

    async def answer(self, request: h11.Request, query: bytes) -> tuple[int, bytes]:
        """Return status and body for a request: the solutions of an endpoint, or a problem as JSON."""
        found = self._client(request)
        if found is None:
            return 403, b"{}"
        client, name = found
        try:
            if self.config.secret.encode() in query:
                raise client.failed("krijgt geen vraag met een SERVICE erin", "is sent no query with a SERVICE in it")
            self._count(name, client)
            return 200, await self._ask(client, query)
        except QueryProblem as problem:
            return problem.status, json.dumps(told(problem)).encode()

    async def _ask(self, client: Client, query: bytes) -> bytes:
        try:
            async with asyncio.timeout(self.config.deadline), self.places:
                return await client.ask(query)
        except TimeoutError:
            LOG.warning("%s: no answer within %g s", client.iri, self.config.deadline)
            seconds = f"{self.config.deadline:g}"
            raise client.failed(
                f"antwoordt niet binnen {seconds} seconden", f"does not answer within {seconds} seconds"
            ) from None

    def _client(self, request: h11.Request) -> tuple[Client, str] | None:
        """Return who is asked, and the name of the query; None for who does not know the secret."""
        secret, _, rest = request.target.removeprefix(b"/").partition(b"/")
        if request.method != b"POST" or not hmac.compare_digest(secret, self.config.secret.encode()):
            return None
        name, _, number = rest.decode("latin-1").partition("/")
        if not number.isdecimal() or int(number) >= len(self.clients):
            return None
        return self.clients[int(number)], name

    def _count(self, name: str, client: Client) -> None:
        """Count a request of a query; ServiceFailed where that is one too many."""
        self.asked[name] = self.asked.pop(name, 0) + 1
        while len(self.asked) > _QUERIES:
            self.asked.popitem(last=False)
        if self.asked[name] > _REQUESTS:
            raise client.failed(
                f"is al {_REQUESTS} keer gevraagd voor deze ene vraag, en dat is genoeg",
                f"was asked {_REQUESTS} times already for this one query, and that is enough",
            )


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
