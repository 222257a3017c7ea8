"""The ontology, the shapes and the lists of concepts as pages: all that the Turtle says is there, and links lead on."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape
from html.parser import HTMLParser
from types import SimpleNamespace
from urllib.parse import urljoin

import owlrl
import pytest
import rdflib
from flask import Flask, g, render_template
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Literal, URIRef

from tests.conftest import ROOT
from wijkengids.documents.about import Document
from wijkengids.documents.concepts import read_scheme
from wijkengids.documents.describe import Page as DescribedPage
from wijkengids.documents.expressions import expression
from wijkengids.documents.facts import Facts, Phrase
from wijkengids.documents.layers import Layers
from wijkengids.documents.phrases import constraints, path
from wijkengids.documents.profiles import DEFAULT
from wijkengids.documents.vocabulary import Vocabulary
from wijkengids.model.iris import Base
from wijkengids.release.folder import Release
from wijkengids.release.store import OpenRelease
from wijkengids.web import vocabulary
from wijkengids.web.thing import render

BASE = "https://w3id.org/wijkengids/"
ONTOLOGY = rdflib.Graph().parse(ROOT / "ontology/wijkengids.ttl")
SHAPES = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")
CONCEPTS = rdflib.Graph().parse(ROOT / "ontology/begrippen.ttl")
SCHEMES = sorted(str(node) for node in CONCEPTS.subjects(RDF.type, SKOS.ConceptScheme))
KINDS = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
IN_SCHEME = NamedNode(str(SKOS.inScheme))
both = pytest.mark.parametrize("language", ["nl", "en"])


class Page(HTMLParser):
    """The identifiers, links, headings by identifier, and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.said = " ".join(unescape(re.sub(r"<[^>]+>", "", text)).split())
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"]] if found.get("id") else []
        self.links += [found["href"]] if found.get("href") else []


def page(client: FlaskClient, url: str, language: str) -> Page:
    response = client.get(f"{url}?lang={language}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    return Page(response.text)


def document(release: OpenRelease, iri: str, links: DescribedPage | None = None) -> Document:
    return Document(release, NamedNode(iri), f"doc/{release.base.ref(iri)}", links)


def named(graph: rdflib.Graph, *kinds: URIRef) -> set[str]:
    ours = (BASE + "def#", BASE + "shapes#")
    found = {str(node) for kind in kinds for node in graph.subjects(RDF.type, kind)}
    return {node.rpartition("#")[2] for node in found if node.startswith(ours)}


def texts(graph: rdflib.Graph, language: str) -> list[str]:
    """Return all that a reader of a language should find: every text in it, but of the graph about itself."""
    about_graph = set(graph.subjects(RDF.type, URIRef("http://www.w3.org/ns/prov#Bundle")))
    return sorted(
        " ".join(str(text).split())
        for node, _, text in graph
        if isinstance(text, Literal)
        and text.language in (language, None)
        and node not in about_graph
        and not text.datatype
    )


@pytest.fixture(scope="module")
def opened(release: Release) -> OpenRelease:
    return OpenRelease.open(release)


# -- the pages


@both
@pytest.mark.parametrize(
    ("url", "graph", "kinds"),
    [
        ("/def", ONTOLOGY, (OWL.Class, *KINDS)),
        ("/shapes", SHAPES, (SH.NodeShape, SH.PropertyShape, SH.PropertyGroup)),
    ],
    ids=["def", "shapes"],
)
def test_each_term_has_its_heading_and_each_text_is_there(
    client: FlaskClient, url: str, graph: rdflib.Graph, kinds: tuple[URIRef, ...], language: str
) -> None:
    found = page(client, url, language)
    terms = named(graph, *kinds)
    assert len(terms) > 90
    assert terms - set(found.ids) == set()
    assert len(found.ids) == len(set(found.ids)), "an identifier is there twice"
    assert [text for text in texts(graph, language) if text not in found.said] == []


@both
@pytest.mark.parametrize("url", ["/def", "/shapes"])
def test_every_link_to_a_heading_leads_to_one(client: FlaskClient, url: str, language: str) -> None:
    pages = {name: page(client, name, language) for name in ("/def", "/shapes")}
    checked = 0
    for link in pages[url].links:
        target, _, fragment = urljoin(url, link).partition("#")
        if target in pages and fragment:
            assert fragment in pages[target].ids, f"{url} links to {link}"
            checked += 1
    assert checked > 200


@pytest.mark.parametrize("url", ["/def", "/shapes"])
def test_a_page_is_the_same_at_every_request(client: FlaskClient, opened: OpenRelease, app: Flask, url: str) -> None:
    def rendered() -> str:
        with app.test_request_context(url):
            g.release = opened
            return render_template("terms.html", page=vocabulary.terms(opened, url[1:]))

    assert rendered() == rendered() == client.get(url, headers={"Accept": "text/html"}).text


def test_a_class_shows_what_the_shapes_and_the_release_say_of_it(client: FlaskClient) -> None:
    text = client.get("/def?lang=nl", headers={"Accept": "text/html"}).text
    start = text.index('<section class="term" id="Wijk">')
    section = text[start : text.index("</section>", start)]
    for part in (
        "neighbourhood", "Een deel van een stad", "Poelenburg in Zaanstad", 'href="#Stad"', 'href="#ligtIn"',
        'href="shapes#Wijk-ligtIn"', 'href="#geo:Feature"', 'href="#voertUitIn"', 'href="#CbsGebied"',
        'href="doc/wijk/', "sparql?query=", 'href="#rdfs:label"', "<svg",
    ):  # fmt: skip
        assert part in section, part


def test_a_property_shows_where_it_is_used_and_its_relatives(client: FlaskClient) -> None:
    text = client.get("/def?lang=en", headers={"Accept": "text/html"}).text
    start = text.index('<section class="term" id="spreektTegen">')
    section = text[start : text.index("</section>", start)]
    for part in (
        "contradicts",
        "spreekt tegen",
        "symmetric",
        'href="#Bevinding"',
        'href="shapes#Bevinding-spreektTegen"',
    ):
        assert part in section, part


def test_a_rule_says_what_is_asked_how_often_and_what_the_editor_reads(client: FlaskClient) -> None:
    text = client.get("/shapes?lang=nl", headers={"Accept": "text/html"}).text
    start = text.index('<tr id="Organisatie-onderdeelVan">')
    row = " ".join(re.sub(r"<[^>]+>", " ", text[start : text.index("</tr>", start)]).split())
    assert "onderdeel van organisatie" in row
    assert "0..*" in row
    assert "organisatie of samenwerkingsverband" in row
    assert "overtreding" in row
    assert "Een organisatie is onderdeel van een organisatie" in row
    assert "niet in woorden" not in text, "every constraint that the shapes use has words"


# -- lists of concepts


@both
@pytest.mark.parametrize("iri", SCHEMES, ids=lambda iri: iri.rpartition("/")[2])
def test_each_concept_of_a_list_has_its_place(app: Flask, opened: OpenRelease, iri: str, language: str) -> None:
    with app.test_request_context(f"/doc/{iri.removeprefix(BASE + 'id/')}?lang={language}"):
        g.release = opened
        about = document(opened, iri)
        assert vocabulary.scheme(about) is not None
        found = Page(render(about, DEFAULT))
    concepts = set(CONCEPTS.subjects(SKOS.inScheme, URIRef(iri)))
    assert concepts
    assert {str(node).rpartition("/")[2] for node in concepts} <= set(found.ids)
    assert len(found.ids) == len(set(found.ids))
    for node in concepts:
        own = str(node).removeprefix(BASE + "id/")
        assert any(link.endswith(own.rpartition("/")[2]) for link in found.links), own
        for predicate in (SKOS.prefLabel, SKOS.definition, SKOS.altLabel, SKOS.scopeNote):
            for text in CONCEPTS.objects(node, predicate):
                assert text.language != language or str(text) in found.said, text


def test_only_a_list_of_concepts_has_such_a_page(app: Flask, opened: OpenRelease) -> None:
    with app.test_request_context("/"):
        assert vocabulary.scheme(document(opened, BASE + "id/wijk/poelenburg")) is None
        assert vocabulary.scheme(document(opened, BASE + "id/schema/themas", DescribedPage(IN_SCHEME, 1))) is None


@both
def test_a_list_of_concepts_has_all_that_the_page_of_a_thing_has(client: FlaskClient, language: str) -> None:
    path = f"/doc/schema/partnersoorten?lang={language}"
    response = client.get(path, headers={"Accept": "text/html"})
    text, found = response.text, Page(response.text)
    for part in (
        f'<link rel="canonical" href="{BASE}doc/schema/partnersoorten">', '<link rel="license" href="https://creativec',
        '<link rel="alternate" type="application/json" href="partnersoorten.json">', '"@type": "DefinedTermSet"',
        'href="partnersoorten.csv"', 'href="partnersoorten.jsonld?_profile=schema"', "CC BY 4.0",
        '<span class="graph"><a href="../graaf/ontology/begrippen"',
    ):  # fmt: skip
        assert part in text, part
    assert f'<{BASE}doc/schema/partnersoorten>; rel="canonical"' in response.headers["Link"]
    plain = client.get("/doc/schema/partnersoorten.json").get_json()
    (group,) = [group for group in plain["incoming"] if group["iri"] == IN_SCHEME.value]
    concepts = {value["url"] for value in group["values"]}
    assert len(concepts) == group["count"] > 5
    assert {urljoin(path, url) for url in concepts} <= {urljoin(path, link) for link in found.links}
    shown = text.partition({"nl": "Wat hiernaar verwijst", "en": "What refers to this"}[language])[2]
    assert shown.count("<dd>") >= len(concepts)


def memory(release: Release, turtle: str) -> OpenRelease:
    """Return a release whose store holds just these triples."""
    store = Store()
    head = f"PREFIX l: <{BASE}id/schema/> PREFIX b: <{BASE}id/begrip/> PREFIX skos: <{SKOS}> PREFIX rdfs: <{RDFS}> "
    store.extend(parse(head + turtle, format=RdfFormat.TURTLE))
    return OpenRelease(release, store)


def test_concepts_nest_whichever_side_says_so_and_a_circle_ends(release: Release) -> None:
    opened = memory(
        release,
        """l:x a skos:ConceptScheme . b:a skos:inScheme l:x ; skos:prefLabel "A"@nl ; skos:narrower b:b .
        b:b skos:inScheme l:x ; skos:prefLabel "B"@nl ; skos:notation "B1" .
        b:c skos:inScheme l:x ; skos:broader b:b , b:e .
        b:d skos:inScheme l:x ; skos:broader b:e . b:e skos:inScheme l:x ; skos:broader b:d .""",
    )
    scheme, _ = read_scheme(opened, NamedNode(BASE + "id/schema/x"), "nl")
    [first, *_] = scheme.top
    assert (first.anchor, first.narrower[0].anchor, first.narrower[0].notation) == ("a", "b", "B1")
    assert first.narrower[0].narrower[0].anchor == "c"
    assert [piece.iri for piece in first.narrower[0].narrower[0].broader] == [BASE + "id/begrip/e"]

    def anchors(concepts: tuple) -> list[str]:
        return [name for one in concepts for name in (one.anchor, *anchors(one.narrower))]

    assert sorted(anchors(scheme.top)) == ["a", "b", "c", "d", "e"], "each once, those of a circle too"


# -- words


def facts(turtle: str, language: str = "nl") -> Facts:
    head = f"""PREFIX wg: <{BASE}def#> PREFIX owl: <{OWL}> PREFIX sh: <{SH}> PREFIX rdfs: <{RDFS}> PREFIX : <urn:x:>
        wg:Wijk rdfs:label "wijk"@nl , "neighbourhood"@en . wg:Stad rdfs:label "stad"@nl , "city"@en .
        wg:ligtIn rdfs:label "ligt in"@nl , "lies in"@en . """
    quads = list(parse(head + turtle, format=RdfFormat.TURTLE))
    nothing = SimpleNamespace(base=Base(), store=Store())
    return Facts(nothing, (Quad(q.subject, q.predicate, q.object) for q in quads), language)  # type: ignore[arg-type]


def words(phrase: Phrase) -> str:
    return "".join(piece.text for piece in phrase)


X, P = NamedNode("urn:x:x"), NamedNode("urn:x:p")


@pytest.mark.parametrize(
    ("turtle", "nl", "en"),
    [
        ("[ owl:unionOf ( wg:Wijk wg:Stad ) ]", "wijk of stad", "neighbourhood or city"),
        (
            "[ owl:intersectionOf ( wg:Wijk [ owl:complementOf wg:Stad ] ) ]",
            "wijk en (niet stad)",
            "neighbourhood and (not city)",
        ),
        (
            "[ a owl:Restriction ; owl:onProperty wg:ligtIn ; owl:someValuesFrom [ owl:unionOf ( wg:Wijk wg:Stad ) ] ]",
            "ligt in: minstens één wijk of stad",
            "lies in: at least one neighbourhood or city",
        ),
        (
            "[ a owl:Restriction ; owl:onProperty wg:ligtIn ; owl:maxQualifiedCardinality 2 ; owl:onClass wg:Stad ]",
            "ligt in: hoogstens 2 van stad",
            "lies in: at most 2 of city",
        ),
        ("[ owl:inverseOf wg:ligtIn ]", "owl:inverseOf ligt in", "owl:inverseOf lies in"),
    ],
)
def test_a_class_without_a_name_is_readable(turtle: str, nl: str, en: str) -> None:
    for language, expected in (("nl", nl), ("en", en)):
        held = facts(f":x :p {turtle} .", language)
        value = held.one(X, P)
        assert value is not None
        assert words(expression(held, value)) == expected


@pytest.mark.parametrize(
    ("turtle", "nl", "en"),
    [
        ("sh:class wg:Wijk", "wijk", "neighbourhood"),
        ("sh:or ( [ sh:class wg:Wijk ] [ sh:class wg:Stad ] )", "wijk of stad", "neighbourhood or city"),
        ("sh:not [ sh:class wg:Wijk ]", "niet: wijk", "not: neighbourhood"),
        ("sh:in ( wg:Wijk 'b' 3 )", "een van: wijk, b, 3", "one of: neighbourhood, b, 3"),
        ("sh:minInclusive 0 ; sh:maxLength 5", "hoogstens 5 tekens; 0 of meer", "at most 5 characters; 0 or more"),
        (
            "sh:qualifiedValueShape [ sh:class wg:Stad ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 2",
            "minstens 1 en hoogstens 2: stad",
            "at least 1 and at most 2: city",
        ),
        ("sh:closed true", "niet in woorden: sh:closed true", "not in words: sh:closed true"),
    ],
)
def test_a_constraint_is_readable_and_none_is_dropped(turtle: str, nl: str, en: str) -> None:
    for language, expected in (("nl", nl), ("en", en)):
        held = facts(f":x {turtle} .", language)
        assert "; ".join(words(phrase) for phrase in constraints(held, X)) == expected


@pytest.mark.parametrize(
    ("turtle", "nl"),
    [
        ("wg:ligtIn", "ligt in"),
        ("[ sh:inversePath wg:ligtIn ]", "hiernaartoe met ligt in"),
        ("( wg:ligtIn [ sh:alternativePath ( wg:ligtIn rdfs:label ) ] )", "ligt in, dan ligt in of rdfs:label"),
        ("[ sh:zeroOrMorePath wg:ligtIn ]", "nul of meer keer ligt in"),
    ],
)
def test_a_path_is_readable(turtle: str, nl: str) -> None:
    held = facts(f":x sh:path {turtle} .")
    assert words(path(held, held.one(X, NamedNode(str(SH.path))))) == nl


def test_terms_that_a_text_names_are_found_and_ours_are_linked() -> None:
    pieces = facts("").mentions("Geen wg:Wijk, maar prov:agent of wg:Bestaatniet; zie https://a.nl/x:y.")
    assert [(piece.text, piece.iri) for piece in pieces if piece.code] == [
        ("wg:Wijk", BASE + "def#Wijk"),
        ("prov:agent", ""),
        ("wg:Bestaatniet", ""),
    ]
    assert words(pieces) == "Geen wg:Wijk, maar prov:agent of wg:Bestaatniet; zie https://a.nl/x:y."


# -- drawings


@both
def test_drawings_are_sound_with_words_for_who_cannot_see_them(client: FlaskClient, language: str) -> None:
    text = client.get(f"/def?lang={language}", headers={"Accept": "text/html"}).text
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(drawings) >= len(named(ONTOLOGY, OWL.Class))
    ids = set(Page(text).ids)
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root.get("role") == "img"
        assert [child.tag for child in root][:2] == ["title", "desc"]
        assert all(root.findtext(tag) for tag in ("title", "desc"))
        wide, tall = float(root.get("width", 0)), float(root.get("height", 0))
        for rect in root.iter("rect"):
            assert 0 <= float(rect.get("x", -1)) <= float(rect.get("x", 0)) + float(rect.get("width", 0)) <= wide + 1
            assert 0 <= float(rect.get("y", -1)) <= float(rect.get("y", 0)) + float(rect.get("height", 0)) <= tall + 1
        for link in root.iter("a"):
            href = link.get("href", "")
            assert not href.startswith("#") or href[1:] in ids
    assert "<script" not in text


def test_the_overview_shows_every_class_and_the_relations_between() -> None:
    layers = Layers(["a", "b", "c", "d"], [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("b", "d")])
    assert layers.turned == {("c", "a")}
    column = {name: number for number, names in enumerate(layers.columns) for name in names}
    for edge, way in layers.ways.items():
        assert [column[name] for name in way] == list(range(column[way[0]], column[way[-1]] + 1)), edge
    y = layers.heights(dict.fromkeys("abcd", 24.0), 10)
    for names in layers.columns:
        places = [y[name] for name in names]
        assert places == sorted(places)
    assert Layers([], []).columns == []


def test_the_properties_of_nearly_everything_are_told_apart(opened: OpenRelease) -> None:
    found = Vocabulary(opened, "nl")
    assert NamedNode(str(RDFS.label)) in found.general
    assert NamedNode(BASE + "def#ligtIn") not in found.general


# -- the ontology for outside tools


@pytest.mark.parametrize("extension", ["ttl", "rdf", "jsonld", "nt"])
def test_what_an_outside_tool_loads_is_the_ontology(client: FlaskClient, extension: str) -> None:
    loaded = rdflib.Graph().parse(
        data=client.get(f"/def.{extension}").data, format={"rdf": "xml", "jsonld": "json-ld"}.get(extension, extension)
    )
    assert len(loaded) == len(ONTOLOGY)
    assert list(loaded.subjects(RDF.type, OWL.Ontology)) == [URIRef(BASE + "def")]
    assert list(loaded.objects(URIRef(BASE + "def"), OWL.versionIRI)) != []
    assert list(loaded.objects(None, OWL.imports)) == []


def outside(node: rdflib.term.Node) -> bool:
    """Tell whether a node is no built-in term of OWL, RDF or RDF Schema."""
    return isinstance(node, URIRef) and not str(node).startswith((str(OWL), str(RDF), str(RDFS)))


def test_each_property_is_declared_one_kind_of_owl_property() -> None:
    used = set(ONTOLOGY.predicates()) | set(ONTOLOGY.objects(None, RDFS.subPropertyOf))
    used |= {node for kind in KINDS for node in ONTOLOGY.subjects(RDF.type, kind)}
    wrong = {
        str(node): found
        for node in used
        if outside(node) and len(found := [kind for kind in KINDS if (node, RDF.type, kind) in ONTOLOGY]) != 1
    }
    assert wrong == {}
    for low, _, high in ONTOLOGY.triples((None, RDFS.subPropertyOf, None)):
        assert set(ONTOLOGY.objects(low, RDF.type)) & set(KINDS) == set(ONTOLOGY.objects(high, RDF.type)) & set(KINDS)


def test_each_class_is_declared_and_no_term_of_ours_is_forgotten() -> None:
    used = {node for node in ONTOLOGY.objects(None, RDF.type) if outside(node)}
    used |= {node for pair in ONTOLOGY.subject_objects(RDFS.subClassOf) for node in pair if not isinstance(node, BNode)}
    assert [node for node in sorted(used) if (node, RDF.type, OWL.Class) not in ONTOLOGY] == []
    ours = {node for triple in ONTOLOGY for node in triple if str(node).startswith(BASE + "def#") and outside(node)}
    assert [node for node in sorted(ours) if (node, RDF.type, None) not in ONTOLOGY] == []


def test_a_reasoner_finds_no_contradiction() -> None:
    closed = rdflib.Graph()
    closed += ONTOLOGY
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(closed)
    errors = "http://www.daml.org/2002/03/agents/agent-ont#error"
    assert list(closed.objects(None, URIRef(errors))) == []
    assert (URIRef(BASE + "def#Resultaat"), RDFS.subClassOf, URIRef("http://www.w3.org/ns/prov#Entity")) in closed
    assert not [node for node in closed.subjects(RDFS.subClassOf, OWL.Nothing) if outside(node)]
