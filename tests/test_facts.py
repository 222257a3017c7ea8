"""Facts in data/ against the files that they were typed over from."""

from __future__ import annotations

import csv
import gzip
import json
import re
from functools import cache

import pytest
import rdflib
from rdflib import OWL, RDF, RDFS, SKOS

from tests.conftest import ROOT, SHARED

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the facts are not beside the project (../shared)")
ID = "https://w3id.org/wijkengids/id/"
WG = rdflib.Namespace("https://w3id.org/wijkengids/def#")
GEO = rdflib.Namespace("http://www.opengis.net/ont/geosparql#")


@cache
def data() -> rdflib.Graph:
    found = rdflib.Dataset(default_union=True)
    for path in sorted(ROOT.glob("data/**/*.t*")):
        found.parse(path)
    merged = rdflib.Graph()
    for triple in found.triples((None, None, None)):
        merged.add(triple)
    return merged


def wijken() -> list[dict]:
    path = SHARED / "feiten/acht-wijken.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


@pytest.mark.parametrize("facts", wijken(), ids=lambda facts: facts["slug"])
def test_a_wijk_is_what_the_facts_say(facts: dict) -> None:
    graph = data()
    wijk = rdflib.URIRef(ID + "wijk/" + facts["slug"])
    stad = graph.value(wijk, WG.ligtIn)
    assert str(graph.value(stad, RDFS.label)) == facts["gemeente"]
    assert str(graph.value(graph.value(stad, WG.ligtIn), RDFS.label)).removesuffix(" (provincie)") == facts["provincie"]
    gemeente = graph.value(None, WG.bestuurt, stad)
    assert rdflib.URIRef(facts["gemeente_tooi"]) in set(graph.objects(gemeente, OWL.sameAs))
    names = {str(name) for predicate in (RDFS.label, SKOS.altLabel) for name in graph.objects(wijk, predicate)}
    assert facts["seed_naam"] in names
    point = graph.value(graph.value(wijk, GEO.hasGeometry), GEO.asWKT)
    assert str(point) == f"POINT({facts['lon']} {facts['lat']})"


@cache
def cbs_rows() -> dict[tuple[str, str], dict[str, str]]:
    with gzip.open(SHARED / "cbs/gwb_2008_2015.csv.gz", "rt", encoding="utf-8") as file:
        return {(row["jaar"], row["code"]): row for row in csv.DictReader(file)}


def test_every_cbs_area_of_2008_to_2015_is_in_the_lists_under_that_name() -> None:
    graph = data()
    count = 0
    for area in graph.subjects(RDF.type, WG.CbsGebied):
        year, code = str(graph.value(area, WG.jaar)), str(graph.value(area, WG.code))
        assert str(area) == f"{ID}cbs/{year}{code}"
        if year == "2022":
            continue
        row = cbs_rows()[year, code]
        assert str(graph.value(area, WG.naam)) == row["naam"]
        parent = row["wijkcode"] or row["gemeentecode"] if row["niveau"] != "gemeente" else ""
        above = graph.value(area, WG.ligtIn)
        assert (str(above) if above else "") == (f"{ID}cbs/{year}{parent}" if parent else "")
        count += 1
    assert count > 150


def test_the_key_figures_of_2022_are_those_of_cbs() -> None:
    graph = data()
    facts = {code: row for wijk in wijken() for code, row in wijk["cbs_wijk_2022"].items()}
    found = 0
    for code, row in facts.items():
        observation = rdflib.URIRef(f"{ID}waarneming/2022{code}")
        values = [graph.value(observation, WG[name]) for name in ("inwoners", "oppervlakte", "woningen")]
        assert [float(value) for value in values] == [row["inwoners_2022"], row["opp_km2"], row["woningen"]]
        found += 1
    assert found == len(facts) > 8


def test_quotes_are_short_and_literally_on_the_page() -> None:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(ROOT / "data/gids/9.3.2.trig")
    page = " ".join((SHARED / "bron/9.3.2.txt").read_text(encoding="utf-8").split()).lower()
    quotes = [str(quote) for quote in graph.objects(None, WG.citaat)]
    assert len(quotes) >= 10
    for quote in quotes:
        assert len(quote.split()) <= 10, quote
        assert quote.lower() in page, quote


def test_no_sentence_of_the_page_is_copied() -> None:
    graph = rdflib.Dataset(default_union=True)
    graph.parse(ROOT / "data/gids/9.3.2.trig")
    words = re.findall(r"\w+", (SHARED / "bron/9.3.2.txt").read_text(encoding="utf-8").lower())
    page = " ".join(words)
    allowed = {WG.citaat, rdflib.DCTERMS.title, RDFS.label, rdflib.URIRef("https://schema.org/alternativeHeadline")}
    for _, predicate, text in graph.triples((None, None, None)):
        if isinstance(text, rdflib.Literal) and predicate not in allowed:
            own = re.findall(r"\w+", str(text).lower())
            for start in range(len(own) - 7):
                assert " ".join(own[start : start + 8]) not in page, f"copied: {' '.join(own[start : start + 8])}"
