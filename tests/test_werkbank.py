"""The workbench at /sparql in a real browser; the texts that it gives to copy are run."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.conftest import ROOT, answers, serving
from wijkengids.release.folder import Releases
from wijkengids.web.built import FOLDER

try:
    from playwright.sync_api import Browser, Page, Playwright, Request, expect, sync_playwright
except ImportError:
    pytest.skip("playwright is not installed: make clients", allow_module_level=True)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
CLIENTS = ROOT / ".venv/klanten/bin/python"
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:;"
    " form-action 'self'; base-uri 'none'"
)
COUNTED = "SELECT ?soort (COUNT(*) AS ?aantal) { ?ding a ?soort } GROUP BY ?soort ORDER BY DESC(?aantal) ?soort LIMIT 5"

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed: apt-get install chromium"),
    pytest.mark.skipif(not (FOLDER / "manifest.json").exists(), reason="the workbench is not built: make frontend"),
]


@pytest.fixture(scope="module")
def site(releases: Releases) -> Iterator[str]:
    with serving(WIJKENGIDS_RELEASES=str(releases.root), WIJKENGIDS_QUERY_DEADLINE="20") as address:
        yield address


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """A page on a desktop, in Dutch; it may ask this site only, and may not fail in silence."""
    with opened(browser, site) as page:
        yield page


class opened:  # noqa: N801 -- used as a function
    def __init__(self, browser: Browser, site: str, **options: object) -> None:
        settings = {"viewport": {"width": 1280, "height": 900}, "locale": "nl-NL", "base_url": site} | options
        self.context = browser.new_context(**settings)  # type: ignore[arg-type]
        self.context.set_default_timeout(15_000)
        self.site = site
        self.requests: list[Request] = []
        self.errors: list[str] = []

    def __enter__(self) -> Page:
        self.context.on("request", self.noted)
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        return page

    def noted(self, request: Request) -> None:
        self.requests.append(request)

    def __exit__(self, *_: object) -> None:
        self.context.close()
        assert self.errors == []
        hosts = {request.url for request in self.requests if not request.url.startswith((self.site, "data:", "blob:"))}
        assert hosts == set(), "the page asked somebody else"


def to(query: str, **more: str) -> str:
    return "/sparql?" + urlencode({"query": query} | more)


def write(page: Page, query: str) -> None:
    """Replace what is in the editor, as a person does."""
    page.locator(".CodeMirror").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(query)


def text(page: Page) -> str:
    return str(page.locator("#query").input_value())


def rows(page: Page) -> list[list[str]]:
    return [
        row.locator("td").all_inner_texts() for row in page.locator("#uitkomst tbody tr").all()
    ]  # fmt: skip


def test_run_an_example_edit_it_see_the_chart_and_download(page: Page, site: str, tmp_path: Path) -> None:
    page.goto("/sparql")
    page.get_by_label("Zoek een voorbeeld").fill("neighbourhoods city")  # found by its English title too
    page.get_by_role("link", name="Wijken met hun stad").click()
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^1\d rijen in "))
    assert ["wijk:klarendal", "Klarendal", "stad:arnhem", "Arnhem"] in [row[:4] for row in rows(page)]
    link = page.get_by_role("link", name="wijk:klarendal").first.get_attribute("href")
    assert link == f"{site}/doc/wijk/klarendal"

    write(page, COUNTED)
    page.get_by_role("button", name="Vraag", exact=True).click()
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^5 rijen in "))
    page.get_by_role("tab", name="Grafiek").click()
    assert page.locator("svg rect.bar").count() == 5
    widths = [float(bar.get_attribute("width") or 0) for bar in page.locator("svg rect.bar").all()]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > widths[-1] > 0

    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    assert download.value.suggested_filename == "wijkengids-antwoord.csv"
    download.value.save_as(tmp_path / "a.csv")
    saved = list(csv.reader((tmp_path / "a.csv").read_text(encoding="utf-8").splitlines()))
    assert saved[0] == ["soort", "aantal"]
    assert len(saved) == 6


def test_a_link_opens_the_same_query_with_its_answer(page: Page, browser: Browser, site: str) -> None:
    page.goto("/sparql")
    write(page, COUNTED)
    page.keyboard.press("Control+Enter")
    page.get_by_text("Deel en kopieer").click()
    link = page.get_by_label("Link", exact=True).input_value()
    assert page.url == link
    with opened(browser, site) as other:
        other.goto(link)
        expect(other.get_by_role("tab", name="Tabel")).to_be_visible()
        assert text(other) == COUNTED
        assert rows(other) == rows(page)
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#uitkomst .lead")).to_have_text("Ja")
    page.go_back()
    expect(page.get_by_role("tab", name="Tabel")).to_be_visible()
    assert text(page) == COUNTED


def test_map_and_timeline_of_questions_that_have_them(page: Page, site: str) -> None:
    page.goto("/sparql")
    page.get_by_role("link", name="Wijken op de kaart").click()
    page.get_by_role("tab", name="Kaart").click()
    assert page.locator("svg.map .spot").count() == int(page.get_by_role("status").first.inner_text().split()[0])
    assert page.locator("svg.map a[aria-label=Crabbehof]").get_attribute("href") == f"{site}/doc/wijk/crabbehof"
    before = page.locator("svg.map").get_attribute("viewBox")
    page.get_by_role("button", name="Vergroot").click()
    assert page.locator("svg.map").get_attribute("viewBox") != before
    assert page.get_by_role("tab", name="Tijdlijn").count() == 0

    page.get_by_role("link", name="Programma's in een jaar").click()
    page.get_by_role("tab", name="Tijdlijn").click()
    number = int(page.get_by_role("status").first.inner_text().split()[0])
    assert page.locator("#beeld svg :is(rect.bar, circle.dot)").count() == number
    assert page.get_by_role("tab", name="Kaart").count() == 0


def test_a_graph_is_turtle_and_comes_in_the_formats_of_graphs(page: Page) -> None:
    page.goto(to("DESCRIBE <https://w3id.org/wijkengids/id/wijk/poelenburg>"))
    expect(page.locator("#uitkomst pre .t-word").first).to_have_text("@prefix")
    expect(page.locator("#uitkomst pre")).to_contain_text("wijk:poelenburg")
    page.get_by_text("Download", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("button", name="N-Triples").click()
    assert "<https://w3id.org/wijkengids/id/wijk/poelenburg>" in download.value.path().read_text(encoding="utf-8")


def test_an_error_leads_to_its_place_and_goes_when_it_is_mended(page: Page) -> None:
    page.goto(to("SELECT *\nWHERE { ?a ?b ?c\n  FILTR(?a)\n}"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("regel 3")
    alert.get_by_role("button", name="Ga naar regel 3").click()
    assert page.evaluate("document.activeElement.closest('.CodeMirror') !== null")
    expect(page.locator(".CodeMirror .wrong")).to_have_count(1)
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#uitkomst .lead")).to_have_text("Ja")
    assert alert.count() == 0


def test_a_long_query_is_stopped_and_the_next_is_answered(page: Page) -> None:
    page.goto("/sparql")
    write(page, "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status").first).to_contain_text("Gestopt")
    write(page, "ASK {}")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#uitkomst .lead")).to_have_text("Ja")


def pick(page: Page, expected: str) -> None:
    """Choose the first suggestion; a key that comes while the editor renews the list is lost, so press again."""
    for _ in range(20):
        page.keyboard.press("Enter")
        if expected in text(page):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"{expected} was not chosen: {text(page)}")


def test_prefixes_and_terms_complete_themselves(page: Page) -> None:
    page.goto("/sparql")
    write(page, "SELECT * {")
    page.keyboard.type(" ?x a neighb")
    hints = page.locator(".CodeMirror-hint")
    expect(hints.first).to_contain_text("wg:Wijk")  # found by its English label
    pick(page, "?x a wg:Wijk")
    page.keyboard.type(" ; ligt")
    expect(hints.filter(has_text="wg:ligtIn").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.type(" }")
    declared = "PREFIX wg: <https://w3id.org/wijkengids/def#>\n"
    expect(page.locator("#query")).to_have_value(re.compile(re.escape(declared) + r".*\}$"))


def test_things_complete_by_label_where_the_site_has_a_search(page: Page, site: str) -> None:
    page.goto("/sparql")
    write(page, "SELECT * { ?wat ?hoe")
    page.keyboard.type(" klarend")
    if answers(site + "/search.json?q=klarend"):
        expect(page.locator(".CodeMirror-hint").first).to_contain_text("wijk:klarendal")
        pick(page, "?wat ?hoe wijk:klarendal")
        expect(page.locator("#query")).to_have_value(re.compile("^PREFIX wijk: <https://w3id.org/wijkengids/id/wijk/>"))
    else:
        expect(page.locator("#query")).to_have_value("SELECT * { ?wat ?hoe klarend")
        expect(page.locator(".CodeMirror-hint")).to_have_count(0)


def test_everything_by_keyboard(page: Page) -> None:
    page.goto("/sparql")
    expect(page.locator(".CodeMirror")).to_be_visible()
    page.locator(".CodeMirror textarea").focus()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(COUNTED)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("tab", name="Tabel")).to_be_visible()
    page.keyboard.press("Escape")
    seen = []
    for _ in range(30):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.tagName"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline not in {"none", ""}, f"the focus on {seen[-1]} cannot be seen"
        if seen[-1] == "Tabel":
            break
    assert seen[0] == "Vraag"
    page.keyboard.press("ArrowRight")
    assert page.locator("svg rect.bar").count() == 5
    page.keyboard.press("End")
    expect(page.locator("#beeld pre")).to_contain_text('"bindings"')
    page.keyboard.press("Home")
    page.keyboard.press("Tab")  # the table, which scrolls
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("th").nth(1).get_attribute("aria-sort") == "ascending"
    amounts = [int(row[1]) for row in rows(page)]
    assert amounts == sorted(amounts)
    page.get_by_text("Download", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="TSV")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="TSV")).to_be_hidden()


def test_the_page_in_english(browser: Browser, site: str) -> None:
    with opened(browser, site, locale="en-GB") as page:
        page.goto("/sparql")
        page.get_by_role("link", name="Neighbourhoods on the map").click()
        expect(page.get_by_role("status").first).to_have_text(re.compile(r"rows in "))
        page.get_by_role("tab", name="Map").click()
        expect(page.get_by_role("button", name="Zoom in")).to_be_visible()
        other = page.get_by_role("link", name="Nederlands").get_attribute("href") or ""
        assert parse_qs(urlsplit(other).query) == {"query": [text(page)], "lang": ["nl"]}


def test_without_javascript_the_form_answers(browser: Browser, site: str) -> None:
    with opened(browser, site, java_script_enabled=False) as page:
        page.goto("/sparql")
        page.locator("#query").fill(COUNTED)
        page.get_by_role("button", name="Vraag").click()
        assert len(rows(page)) == 5
        page.locator("#query").fill("SELECT nonsense")
        page.get_by_role("button", name="Vraag").click()
        expect(page.get_by_role("alert")).to_contain_text("regel 1")
        assert page.locator("#query").input_value() == "SELECT nonsense"


@pytest.mark.parametrize("name", ["partners-en-rollen", "wijken-op-de-kaart", "programmas-in-jaar"])
def test_on_a_phone_nothing_sticks_out(browser: Browser, site: str, name: str) -> None:
    with opened(browser, site, viewport={"width": 360, "height": 740}) as page:
        page.goto("/sparql")
        page.get_by_text("Voorbeelden (").click()
        page.locator(f"li[data-name={name}] a").click()
        for tab in page.get_by_role("tab").all():
            tab.click()
            assert page.evaluate("document.documentElement.scrollWidth") <= 360, tab.inner_text()
        page.get_by_text("Deel en kopieer").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_it_works_under_a_strict_policy_and_remembers_nothing(page: Page) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.route(
        re.compile(r"/sparql(\?|$)"),
        lambda route: route.fulfill(
            response=(got := route.fetch()), headers=got.headers | {"content-security-policy": STRICT}
        ),
    )
    page.goto(to(COUNTED))
    page.get_by_role("tab", name="Grafiek").click()
    assert page.locator("svg rect.bar").count() == 5
    page.locator(".CodeMirror").click()
    page.keyboard.type(" ")
    assert [line for line in said if "Content Security Policy" in line] == []
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]


def test_a_large_answer_is_shown_in_parts(page: Page) -> None:
    page.goto(to("SELECT ?s { ?s ?p ?o } LIMIT 1500"))
    expect(page.locator("#uitkomst tbody tr")).to_have_count(1000)
    expect(page.locator("#uitkomst .more")).to_contain_text("de eerste 1.000 van 1.500")
    page.get_by_role("button", name="Toon er 500 meer").click()
    expect(page.locator("#uitkomst tbody tr")).to_have_count(1500)


TRICKY = "SELECT ?a ?b { BIND(\"it's \\\"x\\\" \\\\ $HOME `date` %25 é)-\" AS ?a) BIND('''\"\"\"''' AS ?b) }"


@pytest.mark.parametrize(
    ("query", "accept", "part"),
    [
        (COUNTED, "text/csv", "def#"),
        (TRICKY, "text/csv", "$HOME `date` %25 é)-"),
        ("ASK {}", "application/sparql-results+json", "true"),
        ("CONSTRUCT WHERE { ?s a <https://w3id.org/wijkengids/def#Wijk> }", "text/turtle", "klarendal"),
    ],
)
def test_what_is_copied_for_other_programs_runs(
    page: Page, site: str, tmp_path: Path, query: str, accept: str, part: str
) -> None:
    page.goto(to(query))
    page.get_by_text("Deel en kopieer").click()
    copied = {name: page.get_by_label(name, exact=True).input_value() for name in ("curl", "Python", "R")}
    asked = urllib.request.Request(site + to(query), headers={"Accept": accept})
    with urllib.request.urlopen(asked, timeout=20) as response:
        expected = response.read().decode()
    assert part in expected
    assert ran("sh", "-c", copied["curl"]) == expected
    if shutil.which("Rscript"):  # CI has none
        (tmp_path / "a.R").write_text(copied["R"], encoding="utf-8")
        assert part in ran("Rscript", "--vanilla", tmp_path / "a.R", LC_ALL="C.UTF-8")
    if not CLIENTS.exists():
        pytest.skip("pandas is not installed: make clients")
    assert part in ran(CLIENTS, "-c", copied["Python"], COLUMNS="200").replace("True", "true")


def ran(*command: object, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, timeout=60, check=False, env=os.environ | environment
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.mark.skipif(not shutil.which("node"), reason="Node.js is not installed: apt-get install nodejs npm")
def test_the_parts_on_their_own() -> None:
    """The tests in src/frontend/test: which columns a view takes, reading of geometries, completion, texts to copy."""
    ran("npm", "--prefix", ROOT / "src/frontend", "test")


def test_a_built_file_may_be_kept_for_ever_and_its_list_may_not(site: str) -> None:
    for name in json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))["werkbank"].values():
        with urllib.request.urlopen(f"{site}/static/build/{name}", timeout=5) as response:
            assert "immutable" in response.headers["Cache-Control"]
    with urllib.request.urlopen(f"{site}/static/build/manifest.json", timeout=5) as response:
        assert response.headers["Cache-Control"] == "no-cache"
