"""What the generator says of each kind of thing.

A name, a city, a code is a function of seed and index: nothing is kept. The words are the guide's, the
facts are nobody's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from wijkengids.model.iris import Base
from wijkengids.model.vocab import DCTERMS, GEO, PROV, RDF_TYPE, RDFS_LABEL, SKOS, WG, XSD

SCHEMA = "https://schema.org/"
SF_POINT = NamedNode("http://www.opengis.net/ont/sf#Point")
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
WKT, YEAR = GEO["wktLiteral"], XSD["gYear"]
BASE = Base()
EDITORS = BASE.resource("organisatie", "redactie-wijkengids")
DATASET, LIST = BASE.resource("bron", "cbs-kerncijfers-2022"), BASE.resource("bron", "aandachtswijkenlijst-2007")
GUIDE = BASE.resource("gids", "wijkengids")
PROVINCES = ("Drenthe", "Flevoland", "Gelderland", "Limburg", "Utrecht", "Zeeland")
_HEADS = (
    "Ooster",
    "Wester",
    "Noorder",
    "Zuider",
    "Molen",
    "Kerk",
    "Linden",
    "Haven",
    "Konings",
    "Vogel",
    "Water",
    "Hof",
)
_TAILS = (
    "park",
    "wijk",
    "veld",
    "hoek",
    "kwartier",
    "dreef",
    "oord",
    "land",
    "brink",
    "gaarde",
    "zicht",
    "poort",
    "dam",
)
GROUPS = (
    ("bewoners", "Bewoners", "Residents"),
    ("ondernemers", "Ondernemers", "Entrepreneurs"),
    ("corporaties", "Corporaties", "Housing associations"),
    ("gemeenten", "Gemeenten", "Municipalities"),
    ("scholen", "Scholen", "Schools"),
    ("wijkteams", "Wijkteams", "Neighbourhood teams"),
    ("jongeren", "Jongeren", "Young people"),
    ("huurders", "Huurders", "Tenants"),
)
_VERBS = (
    ("werken samen aan", "work together on"),
    ("vragen aandacht voor", "ask attention for"),
    ("maken plannen voor", "make plans for"),
    ("leren van", "learn from"),
    ("zien te weinig van", "see too little of"),
    ("betalen mee aan", "help to pay for"),
)
_REMARKS = (
    (
        "Het begon klein en is daarna in andere straten herhaald",
        "It began small and was then repeated in other streets",
    ),
    ("Zonder vaste mensen ter plaatse bleef het bij overleg", "Without steady people on the spot it remained talk"),
    ("Na twee jaar was niet te zien wat ervan overbleef", "After two years it could not be seen what was left of it"),
    ("De buren merkten het eerder dan de cijfers", "The neighbours noticed it sooner than the figures did"),
    ("Geld was er genoeg, tijd om te luisteren minder", "There was money enough, and less time to listen"),
)
FINDINGS = ("resultaat", "aanbeveling", "knelpunt", "constatering", "vraag", "voorwaarde", "behoefte", "verbeterpunt")

Pair = tuple[NamedNode, NamedNode | Literal]


class Words:
    """The concepts that generated things choose from, read from the real ontology."""

    def __init__(self, ontology: Path) -> None:
        self.quads: list[Quad] = []
        for path in sorted(ontology.glob("*.ttl")):
            graph = BASE.graph(f"ontology/{path.stem}")
            read = parse(path=str(path), format=RdfFormat.TURTLE, base_iri=graph.value, rename_blank_nodes=False)
            self.quads += [Quad(q.subject, q.predicate, q.object, graph) for q in read]
        store = Store()
        store.bulk_extend(self.quads)
        self.names: dict[NamedNode, tuple[str, str]] = {}
        self.themes = self._of(store, SKOS["topConceptOf"], BASE.resource("schema", "themas"))
        self.measures = self._of(store, SKOS["topConceptOf"], BASE.resource("schema", "maatregelsoorten"))
        self.kinds = self._of(store, SKOS["topConceptOf"], BASE.resource("schema", "constateringsoorten"))
        self.roles = self._of(store, RDF_TYPE, WG["Rol"])

    def _of(self, store: Store, predicate: NamedNode, thing: NamedNode) -> list[NamedNode]:
        found = {q.subject for q in store.quads_for_pattern(None, predicate, thing, None)}
        concepts = sorted((node for node in found if isinstance(node, NamedNode)), key=lambda node: node.value)
        for concept in concepts:
            found_labels = (q.object for q in store.quads_for_pattern(concept, SKOS["prefLabel"], None, None))
            labels = {label.language: label.value for label in found_labels if isinstance(label, Literal)}
            self.names[concept] = labels["nl"], labels["en"]
        return concepts


class Batch:
    """Quads of one named graph."""

    def __init__(self, ref: str) -> None:
        self.graph = BASE.graph(ref)
        self.quads: list[Quad] = []

    def thing(self, iri: NamedNode, kind: NamedNode, nl: str, en: str | None, *pairs: Pair) -> None:
        """Add a thing with its class, its label in Dutch (and English), and what else is said of it."""
        said: list[Pair] = [(RDF_TYPE, kind), *both(RDFS_LABEL, nl, en), *pairs]
        self.quads += [Quad(iri, predicate, value, self.graph) for predicate, value in said]

    def head(self, nl: str, en: str, *pairs: Pair) -> None:
        """Say what the graph itself is."""
        rights: list[Pair] = [(DCTERMS["license"], LICENCE), (PROV["wasAttributedTo"], EDITORS)]
        self.thing(self.graph, PROV["Bundle"], f"Graaf: {nl}", f"Graph: {en}", *rights, *pairs)


@dataclass(frozen=True)
class Size:
    """How many things of each kind a size in triples gets; what is left goes to pages."""

    wijken: int
    steden: int
    rapporten: int
    width: int

    @classmethod
    def of(cls, triples: int) -> Size:
        """Return the numbers for about so many triples; ValueError where section numbers would run out."""
        wijken = max(2, triples // 250)
        width = next((w for w in range(6, 100) if 99 * (1 + w * (w + 1)) * 100 > triples), None)
        if width is None or wijken > 999_999:
            raise ValueError(f"Unexpected size {triples}: a guide has at most 99 chapters of 99 sections of 99")
        return cls(wijken, max(1, min(wijken // 12, 9_999)), max(1, triples // 1_500), width)


def both(predicate: NamedNode, nl: str, en: str | None) -> list[Pair]:
    """Return a text in Dutch, and in English where there is one."""
    texts: list[Pair] = [(predicate, Literal(nl, language="nl"))]
    return texts if en is None else [*texts, (predicate, Literal(en, language="en"))]


def skewed(rng: Random, among: int, steep: int = 3) -> int:
    """Return an index below ``among``: the first ones often, the last ones seldom."""
    return int(among * rng.random() ** steep)


def place_name(index: int) -> str:
    """Return the name of a place: the same index gives the same name, no two share one."""
    round_, rest = divmod(index, len(_HEADS) * len(_TAILS))
    name = _HEADS[rest % len(_HEADS)] + _TAILS[rest // len(_HEADS)]
    return f"{name} {round_ + 1}" if round_ else name


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def wijk(index: int) -> NamedNode:
    """Return the IRI of a wijk."""
    return BASE.resource("wijk", _slug(place_name(index)))


def stad(index: int) -> NamedNode:
    """Return the IRI of a city; 0 is the largest."""
    return BASE.resource("stad", f"stad-{_slug(place_name(index))}")


def stad_of(index: int, seed: int, size: Size) -> int:
    """Return the city of a wijk: few cities have many, many have few."""
    share = ((index + 1) * 2_654_435_761 + seed) % 2**32 / 2**32
    return int(size.steden * share**3)


def section(index: int, width: int) -> tuple[str, NamedNode]:
    """Return the section number of a page, depth first, and what it is a part of."""
    chapter, rest = divmod(index, 1 + width * (width + 1))
    numbers = [chapter + 1]
    if rest:
        second, third = divmod(rest - 1, width + 1)
        numbers += [second + 1, third] if third else [second + 1]
    parent = ".".join(map(str, numbers[:-1]))
    return ".".join(map(str, numbers)), BASE.resource("gidsartikel", parent) if parent else GUIDE


def cbs_area(batch: Batch, code: str, name: str, level: str, within: NamedNode | None, rng: Random) -> NamedNode:
    """Add a CBS area of 2022 with its key figures; return its IRI."""
    area = BASE.resource("cbs", f"2022{code}")
    inside: list[Pair] = [] if within is None else [(WG["ligtIn"], within)]
    year = (WG["jaar"], Literal("2022", datatype=YEAR))
    level_iri = BASE.resource("begrip", f"cbs-{level}")
    batch.thing(
        area, WG["CbsGebied"], f"{name} (CBS-{level}, 2022)", None, (WG["code"], Literal(code)), year,
        (WG["naam"], Literal(name)), (WG["niveau"], level_iri), *inside, (DCTERMS["source"], DATASET),
    )  # fmt: skip
    people = 400 + int(20_000 * rng.random() ** 2)
    batch.thing(
        BASE.resource("waarneming", f"2022{code}"), WG["Waarneming"], f"Kerncijfers 2022: {name}",
        f"Key figures 2022: {name}", (WG["gebied"], area), year, (WG["inwoners"], Literal(people)),
        (WG["woningen"], Literal(people // 2)),
        (WG["oppervlakte"], Literal(f"{people / 5000 + 0.1:.2f}", datatype=XSD["decimal"])),
        (NamedNode("http://purl.org/linked-data/cube#dataSet"), DATASET), (DCTERMS["source"], DATASET),
    )  # fmt: skip
    return area


def sentence(rng: Random, words: Words, about: NamedNode, wijk_index: int) -> tuple[list[Pair], str, str, NamedNode]:
    """Return a description in two languages, the label in Dutch and in English, and the group that it speaks of."""
    slug, who_nl, who_en = GROUPS[skewed(rng, len(GROUPS), 2)]
    verb_nl, verb_en = rng.choice(_VERBS)
    nl, en = (
        f"{who} {verb} {word}"
        for who, verb, word in zip((who_nl, who_en), (verb_nl, verb_en), words.names[about], strict=True)
    )
    name = place_name(wijk_index)
    more = rng.sample(_REMARKS, 1 + skewed(rng, 3, 2))
    text_nl = f"{nl} in {name}. " + " ".join(f"{remark}." for remark, _ in more)
    text_en = f"{en} in {name}. " + " ".join(f"{remark}." for _, remark in more)
    return both(DCTERMS["description"], text_nl, text_en), nl, en, BASE.resource("partijgroep", slug)


def about(nodes: Iterable[NamedNode], article: NamedNode) -> list[Pair]:
    """Return what a thing is about and which page shows it."""
    return [*((WG["over"], node) for node in dict.fromkeys(nodes)), (WG["blijktUit"], article)]
