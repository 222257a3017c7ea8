"""A process that answers queries on one store, and that may be killed at any moment.

Run as ``python -m wijkengids.engine.worker STORE MEMORY CPU SIZE GUARD``; speaks
:mod:`wijkengids.engine.protocol` on stdin and stdout. After the store is open the process can open nothing more (so
SERVICE reaches nothing), its memory is bounded, and each query gets a budget of processor time; the broker's deadline
on the clock stands above these. Where GUARD is a port, a query of which the policy says that it asks an endpoint on the
list may open a few connections while it runs; where the kernel can see to it, to that port only.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from typing import Any, BinaryIO

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from wijkengids.engine.bounds import budget, connections, end_with_parent, lock_down
from wijkengids.engine.federation.services import service_problem, without_guard
from wijkengids.engine.protocol import (
    CHUNK,
    DATA,
    END,
    HEAD,
    HELD,
    READY,
    STREAM,
    WHOLE,
    Question,
    failure,
    frame,
    read_frame,
)
from wijkengids.errors import QueryInvalid, QueryProblem, QueryStopped
from wijkengids.model.formats import BY_NAME
from wijkengids.model.iris import Base
from wijkengids.model.serialize import tidy
from wijkengids.model.tokens import syntax_detail


class TooLargeError(Exception):
    """The answer grew past the limit."""


class _Answer(io.BytesIO):
    """What the query writes: held back whole while it is small, from :data:`HELD` bytes on sent as it comes.

    So an error that comes early is told as an error, and a large answer takes no memory. ``limit`` in bytes.
    """

    def __init__(self, send: Callable[[bytes], object], limit: int) -> None:
        super().__init__()
        self.send, self.limit = send, limit
        self.held = bytearray()
        self.begun = False
        """True when part of the answer has gone out."""
        self.size = 0

    def write(self, data: Any, /) -> int:
        self.size += len(data)
        if self.size > self.limit:
            raise TooLargeError
        self.held += data
        if len(self.held) >= (CHUNK if self.begun else HELD):
            if not self.begun:
                self.send(frame(HEAD, STREAM))
                self.begun = True
            self._empty()
        return len(data)

    def _empty(self) -> None:
        for start in range(0, len(self.held), CHUNK):
            self.send(frame(DATA, bytes(self.held[start : start + CHUNK])))
        self.held.clear()

    def end(self, tidied: Callable[[bytes], bytes]) -> None:
        """Send what is left; a whole answer as ``tidied`` makes it, at once."""
        if self.begun:
            self._empty()
            self.send(frame(END))
        else:
            self.send(frame(HEAD, WHOLE) + frame(DATA, tidied(bytes(self.held))) + frame(END))


def main(store_path: str, memory: int, cpu: int, size: int, guard: int) -> None:
    """Answer one question after another until stdin closes. ``memory`` and ``size`` in bytes, ``cpu`` in seconds."""
    end_with_parent()
    store = Store.read_only(store_path)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    lock_down(memory, guard)
    _send(answers, frame(READY))
    while True:
        try:
            _, payload = read_frame(questions)
        except EOFError:
            return
        budget(cpu)
        answer(store, Question.unpack(payload), size, lambda data: _send(answers, data))


def answer(store: Store, question: Question, size: int, send: Callable[[bytes], object]) -> None:
    """Send the frames that answer a question: Head, Data and End, or Fail instead of what is left to send."""
    try:
        with connections(question.federated):
            _evaluate(store, question, _Answer(send, size))
    except SyntaxError as error:
        send(failure(_invalid(error, question.federated)))
    except QueryInvalid as problem:
        send(failure(problem))
    except TooLargeError:
        nl = f"Het antwoord is groter dan {size // 2**20} MiB. Beperk de vraag met LIMIT of filters, of neem de hele"
        en = f"The answer is larger than {size // 2**20} MiB. Narrow the query with LIMIT or filters, or take the"
        send(failure(QueryStopped(f"{nl} dataset als bestand.", f"{en} whole dataset as a file.")))
    except (OSError, RuntimeError, ValueError) as error:
        if question.federated:
            send(failure(service_problem(error)))
            return
        if "function" in str(error) and "not supported" in str(error):
            nl, en = (
                f"Deze functie kent het endpoint niet: {error}",
                f"The endpoint does not know this function: {error}",
            )
            send(failure(QueryInvalid(nl, en)))
            return
        nl, en = f"De vraag kon niet beantwoord worden: {error}", f"The query could not be answered: {error}"
        send(failure(QueryProblem(nl, en)))


def _evaluate(store: Store, question: Question, output: _Answer) -> None:
    try:
        default = _nodes(question.default_graphs, question.named_graphs)
        named = _nodes(question.named_graphs, question.default_graphs)
    except ValueError as error:
        raise QueryInvalid(
            f"Een van de opgegeven grafen is geen IRI: {error}", f"One of the graphs given is no IRI: {error}"
        ) from error
    found = store.query(question.text, default_graph=default, named_graphs=named)
    wanted = BY_NAME[question.format]
    if isinstance(found, QueryTriples):
        serialize(found, output, format=wanted.rdf, prefixes=dict(Base(question.base).prefixes()))
        output.end(lambda text: tidy(text, wanted))
    elif isinstance(found, QuerySolutions | QueryBoolean):
        found.serialize(output, format=wanted.results)
        output.end(bytes)
    else:
        raise ValueError(f"Unexpected query result {found!r}")


def _nodes(graphs: tuple[str, ...] | None, other: tuple[str, ...] | None) -> Any:
    """Return graph names for the engine; where the client named only the other kind, this kind is empty."""
    if graphs is None:
        return None if other is None else []
    return [NamedNode(iri) for iri in graphs]


def _invalid(error: SyntaxError, federated: bool) -> QueryInvalid:
    line, column, detail = syntax_detail(error)
    detail = without_guard(detail)
    place = (f" op regel {line}, kolom {column}", f" at line {line}, column {column}") if line else ("", "")
    if federated and line:  # the guard's address is of another length than what the client wrote in that place
        column, place = None, (f" op regel {line}", f" at line {line}")
    return QueryInvalid(
        f"De vraag is geen geldige SPARQL{place[0]}: {detail}",
        f"The query is not valid SPARQL{place[1]}: {detail}",
        line,
        column,
    )


def _send(answers: BinaryIO, data: bytes) -> None:
    answers.write(data)
    answers.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1], *(int(argument) for argument in sys.argv[2:6]))
    except BrokenPipeError:
        pass  # the broker has ended
    except OSError as error:
        sys.exit(f"wijkengids: {sys.argv[1]} kan niet geopend worden: {error}")
