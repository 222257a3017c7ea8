"""``/sparql``: the SPARQL 1.1 Protocol for queries, answered by the engine, and a form for people."""

from __future__ import annotations

import csv
import io

from flask import Blueprint, Response, current_app, g, render_template, request

from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.engine.protocol import Question
from wijkengids.model.formats import (
    GRAPH_FORMATS,
    HTML,
    RESULTS_CSV,
    RESULTS_FORMATS,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    TURTLE,
    Format,
)
from wijkengids.web import protocol, service
from wijkengids.web.built import built
from wijkengids.web.pages import cell, example
from wijkengids.web.respond import relative, release, reply, wanted

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
    text = asked.text
    g.problem_page = lambda said: _page(text, None, said)  # who asks on the page gets the query back with what is wrong
    form, query = inspect(asked.text, release().base.prefixes())
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
    )
    body: bytes = current_app.extensions["engine"].query(question)
    response = reply(_page(asked.text, _shown(body, form)) if chosen == HTML else body, choice)
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


def _page(text: str, result: dict[str, object] | None, problem: str = "") -> str:
    """Return the page: the form with a query (the first example for ''), its answer, or what is wrong with it."""
    questions = [(question, example(question, question.query)) for question in release().questions.values()]
    return render_template(
        "sparql.html",
        text=text or questions[0][1],
        result=result,
        problem=problem,
        questions=questions,
        built=built("werkbank"),
        given={
            "base": release().base.iri,
            "root": relative(""),
            "terms": relative("sparql/terms.json"),
            "search": relative("search.json"),
            "tables": _downloads(RESULTS_CSV, RESULTS_TSV, RESULTS_JSON, RESULTS_XML),
            "graphs": _downloads(*GRAPH_FORMATS),
            "citations": [],
        },
    )


def _downloads(*formats: Format) -> list[dict[str, str]]:
    """Return forms of an answer for the workbench; .json and .xml are names of files that computers know."""
    common = {"srj": "json", "srx": "xml"}
    return [{"label": f.label, "type": f.media_type, "extension": common.get(f.name, f.name)} for f in formats]
