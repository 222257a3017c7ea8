"""The things of the guide at their own addresses: ``/id`` says where, ``/doc`` what, ``/def`` and ``/shapes`` how."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, render_template, send_file
from pyoxigraph import NamedNode, Quad
from werkzeug.wrappers import Response as BaseResponse

from wijkengids.errors import Text
from wijkengids.model.formats import BY_NAME, DOCUMENT_FORMATS, GRAPH_FORMATS, HTML, Format, cut_extension
from wijkengids.model.iris import is_ref
from wijkengids.model.serialize import write
from wijkengids.model.vocab import OWL
from wijkengids.release.describe import Description, describe, describe_graph, exists
from wijkengids.web import pages
from wijkengids.web.respond import problem, relative, release, reply, wanted

rooms = Blueprint("resources", __name__)

TERM_GRAPHS = {"def": "ontology/wijkengids", "shapes": "ontology/shapes"}
"""Path of a vocabulary document to the graph that it shows."""


@rooms.get("/")
def home() -> Response:
    """Show the home page."""
    wanted((HTML,))
    return reply(render_template("home.html", page=pages.home(release())), HTML, "Accept")


@rooms.get("/id/<path:ref>")
def identifier(ref: str) -> BaseResponse:
    """Answer 303 to the document about a thing: the thing itself cannot be sent."""
    _known(ref)
    return redirect(relative(f"doc/{ref}"), 303)


@rooms.get("/doc/<path:ref>")
def document(ref: str) -> Response:
    """Give the document about a thing, in the format of its extension or the one that Accept asks for."""
    store, base = release().store, release().base
    stem, format_ = cut_extension(ref)
    # an extension is cut off only if the whole is not itself a thing
    if format_ is not None and is_ref(ref) and exists(store, NamedNode(f"{base.iri}id/{ref}")):
        stem, format_ = ref, None
    iri = _known(stem)
    chosen = format_ or wanted((*GRAPH_FORMATS, HTML))
    about = describe(store, iri)
    if chosen == HTML:
        response = reply(render_template("resource.html", page=pages.resource(release(), about)), HTML)
    else:
        response = reply(_graph(about, chosen), chosen)
    if format_ is None:
        response.headers["Vary"] = ", ".join(filter(None, ("Accept", response.headers.get("Vary"))))
        response.headers["Content-Location"] = relative(f"doc/{stem}.{chosen.name}")
    response.headers["Link"] = _links(stem, iri)
    return response


@rooms.get("/<any(def, shapes):name>")
@rooms.get("/<any(def, shapes):name>.<extension>")
def terms(name: str, extension: str | None = None) -> Response:
    """Give the ontology or the shapes as one document; ``/def#Wijk`` lands on the heading of the class."""
    if extension is not None and BY_NAME.get(extension) not in DOCUMENT_FORMATS:
        abort(404)
    chosen = BY_NAME[extension] if extension else wanted((*GRAPH_FORMATS, HTML))
    graph = release().base.graph(TERM_GRAPHS[name])
    quads = describe_graph(release().store, graph)
    if chosen == HTML:
        body: bytes | str = render_template("terms.html", page=pages.terms(release(), name, quads))
    else:
        body = write(quads, chosen, release().base.prefixes(), NamedNode(release().base.iri + name))
    response = reply(body, chosen, None if extension else "Accept")
    if extension is None:
        response.headers["Content-Location"] = relative(f"{name}.{chosen.name}")
    return response


@rooms.get("/def/<version>")
def version(version: str) -> BaseResponse:
    """Lead from the version IRI of the ontology to the ontology; other versions are 404."""
    iri = NamedNode(f"{release().base.iri}def/{version}")
    if next(release().store.quads_for_pattern(None, OWL["versionIRI"], iri, None), None) is None:
        abort(404)
    return redirect(relative("def"), 303)


@rooms.get("/dump/wijkengids.<extension>")
def dump(extension: str) -> Response:
    """Give everything as one file: the named graphs in nq and trig, their merge in the other formats."""
    format_ = BY_NAME.get(extension)
    if format_ not in GRAPH_FORMATS:
        abort(404)
    path = release().release.folder / "dumps" / f"wijkengids.{extension}"
    etag = release().release.manifest.files[f"dumps/{path.name}"]["sha256"]
    return send_file(path, mimetype=format_.content_type, conditional=True, etag=etag)


def _known(ref: str) -> NamedNode:
    """Return the IRI of a ref, or answer 404 with a way on."""
    iri = NamedNode(f"{release().base.iri}id/{ref}") if is_ref(ref) else None
    if iri is None or not exists(release().store, iri):
        abort(
            problem(
                404,
                Text(
                    f"De gids kent geen '{ref[:200]}'. Begin bij de lijst van wijken op de beginpagina.",
                    f"The guide knows no '{ref[:200]}'. Begin with the list of neighbourhoods on the home page.",
                ),
            )
        )
    return iri


def _graph(about: Description, format_: Format) -> bytes:
    quads: list[Quad] = about.quads()
    return write(quads, format_, release().base.prefixes(), about.iri)


def _links(ref: str, iri: NamedNode) -> str:
    alternates = [
        f'<{relative(f"doc/{ref}.{f.name}")}>; rel="alternate"; type="{f.media_type}"' for f in DOCUMENT_FORMATS
    ]
    return ", ".join([f'<{iri.value}>; rel="describes"', *alternates])
