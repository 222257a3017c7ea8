"""What a request to ``/sparql`` asks, read as SPARQL 1.1 Protocol section 2.1 has it: GET, POST form, POST direct."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import abort, request

from wijkengids.engine.policy import update_refused
from wijkengids.errors import QueryInvalid, Text
from wijkengids.model.formats import HTML, RESULTS_CSV
from wijkengids.model.negotiate import negotiate
from wijkengids.web.respond import problem

_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"


@dataclass(frozen=True)
class Asked:
    """A query, or None where a request asks for nothing, and its graphs (IRIs), None where it names none of a kind."""

    text: str | None
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None


def read() -> Asked:
    """Return what the current request asks.

    Raises QueryRefused for an update and QueryInvalid for what is no one query in UTF-8; 415 for a body of another
    type. The graphs of URL and form count together; parameters that the protocol does not have are not looked at.
    """
    _utf8(unquote_to_bytes(request.query_string))
    parameters = {name: request.args.getlist(name) for name in request.args}
    if request.method == "POST":
        body = request.get_data()  # before the form is read, so that both can be
        _refuse_other_types(body)
        if request.mimetype == _QUERY:
            parameters["query"] = [*parameters.get("query", ()), _utf8(body)]
        elif request.mimetype == _FORM:
            _utf8(unquote_to_bytes(body))
            for name in request.form:
                parameters[name] = [*parameters.get(name, ()), *request.form.getlist(name)]
    return Asked(_query(parameters), _graphs(parameters, "default-graph-uri"), _graphs(parameters, "named-graph-uri"))


def _query(parameters: dict[str, list[str]]) -> str | None:
    """Return the one query; None where a GET has none, or a browser sends its form empty."""
    if "update" in parameters or request.mimetype == _UPDATE:
        raise update_refused()
    queries = parameters.get("query", [])
    if len(queries) > 1:
        raise QueryInvalid("Geef precies een 'query'; er zijn er meer.", "Give exactly one 'query'; there are more.")
    if not queries and request.method == "POST":
        raise QueryInvalid(
            "Er is geen 'query': stuur een formulier met query=..., of de vraag zelf als application/sparql-query.",
            "There is no 'query': send a form with query=..., or the query itself as application/sparql-query.",
        )
    if not queries:
        return None
    if queries[0].strip():
        return queries[0]
    if negotiate(request.headers.get("Accept"), (RESULTS_CSV, HTML)) != HTML:
        raise QueryInvalid("De vraag is leeg ('query').", "The query is empty ('query').")
    return None


def _refuse_other_types(body: bytes) -> None:
    """Answer 415 to a body of a type, or in a charset, that the protocol does not have."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if not body or (request.mimetype in {_FORM, _QUERY, _UPDATE} and charset in {"utf-8", "utf8"}):
        return
    text = Text(
        f"Stuur een vraag als {_FORM} of als {_QUERY}, in UTF-8.", f"Send a query as {_FORM} or as {_QUERY}, in UTF-8."
    )
    response = problem(415, text)
    response.headers["Accept-Post"] = f"{_FORM}, {_QUERY}"
    abort(response)


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise QueryInvalid("De vraag is geen UTF-8.", "The query is not UTF-8.") from None


def _graphs(parameters: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    return tuple(parameters[name]) if name in parameters else None
