"""The frozen layer: the same answers as Flask gives, of one release each, in bounded memory."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import threading
from dataclasses import asdict
from pathlib import Path

import brotli
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import small_project
from wijkengids.engine.embedded import EmbeddedEngine
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.published import NAME, Published
from wijkengids.settings import Settings
from wijkengids.web.app import create_app
from wijkengids.web.frozen import Frozen

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
ENDS = ("", ".ttl", ".nt", ".jsonld", ".rdf", ".trig", ".nq", ".json", ".csv", ".geojson", ".html")
PATHS = [
    "/",
    "/id/wijk/poelenburg",
    "/id/wijk/nergens",
    *(f"/doc/wijk/poelenburg{end}" for end in ENDS),
    "/doc/wijk/poelenburg/",
    "/doc/wijk/nergens",
    "/doc/stad/utrecht?lang=en",
    "/doc/stad/utrecht?_profile=labels",
    "/doc/stad/utrecht?_profile=schema&_mediatype=text/turtle",
    "/doc/stad/utrecht?_mediatype=image/png",
    "/doc/schema/partnersoorten",
    "/doc/graaf/gids/9.3.2",
    "/doc/stad/utrecht?_profile=alt",
    "/doc/stad/utrecht.html?_in=wg%3AligtIn&_page=1",
    "/profile/volledig",
    "/profile/schema.ttl",
    "/linkset/wijk/poelenburg",
    *(f"/{name}{end}" for name in ("def", "shapes") for end in ("", ".ttl", ".html", ".rdf")),
    "/def/0.0.0",
    "/dump/wijkengids.nt",
    "/sparql",
    *(f"/void{end}" for end in ("", ".ttl", ".html")),
    "/void?lang=en",
    "/.well-known/void",
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=nonsense",
    "/sparql/terms.json",
    "/queries",
    "/queries/wijken-met-stad",
    *(f"/queries/wijken-met-stad.{end}" for end in ("html", "json", "csv", "xlsx", "parquet", "rq", "srj")),
    "/queries/wijken-met-stad.csv-metadata.json",
    "/queries/wijken-met-stad.csv?bom=1&lang=en",
    "/queries/programmas-in-jaar?jaar=2013&_page=1",
    "/queries/programmas-in-jaar?jaar=20l3",
    "/release",
    *(f"/release/1.0.0{end}" for end in ("", ".html", ".json", ".bib", ".ris", ".csl.json")),
    "/release/1.0.0/sparql",
    "/release/1.0.0/sparql?query=ASK%20%7B%7D",
    "/release/1.0.0/queries/wijken-met-stad",
    "/release/1.0.0/queries/wijken-met-stad.bib",
    "/release/9.9.9",
    "/search?q=poelen",
    "/search.json?q=poelen&kind=wg:Wijk&limit=3&lang=en",
    "/search?q=poelen&limit=x",
    "/openapi.json",
    "/static/wijkengids.css",
    "/nergens",
]
HEADERS = [
    {},
    {"Accept": BROWSER, "Accept-Language": "en", "Accept-Encoding": "gzip, deflate, br, zstd"},
    {"Accept": "application/ld+json", "Accept-Encoding": "gzip"},
    {"Accept": "image/png"},
    {
        "Accept": "text/turtle",
        "Accept-Profile": "<https://w3id.org/wijkengids/profile/labels>",
        "Accept-Encoding": "zstd",
    },
    {"If-None-Match": "*", "Accept": BROWSER},
    {"If-Modified-Since": "Fri, 31 Dec 2100 00:00:00 GMT"},
]


UNKNOWN = {
    "/nergens": 404,
    "/doc/wijk/nergens": 404,
    "/id/wijk/nergens": 404,
    "/def/0.0.0": 404,
    "/release/9.9.9": 404,
    "/queries/programmas-in-jaar?jaar=20l3": 400,
    "/sparql?query=nonsense": 400,
    "/search?q=poelen&limit=x": 400,
}
"""Paths that lead nowhere, with their status."""


def first_status(path: str) -> int:
    """Return the status of a path that leads somewhere."""
    return 308 if path.endswith("burg/") else 303 if path.startswith(("/id/", "/.well-known/")) else 200


def apps(releases: Releases, engine: EmbeddedEngine, *memory: int) -> list[Flask]:
    return [create_app(Settings(releases=releases.root, frozen_memory=each), engine) for each in memory]


def kept(app: Flask) -> Frozen:
    layer = app.wsgi_app
    assert isinstance(layer, Frozen)
    return layer


@pytest.fixture(scope="module")
def two_ways(
    releases: Releases, engine: EmbeddedEngine, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FlaskClient, FlaskClient]:
    """Return a client of Flask alone, and one of Flask behind the frozen layer, on a release that has a date."""
    copy = Releases(tmp_path_factory.mktemp("gepubliceerd") / "uitgaven")
    shutil.copytree(releases.root, copy.root, symlinks=True)
    published = Published("1.0.0", "2026-01-31", "2026-01-31", {})
    (copy.current().folder / NAME).write_text(json.dumps(asdict(published)), encoding="utf-8")
    alone, behind = apps(copy, engine, 0, 64)
    return alone.test_client(), behind.test_client()


def test_the_paths_reach_every_route(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 64)
    urls = app.url_map.bind("localhost")
    reached = {urls.match(path.partition("?")[0])[0] for path in PATHS if path != "/nergens"}
    assert reached == {rule.endpoint for rule in app.url_map.iter_rules()} - {"status.health"}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", HEADERS, ids=lambda h: "-".join(h) or "none")
@pytest.mark.parametrize("path", PATHS)
def test_flask_and_the_frozen_layer_answer_alike(
    two_ways: tuple[FlaskClient, FlaskClient], path: str, headers: dict[str, str], method: str
) -> None:
    alone, behind = two_ways
    answers = [client.open(path, method=method, headers=headers, buffered=True) for client in (alone, behind, behind)]
    first, *others = [(answer.status, sorted(answer.headers), answer.data) for answer in answers]
    assert others == [first, first]
    assert headers or int(first[0][:3]) == UNKNOWN.get(path, 406 if "image/png" in path else first_status(path))
    if method == "HEAD":
        whole = alone.get(path, headers=headers, buffered=True)
        assert (first[0], dict(first[1])) == (whole.status, dict(whole.headers))
        assert first[2] == b""


def test_a_second_request_does_not_reach_flask(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 64)
    client, layer = app.test_client(), kept(app)
    for path in ("/", "/id/wijk/poelenburg", "/doc/wijk/poelenburg", "/def", "/linkset/wijk/poelenburg"):
        first = client.get(path, headers={"Accept": "*/*" if path != "/" else BROWSER})
        flask, layer.inner = layer.inner, _never
        again = client.get(path, headers={"Accept": "*/*;q=0.5" if path != "/" else "text/html"})
        head = client.head(path, headers={"Accept-Encoding": "gzip", "Accept": "*/*" if path != "/" else BROWSER})
        layer.inner = flask
        assert again.data == first.data
        assert again.status_code == head.status_code == first.status_code


def _never(environ: object, start_response: object) -> list[bytes]:
    raise AssertionError("Flask was asked")


@pytest.mark.parametrize(
    "path",
    [
        "/doc/wijk/nergens",
        "/doc/wijk/poelenburg?x=1",
        "/sparql?query=SELECT%20(NOW()%20AS%20%3Fn)%20%7B%7D",
        "/sparql?query=ASK%20%7B%7D&default-graph-uri=http://x/",
        "/sparql?query=oeps",
        "/health",
    ],
)
def test_what_has_no_end_or_changes_is_not_kept(releases: Releases, engine: EmbeddedEngine, path: str) -> None:
    (app,) = apps(releases, engine, 64)
    app.test_client().get(path)
    assert not kept(app)._kept._documents.young
    assert not kept(app)._kept._queries.young


def test_a_query_asked_again_is_not_asked_of_the_engine(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 64)
    client, path = app.test_client(), "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203"
    first = client.get(path, headers={"Accept": "text/csv"})
    kept(app).inner = _never
    again = client.get(path, headers={"Accept": "text/csv"})
    assert (again.status_code, again.data, dict(again.headers)) == (200, first.data, dict(first.headers))
    assert len(first.data) > 10


def test_queries_take_no_room_from_documents(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 1)
    client, layer = app.test_client(), kept(app)
    client.get("/doc/wijk/poelenburg")
    for number in range(60):
        client.get(f"/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%20{number}")
    assert ("/doc/wijk/poelenburg", "") in layer._kept._documents.young
    assert layer._kept._queries.old, "enough was asked for to fill a generation"


def test_memory_is_bounded_and_what_is_asked_for_often_stays(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 1)
    client, layer = app.test_client(), kept(app)
    refs = [
        line.split("/id/")[1].split(">")[0]
        for line in client.get("/dump/wijkengids.nt", buffered=True).text.splitlines()
        if "/id/" in line.split(" ")[0]
    ]
    for ref in dict.fromkeys(refs[:4000]):
        client.get(f"/doc/{ref}")
        client.get("/doc/wijk/poelenburg")
        held = layer._kept._documents
        pages = {id(page): page for page in (*held.young.values(), *held.old.values())}
        assert sum(answer.size for page in pages.values() for answer in page.answers.values()) <= 2**20
        assert ("/doc/wijk/poelenburg", "") in held.young or ("/doc/wijk/poelenburg", "") in held.old
    assert held.old, "enough was asked for to fill a generation"


def test_every_coding_is_of_the_same_bytes_with_an_etag_of_its_own(two_ways: tuple[FlaskClient, FlaskClient]) -> None:
    decode = {
        "br": brotli.decompress,
        "gzip": gzip.decompress,
        "zstd": lambda body: zstandard.ZstdDecompressor().decompress(body),
    }
    plain = two_ways[1].get("/doc/wijk/poelenburg")
    tags = {plain.headers["ETag"]}
    for coding, decoded in decode.items():
        coded = two_ways[1].get("/doc/wijk/poelenburg", headers={"Accept-Encoding": coding})
        assert coded.headers["Content-Encoding"] == coding
        assert len(coded.data) < len(plain.data)
        assert decoded(coded.data) == plain.data
        assert coded.headers["ETag"] == f'"{hashlib.sha256(coded.data).hexdigest()[:32]}"'
        tags.add(coded.headers["ETag"])
        again = two_ways[1].get(
            "/doc/wijk/poelenburg", headers={"Accept-Encoding": coding, "If-None-Match": coded.headers["ETag"]}
        )
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Vary"] == coded.headers["Vary"]
    assert len(tags) == 4


def test_no_answer_mixes_two_releases(tmp_path: Path, engine: EmbeddedEngine) -> None:
    project, releases = small_project(tmp_path / "project"), Releases(tmp_path / "uit")
    one, _ = build(Project(project), releases, Base())
    wijken = project / "data/referentie/wijken.ttl"
    wijken.write_text(wijken.read_text(encoding="utf-8").replace('"Poelenburg"@nl', '"Polenburg"@nl'), encoding="utf-8")
    two, _ = build(Project(project), releases, Base())
    (app,) = apps(releases, engine, 64)
    expected = {one.manifest.digest: '"Poelenburg"@nl', two.manifest.digest: '"Polenburg"@nl'}
    stop, wrong, seen = threading.Event(), [], set()

    def ask() -> None:
        client = app.test_client()
        while not stop.is_set():
            answer = client.get("/doc/wijk/poelenburg.ttl")
            release = answer.headers["Wijkengids-Release"]
            seen.add(release)
            tag = f'"{hashlib.sha256(answer.data).hexdigest()[:32]}"'
            if expected[release] not in answer.text or answer.headers["ETag"] != tag or answer.status_code != 200:
                wrong.append(answer.text)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(25):
        for release in (one, two):
            releases.switch(release.name)
            app.test_client().get("/doc/wijk/poelenburg")
    stop.set()
    for thread in threads:
        thread.join(10)
    assert not wrong
    assert seen == set(expected)


@pytest.mark.parametrize("query", ["lang=zzz", "&&&", "lang=nl&lang=nl", "lang=" + "n" * 60_000])
def test_there_are_not_endless_ways_to_fill_the_memory(releases: Releases, engine: EmbeddedEngine, query: str) -> None:
    (app,) = apps(releases, engine, 64)
    assert app.test_client().get(f"/doc/wijk/poelenburg?{query}").status_code == 200
    assert not kept(app)._kept._documents.young


def test_a_body_that_no_coding_shortens_is_coded_once(releases: Releases, engine: EmbeddedEngine) -> None:
    (app,) = apps(releases, engine, 64)
    client = app.test_client()
    client.get("/id/wijk/poelenburg", headers={"Accept-Encoding": "br"})
    ((page,),) = ([*kept(app)._kept._documents.young.values()],)
    ((answer,),) = ([*page.answers.values()],)
    made = answer._coded["br"]
    client.get("/id/wijk/poelenburg", headers={"Accept-Encoding": "br"})
    assert answer._coded["br"] is made
