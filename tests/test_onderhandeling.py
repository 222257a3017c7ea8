"""The negotiation table (``onderhandeling.yaml``), row by row through a socket."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urljoin, urlsplit

import brotli
import pytest
import rdflib
import yaml
import zstandard
from pyoxigraph import RdfFormat
from pyoxigraph import parse as parse_rdf

from tests.conftest import ROOT
from tests.wire import Answer, Site, project_with_edges, rebased
from wijkengids.release.folder import Releases

VERSION, DAY = "1.0.0", "2026-01-31"
WORDS = {"long": "a" * 8192, "many": ", ".join(f"x/y{i};q=0.{i % 10}" for i in range(1500))}
DECODERS = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
}
RDF = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
    "application/n-quads": RdfFormat.N_QUADS,
}
CONDITIONS = {"if-none-match", "if-modified-since"}
OF_THE_LINE = {"date", "connection", "keep-alive", "server"}
"""Headers that belong to the connection or the moment, not to what is answered."""


class Row(NamedTuple):
    """One row: what is sent, what must come back."""

    id: str
    method: str
    target: str
    sent: dict[str, str]
    expected: dict[str, Any]

    def filled(self, site: Site, **more: str) -> tuple[str, list[tuple[str, str]]]:
        words = WORDS | {"base": site.base} | more
        return fill(self.target, words), [(name, fill(value, words)) for name, value in self.sent.items()]

    def ask(self, site: Site, method: str | None = None) -> Answer:
        """Send the row; where it speaks of {etag} or {modified}, find those first."""
        known: dict[str, str] = {}
        if any("{etag}" in value or "{modified}" in value for value in self.sent.values()):
            plain = [pair for pair in self.filled(site)[1] if pair[0].lower() not in CONDITIONS]
            first = site.ask("GET", self.filled(site)[0], *plain)
            known = {"etag": first.get("etag") or '"geen"', "modified": first.get("last-modified") or "geen"}
        target, headers = self.filled(site, **known)
        return site.ask(method or self.method, target, *headers)


def fill(text: str, words: dict[str, str]) -> str:
    return re.sub(r"\{(base|etag|modified|long|many)\}", lambda match: words.get(match[1], match[0]), text)


def rows() -> Iterator[Row]:
    """Read the table; what a row says goes before what its group says, header by header for ``send``."""
    for group in yaml.safe_load((ROOT / "tests/onderhandeling.yaml").read_text(encoding="utf-8")):
        shared = {key: value for key, value in group.items() if key not in {"group", "why", "rows"}}
        for number, own in enumerate(group["rows"], 1):
            row = shared | own
            sent = shared.get("send", {}) | own.get("send", {})
            if "accept" in row:
                sent = {"Accept": row.pop("accept")} | sent
            method, _, target = row.pop("ask").partition(" ")
            row.pop("send", None)
            yield Row(f"{group['group'].replace(' ', '-')}-{number}", method, target, sent, row)


ROWS = list(rows())
GETS = [row for row in ROWS if row.method == "GET"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("tafel")
    with rebased(folder, project=project_with_edges(folder / "project"), publish=(VERSION, DAY)) as site:
        yield site


def test_the_table_is_large_and_its_rows_are_known() -> None:
    assert len(ROWS) >= 150
    known = {"status", "type", "has", "not", "vary", "novary", "body", "lacks", "to"}
    for row in ROWS:
        assert set(row.expected) <= known, row
        assert "status" in row.expected, row
    assert not [name for name, count in Counter(row.id for row in ROWS).items() if count > 1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_row(site: Site, row: Row) -> None:
    answer = row.ask(site)
    expected = row.expected
    shown = f"{row.method} {row.target[:120]} {row.sent}\n{answer.status} {answer.lines}\n{answer.body[:300]!r}"
    statuses = expected["status"] if isinstance(expected["status"], list) else [expected["status"]]
    assert answer.status in statuses, shown
    always(row, answer)
    if "type" in expected:
        assert re.fullmatch(re.sub(r"[+.]", r"\\\g<0>", expected["type"]), answer.media_type or ""), shown
    headers(site, row, answer)
    if "to" in expected:
        assert place(urljoin(f"http://x{row.target}", answer.get("location") or "")) == place(expected["to"]), shown
    if row.method != "HEAD" and answer.status not in {204, 304}:
        body = decoded(answer).decode("utf-8", "replace")
        for pattern in expected.get("body", []):
            assert re.search(fill(pattern, {"base": re.escape(site.base)}), body), f"{pattern}\n{shown}"
    for text in expected.get("lacks", []):
        assert text not in answer.raw.decode("latin-1"), shown


def place(url: str) -> tuple[str, list[tuple[str, str]]]:
    """Return path and decoded parameters: ``%2F`` and ``/`` say the same in a query."""
    split = urlsplit(url)
    return split.path, parse_qsl(split.query)


def headers(site: Site, row: Row, answer: Answer) -> None:
    """Compare the headers that a row names."""
    for name, pattern in row.expected.get("has", {}).items():
        value = answer.get(name)
        assert value is not None, f"{name} is missing: {answer.lines}"
        assert re.fullmatch(fill(str(pattern), {"base": re.escape(site.base)}), value), f"{name}: {value}"
    for name in row.expected.get("not", []):
        assert answer.get(name) is None, f"{name}: {answer.get(name)}"
    varies = answer.tokens("vary")
    assert {name.lower() for name in row.expected.get("vary", [])} <= varies, varies
    assert not {name.lower() for name in row.expected.get("novary", [])} & varies, varies


def always(row: Row, answer: Answer) -> None:
    """Check what holds of every answer."""
    assert answer.status < 500 or answer.status == 501
    doubled = [name for name, count in Counter(name for name, _ in answer.lines).items() if count > 1]
    assert not doubled, f"said twice: {doubled}"
    if row.method == "HEAD" or answer.status in {204, 304}:
        assert answer.body == b"", "a body where there can be none"
    elif (length := answer.get("content-length")) is not None:
        assert int(length) == len(answer.body)
    if answer.get("server-timing") is None and answer.status not in {400, 414, 431, 501}:
        assert answer.get("access-control-allow-origin") == "*"
        assert answer.get("x-content-type-options") == "nosniff"
    if answer.status == 200 and answer.media_type in RDF and row.method == "GET" and "/dump/" not in row.target:
        assert list(parse_rdf(decoded(answer), format=RDF[str(answer.media_type)])), "no statement"
    if answer.media_type in {"application/problem+json", "application/json", "application/geo+json"} and answer.body:
        json.loads(decoded(answer))


def decoded(answer: Answer) -> bytes:
    coding = answer.get("content-encoding")
    return DECODERS[coding](answer.body) if coding else answer.body


@pytest.mark.parametrize("row", GETS, ids=lambda row: row.id)
def test_head_says_what_get_says(site: Site, row: Row) -> None:
    by_get, by_head = row.ask(site), row.ask(site, "HEAD")
    assert by_head.body == b""
    assert by_head.status == by_get.status
    left_out = OF_THE_LINE | {"transfer-encoding"}
    if row.target == "/health":
        left_out |= {"content-length"}  # it counts, so the second answer may have a digit more
    kept = [{pair for pair in answer.lines if pair[0] not in left_out} for answer in (by_get, by_head)]
    assert kept[0] == kept[1]


DOCUMENTS = [
    row for row in GETS if row.expected["status"] == 200 and row.target.split("?")[0] == "/doc/wijk/poelenburg"
]


@pytest.mark.parametrize("row", DOCUMENTS, ids=lambda row: row.id)
def test_content_location_is_the_address_of_the_same_bytes(site: Site, row: Row) -> None:
    """What Content-Location names answers with these bytes whatever is accepted: that is what a cache may assume."""
    answer = row.ask(site)
    location = answer.get("content-location")
    assert location is not None
    assert not location.startswith(("http:", "/")), "relative, so that it holds behind any host"
    path = urljoin(f"http://x{row.filled(site)[0]}", location).removeprefix("http://x")
    language = [("Accept-Language", answer.get("content-language") or "nl")]
    again = site.ask("GET", path, ("Accept", "image/png"), *language)
    assert again.status == 200
    assert again.media_type == answer.media_type
    assert again.body == decoded(answer)


def test_etags_differ_by_format_language_and_coding(site: Site) -> None:
    """A strong ETag names bytes: no two different bodies of one address share one."""
    seen: dict[str, bytes] = {}
    asked = 0
    for accept in ("text/turtle", "application/ld+json", "application/json", "text/csv", "text/html"):
        for language in ("nl", "en"):
            for coding in ("identity", "gzip", "br", "zstd"):
                sent = (("Accept", accept), ("Accept-Language", language), ("Accept-Encoding", coding))
                first, second = (site.ask("GET", "/doc/wijk/poelenburg", *sent) for _ in range(2))
                etag = first.get("etag")
                assert etag is not None
                assert re.fullmatch(r'"[\x21\x23-\x7e]+"', etag), "strong"
                assert (second.get("etag"), second.body) == (etag, first.body)
                assert seen.setdefault(etag, first.body) == first.body
                asked += 1
    assert len(seen) == 4 * 4 + 2 * 4, f"{asked} requests"


def test_a_coding_changes_nothing_but_the_coding(site: Site) -> None:
    plain = site.ask("GET", "/doc/wijk/poelenburg.html")
    for coding in DECODERS:
        coded = site.ask("GET", "/doc/wijk/poelenburg.html", ("Accept-Encoding", coding))
        assert coded.get("content-encoding") == coding
        assert decoded(coded) == plain.body
        assert len(coded.body) < len(plain.body)


def test_accept_on_several_lines_is_one_list(site: Site) -> None:
    answer = site.ask("GET", "/doc/wijk/poelenburg", ("Accept", "text/csv;q=0.2"), ("Accept", "application/trig;q=0.4"))
    assert answer.media_type == "application/trig"


def test_signposting_is_complete(site: Site) -> None:
    """FAIR Signposting: one cite-as, two types, and each alternate that is linked is there with its type."""
    answer = site.ask("GET", "/doc/wijk/poelenburg")
    links = re.findall(r'<([^>]*)>((?:; ?[a-z*]+=(?:"[^"]*"|[^",;]+))*)', answer.get("link") or "")
    parsed = [(target, dict(re.findall(r'([a-z*]+)="?([^";]*)"?', rest))) for target, rest in links]
    by_rel = Counter(rel for _, attributes in parsed for rel in attributes["rel"].split())
    assert by_rel["cite-as"] == 1
    assert by_rel["canonical"] == 1
    assert by_rel["type"] == 2
    assert by_rel["item"] >= 2
    for target, attributes in parsed:
        if attributes["rel"] in {"alternate", "item", "linkset", "describedby"} and not target.startswith("http"):
            path = urljoin("http://x/doc/wijk/poelenburg", target).removeprefix("http://x")
            there = site.ask("GET", path, ("Accept", attributes.get("type", "*/*")))
            assert there.status == 200, target
            if "type" in attributes:
                assert there.media_type == attributes["type"], target


def test_a_linkset_says_what_the_headers_say(site: Site) -> None:
    answer = site.ask("GET", "/linkset/wijk/poelenburg", ("Accept", "application/linkset+json"))
    contexts = json.loads(answer.body)["linkset"]
    rels = {rel for context in contexts for rel in context if rel != "anchor"}
    assert {"cite-as", "type", "license", "item"} <= {rel.rpartition("/")[2] for rel in rels}
    for context in contexts:
        for rel, targets in context.items():
            assert rel == "anchor" or all("href" in target for target in targets)


def test_no_byte_of_a_document_knows_the_port_of_another_server(site: Site) -> None:
    """Links of pages are relative: only the base of the release is in them, here the same as the address."""
    page = site.ask("GET", "/doc/wijk/poelenburg.html").body.decode()
    for link in re.findall(r'(?:href|src|action)="([^"]*)"', page):
        assert not link.startswith("/"), f"not relative: {link}"


def test_hash_and_slash_terms_lead_to_statements_about_them(site: Site) -> None:
    """Every own IRI that the document of a wijk mentions answers with statements that mention it."""
    mentioned = {
        str(node)
        for triple in rdflib.Graph().parse(data=site.ask("GET", "/doc/wijk/poelenburg.nt").body, format="nt")
        for node in triple
        if isinstance(node, rdflib.URIRef) and str(node).startswith(site.base)
    }
    assert len(mentioned) > 10
    for iri in sorted(mentioned):
        path = iri.removeprefix(site.base.rstrip("/")).partition("#")[0]
        answer = site.ask("GET", path, ("Accept", "application/n-triples"))
        if answer.status == 303:
            path = urljoin("http://x" + path, answer.get("location") or "").removeprefix("http://x")
            answer = site.ask("GET", path, ("Accept", "application/n-triples"))
        if answer.status == 410:
            continue
        assert answer.status == 200, iri
        assert f"<{iri}>".encode() in answer.body, iri


def test_the_release_is_published(site: Site) -> None:
    assert (site.releases.parent / "project/data/uitgaven" / f"{VERSION}.json").is_file()
    assert Releases(site.releases).current().manifest.base == site.base
