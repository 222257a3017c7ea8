"""SERVICE for the endpoints that an operator allows: which, at what address the guard asks them, what may go wrong.

A query never says to a worker where to go. The policy puts the address of the guard in the place of an endpoint that
is on the list (:mod:`wijkengids.engine.federation.guard`), and that process alone speaks to the outside.
"""

from __future__ import annotations

import http.client
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from wijkengids.engine.protocol import problem_from
from wijkengids.errors import QueryProblem, ServiceFailed, WrongUse

_LOCAL_TIME = 5.0
"""Seconds in which the guard, which is on this machine, has answered what it knows already."""

_IRI = re.compile(r"[!#-;=?-\[\]_a-z~]+")
"""The characters of a URL, which an IRI may stand in between < and >."""


def read_endpoints(text: str) -> tuple[str, ...]:
    """Return the endpoints in a comma-separated text, each once; WrongUse names the part that is none."""
    found = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    for iri in found:
        if not _is_endpoint(iri):
            raise WrongUse(
                f"'{iri}' is geen adres van een SPARQL-endpoint: schrijf het als https://voorbeeld.nl/sparql, zonder"
                " naam, wachtwoord of #.",
                f"'{iri}' is no address of a SPARQL endpoint: write it as https://example.org/sparql, without name,"
                " password or #.",
            )
    return found


def _is_endpoint(iri: str) -> bool:
    try:
        parts = urlsplit(iri)
        known = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return known and "@" not in parts.netloc and "#" not in iri and _IRI.fullmatch(iri) is not None


@dataclass(frozen=True)
class Services:
    """The endpoints that SERVICE may name, and the ``address`` of the guard with its secret."""

    endpoints: tuple[str, ...]
    address: str

    def __repr__(self) -> str:
        return f"Services({self.endpoints!r})"  # never the secret

    def for_one_query(self) -> Federation:
        """Return what one query needs: the guard counts and remembers what happens to it by a name."""
        address = f"{self.address}/{secrets.token_hex(8)}"
        return Federation(address, {iri: f"{address}/{number}" for number, iri in enumerate(self.endpoints)})


@dataclass(frozen=True)
class Federation:
    """One query: the ``address`` that is its own, and the ``addresses`` at which it asks each endpoint."""

    address: str
    addresses: Mapping[str, str]

    def used_in(self, query: str) -> bool:
        """Tell whether a query that the policy let through asks another endpoint; nobody else knows the address."""
        return self.address in query

    def check(self) -> None:
        """Raise what the guard could not do for this query, if anything.

        The engine passes over a SERVICE that failed within MINUS, and gives rows that should not be there.
        """
        parts = urlsplit(self.address)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_LOCAL_TIME)
        try:
            connection.request("GET", parts.path)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ServiceFailed(
                "Wat SERVICE opleverde kon niet nagegaan worden. Probeer het over enkele seconden opnieuw.",
                "What SERVICE gave could not be checked. Try again in a few seconds.",
            ) from error
        finally:
            connection.close()
        if answer.status != 200:
            raise problem_from(said)


_SAID = re.compile(r" returned by http://127\.0\.0\.1:\d+/\S* with payload:\n(\{.*\})\s*$", re.DOTALL)
_GUARD = re.compile(r"http://127\.0\.0\.1:\d+/[^\s>]*")


def service_problem(error: Exception) -> QueryProblem:
    """Return what the engine says of a query with SERVICE as what a client may know: what the guard said, if it did."""
    said = _SAID.search(str(error))
    if said:
        return problem_from(said[1].encode())
    detail = without_guard(str(error))
    return ServiceFailed(
        f"De vraag met SERVICE kon niet beantwoord worden: {detail}",
        f"The query with SERVICE could not be answered: {detail}",
    )


def without_guard(text: str) -> str:
    """Return what an engine says with the address of the guard, and so its secret, left out."""
    return _GUARD.sub("SERVICE", text)
