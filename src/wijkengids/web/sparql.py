"""``/sparql``: the SPARQL 1.1 Protocol for queries, answered by the engine, and a form for people."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, current_app, render_template, request

from wijkengids.engine.policy import QueryForm, inspect, update_refused
from wijkengids.engine.protocol import Question
from wijkengids.errors import QueryInvalid
from wijkengids.model.formats import GRAPH_FORMATS, HTML, RESULTS_CSV, RESULTS_FORMATS, TURTLE
from wijkengids.model.negotiate import negotiate
from wijkengids.web import service
from wijkengids.web.pages import cell
from wijkengids.web.respond import language, release, reply, wanted

rooms = Blueprint("sparql", __name__)

_SHOWN_ROWS = 1000
"""Rows that the page shows; a download has them all."""


@rooms.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query given by GET, by POST form or by POST direct; show the form where there is none."""
    text, parameters = _query_text()
    if text is None:
        choice = wanted(*GRAPH_FORMATS, HTML)
        return reply(_page("", None) if choice.format == HTML else service.description(choice.format), choice)
    form, query = inspect(text, release().base.prefixes())
    offers = GRAPH_FORMATS if form.is_graph else RESULTS_FORMATS
    choice = wanted(*offers, HTML)
    chosen = choice.format
    asked = chosen if chosen != HTML else TURTLE if form.is_graph else RESULTS_CSV
    question = Question(
        store=str(release().release.store),
        text=query,
        format=asked.name,
        base=release().base.iri,
        default_graphs=_graphs(parameters, "default-graph-uri"),
        named_graphs=_graphs(parameters, "named-graph-uri"),
    )
    body: bytes = current_app.extensions["engine"].query(question)
    response = reply(_page(text, _shown(body, form)) if chosen == HTML else body, choice)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _query_text() -> tuple[str | None, dict[str, list[str]]]:
    """Return the query, or None where a GET asks for nothing, and the protocol's other parameters."""
    parameters = {name: request.args.getlist(name) for name in request.args}
    if request.method == "POST" and request.mimetype == "application/sparql-query":
        return _utf8(request.get_data()), parameters
    if request.method == "POST":
        if request.mimetype == "application/sparql-update" or "update" in request.form:
            raise update_refused()
        parameters |= {name: request.form.getlist(name) for name in request.form}
    queries = parameters.get("query", [])
    if len(queries) > 1:
        raise QueryInvalid("Geef precies een 'query'; er zijn er meer.", "Give exactly one 'query'; there are more.")
    if not queries and request.method == "POST":
        raise QueryInvalid(
            "Er is geen 'query': stuur een formulier met query=..., of de vraag zelf als application/sparql-query.",
            "There is no 'query': send a form with query=..., or the query itself as application/sparql-query.",
        )
    empty = not queries or not queries[0].strip()
    if empty and queries and negotiate(request.headers.get("Accept"), (RESULTS_CSV, HTML)) != HTML:
        raise QueryInvalid("'query' is leeg.", "'query' is empty.")
    return (None if empty else queries[0]), parameters


def _utf8(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise QueryInvalid("De vraag is geen UTF-8.", "The query is not UTF-8.") from None


def _graphs(parameters: dict[str, list[str]], name: str) -> tuple[str, ...] | None:
    """Return the graph IRIs of a protocol parameter, or None where it was not given."""
    return tuple(parameters[name]) if name in parameters else None


def _shown(body: bytes, form: QueryForm) -> dict[str, object]:
    """Return an answer as the page shows it: Turtle as text, solutions as a table, a boolean as a word."""
    if form.is_graph:
        return {"turtle": body.decode()}
    if form == QueryForm.ASK:
        return {"answer": body.strip() == b"true"}
    header, *rows = csv.reader(io.StringIO(body.decode()))
    return {
        "header": header,
        "rows": [[cell(release(), text) for text in row] for row in rows[:_SHOWN_ROWS]],
        "count": len(rows),
    }


def _page(text: str, result: dict[str, object] | None) -> str:
    questions = [(q.number, q.title.in_language(language()), q.query) for q in release().questions.values()]
    return render_template("sparql.html", text=text or questions[0][2], result=result, questions=questions)
