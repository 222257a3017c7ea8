"""A process that answers queries on one store, and that may be killed at any moment.

Run as ``python -m wijkengids.engine.worker STORE MEMORY CPU SIZE``; speaks :mod:`wijkengids.engine.protocol` on stdin
and stdout. After the store is open the process can open nothing more (so SERVICE reaches nothing), its memory is
bounded, and each query gets a budget of processor time; the broker's deadline on the clock stands above these.
"""

from __future__ import annotations

import io
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

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


def main(store_path: str, memory: int, cpu: int, size: int) -> None:
    """Answer one question after another until stdin closes. ``memory`` and ``size`` in bytes, ``cpu`` in seconds."""
    store = Store.read_only(store_path)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _lock_down(memory)
    _send(answers, frame(READY))
    while True:
        try:
            _, payload = read_frame(questions)
        except EOFError:
            return
        _budget(cpu)
        answer(store, Question.unpack(payload), size, lambda data: _send(answers, data))


def answer(store: Store, question: Question, size: int, send: Callable[[bytes], object]) -> None:
    """Send the frames that answer a question: Head, Data and End, or Fail instead of what is left to send."""
    try:
        _evaluate(store, question, _Answer(send, size))
    except SyntaxError as error:
        send(failure(_invalid(error)))
    except QueryInvalid as problem:
        send(failure(problem))
    except TooLargeError:
        nl = f"Het antwoord is groter dan {size // 2**20} MiB. Beperk de vraag met LIMIT of filters, of neem de hele"
        en = f"The answer is larger than {size // 2**20} MiB. Narrow the query with LIMIT or filters, or take the"
        send(failure(QueryStopped(f"{nl} dataset als bestand.", f"{en} whole dataset as a file.")))
    except (OSError, RuntimeError, ValueError) as error:
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
        serialize(found, output, format=wanted.rdf, prefixes=Base(question.base).prefixes())
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


def _invalid(error: SyntaxError) -> QueryInvalid:
    line, column, detail = syntax_detail(error)
    place = (f" op regel {line}, kolom {column}", f" at line {line}, column {column}") if line else ("", "")
    return QueryInvalid(
        f"De vraag is geen geldige SPARQL{place[0]}: {detail}",
        f"The query is not valid SPARQL{place[1]}: {detail}",
        line,
        column,
    )


def _lock_down(memory: int) -> None:
    """From here on: no new file or socket, no core dump, and ``memory`` bytes on top of what is in use."""
    try:
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # no /proc, as on macOS
        in_use = 2**32
    # 0, 1 and 2 are in use, so no number below the limit is free; files that are open stay open
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _soft_limit(resource.RLIMIT_AS, in_use + memory)


def _budget(cpu: int) -> None:
    """Give this query ``cpu`` seconds of processor time: the limit counts the life of the process, so it is raised."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _soft_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu + 1)


def _soft_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _send(answers: BinaryIO, data: bytes) -> None:
    answers.write(data)
    answers.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1], *(int(argument) for argument in sys.argv[2:5]))
    except BrokenPipeError:
        pass  # the broker has ended
    except OSError as error:
        sys.exit(f"wijkengids: {sys.argv[1]} kan niet geopend worden: {error}")
