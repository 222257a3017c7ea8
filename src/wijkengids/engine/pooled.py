"""The engine within a web process: the broker lives in its event loop, and is asked from there or from any thread."""

from __future__ import annotations

import asyncio
from asyncio import AbstractEventLoop, Event, Future
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from typing import Any, TypeVar

from wijkengids.engine.broker import Broker
from wijkengids.engine.pool import Limits
from wijkengids.engine.protocol import AHEAD, DATA, END, FAIL, Departure, Parts, Question, problem_from
from wijkengids.errors import EngineAway, QueryProblem

_T = TypeVar("_T")


class Hearing:
    """An answer as it comes in. ``gone`` makes the future that is done when nobody waits for it any more."""

    def __init__(self, gone: Callable[[], Future[None]]) -> None:
        self._make_gone = gone
        self._gone: Future[None] | None = None
        self._parts: deque[bytes] = deque()
        self._size = 0
        self._ended = False
        self._problem: QueryProblem | None = None
        self._news, self._room, self._taken = Event(), Event(), Event()

    def hear(self, kind: bytes, body: bytes) -> None:
        if kind == DATA:
            self._parts.append(body)
            self._size += len(body)
        elif kind == FAIL:
            self._problem = problem_from(body)
            self._parts.clear()  # of no use any more
        self._ended = self._ended or kind in {END, FAIL}
        self._news.set()

    def full(self) -> Future[Any] | None:
        if self._size <= AHEAD:
            return None
        self._room.clear()
        return asyncio.ensure_future(self._room.wait())

    def taken(self) -> Future[Any] | None:
        return asyncio.ensure_future(self._taken.wait()) if self._parts else None

    def gone(self) -> Future[None]:
        if self._gone is None:
            self._gone = self._make_gone()
        return self._gone

    def close(self) -> None:
        """Say that nothing more comes; what has no end by now has none because nobody waits for it."""
        if not self._ended:
            self._ended, self._problem = True, _left()
        for event in (self._news, self._room, self._taken):
            event.set()

    def whole(self) -> bytes:
        """Return the answer when all was heard. Raises the problem that it is instead."""
        if self._problem is not None:
            raise self._problem
        return b"".join(self._parts)

    async def part(self) -> bytes | None:
        """Return the next part, or None at the end. Raises what the answer was broken off for."""
        while not self._parts and not self._ended:
            self._news.clear()
            await self._news.wait()
        if self._parts:
            part = self._parts.popleft()
            self._size -= len(part)
            if self._size <= AHEAD:
                self._room.set()
            if self._ended and not self._parts:
                self._taken.set()
            return part
        if self._problem is not None:
            raise self._problem
        return None


class PooledEngine:
    """Asks a broker in the event loop that it is started in."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.broker: Broker
        self.loop: AbstractEventLoop

    def start(self, loop: AbstractEventLoop) -> None:
        """Take the loop to live in."""
        self.loop = loop
        self.broker = Broker(self.limits)

    async def open(self, question: Question, gone: Callable[[], Future[None]]) -> bytes | Hearing:
        """Return the whole answer, or one that comes in parts. For the loop itself. Raises a QueryProblem."""
        hearing = Hearing(gone)
        rest = await self.broker.ask(question, hearing)
        if rest is None:
            hearing.close()
            return hearing.whole()
        rest.add_done_callback(lambda _: hearing.close())
        return hearing

    def query(self, question: Question) -> bytes:
        """Return the whole answer in the asked format. Raises a QueryProblem that says what a client should know."""
        found = self.stream(question, Departure())
        return found if isinstance(found, bytes) else b"".join(found)

    def stream(self, question: Question, departure: Departure) -> Parts:
        """Return the answer, in parts where it is large. Raises as ``query`` does, and at a departure EngineAway."""
        gone: Future[None] = self.loop.create_future()
        departure.stops(lambda: self._leave(gone))
        try:
            found = self._wait(self.open(question, lambda: gone))
        finally:
            departure.stops(None)
        if isinstance(found, bytes):
            return found
        departure.stops(lambda: self._leave(gone))
        return self.parts(found)

    def parts(self, hearing: Hearing) -> Iterator[bytes]:
        """Return the parts of an answer for a thread; to close them ends the query, begun or not."""
        return _Parts(lambda: self._wait(hearing.part()), lambda: self._leave(hearing.gone()))

    def _leave(self, gone: Future[None]) -> None:
        self.loop.call_soon_threadsafe(gone.cancel)

    def _wait(self, work: Coroutine[Any, Any, _T]) -> _T:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result()

    def status(self) -> dict[str, Any]:
        """Return what the broker says of itself: counters and workers."""

        async def ask() -> dict[str, object]:
            return self.broker.status()

        return self._wait(ask())


class _Parts(Iterator[bytes]):
    """What ``part`` gives until that is None."""

    def __init__(self, part: Callable[[], bytes | None], close: Callable[[], None]) -> None:
        self.part, self.close = part, close

    def __next__(self) -> bytes:
        part = self.part()
        if part is None:
            raise StopIteration
        return part


def _left() -> EngineAway:
    return EngineAway("Niemand wacht nog op dit antwoord.", "Nobody waits for this answer any more.")
