"""``/openapi.json``: every URL of this application and every question, for programs that make their own client (3.1).

Made from the URL map: the first line of each view is its summary, so a route cannot be left out. A question is a path
of its own, with its parameters and the formats that its answer comes in.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app
from pyoxigraph import DefaultGraph, NamedNode
from werkzeug.routing import Rule

from wijkengids import __version__
from wijkengids.documents.choices import MOST_SHOWN, things
from wijkengids.knowledge.questions import Parameter, Question
from wijkengids.model.formats import (
    CITATION_FORMATS,
    CSV,
    GEOJSON,
    GRAPH_FORMATS,
    HTML,
    JSON,
    LINKSET,
    LINKSET_JSON,
    RESOURCE_FORMATS,
    RESULTS_FORMATS,
    Format,
)
from wijkengids.model.negotiate import LANGUAGES, offer
from wijkengids.model.vocab import OWL
from wijkengids.web import search
from wijkengids.web.citing import edition
from wijkengids.web.questions import LARGEST_PAGE, PAGE_SIZE, formats_of
from wijkengids.web.respond import decide, language, release, reply

rooms = Blueprint("openapi", __name__)

_FORMATS: dict[str, tuple[Format, ...]] = {
    "resources.home": (HTML, *GRAPH_FORMATS),
    "resources.document": RESOURCE_FORMATS,
    "resources.profile": tuple(f for f in RESOURCE_FORMATS if f != GEOJSON),
    "resources.linkset": (LINKSET_JSON, LINKSET),
    "terms.terms": (*GRAPH_FORMATS, HTML),
    "files.dump": GRAPH_FORMATS,
    "sparql.sparql": (*RESULTS_FORMATS, *GRAPH_FORMATS, HTML, *CITATION_FORMATS),
    "completion.terms": (JSON,),
    "service.void": (*GRAPH_FORMATS, HTML),
    "questions.questions": (JSON, HTML),
    "releases.releases": (JSON, HTML),
    "releases.release": (JSON, HTML, *CITATION_FORMATS),
    "releases.ask": (*RESULTS_FORMATS, *GRAPH_FORMATS, HTML, *CITATION_FORMATS),
    "releases.question": (JSON, HTML, *CITATION_FORMATS),
    "search.search": (JSON, HTML),
    "search.as_json": (JSON,),
    "openapi.openapi": (JSON,),
}
"""What an endpoint answers with; of one that is not here only the status is told."""
_REDIRECTS = {"resources.identifier": "303", "terms.version": "303", "service.well_known": "303"}
_EXAMPLES = {
    "resources.identifier": {"ref": "wijk/poelenburg"},
    "resources.document": {"ref": "wijk/poelenburg"},
    "resources.linkset": {"ref": "wijk/poelenburg"},
    "resources.profile": {"name": "volledig"},
    "files.static": {"filename": "wijkengids.css"},
}
_LANGUAGE = {
    "name": "lang",
    "in": "query",
    "description": "Language of labels and titles; goes before Accept-Language",
    "schema": {"type": "string", "enum": list(LANGUAGES)},
}
_SEARCH: list[dict[str, Any]] = [
    {
        "name": "q",
        "in": "query",
        "required": True,
        "description": "A name, the beginning of one, words of it, or a name that is misspelt",
        "schema": {"type": "string", "maxLength": search.LONGEST},
        "example": "poelenburg",
    },
    {
        "name": "kind",
        "in": "query",
        "description": "Only things of this class: wg:Wijk, or its IRI",
        "schema": {"type": "string"},
        "example": "wg:Wijk",
    },
    {
        "name": "limit",
        "in": "query",
        "description": "Most results",
        "schema": {"type": "integer", "minimum": 1, "maximum": search.MOST_SHOWN, "default": search.SHOWN},
    },
    _LANGUAGE,
]
_SCHEMAS: dict[str, dict[str, Any]] = {
    "iri": {"type": "string"},
    "jaar": {"type": "string", "pattern": "^[0-9]{4}$"},
    "getal": {"type": "string", "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"},
    "taal": {"type": "string", "pattern": "^[a-z]{2,3}(-[A-Za-z0-9]+)*$"},
    "tekst": {"type": "string"},
}
_PROBLEM = {"description": "A problem in words (RFC 9457)", "content": {"application/problem+json": {}}}


@rooms.get("/openapi.json")
def openapi() -> Response:
    """Describe this application in OpenAPI 3.1."""
    choice = decide(replace(offer(JSON), spoken=(JSON,)))
    return reply(json.dumps(_described(), ensure_ascii=False, indent=1) + "\n", choice)


def _described() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "questions.question":
            continue  # below, each question by name
        for path in _paths(rule):
            paths[path] = _operations(rule, path)
    for question in release().questions.values():
        paths[f"/queries/{question.name}"] = {"get": _asking(question)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "wijkengids",
            "version": __version__,
            "description": "The Dutch neighbourhood guide as linked data. Every URL answers GET and HEAD.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": "."}],  # where this description is, there is the rest
        "paths": paths,
    }


def _paths(rule: Rule) -> list[str]:
    """Return the path templates of a rule; a choice of fixed names is a path for each."""
    choice = re.search(r"<any\(([^)]*)\):(\w+)>", rule.rule)
    names = [name.strip() for name in choice[1].split(",")] if choice else [""]
    rules = [(rule.rule.replace(choice[0], name) if choice else rule.rule) for name in names]
    return [re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", text) for text in rules]


def _operations(rule: Rule, path: str) -> dict[str, Any]:
    """Return the operations of a path; HEAD goes without saying."""
    view = current_app.view_functions[rule.endpoint]
    found = {}
    for method in sorted((rule.methods or set()) & {"GET", "POST"}):
        operation: dict[str, Any] = {
            "summary": (view.__doc__ or rule.endpoint).strip().partition("\n")[0],
            "operationId": f"{method.lower()}_{re.sub(r'[^a-z]+', '_', path.strip('/')) or 'home'}",
            "parameters": [_in_path(rule.endpoint, name) for name in re.findall(r"{(\w+)}", path)],
            "responses": _responses(rule.endpoint),
        }
        if rule.endpoint.startswith("search."):
            operation["parameters"] += _SEARCH
        if rule.endpoint in {"sparql.sparql", "releases.ask"}:
            _ask_in(operation, method)
        found[method.lower()] = operation
    return found


def _in_path(endpoint: str, name: str) -> dict[str, Any]:
    example = _EXAMPLES.get(endpoint, {}).get(name, "ttl" if name == "extension" else None)
    if endpoint == "terms.version":
        found = next(release().store.quads_for_pattern(None, OWL["versionIRI"], None, DefaultGraph()), None)
        example = str(found.object.value).rpartition("/")[2] if found and isinstance(found.object, NamedNode) else None
    if endpoint.startswith("releases."):
        example = edition().ref if name == "version" else next(iter(release().questions), None)
    told: dict[str, Any] = {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    return told | ({"example": example} if example is not None else {})


def _responses(endpoint: str) -> dict[str, Any]:
    if endpoint in _REDIRECTS:
        return {_REDIRECTS[endpoint]: {"description": "See the URL in Location"}, "default": _PROBLEM}
    formats = _FORMATS.get(endpoint, ())
    answer: dict[str, Any] = {"description": "The answer, in the format that Accept asks for or the URL names"}
    if formats:
        answer["content"] = {format_.media_type: {} for format_ in formats}
    return {"200": answer, "default": _PROBLEM}


def _ask_in(operation: dict[str, Any], method: str) -> None:
    """Add how a query is sent, by GET or by POST (SPARQL 1.1 Protocol)."""
    if method == "GET":
        example = "SELECT * WHERE { ?s ?p ?o } LIMIT 1"
        operation["parameters"].append(
            {"name": "query", "in": "query", "schema": {"type": "string"}, "example": example}
        )
    else:
        form = {"type": "object", "properties": {"query": {"type": "string"}}, "required": ["query"]}
        operation["requestBody"] = {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {"schema": form},
                "application/sparql-query": {"schema": {"type": "string"}},
            },
        }


def _asking(question: Question) -> dict[str, Any]:
    """Return the operation of one question."""
    formats = formats_of(question)
    paging = {"type": "integer", "minimum": 1}
    more = [
        {"name": "_page", "in": "query", "description": "Page (HTML and JSON)", "schema": {**paging, "default": 1}},
        {
            "name": "_size",
            "in": "query",
            "description": "Rows on a page (HTML and JSON)",
            "schema": {**paging, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
        },
        {
            "name": "bom",
            "in": "query",
            "description": "1: begin CSV with a byte order mark, for spreadsheets",
            "schema": {"type": "string", "enum": ["0", "1"]},
        },
    ]
    return {
        "summary": question.title.in_language(language()),
        "description": question.description.in_language(language()),
        "operationId": f"question_{question.name.replace('-', '_')}",
        "tags": ["queries"],
        "parameters": [
            *(_parameter(parameter) for parameter in question.parameters),
            _LANGUAGE,
            {
                "name": "_mediatype",
                "in": "query",
                "description": "Media type or extension; goes before Accept. Or put the extension behind the path",
                "schema": {"type": "string", "enum": [f.name for f in (*formats, *CITATION_FORMATS)]},
            },
            *(more if CSV in formats else []),
        ],
        "responses": {
            "200": {
                "description": "The answer; with the defaults it is part of the release",
                "content": {format_.media_type: {} for format_ in (*formats, *CITATION_FORMATS)},
            },
            "400": {**_PROBLEM, "description": "A parameter is wrong; it is named"},
            "default": _PROBLEM,
        },
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Return a parameter of a question, with its default and, for things, some to choose from."""
    known = things(release(), parameter)[:MOST_SHOWN]
    found: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.label.in_language(language()),
        "schema": _SCHEMAS[parameter.kind] | {"default": parameter.default},
    }
    if known:
        found["description"] += " (label, short name or IRI)"
        found["examples"] = {each.short.replace(":", "-"): {"value": each.short} for each in known[:5]}
    return found
