"""Who owns the workers: who may ask, how long an answer may take, who is killed.

Lives in an event loop, one for each machine. A query takes a turn, gets a worker of its store, and is heard by whoever
asked. A worker that passes the deadline, or for which nobody waits any more, is killed; a spare one is warm already.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio import Future
from pathlib import Path
from typing import Protocol

from wijkengids.engine.pool import Limits, Pool, Worker, read
from wijkengids.engine.protocol import ASK, END, FAIL, HEAD, STREAM, Question, failure_payload, frame
from wijkengids.engine.turns import Turn, Turns
from wijkengids.errors import EngineAway, QueryProblem, QueryStopped

_KEEP_STORES = 3
"""Stores whose workers stay: the current release, the one before it, and an older one that is asked."""
_FETCH = 60.0
"""Seconds that a client has to fetch what its worker, done by then, has left for it."""
_NOTICE = 0.1
"""Seconds that a query runs before anyone looks whether its client still waits: most are done by then."""
_DIED_AT_A_LIMIT = {-signal.SIGABRT, -signal.SIGSEGV, -signal.SIGXCPU}
"""How a worker ends that asks for more memory (Rust aborts), more stack or more processor time than it may have."""


class Listener(Protocol):
    """Whoever asked: hears the frames of its answer, and may leave."""

    def hear(self, kind: bytes, body: bytes) -> None:
        """Take a frame; never waits."""
        ...

    def full(self) -> Future[None] | None:
        """Return what is done when more can be taken, or None where that is now."""
        ...

    def taken(self) -> Future[None] | None:
        """Return what is done when all that was heard has gone on to the client, or None where it has."""
        ...

    def gone(self) -> Future[None]:
        """Return what is done when nobody listens any more."""
        ...


class _Run:
    """One query at work in one worker; holds both until it is released."""

    def __init__(self, broker: Broker, pool: Pool, worker: Worker, turn: Turn, listener: Listener) -> None:
        self.broker, self.pool, self.worker, self.turn, self.listener = broker, pool, worker, turn, listener
        self.loop = asyncio.get_running_loop()
        self.timers = [self.loop.call_later(_NOTICE, self._notice)]
        self.noticed = False
        self.gone: Future[None] | None = None
        self.over: Future[None] = self.loop.create_future()
        """Done when the query was stopped, or its client has gone."""
        self.why: QueryStopped | None = None
        """What the client is told when the query was stopped."""

    def _notice(self) -> None:
        """Look after a query that is not done at once: stop it when its client leaves, or when it takes too long."""
        limits = self.broker.limits
        self.noticed = True
        self.timers = [
            self.loop.call_later(max(0, limits.long_after - _NOTICE), self._long),
            self.loop.call_later(limits.deadline - _NOTICE, self.stop, self.broker.too_long()),
        ]
        self.gone = self.listener.gone()
        self.gone.add_done_callback(self._left)

    def _left(self, _: Future[None]) -> None:
        self.stop()

    def _long(self) -> None:
        """Let light work go before a query that runs long."""
        self.worker.renice()
        self.broker.turns.prolong(self.turn)

    @property
    def stopped(self) -> bool:
        return self.over.done()

    def stop(self, why: QueryStopped | None = None) -> None:
        """End the worker, whatever it is doing."""
        if not self.over.done():
            self.why = why
            self.over.set_result(None)
            self.worker.kill()

    async def room(self) -> None:
        """Wait until the listener can take more, or nothing more comes."""
        room = self.listener.full()
        if room is not None:
            await asyncio.wait({room, self.over}, return_when=asyncio.FIRST_COMPLETED)

    def release(self, fit: bool) -> None:
        """Give the worker back."""
        for timer in self.timers:
            timer.cancel()
        if self.gone is not None:
            self.gone.remove_done_callback(self._left)
        self.pool.give_back(self.worker, fit)


class Broker:
    """Answers every query of this machine."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.turns = Turns(limits.workers, limits.long, limits.queue, limits.patience)
        self.pools: dict[str, Pool] = {}
        self.closing: set[asyncio.Task[None]] = set()
        self.rests: set[asyncio.Task[None]] = set()
        self.counters = {"answered": 0, "failed": 0, "stopped": 0, "left": 0, "refused": 0}

    def pool(self, store: str) -> Pool:
        """Return the pool of a store, starting one for a store not seen before and closing the oldest unused."""
        pool = self.pools.pop(store, None) or Pool(store, self.limits)
        self.pools[store] = pool  # the most recently asked comes last
        idle = [name for name, other in self.pools.items() if not other.used and other is not pool]
        for name in idle[: max(0, len(self.pools) - _KEEP_STORES)]:
            closing = asyncio.create_task(self.pools.pop(name).close())
            self.closing.add(closing)
            closing.add_done_callback(self.closing.discard)
        return pool

    async def ask(self, question: Question, listener: Listener) -> asyncio.Task[None] | None:
        """Let a worker answer. Return None when all was heard; where the answer comes in parts, what hears the rest.

        Workers that were killed from outside cost further attempts, not an answer.
        """
        turn, rest = None, None
        try:
            turn = await self.turns.take(question.client, listener.gone)
            payload = question.pack()
            for _ in range(self.limits.workers + 2):  # all that wait may be dead, and one more
                if turn is None:
                    return None
                done, rest = await self._attempt(turn, question.store, payload, listener)
                if done:
                    return rest
            raise _lost()
        except QueryProblem as problem:
            self.counters["refused"] += 1
            listener.hear(FAIL, failure_payload(problem))
            return None
        finally:
            if turn is not None and rest is None:
                self.turns.give(turn)

    async def _attempt(
        self, turn: Turn, store: str, payload: bytes, listener: Listener
    ) -> tuple[bool, asyncio.Task[None] | None]:
        """Let one worker answer. Return whether that is done (else it died before it said anything), and the rest."""
        pool = self.pool(store)
        run = _Run(self, pool, await pool.lease(), turn, listener)
        rest, fit = None, False
        try:
            run.worker.stdin.write(frame(ASK, payload))
            kind = await self._relay(run)
            if kind == HEAD:
                rest = asyncio.create_task(self._rest(run))
                self.rests.add(rest)
                rest.add_done_callback(self.rests.discard)
                return True, rest
            fit = kind is not None
            return fit or await self._ended(run), None
        finally:
            if rest is None:
                run.release(fit)

    async def _rest(self, run: _Run) -> None:
        """Pass on what is left of an answer that comes in parts."""
        fit = False
        try:
            fit = await self._relay(run) is not None
            if not fit:
                await self._ended(run)
        finally:
            run.release(fit)
        try:
            if fit and (taken := run.listener.taken()) is not None:
                self.turns.fetch(run.turn)
                await asyncio.wait({taken, run.listener.gone()}, timeout=_FETCH, return_when=asyncio.FIRST_COMPLETED)
                if not taken.done():
                    run.listener.hear(FAIL, failure_payload(_not_fetched()))
        finally:
            self.turns.give(run.turn)

    async def _relay(self, run: _Run) -> bytes | None:
        """Pass a worker's frames to the client.

        Return the kind of the last one: End, Fail, or Head where an answer in parts begins; None where the worker died
        or was stopped.
        """
        worker, listener, kind = run.worker, run.listener, b""
        try:
            while kind not in {END, FAIL}:
                kind, body = await read(worker.stdout)
                if run.stopped:
                    return None
                worker.answering = True
                listener.hear(kind, body)
                if (kind, body) == (HEAD, STREAM):
                    return HEAD
                await run.room()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return None
        worker.answering = False
        self.counters["answered" if kind == END else "failed"] += 1
        return kind

    async def _ended(self, run: _Run) -> bool:
        """Tell the client why there is no answer; False where something else killed a worker that had said nothing."""
        if run.stopped and run.why is None:
            self.counters["left"] += 1
            return True
        ended = await run.worker.process.wait()
        # one that dies later may be what the kernel kills for memory: asked again it would do that again
        if not run.noticed and ended not in _DIED_AT_A_LIMIT and not run.worker.answering:
            return False
        self.counters["stopped"] += 1
        run.listener.hear(FAIL, failure_payload(run.why or self._too_much()))
        return True

    def status(self) -> dict[str, object]:
        """Return counters, and per store how many workers are idle and busy."""
        pools = [
            {"store": Path(name).parent.name, "idle": len(pool.idle), "busy": len(pool.busy)}
            for name, pool in self.pools.items()
        ]
        waiting = self.turns.waiting
        return {"workers": self.limits.workers, "waiting": waiting, "pools": pools, **self.counters}

    async def close(self) -> None:
        """Kill every worker."""
        await asyncio.gather(*(pool.close() for pool in self.pools.values()), *self.closing, return_exceptions=True)

    def too_long(self) -> QueryStopped:
        """Return what a client is told at the deadline."""
        seconds = f"{self.limits.deadline:g}"
        return QueryStopped(
            f"De vraag is na {seconds} seconden gestopt. Beperk haar: voeg voorwaarden of LIMIT toe, vermijd patronen"
            " zonder gedeelde variabele, of neem de hele dataset als bestand.",
            f"The query was stopped after {seconds} seconds. Narrow it: add conditions or LIMIT, avoid patterns without"
            " a shared variable, or take the whole dataset as a file.",
        )

    def _too_much(self) -> QueryStopped:
        """Return what a client is told when a worker died at a limit of its own."""
        size = self.limits.memory // 2**20
        return QueryStopped(
            f"De vraag is gestopt omdat zij meer geheugen ({size} MiB) of rekentijd vroeg dan mag. Beperk haar met"
            " voorwaarden of LIMIT.",
            f"The query was stopped: it needed more memory ({size} MiB) or processor time than is allowed. Narrow"
            " it with conditions or LIMIT.",
        )


def _not_fetched() -> QueryStopped:
    return QueryStopped(
        f"Het antwoord is na {_FETCH:g} seconden niet opgehaald.", f"The answer was not fetched in {_FETCH:g} seconds."
    )


def _lost() -> EngineAway:
    return EngineAway(
        "De SPARQL-dienst viel weg bij deze vraag. Probeer het over enkele seconden opnieuw.",
        "The SPARQL service went away during this query. Try again in a few seconds.",
    )
