"""``/sparql``: the SPARQL 1.1 Protocol for queries, answered by the engine, and a form for people."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from flask import Blueprint, Response, current_app, render_template, request

from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.engine.protocol import Question
from wijkengids.model.formats import (
    CITATION_FORMATS,
    GRAPH_FORMATS,
    HTML,
    RESULTS_CSV,
    RESULTS_FORMATS,
    TURTLE,
)
from wijkengids.model.negotiate import Choice
from wijkengids.web import citing, protocol, service
from wijkengids.web.citing import Citable
from wijkengids.web.pages import cell
from wijkengids.web.respond import decide, language, offered, release, reply, wanted

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
    form, query = inspect(asked.text, release().base.prefixes())
    offers = GRAPH_FORMATS if form.is_graph else RESULTS_FORMATS
    offer = offered({"": (*offers, HTML, *CITATION_FORMATS)})
    choice = decide(replace(offer, spoken=(HTML, *CITATION_FORMATS)))
    chosen, citable = choice.format, citing.query(asked, asked.text)
    if chosen in CITATION_FORMATS:
        return _sent(citable.written(chosen, choice.language), choice, citable)
    written = chosen if chosen != HTML else TURTLE if form.is_graph else RESULTS_CSV
    question = Question(
        store=str(release().release.store),
        text=query,
        format=written.name,
        base=release().base.iri,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
    )
    body: bytes = current_app.extensions["engine"].query(question)
    return _sent(_page(asked.text, _shown(body, form), citable) if chosen == HTML else body, choice, citable)


def _sent(body: bytes | str, choice: Choice, citable: Citable) -> Response:
    response = reply(body, choice, citable.links)
    if request.method == "POST":
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


def _page(text: str, result: dict[str, object] | None, citable: Citable | None = None) -> str:
    section = (citable or citing.endpoint()).section
    questions = [(q.number, q.title.in_language(language()), q.query) for q in release().questions.values()]
    text = text or questions[0][2]
    return render_template("sparql.html", text=text, result=result, questions=questions, citing=section)
