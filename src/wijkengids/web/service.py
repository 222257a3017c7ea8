"""What this service is and holds, for programs: the description that ``/sparql`` gives, and ``/void``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, current_app, g, render_template
from pyoxigraph import Literal, NamedNode, Quad

from wijkengids.documents.document import write_graph
from wijkengids.documents.service import service_description
from wijkengids.engine.federation.services import Services
from wijkengids.engine.remote import RemoteEngine
from wijkengids.model.formats import BY_NAME, GRAPH_FORMATS, HTML, Format
from wijkengids.model.vocab import VOID
from wijkengids.web import pages
from wijkengids.web.links import Link
from wijkengids.web.pages import Value
from wijkengids.web.respond import decide, offered, redirect, relative, release, reply

rooms = Blueprint("service", __name__)

_FORMATS = (*GRAPH_FORMATS, HTML)


def description(format_: Format) -> bytes:
    """Return the description of the SPARQL service in a graph format."""
    own = not isinstance(current_app.extensions["engine"], RemoteEngine)
    services: Services | None = current_app.extensions["services"]
    endpoints = services.endpoints if services else ()
    quads = service_description(release(), current_app.extensions["limits"], own, endpoints)
    return write_graph(release(), quads, format_, NamedNode(f"{release().base.iri}sparql"))


@rooms.get("/void")
@rooms.get("/void.<extension>")
def void(extension: str | None = None) -> Response:
    """Say what is in the release, counted, as VoID or as a page."""
    fixed = BY_NAME.get(extension) if extension else None
    if extension and fixed not in _FORMATS:
        abort(404)
    links = [
        Link(f"{release().base.iri}void", "canonical"),
        Link(release().base.resource("dataset", "wijkengids").value, "describes"),
        *(Link(relative(f"void.{format_.name}"), "alternate", format_.media_type) for format_ in _FORMATS),
    ]
    choice = decide(offered({"": _FORMATS}, fixed), lambda: links)
    g.stem = "void"
    if choice.format == HTML:
        body: bytes | str = render_template("void.html", page=_Page.of(release().void))
    else:
        body = write_graph(release(), release().void, choice.format, NamedNode(f"{release().base.iri}void"))
    return reply(body, choice, links, "" if extension else f"void.{choice.format.name}")


@rooms.get("/.well-known/void")
def well_known() -> Response:
    """Lead from where VoID is looked for to where it is."""
    return redirect("void", 303)


@dataclass(frozen=True)
class _Page:
    """The page: figures of the whole, and the classes and properties with how often they occur, most first."""

    figures: dict[str, int]
    classes: list[tuple[Value, int, int]]
    properties: list[tuple[Value, int, int]]
    formats: list[Value]

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> _Page:
        """Read the page from the description."""
        numbers: dict[NamedNode, dict[NamedNode, int]] = {}
        names: dict[NamedNode, dict[NamedNode, NamedNode]] = {VOID["class"]: {}, VOID["property"]: {}}
        parts: dict[NamedNode, set[NamedNode]] = {VOID["classPartition"]: set(), VOID["propertyPartition"]: set()}
        dataset = release().base.resource("dataset", "wijkengids")
        for quad in quads:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, Literal) and value.value.isdigit():
                numbers.setdefault(subject, {})[quad.predicate] = int(value.value)
            elif isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                if quad.predicate in names:
                    names[quad.predicate][subject] = value
                elif quad.predicate in parts and subject == dataset:
                    parts[quad.predicate].add(value)
        base, store = release().base, release().store

        def shown(node: NamedNode) -> Value:
            return pages.named(base, node, pages.best_label(store, node))

        def rows(part: str, name: str, counted: str) -> list[tuple[Value, int, int]]:
            named = names[VOID[name]]
            found = [
                (shown(named[node]), numbers[node][VOID[counted]], numbers[node][VOID["triples"]])
                for node in parts[VOID[part]]
            ]
            return sorted(found, key=lambda row: (-row[1], row[0].text, row[0].iri))

        return cls(
            {term.value.rpartition("#")[2]: number for term, number in numbers[dataset].items()},
            rows("classPartition", "class", "entities"),
            rows("propertyPartition", "property", "distinctSubjects"),
            [Value(f.label, relative(f"void.{f.name}"), note=f.media_type) for f in GRAPH_FORMATS],
        )
