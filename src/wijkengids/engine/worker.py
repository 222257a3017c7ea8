"""A process that answers queries on one store, and that may be killed at any moment.

Run as ``python -m wijkengids.engine.worker STORE MEMORY CPU SIZE GUARD``; speaks
:mod:`wijkengids.engine.protocol` on stdin and stdout. After the store is open the process can open nothing more (so
SERVICE reaches nothing), its memory is bounded, and each query gets a budget of processor time; the broker's deadline
on the clock stands above these. Where GUARD is a port, a query of which the policy says that it asks an endpoint on the
list may open a few connections while it runs; where the kernel can see to it, to that port only.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store, serialize

from wijkengids.engine.confine import confine
from wijkengids.engine.protocol import CHUNK, DATA, END, HEAD, READY, Question, failure, frame, read_frame
from wijkengids.engine.services import service_problem, without_guard
from wijkengids.errors import QueryInvalid, QueryProblem, QueryStopped
from wijkengids.model.formats import BY_NAME
from wijkengids.model.iris import Base
from wijkengids.model.serialize import tidy
from wijkengids.model.tokens import syntax_detail

_NOTHING = 3
"""The limit on descriptors under which none is free: 0, 1 and 2 are in use."""

_CONNECTIONS = 4
"""Connections to the guard that one query may have open at once."""


class TooLargeError(Exception):
    """The answer grew past the limit."""


class _Bounded(io.BytesIO):
    """A buffer that takes at most ``limit`` bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self.limit:
            raise TooLargeError
        return super().write(data)


def main(store_path: str, memory: int, cpu: int, size: int, guard: int) -> None:
    """Answer one question after another until stdin closes. ``memory`` and ``size`` in bytes, ``cpu`` in seconds."""
    store = Store.read_only(store_path)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    _lock_down(memory, guard)
    _send(answers, frame(READY))
    while True:
        try:
            _, payload = read_frame(questions)
        except EOFError:
            return
        used = resource.getrusage(resource.RUSAGE_SELF)
        # RLIMIT_CPU counts the life of the process: raise it by a budget for this query
        _soft_limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + cpu + 1)
        _send(answers, *answer(store, Question.unpack(payload), size))


def answer(store: Store, question: Question, size: int) -> list[bytes]:
    """Return the frames that answer a question: Head, Data and End, or Fail alone."""
    try:
        with _connections(question.federated):
            body = _evaluate(store, question, size)
    except SyntaxError as error:
        return [failure(_invalid(error, question.federated))]
    except QueryInvalid as problem:
        return [failure(problem)]
    except TooLargeError:
        return [
            failure(
                QueryStopped(
                    f"Het antwoord is groter dan {size // 2**20} MiB. Beperk de vraag met LIMIT of filters, of neem de"
                    " hele dataset als bestand.",
                    f"The answer is larger than {size // 2**20} MiB. Narrow the query with LIMIT or filters, or take"
                    " the whole dataset as a file.",
                )
            )
        ]
    except (OSError, RuntimeError, ValueError) as error:
        if question.federated:
            return [failure(service_problem(error))]
        return [
            failure(
                QueryProblem(
                    f"De vraag kon niet beantwoord worden: {error}", f"The query could not be answered: {error}"
                )
            )
        ]
    chunks = [frame(DATA, body[start : start + CHUNK]) for start in range(0, len(body), CHUNK)]
    return [frame(HEAD, {"format": question.format}), *chunks, frame(END)]


def _evaluate(store: Store, question: Question, size: int) -> bytes:
    try:
        default = _nodes(question.default_graphs, question.named_graphs)
        named = _nodes(question.named_graphs, question.default_graphs)
    except ValueError as error:
        raise QueryInvalid(
            f"Een van de opgegeven grafen is geen IRI: {error}", f"One of the graphs given is no IRI: {error}"
        ) from error
    found = store.query(question.text, default_graph=default, named_graphs=named)
    wanted = BY_NAME[question.format]
    output = _Bounded(size)
    if isinstance(found, QueryTriples):
        serialize(found, output, format=wanted.rdf, prefixes=Base(question.base).prefixes())
        return tidy(output.getvalue(), wanted)
    if isinstance(found, QuerySolutions | QueryBoolean):
        found.serialize(output, format=wanted.results)
    else:
        raise ValueError(f"Unexpected query result {found!r}")
    return output.getvalue()


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


def _lock_down(memory: int, guard: int) -> None:
    """From here on: no new file or socket, no core dump, and ``memory`` bytes on top of what is in use.

    With a ``guard`` the hard limit leaves room for connections, which a query gets only while it may have them.
    """
    try:
        in_use = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:  # no /proc, as on macOS
        in_use = 2**32
    if guard:
        confine(guard)  # first, since it takes a descriptor for a moment
    # 0, 1 and 2 are in use, so no number below the limit is free; files that are open stay open
    resource.setrlimit(resource.RLIMIT_NOFILE, (_NOTHING, _first_free(_CONNECTIONS) if guard else _NOTHING))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _soft_limit(resource.RLIMIT_AS, in_use + memory)


def _first_free(count: int) -> int:
    """Return the limit below which ``count`` numbers of descriptors are free."""
    free = (number for number in itertools.count(_NOTHING) if not _is_open(number))
    return next(itertools.islice(free, count - 1, None)) + 1


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


@contextlib.contextmanager
def _connections(allowed: bool) -> Iterator[None]:
    """Let what runs within open as many connections as there is room for, if it is ``allowed`` any."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    if allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        if allowed:
            resource.setrlimit(resource.RLIMIT_NOFILE, (_NOTHING, hard))


def _soft_limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    resource.setrlimit(kind, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _send(answers: BinaryIO, *frames: bytes) -> None:
    for piece in frames:
        answers.write(piece)
    answers.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1], *(int(argument) for argument in sys.argv[2:6]))
    except BrokenPipeError:
        pass  # the broker has ended
    except OSError as error:
        sys.exit(f"wijkengids: {sys.argv[1]} kan niet geopend worden: {error}")
