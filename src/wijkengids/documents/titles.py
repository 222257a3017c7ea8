"""What the columns of an answer are called: as the question says, else as the class or property of that name."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import DefaultGraph

from wijkengids.documents.labels import labels
from wijkengids.knowledge.questions import Question
from wijkengids.model.vocab import RDFS_LABEL
from wijkengids.release.store import OpenRelease


def titles(release: OpenRelease, question: Question, names: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return column name to title by language ('nl', 'en'), for the names that the question or the ontology knows."""
    found = {}
    for name in names:
        stem = name.removesuffix("_label").removesuffix("Label")
        told = question.columns.get(name) or question.columns.get(stem)
        if told is not None:
            found[name] = told._asdict()
            continue
        if not stem.isascii() or not stem.isidentifier():
            continue
        for local in (stem, stem[:1].upper() + stem[1:]):
            term = release.base.term(local)
            quads = release.store.quads_for_pattern(term, RDFS_LABEL, None, DefaultGraph())
            texts = labels(quads).get(term, {})
            if texts.get("nl") and texts.get("en"):
                found[name] = {code: texts[code][:1].upper() + texts[code][1:] for code in ("nl", "en")}
                break
    return found
