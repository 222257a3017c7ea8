"""Everything that can go wrong and be explained.

WijkengidsError             something a person can act on; never shown as a traceback
 +- WrongUse                the command was called with something it cannot work with (exit 2)
 +- InvalidContent          findings that block: the content must be mended first (exit 1)
 +- CannotRun               the machine does not let us: disk, permission, port, corrupt store (exit 3)
 +- QueryProblem            a query cannot be answered; carries the HTTP status that says why
     +- QueryRefused        the policy says no (update, SERVICE)
     +- QueryInvalid        the text is not a query; line and column say where
     +- QueryStopped        a limit was reached (deadline, memory, size)
     +- EngineBusy          no worker came free in time; try again later
     |   +- TooManyQueries  this one client asks more at once than its share
     +- EngineAway          there is no engine to ask
     +- EngineBroken        an engine elsewhere says something that is no answer
     +- ServiceFailed       an endpoint that SERVICE names does not answer as it should
"""

from __future__ import annotations

from typing import NamedTuple


class Text(NamedTuple):
    """One sentence in the two languages that users read."""

    nl: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the sentence in ``language`` ('nl' or 'en'); Dutch for any other."""
        return self.en if language == "en" else self.nl


class WijkengidsError(Exception):
    """A problem with a clear sentence and a next step, in nl and en."""

    exit_code = 3

    def __init__(self, nl: str, en: str) -> None:
        super().__init__(nl)
        self.text = Text(nl, en)


class WrongUse(WijkengidsError):
    """The command cannot work with what it was given."""

    exit_code = 2


class InvalidContent(WijkengidsError):
    """The content has findings that block a build."""

    exit_code = 1


class CannotRun(WijkengidsError):
    """Disk, permission, port or a corrupt store stands in the way."""


class QueryProblem(WijkengidsError):
    """A query that gets no answer. ``status`` is the HTTP status that says so."""

    status = 500


class QueryRefused(QueryProblem):
    """The policy does not allow this query."""

    status = 403
    exit_code = 2


class QueryInvalid(QueryProblem):
    """The text is not a SPARQL query. ``line`` and ``column`` count from 1, where known."""

    status = 400
    exit_code = 2

    def __init__(self, nl: str, en: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(nl, en)
        self.line = line
        self.column = column


class QueryStopped(QueryProblem):
    """The query was stopped at a limit: asking again unchanged is of no use."""

    status = 503


class EngineBusy(QueryProblem):
    """Every worker is at work and the queue is full: asking again later helps."""

    status = 503
    retry_after = 5
    """Seconds after which a client may ask again."""


class TooManyQueries(EngineBusy):
    """One client has all the places and all the waiting that it may have."""

    status = 429


class EngineAway(QueryProblem):
    """No engine answers at all; the server is starting, or the release is gone from disk."""

    status = 503
    retry_after = 10
    """Seconds after which a client may ask again."""


class EngineBroken(QueryProblem):
    """An engine elsewhere answers what cannot be used: broken off, of another type, an error of its own."""

    status = 502


class ServiceFailed(QueryProblem):
    """An endpoint that SERVICE names is away, too slow, or answers what cannot be used."""

    status = 502
