"""From files to a valid graph: reading, messages with their place, checks, derivation."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from tests.conftest import ROOT
from wijkengids.errors import WrongUse
from wijkengids.knowledge.check import check
from wijkengids.knowledge.enrich import DERIVED, derive
from wijkengids.knowledge.findings import Finding, Severity
from wijkengids.knowledge.places import Places, read_places
from wijkengids.knowledge.sources import Project, graph_of, read_sources
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL, WG

WIJKEN = "data/referentie/wijken.ttl"


def findings(root: Path) -> list[Finding]:
    return [finding for finding in check(Project(root)).findings if finding.severity > Severity.INFO]


def change(root: Path, name: str, old: str, new: str) -> int:
    """Replace ``old`` once in a file; return the line where it stood."""
    path = root / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def line_of(root: Path, name: str, text: str) -> int:
    return (root / name).read_text(encoding="utf-8").split(text)[0].count("\n") + 1


def test_the_content_is_clean(project: Project) -> None:
    assert [finding.line() for finding in findings(project.root)] == []


def test_each_file_states_its_triples_in_its_own_graph(project: Project) -> None:
    sources = read_sources(project)
    graphs = {quad.graph_name for quad in sources.quads}
    assert graphs == {graph_of(project.name(path)) for path in project.files()} - {None}
    assert graph_of("data/gids/9.3.2.trig") == Base().graph("gids/9.3.2")
    assert graph_of("ontology/shapes.ttl") == Base().graph("ontology/shapes")


def test_no_triple_stands_in_two_files_but_two_pages_may_say_the_same(project: Project) -> None:
    pages = Base().graph("gids/").value
    quads = [quad for quad in read_sources(project).quads if not str(quad.graph_name.value).startswith(pages)]  # type: ignore[union-attr]
    assert len({quad.triple for quad in quads}) == len(quads)


SYNTAXES = {
    ".ttl": "<https://w3id.org/wijkengids/id/wijk/x> <http://www.w3.org/2000/01/rdf-schema#label> 'X'@nl .",
    ".nt": '<https://w3id.org/wijkengids/id/wijk/x> <http://www.w3.org/2000/01/rdf-schema#label> "X"@nl .',
    ".n3": "<https://w3id.org/wijkengids/id/wijk/x> <http://www.w3.org/2000/01/rdf-schema#label> 'X'@nl .",
    ".jsonld": '{"@id": "https://w3id.org/wijkengids/id/wijk/x",\n "http://www.w3.org/2000/01/rdf-schema#label":'
    ' {"@value": "X", "@language": "nl"}}',
    ".rdf": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#">\n <rdf:Description'
    ' rdf:about="https://w3id.org/wijkengids/id/wijk/x"><rdfs:label xml:lang="nl">X</rdfs:label></rdf:Description>'
    "</rdf:RDF>",
    ".trig": "<https://w3id.org/wijkengids/id/graaf/referentie/x> { <https://w3id.org/wijkengids/id/wijk/x>"
    " <http://www.w3.org/2000/01/rdf-schema#label> 'X'@nl }",
    ".nq": '<https://w3id.org/wijkengids/id/wijk/x> <http://www.w3.org/2000/01/rdf-schema#label> "X"@nl'
    " <https://w3id.org/wijkengids/id/graaf/referentie/x> .",
}


@pytest.mark.parametrize("suffix", SYNTAXES)
def test_every_rdf_syntax_is_read_with_the_place_of_its_subject(copy: Path, suffix: str) -> None:
    (copy / f"data/referentie/x{suffix}").write_text(SYNTAXES[suffix], encoding="utf-8")
    sources = read_sources(Project(copy))
    x = NamedNode("https://w3id.org/wijkengids/id/wijk/x")
    assert not sources.findings
    assert Quad(x, RDFS_LABEL, Literal("X", language="nl"), Base().graph("referentie/x")) in sources.quads
    place = sources.places.find(x.value)
    assert place is not None
    assert str(place) == f"data/referentie/x{suffix}:{2 if suffix == '.rdf' else 1}"


def test_broken_turtle_names_file_line_and_column(copy: Path) -> None:
    line = change(copy, WIJKEN, "wg:ligtIn stad:arnhem ;", "wg:ligtIn stad:arnhem ; oeps")
    [finding] = findings(copy)
    assert (finding.code, finding.place.file, finding.place.line) == ("syntax", WIJKEN, line)
    assert finding.place.column > 1
    assert "kan niet gelezen worden" in finding.text.nl


def test_a_file_that_is_not_utf8_is_named(copy: Path) -> None:
    path = copy / WIJKEN
    path.write_bytes(path.read_bytes() + "\n# café\n".encode("latin-1"))
    [finding] = findings(copy)
    assert finding.code == "encoding"
    assert finding.place.line == path.read_bytes().count(b"\n")
    assert "UTF-8" in finding.text.nl


def test_rdf_1_2_is_refused_with_its_place(copy: Path) -> None:
    (copy / "data/referentie/x.ttl").write_text("\n<http://a> <http://b> <<( <http://c> <http://d> <http://e> )>> .")
    assert [(f.code, f.place.line) for f in findings(copy)] == [("rdf12", 2)]


def test_a_wijk_without_a_stad(copy: Path) -> None:
    change(copy, WIJKEN, "    wg:ligtIn stad:arnhem ;\n", "")
    found = next(f for f in findings(copy) if f.focus == Base().resource("wijk", "presikhaaf").value)
    assert found.severity == Severity.VIOLATION
    assert found.place.line == line_of(copy, WIJKEN, "wijk:presikhaaf a wg:Wijk")
    assert "zonder stad" in found.text.nl
    assert found.text.en != found.text.nl


def test_a_report_year_with_a_letter_is_found_at_the_value(copy: Path) -> None:
    name = "data/referentie/rapporten.ttl"
    line = change(copy, name, '"2013"^^xsd:gYear', '"20l3"^^xsd:gYear')
    found = next(f for f in findings(copy) if f.value == "20l3")
    assert (found.place.file, found.place.line, found.severity) == (name, line, Severity.VIOLATION)
    assert "(gevonden: '20l3')" in found.text.nl


@pytest.mark.parametrize(
    ("old", "new", "suggestion"),
    [
        ("wg:ligtIn stad:arnhem", "wg:ligtInn stad:arnhem", "wg:ligtIn"),
        ("wijk:presikhaaf a wg:Wijk", "wijk:presikhaaf a wg:Wjik", "wg:Wijk"),
        ("dcterms:type begrip:aandachtswijk", "dcterms:tipe begrip:aandachtswijk", "dcterms:type"),
    ],
)
def test_an_unknown_term_is_named_with_the_term_that_was_meant(copy: Path, old: str, new: str, suggestion: str) -> None:
    line = change(copy, WIJKEN, old, new)
    found = [f for f in findings(copy) if f.code == "unknown-term"]
    assert [(f.place.file, f.place.line) for f in found] == [(WIJKEN, line)]
    assert f"bedoelde u {suggestion}?" in found[0].text.nl


def test_a_misspelt_shacl_term_is_no_silent_pass(copy: Path) -> None:
    change(copy, "ontology/shapes.ttl", "sh:minCount 1", "sh:mincount 1")
    assert any(f.code == "unknown-term" and "sh:minCount" in f.text.nl for f in findings(copy))


def test_a_link_to_nothing_is_a_warning_with_a_suggestion(copy: Path) -> None:
    line = change(copy, "data/gids/9.3.2.trig", "wg:voertUitIn wijk:crabbehof", "wg:voertUitIn wijk:crabbenhof")
    found = next(f for f in findings(copy) if f.code == "dead-link")
    assert (found.place.line, found.severity) == (line, Severity.WARNING)
    assert "bedoelde u wijk:crabbehof?" in found.text.nl


def test_one_iri_with_conflicting_types_names_both_places(copy: Path) -> None:
    name = "data/referentie/partijgroepen.ttl"
    path = copy / name
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n<https://w3id.org/wijkengids/id/wijk/presikhaaf> a wg:Partijgroep .\n", encoding="utf-8")
    found = next(f for f in findings(copy) if f.code == "conflicting-types")
    assert found.severity == Severity.VIOLATION
    first = f"{WIJKEN}:{line_of(copy, WIJKEN, 'wijk:presikhaaf a wg:Wijk')}"
    second = f"{name}:{text.count(chr(10)) + 2}"
    assert {first, second} == {str(found.place), found.text.nl.split(" in ")[1].split(": ")[0]}


@pytest.mark.parametrize("text", ["[] a wg:Partijgroep .", "_:x a wg:Partijgroep ."])
def test_a_thing_without_an_iri_is_refused_with_its_line(copy: Path, text: str) -> None:
    path = copy / "data/referentie/partijgroepen.ttl"
    before = path.read_text(encoding="utf-8")
    path.write_text(f"{before}\n{text}\n", encoding="utf-8")
    found = next(f for f in findings(copy) if f.code == "nameless")
    assert found.place.line == before.count("\n") + 2
    assert "partijgroep:korte-naam" in found.text.nl


def test_statements_outside_the_graph_of_the_page_are_refused(copy: Path) -> None:
    path = copy / "data/gids/9.3.2.trig"
    path.write_text(path.read_text(encoding="utf-8") + "\nwijk:poelenburg rdfs:label 'dubbel'@nl .\n", encoding="utf-8")
    assert [f.code for f in findings(copy) if f.code == "stray-graph"] == ["stray-graph"]


@pytest.mark.parametrize(
    "name", ["data/referentie/wijken (1).ttl", "data/wijken.ttl", "data/gids/kopie van 9.3.2.trig", "data/gids/w.ttl"]
)
def test_a_stray_copy_of_a_file_is_refused(copy: Path, name: str) -> None:
    (copy / name).write_bytes((copy / WIJKEN).read_bytes())
    assert [(f.place.file, f.code) for f in findings(copy)] == [(name, "misplaced")]


@pytest.mark.parametrize("text", ["", "# alleen dit\n", "<https://w3id.org/wijkengids/id/graaf/gids/9.3.2> { }"])
def test_an_emptied_page_blocks(copy: Path, text: str) -> None:
    (copy / "data/gids/9.3.2.trig").write_text(text)
    found = findings(copy)
    assert ("empty-page", Severity.VIOLATION) in {(f.code, f.severity) for f in found}


def test_a_file_that_cannot_be_read_is_named(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.read_bytes

    def read(path: Path) -> bytes:
        if path.name == "wijken.ttl":
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    assert [(f.place.file, f.code) for f in findings(copy)] == [(WIJKEN, "unreadable")]


def test_causes_come_before_what_shapes_say(copy: Path) -> None:
    change(copy, WIJKEN, "wijk:zuilen-oost a wg:Wijk", "wijk:zuilen-oost a wg:Wjik")
    found = findings(copy)
    assert len(found) > 1
    assert found[0].code == "unknown-term"


def test_an_empty_data_folder_says_what_to_do(copy: Path) -> None:
    for path in (copy / "data").rglob("*.t*"):
        path.unlink()
    with pytest.raises(WrongUse, match="niets te publiceren"):
        check(Project(copy))


def test_a_folder_that_is_no_project_says_so(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="Geen project gevonden"):
        Project.find(tmp_path)


PLACES = """@prefix a: <http://a/> .
PREFIX b: <http://b/>
@base <http://base/> .
a:s a a:T ;
  b:p "een" , "twee"@nl ,
    "drie"^^a:d ;
  b:q [ b:r a:in ] ;
  b:l ( a:one
        a:two ) .
<rel> b:p 5 .
GRAPH a:g { a:t b:p true . }
a:h { [] b:p a:x . a:u b:p a:y }
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "line"),
    [
        ("http://a/s", None, None, 4),
        ("http://a/s", RDF_TYPE.value, "http://a/T", 4),
        ("http://a/s", "http://b/p", "een", 5),
        ("http://a/s", "http://b/p", "drie", 6),
        ("http://a/s", "http://b/p", "onbekend", 5),
        ("http://a/s", "http://b/r", "http://a/in", 7),
        ("http://a/s", "http://b/l", "http://a/two", 9),
        ("http://base/rel", "http://b/p", "5", 10),
        ("http://a/t", "http://b/p", "true", 11),
        ("http://a/u", "http://b/p", "http://a/y", 12),
    ],
)
def test_places_of_statements(subject: str, predicate: str | None, value: str | None, line: int) -> None:
    places = Places()
    read_places(places, "x.trig", PLACES, ".trig", "http://base/")
    found = places.find(subject, predicate, value)
    assert found is not None
    assert found.line == line


def test_every_stated_subject_and_object_has_a_place(project: Project) -> None:
    sources = read_sources(project)
    for quad in sources.quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            key = (quad.subject.value, quad.predicate.value, quad.object.value)
            assert sources.places.all(*key), f"{quad} is not found at its place"


def some(text: str) -> list[Quad]:
    head = "@prefix wg: <https://w3id.org/wijkengids/def#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
    head += "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix : <http://x/> .\n"
    head += "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
    return list(parse(head + text, format=RdfFormat.TURTLE))


def derived(text: str) -> set[str]:
    about = DERIVED.value
    return {
        f"{q.subject.value} {q.predicate.value.rsplit('#')[-1]} {q.object.value}"  # type: ignore[union-attr]
        for q in derive(some(text))
        if q.subject != DERIVED and q.graph_name.value == about  # type: ignore[union-attr]
    }


def test_superclasses_are_typed_to_the_top() -> None:
    found = derived(":A rdfs:subClassOf :B . :B rdfs:subClassOf :C , :D . :x a :A .")
    assert found == {"http://x/x type http://x/B", "http://x/x type http://x/C", "http://x/x type http://x/D"}


def test_a_circle_of_classes_does_not_hang() -> None:
    assert derived(":A rdfs:subClassOf :B . :B rdfs:subClassOf :A . :x a :A .") == {"http://x/x type http://x/B"}


def test_the_missing_direction_of_an_inverse_is_added_either_way() -> None:
    text = "wg:p owl:inverseOf wg:q . :a wg:p :b . :c wg:q :d . :e wg:p 5 ."
    assert derived(text) == {"http://x/b q http://x/a", "http://x/d p http://x/c"}


def test_what_is_stated_is_not_derived_again() -> None:
    assert derived("wg:p owl:inverseOf wg:q . :a wg:p :b . :b wg:q :a .") == set()


def test_a_concept_gets_a_label_and_a_koppeling_its_relation() -> None:
    assert derived(":c skos:prefLabel 'C'@nl .") == {"http://x/c label C"}
    text = ":k wg:wijk :w ; wg:gebied :g ; wg:relatie wg:ligtBinnen . :half wg:wijk :w ; wg:relatie wg:omvat ."
    assert derived(text) == {"http://x/w ligtBinnen http://x/g"}


def test_deriving_twice_gives_the_same_in_the_same_order(project: Project) -> None:
    quads = read_sources(project).quads
    assert [str(q) for q in derive(quads)] == [str(q) for q in derive(reversed(quads))]


def test_the_real_content_is_enriched(project: Project) -> None:
    found = derive(read_sources(project).quads)
    poelenburg = Base().resource("wijk", "poelenburg")
    about = {(q.predicate, q.object) for q in found if q.subject == poelenburg}
    assert (WG["valtSamenMet"], Base().resource("cbs", "2012WK047912")) in about
    assert (RDF_TYPE, NamedNode("https://schema.org/Place")) in about
    assert (WG["beschrevenIn"], Base().resource("gidsartikel", "9.3.2")) in about


def test_nothing_a_harvester_keeps_is_a_blank_node() -> None:
    for path in ROOT.glob("data/**/*.t*"):
        text = path.read_text(encoding="utf-8")
        quads = parse(text, format=RdfFormat.TRIG if path.suffix == ".trig" else RdfFormat.TURTLE)
        assert all(isinstance(quad.subject, NamedNode) for quad in quads), path.name
