"""One thing, one IRI: shared things whose names are so alike that they may be the same.

Two things are compared when they have a class in common and are described in ``data/referentie/``. Each pair found is
merged by an editor, or declared distinct with owl:differentFrom on either of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from pyoxigraph import Literal, NamedNode, Quad
from rapidfuzz.distance import OSA

from wijkengids.errors import Text
from wijkengids.knowledge.enrich import supers
from wijkengids.knowledge.findings import Finding, Place, Severity
from wijkengids.knowledge.places import Places
from wijkengids.model.iris import Base
from wijkengids.model.vocab import OWL, RDF_TYPE, RDFS_LABEL, SKOS, WG

COMPARED = ("Partner", "Instrument", "Programma", "Rapport", "Bron", "Wijk", "Stad", "Regio", "Maatregel", "Vuistregel")
"""Classes of ours within which names should differ; concepts of one list are compared too."""
ALIKE = 0.88
"""Share of characters that two names have in common, from which a person must look."""
_NAMES = (RDFS_LABEL, SKOS["prefLabel"], SKOS["altLabel"])


def near_duplicates(quads: tuple[Quad, ...], places: Places) -> Iterator[Finding]:
    """Yield a Warning for each pair of shared things with nearly the same name that nobody declared distinct."""
    names = _names(quads)
    distinct = {frozenset((q.subject, q.object)) for q in quads if q.predicate == OWL["differentFrom"]}
    for group in _groups(quads).values():
        for one, two in combinations(sorted(group, key=lambda node: node.value), 2):
            if frozenset((one, two)) not in distinct and _alike(names[one], names[two]):
                a, b = Base().shorten(one.value), Base().shorten(two.value)
                yield Finding(
                    places.find(two.value) or Place("data"),
                    Severity.WARNING,
                    "near-duplicate",
                    Text(
                        f"{b} lijkt op {a}: voeg ze samen (de andere naam als skos:altLabel), of zet er"
                        f" owl:differentFrom {a} bij als het echt twee dingen zijn",
                        f"{b} looks like {a}: merge them (the other name as skos:altLabel), or add"
                        f" owl:differentFrom {a} if they really are two things",
                    ),
                    focus=two.value,
                    value=one.value,
                )


def normal(name: str) -> str:
    """Return a name without case, accents, articles and punctuation: 'het Oude Westen' is 'oude westen'."""
    plain = unicodedata.normalize("NFKD", name.lower())
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))
    return " ".join(word for word in words if word not in {"de", "het", "een", "the"})


def _names(quads: tuple[Quad, ...]) -> dict[NamedNode, set[str]]:
    """Return resource to its normalised Dutch names."""
    found: dict[NamedNode, set[str]] = defaultdict(set)
    for quad in quads:
        if quad.predicate in _NAMES and isinstance(quad.object, Literal) and quad.object.language == "nl":
            found[quad.subject].add(normal(quad.object.value))  # type: ignore[index]
    return found


def _groups(quads: tuple[Quad, ...]) -> dict[NamedNode, set[NamedNode]]:
    """Return class (or concept list) to the shared things in it."""
    above = supers(quads)
    compared = {WG[name] for name in COMPARED}
    groups: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    for quad in quads:
        kind = quad.object
        if not isinstance(quad.subject, NamedNode) or not isinstance(kind, NamedNode):
            continue
        if quad.predicate == RDF_TYPE and "/referentie/" in str(quad.graph_name):
            for name in above.get(kind, {kind}) & compared:
                groups[name].add(quad.subject)
        elif quad.predicate == SKOS["inScheme"]:
            groups[kind].add(quad.subject)
    return groups


def _alike(one: set[str], two: set[str]) -> bool:
    """Tell whether any two names are the same but for a slip; short names must be the same."""
    for a in one:
        for b in two:
            if a == b:
                return True
            longest = max(len(a), len(b))
            # numbers tell things apart ('wijk 1', 'wijk 2'), and a short word has too many neighbours
            comparable = longest >= 8 and re.findall(r"\d+", a) == re.findall(r"\d+", b)
            if comparable and OSA.normalized_similarity(a, b, score_cutoff=ALIKE) >= ALIKE:
                return True
    return False
