"""How an answer is made: its language, its headers, its links, and how a problem is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from posixpath import relpath

from flask import Response, abort, g, render_template, request

from wijkengids.errors import Text
from wijkengids.model.formats import HTML, Format
from wijkengids.model.negotiate import negotiate
from wijkengids.release.store import OpenRelease

LANGUAGES = ("nl", "en")
_PROBLEM = Format("problem", "Problem", "application/problem+json", ("application/json",))


def release() -> OpenRelease:
    """Return the release that this request began with."""
    held: OpenRelease = g.release
    return held


def language() -> str:
    """Return 'nl' or 'en': ``?lang=`` first, then Accept-Language, then Dutch."""
    asked = request.args.get("lang")
    if asked in LANGUAGES:
        return str(asked)
    return request.accept_languages.best_match(LANGUAGES, default="nl") or "nl"


def relative(path: str) -> str:
    """Return the link from the requested URL to ``path`` (from the root, without a leading slash).

    Links are relative, so the bytes of a page do not depend on host or prefix, and a mirror can serve them.
    """
    path, mark, fragment = path.partition("#")
    folder = request.path.rpartition("/")[0] or "/"
    found = relpath("/" + path, folder)
    if found == ".":  # the folder of this page: the home page, or a document of the same name
        found = f"../{path.rpartition('/')[2]}" if path else "./"
    return found + mark + fragment


def wanted(offers: Sequence[Format]) -> Format:
    """Return the format that the client wants most of ``offers``; 406 with the list if none will do."""
    best = negotiate(request.headers.get("Accept"), offers)
    if best is None:
        types = ", ".join(offer.media_type for offer in offers)
        text = Text(
            f"Geen van de gevraagde vormen is er. Wel: {types}.", f"None of the types asked for. There are: {types}."
        )
        abort(problem(406, text))
    return best


def reply(body: bytes | str, format_: Format, vary: str | None = None) -> Response:
    """Return a 200 with the right type; pages also say their language."""
    response = Response(body, content_type=format_.content_type)
    if format_ == HTML:
        response.headers["Content-Language"] = language()
        vary = f"{vary}, Accept-Language" if vary else "Accept-Language"
    if vary:
        response.headers["Vary"] = vary
    return response


def problem(status: int, text: Text, line: int | None = None, column: int | None = None) -> Response:
    """Return a problem as a page for people or as problem+json (RFC 9457) for programs, by Accept."""
    format_ = negotiate(request.headers.get("Accept"), (_PROBLEM, HTML)) or _PROBLEM
    said = text.in_language(language())
    if format_ == HTML:
        body = render_template("problem.html", status=status, text=said)
    else:
        about = {"type": "about:blank", "status": status, "title": said, "line": line, "column": column}
        body = json.dumps({key: value for key, value in about.items() if value is not None}, ensure_ascii=False) + "\n"
    response = Response(body, status=status, content_type=format_.content_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    return response
