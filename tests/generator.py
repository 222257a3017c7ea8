"""The one generator of large content: a guide of any size, in the guide's own model, the same bytes for the same seed.

    python -m tests.generator --triples 1000000 > guide.nq          # quads, streamed in constant memory
    python -m tests.generator --triples 5000 --project FOLDER       # a project to check, build and serve
    python -m tests.generator --triples 1000000 --releases FOLDER   # a frozen release, without the SHACL run

Few cities have many wijken and many have few; some pages say a lot and most a little; the first city is a hub, about
which ``hub`` findings are. What follows by inference is added for a release, as a build does.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from random import Random

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize

from tests.generator_pages import page
from tests.generator_parts import (
    BASE,
    DATASET,
    EDITORS,
    GROUPS,
    GUIDE,
    LIST,
    PROVINCES,
    SF_POINT,
    WKT,
    YEAR,
    Batch,
    Size,
    Words,
    cbs_area,
    place_name,
    skewed,
    stad,
    stad_of,
    wijk,
)  # fmt: skip
from wijkengids.knowledge.check import Checked
from wijkengids.knowledge.enrich import derive
from wijkengids.knowledge.questions import read_questions
from wijkengids.knowledge.sources import Project
from wijkengids.model.vocab import DCTERMS, GEO, OWL, RDFS, SKOS, WG
from wijkengids.release.build import freeze
from wijkengids.release.canonical import canonical
from wijkengids.release.folder import Release, Releases

ROOT = Path(__file__).parent.parent
HUB = 20_000
"""Findings about the first city, as long as there are twenty triples for each of them."""
_CHUNK = 100
"""Things of a reference graph that are made at a time."""


def generate(triples: int, seed: int = 7, hub: int = HUB) -> Iterator[Quad]:
    """Yield at least ``triples`` quads of content (at most a page more), as an editor would state them."""
    return chain.from_iterable(_batches(triples, seed, hub, Words(ROOT / "ontology")))


def published(triples: int, seed: int = 7, hub: int = HUB) -> Iterator[Quad]:
    """Yield what a release of the same content holds: the real ontology, the content, and what follows from both."""
    words = Words(ROOT / "ontology")
    axioms = [quad for quad in words.quads if quad.predicate in (RDFS["subClassOf"], OWL["inverseOf"])]
    yield from words.quads
    seen = dict.fromkeys(derive(words.quads))
    yield from seen
    for batch in _batches(triples, seed, hub, words):
        yield from batch
        yield from (quad for quad in derive([*axioms, *batch]) if quad not in seen)


def release(folder: Path, triples: int, seed: int = 7, hub: int = HUB) -> Release:
    """Freeze a release of generated content in a folder of releases and make it the current one."""
    releases = Releases(folder)
    questions, _ = read_questions(Project(ROOT))
    with releases.writing():
        with releases.new_folder() as place:
            quads = canonical(published(triples, seed, hub))
            made = freeze(place, quads, Checked((), tuple(questions), ()), BASE, lambda step: None)
            done = releases.complete(place, made.digest)
        releases.switch(done.name)
    return done


def project(folder: Path, triples: int, seed: int = 7, hub: int = HUB) -> Project:
    """Write a project with the real ontology and generated content, one file for each named graph."""
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    for batch in _batches(triples, seed, hub, Words(ROOT / "ontology")):
        graph = batch[0].graph_name
        assert isinstance(graph, NamedNode)
        path = folder / "data" / f"{graph.value.partition('/graaf/')[2]}.nt"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as file:
            serialize((quad.triple for quad in batch), file, format=RdfFormat.N_TRIPLES)
    return Project(folder)


def _batches(triples: int, seed: int, hub: int, words: Words) -> Iterator[list[Quad]]:
    """Yield the quads in pieces that each lie in one graph and can be enriched on their own."""
    size, rng, made = Size.of(triples), Random(seed), 0
    for batch in chain(_shared(size), _places(size, seed, rng)):
        made += len(batch.quads)
        yield batch.quads
    links = min(hub, triples // 20)
    for index in count():
        if made >= triples and not links:
            return
        batch, used = page(index, links, size, rng, words)
        links -= used
        made += len(batch.quads)
        yield batch.quads


def _shared(size: Size) -> Iterator[Batch]:
    """Yield the guide, sources, organisations, groups, provinces and reports."""
    batch = Batch("referentie/gids")
    batch.head("de gids", "the guide")
    batch.thing(
        GUIDE,
        WG["Gids"],
        "Wijkengids",
        "Neighbourhood guide",
        (DCTERMS["title"], Literal("Wijkengids", language="nl")),
        (DCTERMS["publisher"], EDITORS),
    )
    yield batch
    batch = Batch("referentie/bronnen")
    batch.head("bronnen", "sources")
    batch.thing(DATASET, WG["Bron"], "Verzonnen kerncijfers", "Invented key figures")
    batch.thing(LIST, WG["Bron"], "Verzonnen lijst van aandachtswijken", "Invented list of priority neighbourhoods")
    yield batch
    batch = Batch("referentie/partners")
    batch.head("partners", "partners")
    batch.thing(EDITORS, WG["Organisatie"], "Redactie van de verzonnen gids", "Editors of the invented guide")
    for slug, nl, en in GROUPS:
        batch.thing(BASE.resource("partijgroep", slug), WG["Partijgroep"], nl, en)
    for name in PROVINCES:
        batch.thing(BASE.resource("provincie", name.lower()), WG["Provincie"], name, None)
    yield batch
    batch = Batch("referentie/rapporten")
    batch.head("rapporten", "reports")
    for index in range(size.rapporten):
        title = f"Wonen en werken in {place_name(index)}"
        batch.thing(
            BASE.resource("rapport", f"rapport-{index}"), WG["Rapport"], title, None,
            (DCTERMS["title"], Literal(title, language="nl")), (DCTERMS["publisher"], EDITORS),
            (DCTERMS["issued"], Literal(str(1995 + index % 28), datatype=YEAR)),
        )  # fmt: skip
        if len(batch.quads) > 10 * _CHUNK:
            yield batch
            batch = Batch("referentie/rapporten")
    yield batch


def _places(size: Size, seed: int, rng: Random) -> Iterator[Batch]:
    """Yield the cities, each with its municipality, and the wijken, each with a point and a CBS area."""
    batch = Batch("referentie/steden")
    batch.head("steden", "cities")
    for index in range(size.steden):
        name, here = f"Stad {place_name(index)}", stad(index)
        province = BASE.resource("provincie", PROVINCES[skewed(rng, len(PROVINCES), 2)].lower())
        batch.thing(here, WG["Stad"], name, None, (WG["ligtIn"], province))
        cbs_area(batch, f"GM{index:04}", name, "gemeente", None, rng)
        batch.thing(
            BASE.resource("organisatie", f"gemeente-{index}"), WG["Organisatie"], f"Gemeente {name}", None,
            (WG["soortPartner"], BASE.resource("begrip", "partnersoort-gemeente")), (WG["bestuurt"], here),
        )  # fmt: skip
        if index % _CHUNK == _CHUNK - 1:
            yield batch
            batch = Batch("referentie/steden")
    yield batch
    batch = Batch("referentie/wijken")
    batch.head("wijken", "neighbourhoods")
    for index in range(size.wijken):
        _wijk(batch, index, stad_of(index, seed, size), rng)
        if index % _CHUNK == _CHUNK - 1:
            yield batch
            batch = Batch("referentie/wijken")
    yield batch


def _wijk(batch: Batch, index: int, city: int, rng: Random) -> None:
    name, here = place_name(index), wijk(index)
    slug = here.value.rpartition("/")[2]
    point = BASE.resource("geometrie", slug)
    batch.thing(
        here, WG["Wijk"], name, None, (DCTERMS["type"], BASE.resource("begrip", "aandachtswijk")),
        (DCTERMS["source"], LIST), (WG["ligtIn"], stad(city)), (GEO["hasGeometry"], point),
        *([(SKOS["altLabel"], Literal(f"de {name}", language="nl"))] if rng.random() < 0.2 else []),
    )  # fmt: skip
    spot = f"POINT({4 + 3 * rng.random():.5f} {51 + 2 * rng.random():.5f})"
    batch.thing(
        point, SF_POINT, f"Punt in {name}", f"Point in {name}", (GEO["asWKT"], Literal(spot, datatype=WKT)),
        (DCTERMS["source"], DATASET),
    )  # fmt: skip
    code = f"WK{index:06}"
    area = cbs_area(batch, code, name, "wijk", BASE.resource("cbs", f"2022GM{city:04}"), rng)
    batch.thing(
        BASE.resource("koppeling", f"{slug}-2022{code}"), WG["Koppeling"], f"{name} valt samen met {code}", None,
        (WG["wijk"], here), (WG["gebied"], area), (WG["relatie"], WG["valtSamenMet"]),
        (WG["jaar"], Literal("2022", datatype=YEAR)), (DCTERMS["source"], DATASET),
    )  # fmt: skip


def main(arguments: Iterable[str] | None = None) -> None:
    """Write quads to standard output, or a project or a release into a folder."""
    parser = argparse.ArgumentParser(description="Make a guide of any size.")
    parser.add_argument("--triples", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--hub", type=int, default=HUB)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--project", type=Path)
    where.add_argument("--releases", type=Path)
    given = parser.parse_args(list(arguments) if arguments is not None else None)
    what = (given.triples, given.seed, given.hub)
    if given.project:
        sys.stdout.write(f"{project(given.project, *what).root}\n")
    elif given.releases:
        sys.stdout.write(f"{release(given.releases, *what).folder}\n")
    else:
        serialize(generate(*what), sys.stdout.buffer, format=RdfFormat.N_QUADS)


if __name__ == "__main__":
    main()
