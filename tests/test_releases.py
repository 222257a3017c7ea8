"""Releases by name: permalinks that give an answer again, and how to cite them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, urlencode, urljoin

import bibtexparser
import jsonschema
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from tests.conftest import ROOT, serving, small_project
from tests.test_published import edit
from tests.test_web import Links
from tests.wire import Answer, request
from wijkengids.documents.citation import Citation, cite, write_citation
from wijkengids.knowledge.sources import Project
from wijkengids.model.formats import BIBTEX, CSL_JSON, RIS
from wijkengids.model.iris import Base, relative
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.publish import publish
from wijkengids.release.published import NAME, VERSIONS
from wijkengids.release.shelf import Edition, Shelf
from wijkengids.release.store import OpenRelease

BASE = Base()
QUERY = (
    "SELECT ?naam { <https://w3id.org/wijkengids/id/stad/arnhem> <http://www.w3.org/2000/01/rdf-schema#label> ?naam }"
)
CSV, HTML = ("Accept", "text/csv"), ("Accept", "text/html")
FOREVER = "public, max-age=31536000, immutable"


def asked(query: str = QUERY, **more: str) -> str:
    return "sparql?" + urlencode({"query": query} | more)


@dataclass(frozen=True)
class Site:
    """A server on versions 1.0.0, 1.1.0 (gone from disk) and 1.2.0, and on a work release that is the current one."""

    port: int
    digests: dict[str, str]

    def get(self, path: str, *headers: tuple[str, str], method: str = "GET", body: bytes = b"") -> Answer:
        return request(self.port, method, "/" + path, list(headers), body)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("uitgaven")
    root, releases = small_project(folder / "project"), Releases(folder / "releases")
    shutil.copy(ROOT / "data/catalogus.ttl", root / "data")
    digests, name = {}, "Arnhem"
    for version, day in (("1.0.0", "2026-01-01"), ("1.1.0", "2026-02-01"), ("1.2.0", "2026-03-04"), ("", "")):
        following = f"Arnhem {version or 'in bewerking'}"
        edit(root / "data/referentie/steden.ttl", f'"{name}"@nl', f'"{following}"@nl')
        release, _ = build(Project(root), releases, BASE)
        digests[version], name = release.manifest.digest, following
        if version:
            publish(Project(root), releases, version, day)
        if version == "1.2.0":
            (gone,) = (n for n in releases.names() if releases.read(n).manifest.digest == digests["1.1.0"])
            shutil.rmtree(releases.root / gone)
    with serving(WIJKENGIDS_RELEASES=str(releases.root)) as address:
        yield Site(int(address.rpartition(":")[2]), digests)


def links(answer: Answer, rel: str) -> list[str]:
    return re.findall(rf'<([^>]*)>; rel="{rel}"', answer.get("link") or "")


def test_the_same_query_on_two_permalinks_has_two_answers(site: Site) -> None:
    for version in ("1.0.0", "1.2.0"):
        answer = site.get(f"release/{version}/{asked()}", CSV)
        assert (answer.status, answer.body) == (200, f"naam\r\nArnhem {version}\r\n".encode())
        assert answer.get("wijkengids-release") == site.digests[version]
        head = site.get(f"release/{version}/{asked()}", CSV, method="HEAD")
        assert (head.status, head.body, head.get("etag")) == (200, b"", answer.get("etag"))
        again = site.get(f"release/{version}/{asked()}", CSV, ("If-None-Match", answer.get("etag") or ""))
        assert (again.status, again.body, again.get("cache-control")) == (304, b"", FOREVER)
    assert site.get(asked(), CSV).body == b"naam\r\nArnhem in bewerking\r\n"


def test_a_release_is_known_by_its_digest_and_by_the_beginning_of_it(site: Site) -> None:
    for version, digest in site.digests.items():
        if version == "1.1.0":
            continue
        expected = site.get(f"release/{version or digest}/{asked()}", CSV).body
        for name in (digest, digest[:12]):
            answer = site.get(f"release/{name}/{asked()}", CSV)
            assert (answer.body, answer.get("wijkengids-release")) == (expected, digest)
            permalink = f"{BASE.iri}release/{version or digest}/{asked()}"
            assert links(answer, "cite-as") == [permalink], "one name, whatever it was asked by"
    for name in (
        site.digests[""][:11],
        site.digests[""].upper(),
        "0" * 12,
        "2.0.0",
        "..",
        "1.0",
        "current",
        "%00",
        "1.0.0 ",
    ):
        answer = site.get(f"release/{quote(name, safe='%')}/{asked()}", CSV)
        assert answer.status == 404, name
    detail = json.loads(site.get("release/2.0.0").body)["detail"]
    assert f"1.2.0, 1.0.0, {site.digests[''][:12]}" in detail


@pytest.mark.parametrize("path", ["", ".bib", "/sparql", f"/{asked()}", "/queries/rapporten", "/queries/rapporten.csv"])
def test_a_version_that_is_gone_from_disk_is_a_410_that_says_what_there_is(site: Site, path: str) -> None:
    for name in ("1.1.0", site.digests["1.1.0"]):
        answer = site.get(f"release/{name}{path}")
        assert answer.status == 410
        said = json.loads(answer.body)
        assert "Versie 1.1.0 van 2026-02-01" in said["detail"]
        assert "1.2.0, 1.0.0" in said["detail"]
        assert site.digests["1.1.0"] in said["detail"]
        here = f"/release/{name}{path}"
        assert [urljoin(here, link) for link in links(answer, "version-history")] == ["/release"]
        assert "no longer on this server" in site.get(f"release/{name}{path}", ("Accept-Language", "en")).body.decode()


def test_the_list_says_what_there_is_and_what_is_gone(site: Site) -> None:
    answer = site.get("release")
    listed = json.loads(answer.body)["releases"]
    assert [(each["version"], each["date"], each["digest"], each["available"]) for each in listed] == [
        (None, None, site.digests[""], True),
        ("1.2.0", "2026-03-04", site.digests["1.2.0"], True),
        ("1.1.0", "2026-02-01", site.digests["1.1.0"], False),
        ("1.0.0", "2026-01-01", site.digests["1.0.0"], True),
    ]
    assert [each["current"] for each in listed if each["available"]] == [True, False, False]
    for each in listed:
        for url in (each.get("url"), *each.get("cite", {}).values()):
            assert url is None or site.get(urljoin("/release", url)[1:]).status == 200
    assert links(answer, "item") == [each["url"] for each in listed if each["available"]]
    for language, gone in (("nl", "niet meer op deze server"), ("en", "no longer on this server")):
        page = site.get("release", HTML, ("Accept-Language", language)).body.decode()
        assert gone in page
        assert Links(page).language == language


def test_an_answer_says_where_it_stays_and_is_there_the_same(site: Site) -> None:
    graphs = {"default-graph-uri": f"{BASE.iri}id/graaf/steden", "named-graph-uri": f"{BASE.iri}id/graaf/wijken"}
    pairs = urlencode({"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"} | graphs)
    ways = [
        (site.get(asked(), CSV), CSV),
        (site.get(f"sparql?{pairs}", CSV), CSV),
        (
            site.get(
                "sparql",
                CSV,
                ("Content-Type", "application/x-www-form-urlencoded"),
                method="POST",
                body=pairs.encode(),
            ),
            CSV,
        ),
        (site.get("queries/rapporten.csv"), CSV),
        (site.get("queries/programmas-in-jaar?jaar=2010&_size=1", ("Accept", "application/json")), ("Accept", "*/*")),
    ]
    for answer, accept in ways:
        assert answer.status == 200
        (target,) = links(answer, "cite-as")
        assert target.startswith(f"{BASE.iri}release/{site.digests['']}/")
        there = site.get(target.removeprefix(BASE.iri), accept)
        assert there.status == 200
        assert there.get("wijkengids-release") == site.digests[""]
        assert links(there, "cite-as") == [target]
        if accept == CSV:
            assert there.body == answer.body
    assert ways[1][0].body != ways[0][0].body


def test_what_is_too_long_is_not_told_in_a_header_and_not_cited_by_url(site: Site) -> None:
    for size, told in ((1000, 1), (2500, 0)):
        query = QUERY + " #" + "x" * size
        answer = site.get(asked(query), CSV)
        assert (answer.status, len(links(answer, "cite-as"))) == (200, told)
        cited = site.get(asked(query, _mediatype="csl.json")).body
        assert json.loads(cited)[0]["URL"] == f"{BASE.iri}release/{site.digests['']}/{asked(query)}"
    body = urlencode({"query": QUERY + " #" + "x" * 10_000}).encode()
    headers = [("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "application/x-research-info-systems")]
    answer = site.get("sparql", *headers, method="POST", body=body)
    (cited,) = rispy.loads(answer.body.decode())
    assert cited["urls"] == [f"{BASE.iri}release/{site.digests['']}/sparql"]
    assert f"{len(QUERY) + 10_002} tekens" in cited["notes"][-1]


@pytest.mark.parametrize(
    ("path", "header", "lasts"),
    [
        (asked(), CSV, True),
        (asked("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1"), ("Accept", "text/turtle"), True),
        (asked('SELECT ("NOW() RAND()" AS ?now) { } # UUID()'), CSV, True),
        (asked(_mediatype="csv"), HTML, True),
        ("queries/rapporten.csv", HTML, True),
        ("queries/rapporten", ("Accept", "application/json"), True),
        (asked(), HTML, False),
        (asked(), ("Accept", "application/x-bibtex"), False),
        (asked("SELECT (now() AS ?n) { }"), CSV, False),
        (asked("SELECT (STRUUID() AS ?n) { }"), CSV, False),
        ("sparql", ("Accept", "text/turtle"), False),
        ("queries/rapporten", HTML, False),
        ("queries/rapporten.bib", HTML, False),
    ],
)
def test_only_data_of_a_published_version_are_kept_for_good(
    site: Site, path: str, header: tuple[str, str], lasts: bool
) -> None:
    answers = [site.get(f"release/{name}/{path}", header) for name in ("1.0.0", site.digests[""])]
    assert [answer.status for answer in answers] == [200, 200]
    assert [answer.get("cache-control") for answer in answers] == [FOREVER if lasts else "no-cache", "no-cache"]
    assert site.get(path, header).get("cache-control") == "no-cache"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (asked("SELECT"), 400),
        (asked("DELETE WHERE { ?s ?p ?o }"), 403),
        ("queries/nergens", 404),
        ("queries/rapporten.pdf", 404),
        ("queries/programmas-in-jaar?jaar=20l3", 400),
        (asked(_mediatype="image/png"), 406),
        ("release", 404),
    ],
)
def test_what_is_wrong_on_a_permalink_is_not_kept(site: Site, path: str, status: int) -> None:
    answer = site.get(f"release/1.0.0/{path}")
    assert (answer.status, answer.get("cache-control")) == (status, "no-store")


def test_a_query_by_post_on_a_permalink_is_answered_and_not_kept(site: Site) -> None:
    headers = [("Content-Type", "application/sparql-query"), CSV]
    answer = site.get("release/1.0.0/sparql", *headers, method="POST", body=QUERY.encode())
    assert (answer.status, answer.body) == (200, b"naam\r\nArnhem 1.0.0\r\n")
    assert answer.get("cache-control") == "no-store"


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path", ["", "/sparql", f"/{asked()}", "/queries/rapporten", "/queries/programmas-in-jaar?jaar=2010"]
)
def test_pages_of_a_release_lead_to_what_belongs_to_it(site: Site, path: str, language: str) -> None:
    here = f"/release/1.0.0{path}"
    page = site.get(here[1:], HTML, ("Accept-Language", language))
    assert page.status == 200
    found = {urljoin(here, unescape(link)) for link in Links(page.body.decode()).links}
    assert all(link.startswith("/") for link in found), "no link names a host"
    assert "/release/1.0.0" in found
    for link in found:
        if "/queries/" in link or "sparql" in link or "/release" in link:
            answer = site.get(link[1:])
            assert answer.status == 200, link
            if "1.0.0" in link:
                assert answer.get("wijkengids-release") == site.digests["1.0.0"]
    if path != "/sparql":
        assert "Citeer dit" in page.body.decode() or language == "en"
        assert "Cite this" in page.body.decode() or language == "nl"
    cited = {link for link in found if "bib" in link}
    assert cited or path == "/sparql"
    assert all(link.startswith("/release/1.0.0") for link in cited)
    if path:
        newest = "/" + path[1:]
        assert newest in found or any(link.startswith("/sparql?query=SELECT") for link in found)


def test_the_page_of_the_current_release_cites_it_too(site: Site) -> None:
    for path in (asked(), "queries/rapporten"):
        page = site.get(path, HTML).body.decode()
        assert f"werkuitgave {site.digests[''][:12]})" in page
        links_ = {urljoin(f"/{path}", unescape(link)) for link in Links(page).links}
        assert f"/release/{site.digests['']}/{path}" in links_


# --- Citations ---


LATEX = get_default_latex_context_db()
LATEX.add_context_category(  # what the LaTeX kernel defines and pylatexenc does not know, or writes otherwise
    "kernel",
    prepend=True,
    macros=[
        MacroTextSpec("textbraceleft", "{"),
        MacroTextSpec("textbraceright", "}"),
        MacroTextSpec("textasciicircum", "^"),
    ],
)


def bibtex(text: str) -> dict[str, str]:
    """Return the facts in BibTeX, as an independent parser reads it; the URL is verbatim."""
    decoder = LatexNodes2Text(latex_context=LATEX)
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=decoder)])
    assert not library.failed_blocks
    (entry,) = library.entries
    (verbatim,) = bibtexparser.parse_string(text).entries
    assert entry.entry_type == "dataset"
    found = {field.key: str(field.value) for field in entry.fields}
    assert found.get("year", "") == found.get("date", "")[:4]
    return facts(
        entry.key, found["title"], found.get("series"), found.get("author"), found.get("publisher"),
        found.get("date"), found["version"], str(verbatim["url"]), found["langid"][:2], found["note"],
    )  # fmt: skip


def ris(text: str) -> dict[str, str]:
    """Return the facts in RIS."""
    (entry,) = rispy.loads(text)
    assert entry["type_of_reference"] == "DATA"
    assert all(line.endswith("\r") for line in text.split("\n")[:-1])
    date = entry.get("date", "").replace("/", "-")
    assert entry.get("year", entry.get("publication_year", "")) == date[:4]
    assert "unknown_tag" not in entry
    return facts(
        entry["id"], entry["title"], entry.get("secondary_title"), "".join(entry.get("authors", [])),
        entry.get("publisher"), date, entry["edition"], entry["urls"][0], entry["language"], ". ".join(entry["notes"]),
    )  # fmt: skip


TEXT = {"type": "string"}
SCHEMA = {
    "$comment": "what csl-data.json of CSL 1.0.2 says of the variables that we use; any other is refused, as there",
    "type": "array",
    "items": {
        "type": "object",
        "required": ["type", "id"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(
                ["id", "title", "container-title", "publisher", "version", "URL", "language", "note"], TEXT
            ),
            "type": {"enum": ["dataset"]},
            "author": {
                "type": "array",
                "items": {"type": "object", "properties": {"literal": TEXT}, "additionalProperties": False},
            },
            "issued": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "date-parts": {
                        "type": "array",
                        "minItems": 1,
                        "maxItems": 2,
                        "items": {"type": "array", "minItems": 1, "maxItems": 3, "items": {"type": "number"}},
                    }
                },
            },
        },
    },
}


def csl(text: str) -> dict[str, str]:
    """Return the facts in CSL-JSON."""
    items = json.loads(text)
    jsonschema.validate(items, SCHEMA)
    (item,) = items
    date = "-".join(f"{part:02}" for part in item.get("issued", {}).get("date-parts", [[]])[0])
    return facts(
        item["id"], item["title"], item.get("container-title"), "".join(a["literal"] for a in item.get("author", [])),
        item.get("publisher"), date, item["version"], item["URL"], item["language"],
        item["note"],
    )  # fmt: skip


def facts(*values: str | None) -> dict[str, str]:
    names = ("key", "title", "whole", "author", "publisher", "date", "version", "url", "language", "note")
    found = {name: value or "" for name, value in zip(names, values, strict=True)}
    return found | {"language": {"nl": "du"}.get(found["language"], found["language"])}


READERS = [
    ("bib", "application/x-bibtex", bibtex),
    ("ris", "application/x-research-info-systems", ris),
    ("csl.json", "application/vnd.citationstyles.csl+json", csl),
]


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    "path", ["release/1.0.0", "queries/rapporten", "queries/programmas-in-jaar?jaar=2010", asked()]
)
def test_the_three_forms_hold_the_same_facts(site: Site, path: str, language: str) -> None:
    path = path if path.startswith("release") else f"release/1.0.0/{path}"
    seen = []
    for extension, media_type, read in READERS:
        accepted = site.get(path, ("Accept", media_type), ("Accept-Language", language))
        assert (accepted.status, accepted.media_type) == (200, media_type)
        assert accepted.get("content-language") == language
        stem, mark, query = path.partition("?")
        fixed = f"{stem}?{query}&_mediatype={extension}" if "sparql" in path else f"{stem}.{extension}{mark}{query}"
        by_url = site.get(fixed + ("&" if "?" in fixed else "?") + f"lang={language}")
        assert by_url.body == accepted.body
        assert site.get(fixed, method="HEAD").status == 200
        seen.append(read(accepted.body.decode()))
    first = seen[0]
    assert seen == [first, first, first]
    assert first["url"] == BASE.iri + path
    assert (first["version"], first["date"]) == ("1.0.0", "2026-01-01")
    publisher = {"nl": "Redactie van de wijkengids als data", "en": "Editors of the wijkengids as data"}[language]
    whole = {"nl": "Wijkengids als kennisgraaf", "en": "Wijkengids as a knowledge graph"}[language]
    assert (first["author"], first["publisher"]) == (publisher, publisher)
    assert whole in {first["title"], first["whole"]}
    assert "https://creativecommons.org/licenses/by/4.0/" in first["note"]
    assert site.digests["1.0.0"] in first["note"]
    words = site.get(path, HTML, ("Accept-Language", language)).body.decode()
    told = unescape(re.search(r'<p class="citation">(.*?)</p>', words)[1])  # type: ignore[index]
    assert all(part in told for part in (publisher, "2026", first["title"], whole, "1.0.0", first["url"], "CC BY 4.0"))
    if "jaar=2010" in path:
        assert {"nl": "Programma's in een jaar (Jaar: 2010)", "en": "Programmes running in a year (Year: 2010)"}[
            language
        ] == first["title"]


def test_each_result_has_a_key_of_its_own(site: Site) -> None:
    paths = ["release/1.0.0.bib", "release/1.2.0.bib", "release/1.0.0/queries/rapporten.bib", "queries/rapporten.bib"]
    paths += [f"queries/programmas-in-jaar.bib?jaar={year}" for year in (2010, 2011)]
    paths += [asked(query, _mediatype="bib") for query in (QUERY, "ASK {}")]
    keys = [bibtex(site.get(path).body.decode())["key"] for path in paths]
    assert len(set(keys)) == len(keys)
    assert all(re.fullmatch(r"[a-z0-9.-]+", key) for key in keys)


def test_a_work_release_has_no_date_and_says_what_it_is(site: Site) -> None:
    digest = site.digests[""]
    for extension, _, read in READERS:
        for language, work in (("nl", "werkuitgave"), ("en", "work release")):
            found = read(site.get(f"release/{digest}.{extension}?lang={language}").body.decode())
            assert (found["date"], found["version"]) == ("", f"{work} {digest}")
            assert not re.search(r"\b20\d\d\b", json.dumps(found).replace(digest, ""))


EDITION = Edition("ab" * 32, "1.0.0", "2026-01-01", "x", "x")


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co", "Cc", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_no_title_breaks_a_form(title: str) -> None:
    title = f"Wijk {title} 'n titel"
    cited = Citation("k-1", title, "", "A & B, en C", "A_B", EDITION, "https://e.org/a?b=%20", (), "nl")
    expected = " ".join(title.split())
    assert csl(write_citation(cited, CSL_JSON))["title"] == expected
    assert ris(write_citation(cited, RIS))["title"] == expected
    raw = bibtexparser.parse_string(write_citation(cited, BIBTEX))
    assert not raw.failed_blocks
    assert len(raw.entries) == 1
    assert len(raw.entries[0].fields) == 9


@pytest.mark.parametrize(
    "title", ["{", "}}", "a } b { c", "100% & $5 #1", "x_y^z~", "\\input{/etc/passwd}", "@dataset{x,"]
)
def test_what_latex_would_act_on_comes_back_as_it_was(title: str) -> None:
    cited = Citation("k-1", title, "", "", "", EDITION, "https://e.org/", (), "nl")
    text = write_citation(cited, BIBTEX)
    assert text.count("{") == text.count("}")
    assert bibtex(text)["title"] == title


def test_a_line_break_in_a_title_adds_no_line(site: Site) -> None:
    cited = Citation("k-1", "een\r\nER  - \ntwee\x00\u2028drie", "", "", "", EDITION, "https://e.org/", (), "nl")
    for format_, read in ((RIS, ris), (CSL_JSON, csl), (BIBTEX, bibtex)):
        assert read(write_citation(cited, format_))["title"] == "een ER - twee drie"


def test_a_catalogue_without_words_is_cited_by_its_address(tmp_path: Path, copy: Path) -> None:
    releases = Releases(tmp_path / "uit")
    build(Project(copy), releases, BASE)
    opened = OpenRelease.open(releases.current())
    edition = Edition.of(opened)
    cited = cite(opened, edition, "nl", f"release/{edition.ref}")
    assert (cited.title, cited.author, cited.publisher, cited.licences) == (BASE.iri, "", "", ())
    assert (
        cited.text
        == f"(z.d.). {BASE.iri} (werkuitgave {edition.digest[:12]}) [dataset]. {BASE.iri}release/{edition.digest}"
    )
    for format_, read in ((RIS, ris), (CSL_JSON, csl), (BIBTEX, bibtex)):
        found = read(write_citation(cited, format_))
        assert (found["title"], found["author"], found["date"]) == (BASE.iri, "", "")


# --- The shelf ---


def test_few_releases_are_open_and_what_was_published_since_is_noticed(tmp_path: Path, copy: Path) -> None:
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    names = [f"Arnhem {number}" for number in range(7)]
    edit(copy / "data/referentie/steden.ttl", '"Arnhem"@nl', f'"{names[0]}"@nl')
    build(project, releases, BASE, keep=10)
    for old, new in pairwise(names):
        edit(copy / "data/referentie/steden.ttl", f'"{old}"@nl', f'"{new}"@nl')
        build(project, releases, BASE, keep=10)
    shelf, current = Shelf(releases), OpenRelease.open(releases.current())
    editions = shelf.editions()
    assert [edition.name for edition in editions] == releases.names()[::-1]
    assert shelf.open(editions[0], current) is current
    for edition in editions[1:]:
        opened = shelf.open(edition, current)
        assert opened.release.manifest.digest == edition.digest
        assert shelf.open(edition, current) is opened
    assert len(shelf._open) == 4
    publish(project, releases, "1.0.0", "2026-01-01")
    assert [each.version for each in shelf.editions()] == [""] * 6 + ["1.0.0"]
    shutil.rmtree(releases.root / editions[-1].name)
    assert shelf.find(editions[-1].digest) is None
    assert editions[-1] not in shelf._open


def test_two_versions_of_one_content_are_both_found(tmp_path: Path, copy: Path) -> None:
    releases, project, steden = Releases(tmp_path / "uit"), Project(copy), copy / "data/referentie/steden.ttl"
    for version, old, new in (
        ("1.0.0", "Arnhem", "Arnhem"),
        ("1.1.0", "Arnhem", "Arnem"),
        ("1.2.0", "Arnem", "Arnhem"),
    ):
        edit(steden, f'"{old}"@nl', f'"{new}"@nl')
        build(project, releases, BASE)
        publish(project, releases, version, "2026-01-01")
    shelf = Shelf(releases)
    first, last = shelf.find("1.0.0"), shelf.find("1.2.0")
    assert first is not None
    assert last is not None
    assert replace(first, version="1.2.0") == replace(last, name=first.name, built=first.built)
    assert shelf.find(first.digest) == last
    for name in releases.names()[:-1]:
        shutil.rmtree(releases.root / name)
    assert [(each.version, each.name != "") for each in shelf.editions()] == [
        ("1.2.0", True),
        ("1.1.0", False),
        ("1.0.0", True),
    ]


def test_a_clone_knows_from_the_log_what_it_does_not_have(tmp_path: Path, copy: Path) -> None:
    elsewhere, project = Releases(tmp_path / "elders"), Project(copy)
    build(project, elsewhere, BASE)
    entry = publish(project, elsewhere, "1.0.0", "2026-01-01")
    edit(copy / "data/referentie/steden.ttl", '"Arnhem"@nl', '"Arnem"@nl')
    here = Releases(tmp_path / "hier")
    build(project, here, BASE)
    assert not (here.current().folder / NAME).exists()
    assert (here.current().folder / VERSIONS).exists()
    assert Shelf(here).find("1.0.0") == Edition(entry.digest, "1.0.0", "2026-01-01")


@pytest.mark.parametrize("path", ["release", "release/1.0.0", "release/1.0.0/sparql", "sparql", "", "doc/a"])
@pytest.mark.parametrize(
    "page", ["/release/1.0.0/queries/x", "/release/1.0.0/sparql", "/release/1.0.0", "/release", "/"]
)
def test_a_link_to_a_document_named_as_a_folder_above_has_no_slash(path: str, page: str) -> None:
    link = relative(path, page.rpartition("/")[0] or "/")
    assert urljoin(f"http://host/voor{page}", link) == f"http://host/voor/{path}"
