"""The whole guide is in the graph: every sheet against the graph of its page (tables: python -m tests.coverage)."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal

from tests.conftest import SHARED
from tests.coverage import KINDS, Page, covered, left_out, pages, quads
from wijkengids.model.vocab import RDFS_LABEL, SKOS

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the fact sheets are not beside the project (../shared)")
PAGES = pages() if SHARED.is_dir() else ()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.number)
def test_a_page_is_covered_for_95_percent(page: Page) -> None:
    assert page.quads, "the page has no graph"
    rows = {kind: covered(page, kind) for kind in KINDS}
    items, done = (sum(row[column] for row in rows.values()) for column in (0, 1))
    away = sum(count for (number, _), count in left_out().items() if number == page.number)
    assert away <= max(1, 0.05 * items), "too much is left out"
    missing = {kind: row[0] - row[1] for kind, row in rows.items() if row[0] > row[1]}
    assert done + away >= 0.95 * items, missing


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_covered_for_95_percent(kind: str) -> None:
    items, done, _ = (sum(column) for column in zip(*(covered(page, kind) for page in PAGES), strict=True))
    away = sum(count for (_, name), count in left_out().items() if name == kind)
    assert done + away >= 0.95 * items


def test_there_are_62_pages() -> None:
    assert len(PAGES) == 62
    assert all(page.quads for page in PAGES)


def test_no_label_is_longer_than_twelve_words() -> None:
    labels = [
        q.object for q in quads() if q.predicate in (RDFS_LABEL, SKOS["prefLabel"]) and isinstance(q.object, Literal)
    ]
    assert [label.value for label in labels if len(label.value.split()) > 12] == []
