"""``GET /sparql?query=`` before Flask: in the event loop, for a thread and Flask take longer than the query.

Only what is plain is answered here: one query, for a program, with an answer that is whole. Flask does all else, and
would say the same (tests/test_streams.py compares them).
"""

from __future__ import annotations

from asyncio import Future
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from werkzeug.http import parse_list_header

from wijkengids.engine.policy import inspect
from wijkengids.engine.pooled import Hearing, PooledEngine
from wijkengids.engine.protocol import Question
from wijkengids.errors import QueryProblem, WijkengidsError
from wijkengids.model.negotiate import choose
from wijkengids.release.shelf import Edition
from wijkengids.release.store import Follower
from wijkengids.web import citing
from wijkengids.web.answer import ASK_AGAIN, EVERYWHERE, FOUND, RELEASE, Answer
from wijkengids.web.enquire import turn
from wijkengids.web.frozen import MADE, Made, wishes
from wijkengids.web.links import header
from wijkengids.web.sparql import FOR_READERS, GRAPHS, ROWS

_LONGEST = 8000
"""Characters of a query string that are looked at."""


class Direct:
    """Answers plain look-ups. ``proxies``: how many in front of us name the client truthfully."""

    def __init__(self, follower: Follower, engine: PooledEngine, proxies: int) -> None:
        self.follower, self.engine, self.proxies = follower, engine, proxies

    async def answer(self, environ: dict[str, Any], gone: Callable[[], Future[None]]) -> Answer | None:
        """Return the answer, or None where Flask is to answer; what the engine said by then lies in the environment."""
        text = _query(environ)
        if text is None:
            return None
        try:
            release = self.follower.get()
            form, query = inspect(text, release.base.prefixes())
        except WijkengidsError:
            return None
        offers = GRAPHS if form.is_graph else ROWS
        choice = choose(offers, wishes(environ))
        if choice is None or choice.format in FOR_READERS:
            return None
        base, client = release.base.iri, turn(self._address(environ))
        question = Question(str(release.release.store), query, choice.format.name, base, client=client)
        try:
            found = await self.engine.open(question, gone)
        except QueryProblem as problem:
            environ |= {FOUND: problem, RELEASE: release}
            return None
        if isinstance(found, Hearing):
            environ |= {FOUND: self.engine.parts(found), RELEASE: release}
            return None
        permalink = citing.permalink(Edition.of(release).ref, text)
        headers = [
            ("Content-Type", choice.format.content_type),
            ("Vary", offers.vary),
            ("Link", header(citing.told(base, permalink, "release"))),
            *EVERYWHERE,
            ("Wijkengids-Release", release.release.manifest.digest),
            ASK_AGAIN,
        ]
        answer = Answer(200, headers, found, True)
        if citing.is_steady(text):
            environ[MADE] = Made(release, offers, choice, answer)
        return answer

    def _address(self, environ: dict[str, Any]) -> str:
        """Return the address of the client, as the last proxy that is trusted names it."""
        named = parse_list_header(environ.get("HTTP_X_FORWARDED_FOR", "")) if self.proxies else []
        found: str = named[-self.proxies] if len(named) >= self.proxies > 0 else environ["REMOTE_ADDR"]
        return found


def _query(environ: dict[str, Any]) -> str | None:
    """Return the query where that is all that a request says, else None."""
    asked = environ["QUERY_STRING"]
    if environ["REQUEST_METHOD"] != "GET" or environ["PATH_INFO"] != "/sparql" or len(asked) > _LONGEST:
        return None
    try:
        [(name, text)] = parse_qsl(asked, keep_blank_values=True, errors="strict", max_num_fields=1)
    except ValueError:  # several, or none, or no UTF-8
        return None
    return text if name == "query" and text.strip() else None
