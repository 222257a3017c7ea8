"""``/release``: which releases there are, and each of them by name: what it is, how to cite it, and its own services.

The views of ``/sparql`` and ``/queries/{name}`` answer here too, on the release that the URL names.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, abort, current_app, g, render_template, request

from wijkengids.errors import Text
from wijkengids.model.formats import (
    CITATION_FORMATS,
    CSV,
    CSVW,
    GEOJSON,
    GRAPH_FORMATS,
    HTML,
    JSON,
    PARQUET,
    RESULTS_FORMATS,
    RQ,
    XLSX,
    Format,
)
from wijkengids.release.shelf import Edition, Shelf
from wijkengids.web import citing, questions, sparql
from wijkengids.web.links import Link
from wijkengids.web.protocol import read
from wijkengids.web.respond import decide, offered, problem, relative, reply
from wijkengids.web.respond import release as held

rooms = Blueprint("releases", __name__)

_FOREVER = "public, max-age=31536000, immutable"
_FORMATS = (JSON, HTML)
_LASTING = {
    f.media_type for f in (*RESULTS_FORMATS, *GRAPH_FORMATS, JSON, CSV, CSVW, GEOJSON, XLSX, PARQUET, RQ)
}  # not pages and citations: their words are this software's
_NAMED = 10
"""Releases that a message names; the list has them all."""


@rooms.get("/release")
def releases() -> Response:
    """List the releases: work releases, and the published ones from new to old."""
    choice = decide(replace(offered({"": _FORMATS}), spoken=(HTML,)))
    editions = _shelf().editions()
    links = [Link(relative(f"release/{each.ref}"), "item") for each in editions if each.name]
    if choice.format == HTML:
        body = render_template("releases.html", editions=editions, current=held().release.name)
    else:
        body = _json({"releases": [_facts(each) for each in editions]})
    response = reply(body, choice, links)
    g.pop("offers")  # what is on disk belongs to no release: the frozen layer does not keep it
    return response


@rooms.get("/release/<version>")
def release(version: str) -> Response:
    """Say what a release is, where to ask it, and how to cite it."""
    name, fixed = _cut(version)
    edition = _take(name)
    g.stem = f"release/{name}"
    citable = citing.whole()
    links = citable.links
    links += [Link(relative(f"release/{edition.ref}.{f.name}"), "describedby", f.media_type) for f in CITATION_FORMATS]
    offer = offered({"": (*_FORMATS, *CITATION_FORMATS)}, fixed)
    choice = decide(replace(offer, spoken=(HTML, *CITATION_FORMATS)), lambda: links)
    if choice.format == HTML:
        asked = held().questions.values()
        body = render_template("release.html", citing=citable.section, manifest=held().release.manifest, asked=asked)
    elif choice.format == JSON:
        manifest = held().release.manifest
        counted = {"base": manifest.base, "triples": manifest.triples, "classes": manifest.classes}
        body = _json(_facts(edition) | counted)
    else:
        body = citable.written(choice.format, choice.language)
    return reply(body, choice, links, "" if fixed else f"release/{name}.{choice.format.name}")


@rooms.route("/release/<version>/sparql", methods=["GET", "POST"])
def ask(version: str) -> Response:
    """Answer a query on that release."""
    edition = _take(version)
    response = sparql.sparql()
    text = read().text
    return _lasting(response, edition) if text is not None and citing.is_steady(text) else response


@rooms.get("/release/<version>/queries/<name>")
def question(version: str, name: str) -> Response:
    """Answer a question of that release, as it was put then."""
    edition = _take(version)
    response = questions.question(name)
    asked = held().questions[name.partition(".")[0]]
    return _lasting(response, edition) if citing.is_steady(asked.query) else response


def _take(name: str) -> Edition:
    """Make the release that a URL names the one of this request; 404 where there is none, 410 where it is gone."""
    found = _shelf().find(name)
    if found is None:
        abort(_unknown(name))
    if not found.name:
        abort(_gone(found))
    g.release = _shelf().open(found, held())
    g.edition, g.at = found, f"release/{found.ref}/"
    return found


def _lasting(response: Response, edition: Edition) -> Response:
    """Let caches keep the data of a published version for good: nothing can change it but what others say of it."""
    told = "Cache-Control" in response.headers
    if edition.version and not told and request.method in {"GET", "HEAD"} and response.mimetype in _LASTING:
        response.headers["Cache-Control"] = _FOREVER
    return response


def _cut(name: str) -> tuple[str, Format | None]:
    """Split a format's extension off a name; a version has dots of its own."""
    for format_ in (*CITATION_FORMATS, *_FORMATS):
        if name.endswith(f".{format_.name}"):
            return name.removesuffix(f".{format_.name}"), format_
    return name, None


def _facts(edition: Edition) -> dict[str, Any]:
    """Return what the list says of a release; one that is gone has no addresses."""
    known: dict[str, Any] = {
        "version": edition.version or None,
        "date": edition.date or None,
        "digest": edition.digest,
        "available": edition.name != "",
    }
    if edition.name:
        current: str = current_app.extensions["follower"].get().release.name
        known |= {
            "current": edition.name == current,
            "url": relative(f"release/{edition.ref}"),
            "sparql": relative(f"release/{edition.ref}/sparql"),
            "cite": {f.media_type: relative(f"release/{edition.ref}.{f.name}") for f in CITATION_FORMATS},
        }
    return known


def _json(about: dict[str, Any]) -> str:
    return json.dumps(about, ensure_ascii=False, indent=1) + "\n"


def _shelf() -> Shelf:
    found: Shelf = current_app.extensions["shelf"]
    return found


def _there(editions: Sequence[Edition]) -> str:
    """Return the names of the newest releases that are on disk, published ones first."""
    names = sorted((each for each in editions if each.name), key=lambda each: not each.version)
    return ", ".join(each.version or each.digest[:12] for each in names[:_NAMED])


def _unknown(name: str) -> Response:
    there = _there(_shelf().editions())
    text = Text(
        f"Er is geen uitgave '{name[:100]}'. Noem een versie of een digest (ten minste 12 tekens). Er zijn: {there}.",
        f"There is no release '{name[:100]}'. Name a version or a digest (at least 12 characters). There are: {there}.",
    )
    return problem(404, text, links=[Link(relative("release"), "version-history", "text/html")])


def _gone(edition: Edition) -> Response:
    there = _there(_shelf().editions())
    text = Text(
        f"Versie {edition.version} van {edition.date} is gepubliceerd, maar staat niet meer op deze server. Er zijn:"
        f" {there}. Wie de bron heeft, krijgt haar terug door de inhoud van toen opnieuw te bouwen (wijkengids build;"
        f" digest {edition.digest}).",
        f"Version {edition.version} of {edition.date} was published, but is no longer on this server. There are:"
        f" {there}. Who has the source gets it back by building the content of then again (wijkengids build; digest"
        f" {edition.digest}).",
    )
    return problem(410, text, links=[Link(relative("release"), "version-history", "text/html")])
