"""The page of ``/sparql`` for people: a form that always works, and what the workbench in a browser builds upon it."""

from __future__ import annotations

import csv
import io

from flask import render_template

from wijkengids.engine.policy import QueryForm
from wijkengids.model.formats import (
    CITATION_FORMATS,
    GRAPH_FORMATS,
    RESULTS_CSV,
    RESULTS_JSON,
    RESULTS_TSV,
    RESULTS_XML,
    Format,
)
from wijkengids.web import citing
from wijkengids.web.built import built
from wijkengids.web.citing import Citable
from wijkengids.web.pages import cell, example
from wijkengids.web.respond import relative, release

_SHOWN_ROWS = 1000
"""Rows that the page shows; a download has them all."""


def page(text: str, problem: str = "", result: dict[str, object] | None = None, citable: Citable | None = None) -> str:
    """Return the page: the form with a query (the first example for ''), its answer, or what is wrong with it."""
    questions = [(question, example(question, question.query)) for question in release().questions.values()]
    return render_template(
        "sparql.html",
        text=text or questions[0][1],
        result=result,
        problem=problem,
        questions=questions,
        citing=(citable or citing.endpoint()).section,
        built=built("werkbank"),
        given={
            "base": release().base.iri,
            "root": relative(""),
            "terms": relative("sparql/terms.json"),
            "search": relative("search.json"),
            "tables": _downloads(RESULTS_CSV, RESULTS_TSV, RESULTS_JSON, RESULTS_XML),
            "graphs": _downloads(*GRAPH_FORMATS),
            "citations": _downloads(*CITATION_FORMATS),
        },
    )


def shown(body: bytes, form: QueryForm) -> dict[str, object]:
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


def _downloads(*formats: Format) -> list[dict[str, str]]:
    """Return forms of an answer for the workbench; .json and .xml are names of files that computers know."""
    common = {"srj": "json", "srx": "xml"}
    return [{"label": f.label, "type": f.media_type, "extension": common.get(f.name, f.name)} for f in formats]
