"""``/search``: names that are like what was typed, as a page and as JSON; for readers and for autocompletion."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, render_template, request
from flask_babel import gettext as _

from wijkengids.errors import Text
from wijkengids.knowledge.findings import did_you_mean
from wijkengids.model.formats import HTML, JSON, Format
from wijkengids.model.labels import best, pick
from wijkengids.model.negotiate import LANGUAGES
from wijkengids.release.search import Found, Hit, Kind
from wijkengids.web.given import bad, once, whole
from wijkengids.web.links import Link
from wijkengids.web.pages import Value, href
from wijkengids.web.respond import decide, language, offered, relative, release, reply

rooms = Blueprint("search", __name__)

LONGEST = 200
"""Characters of ``q``; no name that anyone types is longer."""
SHOWN, MOST_SHOWN = 20, 100
"""Results where ``limit`` is not given, and the most that it may ask for."""
PARAMETERS = ("q", "kind", "limit", "lang", "_mediatype")
_ASKED = PARAMETERS[:3]
"""What the search is, apart from language and format."""

_OTHERS = {
    "skos:Concept": Text("begrip", "concept"),
    "skos:ConceptScheme": Text("begrippenlijst", "list of concepts"),
    "owl:Class": Text("klasse", "class"),
    "owl:ObjectProperty": Text("eigenschap", "property"),
    "owl:DatatypeProperty": Text("eigenschap", "property"),
    "owl:AnnotationProperty": Text("eigenschap", "property"),
    "prov:Bundle": Text("graaf", "graph"),
    "sf:Point": Text("punt", "point"),
}
"""What classes of others are called here."""


@dataclass(frozen=True)
class Result:
    """One result on the page: its link, its kind, what tells it apart; the name that matched, if it is another."""

    link: Value
    kind: str
    context: str
    matched: str
    matched_language: str


@rooms.get("/search")
def search() -> Response:
    """Search all names: exact ones first, then beginnings, words, and names that are spelt almost so."""
    return _answer(None)


@rooms.get("/search.json")
def as_json() -> Response:
    """Search all names, as JSON: for autocompletion."""
    return _answer(JSON)


def _answer(fixed: Format | None) -> Response:
    links = [Link(relative(_path(JSON)), "alternate", JSON.media_type)]
    choice = decide(replace(offered({"": (JSON, HTML)}, fixed), spoken=(JSON, HTML)), lambda: links)
    typed, kind, limit = _given(choice.format)
    found = release().index.search(typed, kind.iri if kind else None, limit)
    if choice.format == JSON:
        body = json.dumps(_described(typed, kind, found), ensure_ascii=False, indent=1) + "\n"
    else:
        g.stem, g.asked = "search", _ASKED
        body = render_template("search.html", **_page(typed, kind, limit, found))
    response = reply(body, choice, [] if fixed else links)
    response.headers["Cache-Control"] = "no-store"
    return response


def _given(format_: Format) -> tuple[str, Kind | None, int]:
    """Return what is searched, of which class, and how many; 400 that names a parameter that is wrong."""
    once(PARAMETERS, PARAMETERS)
    typed = request.args.get("q", "").strip()
    if not typed and format_ != HTML:
        abort(bad("Parameter 'q' is leeg: geef een naam, of het begin ervan.", "Parameter 'q' is empty: give a name."))
    if len(typed) > LONGEST:
        abort(bad(f"Parameter 'q' is langer dan {LONGEST} tekens.", f"Parameter 'q' is over {LONGEST} characters."))
    spoken = request.args.get("lang", "nl")
    if spoken.lower() not in LANGUAGES:
        abort(bad("Parameter 'lang' moet nl of en zijn.", "Parameter 'lang' must be nl or en."))
    return typed, _kind(request.args.get("kind", "").strip()), whole("limit", SHOWN, MOST_SHOWN)


def _kind(given: str) -> Kind | None:
    """Return the class that was given as 'wg:Wijk' or as IRI; None for ''; 400 where no named thing is of it."""
    kinds = release().index.kinds
    prefix, _colon, local = given.partition(":")
    iri = release().base.prefixes().get(prefix, "") + local if prefix in release().base.prefixes() else given
    if given and iri not in kinds:
        shorts = [release().base.shorten(known) for known in kinds]
        nl, en = did_you_mean(given[:100], shorts, str, 0.5)
        abort(
            bad(
                f"Parameter 'kind': er is niets met een naam van klasse '{given[:100]}'{nl or ', zoals wg:Wijk.'}",
                f"Parameter 'kind': nothing with a name is of class '{given[:100]}'{en or ', such as wg:Wijk.'}",
            )
        )
    return kinds.get(iri)


def _described(typed: str, kind: Kind | None, found: Found) -> dict[str, Any]:
    """Return the answer as plain values for JSON."""
    return {
        "query": typed,
        "kind": kind.iri if kind else None,
        "total": found.total,
        "totalRelation": "eq" if found.all else "gte",
        "results": [_result(hit) for hit in found.hits],
    }


def _result(hit: Hit) -> dict[str, Any]:
    thing = hit.thing
    label = _shown(thing.labels, language())
    return {
        "iri": thing.iri,
        "ref": release().base.ref(thing.iri),
        "url": href(release().base, thing.iri) or None,
        "label": label[0] if label else hit.matched,
        "lang": (label[1] if label else hit.language) or None,
        "kind": thing.kind.iri if thing.kind else None,
        "kindLabel": _kind_label(thing.kind) or None,
        "matched": hit.matched,
        "match": hit.how,
        "context": pick(thing.context, language()),
    }


def _shown(texts: Mapping[str, str], spoken: str) -> tuple[str, str] | None:
    """Return the text that a reader sees and its language; None where there is none."""
    chosen = best(texts, spoken)
    return None if chosen is None else (texts[chosen], chosen)


def _kind_label(kind: Kind | None) -> str:
    if kind is None:
        return ""
    short = release().base.shorten(kind.iri)
    other = _OTHERS[short].in_language(language()) if short in _OTHERS else short
    return pick(kind.labels, language()) or other


def _page(typed: str, kind: Kind | None, limit: int, found: Found) -> dict[str, Any]:
    """Return what the page shows; ways to narrow a search lead to one kind."""
    return {
        "typed": typed,
        "longest": LONGEST,
        "kind": Value(_kind_label(kind), relative(_path(None, kind=None)), kind.iri) if kind else None,
        "short": release().base.shorten(kind.iri) if kind else "",
        "results": [_row(hit) for hit in found.hits],
        "found": _said(found),
        "only": [
            Value(_kind_label(one), relative(_path(None, kind=release().base.shorten(one.iri))), note=str(number))
            for one, number in found.kinds.items()
        ]
        if len(found.kinds) > 1
        else [],
        "more": relative(_path(None, limit=str(MOST_SHOWN)))
        if len(found.hits) < found.total and limit < MOST_SHOWN
        else "",
    }


def _said(found: Found) -> str:
    if not found.all:
        said = _("Meer dan %(n)s gevonden; dit zijn de beste.", n=found.total)
    elif len(found.hits) < found.total:
        said = _("%(n)s gevonden; dit zijn de beste %(shown)s.", n=found.total, shown=len(found.hits))
    else:
        said = _("%(n)s gevonden", n=found.total)
    return str(said)


def _row(hit: Hit) -> Result:
    label = _shown(hit.thing.labels, language()) or (hit.matched, hit.language)
    link = Value(label[0], href(release().base, hit.thing.iri), hit.thing.iri, language=_foreign(label[1]))
    matched = hit.matched if hit.matched != label[0] else ""
    context = pick(hit.thing.context, language()) or ""
    return Result(link, _kind_label(hit.thing.kind), context, matched, _foreign(hit.language))


def _foreign(spoken: str) -> str:
    return spoken if spoken != language() else ""


def _path(format_: Format | None, **changed: str | None) -> str:
    """Return the path of this search, with some parameters changed or (None) left out."""
    asked = {name: value for name, value in request.args.items() if name in (*_ASKED, "lang")}
    left = {name: value for name, value in (asked | changed).items() if value}
    return "search" + (f".{format_.name}" if format_ else "") + (f"?{urlencode(left)}" if left else "")
