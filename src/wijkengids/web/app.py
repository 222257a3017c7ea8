"""The application factory: one Flask application on one folder of releases and one engine."""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

from wijkengids.engine.embedded import EmbeddedEngine
from wijkengids.errors import QueryProblem, Text, WijkengidsError
from wijkengids.release.folder import Releases
from wijkengids.release.store import Follower, OpenRelease
from wijkengids.settings import Settings
from wijkengids.web import pages, resources, sparql, status
from wijkengids.web.respond import language, problem, relative

MAX_BODY = 1024 * 1024
"""Largest request body in bytes; a query of a megabyte is no question any more."""


def create_app(settings: Settings, engine: EmbeddedEngine) -> Flask:
    """Return the application that serves the releases in ``settings.releases``."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.config["BABEL_DEFAULT_LOCALE"] = "nl"
    app.url_map.merge_slashes = False  # '//' is another path, not a redirect to this host
    app.extensions["follower"] = Follower(Releases(settings.releases.absolute()))
    app.extensions["engine"] = engine
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "keep_trailing_newline": True}
    Babel(app, locale_selector=language)
    app.jinja_env.globals.update(language=language, relative=relative, here=pages.here)
    for room in (resources.rooms, sparql.rooms, status.rooms):
        app.register_blueprint(room)
    app.before_request(_hold_release)
    app.after_request(_finish)
    app.register_error_handler(WijkengidsError, _explained)
    app.register_error_handler(HTTPException, _http)
    return app


def _hold_release() -> None:
    """Take hold of the current release for the whole request, so that no answer mixes two."""
    if request.endpoint not in {"static", "status.health"}:
        g.release = current_app.extensions["follower"].get()


def _finish(response: Response) -> Response:
    """Add what every answer carries: CORS, the release, an ETag of the bytes; answer 304 where that saves them."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "Link, ETag, Content-Location, Wijkengids-Release"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Accept-Language, Content-Type, If-None-Match"
    release: OpenRelease | None = g.get("release")
    if release is not None:
        response.headers["Wijkengids-Release"] = release.release.manifest.digest
    ready = "Cache-Control" not in response.headers and "ETag" not in response.headers
    if response.status_code == 200 and request.method in {"GET", "HEAD"} and ready:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response


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
    code = error.code or 500
    response = problem(code, texts.get(code, Text(error.name, error.name)))
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response
