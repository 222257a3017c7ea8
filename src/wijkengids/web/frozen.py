"""The frozen layer: answers of the current release kept as bytes and sent before Flask is asked.

A thin WSGI application around Flask. What is kept was made by Flask; sending is :meth:`Answer.send` either way, so both
ways give the same bytes and headers. Everything kept belongs to one open release and goes when the release does.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wijkengids.errors import WijkengidsError
from wijkengids.model.negotiate import Choice, Offers, Wishes, choose
from wijkengids.release.store import Follower, OpenRelease
from wijkengids.web.answer import Answer, Header

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MADE = "wijkengids.made"
"""Key in the WSGI environment under which Flask leaves an answer that may be kept."""

Key = tuple[str, str]
"""Path and query string."""

_QUERIES = "/sparql"
_LONGEST, _LONGEST_QUERY = 512, 8000
"""Characters of a key that is kept; no document of ours has a longer URL."""


@dataclass(frozen=True, slots=True)
class Made:
    """An answer that Flask made, of which release, and which of the URL's offers it is."""

    release: OpenRelease
    offers: Offers
    choice: Choice | None
    answer: Answer


@dataclass(slots=True)
class _Page:
    """What is kept of one URL: what it negotiates on, and the answers so far."""

    offers: Offers
    answers: dict[Choice | None, Answer]
    size: int


class _Kept:
    """Kept pages, in two generations: when the young one is full it becomes the old one.

    A page that is asked for moves to the young generation, so what is asked for often stays; no bookkeeping is needed
    at each hit, and memory stays within twice ``limit`` bytes.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.young: dict[Key, _Page] = {}
        self.old: dict[Key, _Page] = {}
        self.size = 0
        self.lock = threading.Lock()

    def get(self, key: Key) -> _Page | None:
        page = self.young.get(key)
        if page is None and (page := self.old.get(key)) is not None:
            with self.lock:
                if key not in self.young:
                    self._grow(key, page, page.size)
        return page

    def put(self, key: Key, made: Made) -> None:
        page = self.get(key)
        with self.lock:
            if page is None:
                page = self.young.get(key) or _Page(made.offers, {}, len(key[0]) + len(key[1]))
            if made.choice not in page.answers:  # else another thread was first
                page.answers[made.choice] = made.answer
                page.size += made.answer.size
                self._grow(key, page, made.answer.size)

    def _grow(self, key: Key, page: _Page, size: int) -> None:
        if self.size + size > self.limit:
            self.old, self.young, self.size = self.young, {}, 0
            size = page.size
        self.young[key] = page
        self.size += size


class _Shelves:
    """What is kept of one release: documents, and in a quarter of the memory queries, of which there is no end."""

    def __init__(self, release: OpenRelease | None, limit: int) -> None:
        self.release = release
        self._documents, self._queries = _Kept(limit - limit // 4), _Kept(limit // 4)

    def of(self, key: Key) -> _Kept | None:
        """Return where a key is kept, or None where it is too long to be."""
        shelf, longest = (self._queries, _LONGEST_QUERY) if key[0] == _QUERIES else (self._documents, _LONGEST)
        return shelf if len(key[0]) + len(key[1]) <= longest else None


class Frozen:
    """The WSGI application: kept answers first, then ``inner``. ``limit``: bytes in each web process; 0 is off."""

    def __init__(self, inner: WSGIApplication, follower: Follower, limit: int) -> None:
        self.inner = inner
        self.follower = follower
        self.limit = limit // 2
        self._kept = _Shelves(None, self.limit)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        found = self.find(environ)
        if found is None:
            return self.make(environ, start_response)
        status, headers, body = found
        start_response(status, headers)
        return (body,)

    def find(self, environ: WSGIEnvironment) -> tuple[str, list[Header], bytes] | None:
        """Return the answer that is kept, as it is to be sent, or None where there is none."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not self.limit:
            return None
        key = _key(environ)
        shelf = self._of_this_release().of(key)
        page = shelf and shelf.get(key)
        answer = page and page.answers.get(choose(page.offers, wishes(environ)))
        return answer.send(environ) if answer else None

    def make(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Let Flask answer, and keep the answer where it may be kept."""
        response = self.inner(environ, start_response)
        self.keep(environ)
        return response

    def keep(self, environ: WSGIEnvironment) -> None:
        """Keep what was made for a request, if it may be kept."""
        kept, key = self._of_this_release(), _key(environ)
        made: Made | None = environ.get(MADE)
        # made on another release than this one? the release was switched meanwhile; then it is sent, not kept
        if made is None or made.release is not kept.release or not self.limit:
            return
        shelf = kept.of(key)
        if shelf is not None and made.answer.size <= shelf.limit // 4:
            shelf.put(key, made)

    def _of_this_release(self) -> _Shelves:
        """Return what is kept of the release that is current now; nothing yet after a switch."""
        release = self._current()
        kept = self._kept
        if kept.release is release:
            return kept
        fresh = _Shelves(release, self.limit)
        if release is self._current():  # a thread that was slow does not take us back
            self._kept = fresh
        return fresh

    def _current(self) -> OpenRelease | None:
        try:
            return self.follower.get()
        except WijkengidsError:
            return None  # Flask says what is wrong


def _key(environ: WSGIEnvironment) -> Key:
    return environ["PATH_INFO"], environ.get("QUERY_STRING", "")


def wishes(environ: dict[str, Any]) -> Wishes:
    """Return what a request says it wants."""
    get = environ.get
    return Wishes(get("HTTP_ACCEPT"), get("HTTP_ACCEPT_LANGUAGE"), get("HTTP_ACCEPT_PROFILE"))
