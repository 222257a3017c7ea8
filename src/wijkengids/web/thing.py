"""The page of one thing: all that its document says, as plain lists for the template. Labels come from the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.documents.about import Document, paging
from wijkengids.documents.describe import PAGE, Incoming, Page
from wijkengids.documents.labels import label
from wijkengids.documents.metadata import holding, licenses
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.documents.schema_org import schema_json
from wijkengids.documents.selections import formats, representation
from wijkengids.model.formats import HTML, Format
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, XSD
from wijkengids.web import vocabulary
from wijkengids.web.pages import Value, license_name, named
from wijkengids.web.respond import language, relative


@dataclass(frozen=True)
class Statement:
    """One value with the graphs that state it; ``inside`` says more of a value that has no name of its own."""

    value: Value
    graphs: tuple[Value, ...]
    inside: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Group:
    """The statements of one property: ``count`` in all, of which these are ``first`` to ``last``.

    ``previous`` and ``following`` lead to the pages beside this one, or are ''.
    """

    property: Value
    statements: tuple[Statement, ...]
    count: int = 0
    first: int = 0
    last: int = 0
    previous: str = ""
    following: str = ""


@dataclass(frozen=True)
class ThingPage:
    """The page of one thing, or of one page of what refers to it (``whole`` then leads to the whole document).

    ``held`` is what a named graph holds: the number of its statements and the link to them all. ``schema`` is what
    search engines read; '' on a page of links, which says nothing else of the thing.
    """

    title: str
    iri: str
    canonical: str
    whole: str
    held: tuple[int, str] | None
    kinds: tuple[Value, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    formats: tuple[Value, ...]
    profiles: tuple[Value, ...]
    licenses: tuple[Value, ...]
    paging: tuple[tuple[str, str], ...]
    schema: Markup


@dataclass(frozen=True)
class Form:
    """One form of a document: a format in a profile, and the link to it."""

    format: Value
    profile: Value
    token: str


def render(document: Document, profile: str) -> str:
    """Return a document as HTML: the forms that there are of it, or all that it says.

    A list of concepts shows them all besides, in their order.
    """
    page = thing(document)
    if profile == "alt":
        return render_template("forms.html", page=page, forms=forms(document))
    listed = vocabulary.scheme(document)
    if listed is not None:
        return render_template("scheme.html", page=page, listed=listed)
    return render_template("resource.html", page=page)


def forms(document: Document) -> list[Form]:
    """Return every form that there is of a document, by profile."""
    view, release = _View(document), document.release
    found = []
    for name, profile in PROFILES.items():
        iri = profile.iri(release.base)
        shown = named(release.base, iri, label(release.store, iri, language()))
        found += [Form(view.form(format_, name), shown, name) for format_ in view.offered(name)]
    return found


def thing(document: Document) -> ThingPage:
    """Return the page of a document."""
    view = _View(document)
    about = document.description
    types = {q.object for q in about.statements if q.subject == document.iri and q.predicate == RDF_TYPE}
    ours = [node for node in types if isinstance(node, NamedNode) and node.value.startswith(document.release.base.iri)]
    held = holding(document)
    return ThingPage(
        title=view.value(document.iri).text,
        iri=document.iri.value,
        canonical=document.url.value,
        whole=relative(document.path) if document.page else "",
        held=(held.count, relative(held.path)) if held else None,
        kinds=tuple(view.value(node) for node in sorted(ours, key=lambda node: node.value)),
        groups=view.groups(quad for quad in about.statements if quad.subject == document.iri),
        incoming=tuple(view.incoming(links) for links in about.incoming),
        formats=tuple(view.form(f) for f in view.offered(DEFAULT)),
        profiles=tuple(view.profile(name) for name in PROFILES if name != DEFAULT and view.offered(name)),
        licenses=tuple(Value(license_name(node.value), node.value, node.value) for node in licenses(document)),
        paging=tuple((rel, relative(path)) for rel, path in sorted(paging(document).items())),
        schema=_script(document),
    )


def _script(document: Document) -> Markup:
    """Return schema.org JSON for a script element; nothing on a page of links."""
    text = "" if document.page else schema_json(document).decode()
    # what closes a script ends it, wherever it stands: no '<' may be left
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704


class _View:
    """Terms as this page shows them, in the language of the request."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.base = document.release.base
        self.language = language()
        self.nested: dict[BlankNode, list[Quad]] = {}
        for quad in document.description.statements:
            if isinstance(quad.subject, BlankNode):
                self.nested.setdefault(quad.subject, []).append(quad)

    def value(self, node: object) -> Value:
        if isinstance(node, NamedNode):
            return named(self.base, node, self.document.description.label(node, self.language))
        if isinstance(node, Literal):
            if node.language:
                foreign = node.language if node.language != self.language else ""
                return Value(node.value, note=foreign, language=foreign)
            plain = node.datatype == XSD["string"]
            return Value(node.value, note="" if plain else self.base.shorten(node.datatype.value))
        return Value("")

    def groups(self, quads: Iterable[Quad], above: tuple[BlankNode, ...] = ()) -> tuple[Group, ...]:
        """Return statements by property: the name first, then what it is, then the others by label."""
        found: dict[NamedNode, list[Quad]] = {}
        for quad in quads:
            found.setdefault(quad.predicate, []).append(quad)
        first = {RDFS_LABEL: 0, RDF_TYPE: 1}
        shown = [(first.get(term, 2), self.value(term).text, term.value, term) for term in found]
        return tuple(
            Group(self.value(term), self.statements(found[term], above), len(found[term]))
            for *_, term in sorted(shown, key=lambda row: row[:3])
        )

    def statements(
        self, quads: Iterable[Quad], above: tuple[BlankNode, ...] = (), incoming: bool = False
    ) -> tuple[Statement, ...]:
        """Return each value once, with every graph that states it."""
        graphs: dict[object, list[Quad]] = {}
        for quad in sorted(quads, key=str):
            graphs.setdefault(quad.subject if incoming else quad.object, []).append(quad)
        rows = [
            (self.value(node), str(node), tuple(self.value(quad.graph_name) for quad in stated), node)
            for node, stated in graphs.items()
        ]
        return tuple(
            Statement(value, stated, self.inside(node, above))
            for value, _, stated, node in sorted(rows, key=lambda row: (row[0].note, row[0].text.casefold(), row[1]))
        )

    def inside(self, node: object, above: tuple[BlankNode, ...]) -> tuple[Group, ...]:
        if not isinstance(node, BlankNode) or node in above:
            return ()
        return self.groups(self.nested.get(node, ()), (*above, node))

    def incoming(self, links: Incoming) -> Group:
        before = Page(links.predicate, links.number - 1) if links.number > 1 else None
        behind = self.document.next_page(links.predicate, links.number)
        first = (links.number - 1) * PAGE + 1
        return Group(
            self.value(links.predicate),
            self.statements(links.quads, incoming=True),
            links.count,
            first,
            min(first + PAGE - 1, links.count),
            relative(self.document.page_path(before)) if before else "",
            relative(self.document.page_path(behind)) if behind else "",
        )

    def form(self, format_: Format, profile: str = DEFAULT) -> Value:
        iri = representation(self.document, format_, profile).value
        return Value(format_.label, relative(iri.removeprefix(self.base.iri)), iri, format_.media_type)

    def profile(self, name: str) -> Value:
        """Return the link to a profile: to its page where it has one, since it is a reader who follows it."""
        offered = self.offered(name)
        found = self.form(HTML if HTML in offered else offered[0], name)
        return Value(name, found.href, found.iri, found.note)

    def offered(self, profile: str) -> tuple[Format, ...]:
        return formats(self.document.release, self.document.iri, profile, self.document.page)
