"""IRIs, formats, negotiation, serialisation."""

from __future__ import annotations

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse
from rdflib.compare import isomorphic

from wijkengids.errors import WrongUse
from wijkengids.model.formats import GRAPH_FORMATS, HTML, N_QUADS, RDF_XML, TURTLE, cut_extension
from wijkengids.model.iris import Base, is_ref, rebase
from wijkengids.model.negotiate import negotiate
from wijkengids.model.serialize import write
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, WG, XSD

OFFERS = (*GRAPH_FORMATS, HTML)
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "ttl"),
        ("", "ttl"),
        ("*/*", "ttl"),
        (BROWSER, "html"),
        ("text/turtle;q=0.5, application/ld+json", "jsonld"),
        ("text/turtle; charset=utf-8", "ttl"),
        ("application/rdf+xml;charset=utf-8;q=0.9, text/html;q=0.1", "rdf"),
        ('application/ld+json;profile="a,b"', "jsonld"),
        ("text/*;q=0.4, application/trig;q=0.3", "ttl"),
        ("application/json", "jsonld"),
        ("TEXT/TURTLE", "ttl"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("image/png, */*;q=0.1", "ttl"),
        ("text/turtle;q=onzin, application/n-triples", "nt"),
    ],
)
def test_negotiation(accept: str | None, expected: str | None) -> None:
    chosen = negotiate(accept, OFFERS)
    assert (chosen.name if chosen else None) == expected


@given(st.text(max_size=60))
def test_no_accept_header_breaks_negotiation(accept: str) -> None:
    chosen = negotiate(accept, OFFERS)
    assert chosen is None or chosen in OFFERS


@pytest.mark.parametrize(
    ("ref", "stem", "name"),
    [
        ("wijk/a.ttl", "wijk/a", "ttl"),
        ("gidsartikel/9.3.2", "gidsartikel/9.3.2", None),
        ("gidsartikel/9.3.2.jsonld", "gidsartikel/9.3.2", "jsonld"),
        ("wijk/a.srj", "wijk/a.srj", None),
        ("wijk/a", "wijk/a", None),
        (".ttl", ".ttl", None),
    ],
)
def test_an_extension_is_cut_off_only_if_it_is_a_format(ref: str, stem: str, name: str | None) -> None:
    found, format_ = cut_extension(ref)
    assert (found, format_.name if format_ else None) == (stem, name)


@pytest.mark.parametrize("ref", ["wijk/a", "cbs/2012WK047912", "graaf/gids/9.3.2", "gidsartikel/9.3.2"])
def test_good_refs(ref: str) -> None:
    assert is_ref(ref)


@pytest.mark.parametrize(
    "ref", ["", "/wijk", "wijk//a", "wijk/", "../etc", "wijk/..", "wijk/a b", "wijk/é", "a\nb", "a?b"]
)
def test_bad_refs(ref: str) -> None:
    assert not is_ref(ref)


def test_paths_and_short_names() -> None:
    base = Base("http://127.0.0.1:8000/")
    assert base.path("http://127.0.0.1:8000/id/wijk/a") == "doc/wijk/a"
    assert base.path("http://127.0.0.1:8000/def#Wijk") == "def#Wijk"
    assert base.path("http://elders/") is None
    assert base.shorten("http://127.0.0.1:8000/id/gidsartikel/9.3.2") == "gidsartikel:9.3.2"
    assert base.shorten("http://127.0.0.1:8000/id/graaf/gids/9.3.2") == "gidsgraaf:9.3.2"
    assert base.shorten("http://elders/x") == "http://elders/x"


@pytest.mark.parametrize(
    "iri", ["", "gids.nl/", "https://gids.nl", "ftp://gids.nl/", "https://gids.nl/#", "https://a b/"]
)
def test_a_bad_base_is_refused_with_an_example(iri: str) -> None:
    with pytest.raises(WrongUse, match="bijvoorbeeld"):
        Base(iri)


def test_rebasing_moves_iris_and_any_uri_literals_and_nothing_else() -> None:
    own, other = WG["Wijk"], NamedNode("http://elders/")
    text = Literal("zie https://w3id.org/wijkengids/def")
    uri = Literal(WG.iri, datatype=XSD["anyURI"])
    quads = [Quad(own, own, value, own) for value in (own, other, text, uri, BlankNode("b"))]
    moved = list(rebase(quads, Base("http://x/")))
    new = NamedNode("http://x/def#Wijk")
    assert [quad.object for quad in moved] == [
        new,
        other,
        text,
        Literal("http://x/def#", datatype=XSD["anyURI"]),
        BlankNode("b"),
    ]
    assert {(quad.subject, quad.predicate, quad.graph_name) for quad in moved} == {(new, new, new)}
    assert list(rebase(quads, Base())) == quads


def quads_of(text: str) -> list[Quad]:
    graph = NamedNode("http://g/")
    return [Quad(q.subject, q.predicate, q.object, graph) for q in parse(text, format=RdfFormat.TURTLE)]


SOME = quads_of("""
    @prefix wg: <https://w3id.org/wijkengids/def#> . @prefix wijk: <https://w3id.org/wijkengids/id/wijk/> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    wijk:a wg:p ( 1 2 1 ) ; rdfs:label "A"@nl , "B"@en ; a wg:Wijk ; wg:inwoners 8595 ; wg:oppervlakte 1.10 .
    wijk:0 wg:q wijk:a . """)


@pytest.mark.parametrize("format_", GRAPH_FORMATS, ids=lambda f: f.name)
def test_every_format_reads_back_as_the_same_graph(format_) -> None:
    written = write(SOME, format_, Base().prefixes())
    assert written == write(reversed(SOME), format_, Base().prefixes()), "the order of input shows"
    names = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}
    back = rdflib.Dataset().parse(data=written, format=names[format_.name])
    merged, expected = rdflib.Graph(), rdflib.Graph()
    merged += [triple[:3] for triple in rdflib.Dataset().parse(data=written, format=names[format_.name]).quads()]
    expected += [quad[:3] for quad in rdflib.Dataset().parse(data=write(SOME, N_QUADS, {}), format="nquads").quads()]
    assert isomorphic(merged, expected)
    assert back is not None


def test_turtle_starts_with_the_resource_and_its_type_and_names_only_used_prefixes() -> None:
    about = NamedNode("https://w3id.org/wijkengids/id/wijk/a")
    lines = write(SOME, TURTLE, Base().prefixes(), about).decode().splitlines()
    prefixes = [line.split()[1] for line in lines if line.startswith("@prefix")]
    assert prefixes == ["rdf:", "rdfs:", "wg:", "wijk:"]  # rdf: for the list
    body = lines[len(prefixes) + 1 :]
    assert body[0] == "wijk:a a wg:Wijk ;"
    assert body[1].strip() == 'rdfs:label "A"@nl , "B"@en ;'


def test_xml_declares_only_used_namespaces_sorted() -> None:
    root = write(SOME, RDF_XML, Base().prefixes()).decode().split("<rdf:RDF")[1].split(">")[0]
    assert [part.split("=")[0] for part in root.split()] == ["xmlns:rdf", "xmlns:rdfs", "xmlns:wg"]


def test_a_format_without_graphs_holds_each_triple_once() -> None:
    one = Quad(WG["a"], RDFS_LABEL, Literal("x"), NamedNode("http://g/1"))
    two = Quad(WG["a"], RDFS_LABEL, Literal("x"), NamedNode("http://g/2"))
    kind = Quad(WG["a"], RDF_TYPE, WG["B"], NamedNode("http://g/2"))
    assert write([one, two, kind], TURTLE, {}).decode().count('"x"') == 1
    assert write([one, two, kind], N_QUADS, {}).decode().count('"x"') == 2
