"""The generator of large content: valid, deterministic, of the size asked, with the hub asked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from itertools import islice
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode

from tests.conftest import ROOT
from tests.generator import generate, project, published, release
from tests.generator_parts import Size, place_name, section, stad
from wijkengids.knowledge.check import check
from wijkengids.knowledge.findings import Severity
from wijkengids.model.vocab import RDF_TYPE, WG
from wijkengids.release.folder import Releases
from wijkengids.release.store import OpenRelease


def test_what_is_generated_passes_the_check_of_the_project(tmp_path: Path) -> None:
    checked = check(project(tmp_path / "gids", 4_000, hub=60))
    assert [finding.text.en for finding in checked.at_least(Severity.VIOLATION)] == []
    kinds = Counter(quad.object for quad in checked.quads if quad.predicate == RDF_TYPE)
    for name in (
        "Wijk",
        "Stad",
        "Gidsartikel",
        "Maatregel",
        "Resultaat",
        "Inzet",
        "Rapport",
        "Waarneming",
        "Koppeling",
    ):
        assert kinds[WG[name]] > 0, name


def test_a_seed_gives_the_same_bytes_in_another_process() -> None:
    def made(seed: int, hashing: str) -> bytes:
        command = [sys.executable, "-m", "tests.generator", "--triples", "5000", "--seed", str(seed)]
        environment = os.environ | {"PYTHONHASHSEED": hashing}
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=True, timeout=60).stdout

    assert made(7, "1") == made(7, "2")
    assert made(7, "1") != made(8, "1")


@pytest.mark.parametrize(("triples", "hub", "links"), [(3_000, 20_000, 150), (20_000, 300, 300), (3_000, 0, 0)])
def test_size_and_hub_are_as_asked(triples: int, hub: int, links: int) -> None:
    quads = list(generate(triples, hub=hub))
    assert triples <= len(quads) < triples + 1_200  # a page more at most
    assert len(set(quads)) == len(quads)
    assert sum(quad.predicate == WG["over"] and quad.object == stad(0) for quad in quads) == links


def test_it_streams() -> None:
    assert len(list(islice(generate(90_000_000), 1_000))) == 1_000
    with pytest.raises(ValueError, match="Unexpected size"):
        Size.of(10**12)


def test_names_and_numbers_are_never_given_twice() -> None:
    assert len({place_name(index) for index in range(2_000)}) == 2_000
    numbers = [section(index, 6) for index in range(500)]
    assert len({number for number, _ in numbers}) == 500
    assert [number for number, _ in numbers[:9]] == ["1", "1.1", *(f"1.1.{n}" for n in range(1, 7)), "1.2"]


def test_a_release_of_it_opens_and_holds_what_follows(tmp_path: Path) -> None:
    made = release(tmp_path, 3_000, hub=20)
    opened = OpenRelease.open(Releases(tmp_path).current())
    assert opened.release.name == made.name
    feature = NamedNode("http://www.opengis.net/ont/geosparql#Feature")
    assert len(list(opened.store.quads_for_pattern(stad(0), RDF_TYPE, feature, DefaultGraph()))) == 1
    quads = list(published(3_000, hub=20))
    assert len(set(quads)) == len(quads)
    assert made.manifest.triples <= len(quads)
