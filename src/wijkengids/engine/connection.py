"""How an engine elsewhere is reached: its address and credentials, a time of its own to connect, no way round.

No proxies and no redirects: the address is the operator's, and credentials go nowhere else.
"""

from __future__ import annotations

import http.client
import random
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from wijkengids.errors import WrongUse


@dataclass(frozen=True)
class Access:
    """How to reach an engine. Times in seconds; ``retries`` come on top of the first attempt.

    ``jitter`` gives a number from 0 to 1 that spreads retries; tests give a constant.
    """

    url: str
    user: str = ""
    password: str = ""
    connect: float = 2.0
    retries: int = 2
    jitter: Callable[[], float] = random.SystemRandom().random

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise WrongUse(
                f"'{self.url}' is geen adres van een engine: geef een URL die met http:// of https:// begint.",
                f"'{self.url}' is no address of an engine: give a URL that begins with http:// or https://.",
            )
        if parts.username or parts.password:
            raise WrongUse(
                "Zet naam en wachtwoord niet in de URL: ze horen in WIJKENGIDS_ENGINE_USER en"
                " WIJKENGIDS_ENGINE_PASSWORD.",
                "Do not put name and password in the URL: they belong in WIJKENGIDS_ENGINE_USER and"
                " WIJKENGIDS_ENGINE_PASSWORD.",
            )

    def __repr__(self) -> str:
        return f"Access({self.url!r})"  # never the password


class _ConnectTimeoutError(OSError):
    """Nobody took the connection in time."""


class _Connection(http.client.HTTPConnection):
    """A connection with a time of its own to connect."""

    patience = 2.0

    def connect(self) -> None:
        """Connect within ``patience`` seconds; from then on the timeout of the request holds."""
        answer, self.timeout = self.timeout, self.patience
        try:
            super().connect()
        except TimeoutError as error:
            raise _ConnectTimeoutError(str(error)) from error
        self.sock.settimeout(answer)


class _SecureConnection(http.client.HTTPSConnection, _Connection):
    """The same over TLS."""


class _Handler(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens connections of ours."""

    def __init__(self, patience: float) -> None:
        super().__init__()
        self.plain: Any = type("Connection", (_Connection,), {"patience": patience})
        self.secure: Any = type("SecureConnection", (_SecureConnection,), {"patience": patience})

    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self.plain, req)

    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(self.secure, req)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """Follow nothing."""


class _Digest(urllib.request.HTTPDigestAuthHandler):
    """Digest authentication that signs at once after the first challenge.

    An engine that challenges again and again closes the connection while a large body is still under way.
    """

    challenge: dict[str, str] | None = None

    def http_request(self, req: urllib.request.Request) -> urllib.request.Request:
        """Sign a request where a challenge is known."""
        if self.challenge and not req.has_header(self.auth_header):
            signed = self.get_authorization(req, self.challenge)
            if signed:
                req.add_unredirected_header(self.auth_header, f"Digest {signed}")
        return req

    https_request = http_request

    def retry_http_digest_auth(self, req: urllib.request.Request, auth: str) -> Any:
        """Answer a challenge, and keep it for the next request."""
        listed = urllib.request.parse_http_list(auth.partition(" ")[2])
        self.challenge = urllib.request.parse_keqv_list([part for part in listed if part])
        return super().retry_http_digest_auth(req, auth)


def opener(access: Access) -> urllib.request.OpenerDirector:
    """Return what opens requests to an engine; any thread may use it."""
    handlers: list[urllib.request.BaseHandler] = [
        urllib.request.ProxyHandler({}),
        _NoRedirect(),
        _Handler(access.connect),
    ]
    if access.user:
        passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
        passwords.add_password(None, access.url, access.user, access.password)
        handlers += [_Digest(passwords), urllib.request.HTTPBasicAuthHandler(passwords)]
    return urllib.request.build_opener(*handlers)
