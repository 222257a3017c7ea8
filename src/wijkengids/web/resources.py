"""The things of the guide at their own addresses: ``/id`` says where, ``/doc`` what, ``/linkset`` what goes with it."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, render_template, request
from pyoxigraph import NamedNode

from wijkengids.documents.about import Document
from wijkengids.documents.describe import Page, describe_graph, exists
from wijkengids.documents.document import write_document, write_graph
from wijkengids.documents.profiles import PROFILES
from wijkengids.documents.selections import formats
from wijkengids.errors import Text
from wijkengids.model.formats import GRAPH_FORMATS, HTML, LINKSET, LINKSET_JSON, Format, cut_extension
from wijkengids.model.iris import is_ref
from wijkengids.model.negotiate import Choice, offer
from wijkengids.model.vocab import DCTERMS
from wijkengids.release.catalogue import GRAPH as CATALOGUE
from wijkengids.web import pages, signposts
from wijkengids.web.links import Link, linkset_json, linkset_text
from wijkengids.web.respond import decide, offered, problem, redirect, relative, release, reply
from wijkengids.web.thing import render

rooms = Blueprint("resources", __name__)


@rooms.get("/")
def home() -> Response:
    """Show the home page; programs that want RDF get the catalogue."""
    base = release().base
    choice = decide(offered({"": (HTML, *GRAPH_FORMATS)}))
    g.stem = ""
    if choice.format == HTML:
        body: str | bytes = render_template("home.html", page=pages.home(release()))
    else:
        quads = describe_graph(release().store, base.graph(CATALOGUE))
        body = write_graph(release(), quads, choice.format, base.resource("catalogus", "wijkengids"))
    return reply(body, choice, signposts.home(release()))


@rooms.get("/id/<path:ref>")
def identifier(ref: str) -> Response:
    """Answer 303 to the document about a thing: the thing itself cannot be sent."""
    if _has_slash_too_many(ref):
        return redirect(f"id/{ref[:-1]}", 308)
    stem, extension = split(ref)
    known(stem, withdrawn=True)
    return redirect(f"doc/{stem}" + (f".{extension.name}" if extension else ""), 303)


@rooms.get("/doc/<path:ref>")
def document(ref: str) -> Response:
    """Give the document about a thing, in the format of its extension or the one that Accept asks for."""
    if _has_slash_too_many(ref):
        return redirect(f"doc/{ref[:-1]}", 308)
    stem, extension = split(ref)
    iri = known(stem)
    return show(Document(release(), iri, f"doc/{stem}", _page()), extension)


@rooms.get("/profile/<name>")
def profile(name: str) -> Response:
    """Say what a profile is: as a document, at the IRI of the profile itself."""
    stem, extension = cut_extension(name)
    iri = NamedNode(f"{release().base.iri}profile/{stem}") if is_ref(stem) else None
    if iri is None or not exists(release().store, iri):
        abort(_unknown(f"profile/{name}"))
    return show(Document(release(), iri, f"profile/{stem}", _page()), extension)


@rooms.get("/linkset/<path:ref>")
def linkset(ref: str) -> Response:
    """Give the typed links of a document and of each of its representations, as a linkset (RFC 9264)."""
    about = Document(release(), known(ref), f"doc/{ref}")
    choice = decide(offer(LINKSET_JSON, LINKSET))
    contexts = [(relative(path), links) for path, links in signposts.linkset(about)]
    return reply(linkset_json(contexts) if choice.format == LINKSET_JSON else linkset_text(contexts), choice)


def show(about: Document, extension: Format | None) -> Response:
    """Return a document as the URL and the client want it."""
    base = release().base
    profiles = {p.iri(base).value: formats(release(), about.iri, p.name, about.page) for p in PROFILES.values()}
    offers = offered({iri: forms for iri, forms in profiles.items() if forms}, extension)
    if about.page is not None and not about.description.incoming:
        abort(_no_page())
    choice = decide(offers, lambda: signposts.alternates(about))
    g.modified, g.stem = about.iri.value, about.path
    token = choice.profile.removeprefix(f"{base.iri}profile/")
    if choice.format == HTML:
        body: str | bytes = render(about, token)
    else:
        body = write_document(about, choice.format, token)
    links = signposts.document(about, extension, choice)
    return reply(body, choice, links, "" if extension else _own_path(about, choice, token))


def _own_path(about: Document, choice: Choice, token: str) -> str:
    """Return the path of one representation of a document, with what else was asked for."""
    query = {name: value for name, value in request.args.items() if name in {"_in", "_page"}}
    if token != next(iter(PROFILES)):
        query["_profile"] = token
    return f"{about.path}.{choice.format.name}" + (f"?{urlencode(query)}" if query else "")


def split(ref: str) -> tuple[str, Format | None]:
    """Split the extension off a ref, unless the whole is itself a thing."""
    stem, extension = cut_extension(ref)
    return (ref, None) if extension is not None and _is_known(ref) else (stem, extension)


def _is_known(ref: str) -> bool:
    return is_ref(ref) and exists(release().store, NamedNode(f"{release().base.iri}id/{ref}"))


def _has_slash_too_many(ref: str) -> bool:
    return ref.endswith("/") and _is_known(ref[:-1])


def known(ref: str, withdrawn: bool = False) -> NamedNode:
    """Return the IRI of a ref; 404 where the guide does not know it, 410 where it is ``withdrawn`` (unless allowed)."""
    if not _is_known(ref):
        abort(_unknown(ref))
    iri = NamedNode(f"{release().base.iri}id/{ref}")
    graph = release().base.graph("referentie/vervallen")
    successor = next(release().store.quads_for_pattern(iri, DCTERMS["isReplacedBy"], None, graph), None)
    if successor is not None and not withdrawn:
        assert isinstance(successor.object, NamedNode)  # noqa: S101 -- the shape of what is withdrawn asks it
        abort(_gone(ref, successor.object))
    return iri


def _unknown(ref: str) -> Response:
    return problem(
        404,
        Text(
            f"De gids kent geen '{ref[:200]}'. Begin bij de lijst van wijken op de beginpagina.",
            f"The guide knows no '{ref[:200]}'. Begin with the list of neighbourhoods on the home page.",
        ),
    )


def _gone(ref: str, successor: NamedNode) -> Response:
    """Return a 410 that names the successor and links to it."""
    name = pages.best_label(release().store, successor) or release().base.shorten(successor.value)
    path = release().base.path(successor.value)
    text = Text(
        f"'{ref}' is vervallen. De opvolger is {name}: {successor.value}",
        f"'{ref}' was withdrawn. Its successor is {name}: {successor.value}",
    )
    target = successor.value if path is None else relative(path)
    response = problem(410, text, links=[Link(target, "successor-version")])
    response.headers["Cache-Control"] = "no-cache"
    return response


def _page() -> Page | None:
    """Return the page of incoming links that ``_in`` and ``_page`` ask for, or None where they do not."""
    name, number = request.args.get("_in"), request.args.get("_page", "1")
    if name is None:
        if "_page" in request.args:
            abort(_no_page())
        return None
    prefix, _, local = name.partition(":")
    namespace = release().base.prefixes().get(prefix)
    try:
        predicate = NamedNode(namespace + local if namespace is not None else name)
    except ValueError:
        abort(_no_page())
    if not (number.isascii() and number.isdigit() and len(number) < 10 and not number.startswith("0")):
        abort(_no_page())
    return Page(predicate, int(number))


def _no_page() -> Response:
    return problem(
        404,
        Text(
            "Deze bladzijde met verwijzingen is er niet. Vraag bijvoorbeeld: ?_in=wg:ligtIn&_page=2",
            "There is no such page of links. Ask for example: ?_in=wg:ligtIn&_page=2",
        ),
    )
