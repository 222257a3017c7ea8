"""The questions as an API: ``/queries`` lists them, ``/queries/{name}`` answers one, as a page or as data.

With its defaults a question is answered from the release; with other parameters by the engine, in a process of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, render_template, request
from pyoxigraph import RdfFormat, parse

from wijkengids.documents.answers import Page, Result, has_places, write_answer
from wijkengids.documents.results import Table, read_table, with_labels
from wijkengids.documents.titles import titles
from wijkengids.engine import protocol
from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.errors import Text
from wijkengids.knowledge.findings import did_you_mean
from wijkengids.knowledge.questions import Question
from wijkengids.model.formats import (
    CITATION_FORMATS,
    CSV,
    CSVW,
    GEOJSON,
    GRAPH_FORMATS,
    HTML,
    JSON,
    N_TRIPLES,
    PARQUET,
    RESULTS_JSON,
    RQ,
    TABLE_FORMATS,
    XLSX,
    Format,
)
from wijkengids.model.negotiate import Choice
from wijkengids.model.serialize import write
from wijkengids.release.answers import read_answer
from wijkengids.web import asking, citing
from wijkengids.web.citing import Citable
from wijkengids.web.enquire import ask, joined, turn
from wijkengids.web.given import bad, note_parameters, paging, values, whole
from wijkengids.web.links import Link
from wijkengids.web.pages import Value
from wijkengids.web.respond import (
    asked_language,
    at,
    decide,
    language,
    offered,
    problem,
    relative,
    release,
    reply,
)

rooms = Blueprint("questions", __name__)

PAGE_SIZE, LARGEST_PAGE = 100, 10_000
"""Rows on a page of HTML or JSON, and the most that ``_size`` may ask for."""
_BY_EXTENSION = {f.name: f for f in (*TABLE_FORMATS, *GRAPH_FORMATS, CSVW, RQ, HTML, RESULTS_JSON, *CITATION_FORMATS)}
_SPOKEN = (HTML, JSON, CSV, XLSX, PARQUET, GEOJSON, CSVW, *CITATION_FORMATS)
"""Formats with labels or titles in them: each exists in Dutch and in English."""
_PAGED = (HTML, JSON)


@rooms.get("/queries")
def questions() -> Response:
    """List the questions by number: what each asks, its parameters, and where its answer is."""
    choice = decide(replace(offered({"": (JSON, HTML)}), spoken=(JSON, HTML)))
    if choice.format == HTML:
        g.stem = "queries"
        listed = [(q, _downloads(q, {})) for q in release().questions.values()]
        return reply(render_template("questions.html", questions=listed), choice)
    return reply(asking.listed(release(), language(), formats_of), choice)


@rooms.get("/queries/<name>")
def question(name: str) -> Response:
    """Answer a question, with the parameters in the query string and else its defaults."""
    stem, dot, extension = name.partition(".")
    asked = release().questions.get(stem) or abort(_unknown(stem))
    form, _ = inspect(asked.query, release().base.prefixes())
    fixed = _BY_EXTENSION.get(extension)
    if dot and fixed is None:
        abort(404)
    formats = formats_of(asked)
    alone = [fixed] if fixed in {CSVW, RESULTS_JSON} and CSV in formats and fixed is not None else []
    choice = decide(
        replace(offered({"": (*formats, *alone, *CITATION_FORMATS)}, fixed), spoken=_SPOKEN),
        lambda: _ways(asked, formats, {}),
    )
    given, bound = values(asked)
    note_parameters(asked, given)
    size = whole("_size", PAGE_SIZE, LARGEST_PAGE)
    number = whole("_page", 1, 10**9)
    query = asked.bind(bound, release().base)
    location = "" if dot else _path(asked, choice.format, given | paging())
    citable = citing.question(asked, given, asking.values_shown(release(), asked, given))
    links = [*_ways(asked, formats, given), *citable.links]
    if choice.format in CITATION_FORMATS:
        return reply(citable.written(choice.format, choice.language), choice, links, location)
    if choice.format == RQ:
        return reply(query, choice, links, location)
    if form.is_graph:
        lines = _answer(asked, query, bool(bound), N_TRIPLES)
        return reply(_graph(asked, lines, given, choice, citable), choice, links, location)
    body = _answer(asked, query, bool(bound), RESULTS_JSON)
    if choice.format == RESULTS_JSON:
        return reply(body, choice, links, location)
    table = read_table(body)
    page = _page(choice.format, number, size, table.size)
    links += _turns(asked, fixed, page)
    return reply(_written(asked, given, table, choice, page, citable), choice, links, location)


def _written(
    asked: Question, given: Mapping[str, str], table: Table, choice: Choice, page: Page | None, citable: Citable
) -> str | bytes:
    """Return the answer in the format chosen."""
    table = replace(table, titles=titles(release(), asked, [column.name for column in table.columns]))
    if choice.format == HTML:
        assert page is not None  # noqa: S101 -- pages are what HTML is made in
        turns = {link.rel: link.target for link in _turns(asked, None, page)}
        g.stem = f"queries/{asked.name}"
        ways = _downloads(asked, given)
        shown = asking.page(release(), asked, given, table, page, ways, turns)
        return render_template("question.html", page=shown, citing=citable.section)
    address = f"{release().base.iri}{_path(asked, None, given)}"
    result = Result(
        name=asked.name,
        title=asked.title,
        description=asked.description,
        values=asking.values_shown(release(), asked, given),
        digest=release().release.manifest.digest,
        iri=address,
        table=with_labels(table, release().store, language()) if choice.format != JSON else table,
        language=language(),
    )
    if choice.format == JSON and page is not None:
        part = with_labels(table.page(page.number, page.size), release().store, language())
        result = replace(result, table=part)
    return write_answer(result, choice.format, page, request.args.get("bom") == "1")


def formats_of(asked: Question) -> tuple[Format, ...]:
    """Return what the answer to a question comes in; GeoJSON where there are geometries in the answer it began with."""
    form, query = inspect(asked.bind({}, release().base), release().base.prefixes())
    if form.is_graph:
        return (*GRAPH_FORMATS, RQ, HTML)
    formats: tuple[Format, ...] = (*TABLE_FORMATS, RQ, HTML)
    if form == QueryForm.ASK or not has_places(read_table(_answer(asked, query, False, RESULTS_JSON))):
        formats = tuple(f for f in formats if f != GEOJSON)
    return formats


def _graph(asked: Question, lines: bytes, given: Mapping[str, str], choice: Choice, citable: Citable) -> str | bytes:
    """Return the answer of a question that makes a graph, in the format chosen."""
    format_ = choice.format if choice.format != HTML else GRAPH_FORMATS[0]
    body = write(parse(lines, format=RdfFormat.N_TRIPLES), format_, release().base.prefixes())
    if choice.format != HTML:
        return body
    g.stem = f"queries/{asked.name}"
    page = asking.graph_page(release(), asked, given, body.decode(), _downloads(asked, given))
    return render_template("question.html", page=page, citing=citable.section)


def _answer(asked: Question, query: str, other: bool, format_: Format) -> bytes:
    """Return the answer from the release, or where ``other`` values than the defaults are asked, from the engine."""
    kept = None if other else read_answer(release().release.folder, asked.name, format_.name)
    if kept is not None:
        return kept
    _, text = inspect(query, release().base.prefixes())
    store, client = str(release().release.store), turn(request.remote_addr)
    return joined(ask(protocol.Question(store, text, format_.name, release().base.iri, client=client)))


def _page(format_: Format, number: int, size: int, total: int) -> Page | None:
    """Return the page of an answer that comes in pages; 404 past the last one."""
    if format_ not in _PAGED:
        if paging():
            abort(bad("'_page' en '_size' horen bij html en json.", "'_page' and '_size' go with html and json."))
        return None
    page = Page(number, size, total)
    if number > page.last:
        nl, en = f"Er zijn {page.last} bladzijden.", f"There are {page.last} pages."
        abort(problem(404, Text(nl, en)))
    return page


def _turns(asked: Question, fixed: Format | None, page: Page | None) -> list[Link]:
    """Return the links to the first, previous, next and last page; none where there is one page."""
    if page is None or page.last == 1:
        return []
    turns = {"first": 1, "prev": page.number - 1, "next": page.number + 1, "last": page.last}
    kept = {name: value for name, value in request.args.items() if name != "_page"}
    return [
        Link(relative(_path(asked, fixed, kept | {"_page": str(number)})), rel)
        for rel, number in turns.items()
        if 1 <= number <= page.last
    ]


def _ways(asked: Question, formats: tuple[Format, ...], given: Mapping[str, str]) -> list[Link]:
    """Return links to the answer in each format, and to what describes its CSV."""
    links = [_way(asked, format_, given) for format_ in formats]
    if CSV in formats:
        links.append(replace(_way(asked, CSVW, given), rel="describedby"))
    return links


def _way(asked: Question, format_: Format, given: Mapping[str, str]) -> Link:
    """Return the link to the answer in a format; it keeps the language that the URL fixes, if any."""
    kept = dict(given) | ({"lang": asked_language()} if asked_language() else {})
    return Link(relative(_path(asked, format_, kept)), "alternate", format_.media_type)


def _downloads(asked: Question, given: Mapping[str, str]) -> list[Value]:
    """Return the links that a page shows: a page in English leads to data with English labels."""
    kept = dict(given) | ({"lang": language()} if language() != "nl" else {})
    formats = [format_ for format_ in formats_of(asked) if format_ != HTML]
    return [Value(f.label, relative(_path(asked, f, kept)), note=f.media_type) for f in formats]


def _path(asked: Question, format_: Format | None, given: Mapping[str, str]) -> str:
    query = urlencode(dict(given))
    return at(f"queries/{asked.name}") + (f".{format_.name}" if format_ else "") + (f"?{query}" if query else "")


def _unknown(name: str) -> Response:
    nl, en = did_you_mean(name, release().questions, str, 0.5)
    return problem(
        404,
        Text(
            f"Er is geen vraag '{name[:200]}'{nl or '.'} Alle vragen: /queries",
            f"There is no question '{name[:200]}'{en or '.'} All questions: /queries",
        ),
    )
