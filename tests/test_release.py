"""A release: the same content gives the same digest; what fails leaves everything as it was."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from tests.conftest import ROOT, Run, command
from wijkengids.documents.describe import PAGE, describe, exists
from wijkengids.errors import CannotRun, WrongUse
from wijkengids.knowledge.sources import Project
from wijkengids.model.formats import GRAPH_FORMATS
from wijkengids.model.iris import Base
from wijkengids.model.vocab import DCAT, RDF_TYPE, SPDX
from wijkengids.release.build import Blocked, build
from wijkengids.release.canonical import canonical, digest, n_quads
from wijkengids.release.folder import Release, Releases, explained
from wijkengids.release.log import PublicationLog
from wijkengids.release.store import Follower, OpenRelease, write_store

A, P, G = NamedNode("http://a/"), NamedNode("http://p/"), NamedNode("http://g/")


def test_the_digest_is_of_the_content_whatever_its_order_and_blank_node_names() -> None:
    def content(one: str, two: str) -> list[Quad]:
        return [
            Quad(A, P, BlankNode(one), G),
            Quad(BlankNode(one), P, BlankNode(two), G),
            Quad(BlankNode(two), P, Literal('x\n"y"', language="nl"), G),
            Quad(A, P, Literal("1"), G),
        ]

    first = digest(n_quads(canonical(content("b1", "b2"))))
    assert first == digest(n_quads(canonical(reversed(content("z", "a")))))
    assert first != digest(n_quads(canonical(content("b1", "b2")[:-1])))


def test_the_digest_is_the_sha256_of_the_n_quads_dump(release: Release) -> None:
    dump = (release.folder / "dumps/wijkengids.nq").read_bytes()
    assert digest(dump) == release.manifest.digest
    lines = dump.splitlines()
    assert lines == sorted(lines)
    assert b"_:c14n" in dump, "the lists in the shapes are blank nodes with canonical names"


def test_building_again_elsewhere_gives_the_same_bytes(release: Release, tmp_path: Path) -> None:
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / folder, tmp_path / "elders" / folder)
    again, _ = build(Project(tmp_path / "elders"), Releases(tmp_path / "uit"), Base())
    assert again.manifest.digest == release.manifest.digest
    assert again.manifest.files == release.manifest.files


def test_a_comment_changes_no_digest_and_a_word_does(copy: Path, tmp_path: Path) -> None:
    before = build(Project(copy), Releases(tmp_path / "voor"), Base())[0].manifest.digest
    path = copy / "data/referentie/wijken.ttl"
    path.write_text(path.read_text(encoding="utf-8") + "\n# niets\n", encoding="utf-8")
    folder = Releases(tmp_path / "uit")
    assert build(Project(copy), folder, Base())[0].manifest.digest == before
    path.write_text(path.read_text(encoding="utf-8").replace('"Presikhaaf"@nl', '"Presikhaaf!"@nl'), encoding="utf-8")
    assert build(Project(copy), folder, Base())[0].manifest.digest != before


def test_the_dumps_agree_with_each_other(release: Release) -> None:
    names = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "trig", "nq": "nquads"}
    sizes = {}
    for format_ in GRAPH_FORMATS:
        dataset = rdflib.Dataset(default_union=True)
        dataset.parse(release.folder / f"dumps/wijkengids.{format_.name}", format=names[format_.name])
        sizes[format_.name] = len(set(dataset.triples((None, None, None))))
    assert set(sizes.values()) == {release.manifest.triples}


def test_the_store_has_the_named_graphs_and_their_merge(release: Release) -> None:
    store = Store.read_only(str(release.store))
    quads = set(parse(path=str(release.folder / "dumps/wijkengids.nq"), format=RdfFormat.N_QUADS))
    catalogue = set(store.quads_for_pattern(None, None, None, Base().graph("catalogus")))
    named = {quad for quad in store if quad.graph_name.__class__ is NamedNode}
    default = {quad.triple for quad in store if quad.graph_name.__class__ is not NamedNode}
    assert len(named - catalogue) == len(quads)
    assert release.manifest.triples == len({quad.triple for quad in quads})
    assert default == {quad.triple for quad in named}


def test_the_catalogue_knows_every_dump_and_lies_outside_the_digest(release: Release) -> None:
    store, base = Store.read_only(str(release.store)), Base()
    graph = base.graph("catalogus")
    dataset = base.resource("dataset", "wijkengids")
    nodes = [quad.object for quad in store.quads_for_pattern(dataset, DCAT["distribution"], None, graph)]
    assert len(nodes) == len(list((release.folder / "dumps").iterdir())) == 6
    for node in nodes:
        ((url,), (size,), (total,)) = (
            [quad.object for quad in store.quads_for_pattern(subject, term, None, graph)]
            for subject, term in (
                (node, DCAT["downloadURL"]),
                (node, DCAT["byteSize"]),
                (NamedNode(node.value.replace("distributie", "controlegetal")), SPDX["checksumValue"]),
            )
        )
        body = (release.folder / "dumps" / url.value.rpartition("/")[2]).read_bytes()
        assert (int(size.value), total.value) == (len(body), hashlib.sha256(body).hexdigest())
        assert "catalogus" not in body.decode()


def test_the_manifest_tells_what_is_there_and_what_made_it(release: Release) -> None:
    manifest = release.manifest
    assert manifest.classes["https://w3id.org/wijkengids/def#Wijk"] == 13
    findings = manifest.classes["https://w3id.org/wijkengids/def#Bevinding"]
    assert findings > manifest.classes["https://w3id.org/wijkengids/def#Resultaat"] > 30, "superclasses count too"
    assert manifest.graphs["https://w3id.org/wijkengids/id/graaf/gids/9.3.2"] > 300
    assert set(manifest.made_by) == {"python", "wijkengids", "pyoxigraph", "rdflib", "pyshacl"}
    assert manifest.findings["violation"] == 0
    for name, facts in manifest.files.items():
        assert (release.folder / name).stat().st_size == facts["bytes"]
    assert json.loads((release.folder / "report.json").read_text())["counts"] == manifest.findings


def test_a_rebased_release_has_no_iri_of_the_canonical_base(small: Project, tmp_path: Path) -> None:
    release, _ = build(small, Releases(tmp_path), Base("http://127.0.0.1:8000/"))
    for quad in parse(path=str(release.folder / "dumps/wijkengids.nq"), format=RdfFormat.N_QUADS):
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            assert not (isinstance(node, NamedNode) and node.value.startswith("https://w3id.org/wijkengids/"))
    opened = OpenRelease.open(release)
    found = opened.store.query(opened.questions["wijken-met-stad"].query)
    assert len(list(found)) == 8


def test_a_violation_blocks_and_changes_nothing(copy: Path, tmp_path: Path) -> None:
    folder = Releases(tmp_path / "uit")
    first, _ = build(Project(copy), folder, Base())
    path = copy / "data/referentie/wijken.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("    wg:ligtIn stad:arnhem ;\n", ""), encoding="utf-8")
    with pytest.raises(Blocked, match="1 overtreding"):
        build(Project(copy), folder, Base())
    assert folder.names() == [first.name]
    assert folder.current_name() == first.name


def test_old_work_releases_go_and_current_and_published_ones_stay(small: Project, tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    made = [build(small, folder, Base(), keep=3)[0].name for _ in range(5)]
    assert folder.names() == made[-3:]
    folder.rollback(made[2])
    assert folder.prune(1, set()) == made[3:]
    assert folder.names() == [made[2]] == [folder.current_name()]
    newer = build(small, folder, Base(), keep=9)[0]
    assert folder.prune(1, {newer.manifest.digest}) == [], "a published digest is never pruned"


def test_rollback_goes_one_back_and_says_when_it_cannot(small: Project, tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    one, two = (build(small, folder, Base())[0].name for _ in range(2))
    assert folder.rollback() == one == folder.current_name()
    with pytest.raises(WrongUse, match="geen oudere uitgave"):
        folder.rollback()
    assert folder.rollback(two) == two
    with pytest.raises(WrongUse, match="geen uitgave 'x'"):
        folder.rollback("x")


def test_two_builds_at_once_do_not_meet(tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    with folder.writing(), pytest.raises(CannotRun, match="al een uitgave gemaakt"), folder.writing():
        pass


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_what_the_disk_says_becomes_a_sentence(tmp_path: Path, code: int) -> None:
    with pytest.raises(CannotRun) as caught, explained(tmp_path):
        raise OSError(code, os.strerror(code))
    assert str(tmp_path) in caught.value.text.nl


def test_a_full_disk_leaves_the_current_release_and_no_rubbish(small: Project, run: Run, tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    assert run("--project", small.root, "build", "--releases", tmp_path).returncode == 0
    before = (folder.current_name(), sorted(path.name for path in tmp_path.iterdir()))

    def no_file_over_100_kb() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    done = run("--project", small.root, "build", "--releases", tmp_path, preexec_fn=no_file_over_100_kb)
    assert done.returncode == 3, done.stderr
    assert "schijf is vol" in done.stderr
    assert "Traceback" not in done.stderr
    assert (folder.current_name(), sorted(path.name for path in tmp_path.iterdir())) == before
    assert run("--project", small.root, "build", "--releases", tmp_path).returncode == 0


def without_override_of_permissions() -> None:
    """Let root be stopped by file permissions too: drop CAP_DAC_OVERRIDE for the command that follows."""
    ctypes.CDLL(None).prctl(24, 1, 0, 0, 0)  # PR_CAPBSET_DROP; no effect, and no need, for other users


def test_no_permission_to_write_is_said(small: Project, run: Run, tmp_path: Path) -> None:
    closed = tmp_path / "dicht"
    closed.mkdir(mode=0o500)
    done = run(
        "--project", small.root, "build", "--releases", closed / "uit", preexec_fn=without_override_of_permissions
    )
    assert done.returncode == 3, done.stderr
    assert "Geen recht om te schrijven" in done.stderr
    assert "--releases" in done.stderr


def test_a_build_killed_at_any_moment_leaves_a_good_release_and_a_next_build_that_succeeds(
    small: Project, tmp_path: Path
) -> None:
    folder = Releases(tmp_path)
    started = time.monotonic()
    subprocess.run(command("--project", small.root, "build", "--releases", tmp_path), check=True, capture_output=True)
    length = time.monotonic() - started
    remains = 0
    for step in range(12):
        current = folder.current_name()
        process = subprocess.Popen(
            command("--project", small.root, "build", "--releases", tmp_path),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        # the last quarter is where files are written and the switch is made
        time.sleep(length * (0.5 + 0.55 * step / 11))
        process.send_signal(signal.SIGKILL)
        process.wait()
        remains += len(list(tmp_path.glob(".bouw-*")))
        release = folder.current()
        assert release.name >= str(current)
        assert describe(OpenRelease.open(release).store, Base().resource("wijk", "poelenburg")).statements
        assert all(Release.read(tmp_path / name).manifest.triples for name in folder.names())
    assert remains, "no build was killed while it was writing: the moments are wrong"
    subprocess.run(command("--project", small.root, "build", "--releases", tmp_path), check=True, capture_output=True)
    assert not list(tmp_path.glob(".bouw-*"))


def test_a_broken_manifest_and_a_broken_store_are_told(small: Project, tmp_path: Path) -> None:
    release, _ = build(small, Releases(tmp_path), Base())
    shutil.rmtree(release.store)
    with pytest.raises(CannotRun, match="beschadigd"):
        OpenRelease.open(release)
    (release.folder / "manifest.json").write_text("{")
    with pytest.raises(CannotRun, match="onvolledig"):
        Releases(tmp_path).current()


def test_the_follower_keeps_the_last_good_release(small: Project, tmp_path: Path) -> None:
    folder = Releases(tmp_path)
    with pytest.raises(CannotRun, match="nog geen uitgave"):
        Follower(folder).get()
    first, _ = build(small, folder, Base())
    follower = Follower(folder)
    held = follower.get()
    assert held.release.name == first.name
    second, _ = build(small, folder, Base())
    assert follower.get().release.name == second.name
    folder.switch("weg")
    assert follower.get().release.name == second.name
    assert follower.trouble is not None
    folder.switch(first.name)
    assert follower.get().release.name == first.name
    assert follower.trouble is None
    assert exists(held.store, Base().resource("wijk", "poelenburg")), "who holds a release keeps it whole"


def test_a_description_is_closed_over_blank_nodes_and_bounded(tmp_path: Path) -> None:
    quads = [Quad(NamedNode(f"http://x/{i}"), P, A, G) for i in range(PAGE + 50)]
    quads += [Quad(A, P, BlankNode("b"), G), Quad(BlankNode("b"), P, BlankNode("c"), G)]
    quads += [Quad(BlankNode("c"), P, BlankNode("b"), G), Quad(BlankNode("c"), RDF_TYPE, A, G)]
    write_store(tmp_path / "store", quads)
    about = describe(Store.read_only(str(tmp_path / "store")), A)
    assert len(about.statements) == 4
    assert [(links.predicate, links.count, len(links.quads)) for links in about.incoming] == [(P, PAGE + 50, PAGE)]


def test_a_resource_that_only_occurs_as_object_exists(tmp_path: Path) -> None:
    write_store(tmp_path / "store", [Quad(A, P, NamedNode("http://only/object"), G)])
    store = Store.read_only(str(tmp_path / "store"))
    assert exists(store, A)
    assert exists(store, NamedNode("http://only/object"))
    assert not exists(store, P)
    assert describe(store, NamedNode("http://only/object")).statements == ()


def test_publishing_writes_the_log_and_its_state_can_be_replayed(copy: Path, tmp_path: Path) -> None:
    project, folder = Project(copy), Releases(tmp_path / "uit")
    first, _ = build(project, folder, Base())
    entry = PublicationLog.of(project).publish(first, "1.0.0", "2026-11-23")
    assert (copy / "data/uitgaven/1.0.0.json").is_file()
    poelenburg = "https://w3id.org/wijkengids/id/wijk/poelenburg"
    assert poelenburg in entry.added
    assert not entry.changed | entry.deleted

    path = copy / "data/referentie/wijken.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Poelenburg"@nl', '"Poelenburg!"@nl'), encoding="utf-8")
    for path in (copy / "data/referentie/partijgroepen.ttl", copy / "data/gids/9.3.2.trig"):
        text = path.read_text(encoding="utf-8").replace("partijgroep:andere-partners", "partijgroep:anderen")
        path.write_text(text, encoding="utf-8")
    second, _ = build(project, folder, Base())
    log = PublicationLog.of(project)
    with pytest.raises(WrongUse, match="hogere versie"):
        log.publish(second, "1.0.0", "2026-11-24")
    with pytest.raises(WrongUse, match="geen eerdere datum"):
        log.publish(second, "1.1.0", "2026-11-22")
    entry = log.publish(second, "1.1.0", "2026-11-24")
    assert set(entry.changed) >= {poelenburg}
    assert set(entry.added) == {"https://w3id.org/wijkengids/id/partijgroep/anderen"}
    assert set(entry.deleted) == {"https://w3id.org/wijkengids/id/partijgroep/andere-partners"}
    log = PublicationLog.of(project)
    assert log.state()[poelenburg] == entry.changed[poelenburg]
    assert log.digests() == {first.manifest.digest, second.manifest.digest}
    with pytest.raises(WrongUse, match="niets veranderd"):
        log.publish(second, "1.2.0", "2026-11-25")


@pytest.mark.parametrize(("version", "day"), [("1.0", "2026-01-01"), ("v1.0.0", "2026-01-01"), ("1.0.0", "1-1-2026")])
def test_a_bad_version_or_date_shows_how_to_write_it(release: Release, copy: Path, version: str, day: str) -> None:
    with pytest.raises(WrongUse, match="bijvoorbeeld"):
        PublicationLog.of(Project(copy)).publish(release, version, day)
