"""The one process per machine that owns the workers: who may ask, how long an answer may take, who is killed.

Run as ``python -m wijkengids.engine.broker SOCKET LIMITS`` (JSON of :class:`Limits`); listens on a Unix socket, and
ends when its stdin closes, that is, when the process that started it is gone. Workers are started by exec, never by
fork. A worker that passes the deadline is killed; a spare one is warm already, and another takes its place.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import signal
import sys
import time
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from wijkengids.engine.pool import Limits, Pool, Worker, read
from wijkengids.engine.protocol import ASK, END, FAIL, STATUS, Question, failure, frame
from wijkengids.errors import EngineAway, QueryProblem, QueryStopped

_KEEP_STORES = 2
"""Stores whose workers stay: the current release, and the one before it for requests that began there."""

_DIED_AT_A_LIMIT = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGXCPU}
"""How a worker ends that asks for more memory (Rust aborts), more stack or more processor time than it may have."""


class Broker:
    """Answers the web processes of this machine."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pools: dict[str, Pool] = {}
        self.closing: set[asyncio.Task[None]] = set()
        self.counters = {"answered": 0, "failed": 0, "stopped": 0, "refused": 0}

    def pool(self, store: str) -> Pool:
        """Return the pool of a store, starting one for a store not seen before and closing the oldest unused."""
        pool = self.pools.pop(store, None) or Pool(store, self.limits)
        self.pools[store] = pool  # the most recently asked comes last
        pool.refill()
        idle = [name for name, other in self.pools.items() if not other.busy and other is not pool]
        for name in idle[: max(0, len(self.pools) - _KEEP_STORES)]:
            closing = asyncio.create_task(self.pools.pop(name).close())
            self.closing.add(closing)
            closing.add_done_callback(self.closing.discard)
        return pool

    async def serve(self, client: StreamReader, answers: StreamWriter) -> None:
        """Answer one connection: a question, or a question for the status."""
        try:
            kind, payload = await read(client)
            if kind == STATUS:
                answers.write(frame(STATUS, self.status()))
            elif kind == ASK:
                await self.ask(Question.unpack(payload), payload, client, answers)
            await answers.drain()
        except (EOFError, ConnectionError):
            pass  # the client went away; whoever worked for it has been stopped
        finally:
            answers.close()

    async def ask(self, question: Question, payload: bytes, client: StreamReader, answers: StreamWriter) -> None:
        """Let a worker answer. Workers that were killed from outside cost further attempts, not an answer."""
        gone = asyncio.create_task(client.read(1))  # a client says nothing more: whatever comes is its end
        try:
            for _ in range(self.limits.workers + 2):  # all that wait may be dead, and one more
                if await self.attempt(self.pool(question.store), payload, gone, answers):
                    return
            raise _lost()
        except QueryProblem as problem:
            self.counters["refused"] += 1
            answers.write(failure(problem))
        finally:
            gone.cancel()

    async def attempt(self, pool: Pool, payload: bytes, gone: asyncio.Task[bytes], answers: StreamWriter) -> bool:
        """Let one worker answer; kill it at the deadline, or when the client goes away.

        Return whether the client has had its answer (or left); False where the worker died before it said anything.
        """
        worker = await pool.lease()
        work = asyncio.create_task(self.relay(worker, payload, answers))
        fit = False
        try:
            started = time.monotonic()
            await asyncio.wait({gone, work}, timeout=self.limits.long_after, return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not gone.done():
                worker.renice()
                left = self.limits.deadline - (time.monotonic() - started)
                await asyncio.wait({gone, work}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                fit = work.result()
                return fit or await self.died(worker, answers)
            if not gone.done():
                self.counters["stopped"] += 1
                answers.write(failure(self.too_long()))
            return True
        finally:
            work.cancel()
            pool.give_back(worker, fit)

    async def relay(self, worker: Worker, payload: bytes, answers: StreamWriter) -> bool:
        """Pass a question to a worker and its frames to the client; return False where the worker died over it."""
        kind = b""
        try:
            worker.stdin.write(frame(ASK, payload))
            await worker.stdin.drain()
            while kind not in {END, FAIL}:
                kind, body = await read(worker.stdout)
                worker.answering = True
                answers.write(frame(kind, body))
                await answers.drain()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return False
        worker.answering = False
        self.counters["answered" if kind == END else "failed"] += 1
        return True

    async def died(self, worker: Worker, answers: StreamWriter) -> bool:
        """Tell the client that its query went past a limit of the worker; False where something else killed it."""
        if await worker.process.wait() not in _DIED_AT_A_LIMIT and not worker.answering:
            return False
        self.counters["stopped"] += 1
        answers.write(failure(self.too_much()))
        return True

    def status(self) -> dict[str, object]:
        """Return counters, and per store how many workers are idle and busy."""
        pools = [
            {
                "store": Path(name).parent.name,
                "idle": p.idle.qsize(),
                "busy": len(p.busy),
                "waiting": p.waiting,
            }
            for name, p in self.pools.items()
        ]
        return {"workers": self.limits.workers, "pools": pools, **self.counters}

    def too_long(self) -> QueryStopped:
        """Return what a client is told at the deadline."""
        seconds = f"{self.limits.deadline:g}"
        return QueryStopped(
            f"De vraag is na {seconds} seconden gestopt. Beperk haar: voeg voorwaarden of LIMIT toe, vermijd patronen"
            " zonder gedeelde variabele, of neem de hele dataset als bestand.",
            f"The query was stopped after {seconds} seconds. Narrow it: add conditions or LIMIT, avoid patterns without"
            " a shared variable, or take the whole dataset as a file.",
        )

    def too_much(self) -> QueryStopped:
        """Return what a client is told when a worker died at a limit of its own."""
        size = self.limits.memory // 2**20
        return QueryStopped(
            f"De vraag is gestopt omdat zij meer geheugen ({size} MiB) of rekentijd vroeg dan mag. Beperk haar met"
            " voorwaarden of LIMIT.",
            f"The query was stopped: it needed more memory ({size} MiB) or processor time than is allowed. Narrow"
            " it with conditions or LIMIT.",
        )


def _lost() -> EngineAway:
    return EngineAway(
        "De SPARQL-dienst viel weg bij deze vraag. Probeer het over enkele seconden opnieuw.",
        "The SPARQL service went away during this query. Try again in a few seconds.",
    )


async def main(socket: str, limits: Limits) -> None:
    """Serve until stdin closes."""
    # a worker killed while it starts is reaped twice, which asyncio remarks upon; it is no news
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    broker = Broker(limits)
    server = await asyncio.start_unix_server(broker.serve, socket)
    Path(socket).chmod(0o600)
    loop = asyncio.get_running_loop()
    parent = StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(parent), sys.stdin)
    async with server:
        await parent.read()  # returns at end of file: the server that started us has ended
    await asyncio.gather(*(pool.close() for pool in broker.pools.values()))
    shutil.rmtree(Path(socket).parent, ignore_errors=True)  # who made it may have been killed


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Limits(**json.loads(sys.argv[2]))))
