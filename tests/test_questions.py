"""The questions: each answers what was typed from the page, follows a change in the data, in every engine."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import DefaultGraph, Quad, QueryResultsFormat, RdfFormat, Store, parse
from SPARQLWrapper import JSON, SPARQLWrapper

from tests.conftest import ROOT, Run
from wijkengids.documents.titles import titles
from wijkengids.errors import WrongUse
from wijkengids.knowledge.check import check
from wijkengids.knowledge.findings import Severity
from wijkengids.knowledge.questions import HeaderError, Question, read_question, read_questions
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.release.folder import Release, Releases
from wijkengids.release.store import OpenRelease
from wijkengids.web.given import OWN_PARAMETERS
from wijkengids.web.respond import PARAMETERS

FOLDER = ROOT / "tests/vragen"
NAMES = sorted(path.stem for path in ROOT.glob("queries/*.rq"))
BASE = Base()


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def shortened(found: Iterable[Iterable[str]]) -> list[list[str]]:
    """Write IRIs as the expected files do: with prefixes."""
    return [[BASE.shorten(cell) for cell in row] for row in found]


@pytest.fixture(scope="module")
def opened(release: Release) -> OpenRelease:
    return OpenRelease.open(release)


@pytest.fixture(scope="module")
def quads(release: Release) -> list[Quad]:
    return list(parse(path=str(release.folder / "dumps/wijkengids.nq"), format=RdfFormat.N_QUADS))


@pytest.fixture
def store(quads: list[Quad]) -> Store:
    """A store like that of the release, to be changed."""
    store = Store()
    store.bulk_extend(quads)
    store.bulk_extend([Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads])
    return store


def query_of(name: str) -> str:
    return (ROOT / f"queries/{name}.rq").read_text(encoding="utf-8")


def answer(store: Store, name: str) -> list[list[str]]:
    body = store.query(query_of(name)).serialize(format=QueryResultsFormat.CSV)
    return shortened(csv.reader(io.StringIO(body.decode())))


def test_there_are_twenty_seven_numbered_one_to_twenty_seven(project: Project) -> None:
    questions, findings = read_questions(project)
    assert [question.number for question in questions] == list(range(1, 28))
    assert findings == []


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_is_what_the_guide_says(name: str, opened: OpenRelease) -> None:
    assert answer(opened.store, name) == rows(FOLDER / name / "verwacht.csv")


@pytest.mark.parametrize("name", NAMES)
def test_the_answer_follows_a_change_in_the_data(name: str, store: Store) -> None:
    expected = rows(FOLDER / name / "verwacht.csv")
    for step in ("extra", "weg"):
        update = FOLDER / name / f"{step}.ru"
        if not update.exists():
            assert step == "extra", "every question is run on data where a row must disappear"
            assert len(expected) > 1, "an empty answer proves nothing without extra.ru"
            continue
        store.update(update.read_text(encoding="utf-8"))
        before, expected = expected, rows(FOLDER / name / f"{step}.csv")
        assert expected != before
        assert answer(store, name) == expected, step
    gone = [row for row in before if row not in expected]
    assert gone, "no row disappeared"


@pytest.mark.parametrize("name", NAMES)
def test_rdflib_gives_the_same_rows(name: str, release: Release) -> None:
    # the merge as the default graph, the named graphs besides, as in the store
    dataset = rdflib.Dataset(default_union=True)
    dataset.parse(release.folder / "dumps/wijkengids.nq", format="nquads")
    result = dataset.query(query_of(name))
    header = [str(variable) for variable in result.vars or []]
    body = [["" if cell is None else str(cell) for cell in row] for row in result]  # type: ignore[union-attr]
    assert shortened([header, *body]) == rows(FOLDER / name / "verwacht.csv")


@pytest.mark.parametrize("name", NAMES)
def test_the_command_line_gives_the_same_rows(name: str, run: Run, releases: Releases) -> None:
    done = run("query", name, "--format", "csv", "--releases", releases.root)
    assert done.returncode == 0, done.stderr
    assert shortened(csv.reader(io.StringIO(done.stdout))) == rows(FOLDER / name / "verwacht.csv")


@pytest.mark.parametrize("name", NAMES)
def test_sparqlwrapper_gets_the_same_rows_over_http(name: str, server: str) -> None:
    wrapper = SPARQLWrapper(f"{server}/sparql")
    wrapper.setReturnFormat(JSON)
    wrapper.setQuery(query_of(name))
    found = wrapper.queryAndConvert()
    header = found["head"]["vars"]
    body = [[row[name]["value"] if name in row else "" for name in header] for row in found["results"]["bindings"]]
    assert shortened([header, *body]) == rows(FOLDER / name / "verwacht.csv")


QUESTION = """#+ nummer = 99
#+ titel.nl = "T"
#+ titel.en = "T"
#+ omschrijving.nl = "O"
#+ omschrijving.en = "O"
#+ [parameters.jaar]
#+ soort = "jaar"
#+ label.nl = "Jaar"
#+ label.en = "Year"
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?jaar WHERE { VALUES ?jaar { "2010"^^xsd:gYear } # VALUES ?jaar { 1 }
}
"""


def with_kind(kind: str, default: str) -> Question:
    text = QUESTION.replace('soort = "jaar"', f'soort = "{kind}"').replace('"2010"^^xsd:gYear', default)
    return read_question("x", text)


def test_the_default_is_read_from_the_query() -> None:
    [parameter] = read_question("x", QUESTION).parameters
    assert (parameter.name, parameter.default, parameter.label.en) == ("jaar", "2010", "Year")


@pytest.mark.parametrize(
    ("kind", "default", "value", "written"),
    [
        ("jaar", '"2010"^^xsd:gYear', "2012", '"2012"^^<http://www.w3.org/2001/XMLSchema#gYear>'),
        ("iri", "wijk:a", "wijk:poelenburg", "<https://w3id.org/wijkengids/id/wijk/poelenburg>"),
        ("iri", "<http://a/b>", "http://x/y", "<http://x/y>"),
        ("tekst", '"a"', '") } # hier \\ "', '"\\") } # hier \\\\ \\""'),
        ("taal", '"nl"', "en", '"en"'),
        ("getal", "1", "12", '"12"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("getal", "1", "-1.5", '"-1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>'),
    ],
)
def test_a_value_is_bound_as_a_term(kind: str, default: str, value: str, written: str) -> None:
    bound = with_kind(kind, default).bind({"jaar": value}, BASE)
    assert f"VALUES ?jaar {{ {written} }} # VALUES ?jaar {{ 1 }}" in bound
    Store().query(bound)


@pytest.mark.parametrize(
    ("kind", "default", "value"),
    [
        ("jaar", "1", "20l3"),
        ("jaar", "1", '2010" } DROP'),
        ("iri", "wijk:a", "geen iri"),
        ("iri", "wijk:a", "http://a> } #"),
        ("taal", '"nl"', 'nl" }'),
        ("getal", "1", "1e999 }"),
    ],
)
def test_a_bad_value_is_refused_by_name(kind: str, default: str, value: str) -> None:
    with pytest.raises(WrongUse, match="Parameter 'jaar'"):
        with_kind(kind, default).bind({"jaar": value}, BASE)


def test_an_unknown_parameter_names_those_that_exist() -> None:
    with pytest.raises(WrongUse, match="wel: jaar"):
        read_question("x", QUESTION).bind({"jar": "2010"}, BASE)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('titel.en = "T"', "", "titel"),
        ("nummer = 99", 'nummer = "99"', "nummer"),
        ('soort = "jaar"', 'soort = "datum"', "soort"),
        ('VALUES ?jaar { "2010"^^xsd:gYear }', "?jaar ?p ?o", "standaardwaarde"),
        ("#+ nummer = 99", "#+ nummer = = 9", "TOML"),
        ("#+ [parameters.jaar]", '#+ kolommen = "x"\n#+ [parameters.jaar]', "'kolommen' in de kop"),
        ("#+ [parameters.jaar]", '#+ kolommen.jaar.nl = "x"\n#+ [parameters.jaar]', r"'jaar\.nl' of 'jaar\.en'"),
        ("#+ [parameters.jaar]", '#+ kolommen.jar.nl = "x"\n#+ [parameters.jaar]', r"geen \?jar"),
    ],
)
def test_a_wrong_header_is_told(old: str, new: str, said: str) -> None:
    with pytest.raises(HeaderError, match=said):
        read_question("x", QUESTION.replace(old, new))


@pytest.mark.parametrize("name", sorted(PARAMETERS | OWN_PARAMETERS | {"_iets"}))
def test_a_parameter_may_not_be_called_as_one_of_every_url(name: str, copy: Path) -> None:
    text = QUESTION.replace("parameters.jaar", f"parameters.{name}").replace("?jaar", f"?{name}")
    (copy / "queries/botst.rq").write_text(text)
    [found] = [f for f in check(Project(copy)).findings if f.place.file == "queries/botst.rq"]
    assert (found.severity, found.place.line) == (Severity.VIOLATION, 6)
    assert f"parameter '{name}' kan zo niet heten" in found.text.nl


@pytest.mark.parametrize("name", NAMES)
def test_every_column_has_a_title_in_both_languages(name: str, opened: OpenRelease) -> None:
    header = rows(FOLDER / name / "verwacht.csv")[0]
    found = titles(opened, opened.questions[name], header)
    assert [column for column in header if not all(found.get(column, {}).get(code) for code in ("nl", "en"))] == []


def test_check_names_the_line_of_a_wrong_question(copy: Path) -> None:
    (copy / "queries/fout.rq").write_text(QUESTION.replace("SELECT ?jaar WHERE {", "SELECT ?jaar WHERE ("))
    (copy / "queries/term.rq").write_text(
        QUESTION.replace("}\n", "?x a wg:Wjik }\n").replace(
            "PREFIX", "PREFIX wg: <https://w3id.org/wijkengids/def#> PREFIX"
        )
    )
    found = {(f.place.file, f.place.line, f.code) for f in check(Project(copy)).findings if f.severity > 1}
    assert ("queries/fout.rq", 11, "question-syntax") in found
    assert ("queries/term.rq", 12, "unknown-term") in found
