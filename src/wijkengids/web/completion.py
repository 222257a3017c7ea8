"""``/sparql/terms.json``: what an editor of queries completes from: prefixes, and the classes and properties in use."""

from __future__ import annotations

import json

from flask import Blueprint, Response
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from wijkengids.documents.labels import labels
from wijkengids.model.formats import JSON
from wijkengids.model.vocab import RDFS_LABEL, VOID
from wijkengids.release.store import OpenRelease
from wijkengids.web.respond import release, reply, wanted

rooms = Blueprint("completion", __name__)

MOST = 1000
"""Classes, and properties, that are given: the most used."""


@rooms.get("/sparql/terms.json")
def terms() -> Response:
    """Give the prefixes, and each class and property in use: its short name, labels, and how often it occurs."""
    choice = wanted(JSON)
    quads = release().void
    found = {
        "prefixes": release().base.prefixes(),
        "classes": _listed(release(), quads, "class", "entities"),
        "properties": _listed(release(), quads, "property", "triples"),
    }
    return reply(json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n", choice)


def _listed(opened: OpenRelease, quads: list[Quad], kind: str, counted: str) -> list[dict[str, str | int]]:
    """Return the classes or properties of the whole dataset, the most used first."""
    dataset = opened.base.resource("dataset", "wijkengids")
    parts = {q.object for q in quads if q.subject == dataset and q.predicate == VOID[f"{kind}Partition"]}
    counts = {
        q.subject: int(q.object.value)
        for q in quads
        if q.subject in parts and q.predicate == VOID[counted] and isinstance(q.object, Literal)
    }
    nodes = [
        (counts.get(q.subject, 0), q.object)
        for q in quads
        if q.subject in parts and q.predicate == VOID[kind] and isinstance(q.object, NamedNode)
    ]
    nodes.sort(key=lambda pair: (-pair[0], pair[1].value))
    return [_term(opened, node, count) for count, node in nodes[:MOST]]


def _term(opened: OpenRelease, node: NamedNode, count: int) -> dict[str, str | int]:
    """Return one term; a label that it does not have is ''."""
    said = labels(opened.store.quads_for_pattern(node, RDFS_LABEL, None, DefaultGraph())).get(node, {})
    name = opened.base.shorten(node.value)
    shown = name if name != node.value else f"<{name}>"
    return {"name": shown, "nl": said.get("nl", ""), "en": said.get("en", ""), "count": count}
