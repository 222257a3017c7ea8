"""The label that a reader sees, looked up in a store; :mod:`wijkengids.model.labels` is the rule."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, NamedNode, Store

from wijkengids.model.labels import best, labels, pick
from wijkengids.model.vocab import RDFS_LABEL

__all__ = ["best", "label", "labels", "pick"]


def label(store: Store, node: NamedNode, language: str) -> str | None:
    """Return the label of a resource in ``language``, else in Dutch, else the first by language; None without one."""
    return pick(labels(store.quads_for_pattern(node, RDFS_LABEL, None, DefaultGraph())).get(node, {}), language)
