"""A page of the generated guide: the article, its measures with who took what part, and its findings."""

from __future__ import annotations

from random import Random

from pyoxigraph import Literal, NamedNode, Quad

from tests.generator_parts import (
    BASE,
    FINDINGS,
    SCHEMA,
    Batch,
    Pair,
    Size,
    Words,
    about,
    section,
    sentence,
    skewed,
    stad,
    wijk,
)  # fmt: skip
from wijkengids.model.vocab import DCTERMS, PROV, WG


def page(index: int, links: int, size: Size, rng: Random, words: Words) -> tuple[Batch, int]:
    """Return a page of the guide as its own graph, and how many of ``links`` to the hub it used."""
    number, parent = section(index, size.width)
    article = BASE.resource("gidsartikel", number)
    batch, here = Batch(f"gids/{number}"), skewed(rng, size.wijken)
    batch.head(f"gidspagina {number}", f"guide page {number}", (PROV["wasDerivedFrom"], article))
    theme = words.themes[skewed(rng, len(words.themes), 2)]
    title_nl, title_en = (name.capitalize() for name in words.names[theme])
    texts, _, _, group = sentence(rng, words, theme, here)
    shown = [theme, group, wijk(here), *(wijk(skewed(rng, size.wijken)) for _ in range(skewed(rng, 8)))]
    more: list[Pair] = [(WG["beschrijft"], node) for node in dict.fromkeys(shown)]
    if rng.random() < 0.3:
        more.append((WG["vatSamen"], BASE.resource("rapport", f"rapport-{skewed(rng, size.rapporten)}")))
    if index:
        before = BASE.resource("gidsartikel", section(index - 1, size.width)[0])
        more.append((WG["verwijstNaar"], before))
        batch.quads.append(Quad(before, WG["volgendArtikel"], article, batch.graph))
    state = "geheel-gelezen" if rng.random() < 0.3 else "alleen-begin-gelezen"
    batch.thing(
        article, WG["Gidsartikel"], f"{number} {title_nl}", f"{number} {title_en}", *texts,
        (DCTERMS["title"], Literal(title_nl, language="nl")), (WG["sectienummer"], Literal(number)),
        (NamedNode(SCHEMA + "url"), NamedNode(f"https://gids.example.org/{number}")), (WG["onderdeelVan"], parent),
        (WG["gelezen"], BASE.resource("begrip", state)), *more,
    )  # fmt: skip
    _measures(batch, number, article, here, rng, words)
    used = 0
    for place in range(2 + min(60, int(5 * rng.paretovariate(1.2)))):
        hub = [stad(0)] if used < links else []
        used += len(hub)
        _finding(batch, f"{number}-{place}", article, [theme, wijk(here), *hub], here, rng, words)
    return batch, used


def _measures(batch: Batch, number: str, article: NamedNode, here: int, rng: Random, words: Words) -> None:
    """Add the measures of a page, each with its goal and with who took what part in it."""
    for place in range(1 + skewed(rng, 4, 2)):
        ref = f"{number}-{place}"
        theme, kind = words.themes[skewed(rng, len(words.themes), 2)], rng.choice(words.measures)
        texts, nl, en, group = sentence(rng, words, theme, here)
        goal, part = BASE.resource("doel", ref), BASE.resource("inzet", ref)
        batch.thing(goal, WG["Doel"], f"Doel: {nl}"[:90], f"Goal: {en}"[:90], *texts, *about([theme], article))
        role = rng.choice(words.roles)
        batch.thing(
            part, WG["Inzet"], f"{nl} (inzet)", f"{en} (part taken)", *texts, (PROV["agent"], group),
            (PROV["hadRole"], role), *about([theme], article),
        )  # fmt: skip
        batch.thing(
            BASE.resource("maatregel", ref), WG["Maatregel"], nl, en, *texts, (WG["maatregelsoort"], kind),
            (WG["heeftDoel"], goal), (PROV["qualifiedAssociation"], part), *about([theme, wijk(here)], article),
        )  # fmt: skip


def _finding(
    batch: Batch, ref: str, article: NamedNode, nodes: list[NamedNode], here: int, rng: Random, words: Words
) -> None:
    kind = FINDINGS[skewed(rng, len(FINDINGS), 2)]
    texts, nl, en, group = sentence(rng, words, nodes[0], here)
    to: list[Pair] = [(WG["gerichtAan"], group)] if kind in ("aanbeveling", "verbeterpunt") else []
    if kind == "constatering":
        to.append((DCTERMS["type"], rng.choice(words.kinds)))
    iri = BASE.resource(kind, ref)
    batch.thing(iri, WG[kind.capitalize()], nl, en, *texts, *to, *about([*nodes, group], article))
