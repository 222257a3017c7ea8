"""The same service on any engine that speaks SPARQL 1.1: asked over HTTP, answered as our own workers answer.

SPARQLWrapper makes the request. What it does not do is done here and in :mod:`wijkengids.engine.transport`: it finds
the form of a query by a regular expression (which a query can mislead, and keep busy), has one timeout, no limit on
size. Every answer is read whole and written again by pyoxigraph, so that all formats come out as they do without an
engine elsewhere, and half an answer is seen for what it is.
"""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

from wijkengids.engine.connection import Access
from wijkengids.engine.dataset import Dataset
from wijkengids.engine.pool import Limits
from wijkengids.engine.protocol import Departure, Parts, Question
from wijkengids.engine.standard import Standard, standard
from wijkengids.engine.translation import GRAPH, ROWS, rows, translated
from wijkengids.engine.transport import LOG, Reply, Transport, broken, too_large
from wijkengids.errors import EngineAway, EngineBusy, QueryInvalid, QueryProblem, QueryStopped
from wijkengids.model.formats import BY_NAME

_TRUST = 10.0
"""Seconds for which we believe that the release is still on the engine."""

_PLACE = re.compile(
    r"\bat (\d+):(\d+)\b|\bline:? (\d+)(?:(?:,| and)? *(?:col(?:umn)?|position):? (\d+))?", re.IGNORECASE
)
_WORDY = 4
"""An engine may send so many times what an answer may be: JSON and N-Triples take more than what is made of them."""

_TRUSTED_SIZE = 64 * 1024


class RemoteEngine:
    """Asks an engine elsewhere. ``dataset`` tells of the store of a question which release that is.

    At most ``limits.workers`` queries at once for each web process, ``limits.queue`` more wait up to
    ``limits.patience`` seconds. How much memory a query may take is for the engine to say.
    """

    def __init__(self, access: Access, limits: Limits, dataset: Callable[[str], Dataset]) -> None:
        self.access, self.limits, self.dataset = access, limits, dataset
        self.transport = Transport(access)
        self.slots = threading.BoundedSemaphore(limits.workers)
        self.places = threading.BoundedSemaphore(limits.workers + limits.queue)
        self.counts = dict.fromkeys(("answered", "failed"), 0)
        self.seen: dict[str, float] = {}
        """Digest to the moment at which that release was last seen to be there."""

    def query(self, question: Question) -> bytes:
        """Return the whole answer in the asked format. Raises a QueryProblem that says what a client should know."""
        asked = standard(question.text)
        dataset = self.dataset(question.store)
        with self._slot(), self._counted():
            self._require(dataset)
            reply = self._ask(asked, *_selection(question, asked, dataset), _WORDY * self.limits.result)
            answer = translated(reply, asked.form, BY_NAME[question.format], question.base)
        if len(answer) > self.limits.result:
            raise too_large()
        return answer

    def stream(self, question: Question, departure: Departure) -> Parts:
        """Return the whole answer: only when it is complete is it known to be one."""
        return self.query(question)

    def status(self) -> dict[str, Any]:
        """Return what is known of the engine, after asking whether it is there; EngineAway where it is not."""
        self._ask(standard("ASK {}"), (), (), _TRUSTED_SIZE)
        self.seen.clear()  # /health wants to know how it is now
        return {"kind": "remote", **self.counts}

    def _require(self, dataset: Dataset) -> None:
        """Make sure that this release is on the engine, whole: an answer must never be of another one."""
        if time.monotonic() - self.seen.get(dataset.digest, -_TRUST) < _TRUST:
            return
        asked = standard(dataset.present())
        if not rows(self._ask(asked, (dataset.index,), (), _TRUSTED_SIZE), asked.form):
            self.seen.pop(dataset.digest, None)
            LOG.error("release %s is not on %s: wijkengids push", dataset.digest[:16], self.access.url)
            raise EngineAway(
                "De SPARQL-engine heeft deze uitgave nog niet (wijkengids push zet haar erop). Probeer het later"
                " opnieuw; de documenten en bestanden zijn er al.",
                "The SPARQL engine does not have this release yet (wijkengids push puts it there). Try again later;"
                " documents and files are there already.",
            )
        self.seen[dataset.digest] = time.monotonic()

    def _ask(self, asked: Standard, default: tuple[str, ...], named: tuple[str, ...], limit: int) -> Reply:
        wrapper = SPARQLWrapper(self.access.url, agent="wijkengids")
        wrapper.setReturnFormat(TURTLE if asked.form.is_graph else JSON)
        wrapper.setOnlyConneg(True)
        wrapper.setMethod(POST)
        # not setQuery: that looks for the form by regular expressions
        wrapper.queryString, wrapper.queryType = asked.text, asked.form.value
        wrapper.addCustomHttpHeader("Accept", GRAPH if asked.form.is_graph else ROWS)
        for graph in default:
            wrapper.addParameter("default-graph-uri", graph)
        for graph in named if asked.asks_graphs else ():
            wrapper.addParameter("named-graph-uri", graph)
        reply = self.transport.send(wrapper._createRequest(), self.limits.deadline, limit)
        if reply.status != 200:
            raise _problem(reply)
        if "X-SPARQL-MaxRows" in reply.headers or "X-SQL-State" in reply.headers:
            raise QueryStopped(  # Virtuoso gives a part of the rows, with status 200
                "De engine geeft maar een deel van het antwoord. Beperk de vraag met LIMIT of filters.",
                "The engine gives only part of the answer. Narrow the query with LIMIT or filters.",
            )
        return reply

    @contextlib.contextmanager
    def _slot(self) -> Iterator[None]:
        if not self.places.acquire(blocking=False):
            raise _busy()
        try:
            if not self.slots.acquire(timeout=self.limits.patience):
                raise _busy()
            try:
                yield
            finally:
                self.slots.release()
        finally:
            self.places.release()

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        try:
            yield
        except QueryProblem:
            self.counts["failed"] += 1
            raise
        self.counts["answered"] += 1


def _selection(question: Question, asked: Standard, dataset: Dataset) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return default and named graphs of a question: by the protocol, else by FROM, else the whole release."""
    default, named = question.default_graphs, question.named_graphs
    if default is None and named is None:
        default, named = asked.default_graphs, asked.named_graphs
    if default is None and named is None:
        return (dataset.merge,), dataset.graphs or (dataset.nothing,)
    return dataset.known(default), dataset.known(named)


def _problem(reply: Reply) -> QueryProblem:
    """Return what a client is told of a status that is no answer."""
    status, said = reply.status, reply.message
    if status == 400:
        return _invalid(said)
    LOG.error("the engine answers %s: %s", status, said)
    if status in {429, 503}:
        return EngineBusy(
            "De SPARQL-engine heeft het druk. Probeer het over enkele seconden opnieuw.",
            "The SPARQL engine is busy. Try again in a few seconds.",
        )
    if status in {408, 504}:
        return QueryStopped(
            "De engine heeft de vraag gestopt: zij duurt te lang. Beperk haar met LIMIT of filters.",
            "The engine stopped the query: it takes too long. Narrow it with LIMIT or filters.",
        )
    if status in {401, 403}:
        return broken("weigert onze naam en ons wachtwoord", "refuses our name and password")
    if status == 404 or 300 <= status < 400:
        return broken("beantwoordt geen vragen op het opgegeven adres", "answers no queries at the address given")
    return broken(f"meldt een fout ({status})", f"reports an error ({status})")


def _invalid(said: str) -> QueryInvalid:
    """Return what an engine says of a query that it cannot read, with the place where it names one."""
    found = _PLACE.search(said)
    numbers = [int(number) for number in found.groups() if number] if found else []
    line, column = [*numbers, None, None][:2]
    return QueryInvalid(
        f"De engine kan de vraag niet uitvoeren: {said}", f"The engine cannot carry out the query: {said}", line, column
    )


def _busy() -> EngineBusy:
    return EngineBusy(
        "Het is druk: er lopen al zo veel vragen als mag. Probeer het over enkele seconden opnieuw.",
        "It is busy: as many queries are running as may. Try again in a few seconds.",
    )
