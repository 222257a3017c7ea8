"""The whole check, in the order in which an editor can act on it: reading, terms and links, shapes, questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Quad

from wijkengids.errors import Text
from wijkengids.knowledge.checks import check_content, unknown_term
from wijkengids.knowledge.duplicates import near_duplicates
from wijkengids.knowledge.findings import Finding, Place, Severity, in_order
from wijkengids.knowledge.questions import Question, read_questions, terms_in
from wijkengids.knowledge.shacl import validate_quads
from wijkengids.knowledge.sources import Project, read_sources
from wijkengids.model.iris import Base
from wijkengids.model.vocab import WG

SHAPES = Base().graph("ontology/shapes")
"""The graph with the shapes for content (canonical base)."""

_UNREAD = {"syntax", "encoding", "rdf12", "unreadable", "misplaced"}
"""Findings after which the whole is not there to be checked."""

Progress = Callable[[Text], None]
"""Is told what step begins."""


@dataclass(frozen=True)
class Checked:
    """What was read and what was found. ``quads`` are as stated, under the canonical base."""

    quads: tuple[Quad, ...]
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]

    def at_least(self, severity: Severity) -> list[Finding]:
        """Return the findings that are this serious or more."""
        return [finding for finding in self.findings if finding.severity >= severity]


def check(project: Project, progress: Progress = lambda step: None) -> Checked:
    """Read and check the whole project. Where a file cannot be read, what depends on the whole is not checked."""
    progress(Text("bestanden lezen", "reading files"))
    sources = read_sources(project)
    findings = list(sources.findings)
    if not any(finding.code in _UNREAD for finding in findings):
        progress(Text("termen en verwijzingen nagaan", "checking terms and links"))
        findings += check_content(sources.quads, sources.places)
        findings += near_duplicates(sources.quads, sources.places)
        progress(Text("vormen toepassen (SHACL)", "applying shapes (SHACL)"))
        shapes = [quad for quad in sources.quads if quad.graph_name == SHAPES]
        content = [quad for quad in sources.quads if quad.graph_name != SHAPES]
        findings += validate_quads(content, shapes, sources.places)
    progress(Text("vragen nagaan", "checking questions"))
    questions, wrong = read_questions(project)
    findings += wrong
    findings += _terms_of_questions(questions, sources.quads)
    return Checked(sources.quads, tuple(questions), tuple(in_order(findings)))


def _terms_of_questions(questions: list[Question], quads: tuple[Quad, ...]) -> Iterator[Finding]:
    defined = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode) and quad.subject in WG}
    if not defined:  # the ontology could not be read; that has been said already
        return
    for question in questions:
        for iri, line in terms_in(question.query):
            if iri not in defined:
                yield Finding(
                    Place(f"queries/{question.name}.rq", line),
                    Severity.VIOLATION,
                    "unknown-term",
                    unknown_term(iri, defined, cutoff=0.6),
                    value=iri,
                )
