"""Since when a document is as it is: days from the log of publications, right also where another resource changed."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, NamedNode, Quad

from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDFS_LABEL
from wijkengids.release.build import build
from wijkengids.release.folder import Releases
from wijkengids.release.hashes import Content
from wijkengids.release.publish import publish
from wijkengids.release.store import Follower, OpenRelease

BASE = Base()
FIRST, SECOND = dt.date(2026, 1, 1), dt.date(2026, 2, 1)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def twice(copy: Path, tmp_path: Path) -> Releases:
    """Two published versions: in the second Arnhem has another name, and Zuilen-Oost another note."""
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    build(project, releases, BASE)
    publish(project, releases, "1.0.0", FIRST.isoformat())
    edit(copy / "data/referentie/steden.ttl", '"Arnhem"@nl', '"Arnhem aan de Rijn"@nl')
    edit(copy / "data/referentie/wijken.ttl", "De lijst van 2007 schrijft", "De lijst uit 2007 schrijft")
    build(project, releases, BASE)
    publish(project, releases, "1.1.0", SECOND.isoformat())
    return releases


def test_a_document_is_as_old_as_the_last_change_of_anything_it_shows(twice: Releases) -> None:
    opened = OpenRelease.open(twice.current())
    changed = {
        "id/stad/arnhem": SECOND,  # its own label
        "id/wijk/presikhaaf": SECOND,  # lies in Arnhem, and shows its label
        "id/wijk/zuilen-oost": SECOND,  # its own note
        "id/stad/utrecht": FIRST,  # shows the label of Zuilen-Oost, not its note
        "id/wijk/poelenburg": FIRST,
        "def": FIRST,
        "shapes": FIRST,
    }
    assert {path: opened.modified(BASE.iri + path) for path in changed} == changed


def test_a_link_that_is_gone_changes_the_document_it_led_to(copy: Path, tmp_path: Path) -> None:
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    build(project, releases, BASE)
    publish(project, releases, "1.0.0", FIRST.isoformat())
    edit(copy / "data/referentie/wijken.ttl", "wg:ligtIn stad:arnhem", "wg:ligtIn stad:utrecht")
    build(project, releases, BASE)
    publish(project, releases, "1.1.0", SECOND.isoformat())
    opened = OpenRelease.open(releases.current())
    assert opened.modified(f"{BASE.iri}id/stad/arnhem") == SECOND
    assert opened.modified(f"{BASE.iri}id/stad/utrecht") == SECOND
    assert opened.modified(f"{BASE.iri}id/stad/zaanstad") == FIRST


def test_a_work_release_has_no_day_and_a_published_one_gets_it_back_when_built_again(
    twice: Releases, copy: Path, tmp_path: Path
) -> None:
    again = Releases(tmp_path / "elders")
    build(Project(copy), again, BASE)
    assert OpenRelease.open(again.current()).modified(f"{BASE.iri}id/stad/arnhem") == SECOND
    edit(copy / "data/referentie/steden.ttl", '"Arnhem aan de Rijn"@nl', '"Arnhem"@nl')
    edit(copy / "data/referentie/wijken.ttl", "De lijst uit 2007 schrijft", "De lijst van 2007 schrijft")
    build(Project(copy), again, BASE)
    # the content of 1.0.0 again, and so its days
    assert OpenRelease.open(again.current()).modified(f"{BASE.iri}id/stad/arnhem") == FIRST
    edit(copy / "data/referentie/steden.ttl", '"Arnhem"@nl', '"Arnhem-Noord"@nl')
    build(Project(copy), again, BASE)
    assert OpenRelease.open(again.current()).modified(f"{BASE.iri}id/stad/arnhem") is None


def test_a_server_notices_that_its_release_was_published(copy: Path, tmp_path: Path) -> None:
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    build(project, releases, BASE)
    follower = Follower(releases)
    before = follower.get()
    assert before.published is None
    assert follower.get() is before
    publish(project, releases, "1.0.0", FIRST.isoformat())
    after = follower.get()
    assert after.published is not None
    assert after.published.version == "1.0.0"
    assert after.release == before.release


def test_the_hash_of_a_resource_does_not_depend_on_blank_nodes_elsewhere() -> None:
    a, b, p, graph = (NamedNode(f"{BASE.iri}id/x/{name}") for name in "abpg")

    def hashes(*labels: str) -> str:
        quads = [Quad(node, p, BlankNode(label), graph) for node, label in zip((a, b), labels, strict=True)]
        quads += [Quad(quad.object, RDFS_LABEL, quad.subject, graph) for quad in quads]  # type: ignore[arg-type]
        return Content(quads).resources()[a.value]

    assert hashes("c14n0", "c14n1") == hashes("c14n1", "c14n0")


def test_what_a_document_borrows_from_elsewhere_counts_too(copy: Path, tmp_path: Path) -> None:
    """The point of a wijk, the concepts of a list, the licence of a graph: shown, though another resource says them."""
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    build(project, releases, BASE)
    publish(project, releases, "1.0.0", FIRST.isoformat())
    edit(copy / "data/referentie/wijken.ttl", "POINT(4.84943 52.43684)", "POINT(4.84944 52.43684)")
    edit(copy / "data/referentie/rapporten.ttl", "/licenses/by/4.0/>", "/licenses/by-sa/4.0/>")
    begrippen = copy / "ontology/begrippen.ttl"
    text = begrippen.read_text(encoding="utf-8")
    concept = text.index("begrip:begeleiding a")
    definition = text.index("skos:definition", concept)
    quote = text.index('"', definition) + 1
    begrippen.write_text(text[:quote] + "Nu: " + text[quote:], encoding="utf-8")
    build(project, releases, BASE)
    publish(project, releases, "1.1.0", SECOND.isoformat())
    opened = OpenRelease.open(releases.current())
    changed = {
        "id/wijk/poelenburg": SECOND,  # its geometry moved
        "id/wijk/presikhaaf": FIRST,
        "id/schema/maatregelsoorten": SECOND,  # a concept of the list is defined otherwise
        "id/rapport/niet-daar-maar-hier": SECOND,  # its graph has another licence
        "id/distributie/wijkengids-ttl": SECOND,  # a file of each release
    }
    assert {path: opened.modified(BASE.iri + path) for path in changed} == changed


def test_a_day_to_come_is_not_told(copy: Path, tmp_path: Path) -> None:
    releases, project = Releases(tmp_path / "uit"), Project(copy)
    build(project, releases, BASE)
    publish(project, releases, "1.0.0", "2999-01-01")
    assert OpenRelease.open(releases.current()).modified(f"{BASE.iri}id/stad/arnhem") is None
