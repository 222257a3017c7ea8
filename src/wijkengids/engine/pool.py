"""The worker processes of one store: started by exec, leased for one query each, killed and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio import StreamReader
from asyncio.subprocess import PIPE, Process
from collections import deque
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
        raise _cannot("")

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
        self.idle: deque[Worker] = deque()
        self.busy: set[Worker] = set()
        self.leasing = 0
        self.starting: set[asyncio.Task[EngineAway | None]] = set()
        self.ending: set[asyncio.Task[None]] = set()

    @property
    def used(self) -> bool:
        """Whether somebody has a worker, or waits for one."""
        return bool(self.busy or self.leasing)

    async def lease(self) -> Worker:
        """Return a worker for one query; EngineAway where none can be started."""
        self.leasing += 1
        try:
            worker = await self._ready()
        finally:
            self.leasing -= 1
        self.busy.add(worker)
        self.refill()
        return worker

    async def _ready(self) -> Worker:
        """Return the next worker that is alive; EngineAway where none is and starting one just failed."""
        while True:
            while self.idle:
                worker = self.idle.popleft()
                if worker.alive:
                    return worker
            self.refill()
            done, _ = await asyncio.wait(self.starting, return_when=asyncio.FIRST_COMPLETED)
            trouble = [error for error in (task.result() for task in done) if error is not None]
            if trouble and not self.idle:
                raise trouble[0]

    def give_back(self, worker: Worker, fit: bool) -> None:
        """Take a worker back after its query; one that is not fit for another is killed and replaced."""
        self.busy.discard(worker)
        if fit and worker.alive and not worker.reniced and len(self.idle) <= self.limits.workers:
            self.idle.append(worker)
        else:
            self._end(worker)
        self.refill()

    def refill(self) -> None:
        """Start workers in the background until there are enough that wait for work."""
        for _ in range(_SPARE - len(self.idle) - len(self.starting)):
            task = asyncio.create_task(self._add())
            self.starting.add(task)
            task.add_done_callback(self.starting.discard)

    async def _add(self) -> EngineAway | None:
        """Start a worker; return why there is none, which is said to who waits for it."""
        try:
            self.idle.append(await Worker.start(self.store, self.limits))
            return None
        except EngineAway as error:
            trouble = error
        except (OSError, RuntimeError) as error:  # no descriptor, memory, process or thread to be had
            trouble = _cannot(str(error))
        await asyncio.sleep(_RETRY)  # no storm of processes while a release is gone from disk
        return trouble

    def _end(self, worker: Worker) -> None:
        task = asyncio.create_task(worker.end())
        self.ending.add(task)
        task.add_done_callback(self.ending.discard)

    async def close(self) -> None:
        """Kill every worker of this store, at work or not, and wait until they are gone."""
        for task in self.starting:
            task.cancel()
        while self.idle:
            self._end(self.idle.pop())
        for worker in self.busy:
            self._end(worker)
        await asyncio.gather(*self.ending, *self.starting, return_exceptions=True)


async def read(source: StreamReader) -> tuple[bytes, bytes]:
    """Return kind and payload of the next frame; EOFError where the other side closed."""
    kind, size = read_header(await source.readexactly(HEADER_SIZE))
    return kind, await source.readexactly(size)


def _cannot(why: str) -> EngineAway:
    more = f" ({why})" if why else ""
    return EngineAway(
        f"De uitgave kan niet geopend worden om vragen te beantwoorden{more}. Kijk in het logboek van de server.",
        f"The release cannot be opened to answer queries{more}. See the log of the server.",
    )
