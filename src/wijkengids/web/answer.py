"""An answer as it goes over the line: codings, ETags, 304, HEAD. Flask and the frozen layer both send by this.

An :class:`Answer` is complete and knows nothing of the request that it was first made for, so it can be kept and sent
again; what depends on the request (coding, conditions, method) is decided in :meth:`Answer.send`.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import brotli
import zstandard

from wijkengids.model.negotiate import negotiate_coding

Header = tuple[str, str]

DEPARTURE = "wijkengids.departure"
"""Key in the WSGI environment of what is told when the client goes away; absent where the server does not notice."""
STREAMS = "wijkengids.streams"
"""Key in the WSGI environment: True where an answer may come in parts, and break off, without a client mistaking it."""

_EXPOSED = (
    "Link, ETag, Content-Location, Content-Profile, Last-Modified, Memento-Datetime, Wijkengids-Release,"
    " Accept-Ranges, Content-Range, Retry-After"
)
EVERYWHERE: tuple[Header, ...] = (
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", _EXPOSED),
    ("X-Content-Type-Options", "nosniff"),
)
"""Headers of every answer."""
ASK_AGAIN: Header = ("Cache-Control", "no-cache")
"""Keep it, and ask each time whether it is still right."""

FOUND = "wijkengids.found"
"""Key in the WSGI environment: what the engine has said already, for Flask to put into words."""
RELEASE = "wijkengids.release"
"""Key in the WSGI environment: the release of which the engine said it."""

_ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    # measured on documents of 5 kB: 38, 17 and 20 microseconds; a higher level costs a hundred times that for 5 %
    "br": lambda body: brotli.compress(body, quality=5),
    "zstd": lambda body: zstandard.ZstdCompressor(level=3).compress(body),
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
_SMALLEST = 256
"""Bytes under which coding does not pay: the header would cost more than it saves."""
_OF_THE_BODY = {"content-type", "content-length", "content-encoding", "content-language", "last-modified", "link"}
"""Headers that a 304 leaves out: the client has them already, and the ETag is enough to know them by."""


@dataclass(frozen=True, slots=True)
class _Coded:
    """The answer in one content coding, ready to send."""

    body: bytes
    etag: str
    headers: list[Header]
    unchanged: list[Header]


class Answer:
    """A status, headers and body; ``validated`` says whether it has an ETag and can be a 304.

    ``headers`` holds everything but ``ETag``, ``Content-Length`` and ``Content-Encoding``: those are made here, once
    for each coding.
    """

    def __init__(self, status: int, headers: list[Header], body: bytes, validated: bool) -> None:
        self.status = f"{status} {HTTPStatus(status).phrase}"
        self.headers = headers
        self.body = body
        self.validated = validated
        self._modified = next((_seconds(value) for name, value in headers if name == "Last-Modified"), None)
        self._coded: dict[str, _Coded] = {}

    @property
    def size(self) -> int:
        """Bytes that keeping this answer takes, about: the body plain and in three codings, the headers of each."""
        return 2 * len(self.body) + 2 * sum(len(name) + len(value) + 100 for name, value in self.headers)

    def send(self, environ: Mapping[str, Any]) -> tuple[str, list[Header], bytes]:
        """Return status line, headers and body for a request. Callers must not change the list of headers."""
        coding = negotiate_coding(environ.get("HTTP_ACCEPT_ENCODING"))
        coded = self._coded.get(coding) or self._encode(coding)
        if self.validated and self._unchanged(environ, coded.etag):
            return "304 Not Modified", coded.unchanged, b""
        return self.status, coded.headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else coded.body

    def _encode(self, coding: str) -> _Coded:
        """Make and keep the answer in a coding; bytes that a coding would not shorten are sent as they are."""
        asked = coding
        body = _ENCODERS[coding](self.body) if coding and len(self.body) >= _SMALLEST else self.body
        if len(body) >= len(self.body):
            body, coding = self.body, ""
        headers = list(self.headers)
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        if self.validated:
            headers.append(("ETag", etag))
        unchanged = [pair for pair in headers if pair[0].lower() not in _OF_THE_BODY]
        if coding:
            headers.append(("Content-Encoding", coding))
        headers.append(("Content-Length", str(len(body))))
        coded = _Coded(body, etag, headers, unchanged)
        self._coded[asked] = coded
        return coded

    def _unchanged(self, environ: Mapping[str, Any], etag: str) -> bool:
        """Tell whether the client has these bytes: by If-None-Match, or failing that by If-Modified-Since."""
        held = environ.get("HTTP_IF_NONE_MATCH")
        if held is not None:
            # weak comparison: a proxy that compresses makes our tag weak
            return any(tag in {etag, "*"} for tag in (part.strip().removeprefix("W/") for part in held.split(",")))
        since = environ.get("HTTP_IF_MODIFIED_SINCE")
        if since is None or self._modified is None:
            return False
        seconds = _seconds(since)
        return seconds is not None and self._modified <= seconds


def coded_parts(parts: Iterator[bytes], coding: str) -> Iterator[bytes]:
    """Yield an answer that comes in parts in a content coding; '' leaves it as it is. Closes ``parts``."""
    press, flush = _packer(coding)
    with closing(parts):  # type: ignore[type-var]
        for part in parts:
            yield press(part)
        yield flush()


def _packer(coding: str) -> tuple[Callable[[bytes], bytes], Callable[[], bytes]]:
    """Return what packs a part, and what packs the end."""
    if coding == "br":
        brotli_ = brotli.Compressor(quality=5)
        return brotli_.process, brotli_.finish
    if coding == "zstd":
        zstd = zstandard.ZstdCompressor(level=3).compressobj()
        return zstd.compress, zstd.flush
    if coding == "gzip":
        gzip_ = zlib.compressobj(6, wbits=31)
        return gzip_.compress, gzip_.flush
    return bytes, bytes


def _seconds(date: str) -> float | None:
    """Return an HTTP date as seconds since 1970, or None if it is none."""
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
