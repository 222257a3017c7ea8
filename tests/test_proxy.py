"""Behind nginx, under a prefix: what a client outside sees, and what a hostile one cannot make the server say."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import subprocess
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode, urljoin

import pytest
import rdflib

from tests.conftest import answers, free_port, wait_until
from tests.test_web import Links
from tests.wire import Answer, Site, project_with_edges, rebased, request

pytestmark = pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed: apt-get install nginx-light")

CONFIGURATION = """
daemon off;
user {user} {group};
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=gids:1m;
    upstream gids {{ server 127.0.0.1:{up}; }}
    server {{
        listen 127.0.0.1:{port};
        location /gids/ {{
            proxy_pass http://gids/;
            proxy_set_header Host $host:$server_port;
            proxy_set_header X-Forwarded-Host $http_x_forwarded_host;
        }}
        # the same through a cache that never asks again: only Vary keeps it from giving one client the other's answer
        location /kast/ {{
            proxy_pass http://gids/;
            proxy_cache gids;
            proxy_cache_valid 200 1m;
            proxy_ignore_headers Cache-Control Expires;
            add_header X-Kast $upstream_cache_status;
        }}
    }}
}}
"""


class Outside(NamedTuple):
    """The proxy as a client sees it; the release has the address of the proxy as its base."""

    port: int
    site: Site

    def ask(self, method: str, target: str, *headers: tuple[str, str]) -> Answer:
        return request(self.port, method, target, list(headers))


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Outside]:
    folder, port = tmp_path_factory.mktemp("proxy"), free_port()
    project = project_with_edges(folder / "project")
    with rebased(folder, project, base=f"http://127.0.0.1:{port}/gids/") as site:
        path = folder / "nginx.conf"
        who = {"user": pwd.getpwuid(os.getuid()).pw_name, "group": grp.getgrgid(os.getgid()).gr_name}
        path.write_text(CONFIGURATION.format(folder=folder, up=site.port, port=port, **who), encoding="utf-8")
        process = subprocess.Popen(["nginx", "-c", path, "-p", folder, "-e", folder / "error.log"])
        try:
            wait_until(lambda: process.poll() is not None or answers(f"http://127.0.0.1:{port}/gids/health"), 20)
            assert process.poll() is None, Path(folder / "error.log").read_text(encoding="utf-8")
            yield Outside(port, site)
        finally:
            process.terminate()
            process.wait(10)


DOC = "/gids/doc/wijk/poelenburg"


def test_an_iri_leads_through_the_proxy_to_its_document(outside: Outside) -> None:
    answer = outside.ask("GET", "/gids/id/wijk/poelenburg")
    assert answer.status == 303
    assert urljoin("/gids/id/wijk/poelenburg", answer.get("location") or "") == DOC
    slash = outside.ask("GET", DOC + "/")
    assert slash.status in {301, 308}
    assert urljoin(DOC + "/", slash.get("location") or "") == DOC


def test_rdflib_parses_an_iri_of_the_proxy(outside: Outside) -> None:
    wijk = rdflib.URIRef(outside.site.base + "id/wijk/poelenburg")
    assert (wijk, rdflib.RDFS.label, None) in rdflib.Graph().parse(str(wijk))
    wijk_class = rdflib.URIRef(outside.site.base + "def#Wijk")
    assert (wijk_class, None, None) in rdflib.Graph().parse(str(wijk_class))


@pytest.mark.parametrize("accept", ["text/turtle", "text/html", "application/ld+json"])
def test_bytes_are_the_same_outside_and_inside(outside: Outside, accept: str) -> None:
    through = outside.ask("GET", DOC, ("Accept", accept))
    direct = outside.site.ask("GET", "/doc/wijk/poelenburg", ("Accept", accept))
    for name in ("etag", "content-location", "link", "vary", "content-type", "content-language"):
        assert through.get(name) == direct.get(name), name
    assert through.body == direct.body
    location = urljoin(DOC, through.get("content-location") or "")
    assert outside.ask("GET", location, ("Accept-Language", "nl")).body == through.body


def test_every_link_of_a_page_works_from_outside(outside: Outside) -> None:
    """No link of a page or header leaves the prefix."""
    seen = 0
    for start in ("/gids/", DOC, "/gids/def"):
        answer = outside.ask("GET", start, ("Accept", "text/html"))
        assert answer.status == 200
        found = re.findall(r'(?:href|src|action)="([^"#]+)', answer.body.decode())
        found += re.findall(r"<([^>]*)>", answer.get("link") or "")
        inside = {urljoin(f"http://127.0.0.1:{outside.port}{start}", link.replace("&amp;", "&")) for link in found}
        inside = {link for link in inside if link.startswith(f"http://127.0.0.1:{outside.port}/")}
        for link in sorted(inside)[:60]:
            path = link.removeprefix(f"http://127.0.0.1:{outside.port}")
            assert path.startswith("/gids/"), f"{start} links out of the prefix: {link}"
            status = outside.ask("GET", path, ("Accept", "text/html, */*;q=0.5")).status
            assert status in {200, 303, 410}, f"{status} {link}"
            seen += 1
    assert seen > 50


def test_a_client_that_has_the_bytes_gets_304_through_the_proxy(outside: Outside) -> None:
    for headers in [("Accept", "text/turtle")], [("Accept", "text/html"), ("Accept-Encoding", "gzip")]:
        first = outside.ask("GET", DOC, *headers)
        again = outside.ask("GET", DOC, *headers, ("If-None-Match", first.get("etag") or ""))
        assert (again.status, again.body) == (304, b"")
        assert again.get("etag") == first.get("etag")
        weak = outside.ask("GET", DOC, *headers, ("If-None-Match", f"W/{first.get('etag')}"))
        assert weak.status == 304


def test_head_through_the_proxy_says_what_get_says(outside: Outside) -> None:
    head, get = outside.ask("HEAD", DOC), outside.ask("GET", DOC)
    assert head.body == b""
    assert head.get("content-length") == str(len(get.body))
    assert head.get("etag") == get.get("etag")


POISON = [
    [("Host", "kwaad.example")],
    [("X-Forwarded-Host", "kwaad.example"), ("X-Forwarded-Proto", "gopher"), ("X-Forwarded-Port", "666")],
    [("X-Forwarded-Prefix", "/kwaad.example"), ("X-Script-Name", "/kwaad.example")],
    [("Forwarded", "for=1.2.3.4;host=kwaad.example;proto=https")],
    [("X-Original-URL", "/kwaad.example"), ("X-Rewrite-URL", "/kwaad.example")],
    [("Host", "kwaad.example:99999"), ("X-Forwarded-Host", 'kwaad.example"><script>')],
]


@pytest.mark.parametrize("headers", POISON, ids=lambda headers: "+".join(name for name, _ in headers))
@pytest.mark.parametrize(
    "path", ["/", "/id/wijk/poelenburg", "/doc/wijk/poelenburg", "/doc/wijk/poelenburg/", "/doc/wijk/nix", "/def"]
)
def test_a_poisoned_host_is_never_repeated(outside: Outside, headers: list[tuple[str, str]], path: str) -> None:
    """Straight and through the proxy, as a page and as data: no header of the client gets into an answer."""
    for accept in ("text/html", "text/turtle"):
        plain = outside.site.ask("GET", path, ("Accept", accept))
        for answer in (
            outside.site.ask("GET", path, *headers, ("Accept", accept)),
            outside.ask("GET", f"/gids{path}", *headers, ("Accept", accept)),
        ):
            assert b"kwaad.example" not in answer.raw
            if answer.status != 400:  # nginx refuses a host that is none
                assert (answer.status, answer.body) == (plain.status, plain.body)


def test_a_cache_in_between_keeps_languages_and_formats_apart(outside: Outside) -> None:
    """What one client was given is never what another one gets who asked for something else."""
    path = DOC.replace("/gids/", "/kast/")
    asked = [
        [("Accept", "text/html"), ("Accept-Language", "nl")],
        [("Accept", "text/html"), ("Accept-Language", "en")],
        [("Accept", "text/turtle")],
        [("Accept", "text/turtle"), ("Accept-Encoding", "gzip")],
        [("Accept", "application/ld+json")],
        [("Accept", "image/png")],
    ]
    first = [outside.ask("GET", path, *headers) for headers in asked]
    for _ in range(2):
        for headers, before in zip(asked, first, strict=True):
            again = outside.ask("GET", path, *headers)
            names = ("content-type", "content-language", "content-encoding", "etag")
            assert [again.get(name) for name in names] == [before.get(name) for name in names]
            assert again.body == before.body
            assert again.status == 406 or again.get("x-kast") == "HIT"
    assert len({answer.body for answer in first}) == len(asked)
    assert {answer.get("content-type") for answer in first[:2]} == {"text/html; charset=utf-8"}


def test_a_permalink_holds_outside_and_its_header_passes(outside: Outside) -> None:
    """The longest permalink that is told in a header, with all else in it, still fits what a proxy takes."""
    address = outside.site.base.partition("/gids/")[0]
    for size in (0, 1500, 3000):
        query = urlencode({"query": "SELECT * { ?s ?p ?o } LIMIT 1 #" + "x" * size})
        answer = outside.ask("GET", f"/gids/sparql?{query}", ("Accept", "text/csv"))
        assert answer.status == 200
        targets = re.findall(r'<([^>]*)>; rel="cite-as"', answer.get("link") or "")
        assert len(targets) == (size < 3000)
        for target in targets:
            assert target.startswith(f"{address}/gids/release/")
            assert outside.ask("GET", target.removeprefix(address), ("Accept", "text/csv")).body == answer.body
    digest = outside.ask("GET", "/gids/release").get("wijkengids-release")
    for path in (
        "release",
        f"release/{digest}",
        f"release/{digest}/sparql?{query}",
        f"release/{digest}/queries/rapporten",
    ):
        here = f"/gids/{path}"
        page = outside.ask("GET", here, ("Accept", "text/html"))
        assert page.status == 200
        assert address.encode() not in page.body.replace(outside.site.base.encode(), b""), (
            "a host is named as base only"
        )
        for link in {urljoin(here, unescape(link)) for link in Links(page.body.decode()).links}:
            assert link.startswith(("/gids/", "http://www.w3.org/", "https://schema.org/")), link
            if "/release" in link:
                assert outside.ask("GET", link).status == 200, link
