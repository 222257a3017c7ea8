"""How much of the fact sheets is in the graph: items on a sheet against nodes that the page's graph states.

``python -m tests.coverage`` prints the tables of ``docs/dekking.md``. A node counts only if, besides type, label and
source, the page's own graph says at least two things of it, at least one of them an IRI that another page or a
reference file knows too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from pyoxigraph import NamedNode, Quad

from tests.conftest import ROOT, SHARED
from wijkengids.knowledge.enrich import supers
from wijkengids.knowledge.sources import Project, read_sources
from wijkengids.model.iris import Base
from wijkengids.model.vocab import DCTERMS, RDF_TYPE, RDFS_LABEL, SKOS, WG

SHEETS = SHARED / "bron/bladen"
BARE = {RDF_TYPE, RDFS_LABEL, WG["blijktUit"], DCTERMS["source"], SKOS["prefLabel"], SKOS["altLabel"]}
"""What does not make a node say something."""

NODES = {
    "partners": ("Inzet",),
    "programmas": ("Programma", "Wijkaanpak"),
    "maatregelen": ("Maatregel", "Praktijkvoorbeeld"),
    "doelen": ("Doel",),
    "resultaten": ("Resultaat",),
    "behoeften": ("Behoefte",),
    "knelpunten": ("Knelpunt",),
    "verbeterpunten": ("Verbeterpunt",),
    "aanbevelingen": ("Aanbeveling",),
    "instrumenten": ("Toepassing", "Instrument"),
    "cijfers": ("Cijfer",),
}
"""Kind on a sheet to the classes of the nodes that stand for its items; these must say something themselves."""

MENTIONS = {
    "wijken": ("Wijk",),
    "steden": ("Stad",),
    "rapporten": ("Rapport",),
    "verwijst_naar": ("Gidsartikel", "Rapport", "Bron"),
}
"""Kind on a sheet to the classes of shared things that the graph must speak of: the sheet gives only a name."""

LOCAL = {
    "vraag": "Vraag",
    "definitie": "Definitie",
    "voorwaarde": "Voorwaarde",
    "kanttekening": "Kanttekening",
    "praktijkvoorbeeld": "Praktijkvoorbeeld",
    "gebeurtenis": "Gebeurtenis",
}
"""Soort under 'overig' to the class of the page's own nodes for it; for any other soort that is Constatering."""

SHARED_THINGS = {
    "regio": "Regio",
    "persoon": "Persoon",
    "rol": "Functierol",
    "indicator": "Indicator",
    "wet": "Wet",
    "website": "Bron",
    "databron": "Bron",
    "wijkaanpak-wet": "Vuistregel",
    "doelgroep": "Partner",
    "begrip": "Begrip",
}
"""Soort under 'overig' to the class of the shared things that the page must speak of (Begrip: define or describe)."""


@dataclass(frozen=True)
class Page:
    """One page: its sheet, and the quads of its graph."""

    number: str
    sheet: dict[str, Any]
    quads: tuple[Quad, ...]


@cache
def pages() -> tuple[Page, ...]:
    """Return every page that has a sheet, in the order of the guide."""
    by_graph: dict[object, list[Quad]] = defaultdict(list)
    for quad in quads():
        by_graph[quad.graph_name].append(quad)
    found = []
    for path in SHEETS.glob("*.yaml"):
        number = path.stem
        sheet = yaml.safe_load(path.read_text(encoding="utf-8"))
        found.append(Page(number, sheet, tuple(by_graph[Base().graph(f"gids/{number}")])))
    return tuple(sorted(found, key=lambda page: [int(part) for part in page.number.split(".")]))


@cache
def quads() -> tuple[Quad, ...]:
    """Return the content as stated."""
    return read_sources(Project(ROOT)).quads


@cache
def classes() -> dict[NamedNode, set[str]]:
    """Return resource to the local names of its classes, superclasses included."""
    above = supers(quads())
    found: dict[NamedNode, set[str]] = defaultdict(set)
    for quad in quads():
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode):
            for name in above.get(quad.object, {quad.object}):
                found[quad.subject].add(name.value.rsplit("#", 1)[-1] if name in WG else name.value)
    return found


@cache
def shared() -> set[NamedNode]:
    """Return the IRIs that more than one graph speaks of."""
    graphs: dict[NamedNode, set[object]] = defaultdict(set)
    for quad in quads():
        for node in (quad.subject, quad.object):
            if isinstance(node, NamedNode):
                graphs[node].add(quad.graph_name)
    return {node for node, where in graphs.items() if len(where) > 1}


def speaking(page: Page, kinds: Iterable[str]) -> tuple[set[NamedNode], set[NamedNode]]:
    """Return (nodes of these classes that the page says enough of, nodes that it leaves bare)."""
    said: dict[NamedNode, list[Quad]] = defaultdict(list)
    for quad in page.quads:
        if isinstance(quad.subject, NamedNode) and classes()[quad.subject] & set(kinds):
            said[quad.subject].append(quad)
        # an activity or partner that others speak of: the statement counts for both ends
        if isinstance(quad.object, NamedNode) and quad.predicate == WG["genomenIn"]:
            said.setdefault(quad.object, []).append(quad)
    full = {node for node, about in said.items() if classes()[node] & set(kinds) and _says_enough(about)}
    return full, {node for node in said if classes()[node] & set(kinds)} - full


def _says_enough(about: list[Quad]) -> bool:
    telling = [quad for quad in about if quad.predicate not in BARE]
    return len(telling) >= 2 and any(quad.object in shared() or quad.subject in shared() for quad in telling)


def mentioned(page: Page, kinds: Iterable[str]) -> set[NamedNode]:
    """Return the things of these classes that the page's graph speaks of."""
    nodes = {node for quad in page.quads for node in (quad.subject, quad.object) if isinstance(node, NamedNode)}
    own = NamedNode(f"{Base().iri}id/gidsartikel/{page.number}")
    return {node for node in nodes if classes()[node] & set(kinds) and node != own}


def left_out() -> Counter[tuple[str, str]]:
    """Return (page, kind) to the number of items that docs/weggelaten.md lists with a reason."""
    path = ROOT / "docs/weggelaten.md"
    rows = re.findall(r"^\| (\d[\d.]*) \| (\w+) \| .+ \| .+ \|$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return Counter(rows)


def covered(page: Page, kind: str) -> tuple[int, int, int]:
    """Return (items on the sheet, items covered by nodes, bare nodes) for one kind of one page."""
    items = len(page.sheet.get(kind) or [])
    if kind in NODES:
        full, bare = speaking(page, NODES[kind])
        return items, min(items, len(full)), len(bare)
    if kind == "overig":
        return items, min(items, _others(page)), 0
    return items, min(items, len(mentioned(page, MENTIONS[kind]))), 0


def _others(page: Page) -> int:
    """Return how many items under 'overig' are covered: first by their own class, the rest by findings left over."""
    kinds = Counter(item["soort"] for item in page.sheet["overig"])
    local = Counter(LOCAL.get(kind, "Constatering") for kind in kinds.elements() if kind not in SHARED_THINGS)
    shared_things = Counter(SHARED_THINGS[kind] for kind in kinds.elements() if kind in SHARED_THINGS)
    available = {name: len(speaking(page, {name})[0]) for name in {*local, *LOCAL.values(), "Constatering"}}
    done = sum(min(count, available[name]) for name, count in local.items())
    done += sum(min(count, len(_spoken_of(page, name))) for name, count in shared_things.items())
    # one sheet's 'kanttekening' may be another kind of finding in the graph, if that is not needed elsewhere
    needed = sum(len(page.sheet.get(kind) or []) for kind in NODES if kind not in {"partners", "programmas"})
    spare = len(speaking(page, {"Bevinding", "Maatregel", "Doel"})[0]) - needed - sum(local.values())
    # a 'principe' may be one of the twelve rules of thumb, which are shared things
    rules = len(mentioned(page, {"Vuistregel"})) - shared_things["Vuistregel"]
    return done + max(0, spare) + max(0, rules)


def _spoken_of(page: Page, name: str) -> set[NamedNode]:
    if name != "Begrip":
        return mentioned(page, {name})
    ways = {WG["definieert"], WG["beschrijft"]}
    concept = SKOS["Concept"].value
    nodes = {quad.object for quad in page.quads if quad.predicate in ways and isinstance(quad.object, NamedNode)}
    return {node for node in nodes if concept in classes()[node]}


KINDS = (*NODES, *MENTIONS, "overig")


def main() -> None:
    """Print the coverage per kind, and per page."""
    omitted = left_out()
    print("| kind | items | in the graph | left out | bare nodes |\n|---|---|---|---|---|")
    for kind in KINDS:
        rows = [covered(page, kind) for page in pages()]
        items, done, bare = (sum(column) for column in zip(*rows, strict=True))
        away = sum(count for (_, name), count in omitted.items() if name == kind)
        print(f"| {kind} | {items} | {done} | {away} | {bare} ({bare / (done + bare or 1):.0%}) |")
    print("\n| page | items | in the graph | left out | what is missing |\n|---|---|---|---|---|")
    for page in pages():
        rows = {kind: covered(page, kind) for kind in KINDS}
        items, done = (sum(row[column] for row in rows.values()) for column in (0, 1))
        missing = ", ".join(f"{kind} {row[0] - row[1]}" for kind, row in rows.items() if row[0] > row[1])
        away = sum(count for (number, _), count in omitted.items() if number == page.number)
        print(f"| {page.number} | {items} | {done} | {away} | {missing} |")


if __name__ == "__main__":
    main()
