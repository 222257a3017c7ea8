"""Which label a reader sees: in the language asked for, else in Dutch, else the first by language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from wijkengids.model.vocab import RDFS_LABEL


def labels(quads: Iterable[Quad]) -> dict[NamedNode, dict[str, str]]:
    """Return node to language ('' for none) to label, of the quads that give one; of two in a language the first."""
    found: dict[NamedNode, dict[str, str]] = {}
    for quad in sorted(quads, key=lambda quad: str(quad.object), reverse=True):
        if quad.predicate == RDFS_LABEL and isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            found.setdefault(quad.subject, {})[quad.object.language or ""] = quad.object.value
    return found


def pick(found: Mapping[str, str], language: str) -> str | None:
    """Return one of some texts by language; None where there are none."""
    chosen = best(found, language)
    return None if chosen is None else found[chosen]


def best(languages: Iterable[str], wanted: str) -> str | None:
    """Return the language to show of those that there are ('' for none); None of none."""
    there = set(languages)
    return next((one for one in (wanted, "nl") if one in there), min(there, default=None))
