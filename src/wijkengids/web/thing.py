"""The page of one thing: all that its document says, as plain lists for the template. Labels come from the document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from wijkengids.documents.describe import PAGE, Incoming, Page
from wijkengids.documents.document import Document, formats, paging, representation, schema_json
from wijkengids.documents.metadata import CC_BY, licenses
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.model.formats import Format
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, XSD
from wijkengids.web.pages import Value
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
    """The page of one thing, or of one page of what refers to it (``whole`` then leads to the whole document)."""

    title: str
    iri: str
    canonical: str
    whole: str
    kinds: tuple[Value, ...]
    groups: tuple[Group, ...]
    incoming: tuple[Group, ...]
    formats: tuple[Value, ...]
    profiles: tuple[Value, ...]
    licenses: tuple[Value, ...]
    paging: tuple[tuple[str, str], ...]
    schema: Markup


def thing(document: Document) -> ThingPage:
    """Return the page of a document."""
    view = _View(document)
    about = document.description
    types = {q.object for q in about.statements if q.subject == document.iri and q.predicate == RDF_TYPE}
    ours = [node for node in types if isinstance(node, NamedNode) and node.value.startswith(document.release.base.iri)]
    return ThingPage(
        title=view.value(document.iri).text,
        iri=document.iri.value,
        canonical=document.home.value,
        whole=relative(document.path) if document.page else "",
        kinds=tuple(view.value(node) for node in sorted(ours, key=lambda node: node.value)),
        groups=view.groups(quad for quad in about.statements if quad.subject == document.iri),
        incoming=tuple(view.incoming(links) for links in about.incoming),
        formats=tuple(view.form(f) for f in formats(document.release, document.iri)),
        profiles=tuple(view.profile(name) for name in PROFILES if name != DEFAULT),
        licenses=tuple(_license(node) for node in licenses(document)),
        paging=tuple((rel, relative(path)) for rel, path in sorted(paging(document).items())),
        # what closes a script ends it, wherever it stands: no '<' may be left
        schema=Markup(schema_json(document).decode().replace("<", "\\u003c")),  # noqa: S704
    )


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
            path = self.base.path(node.value)
            label = self.document.description.label(node, self.language)
            href = relative(path) if path is not None else node.value if _is_web(node.value) else ""
            return Value(label or self.base.shorten(node.value), href, node.value)
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
        format_ = formats(self.document.release, self.document.iri, name)[0]
        found = self.form(format_, name)
        return Value(name, found.href, found.iri, found.note)


def _license(node: NamedNode) -> Value:
    return Value("CC BY 4.0" if node == CC_BY else node.value, node.value, node.value)


def _is_web(iri: str) -> bool:
    """Tell whether a browser may follow an IRI of others: no scheme that runs something."""
    return iri.startswith(("http://", "https://", "mailto:"))
