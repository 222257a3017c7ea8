"""The application factory: one Flask application on one folder of releases and one engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from wijkengids.engine.protocol import Engine
from wijkengids.errors import QueryProblem, Text, WijkengidsError
from wijkengids.model.negotiate import LANGUAGES, negotiate_coding
from wijkengids.release.folder import Releases
from wijkengids.release.shelf import Shelf
from wijkengids.release.store import Follower, OpenRelease
from wijkengids.settings import Settings
from wijkengids.web import (
    completion,
    files,
    openapi,
    pages,
    questions,
    releases,
    resources,
    search,
    service,
    sparql,
    status,
    terms,
)
from wijkengids.web.answer import ASK_AGAIN, EVERYWHERE, RELEASE, Answer, coded_parts
from wijkengids.web.frozen import MADE, Frozen, Made
from wijkengids.web.respond import PARAMETERS, at, language, problem, relative

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MAX_BODY = 1024 * 1024
"""Largest request body in bytes; a query of a megabyte is no question any more."""

_ALLOWED = (
    "Accept, Accept-Language, Accept-Profile, Content-Type, If-None-Match, If-Modified-Since, If-Range,"
    " Range, Accept-Datetime"
)
_KEPT = {200, 303}
"""Statuses of answers that may be kept: of things that the release knows, so there is an end to them."""


def create_app(settings: Settings, engine: Engine) -> Flask:
    """Return the application that serves the releases in ``settings.releases``."""
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.url_map.merge_slashes = False  # '//' is another path, not a redirect to this host
    app.extensions["follower"] = Follower(Releases(settings.releases.absolute()))
    app.extensions["shelf"] = Shelf(Releases(settings.releases.absolute()))
    app.extensions["engine"] = engine
    app.extensions["limits"] = settings.limits
    app.extensions["services"] = settings.services
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(language=language, relative=relative, at=at, here=pages.here)
    rooms = (resources, terms, sparql, completion, service, questions, releases, search, openapi, files, status)
    for room in rooms:
        app.register_blueprint(room.rooms)
    app.before_request(_hold_release)
    app.before_request(_preflight)
    app.after_request(_finish)
    app.register_error_handler(WijkengidsError, _explained)
    app.register_error_handler(HTTPException, _http)
    app.wsgi_app = layers(app, settings)  # type: ignore[method-assign, assignment]
    return app


def layers(app: Flask, settings: Settings) -> WSGIApplication:
    """Return what stands around Flask: the frozen layer outside, what proxies say within it."""
    inner: WSGIApplication = app.wsgi_app
    trusted = settings.trusted_proxies
    if trusted:
        # the client's address and scheme; host and prefix are not needed, since links are relative
        inner = ProxyFix(inner, x_for=trusted, x_proto=trusted, x_host=0, x_port=0, x_prefix=0)
    return Frozen(inner, app.extensions["follower"], settings.frozen_memory * 2**20)


def _hold_release() -> None:
    """Take hold of the current release for the whole request, so that no answer mixes two."""
    if request.endpoint not in {"files.static", "status.health"}:
        g.release = request.environ.get(RELEASE) or current_app.extensions["follower"].get()


def _preflight() -> Response | None:
    """Answer a browser that asks whether another site may ask; also where the answer would be 404."""
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        methods = request.url_rule.methods if request.url_rule is not None else None
        return Response(status=204, headers={"Allow": ", ".join(sorted(methods or {"GET", "HEAD", "OPTIONS"}))})
    return None


def _finish(response: Response) -> Response:
    """Add what every answer carries (CORS, the release) and send it as an :class:`Answer`, kept where it may be."""
    response.headers.extend(EVERYWHERE)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED
        response.headers["Access-Control-Max-Age"] = "86400"
    release: OpenRelease | None = g.get("release")
    if release is not None:
        response.headers["Wijkengids-Release"] = release.release.manifest.digest
    response.headers.setdefault(*ASK_AGAIN)
    if request.method == "OPTIONS" and response.status_code == 200:
        response.status_code = 204
    if response.status_code == 204:
        del response.headers["Content-Type"], response.headers["Content-Length"]
    if response.direct_passthrough or request.method not in {"GET", "HEAD", "POST"}:
        return response
    if not response.is_streamed:
        return _sent(response)
    # what is aborted with comes as an iterator too, ready to go, and its length is known
    return response if "Content-Length" in response.headers else _streamed(response)


def _streamed(response: Response) -> Response:
    """Return an answer that comes in parts, coded as the request wants it; it has no ETag, for it is not known yet."""
    if request.method == "HEAD":
        response.close()
        response.response = ()
        return response
    coding = negotiate_coding(request.headers.get("Accept-Encoding"))
    if coding:
        response.headers["Content-Encoding"] = coding
    response.response = coded_parts(cast("Iterator[bytes]", response.response), coding)
    return response


def _sent(response: Response) -> Response:
    """Return the response as the request wants it: coded, or a 304; leave it for the frozen layer to keep."""
    reading = request.method in {"GET", "HEAD"}
    response.headers.setdefault("Vary", "Accept-Encoding")
    headers = [(name, value) for name, value in response.headers if name != "Content-Length"]
    lasting = response.headers["Cache-Control"] != "no-store"
    answer = Answer(
        response.status_code, headers, response.get_data(), reading and lasting and response.status_code == 200
    )
    if reading and lasting and response.status_code in _KEPT and "offers" in g and _is_plain():
        request.environ[MADE] = Made(g.release, g.offers, g.choice, answer)
    line, sent, body = answer.send(request.environ | {"REQUEST_METHOD": "GET"})
    finished = Response(body, status=line, headers=sent)
    if "Content-Type" not in dict(sent):
        del finished.headers["Content-Type"]
    return finished


def _is_plain() -> bool:
    """Tell whether the query string says only what we know, each once: so that there are not endless ways to say it."""
    known: frozenset[str] = PARAMETERS | g.get("parameters", frozenset())
    plain = set(request.args) <= known and request.args.get("lang", LANGUAGES[0]) in LANGUAGES
    return plain and request.query_string.count(b"&") == max(0, len(request.args) - 1)


def _explained(error: WijkengidsError) -> Response:
    """Answer a problem of ours with its own sentence."""
    code = error.status if isinstance(error, QueryProblem) else 503
    response = problem(code, error.text, line=getattr(error, "line", None), column=getattr(error, "column", None))
    wait = getattr(error, "retry_after", None if isinstance(error, QueryProblem) else 10)
    if wait is not None:
        response.headers["Retry-After"] = str(wait)
    return response


def _http(error: HTTPException) -> Response:
    """Answer Flask's own errors (404, 405, 413 ...) in the same form."""
    texts = {
        404: Text("Deze pagina bestaat niet.", "This page does not exist."),
        405: Text("Deze methode kan hier niet.", "This method is not allowed here."),
        413: Text("Het verzoek is te groot.", "The request is too large."),
    }
    if error.response is not None:  # aborted with an answer of ours
        return cast("Response", error.response)
    code = error.code or 500
    response = problem(code, texts.get(code, Text(error.name, error.name)))
    for name, value in error.get_headers():
        if name in {"Allow", "Content-Range"}:
            response.headers[name] = ", ".join(sorted(value.split(", ")))  # a set has no order
    return response
