"""SHACL by pySHACL, behind a wrapper that avoids its traps (docs/besluiten/0003-shacl.md).

pySHACL runs on plain rdflib graphs made for the occasion (it changes what it is given, and over other stores it is
wrong), without inference; misspelt sh: terms, which it passes over, are found by :mod:`wijkengids.knowledge.checks`; an
exception that it returns as a result is raised; and severities are counted from the results, never from its verdict.
"""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from pyshacl import validate
from rdflib.namespace import RDF, RDFS, SH

from wijkengids.errors import CannotRun, Text
from wijkengids.knowledge.findings import Finding, Place, Severity
from wijkengids.knowledge.places import Places
from wijkengids.model.iris import Base
from wijkengids.model.vocab import XSD

_SEVERITIES = {str(SH.Violation): Severity.VIOLATION, str(SH.Warning): Severity.WARNING, str(SH.Info): Severity.INFO}

_TARGETS = {SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf}
_HANGS = {RDFS.isDefinedBy, SH.group}
"""Predicates by which something may point at a node shape without making it part of another shape."""


def to_rdflib(term: object) -> rdflib.term.Node:
    """Return the rdflib term for a pyoxigraph term. Literals keep their lexical form; xsd:string is left implicit."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        # rdflib tells "x" from "x"^^xsd:string, and sh:in and sh:or would then fail
        datatype = None if term.datatype == XSD["string"] else rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=datatype, normalize=False)
    raise ValueError(f"Unexpected RDF term {term!r}")


def to_graph(quads: Iterable[Quad]) -> rdflib.Graph:
    """Return the merge of the quads as a fresh rdflib graph."""
    graph = rdflib.Graph(bind_namespaces="none")
    known: dict[object, rdflib.term.Node] = {}

    def node(term: object) -> rdflib.term.Node:
        if term not in known:
            known[term] = to_rdflib(term)
        return known[term]

    for quad in quads:
        graph.add((node(quad.subject), node(quad.predicate), node(quad.object)))
    return graph


def validate_quads(data: Iterable[Quad], shapes: Iterable[Quad], places: Places) -> list[Finding]:
    """Validate the merge of ``data`` against ``shapes``; return a finding for every result."""
    shape_graph = targeted(to_graph(shapes))
    _, report, text = validate(
        to_graph(data),
        shacl_graph=shape_graph,
        inference="none",
        advanced=False,
        meta_shacl=False,
        do_owl_imports=False,
        inplace=True,
    )
    if not isinstance(report, rdflib.Graph):  # pySHACL hands a failure back as if it were a report
        raise CannotRun(
            f"De vormen in ontology/shapes.ttl kunnen niet worden toegepast: {text}",
            f"The shapes in ontology/shapes.ttl cannot be applied: {text}",
        )
    results = report.objects(predicate=SH.result)
    return [_finding(report, result, places) for result in results if (result, RDF.type, SH.ValidationResult) in report]


def targeted(shapes: rdflib.Graph) -> rdflib.Graph:
    """Return the shapes with each property shape targeted directly, wherever that means the same.

    pySHACL applies a property shape that hangs under a node shape to one focus node at a time, and a targeted one to
    all at once: half the work on the whole guide, with the same results (tests/test_ontology.py compares them).
    """
    for node in set(shapes.subjects(SH.property)):
        targets = [(p, o) for p, o in shapes.predicate_objects(node) if p in _TARGETS]
        if targets and not any(p not in _HANGS for p in shapes.predicates(None, node)):
            for part in list(shapes.objects(node, SH.property)):
                shapes.remove((node, SH.property, part))
                for predicate, target in targets:
                    shapes.add((part, predicate, target))
    return shapes


def _finding(report: rdflib.Graph, result: rdflib.term.Node, places: Places) -> Finding:
    focus = report.value(result, SH.focusNode)
    path = report.value(result, SH.resultPath)
    value = report.value(result, SH.value)
    component = str(report.value(result, SH.sourceConstraintComponent))
    place = places.find(str(focus), _str(path), _str(value)) or Place("data")
    return Finding(
        place,
        _SEVERITIES.get(str(report.value(result, SH.resultSeverity)), Severity.VIOLATION),
        component.removeprefix(str(SH)),
        _text(report, result, str(focus), value),
        focus=str(focus),
        path=_str(path),
        value=_str(value),
    )


def _text(report: rdflib.Graph, result: rdflib.term.Node, focus: str, value: rdflib.term.Node | None) -> Text:
    """Return the shape's own messages, headed by the resource and followed by the value that is wrong."""
    messages = sorted(report.objects(result, SH.resultMessage), key=str)
    by_language = {getattr(message, "language", None) or "nl": str(message) for message in messages}
    nl = by_language.get("nl") or by_language.get("en") or ""
    subject = Base().shorten(focus)
    shown = "" if value is None or isinstance(value, rdflib.BNode) else Base().shorten(str(value))
    found = ("", "") if not shown or shown == subject else (f" (gevonden: '{shown}')", f" (found: '{shown}')")
    return Text(f"{subject}: {nl}{found[0]}", f"{subject}: {by_language.get('en') or nl}{found[1]}")


def _str(node: rdflib.term.Node | None) -> str | None:
    """Return an IRI or lexical form; None for a blank node, whose label differs every time."""
    return None if node is None or isinstance(node, rdflib.BNode) else str(node)
