"""The ontology, the concept lists and the shapes: complete, bilingual, and each shape shown at work by examples."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pyshacl
import pytest
import rdflib
from pyoxigraph import Quad, RdfFormat, parse
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, URIRef

from tests.conftest import ROOT, SHARED
from wijkengids.knowledge.places import Places, read_places
from wijkengids.knowledge.shacl import targeted, validate_quads

WG = rdflib.Namespace("https://w3id.org/wijkengids/def#")
EXAMPLES = ROOT / "tests/voorbeelden"


@cache
def graph(*names: str) -> rdflib.Graph:
    found = rdflib.Graph()
    for name in names:
        found.parse(ROOT / "ontology" / f"{name}.ttl")
    return found


def terms() -> list[URIRef]:
    ontology = graph("wijkengids")
    return sorted(node for node in set(ontology.subjects()) if str(node).startswith(str(WG)))


def languages(found: rdflib.Graph, node: rdflib.term.Node, predicate: URIRef) -> list[str]:
    return sorted(str(getattr(text, "language", "")) for text in found.objects(node, predicate))


@pytest.mark.parametrize("term", terms(), ids=lambda term: term.removeprefix(str(WG)))
def test_each_term_has_label_and_definition_in_two_languages_and_no_version_of_its_own(term: URIRef) -> None:
    ontology = graph("wijkengids")
    assert languages(ontology, term, RDFS.label) == ["en", "nl"]
    assert languages(ontology, term, SKOS.definition) == ["en", "nl"]
    assert (term, RDFS.isDefinedBy, URIRef("https://w3id.org/wijkengids/def")) in ontology
    assert (term, OWL.versionInfo, None) not in ontology
    name = term.removeprefix(str(WG))
    assert re.fullmatch(r"[A-Za-z]+", name), "local names are Dutch ASCII"
    is_class = (term, RDF.type, OWL.Class) in ontology
    assert name[0].isupper() == is_class


# The knowledge model, typed over: class to superclasses, property to superproperties
CLASSES = {
    "Wijk": "geo:Feature schema:Place",
    "Stad": "geo:Feature schema:AdministrativeArea",
    "CbsGebied": "geo:Feature",
    "Partner": "prov:Agent",
    "Organisatie": "wg:Partner org:Organization",
    "Partijgroep": "wg:Partner foaf:Group",
    "Samenwerkingsverband": "wg:Partner org:OrganizationalCollaboration",
    "Programma": "prov:Activity",
    "Wijkaanpak": "prov:Activity",
    "Maatregel": "prov:Activity",
    "Doel": "prov:Entity",
    "Bevinding": "prov:Entity",
    "Resultaat": "wg:Bevinding",
    "Behoefte": "wg:Bevinding",
    "Verbeterpunt": "wg:Bevinding",
    "Knelpunt": "wg:Bevinding",
    "Aanbeveling": "wg:Bevinding",
    "Rapport": "schema:Report prov:Entity",
    "Gidsartikel": "schema:Article prov:Entity",
    "Gids": "schema:CreativeWork prov:Entity",
    "Rol": "prov:Role skos:Concept",
    "Periode": "dcterms:PeriodOfTime",
}
PROPERTIES = {
    "ligtIn": "schema:containedInPlace geo:sfWithin",
    "bestuurt": "",
    "onderdeelVan": "dcterms:isPartOf",
    "voertUitIn": "prov:atLocation",
    "periode": "dcterms:temporal",
    "heeftDoel": "",
    "maatregelsoort": "dcterms:type",
    "genomenIn": "dcterms:isPartOf",
    "voorzietIn": "",
    "over": "dcterms:subject",
    "vanPartij": "",
    "gerichtAan": "schema:audience",
    "blijktUit": "prov:hadPrimarySource",
    "vatSamen": "prov:wasDerivedFrom",
    "beschrijft": "dcterms:subject",
    "citaat": "",
    "sectienummer": "schema:position",
}
PREFIXES = {
    "wg": str(WG),
    "geo": "http://www.opengis.net/ont/geosparql#",
    "schema": "https://schema.org/",
    "prov": "http://www.w3.org/ns/prov#",
    "org": "http://www.w3.org/ns/org#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "skos": str(SKOS),
    "dcterms": "http://purl.org/dc/terms/",
}


@pytest.mark.parametrize(("name", "supers"), [*CLASSES.items(), *PROPERTIES.items()])
def test_each_term_of_the_knowledge_model_is_there_and_aligned(name: str, supers: str) -> None:
    ontology = graph("wijkengids")
    relation = RDFS.subClassOf if name in CLASSES else RDFS.subPropertyOf
    expected = {URIRef(PREFIXES[prefix] + local) for prefix, local in (item.split(":") for item in supers.split())}
    assert (WG[name], RDF.type, None) in ontology
    assert expected <= set(ontology.objects(WG[name], relation))


def test_no_domain_and_no_range() -> None:
    ontology = graph("wijkengids")
    assert not list(ontology.subjects(RDFS.domain)) + list(ontology.subjects(RDFS.range))


def test_the_version_is_said_once_for_the_whole() -> None:
    ontology = graph("wijkengids")
    [version] = ontology.objects(None, OWL.versionInfo)
    assert re.fullmatch(r"\d+\.\d+\.\d+", str(version))
    assert list(ontology.objects(None, OWL.versionIRI)) == [URIRef(f"https://w3id.org/wijkengids/def/{version}")]


def test_every_concept_has_names_and_definitions_in_two_languages_and_a_list() -> None:
    lists = graph("begrippen")
    concepts = list(lists.subjects(RDF.type, SKOS.Concept))
    assert len(concepts) >= 20
    for concept in concepts:
        assert languages(lists, concept, SKOS.prefLabel) == ["en", "nl"], concept
        assert languages(lists, concept, SKOS.definition) == ["en", "nl"], concept
        assert (concept, SKOS.inScheme, None) in lists, concept


def shape_names(kind: URIRef) -> list[str]:
    shapes = graph("shapes")
    return sorted(str(node).rsplit("#", 1)[1] for node in shapes.subjects(RDF.type, kind) if isinstance(node, URIRef))


def test_every_property_shape_speaks_two_languages() -> None:
    shapes = graph("shapes")
    for name in shape_names(SH.PropertyShape):
        node = URIRef(f"https://w3id.org/wijkengids/shapes#{name}")
        for predicate in (SH.name, SH.description, SH.message):
            assert languages(shapes, node, predicate) == ["en", "nl"], f"{name} {predicate}"
        assert (node, SH.severity, None) in shapes, name
        assert (node, SH.order, None) in shapes, name


def test_every_shacl_term_used_exists() -> None:
    shapes = graph("shapes")
    used = {term for triple in shapes for term in triple if str(term).startswith(str(SH))}
    assert [term for term in used if URIRef(term) not in SH] == []


def test_the_shapes_are_shapes() -> None:
    nothing = rdflib.Graph()
    conforms, _, text = pyshacl.validate(nothing, shacl_graph=graph("shapes"), meta_shacl=True, do_owl_imports=False)
    assert conforms, text


def results(path: Path) -> list[dict[str, str]]:
    data = rdflib.Graph().parse(path)
    data += graph("wijkengids", "begrippen", "hergebruik")
    _, report, _ = pyshacl.validate(data, shacl_graph=graph("shapes"), inference="none", do_owl_imports=False)
    return [
        {
            "focus": str(report.value(result, SH.focusNode)),
            "pad": str(found) if isinstance(found := report.value(result, SH.resultPath), URIRef) else "-",
            "component": str(report.value(result, SH.sourceConstraintComponent)).replace(str(SH), "sh:"),
            "ernst": str(report.value(result, SH.resultSeverity)).replace(str(SH), "sh:"),
        }
        for result in report.objects(None, SH.result)
    ]


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("geldig/*.ttl")), ids=lambda path: path.stem)
def test_a_valid_example_gives_no_result(path: Path) -> None:
    assert results(path) == []


@cache
def quads_of(*names: str) -> tuple[Quad, ...]:
    return tuple(
        Quad(q.subject, q.predicate, q.object)
        for name in names
        for q in parse(path=str(ROOT / f"ontology/{name}.ttl"), format=RdfFormat.TURTLE, rename_blank_nodes=True)
    )


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("ongeldig/*.ttl")), ids=lambda path: path.stem)
def test_an_invalid_example_is_reported_with_file_line_and_in_two_languages(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    said = dict(re.findall(r"^#verwacht (\w+) (\S+)$", text, re.MULTILINE))
    places = Places()
    read_places(places, path.name, text, ".ttl", "http://voorbeeld/")
    own = tuple(parse(text, format=RdfFormat.TURTLE, rename_blank_nodes=True))
    content = own + quads_of("wijkengids", "begrippen", "hergebruik")
    [finding] = validate_quads(content, quads_of("shapes"), places)
    assert {
        "focus": f"<{finding.focus}>",
        "pad": f"<{finding.path}>" if finding.path else "-",
        "component": f"sh:{finding.code}",
        "ernst": f"sh:{finding.severity.name.capitalize()}",
    } == said
    assert finding.place.file == path.name
    assert finding.place.line > 4, "the line of the statement, not the head of the file"
    assert finding.text.nl
    assert finding.text.en
    assert finding.text.nl != finding.text.en


def test_targeting_shapes_directly_changes_no_result() -> None:
    data = rdflib.Graph()
    data += graph("wijkengids", "begrippen", "hergebruik")
    for path in sorted(EXAMPLES.glob("ongeldig/*.ttl"))[::4]:
        data.parse(path)

    def found(shapes: rdflib.Graph) -> set[tuple[str, ...]]:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", do_owl_imports=False)
        keys = (SH.focusNode, SH.resultPath, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
        return {
            tuple(str(report.value(r, key)) for key in keys if not isinstance(report.value(r, key), BNode))
            for r in report.objects(None, SH.result)
        }

    plain = rdflib.Graph().parse(ROOT / "ontology/shapes.ttl")
    direct = targeted(rdflib.Graph().parse(ROOT / "ontology/shapes.ttl"))
    assert len(list(plain.triples((None, SH.property, None)))) > 2 * len(
        list(direct.triples((None, SH.property, None)))
    )
    assert len(found(plain)) > 50
    assert found(plain) == found(direct)


def test_every_shape_has_its_examples() -> None:
    invalid = {path.stem.split("--")[0] for path in EXAMPLES.glob("ongeldig/*.ttl")}
    invalid |= {re.sub(r"-\d$", "", name) for name in invalid}
    valid = {path.stem for path in EXAMPLES.glob("geldig/*.ttl")}
    assert [name for name in shape_names(SH.PropertyShape) if name not in invalid] == []
    assert [name for name in shape_names(SH.NodeShape) if name not in valid] == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="the official NL-SBB shapes are not beside the project (../shared)")
def test_the_concept_lists_conform_to_nl_sbb() -> None:
    official = rdflib.Graph().parse(SHARED / "shapes/nl-sbb/skos-ap-nl.ttl")
    data = graph("begrippen")
    _, report, text = pyshacl.validate(data, shacl_graph=official, do_owl_imports=False)
    # severities are counted here: pySHACL's verdict follows the node shape's, not the property shape's
    violations = [
        result for result in report.objects(None, SH.result) if (result, SH.resultSeverity, SH.Violation) in report
    ]
    assert violations == [], text


def test_lists_of_disjoint_classes_name_known_classes() -> None:
    ontology = graph("wijkengids")
    members = {
        member
        for head in ontology.objects(None, OWL.members)
        for member in rdflib.collection.Collection(ontology, head)
        if not isinstance(member, BNode)
    }
    assert members
    assert all((member, RDF.type, OWL.Class) in ontology for member in members)
