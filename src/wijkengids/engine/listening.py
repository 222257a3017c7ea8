"""The broker as a process of its own, for web processes that are several: asked over a Unix socket.

Run as ``python -m wijkengids.engine.listening SOCKET LIMITS`` (JSON of :class:`Limits`); ends when its stdin closes,
that is, when the process that started it is gone. Workers are started by exec, never by fork.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import shutil
import sys
from asyncio import Future, StreamReader, StreamWriter
from pathlib import Path

from wijkengids.engine.broker import Broker
from wijkengids.engine.pool import Limits, read
from wijkengids.engine.protocol import AHEAD, ASK, STATUS, Question, frame

_FETCH = 60.0
"""Seconds that a client has to fetch what its worker, done by then, has left for it."""


class _Client:
    """One connection: hears its answer, and has gone when it says anything more, since it asks one thing only."""

    def __init__(self, reader: StreamReader, writer: StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.tasks: list[asyncio.Task[None]] = []
        self._gone: asyncio.Task[None] | None = None

    def hear(self, kind: bytes, body: bytes) -> None:
        self.writer.write(frame(kind, body))

    def full(self) -> Future[None] | None:
        if self.writer.transport.get_write_buffer_size() <= AHEAD:
            return None
        self.tasks.append(asyncio.create_task(self._drained()))
        return self.tasks[-1]

    async def _drained(self) -> None:
        try:
            await self.writer.drain()
        except ConnectionError:
            await self.gone()

    def taken(self) -> Future[None] | None:
        return None  # it is on its way to a process of ours, which reads it whole

    def gone(self) -> Future[None]:
        if self._gone is None:
            self._gone = asyncio.create_task(self._end())
            self.tasks.append(self._gone)
        return self._gone

    async def _end(self) -> None:
        with contextlib.suppress(ConnectionError):
            await self.reader.read(1)

    def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        self.writer.close()


async def _serve(broker: Broker, reader: StreamReader, writer: StreamWriter) -> None:
    """Answer one connection: a question, or a question for the status."""
    client = _Client(reader, writer)
    writer.transport.set_write_buffer_limits(high=AHEAD)
    try:
        kind, payload = await read(reader)
        if kind == STATUS:
            writer.write(frame(STATUS, broker.status()))
        elif kind == ASK and (rest := await broker.ask(Question.unpack(payload), client)) is not None:
            await rest
        client.close()
        await asyncio.wait_for(writer.wait_closed(), _FETCH)
    except (EOFError, ConnectionError, TimeoutError):
        pass  # the client went away; whoever worked for it has been stopped
    finally:
        client.close()
        writer.transport.abort()


async def main(socket: str, limits: Limits) -> None:
    """Serve until stdin closes."""
    # a worker killed while it starts is reaped twice, which asyncio remarks upon; it is no news
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    broker = Broker(limits)
    server = await asyncio.start_unix_server(lambda reader, writer: _serve(broker, reader, writer), socket)
    Path(socket).chmod(0o600)
    loop = asyncio.get_running_loop()
    parent = StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(parent), sys.stdin)
    async with server:
        await parent.read()  # returns at end of file: the server that started us has ended
    await broker.close()
    shutil.rmtree(Path(socket).parent, ignore_errors=True)  # who made it may have been killed


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Limits(**json.loads(sys.argv[2]))))
