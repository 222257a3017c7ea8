"""From a valid graph to a release: check, derive, freeze, switch."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Quad

from wijkengids.errors import InvalidContent, Text
from wijkengids.knowledge.check import Checked, Progress, check
from wijkengids.knowledge.enrich import derive
from wijkengids.knowledge.findings import Severity, counts
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base, rebase
from wijkengids.release.answers import write_answers
from wijkengids.release.canonical import canonical, digest, n_quads
from wijkengids.release.catalogue import catalogue, words
from wijkengids.release.dumps import write_dumps
from wijkengids.release.folder import Release, Releases
from wijkengids.release.index import write_index
from wijkengids.release.log import PublicationLog
from wijkengids.release.manifest import Manifest, class_counts, file_facts, graph_counts, made_by
from wijkengids.release.publish import mark
from wijkengids.release.store import write_store
from wijkengids.release.terms import read_terms
from wijkengids.release.void import void, write_void

KEEP = 5
"""Work releases that stay on disk, the current one among them."""


class Blocked(InvalidContent):
    """Findings that block a build; ``checked`` has them."""

    def __init__(self, checked: Checked) -> None:
        number = len(checked.at_least(Severity.VIOLATION))
        super().__init__(
            f"Geen uitgave gemaakt: {number} overtreding(en), zie hierboven. De huidige uitgave is ongewijzigd.",
            f"No release made: {number} violation(s), see above. The current release is unchanged.",
        )
        self.checked = checked


def build(
    project: Project,
    releases: Releases,
    base: Base,
    progress: Progress = lambda step: None,
    keep: int = KEEP,
) -> tuple[Release, Checked]:
    """Check the project, write a release, make it the current one. On any failure ``current`` is as it was.

    Raises :class:`Blocked` on a Violation and :class:`wijkengids.errors.CannotRun` where the disk stands in the way.
    """
    with releases.writing():
        checked = check(project, progress)
        if checked.at_least(Severity.VIOLATION):
            raise Blocked(checked)
        progress(Text("afgeleide uitspraken toevoegen", "adding derived statements"))
        quads = canonical(rebase([*checked.quads, *derive(checked.quads)], base))
        with releases.new_folder() as folder:
            made = freeze(folder, quads, checked, base, progress, words(project))
            log = PublicationLog.of(project)
            mark(folder, made.digest, log)
            release = releases.complete(folder, made.digest)
        progress(Text("in gebruik nemen", "switching"))
        releases.switch(release.name)
        releases.prune(keep, log.digests())
    return release, checked


def freeze(
    folder: Path, quads: list[Quad], checked: Checked, base: Base, progress: Progress, described: Iterable[Quad] = ()
) -> Manifest:
    """Fill a release folder: dumps, store, questions, report and, last of all, the manifest.

    ``described`` is the hand-written part of the catalogue. The catalogue knows the dumps, so it comes after them, and
    only the store holds it.
    """
    progress(Text("bestanden om te downloaden schrijven", "writing the dumps"))
    lines = n_quads(quads)
    write_dumps(folder / "dumps", quads, lines, base)
    write_void(folder, void(quads, base))
    progress(Text("opslag schrijven", "writing the store"))
    everything = [*quads, *catalogue(described, base, file_facts(folder))]
    write_store(folder / "store", everything)
    read_terms(everything, base).write(folder)
    write_index(folder, quads, base)
    (folder / "queries").mkdir()
    for question in checked.questions:
        (folder / "queries" / f"{question.name}.rq").write_text(question.bind({}, base), encoding="utf-8")
    progress(Text("vragen beantwoorden", "answering the questions"))
    write_answers(folder, checked.questions, base)
    report = {"counts": counts(checked.findings), "findings": [finding.as_dict() for finding in checked.findings]}
    (folder / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    manifest = Manifest(
        digest=digest(lines),
        base=base.iri,
        built=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        made_by=made_by(),
        triples=len({quad.triple for quad in quads}),
        classes=class_counts(quads),
        graphs=graph_counts(quads),
        findings=counts(checked.findings),
        files=file_facts(folder),
    )
    manifest.write(folder)
    return manifest
