"""How an answer is made: what is negotiated, its language, its headers, its links, and how a problem is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from http import HTTPStatus
from urllib.parse import urlencode

from flask import Response, abort, g, render_template, request
from werkzeug.http import http_date

from wijkengids.engine.protocol import Parts
from wijkengids.errors import Text
from wijkengids.model.formats import HTML, Format
from wijkengids.model.iris import relative as between
from wijkengids.model.negotiate import (
    LANGUAGES,
    NOTHING,
    Choice,
    Offers,
    choose,
    negotiate,
    negotiate_language,
    offer,
)
from wijkengids.release.store import OpenRelease
from wijkengids.web.frozen import wishes
from wijkengids.web.links import Link, header

PARAMETERS = frozenset({"_mediatype", "_profile", "lang", "_in", "_page"})
"""Query parameters that mean something in the URL of a document."""

_PROBLEM = Format("problem", "Problem", "application/problem+json", ("application/json",))


def release() -> OpenRelease:
    """Return the release that this request began with."""
    held: OpenRelease = g.release
    return held


def at(path: str) -> str:
    """Return where a service of the release of this request is: ``path``, under the release where the URL names one."""
    under: str = g.get("at", "")
    return under + path


def language() -> str:
    """Return 'nl' or 'en': ``?lang=`` first, then Accept-Language, then Dutch."""
    if "language" not in g:  # a page asks it dozens of times
        g.language = asked_language() or negotiate_language(request.headers.get("Accept-Language"))
    found: str = g.language
    return found


def asked_language() -> str:
    """Return what ``?lang=`` says where it is a language of ours, else ''."""
    asked = request.args.get("lang", "").lower()
    return asked if asked in LANGUAGES else ""


def relative(path: str) -> str:
    """Return the link from the requested URL to ``path`` (from the root, without a leading slash).

    Links are relative, so the bytes of a page do not depend on host or prefix, and a mirror can serve them.
    """
    return between(path, request.path.rpartition("/")[0] or "/")


def offered(profiles: Mapping[str, Sequence[Format]], extension: Format | None = None) -> Offers:
    """Return what this URL offers of a document's ``profiles`` (IRI to formats, the default first).

    The extension, ``_mediatype`` and ``_profile`` fix what they name; 406 where there is no such thing.
    """
    asked = request.args.get("_profile")
    open_profile = asked is None and len(profiles) > 1
    named = [iri for iri in profiles if iri]
    if not named:
        asked = None  # one profile without a name: nothing to choose
    left = {iri: tuple(formats) for iri, formats in profiles.items() if asked is None or _names(asked, iri)}
    media_type = request.args.get("_mediatype", "").replace(" ", "+").lower()  # '+' in a query is read as a space
    if extension is not None or media_type:
        left = {
            iri: tuple(f for f in _of_type(media_type, formats) if extension in {None, f})
            for iri, formats in left.items()
        }
    left = {iri: formats for iri, formats in left.items() if formats}
    if not left and extension is not None and not media_type and asked is None:
        abort(404)  # the URL of a form that there is not
    if not left:
        abort(not_acceptable([f for formats in profiles.values() for f in formats], named if asked else []))
    open_format = extension is None and not media_type
    return _offers(tuple(left.items()), open_format, open_profile and len(left) > 1, asked_language())


_offers = lru_cache(maxsize=1024)(Offers)  # most documents offer the same, and decisions are remembered by offers


def _names(asked: str, iri: str) -> bool:
    """Tell whether ``_profile`` means this profile: by its IRI or by its token, the last part of it."""
    return asked in {iri, iri.rpartition("/")[2]}


def _of_type(media_type: str, formats: Sequence[Format]) -> Sequence[Format]:
    """Return the formats that a media type or an extension names; by an alias only where it names none itself."""
    if not media_type:
        return formats
    exact = [format_ for format_ in formats if media_type in {format_.name, format_.media_type}]
    return exact or [format_ for format_ in formats if media_type in format_.aliases]


def wanted(*formats: Format) -> Choice:
    """Return the one of ``formats`` that the client wants most, where Accept alone decides."""
    return decide(offer(*formats))


def decide(offers: Offers, links: Callable[[], Sequence[Link]] = list) -> Choice:
    """Return the representation that the client wants most; 406 with the list, and ``links``, if none will do."""
    choice = choose(offers, wishes(request.environ))
    if choice is None:
        abort(not_acceptable([f for _, formats in offers.profiles for f in formats], links=links()))
    g.offers, g.choice = offers, choice
    return choice


def not_acceptable(formats: Sequence[Format], profiles: Sequence[str] = (), links: Sequence[Link] = ()) -> Response:
    """Return a 406 that says what there is."""
    types = ", ".join(dict.fromkeys(format_.media_type for format_ in formats))
    if profiles:
        names = ", ".join(iri.rpartition("/")[2] for iri in profiles)
        text = Text(
            f"Dit is er niet in deze vorm of dit profiel. Profielen: {names}. Vormen: {types}.",
            f"There is nothing of this type or profile. Profiles: {names}. Types: {types}.",
        )
    else:
        text = Text(
            f"Geen van de gevraagde vormen is er. Wel: {types}.", f"None of the types asked for. There are: {types}."
        )
    return problem(406, text, links=links)


def reply(body: str | Parts, choice: Choice, links: Sequence[Link] = (), location: str = "") -> Response:
    """Return a 200 of what was decided on; ``location`` is the path of the representation itself."""
    response = Response(body, content_type=choice.format.content_type)
    response.headers["Vary"] = g.offers.vary
    if choice.language:
        response.headers["Content-Language"] = choice.language
    if choice.profile:
        response.headers["Content-Profile"] = f"<{choice.profile}>"
    if location:
        response.headers["Content-Location"] = relative(location)
    if links:
        response.headers["Link"] = header(links)
    if "modified" in g and (day := release().modified(g.modified)) is not None:
        response.headers["Last-Modified"] = http_date(day)
    return response


def redirect(path: str, status: int) -> Response:
    """Return a redirect, relative to the request; what was asked for in the query is asked for again."""
    query = {name: value for name, value in request.args.items() if name in PARAMETERS}
    target = relative(path) + (f"?{urlencode(query)}" if query else "")
    body = f'<!doctype html>\n<title>{status}</title>\n<a href="{escape(target)}">{escape(target)}</a>\n'
    response = Response(body, status=status, content_type=HTML.content_type)
    response.headers["Location"] = target
    # the 404 and 410 of this URL are negotiated, and so is what it leads to
    response.headers["Vary"] = "Accept, Accept-Profile, Accept-Language, Accept-Encoding"
    if not request.query_string:
        g.offers, g.choice = NOTHING, None
    return response


def problem(
    status: int,
    text: Text,
    line: int | None = None,
    column: int | None = None,
    links: Sequence[Link] = (),
) -> Response:
    """Return a problem as a page for people or as problem+json (RFC 9457) for programs, by Accept.

    ``links`` are ways on: they stand in the body and in the Link header.
    """
    format_ = negotiate(request.headers.get("Accept"), (_PROBLEM, HTML)) or _PROBLEM
    said = text.in_language(language())
    if format_ == HTML:
        page: Callable[[str], str] | None = g.get("problem_page")
        body = page(said) if page else render_template("problem.html", status=status, text=said, links=links)
    else:
        ways = [{"href": link.target, "rel": link.rel, "type": link.type or None} for link in links]
        about = {
            "type": "about:blank",
            "status": status,
            "title": HTTPStatus(status).phrase,
            "detail": said,
            "line": line,
            "column": column,
            "links": [{key: value for key, value in way.items() if value} for way in ways] or None,
        }
        body = json.dumps({key: value for key, value in about.items() if value is not None}, ensure_ascii=False) + "\n"
    response = Response(body, status=status, content_type=format_.content_type)
    response.headers["Vary"] = "Accept, Accept-Language, Accept-Encoding"
    response.headers["Content-Language"] = language()
    response.headers["Cache-Control"] = "no-store"
    if links:
        response.headers["Link"] = header(links)
    return response
