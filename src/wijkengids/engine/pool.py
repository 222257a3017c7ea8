"""The worker processes of one store: started by exec, leased for one query each, killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass

from wijkengids.engine.protocol import HEADER_SIZE, read_header
from wijkengids.errors import EngineAway

_START_TIMEOUT = 20.0
"""Seconds that a worker may take to open its store."""

_RETRY = 0.5
"""Seconds between attempts to start a worker that failed."""


@dataclass(frozen=True)
class Limits:
    """What a query may take. Times in seconds, sizes in bytes."""

    workers: int
    long: int
    queue: int
    patience: float
    deadline: float
    memory: int
    result: int
    long_after: float = 1.0
    """A query that runs longer than this is reniced, and moves to the long lane, so that light work keeps its share."""
    guard: int = 0
    """Port of the process that asks other endpoints; 0 where there is no SERVICE."""


class Worker:
    """One process with one store open."""

    def __init__(self, process: Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("Unexpected: a worker without pipes")
        self.process, self.stdin, self.stdout = process, process.stdin, process.stdout
        self.reniced = False
        self.answering = False
        """True while part of an answer has gone out."""

    @classmethod
    async def start(cls, store: str, limits: Limits) -> Worker:
        """Start a worker and wait until its store is open; EngineAway where it cannot."""
        numbers = (limits.memory, int(limits.deadline) + 1, limits.result, limits.guard)
        arguments = (store, *(str(number) for number in numbers))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wijkengids.engine.worker", *arguments, stdin=PIPE, stdout=PIPE
        )
        worker = cls(process)
        try:
            await asyncio.wait_for(read(worker.stdout), _START_TIMEOUT)  # Ready: the store is open
            return worker
        except (EOFError, TimeoutError):
            await worker.end()
        except BaseException:
            await worker.end()
            raise
        raise EngineAway(
            "De uitgave kan niet geopend worden om vragen te beantwoorden. Kijk in het logboek van de server.",
            "The release cannot be opened to answer queries. See the log of the server.",
        )

    def renice(self) -> None:
        """Let light work go first. The way back needs a privilege, so such a worker is replaced afterwards."""
        self.reniced = True
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, 10)

    def kill(self) -> None:
        """End the process whatever it is doing."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

    async def end(self) -> None:
        """Kill the process and wait until it is gone, so that nobody else reaps it."""
        self.kill()
        await self.process.wait()

    @property
    def alive(self) -> bool:
        return self.process.returncode is None


_SPARE = 2
"""Workers that are kept warm and idle, as long as there are not too many."""


class Pool:
    """The workers of one store: as many as are asked for at once, up to ``limits.workers`` and a spare, stay.

    How many may be at work is not for the pool to say (:mod:`wijkengids.engine.turns`).
    """

    def __init__(self, store: str, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self.idle: asyncio.Queue[Worker | EngineAway] = asyncio.Queue()
        self.busy: set[Worker] = set()
        self.starting: set[asyncio.Task[None]] = set()
        self.ending: set[asyncio.Task[None]] = set()

    async def lease(self) -> Worker:
        """Return a worker for one query; EngineAway where none can be started."""
        worker = await self._ready()
        self.busy.add(worker)
        self.refill()
        return worker

    async def _ready(self) -> Worker:
        """Return the next worker that is alive; EngineAway where none is and starting one just failed."""
        trouble: EngineAway | None = None
        while True:
            if trouble is None:
                self.refill()
            elif self.idle.empty() and not self.starting:
                raise trouble
            found = await self.idle.get()
            if isinstance(found, EngineAway):
                trouble = found
            elif found.alive:
                return found

    def give_back(self, worker: Worker, fit: bool) -> None:
        """Take a worker back after its query; one that is not fit for another is killed and replaced."""
        self.busy.discard(worker)
        if fit and worker.alive and not worker.reniced and self.idle.qsize() <= self.limits.workers:
            self.idle.put_nowait(worker)
        else:
            self._end(worker)
        self.refill()

    def refill(self) -> None:
        """Start workers in the background until there are enough that wait for work."""
        for _ in range(_SPARE - self.idle.qsize() - len(self.starting)):
            self.starting.add(asyncio.create_task(self._add()))

    async def _add(self) -> None:
        found: Worker | EngineAway
        try:
            found = await Worker.start(self.store, self.limits)
        except EngineAway as error:
            await asyncio.sleep(_RETRY)  # no storm of processes while a release is gone from disk
            found = error  # said to the next client that asks
        # in this order, or who waits for the last one under way would wait for ever
        self.starting = {task for task in self.starting if task is not asyncio.current_task()}
        self.idle.put_nowait(found)

    def _end(self, worker: Worker) -> None:
        task = asyncio.create_task(worker.end())
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)

    async def close(self) -> None:
        """Kill every worker of this store, at work or not, and wait until they are gone."""
        for task in self.starting:
            task.cancel()
        while not self.idle.empty():
            found = self.idle.get_nowait()
            if isinstance(found, Worker):
                self._end(found)
        for worker in self.busy:
            self._end(worker)
        await asyncio.gather(*self.ending, *self.starting, return_exceptions=True)


async def read(source: StreamReader) -> tuple[bytes, bytes]:
    """Return kind and payload of the next frame; EOFError where the other side closed."""
    kind, size = read_header(await source.readexactly(HEADER_SIZE))
    return kind, await source.readexactly(size)
