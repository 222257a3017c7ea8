"""``/sparql``: the SPARQL 1.1 Protocol for queries, answered by the engine, and a form for people."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, current_app, g, request

from wijkengids.engine.federation.services import Services
from wijkengids.engine.policy import inspect
from wijkengids.engine.protocol import Parts, Question
from wijkengids.model.formats import (
    CITATION_FORMATS,
    GRAPH_FORMATS,
    HTML,
    RESULTS_CSV,
    RESULTS_FORMATS,
    TURTLE,
)
from wijkengids.model.negotiate import Choice, Offers
from wijkengids.web import citing, protocol, service, workbench
from wijkengids.web.citing import Citable
from wijkengids.web.enquire import ask, joined, turn
from wijkengids.web.respond import decide, offered, release, reply, wanted

rooms = Blueprint("sparql", __name__)

FOR_READERS = (HTML, *CITATION_FORMATS)
"""Formats that people read, in their language."""
ROWS, GRAPHS = (
    Offers((("", (*formats, *FOR_READERS)),), spoken=FOR_READERS) for formats in (RESULTS_FORMATS, GRAPH_FORMATS)
)
"""What there is to choose from where the URL says no more than the query."""


@rooms.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query given by GET, by POST form or by POST direct; show the form where there is none."""
    asked = protocol.read()
    if asked.text is None:
        choice = wanted(*GRAPH_FORMATS, HTML)
        return reply(workbench.page("") if choice.format == HTML else service.description(choice.format), choice)
    text = asked.text
    g.problem_page = lambda said: workbench.page(
        text, said
    )  # who asks on the page gets the query back with what is wrong
    services: Services | None = current_app.extensions["services"]
    federation = services.for_one_query() if services else None
    form, query = inspect(text, release().base.prefixes(), federation.addresses if federation else None)
    federated = federation is not None and federation.used_in(query)
    choice = decide(_offers(GRAPHS if form.is_graph else ROWS))
    chosen, citable = choice.format, citing.query(asked, text)
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
        federated=federated,
        client=turn(request.remote_addr),
    )
    found = ask(question)
    if federation and federated:
        found = joined(found)
        federation.check()
    if chosen == HTML:
        found = workbench.page(text, result=workbench.shown(joined(found), form), citable=citable).encode()
    response = _sent(found, choice, citable)
    if federated or not citing.is_steady(asked.text):
        g.parameters = frozenset()  # not kept
    if federated:
        response.headers["Cache-Control"] = "no-store"  # what others say is no part of the release, and may change
    return response


def _sent(body: str | Parts, choice: Choice, citable: Citable) -> Response:
    response = reply(body, choice, citable.links)
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    return response


def _offers(offers: Offers) -> Offers:
    """Return what there is to choose from, less what the URL fixes."""
    g.parameters = frozenset({"query"})
    if not {"_mediatype", "lang"} & request.args.keys():
        return offers
    return replace(offered(dict(offers.profiles)), spoken=offers.spoken)
