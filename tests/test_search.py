"""The label index and /search: found by name, beginning, word and misspelling; bounded, inert, in both languages."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from tests.conftest import small_project
from tests.generator import published
from tests.test_web import Links
from wijkengids.engine.embedded import EmbeddedEngine
from wijkengids.errors import CannotRun
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, SKOS
from wijkengids.model.words import Stemmer, words
from wijkengids.release.build import build
from wijkengids.release.folder import Release, Releases
from wijkengids.release.index import NAME, write_index
from wijkengids.release.search import MOST, Index
from wijkengids.release.store import OpenRelease
from wijkengids.settings import Settings
from wijkengids.web.app import create_app

BASE = Base()
WIJK = BASE.term("Wijk").value


def found(index: Index, text: str, kind: str | None = None, limit: int = 5) -> list[tuple[str, str]]:
    """Return (how, short IRI) of what a text finds."""
    return [(hit.how, BASE.shorten(hit.thing.iri)) for hit in index.search(text, kind, limit).hits]


@pytest.fixture(scope="module")
def index(release: Release) -> Index:
    """The index of the real content."""
    return OpenRelease.open(release).index


@pytest.fixture(scope="module")
def small_client(tmp_path_factory: pytest.TempPathFactory, engine: EmbeddedEngine) -> FlaskClient:
    folder = small_project(tmp_path_factory.mktemp("zoeken") / "project")
    releases = Releases(folder / "releases")
    build(Project(folder), releases, BASE)
    return create_app(Settings(releases=releases.root), engine).test_client()


def made(folder: Path, names: dict[str, list[str]], kind: str = "Wijk") -> Index:
    """Make an index of things with a label (the first name) and other names."""
    quads = []
    for ref, (label, *others) in names.items():
        iri = NamedNode(f"{BASE.iri}id/{ref}")
        quads += [Quad(iri, RDF_TYPE, BASE.term(kind), DefaultGraph())]
        quads += [Quad(iri, RDFS_LABEL, Literal(label, language="nl"), DefaultGraph())]
        quads += [Quad(iri, SKOS["altLabel"], Literal(name, language="nl"), DefaultGraph()) for name in others]
    write_index(folder, quads, BASE)
    return Index(folder / NAME)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'s-Gravenhage", ["s", "gravenhage"]),
        ("één foto’s", ["een", "fotos"]),
        ("Crabbehof/Zuidhoven", ["crabbehof", "zuidhoven"]),
        ("ĲBURG Straße Łódź Ærø", ["ijburg", "strasse", "lodz", "aero"]),
        ("9.3.2 a_b \x00\ud800", ["9", "3", "2", "a", "b"]),
        ('" OR * ^ : ( ) - +', ["or"]),
        ("x" * 100, ["x" * 40]),
    ],
)
def test_a_text_is_folded_into_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("nl", "wijken", "wijk"),
        ("nl", "huizen", "huis"),
        ("nl", "maatregelen", "maatregel"),
        ("en", "cities", "city"),
        ("en", "neighbourhoods", "neighbourhood"),
    ],
)
def test_two_forms_of_a_word_have_a_stem_in_common(language: str, one: str, other: str) -> None:
    stemmer = Stemmer()
    assert stemmer.stems(one, language) & stemmer.stems(other, language)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Poelenburg", ("exact", "wijk:poelenburg")),
        ("POELENBURG", ("exact", "wijk:poelenburg")),
        ("poel", ("prefix", "wijk:poelenburg")),
        ("Crabbenhof", ("exact", "wijk:crabbehof")),  # an alternative label
        ("Crabenhof", ("spelling", "wijk:crabbehof")),
        ("Polenburg", ("spelling", "wijk:poelenburg")),
        ("Zaanstat", ("spelling", "stad:zaanstad")),
        ("zaanstta", ("spelling", "stad:zaanstad")),
        ("velve lindenhof", ("exact", "wijk:velve-lindenhof")),
        ("velvelindenhof", ("words", "wijk:velve-lindenhof")),
        ("poelen burg", ("words", "wijk:poelenburg")),
        ("Den Haag", ("exact", "stad:den-haag")),
        ("s gravenhage", ("exact", "stad:den-haag")),
        ("een gezin een plan", ("prefix", "maatregel:een-gezin-een-plan-een-regisseur")),
        ("WK047912", ("exact", "cbs:2008WK047912")),
        ("9.3.2", ("prefix", "gidsartikel:9.3.2")),
    ],
)
def test_the_guide_is_found(text: str, first: tuple[str, str], index: Index) -> None:
    assert found(index, text)[0] == first


def test_what_a_release_is_found_by_begins_with_what_is_most_like_it(index: Index) -> None:
    hits = index.search("wijk", limit=100).hits
    ranks = [("exact", "prefix", "words", "spelling").index(hit.how) for hit in hits if "/cbs/" not in hit.thing.iri]
    assert ranks[: ranks.index(2)] == sorted(ranks[: ranks.index(2)])
    assert len({hit.thing.iri for hit in hits}) == len(hits), "each thing once"


def test_a_class_takes_in_those_below_it(index: Index) -> None:
    every = index.search("bewoners", limit=100)
    findings = index.search("bewoners", BASE.term("Bevinding").value, 100)
    advice = index.search("bewoners", BASE.term("Aanbeveling").value, 100)
    assert every.total > findings.total > advice.total > 0
    assert {hit.thing.kind.iri for hit in advice.hits if hit.thing.kind} == {BASE.term("Aanbeveling").value}
    assert found(index, "Poelenburg", BASE.term("Stad").value) == []
    assert found(index, "Poelenburg", BASE.iri + "def#Nergens") == []


def test_what_tells_things_apart_goes_with_them(index: Index) -> None:
    [wijk] = index.search("Poelenburg", WIJK).hits
    assert (wijk.thing.context["nl"], wijk.thing.kind.labels["en"] if wijk.thing.kind else "") == (
        "Zaanstad",
        "neighbourhood",
    )


def test_things_of_one_name_are_all_found(tmp_path: Path) -> None:
    index = made(tmp_path, {f"wijk/centrum-{n:02}": ["Centrum"] for n in range(46)} | {"wijk/x": ["Centrum Oost"]})
    answer = index.search("centrum", limit=100)
    assert (answer.total, answer.all, [hit.how for hit in answer.hits]) == (47, True, ["exact"] * 46 + ["prefix"])
    assert [hit.thing.iri for hit in answer.hits[:46]] == sorted(hit.thing.iri for hit in answer.hits[:46])


def test_the_nearest_spelling_comes_first(tmp_path: Path) -> None:
    index = made(tmp_path, {"wijk/b": ["Hoogvliet Noord"], "wijk/a": ["Hoogvlier Noord"], "wijk/c": ["Malburgen"]})
    assert found(index, "hoovgliet noord") == [("spelling", "wijk:b"), ("spelling", "wijk:a")]
    assert found(index, "malburge") == [("prefix", "wijk:c")]
    assert found(index, "mulburg") == [("spelling", "wijk:c")], "misspelt, and not typed to its end"
    assert found(index, "xyzzy") == []


def test_a_name_of_many_words_is_found_as_a_whole(tmp_path: Path) -> None:
    long = " ".join(f"woord{n}" for n in range(100))
    index = made(tmp_path, {"wijk/a": [long], "wijk/b": ["twaalf " * 12]})
    assert found(index, long) == [("exact", "wijk:a")]
    assert found(index, "twaalf " * 11) == [("prefix", "wijk:b")]


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=80)
    | st.lists(st.sampled_from('"*^:()+-{} NEAR AND OR NOT words stems kinds $ a \x00')).map("".join)
)
def test_no_text_is_more_than_words(text: str, index: Index) -> None:
    answer = index.search(text, limit=7)
    assert len(answer.hits) == min(7, answer.total)
    assert all(len(index.named(text, WIJK, 3, whole)) <= 3 for whole in (True, False))


@pytest.mark.parametrize(
    "text", ['words : "a"', "poelenburg OR wijk", "a* NOT b", "NEAR(a b)", "$", "kinds:1", "'; DROP"]
)
def test_what_looks_like_an_expression_is_searched_as_words(text: str, tmp_path: Path) -> None:
    index = made(tmp_path, {"wijk/a": ["Poelenburg"], "wijk/b": [text]})
    assert found(index, text) == ([("exact", "wijk:b")] if words(text) else [])


def test_the_same_content_gives_the_same_bytes(project: Project, release: Release, tmp_path: Path) -> None:
    again, _ = build(project, Releases(tmp_path), BASE)
    assert (again.folder / NAME).read_bytes() == (release.folder / NAME).read_bytes()
    assert release.manifest.files[NAME]["bytes"] == (release.folder / NAME).stat().st_size


def test_nothing_writes_into_a_release(release: Release, index: Index) -> None:
    before = {path.name for path in release.folder.iterdir()}
    index.search("poelen")
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._rows("DELETE FROM thing")
    assert {path.name for path in release.folder.iterdir()} == before


def test_threads_search_at_once(index: Index) -> None:
    wanted, answers = found(index, "maatregelen"), []

    def ask() -> None:
        answers.extend(found(index, "maatregelen") == wanted for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [True] * 160


def test_a_damaged_index_is_told_and_a_missing_one_made(small: Project, tmp_path: Path) -> None:
    release, _ = build(small, Releases(tmp_path), BASE)
    file = release.folder / NAME
    whole = file.read_bytes()
    file.write_bytes(b"x" * len(whole))
    with pytest.raises(CannotRun, match="beschadigd"):
        OpenRelease.open(release)
    file.unlink()
    assert found(OpenRelease.open(release).index, "Polenburg")[0] == ("spelling", "wijk:poelenburg")
    assert not file.exists()


@pytest.mark.parametrize("triples", [30_000, pytest.param(1_000_000, marks=pytest.mark.slow)])
def test_a_large_guide(triples: int, tmp_path: Path) -> None:
    quads = list(published(triples))
    write_index(tmp_path, quads, BASE)
    index = Index(tmp_path / NAME)
    labels = [q for q in quads if q.predicate == RDFS_LABEL and "/id/" in q.subject.value]  # type: ignore[union-attr]
    assert len(labels) > triples // 12
    for quad in labels[:: len(labels) // 50]:
        text, iri = quad.object.value, quad.subject.value  # type: ignore[union-attr]
        hits = index.search(text, limit=MOST).hits
        assert iri in {hit.thing.iri for hit in hits if hit.how == "exact"} or len(hits) == MOST
    wijk = next(index.members(WIJK, 1)[0].labels["nl"] for _ in range(1))
    begun = index.search(wijk[:2], WIJK, 20)
    assert len(begun.hits) == min(20, begun.total)
    assert all(hit.thing.kind and hit.thing.kind.iri == WIJK for hit in begun.hits)
    assert index.search("b", limit=100).total <= MOST


def test_the_json_is_as_the_contract_says(client: FlaskClient) -> None:
    response = client.get("/search.json?q=poelen&kind=wg:Wijk&limit=10&lang=nl")
    assert (response.mimetype, response.headers["Cache-Control"]) == ("application/json", "no-store")
    assert response.get_json() == {
        "query": "poelen",
        "kind": WIJK,
        "total": 1,
        "totalRelation": "eq",
        "results": [
            {
                "iri": "https://w3id.org/wijkengids/id/wijk/poelenburg",
                "ref": "wijk/poelenburg",
                "url": "doc/wijk/poelenburg",
                "label": "Poelenburg",
                "lang": "nl",
                "kind": WIJK,
                "kindLabel": "wijk",
                "matched": "Poelenburg",
                "match": "prefix",
                "context": "Zaanstad",
            }
        ],
    }
    english = client.get("/search.json?q=poelen&kind=wg:Wijk", headers={"Accept-Language": "en"})
    assert english.get_json()["results"][0]["kindLabel"] == "neighbourhood"
    assert "Accept-Language" in english.headers["Vary"]


def test_every_way_to_ask_answers_alike(client: FlaskClient) -> None:
    url = "q=Crabenhof&lang=en"
    first = client.get(f"/search.json?{url}")
    for other in (
        client.get(f"/search?{url}"),
        client.get(f"/search?{url}&_mediatype=json", headers={"Accept": "text/html"}),
    ):
        assert other.get_json() == first.get_json()
    head = client.head(f"/search.json?{url}")
    assert (head.status_code, head.data, dict(head.headers)) == (200, b"", dict(first.headers))
    assert client.get(f"/search?{url}", headers={"Accept": "image/png"}).status_code == 406
    assert client.post("/search", data={"q": "a"}).status_code == 405


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("", "q"),
        ("q=", "q"),
        ("q=" + "a" * 201, "q"),
        ("q=a&q=b", "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=101", "limit"),
        ("q=a&limit=x", "limit"),
        ("q=a&kind=wg:Wijkk", "kind"),
        ("q=a&kind=http://example.org/", "kind"),
        ("q=a&lang=fr", "lang"),
        ("q=a&soort=wijk", "soort"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, name: str, client: FlaskClient) -> None:
    for spoken in ("nl", "en"):
        response = client.get(f"/search.json?{query}", headers={"Accept-Language": spoken})
        assert (response.status_code, response.mimetype) == (400, "application/problem+json")
        assert f"'{name}'" in response.get_json()["detail"]


def test_a_wrong_kind_is_followed_by_a_right_one(client: FlaskClient) -> None:
    assert "bedoelde u wg:Wijk?" in client.get("/search.json?q=a&kind=wg:Wijkk").get_json()["detail"]


@pytest.mark.parametrize("spoken", ["nl", "en"])
def test_the_page_leads_to_what_was_found(spoken: str, client: FlaskClient) -> None:
    page = client.get(f"/search?q=Crabenhof&lang={spoken}", headers={"Accept": "text/html"})
    links = Links(page.text)
    assert (page.status_code, links.language, page.headers["Content-Language"]) == (200, spoken, spoken)
    assert "doc/wijk/crabbehof" in links.links
    assert f'name="lang" value="{spoken}"' in page.text
    other = "en" if spoken == "nl" else "nl"
    assert f"search?q=Crabenhof&amp;lang={other}" in page.text, "the other language keeps the search"
    assert 'value="Crabenhof"' in page.text
    for link in links.links:
        if link.startswith("search?"):
            assert client.get(f"/{link}", headers={"Accept": "text/html"}).status_code == 200


def test_the_page_says_what_there_is_and_what_there_is_not(client: FlaskClient) -> None:
    html = {"Accept": "text/html"}
    assert "Niets gevonden" in client.get("/search?q=xyzzyx", headers=html).text
    assert "Niets gevonden" not in client.get("/search", headers=html).text
    assert client.get("/search?q=", headers=html).status_code == 200
    few = client.get("/search?q=wijk&limit=5", headers=html).text
    assert few.count("<li>") == 5
    assert "limit=100" in few
    only = client.get("/search?q=poelenburg&kind=wg:Wijk", headers=html).text
    assert "alle soorten" in only
    assert "&lt;b&gt;" in client.get("/search?q=<b>", headers=html).text
    assert "<b>" not in client.get("/search?q=<b>", headers=html).text


@pytest.mark.parametrize("path", ["/", "/queries", "/sparql", "/def", "/doc/wijk/poelenburg", "/void", "/nergens"])
def test_every_page_has_one_box_to_search_in(path: str, app: Flask) -> None:
    page = app.test_client().get(path, headers={"Accept": "text/html"}).text
    assert page.count('role="search"') == 1
    assert 'name="q" type="search"' in page
    assert app.test_client().get("/search", headers={"Accept": "text/html"}).text.count('role="search"') == 1


def test_a_small_release_is_searched_as_well(small_client: FlaskClient) -> None:
    results = small_client.get("/search.json?q=Polenburg").get_json()["results"]
    assert (results[0]["ref"], results[0]["match"]) == ("wijk/poelenburg", "spelling")
    english = small_client.get("/search.json?q=poelenburg&lang=en&limit=1").get_json()["results"][0]
    assert (english["kindLabel"], english["context"]) == ("neighbourhood", "Zaanstad")
