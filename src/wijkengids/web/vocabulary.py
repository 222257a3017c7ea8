"""The pages of the ontology, the shapes and the lists of concepts: what a template needs, with links made."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask_babel import gettext as _
from pyoxigraph import NamedNode

from wijkengids.documents import diagram
from wijkengids.documents.about import Document
from wijkengids.documents.concepts import Scheme, is_scheme, read_scheme
from wijkengids.documents.expressions import Said, said
from wijkengids.documents.facts import Facts, Phrase, Piece
from wijkengids.documents.phrases import datatype
from wijkengids.documents.relations import relations
from wijkengids.documents.shapes import SEVERITIES, Shape
from wijkengids.documents.terms import Class, Property, Use
from wijkengids.documents.vocabulary import Vocabulary
from wijkengids.model.formats import DOCUMENT_FORMATS
from wijkengids.model.vocab import DCTERMS, OWL, RDF_TYPE, RDFS_LABEL, SH
from wijkengids.release.store import OpenRelease
from wijkengids.web.pages import Value, href, license_name
from wijkengids.web.respond import language, relative
from wijkengids.web.writing import Written

_SAID = {RDF_TYPE, RDFS_LABEL, OWL["versionInfo"], OWL["versionIRI"]} | {
    DCTERMS[name] for name in ("title", "description", "publisher", "license")
}


@dataclass(frozen=True)
class Header:
    """What a vocabulary says of itself."""

    title: str
    description: str
    version: str
    version_iri: str
    publisher: Piece | None
    licence: Piece | None
    more: tuple[Said, ...]
    prefixes: tuple[tuple[str, str], ...]


class TermsPage(Written):
    """One page about terms: its facts, its header, and how it links."""

    def __init__(self, release: OpenRelease, name: str, vocabulary: Vocabulary) -> None:
        super().__init__(vocabulary.facts)
        self.release, self.name, self.vocabulary = release, name, vocabulary
        self.iri = release.base.iri + name
        self.formats = [Value(f.label, relative(f"{name}.{f.name}"), note=f.media_type) for f in DOCUMENT_FORMATS]
        self._own = self.iri + "#"
        self._listed = {node.value for node in vocabulary.borrowed()} if name == "def" else set()

    def href(self, iri: str) -> str:
        """Return the link to a term: its heading on this page, else its page, else its IRI."""
        if iri.startswith(self._own):
            return iri[len(self._own) - 1 :]
        if iri in self._listed:
            return "#" + self.release.base.shorten(iri)
        return super().href(iri)

    def away(self, node: NamedNode) -> str:
        """Return the link to a term of others where it lives itself, not to what this page says of it."""
        return href(self.release.base, node.value)

    def named(self, node: NamedNode) -> Piece:
        """Return a term as a piece of text."""
        return self.facts.piece(node)

    def names(self, nodes: Iterable[NamedNode]) -> list[Piece]:
        """Return terms as pieces of text."""
        return [self.facts.piece(node) for node in nodes]

    def datatype(self, node: NamedNode) -> Phrase:
        """Return a datatype by a name that people use."""
        return datatype(self.facts, node)

    def short(self, node: NamedNode) -> str:
        """Return an IRI with its prefix."""
        return self.release.base.shorten(node.value)

    @property
    def header(self) -> Header:
        """What the vocabulary says of itself."""
        facts, node = self.facts, NamedNode(self.iri)
        publisher, licence = facts.iris(node, DCTERMS["publisher"]), facts.iris(node, DCTERMS["license"])
        return Header(
            title=facts.text(node, DCTERMS["title"]) or facts.named(node),
            description=facts.text(node, DCTERMS["description"]),
            version=facts.plain(node, OWL["versionInfo"]),
            version_iri=facts.plain(node, OWL["versionIRI"]),
            publisher=facts.piece(publisher[0]) if publisher else None,
            licence=Piece(license_name(licence[0].value), licence[0].value) if licence else None,
            more=said(facts, node, (term for term in facts.predicates(node) if term not in _SAID)),
            prefixes=self._prefixes(),
        )

    def _prefixes(self) -> tuple[tuple[str, str], ...]:
        """Return the prefixes that the page uses: its own first."""
        used = {self.short(node).partition(":")[0] for node in self.vocabulary.borrowed()}
        known = self.release.base.prefixes()
        own = ("wg", "vorm") if self.name == "shapes" else ("wg",)
        return tuple((name, known[name]) for name in (*own, *sorted(used & known.keys())))


class OntologyPage(TermsPage):
    """The page of the ontology."""

    @property
    def tree(self) -> str:
        """The drawing of all classes."""
        return diagram.tree(self.vocabulary, self.href)

    @property
    def relations(self) -> str:
        """The drawing of the main relations between classes."""
        return relations(self.vocabulary, self.href)

    def kind(self, node: NamedNode) -> str:
        """Return what a type of a property means in words."""
        words = {
            OWL["ObjectProperty"]: _("relatie met een ding"),
            OWL["DatatypeProperty"]: _("kenmerk met een waarde"),
            OWL["SymmetricProperty"]: _("symmetrisch: geldt in beide richtingen"),
            OWL["FunctionalProperty"]: _("functioneel: hoogstens één waarde"),
            OWL["InverseFunctionalProperty"]: _("omgekeerd functioneel: wijst één ding aan"),
            OWL["TransitiveProperty"]: _("transitief: geldt ook over tussenstappen"),
            OWL["AsymmetricProperty"]: _("asymmetrisch: nooit in beide richtingen"),
            OWL["ReflexiveProperty"]: _("reflexief: geldt van elk ding met zichzelf"),
            OWL["IrreflexiveProperty"]: _("irreflexief: nooit van een ding met zichzelf"),
        }
        return str(words.get(node, self.short(node)))

    @property
    def classes(self) -> list[Class]:
        """All classes by label."""
        found = [self.vocabulary.about_class(node) for node in self.vocabulary.kinds]
        return sorted(found, key=lambda one: (one.words.label.lower(), one.words.anchor))

    @property
    def properties(self) -> list[tuple[str, str, list[Property]]]:
        """The properties by label, between those that lead to things and those that give a value."""
        found = [self.vocabulary.about_property(node) for node in self.vocabulary.properties]
        found.sort(key=lambda one: (one.words.label.lower(), one.words.anchor))
        things = [one for one in found if OWL["ObjectProperty"] in one.kinds]
        values = [one for one in found if one not in things]
        return [("deel-relaties", _("Relaties"), things), ("deel-kenmerken", _("Kenmerken"), values)]

    @property
    def borrowed(self) -> list[tuple[NamedNode, str, list[Piece], list[Piece]]]:
        """Terms of others: the term, its label, our terms that fall under it, the classes whose shapes ask for it."""
        facts = self.facts
        return [
            (
                node,
                facts.text(node, RDFS_LABEL),
                [facts.piece(one) for one in self.vocabulary.below(node)],
                [facts.piece(use.kind) for use in self.vocabulary.where.get(node, ())],
            )
            for node in self.vocabulary.borrowed()
        ]

    def special(self, uses: Iterable[Use]) -> list[Use]:
        """Return the properties that not nearly everything has."""
        return [use for use in uses if not self.vocabulary.is_general(use)]

    def general(self, uses: Iterable[Use]) -> list[Use]:
        """Return the properties that nearly everything has."""
        return [use for use in uses if self.vocabulary.is_general(use)]

    def rules(self, use: Use) -> list[Piece]:
        """Return the rules that a use was read from."""
        return [Piece(rule.name, rule.node.value) for rule in use.rules if isinstance(rule.node, NamedNode)]

    def predicates(self, uses: Iterable[Use]) -> list[Piece]:
        """Return the properties of some uses by label."""
        return [Piece(self.facts.named(use.predicate), use.predicate.value) for use in uses]

    def drawing(self, one: Class) -> str:
        """Return the drawing of one class."""
        return diagram.amid(self.vocabulary, one, self.href)

    def asked(self, one: Class) -> str:
        """Return the link to a list of the instances of a class."""
        query = (
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
            f"SELECT ?ding ?naam {{\n  ?ding a <{one.words.node.value}> ; rdfs:label ?naam .\n"
            f'  FILTER(LANG(?naam) = "nl")\n}} ORDER BY ?naam LIMIT 1000'
        )
        return relative("sparql") + "?" + urlencode({"query": query})


class ShapesPage(TermsPage):
    """The page of the shapes."""

    @property
    def shapes(self) -> list[Shape]:
        """All shapes by label."""
        return sorted(self.vocabulary.shapes.shapes, key=lambda one: (one.label.lower(), one.anchor))

    def rule_name(self, node: NamedNode) -> str:
        """Return the name of a rule or shape, with the shape that it belongs to."""
        for shape in self.vocabulary.shapes.shapes:
            for rule in shape.rules:
                if rule.node == node:
                    return f"{shape.label}: {rule.name}"
        return self.facts.named(node)

    @property
    def groups(self) -> list[tuple[str, str]]:
        """Anchor and label of the groups of rules."""
        return self.vocabulary.shapes.groups()

    @property
    def severities(self) -> list[tuple[str, str, str]]:
        """Name, word and meaning of the severities."""
        meanings = (
            _("moet: zonder dit komt er geen uitgave"),
            _("hoort: wordt later een eis"),
            _("graag: maakt de gids beter"),
        )
        return [(name, self.severity(name), meaning) for name, meaning in zip(SEVERITIES, meanings, strict=True)]

    def severity(self, name: str) -> str:
        """Return the word for a severity, as 'wijkengids check' says it."""
        words = {"Violation": _("overtreding"), "Warning": _("waarschuwing"), "Info": _("info")}
        return str(words.get(name, self.short(SH[name])))


class SchemePage(Written):
    """What the page of a list of concepts shows besides what the page of any thing shows."""

    def __init__(self, scheme: Scheme, facts: Facts) -> None:
        super().__init__(facts)
        self.scheme = scheme


def terms(release: OpenRelease, name: str) -> TermsPage:
    """Return the page of the ontology ('def') or the shapes ('shapes'), for terms.html."""
    page = OntologyPage if name == "def" else ShapesPage
    return page(release, name, Vocabulary(release, language()))


def scheme(document: Document) -> SchemePage | None:
    """Return the concepts of a list of concepts, for scheme.html; None for anything else, and for a page of links."""
    if document.page is not None or not is_scheme(document.release, document.iri):
        return None
    return SchemePage(*read_scheme(document.release, document.iri, language()))
