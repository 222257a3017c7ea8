"""What a document says, in every format and profile: the same facts, the same bytes, in pages where there are many."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
import rdflib
from flask import Flask
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryTriples, RdfFormat, parse
from rdflib.compare import isomorphic

from tests.conftest import ROOT
from wijkengids.documents.about import Document, paging
from wijkengids.documents.describe import PAGE, Page, describe
from wijkengids.documents.document import write_document
from wijkengids.documents.geo import from_literal
from wijkengids.documents.labels import label
from wijkengids.documents.metadata import holding
from wijkengids.documents.profiles import DEFAULT, PROFILES
from wijkengids.documents.schema_org import schema_json, schema_type
from wijkengids.documents.selections import formats, representation
from wijkengids.documents.table import COLUMNS, inert
from wijkengids.knowledge.sources import Project
from wijkengids.model.formats import CSV, GEOJSON, GRAPH_FORMATS, HTML, JSON, JSON_LD, N_QUADS, N_TRIPLES, TURTLE
from wijkengids.model.iris import Base, relative
from wijkengids.model.vocab import DCTERMS, GEO, RDF_TYPE, RDFS, RDFS_LABEL, SCHEMA, SKOS, VOID, XSD
from wijkengids.release.build import build
from wijkengids.release.folder import Release, Releases
from wijkengids.release.manifest import Manifest
from wijkengids.release.store import OpenRelease, write_store
from wijkengids.release.terms import RESERVED, read_terms
from wijkengids.web.thing import thing

BASE = Base()
G = BASE.graph("proef")
HUB = BASE.resource("wijk", "hub")
LIES, ABOUT = BASE.term("ligtIn"), BASE.term("over")
MANY = 20_000
Made = Callable[[list[Quad]], OpenRelease]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make an open release of some quads."""

    def make(quads: list[Quad]) -> OpenRelease:
        folder = tmp_path_factory.mktemp("uitgave")
        write_store(folder / "store", quads)
        read_terms(quads, BASE).write(folder)
        Manifest("0" * 64, BASE.iri, "", {}, len(quads), {}, {}, {}, {}).write(folder)
        return OpenRelease.open(Release.read(folder))

    return make


@pytest.fixture(scope="module")
def real(release: Release) -> OpenRelease:
    return OpenRelease.open(release)


@pytest.fixture(scope="module")
def little(small: Project, tmp_path_factory: pytest.TempPathFactory) -> OpenRelease:
    folder = Releases(tmp_path_factory.mktemp("klein"))
    return OpenRelease.open(build(small, folder, BASE)[0])


@pytest.fixture(scope="module")
def hub(made: Made) -> OpenRelease:
    """A hub with 20 000 links of one property, 250 of another and a few of a third."""
    sources = [BASE.resource("wijk", f"w{number}") for number in range(MANY)]
    quads = [Quad(source, LIES, HUB, G) for source in sources]
    quads += [Quad(source, ABOUT, HUB, G) for source in sources[:250]]
    quads += [Quad(source, DCTERMS["references"], HUB, G) for source in sources[:5]]
    quads += [Quad(source, RDFS_LABEL, Literal(f"wijk {n}", language="nl"), G) for n, source in enumerate(sources)]
    quads += [Quad(HUB, RDFS_LABEL, Literal("spil", language="nl"), G), Quad(BlankNode("b"), LIES, HUB, G)]
    return made(quads)


def document(release: OpenRelease, iri: NamedNode, page: Page | None = None) -> Document:
    return Document(release, iri, f"doc/{release.base.ref(iri.value)}", page)


def things(release: OpenRelease) -> list[NamedNode]:
    """Return everything that has a document, in a fixed order."""
    found = {quad.subject for quad in release.store.quads_for_pattern(None, None, None, DefaultGraph())}
    return sorted((n for n in found if isinstance(n, NamedNode) and release.base.ref(n.value)), key=lambda n: n.value)


def sample(release: OpenRelease, number: int) -> list[NamedNode]:
    found = things(release)
    return random.Random(9).sample(found, min(number, len(found)))


def triples(body: bytes, format_: RdfFormat | None) -> set[Any]:
    assert format_ is not None
    return {quad.triple for quad in parse(body, format=format_)}


def chain(release: OpenRelease) -> Iterator[Document]:
    """Follow the next links of the hub from its main document to the end."""
    current = document(release, HUB)
    while True:
        yield current
        path = paging(current).get("next")
        if path is None:
            return
        query = parse_qs(urlsplit(path).query)
        prefix, _, local = query["_in"][0].partition(":")
        predicate = NamedNode(BASE.prefixes()[prefix] + local)
        current = document(release, HUB, Page(predicate, int(query["_page"][0])))


# --- paging -----------------------------------------------------------------------------------------------------------


def test_a_hub_shows_one_page_of_each_property_and_counts_all(hub: OpenRelease) -> None:
    about = describe(hub.store, HUB)
    shown = {links.predicate: (links.count, links.pages, len(links.quads)) for links in about.incoming}
    assert shown == {LIES: (MANY, 200, PAGE), ABOUT: (250, 3, PAGE), DCTERMS["references"]: (5, 1, 5)}
    assert about.counts == {LIES: MANY, ABOUT: 250, DCTERMS["references"]: 5}
    assert about == describe(hub.store, HUB)


def test_first_and_last_page(hub: OpenRelease) -> None:
    first, last = describe(hub.store, HUB, Page(LIES, 1)), describe(hub.store, HUB, Page(LIES, 200))
    assert first.incoming[0].quads == next(i for i in describe(hub.store, HUB).incoming if i.predicate == LIES).quads
    assert last.statements == ()
    assert len(last.incoming[0].quads) == PAGE
    assert last.label(HUB, "en") == "spil", "a page names its topic"
    assert {q.subject for q in first.incoming[0].quads}.isdisjoint(q.subject for q in last.incoming[0].quads)
    assert describe(hub.store, HUB, Page(ABOUT, 3)).incoming[0].count == 250
    assert len(describe(hub.store, HUB, Page(ABOUT, 3)).incoming[0].quads) == 50


@pytest.mark.parametrize("page", [Page(LIES, 201), Page(LIES, 0), Page(LIES, -1), Page(RDF_TYPE, 1), Page(LIES, 10**9)])
def test_a_page_that_is_not_there_shows_nothing(hub: OpenRelease, page: Page) -> None:
    assert describe(hub.store, HUB, page).incoming == ()
    assert paging(document(hub, HUB, page)) == {} or page.predicate == LIES


def test_the_chain_of_next_links_visits_every_link_once_in_every_format(hub: OpenRelease) -> None:
    found: dict[str, list[tuple[str, str]]] = {}
    for current in chain(hub):
        for format_ in (*GRAPH_FORMATS, JSON, CSV):
            found.setdefault(format_.name, []).extend(links_in(write_document(current, format_), format_))
    expected = sorted(found["nt"])
    assert len(expected) == len(set(expected)) == MANY + 250 + 5
    assert {name for name, links in found.items() if sorted(links) != expected} == set()


def links_in(body: bytes, format_: Any) -> list[tuple[str, str]]:
    """Return (subject, property) of the links to the hub in a document."""
    if format_ == JSON:
        groups = json.loads(body)["incoming"]
        return [(value["iri"], group["iri"]) for group in groups for value in group["values"]]
    if format_ == CSV:
        rows = csv.DictReader(io.StringIO(body.decode(), newline=""))
        return [(row["waarde"], row["eigenschap"]) for row in rows if row["richting"] == "in"]
    own = {LIES, ABOUT, DCTERMS["references"]}
    return [(t.subject.value, t.predicate.value) for t in triples(body, format_.rdf) if t.predicate in own]


def test_the_rest_is_said_in_every_format(hub: OpenRelease) -> None:
    main = document(hub, HUB)
    following = f"{BASE.iri}doc/wijk/hub?_in=wg%3AligtIn&_page=2"
    for format_ in (*GRAPH_FORMATS, CSV):
        body = write_document(main, format_).decode().replace("&amp;", "&")
        expected = following if format_ != CSV else following.replace("hub?", "hub.csv?")
        assert expected in body, format_.name
        assert "20000" in body or format_ == CSV
    plain = json.loads(write_document(main, JSON))
    group = next(group for group in plain["incoming"] if group["name"] == "ligtIn")
    assert (group["count"], group["page"], group["pages"]) == (MANY, 1, 200)
    assert urljoin(main.home.value, group["next"]) == following.replace("hub?", "hub.json?")
    assert plain["links"] == {
        "first": "hub.json",
        "next": "hub.json?_in=wg%3AligtIn&_page=2",
        "last": "hub.json?_in=wg%3Aover&_page=3",
    }


def test_the_links_between_pages(hub: OpenRelease) -> None:
    path = "doc/wijk/hub"
    over, lies = f"{path}?_in=wg%3Aover&_page=", f"{path}?_in=wg%3AligtIn&_page="
    assert paging(document(hub, HUB)) == {"first": path, "next": lies + "2", "last": over + "3"}
    assert paging(document(hub, HUB, Page(LIES, 2))) == {
        "first": path,
        "prev": path,
        "next": lies + "3",
        "last": over + "3",
    }
    assert paging(document(hub, HUB, Page(LIES, 200)))["next"] == over + "2"
    assert paging(document(hub, HUB, Page(ABOUT, 2)))["prev"] == lies + "200"
    assert "next" not in paging(document(hub, HUB, Page(ABOUT, 3)))
    assert paging(document(hub, HUB, Page(LIES, 1))) == {"first": path, "next": lies + "2", "last": over + "3"}
    assert paging(document(hub, BASE.resource("wijk", "w1"))) == {}


# --- the same facts in every format -----------------------------------------------------------------------------------


@pytest.mark.parametrize("profile", PROFILES)
def test_every_graph_format_holds_the_same_triples(little: OpenRelease, real: OpenRelease, profile: str) -> None:
    number = 200 if profile == "volledig" else 40
    for release, iris in ((little, sample(little, 5 * number)), (real, sample(real, number))):
        for iri in iris:
            about = document(release, iri)
            expected = triples(write_document(about, TURTLE, profile), RdfFormat.TURTLE)
            assert expected
            for format_ in GRAPH_FORMATS:
                assert triples(write_document(about, format_, profile), format_.rdf) == expected, (iri, format_.name)


@pytest.mark.parametrize("profile", PROFILES)
def test_rdflib_reads_the_same_triples_in_json_ld(little: OpenRelease, real: OpenRelease, profile: str) -> None:
    for release, iris in ((little, sample(little, 60)), (real, sample(real, 60))):
        for iri in iris:
            about = document(release, iri)
            read = rdflib.Graph().parse(data=write_document(about, JSON_LD, profile), format="json-ld")
            assert isomorphic(read, rdflib.Graph().parse(data=write_document(about, N_TRIPLES, profile), format="nt"))


def test_n_quads_and_trig_hold_the_same_quads_and_their_merge(real: OpenRelease) -> None:
    for iri in sample(real, 100):
        about = document(real, iri)
        written = set(parse(write_document(about, N_QUADS), format=RdfFormat.N_QUADS))
        assert written == set(parse(write_document(about, formats(real, iri)[4]), format=RdfFormat.TRIG))
        quads = {quad for quad in written if not isinstance(quad.graph_name, DefaultGraph)}
        assert {quad.triple for quad in written - quads} == {quad.triple for quad in quads}
        own = {quad for quad in quads if quad.graph_name == about.url}
        assert quads - own == set(about.description.quads())
        assert {quad.object for quad in own if quad.predicate == DCTERMS["source"]} == {
            quad.graph_name
            for quad in (
                *about.description.statements,
                *(q for links in about.description.incoming for q in links.quads),
            )
        }
        assert {quad.object.value for quad in own if quad.predicate == DCTERMS["license"]} == {
            "https://creativecommons.org/licenses/by/4.0/"
        }


def test_plain_json_and_csv_hold_the_statements_with_their_graphs(real: OpenRelease) -> None:
    for iri in sample(real, 100):
        about = document(real, iri)
        own = [quad for quad in about.description.statements if quad.predicate not in (RDF_TYPE, RDFS_LABEL)]
        expected = {(q.predicate.value, getattr(q.object, "value", ""), q.graph_name.value) for q in own}  # type: ignore[union-attr]
        rows = list(csv.DictReader(io.StringIO(write_document(about, CSV).decode(), newline="")))
        out = [row for row in rows if row["richting"] == "uit"]
        assert len(out) == len(about.description.statements)
        kept = [row for row in out if row["eigenschap"] not in {RDF_TYPE.value, RDFS_LABEL.value}]
        assert {(r["eigenschap"], r["waarde"].removeprefix("'"), r["graaf"]) for r in kept} == {
            (p, v.removeprefix("'"), g) for p, v, g in expected
        }
        body = json.loads(write_document(about, JSON))
        found = {
            (group["iri"], text(value), graph)
            for group in body["properties"]
            for value in group["values"]
            for graph in value["sources"]
        }
        texts = {(q.predicate.value, q.object.value, q.graph_name.value) for q in own if is_text(q.object)}  # type: ignore[union-attr]
        assert texts <= found
        assert {(p, g) for p, _, g in found} == {(p, g) for p, _, g in expected}
        assert sum(len(group["values"]) for group in body["incoming"]) == len(
            {(q.subject, q.predicate) for links in about.description.incoming for q in links.quads}
        )


def is_text(node: object) -> bool:
    """Tell whether a value stands in JSON letter for letter; numbers are numbers there."""
    return isinstance(node, NamedNode) or (isinstance(node, Literal) and bool(node.language))


def text(value: dict[str, Any]) -> str:
    return str(value.get("iri", value.get("value")))


def test_the_same_content_gives_the_same_bytes_in_another_process(real: OpenRelease) -> None:
    program = (
        "import sys, hashlib; from pathlib import Path; from pyoxigraph import NamedNode\n"
        "from wijkengids.documents.about import Document; from wijkengids.documents.document import write_document\n"
        "from wijkengids.documents.profiles import PROFILES; from wijkengids.documents.selections import formats\n"
        "from wijkengids.model.formats import HTML; from wijkengids.release.folder import Release\n"
        "from wijkengids.release.store import OpenRelease\n"
        "r = OpenRelease.open(Release.read(Path(sys.argv[1]))); h = hashlib.sha256()\n"
        "for iri in sys.argv[2:]:\n"
        "    d = Document(r, NamedNode(iri), 'doc/' + r.base.ref(iri))\n"
        "    for p in PROFILES:\n"
        "        [h.update(write_document(d, f, p)) for f in formats(r, d.iri, p) if f != HTML]\n"
        "print(h.hexdigest())\n"
    )
    iris = [iri.value for iri in sample(real, 25)]
    command = [sys.executable, "-c", program, str(real.release.folder), *iris]
    hashes = {
        subprocess.run(
            command, env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, text=True, check=True, cwd=ROOT
        ).stdout
        for seed in ("1", "2")
    }
    assert len(hashes) == 1


def test_no_document_depends_on_the_release_as_a_whole(real: OpenRelease) -> None:
    iri = BASE.resource("wijk", "poelenburg")
    for profile in PROFILES:
        for format_ in formats(real, iri, profile):
            if format_ != HTML:
                body = write_document(document(real, iri), format_, profile).decode()
                assert real.release.manifest.digest[:12] not in body
                assert real.release.name not in body


# --- JSON-LD ----------------------------------------------------------------------------------------------------------


def test_json_ld_reads_as_plain_json(real: OpenRelease) -> None:
    body = json.loads(write_document(document(real, BASE.resource("wijk", "poelenburg")), JSON_LD))
    assert body["id"] == f"{BASE.iri}id/wijk/poelenburg"
    assert "Wijk" in body["type"]
    assert body["label"] == {"nl": "Poelenburg"}
    assert body["ligtIn"] == {"id": f"{BASE.iri}id/stad/zaanstad", "label": {"nl": "Zaanstad"}}
    assert body["incoming"]["beschrijft"][0]["label"]["en"].startswith("9.3.2")
    assert body["document"]["license"] == "https://creativecommons.org/licenses/by/4.0/"
    used = json.dumps({key: value for key, value in body.items() if key != "@context"})
    assert all(f'"{name}"' in used for name in body["@context"] if not name.startswith("@"))


def test_a_term_has_one_shape_in_a_release(real: OpenRelease) -> None:
    shapes: dict[str, set[str]] = {}
    for iri in sample(real, 200):
        body = json.loads(write_document(document(real, iri), JSON_LD))
        for name, value in body.items():
            if name not in {"@context", *RESERVED}:
                shapes.setdefault(name, set()).add(shape(value))
    assert {name: found for name, found in shapes.items() if len(found) > 1} == {}


def shape(value: Any) -> str:
    if isinstance(value, dict) and "id" not in value and "@value" not in value:
        return "texts of " + "".join({type(texts).__name__ for texts in value.values()})
    return f"list of {shape(value[0])}" if isinstance(value, list) else type(value).__name__


def test_names_are_unique_and_clashes_get_a_prefix(real: OpenRelease) -> None:
    names = [term.name for term in real.terms.by_iri.values()]
    assert len(set(names)) == len(names)
    assert not set(names) & set(RESERVED)
    assert real.terms.name(DCTERMS["type"].value) == "dcterms_type"
    assert real.terms.name("http://elders/x#y") == "http://elders/x#y"


def test_awkward_values_survive_json_ld(made: Made) -> None:
    thing_, other = BASE.resource("wijk", "x"), BASE.resource("wijk", "y")
    one, two, three = BlankNode("a"), BlankNode("b"), BlankNode("c")
    values = [
        Literal("x", language="nl"), Literal("z", language="nl"), Literal("plain"), other, one, two,
        Literal("007", datatype=XSD["integer"]), Literal("7", datatype=XSD["integer"]),
        Literal("99999999999999999999", datatype=XSD["integer"]), Literal("true", datatype=XSD["boolean"]),
        Literal("1", datatype=XSD["boolean"]), Literal("1.50", datatype=XSD["decimal"]), Literal(""),
        Literal("1e3", datatype=XSD["double"]), Literal("2013", datatype=XSD["gYear"]), Literal("http://x/ no iri"),
        Literal("\u2028 \" \\ </script>"),
        NamedNode("mailto:a@example.org"), NamedNode("https://example.org/?a=b&c=d#e"),
    ]  # fmt: skip
    quads = [Quad(thing_, BASE.term("mix"), value, G) for value in values]
    quads += [Quad(thing_, BASE.term(f"p{number}"), value, G) for number, value in enumerate(values)]
    quads += [Quad(one, ABOUT, three, G), Quad(two, ABOUT, three, G), Quad(three, ABOUT, one, G)]
    quads += [Quad(thing_, RDF_TYPE, one, G), Quad(thing_, ABOUT, thing_, G), Quad(other, RDF_TYPE, thing_, G)]
    release = made(quads)
    about = document(release, thing_)
    expected = triples(write_document(about, N_TRIPLES), RdfFormat.N_TRIPLES)
    body = write_document(about, JSON_LD)
    assert isomorphic(
        rdflib.Graph().parse(data=body, format="json-ld"),
        rdflib.Graph().parse(data=write_document(about, N_TRIPLES), format="nt"),
    )
    assert len(triples(body, RdfFormat.JSON_LD)) == len(expected)
    for format_ in formats(release, thing_):
        if format_ != HTML:
            assert write_document(about, format_)


def test_a_release_of_before_the_terms_is_read_from_its_store(real: OpenRelease, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text((real.release.folder / "manifest.json").read_text())
    (tmp_path / "store").symlink_to(real.release.store)
    found = OpenRelease.open(Release.read(tmp_path)).terms
    assert replace(found, by_iri={}) == replace(real.terms, by_iri={})
    # the store makes xsd:integer of xsd:nonNegativeInteger, and so may the kind of a term be
    assert {iri: replace(term, kind="") for iri, term in found.by_iri.items()} == {
        iri: replace(term, kind="") for iri, term in real.terms.by_iri.items()
    }


# --- CSV, GeoJSON, schema.org, profiles -------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=1+1", "+CMD|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "＝1", "-"])
def test_no_spreadsheet_runs_a_cell(cell: str) -> None:
    assert inert(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["-12.5", "+31", "-1e-3", "Oude Westen", "a=b", "", "'=1", "https://x/=1"])
def test_numbers_and_texts_stay_as_they_are(cell: str) -> None:
    assert inert(cell) == cell


def test_csv_follows_rfc_4180(made: Made) -> None:
    node = BASE.resource("wijk", "x")
    release = made([Quad(node, RDFS_LABEL, Literal('=HYPERLINK("http://x")\nnext, line', language="nl"), G)])
    body = write_document(document(release, node), CSV).decode()
    header, row = csv.reader(io.StringIO(body, newline=""))
    assert tuple(header) == COLUMNS
    assert row[COLUMNS.index("waarde")] == '\'=HYPERLINK("http://x")\nnext, line'
    assert body.count("\r\n") == 2


def test_geojson_of_what_has_a_geometry_only(real: OpenRelease) -> None:
    wijk = BASE.resource("wijk", "poelenburg")
    assert GEOJSON in formats(real, wijk)
    assert GEOJSON in formats(real, BASE.resource("geometrie", "poelenburg"))
    assert GEOJSON not in formats(real, BASE.resource("stad", "zaanstad"))
    feature = json.loads(write_document(document(real, wijk), GEOJSON))
    assert feature["type"] == "Feature"
    assert feature["id"] == wijk.value
    assert feature["geometry"] == {"type": "Point", "coordinates": [4.84943, 52.43684]}
    assert feature["properties"]["name"] == "Poelenburg"


POINT = {"type": "Point", "coordinates": (4.8, 52.4)}


@pytest.mark.parametrize(
    ("wkt", "expected"),
    [
        ("POINT(4.8 52.4)", POINT),
        ("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> POINT(4.8 52.4)", POINT),
        ("LINESTRING (0 0, 1 1)", {"type": "LineString", "coordinates": ((0, 0), (1, 1))}),
        (
            "POLYGON((0 0,0 1,1 1,1 0,0 0))",  # clockwise: GeoJSON wants it the other way round
            {"type": "Polygon", "coordinates": (((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),)},
        ),
        ("<http://www.opengis.net/def/crs/EPSG/0/28992> POINT(121000 487000)", None),
        ("POINT EMPTY", None),
        ("POINT(4.8", None),
        ("geen wkt", None),
        ("", None),
    ],
)  # fmt: skip
def test_wkt_to_geojson(wkt: str, expected: object) -> None:
    assert from_literal(wkt) == expected


@pytest.mark.parametrize(
    ("ref", "name"),
    [
        ("wijk/poelenburg", "Place"),
        ("stad/zaanstad", "City"),
        ("provincie/utrecht", "AdministrativeArea"),
        ("organisatie/platform31", "Organization"),
        ("rapport/niet-daar-maar-hier", "Report"),
        ("gidsartikel/9.3.2", "Article"),
        ("begrip/wijkeconomie", "DefinedTerm"),
        ("schema/themas", "DefinedTermSet"),
        ("programma/ondernemen-in-de-wijk", "Project"),
        ("graaf/gids/9.3.2", "Dataset"),
        ("geen/ding", "Thing"),
    ],
)
def test_schema_org_types(real: OpenRelease, ref: str, name: str) -> None:
    assert schema_type(document(real, NamedNode(f"{BASE.iri}id/{ref}"))).value == f"https://schema.org/{name}"


def test_schema_org_says_what_a_search_engine_wants(real: OpenRelease) -> None:
    wijk = json.loads(schema_json(document(real, BASE.resource("wijk", "poelenburg"))))
    assert wijk["@type"] == "Place"
    assert wijk["name"] == {"@value": "Poelenburg", "@language": "nl"}
    assert wijk["containedInPlace"]["@id"] == f"{BASE.iri}id/stad/zaanstad"
    assert (wijk["geo"]["latitude"], wijk["geo"]["longitude"]) == ("52.43684", "4.84943")
    assert wijk["mainEntityOfPage"]["license"]["@id"] == "https://creativecommons.org/licenses/by/4.0/"
    rapport = json.loads(schema_json(document(real, BASE.resource("rapport", "niet-daar-maar-hier"))))
    assert rapport["datePublished"] == "2013"
    assert rapport["publisher"]["name"]["@value"] == "MKB-Nederland"


@pytest.mark.parametrize("name", PROFILES)
def test_the_profiles_are_content(real: OpenRelease, name: str) -> None:
    iri = PROFILES[name].iri(BASE)
    found = Document(real, iri, f"profile/{name}").description
    tokens = [q.object for q in found.statements if q.predicate.value == "http://www.w3.org/ns/dx/prof/hasToken"]
    assert tokens == [Literal(name)]
    assert {quad.object.language for quad in found.statements if quad.predicate == DCTERMS["description"]} == {
        "nl",
        "en",
    }
    assert write_document(Document(real, iri, f"profile/{name}"), JSON_LD)


def test_of_two_labels_in_a_language_the_first_is_shown_whatever_the_store_holds_first(made: Made) -> None:
    node = BASE.resource("wijk", "a")
    quads = [Quad(node, RDFS_LABEL, Literal(text, language="nl"), G) for text in ("b", "a", "c")]
    for some in (quads, quads[::-1]):
        store = made(some).store
        assert label(store, node, "en") == "a" == describe(store, node).label(node, "nl")


def test_the_alternates_are_all_there_is(real: OpenRelease) -> None:
    about = document(real, BASE.resource("wijk", "poelenburg"))
    found = triples(write_document(about, TURTLE, "alt"), RdfFormat.TURTLE)
    listed = {t.object for t in found if t.predicate.value.endswith("altr#hasRepresentation")}
    assert listed == {representation(about, f, p) for p in PROFILES for f in formats(real, about.iri, p)}
    assert {t.object.value for t in found if t.predicate.value.endswith("hasDefaultRepresentation")} == {
        f"{BASE.iri}doc/wijk/poelenburg.ttl"
    }


def test_labels_in_a_language_else_dutch_else_any(made: Made) -> None:
    node, other, none = (BASE.resource("wijk", name) for name in "abc")
    labels = [("een", "nl"), ("one", "en")]
    quads = [Quad(node, RDFS_LABEL, Literal(text, language=language), G) for text, language in labels]
    quads += [Quad(other, RDFS_LABEL, Literal("eins", language="de"), G), Quad(node, ABOUT, other, G)]
    quads += [Quad(none, ABOUT, Literal("geen naam"), G), Quad(node, ABOUT, none, G)]
    store = made(quads).store
    about = describe(store, node)
    for term, language in itertools.product((node, other, none), ("nl", "en", "fy")):
        assert label(store, term, language) == about.label(term, language), "one rule, two places to look"
    assert (about.label(node, "en"), about.label(node, "fy"), about.label(other, "en")) == ("one", "een", "eins")
    assert about.label(none, "nl") is None


@pytest.mark.parametrize(
    ("path", "folder", "link"),
    [
        ("doc/wijk/a", "/doc/wijk", "a"),
        ("doc/stad/b?_in=wg%3Ax&_page=2", "/doc/wijk", "../stad/b?_in=wg%3Ax&_page=2"),
        ("def#Wijk", "/doc/wijk", "../../def#Wijk"),
        ("sparql?query=a/../b#c", "/", "sparql?query=a/../b#c"),
        ("", "/", "./"),
        ("", "/doc", ".."),
        ("doc/wijk", "/doc/wijk", "../wijk"),
    ],
)
def test_a_link_leads_back_to_its_path(path: str, folder: str, link: str) -> None:
    assert relative(path, folder) == link
    here = f"https://x.nl{folder.rstrip('/')}/hier"
    assert urljoin(here, link).rstrip("/") == f"https://x.nl/{path}".rstrip("/")


def test_what_the_catalogue_names_has_a_name_in_both_languages(real: OpenRelease) -> None:
    for kind in ("distributie", "controlegetal"):
        for format_ in GRAPH_FORMATS:
            found = describe(real.store, BASE.resource(kind, f"wijkengids-{format_.name}")).names
            assert set(found[BASE.resource(kind, f"wijkengids-{format_.name}")]) == {"nl", "en"}


# --- a named graph ----------------------------------------------------------------------------------------------------


def test_a_named_graph_says_how_much_it_states_and_leads_to_it(real: OpenRelease) -> None:
    graph = BASE.graph("gids/9.3.2")
    about = document(real, graph)
    count = real.release.manifest.graphs[graph.value]
    assert count == len(list(real.store.quads_for_pattern(None, None, None, graph)))
    said = triples(write_document(about, TURTLE), RdfFormat.TURTLE)
    assert Literal(str(count), datatype=XSD["integer"]) in {
        t.object for t in said if (t.subject, t.predicate) == (graph, VOID["triples"])
    }
    (url,) = {t.object.value for t in said if (t.subject, t.predicate) == (graph, RDFS["seeAlso"])}
    (query,) = parse_qs(urlsplit(url).query)["query"]
    answer = real.store.query(query)
    assert isinstance(answer, QueryTriples)
    assert len(list(answer)) == count
    plain = json.loads(write_document(about, JSON))["statements"]
    assert plain["count"] == count
    assert urljoin(about.home.value, plain["url"]) == url
    rows = csv.reader(io.StringIO(write_document(about, CSV).decode(), newline=""))
    assert {(row[2], row[5]) for row in rows if row[0] == "inhoud"} == {
        (VOID["triples"].value, str(count)),
        (RDFS["seeAlso"].value, url),
    }


def test_the_catalogue_counts_itself_and_a_thing_holds_nothing(real: OpenRelease) -> None:
    catalogue = holding(document(real, BASE.graph("catalogus")))
    assert catalogue is not None
    assert catalogue.count > 50
    assert holding(document(real, BASE.resource("wijk", "poelenburg"))) is None
    assert "statements" not in json.loads(write_document(document(real, BASE.resource("wijk", "poelenburg")), JSON))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_the_same_and_nothing_in_it_ends_the_script(app: Flask, made: Made) -> None:
    node, inner = BASE.resource("wijk", "x"), BlankNode("b")
    evil = "</script><script>alert(1)</script><!--"
    quads = [Quad(node, RDFS_LABEL, Literal(evil, language="nl"), G), Quad(node, ABOUT, inner, G)]
    quads += [Quad(RDFS_LABEL, SKOS["closeMatch"], SCHEMA["name"], G)]
    quads += [Quad(inner, GEO["asWKT"], Literal("binnen"), G), Quad(node, ABOUT, NamedNode("javascript:alert(1)"), G)]
    about = document(made(quads), node)
    with app.test_request_context("/doc/wijk/x"):
        page = thing(about)
        html = app.jinja_env.get_template("resource.html").render(page=page)
    assert "<script>alert" not in html
    assert 'href="javascript:' not in html
    assert "binnen" in html
    script = html.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert json.loads(script)["name"]["@value"] == evil


def test_the_page_of_links_leads_on_and_back(app: Flask, hub: OpenRelease) -> None:
    with app.test_request_context("/doc/wijk/hub?_in=wg:ligtIn&_page=200"):
        page = thing(document(hub, HUB, Page(LIES, 200)))
    (group,) = page.incoming
    assert (group.first, group.last, group.count, group.following) == (MANY - 99, MANY, MANY, "")
    assert group.previous == "hub?_in=wg%3AligtIn&_page=199"
    assert page.whole == "hub"
    assert page.canonical == f"{BASE.iri}doc/wijk/hub?_in=wg%3AligtIn&_page=200"
    assert dict(page.paging)["next"] == "hub?_in=wg%3Aover&_page=2"
    assert all("_in=wg%3AligtIn&_page=200" in value.href for value in page.formats)
    assert page.schema == "", "a page of links says nothing else of the thing"
    assert page.profiles == ()


def test_a_page_of_links_is_there_in_the_default_profile_and_never_drawn(made: Made) -> None:
    node, point = BASE.resource("wijk", "x"), BASE.resource("geometrie", "x")
    quads = [Quad(node, GEO["hasGeometry"], point, G), Quad(point, GEO["asWKT"], Literal("POINT(4.8 52.4)"), G)]
    release, page = made([*quads, Quad(point, ABOUT, node, G)]), Page(ABOUT, 1)
    assert set(formats(release, node)) - set(formats(release, node, page=page)) == {GEOJSON}
    assert {name for name in PROFILES if formats(release, node, name, page)} == {DEFAULT}
    for format_ in formats(release, node, DEFAULT, page):
        assert format_ == HTML or write_document(document(release, node, page), format_)
