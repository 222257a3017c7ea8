"""The ontology and the shapes at their own addresses: ``/def#Wijk`` lands on the heading of the class."""

from __future__ import annotations

from flask import Blueprint, Response, abort, g, render_template
from pyoxigraph import NamedNode

from wijkengids.documents.describe import describe_graph
from wijkengids.documents.document import write_graph
from wijkengids.model.formats import BY_NAME, GRAPH_FORMATS, HTML
from wijkengids.model.iris import is_ref
from wijkengids.model.vocab import OWL
from wijkengids.web import signposts, vocabulary
from wijkengids.web.respond import decide, offered, redirect, release, reply

rooms = Blueprint("terms", __name__)

GRAPHS = {"def": "ontology/wijkengids", "shapes": "ontology/shapes"}
"""Path of a vocabulary document to the graph that it shows."""
_FORMATS = (*GRAPH_FORMATS, HTML)


@rooms.get("/<any(def, shapes):name>")
@rooms.get("/<any(def, shapes):name>.<extension>")
def terms(name: str, extension: str | None = None) -> Response:
    """Give the ontology or the shapes as one document."""
    fixed = BY_NAME.get(extension) if extension else None
    if extension and fixed not in _FORMATS:
        abort(404)
    graph = release().base.graph(GRAPHS[name])
    links = signposts.vocabulary(release(), name, graph, _FORMATS)
    choice = decide(offered({"": _FORMATS}, fixed), lambda: [link for link in links if link.rel == "alternate"])
    g.stem = name
    if choice.format == HTML:
        body: bytes | str = render_template("terms.html", page=vocabulary.terms(release(), name))
    else:
        g.modified = release().base.iri + name  # the page also shows examples and counts of everywhere
        quads = describe_graph(release().store, graph)
        body = write_graph(release(), quads, choice.format, NamedNode(release().base.iri + name))
    return reply(body, choice, links, "" if extension else f"{name}.{choice.format.name}")


@rooms.get("/def/<version>")
def version(version: str) -> Response:
    """Lead from the version IRI of the ontology to the ontology; other versions are 404."""
    if not is_ref(version):
        abort(404)
    iri = NamedNode(f"{release().base.iri}def/{version}")
    if next(release().store.quads_for_pattern(None, OWL["versionIRI"], iri, None), None) is None:
        abort(404)
    return redirect("def", 303)
