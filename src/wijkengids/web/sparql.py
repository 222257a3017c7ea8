"""``/sparql``: the SPARQL 1.1 Protocol for queries, answered by the engine, and a form for people."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, current_app, render_template, request

from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.engine.protocol import Question
from wijkengids.engine.services import Services
from wijkengids.model.formats import GRAPH_FORMATS, HTML, RESULTS_CSV, RESULTS_FORMATS, TURTLE
from wijkengids.web import protocol, service
from wijkengids.web.pages import cell
from wijkengids.web.respond import language, release, reply, wanted

rooms = Blueprint("sparql", __name__)

_SHOWN_ROWS = 1000
"""Rows that the page shows; a download has them all."""


@rooms.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query given by GET, by POST form or by POST direct; show the form where there is none."""
    asked = protocol.read()
    if asked.text is None:
        choice = wanted(*GRAPH_FORMATS, HTML)
        return reply(_page("", None) if choice.format == HTML else service.description(choice.format), choice)
    services: Services | None = current_app.extensions["services"]
    federation = services.for_one_query() if services else None
    form, query = inspect(asked.text, release().base.prefixes(), federation.addresses if federation else None)
    federated = federation is not None and federation.used_in(query)
    offers = GRAPH_FORMATS if form.is_graph else RESULTS_FORMATS
    choice = wanted(*offers, HTML)
    chosen = choice.format
    written = chosen if chosen != HTML else TURTLE if form.is_graph else RESULTS_CSV
    question = Question(
        store=str(release().release.store),
        text=query,
        format=written.name,
        base=release().base.iri,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        federated=federated,
    )
    body: bytes = current_app.extensions["engine"].query(question)
    if federation and federated:
        federation.check()
    response = reply(_page(asked.text, _shown(body, form)) if chosen == HTML else body, choice)
    if request.method == "POST" or federated:  # what others say is no part of the release, and may change
        response.headers["Cache-Control"] = "no-store"
    return response


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
