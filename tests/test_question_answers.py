"""Questions as an API: every question in every format, parameters as terms, labels, pages, drawings, OpenAPI."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote, urljoin

import openpyxl
import pyarrow.parquet
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import validate
from pyoxigraph import DefaultGraph, Literal, Quad, Store

from tests.conftest import ROOT, Run, small_project
from tests.test_web import Links
from wijkengids.documents.chart import bars, points
from wijkengids.documents.choices import options, resolve, shown, things
from wijkengids.documents.results import Column, Table, read_table
from wijkengids.documents.sheets import parquet, xlsx
from wijkengids.engine.embedded import EmbeddedEngine
from wijkengids.errors import WrongUse
from wijkengids.knowledge.questions import read_question
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL
from wijkengids.release.build import build
from wijkengids.release.folder import Release, Releases
from wijkengids.release.store import OpenRelease
from wijkengids.settings import Settings
from wijkengids.web.app import create_app

NAMES = sorted(path.stem for path in ROOT.glob("queries/*.rq"))
ENDS = ("json", "csv", "xlsx", "parquet", "html", "rq", "srj", "csv-metadata.json")
XSD = "http://www.w3.org/2001/XMLSchema#"

EXTRA = {
    "verband": """PREFIX wg: <https://w3id.org/wijkengids/def#>
CONSTRUCT { ?wijk wg:ligtIn ?stad } WHERE { VALUES ?stad { stad:zaanstad } ?wijk wg:ligtIn ?stad }""",
    "tekst": 'SELECT ?woord WHERE { VALUES ?woord { "=1+1" } }',
    "is-er": "ASK { ?s ?p ?o }",
    "reeks": """PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?getal ?wijk WHERE { VALUES ?tot { 250 } VALUES ?a { 0 1 2 3 4 5 6 7 8 9 } VALUES ?b { 0 1 2 3 4 5 6 7 8 9 }
VALUES ?c { 0 1 2 3 4 5 6 7 8 9 } BIND(?a + 10 * ?b + 100 * ?c AS ?getal) FILTER(?getal < ?tot)
BIND(<https://w3id.org/wijkengids/id/wijk/poelenburg> AS ?wijk) } ORDER BY ?getal""",
}
PARAMETERS = {
    "verband": [("stad", "iri", "wg:Stad")],
    "tekst": [("woord", "tekst", "")],
    "is-er": [],
    "reeks": [("tot", "getal", "")],
}


def header(number: int, parameters: list[tuple[str, str, str]]) -> str:
    lines = [f"nummer = {number}", 'titel.nl = "T"', 'titel.en = "E"', 'omschrijving.nl = "O"', 'omschrijving.en = "D"']
    for name, kind, klass in parameters:
        lines += [f"[parameters.{name}]", f'soort = "{kind}"', f'label.nl = "{name}"', f'label.en = "{name}"']
        lines += [f'klasse = "{klass}"'] if klass else []
    return "".join(f"#+ {line}\n" for line in lines)


@pytest.fixture(scope="module")
def more(tmp_path_factory: pytest.TempPathFactory, engine: EmbeddedEngine) -> Iterator[FlaskClient]:
    """A client of a small project with questions of kinds that the guide does not have."""
    folder = small_project(tmp_path_factory.mktemp("vragen") / "project")
    for number, (name, query) in enumerate(EXTRA.items(), 90):
        prefix = "PREFIX stad: <https://w3id.org/wijkengids/id/stad/>\n"
        text = header(number, PARAMETERS[name]) + prefix + query + "\n"
        (folder / f"queries/{name}.rq").write_text(text, encoding="utf-8")
    releases = Releases(folder / "releases")
    build(Project(folder), releases, Base())
    yield create_app(Settings(releases=releases.root), engine).test_client()
    shutil.rmtree(folder)


def wanted(name: str, extra: tuple[str, ...] = ()) -> list[list[str]]:
    with (ROOT / f"tests/vragen/{name}/verwacht.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def short(cell: str) -> str:
    return Base().shorten(cell)


def given(rows: list[dict[str, object]], names: list[str]) -> list[list[str]]:
    """Return rows of a typed format as the expected files have them."""
    return [[_text(row[name]) for name in names] for row in rows]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return short(value.isoformat()[:10] if isinstance(value, date) else str(value))


def same(found: list[list[str]], expected: list[list[str]]) -> bool:
    """Tell whether cells are the same text, or the same number."""

    def plain(cell: str) -> object:
        try:
            return float(cell)
        except ValueError:
            return cell

    return [[plain(cell) for cell in row] for row in found] == [[plain(cell) for cell in row] for row in expected]


@pytest.mark.parametrize("name", NAMES)
def test_every_format_has_the_rows_that_the_guide_says(name: str, client: FlaskClient) -> None:
    names, *expected = wanted(name)
    found = list(csv.DictReader(io.StringIO(client.get(f"/queries/{name}.csv").text)))
    assert given(found, names) == [[re.sub(r"^'(?=[=+@-])", "'", cell) for cell in row] for row in expected]
    assert same(given(client.get(f"/queries/{name}.json?_size=10000").get_json()["rows"], names), expected)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/queries/{name}.xlsx").data))
    head, *rows = book["antwoord"].iter_rows(values_only=True)
    assert same(given([dict(zip(head, row, strict=True)) for row in rows], names), expected)
    table = pyarrow.parquet.read_table(io.BytesIO(client.get(f"/queries/{name}.parquet").data))
    assert same(given(table.to_pylist(), names), expected)
    srj = read_table(client.get(f"/queries/{name}.srj").data)
    assert [
        [short(text or "") for text in row] for row in zip(*(c.texts for c in srj.columns), strict=True)
    ] == expected


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_whole_and_leads_somewhere(name: str, language: str, client: FlaskClient) -> None:
    response = client.get(f"/queries/{name}", headers={"Accept": "text/html", "Accept-Language": language})
    assert response.status_code == 200
    page = Links(response.text)
    assert page.language == language
    for link in {urljoin(f"/queries/{name}", link) for link in page.links if "queries" in urljoin("/queries/x", link)}:
        assert client.get(link).status_code == 200, link


def test_the_list_has_every_question_by_number(client: FlaskClient) -> None:
    found = client.get("/queries").get_json()["questions"]
    assert [question["number"] for question in found] == list(range(1, 28))
    for question in found:
        for media_type, url in question["formats"].items():
            assert client.get(urljoin("/queries", url)).mimetype == media_type
    page = client.get("/queries?lang=en", headers={"Accept": "text/html"}).text
    assert "Neighbourhoods with their city" in page
    assert Links(page).language == "en"


def test_the_answers_lie_in_the_release_and_in_its_manifest(release: Release) -> None:
    names = {f"answers/{name}.srj" for name in NAMES}
    assert names <= set(release.manifest.files)
    assert {path.relative_to(release.folder).as_posix() for path in release.folder.glob("answers/*")} == names


def test_answers_are_the_same_bytes_in_every_build(project: Project, release: Release, tmp_path: Path) -> None:
    again, _ = build(project, Releases(tmp_path), Base())
    for path in release.folder.glob("answers/*"):
        assert (again.folder / "answers" / path.name).read_bytes() == path.read_bytes(), path.name


def test_with_its_defaults_a_question_needs_no_engine(releases: Releases) -> None:
    client = create_app(Settings(releases=releases.root), None).test_client()  # type: ignore[arg-type]
    for query in ("", "?wijk=wijk:poelenburg", "?wijk=Poelenburg"):
        assert client.get(f"/queries/verwijzingen-naar-wijk.csv{query}").status_code == 200


def test_other_values_give_other_rows(client: FlaskClient) -> None:
    rows = client.get("/queries/programmas-in-jaar.json?jaar=1800").get_json()
    assert (rows["rows"], rows["total"], rows["pages"], rows["parameters"]) == ([], 0, 1, {"jaar": "1800"})
    by_label, by_name, by_iri = (
        client.get("/queries/verwijzingen-naar-wijk.csv", query_string={"wijk": value}).data
        for value in ("KLARENDAL", "wijk:klarendal", "https://w3id.org/wijkengids/id/wijk/klarendal")
    )
    assert by_label == by_name == by_iri != client.get("/queries/verwijzingen-naar-wijk.csv").data
    beginning = client.get("/queries/verwijzingen-naar-wijk.json?wijk=malburgen").get_json()
    assert beginning["parameters"] == {"wijk": "wijk:malburgen-immerloo"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("wijk=", "Parameter 'wijk' is leeg"),
        ("wijk=Poelenbrug", "bedoelde u Poelenburg (wijk:poelenburg)?"),
        ("wijk=wijk:poelenbrug", "bedoelde u wijk:poelenburg"),
        ("wijk=http://example.org/x", "Parameter 'wijk'"),
        ("wijk=wijk:poelenburg> } DROP ALL #", "Parameter 'wijk'"),
        ("wijk=Poelenburg&wijk=Klarendal", "'wijk' staat er twee keer"),
        ("wjik=Poelenburg", "bedoelde u wijk?"),
        ("query=ASK {}", "geen parameter 'query'"),
        ("_size=0", "'_size'"),
        ("_size=10001", "'_size'"),
        ("_page=-1", "'_page'"),
        ("_page=x", "'_page'"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, said: str, client: FlaskClient) -> None:
    for end, accept in (("json", "application/json"), ("html", "text/html")):
        response = client.get(f"/queries/verwijzingen-naar-wijk.{end}?{query}", headers={"Accept": accept})
        assert response.status_code == 400
        assert said.replace("'", "&#39;") in response.text or said in response.text


def test_a_wrong_year_is_named_in_the_language_asked(client: FlaskClient) -> None:
    response = client.get("/queries/programmas-in-jaar.csv?jaar=20l3&lang=en")
    assert response.status_code == 400
    assert response.get_json()["detail"] == "Parameter 'jaar' must be a year of four digits, not '20l3'."


@pytest.mark.parametrize(
    "value",
    ['"', '" } } # ', "\\", "'); DROP", "a\nb", "?x", "%25", "{ SELECT * }", "é\u2028 \U0001f600", '"""', "\\u0022"],
)
def test_text_is_bound_as_a_term_whatever_it_is(value: str, more: FlaskClient) -> None:
    rows = more.get("/queries/tekst.json", query_string={"woord": value}).get_json()
    assert rows["rows"] == [{"woord": value.strip()}]


@pytest.fixture
def twins(release: Release, tmp_path: Path) -> OpenRelease:
    """A release with three programmes, two of them of one name; its index is made when it is asked for."""
    store, base = Store(), Base()
    for name, label in (("een", "Samen"), ("twee", "samen"), ("drie", "Samen op weg")):
        iri = base.resource("programma", name)
        store.add(Quad(iri, RDF_TYPE, base.term("Programma"), DefaultGraph()))
        store.add(Quad(iri, RDFS_LABEL, Literal(label, language="nl"), DefaultGraph()))
    return OpenRelease(Release(tmp_path, release.manifest), store)


def test_a_name_means_the_one_thing_that_has_it(twins: OpenRelease) -> None:
    text = header(1, [("p", "iri", "wg:Programma")]) + "SELECT * { VALUES ?p { <http://x/y> } }"
    [parameter] = read_question("x", text).parameters
    iri = Base().resource("programma", "een").value
    assert resolve(twins, parameter, "Samen") == iri, "as it is written goes first"
    assert resolve(twins, parameter, "samen OP weg").endswith("/drie")
    with pytest.raises(WrongUse, match=r"meer dan een ding\. Kies uit: programma:een, programma:twee"):
        resolve(twins, parameter, "SAMEN")
    with pytest.raises(WrongUse, match="geen 'sa'"):
        resolve(twins, parameter, "sa")
    assert shown(twins, parameter, "http://x/y") == "http://x/y", "a default that the release lacks"
    assert [typed for typed, _ in options(things(twins, parameter), "nl")] == ["Samen", "samen", "Samen op weg"]


def test_what_a_spreadsheet_would_run_is_inert(more: FlaskClient) -> None:
    assert more.get("/queries/tekst.csv").text.splitlines() == ["woord", "'=1+1"]
    cell = openpyxl.load_workbook(io.BytesIO(more.get("/queries/tekst.xlsx").data))["antwoord"]["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_byte_order_mark_on_request(client: FlaskClient) -> None:
    plain = client.get("/queries/rapporten.csv").data
    assert client.get("/queries/rapporten.csv?bom=1").data == b"\xef\xbb\xbf" + plain
    assert not plain.startswith(b"\xef\xbb\xbf")


def test_labels_stand_beside_iris_in_the_language_asked(more: FlaskClient) -> None:
    for language, header_ in (("nl", {}), ("en", {"Accept-Language": "en"})):
        response = more.get("/queries/reeks.csv", headers=header_)
        assert response.headers["Content-Language"] == language
        row = next(csv.DictReader(io.StringIO(response.text)))
        assert (row["wijk_label"], list(row)) == ("Poelenburg", ["getal", "wijk", "wijk_label"])


def test_a_property_is_named_in_english(client: FlaskClient) -> None:
    heads = [
        [column["title"] for column in client.get(f"/queries/wijken-met-stad.json?lang={c}").get_json()["columns"]]
        for c in ("nl", "en")
    ]
    assert "Stad" in heads[0]
    assert "City" in heads[1]


def test_a_column_that_no_term_names_has_the_title_of_its_question(client: FlaskClient) -> None:
    for code, title in (("nl", "Aantal wijken"), ("en", "Number of neighbourhoods")):
        url = f"/queries/wijken-met-gedeeld-doel.html?lang={code}"
        assert f">{title}</th>" in client.get(url).text
        columns = client.get(url.replace("html", "json")).get_json()["columns"]
        assert [column["title"] for column in columns if column["name"] == "aantalWijken"] == [title]


def follow(client: FlaskClient, url: str) -> dict[str, str]:
    links = re.findall(r'<([^>]*)>; rel="(first|prev|next|last)"', client.get(url).headers["Link"])
    return {rel: urljoin(url, target) for target, rel in links}


@pytest.mark.parametrize("end", ["json", "html", ""])
def test_pages_lead_over_all_rows_each_once(end: str, more: FlaskClient) -> None:
    url: str | None = "/queries/reeks" + (f".{end}" if end else "")
    seen: list[int] = []
    visited = []
    while url is not None:
        visited.append(url)
        body = more.get(url.replace(".html", ".json"))
        assert len(visited) < 5
        seen += [row["getal"] for row in body.get_json()["rows"]]
        links = follow(more, url)
        assert more.get(links["last"]).status_code == 200
        assert follow(more, links["last"]).get("next") is None
        assert follow(more, links["first"]).get("prev") is None
        url = links.get("next")
    assert seen == list(range(250))
    assert len(visited) == 3
    assert more.get(f"/queries/reeks{'.' + end if end else ''}?_page=4").status_code == 404


def test_the_last_page_is_full_when_the_rows_just_fit(more: FlaskClient) -> None:
    assert "_page=5" in follow(more, "/queries/reeks.json?_size=50")["last"]
    assert len(more.get("/queries/reeks.json?_size=50&_page=5").get_json()["rows"]) == 50
    assert more.get("/queries/reeks.json?_size=50&_page=6").status_code == 404
    assert 'rel="next"' not in more.get("/queries/reeks.json?_size=250").headers["Link"]
    assert more.get("/queries/reeks.json?tot=300&_page=3").get_json()["total"] == 300
    assert "tot=300" in follow(more, "/queries/reeks.json?tot=300&_page=2")["next"]


def test_downloads_are_whole(more: FlaskClient) -> None:
    assert len(more.get("/queries/reeks.csv").text.splitlines()) == 251
    assert pyarrow.parquet.read_table(io.BytesIO(more.get("/queries/reeks.parquet").data)).num_rows == 250
    assert more.get("/queries/reeks.csv?_page=2").status_code == 400


def test_a_graph_comes_as_a_graph(more: FlaskClient) -> None:
    zaanstad = rdflib.Graph().parse(data=more.get("/queries/verband").data, format="turtle")
    assert len(zaanstad) == 1
    assert more.get("/queries/verband").mimetype == "text/turtle"
    for end, parser in (("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
        assert set(rdflib.Graph().parse(data=more.get(f"/queries/verband.{end}").data, format=parser)) == set(zaanstad)
    assert more.get("/queries/verband.csv").status_code == 404
    assert more.get("/queries/verband", headers={"Accept": "text/csv"}).status_code == 406
    assert "wg:ligtIn" in more.get("/queries/verband.html").text
    assert more.get("/queries/verband?stad=nergens").status_code == 400


def test_a_yes_or_no_is_a_table_of_one_cell(more: FlaskClient) -> None:
    assert more.get("/queries/is-er.json").get_json()["rows"] == [{"answer": True}]
    assert more.get("/queries/is-er.csv").text.splitlines() == ["answer", "true"]


def test_places_come_as_geojson_and_as_a_map(client: FlaskClient) -> None:
    found = client.get("/queries/wijken-op-de-kaart", headers={"Accept": "application/geo+json"}).get_json(force=True)
    assert found["type"] == "FeatureCollection"
    assert len(found["features"]) == 13
    first = found["features"][0]
    assert first["geometry"] == {"type": "Point", "coordinates": [4.66471, 51.79087]}
    assert first["properties"]["wijkLabel"] == "Crabbehof"
    assert client.get("/queries/wijken-met-stad.geojson").status_code == 404
    page = client.get("/queries/wijken-op-de-kaart.html").text
    assert page.count("<circle") == 13
    assert 'role="img" aria-label="Wijken op de kaart"' in page


def test_amounts_come_as_a_chart(client: FlaskClient) -> None:
    page = client.get("/queries/verantwoordelijke-partijen.html").text
    assert 'role="img"' in page
    assert page.count("<rect class=") == min(30, len(wanted("verantwoordelijke-partijen")) - 1)
    assert "<svg" not in client.get("/queries/wijken-met-stad.html").text


def column(kind: str, *texts: str | None, name: str = "x") -> Column:
    return Column(name, kind, texts)


def test_only_what_can_be_drawn_is_drawn() -> None:
    names, amounts = column("string", "a", "b <b>", name="n"), column("integer", "0", "3")
    assert "b &lt;b&gt;" in bars(Table((names, amounts), 2), "T", "per")
    for other in (column("integer", "1", None), column("integer", "-1", "2"), column("gYear", "2010", "2011")):
        assert bars(Table((names, other), 2), "T", "per") == ""
    assert bars(Table((column("string", "a", "a"), amounts), 2), "T", "per") == ""
    zero = bars(Table((names, column("integer", "0", "0")), 2), "T", "per")
    assert 'width="0.0"' in zero
    assert points(Table((column("wkt", "POINT(1 2)"),), 1), "T").count("<circle") == 1
    assert points(Table((column("wkt", "geen"),), 1), "T") == ""


TYPED = {
    "head": {"vars": ["i", "d", "f", "b", "dag", "tijd", "jaar", "tekst", "iri", "gemengd", "groot"]},
    "results": {
        "bindings": [
            {
                "i": ("integer", "12"),
                "d": ("decimal", "1.50"),
                "f": ("double", "2.5E0"),
                "b": ("boolean", "true"),
                "dag": ("date", "2010-02-03"),
                "tijd": ("dateTime", "2010-02-03T04:05:06Z"),
                "jaar": ("gYear", "2010"),
                "tekst": ("string", "x" * 40_000),
                "gemengd": ("integer", "1"),
                "groot": ("integer", "9007199254740993"),
            },
            {"gemengd": ("string", "een"), "d": ("integer", "3")},
        ]
    },
}


def typed() -> Table:
    rows = [
        {name: {"type": "literal", "value": text, "datatype": XSD + kind} for name, (kind, text) in row.items()}
        for row in TYPED["results"]["bindings"]  # type: ignore[attr-defined]
    ]
    return read_table(json.dumps({"head": TYPED["head"], "results": {"bindings": rows}}).encode())


def test_types_survive_in_parquet() -> None:
    body = parquet(typed(), {"Vraag": "é"})
    table = pyarrow.parquet.read_table(io.BytesIO(body))
    first, second = table.to_pylist()
    assert first["i"] == 12
    assert first["d"] == Decimal("1.50")
    assert (first["f"], first["b"], first["dag"], first["jaar"]) == (2.5, True, date(2010, 2, 3), 2010)
    assert first["tijd"].isoformat() == "2010-02-03T04:05:06+00:00"
    assert first["groot"] == 9007199254740993
    assert (first["gemengd"], second["gemengd"], second["i"]) == ("1", "een", None)
    assert len(first["tekst"]) == 40_000
    about = pyarrow.parquet.ParquetFile(io.BytesIO(body)).metadata.metadata
    assert json.loads(about[b"wijkengids"]) == {"Vraag": "é"}


def test_types_survive_in_a_spreadsheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx(typed(), {"Vraag": "é"})))
    head, first, second = book["antwoord"].iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert (row["i"], row["d"], row["f"], row["b"], row["jaar"]) == (12, 1.5, 2.5, True, 2010)
    assert (row["dag"], row["tijd"]) == (datetime(2010, 2, 3), datetime(2010, 2, 3, 4, 5, 6))
    assert row["groot"] == "9007199254740993", "a spreadsheet would round it"
    assert len(row["tekst"]) == 32_767
    assert second[head.index("gemengd")] == "een"
    assert book["herkomst"]["B1"].value == "é"


def test_files_are_the_same_bytes_each_time() -> None:
    assert xlsx(typed(), {"a": "b", "c": "d"}) == xlsx(typed(), {"a": "b", "c": "d"})
    assert parquet(typed(), {"a": "b", "c": "d"}) == parquet(typed(), {"a": "b", "c": "d"})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("integer", "9" * 30),
        ("double", "INF"),
        ("double", "NaN"),
        ("gYear", "2010Z"),
        ("date", "-0044-03-15"),
        ("boolean", "ja"),
        ("date", "2010-01-01+01:00"),
        ("dateTime", "2010-13-01T00:00:00"),
    ],
)
def test_a_value_outside_its_type_makes_a_column_of_text(kind: str, text: str) -> None:
    cell = {"x": {"type": "literal", "value": text, "datatype": XSD + kind}}
    body = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": [cell]}}).encode()
    table = read_table(body)
    assert table.columns[0].kind == "string"
    assert pyarrow.parquet.read_table(io.BytesIO(parquet(table, {}))).to_pylist() == [{"x": table.columns[0].texts[0]}]


def test_the_metadata_describes_the_csv_that_links_to_it(client: FlaskClient) -> None:
    url = "/queries/programmas-in-jaar.csv?jaar=2013"
    response = client.get(url)
    target = re.search(r'<([^>]*)>; rel="describedby"', response.headers["Link"])
    assert target is not None
    described = client.get(urljoin(url, target[1]))
    assert described.mimetype == "application/csvm+json"
    about = described.get_json(force=True)
    assert urljoin(urljoin(url, target[1]), about["url"]) == url
    columns = about["tableSchema"]["columns"]
    head = next(csv.reader(io.StringIO(response.text)))
    assert [c["name"] for c in columns] == head
    assert all(name in c["titles"]["nl"] for name, c in zip(head, columns, strict=True))
    assert {c["name"]: c["datatype"] for c in columns}["begin"] == "date"


def test_what_is_not_there_is_told(client: FlaskClient) -> None:
    response = client.get("/queries/wijken-met-stat")
    assert response.status_code == 404
    assert "wijken-met-stad" in response.get_json()["detail"]
    assert client.get("/queries/rapporten.pdf").status_code == 404
    assert client.get("/queries/rapporten", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/queries/rapporten?_mediatype=text/csv").mimetype == "text/csv"
    assert client.post("/queries/rapporten").status_code == 405


def test_the_form_offers_names_and_keeps_what_was_chosen(client: FlaskClient) -> None:
    page = client.get(
        "/queries/verwijzingen-naar-wijk?wijk=wijk:klarendal&lang=en", headers={"Accept": "text/html"}
    ).text
    assert '<option value="Klarendal">wijk:klarendal</option>' in page
    assert 'name="wijk" type="text" value="Klarendal"' in page
    assert '<input type="hidden" name="lang" value="en">' in page
    assert "wijk=wijk%3Aklarendal&amp;lang=nl" in page, "the language switch keeps the question"
    assert "wijk=wijk%3Aklarendal&amp;lang=en" in page, "downloads are of what was asked"


def test_answers_are_kept_where_there_is_an_end_to_them(client: FlaskClient, app: Flask) -> None:
    for url in ("/queries/rapporten.csv", "/queries/programmas-in-jaar.csv?jaar=2011"):
        tag = client.get(url).headers["ETag"]
        assert client.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_openapi_is_valid_and_has_every_question(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()
    validate(described)
    assert described["openapi"].startswith("3.1")
    assert {f"/queries/{name}" for name in NAMES} <= set(described["paths"])
    parameter = described["paths"]["/queries/programmas-in-jaar"]["get"]["parameters"][0]
    assert (parameter["name"], parameter["schema"]["default"]) == ("jaar", "2010")


def test_every_path_of_openapi_answers_as_it_says(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()
    for template, operations in described["paths"].items():
        path, said = template, operations["get"]["responses"]
        for parameter in operations["get"]["parameters"]:
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", str(parameter["example"]))
        types = list(said.get("200", {}).get("content", {}))
        if "{extension}" in template or not types:
            response = client.get(path, buffered=True)
            assert str(response.status_code) in said or response.status_code == 503, path
            assert not types or response.mimetype in types, path
            continue
        if template.endswith("/sparql"):  # what is there depends on the query
            path += "?query=" + quote("SELECT * WHERE { ?s ?p ?o } LIMIT 1")
            types = [name for name in types if "sparql-results" in name]
        needed = [p for p in operations["get"]["parameters"] if p["in"] == "query" and p.get("required")]
        path += "".join(f"?{p['name']}={p['example']}" for p in needed)
        for media_type in types:
            response = client.get(path, headers={"Accept": media_type}, buffered=True)
            assert (response.status_code, response.mimetype) == (200, media_type), path


@pytest.mark.parametrize(("format_", "start"), [("xlsx", b"PK"), ("parquet", b"PAR1")])
def test_the_command_line_writes_files(format_: str, start: bytes, run: Run, releases: Releases) -> None:
    done = run("query", "rapporten", "--format", format_, "--releases", releases.root, encoding="latin-1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.encode("latin-1").startswith(start)
