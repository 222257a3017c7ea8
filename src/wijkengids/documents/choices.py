"""What may be chosen for a parameter: the things of its class by name, and from what a reader typed to one of them."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode

from wijkengids.documents.describe import exists
from wijkengids.documents.labels import labels, pick
from wijkengids.errors import WrongUse
from wijkengids.knowledge.findings import did_you_mean
from wijkengids.knowledge.questions import Parameter
from wijkengids.model.iris import rebase_text
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL
from wijkengids.release.store import OpenRelease

MOST_SHOWN = 500
"""Names in the list of a form; a longer list is of no help."""
MOST_KNOWN = 5_000
"""Things of one class that are known by name; beyond these a reader gives the IRI."""
_ALIKE = 0.6
_ENOUGH = 3
"""Characters of a label from which a beginning may stand for the whole."""


@dataclass(frozen=True)
class Thing:
    """Something that can be chosen: its IRI, its short name ('wijk:poelenburg'), its label by language."""

    iri: str
    short: str
    labels: dict[str, str]

    def label(self, language: str) -> str:
        """Return the label in a language, else in Dutch, else any, else the short name."""
        return pick(self.labels, language) or self.short


def things(release: OpenRelease, parameter: Parameter) -> list[Thing]:
    """Return the things of the class of an ``iri`` parameter, by Dutch label; none where it names no class."""
    prefix, _, local = (parameter.klass or "").partition(":")
    namespace = release.base.prefixes().get(prefix)
    if parameter.kind != "iri" or namespace is None:
        return []
    found: list[Thing] = []
    for quad in release.store.quads_for_pattern(None, RDF_TYPE, NamedNode(namespace + local), DefaultGraph()):
        if isinstance(quad.subject, NamedNode) and len(found) < MOST_KNOWN:
            found.append(thing(release, quad.subject.value))
    return sorted(found, key=lambda each: (each.label("nl").casefold(), each.iri))


def thing(release: OpenRelease, iri: str) -> Thing:
    """Return a thing with its labels."""
    node = NamedNode(iri)
    quads = release.store.quads_for_pattern(node, RDFS_LABEL, None, DefaultGraph())
    return Thing(iri, release.base.shorten(iri), labels(quads).get(node, {}))


def options(known: list[Thing], language: str) -> list[tuple[str, str]]:
    """Return (what to type, what is meant) for a list on a form; the short name where a label is not the only one."""
    names = [each.label(language) for each in known]
    often = {name for name in names if names.count(name) > 1} if len(names) <= MOST_SHOWN else set()
    pairs = [
        (each.short, name) if name in often else (name, each.short) for each, name in zip(known, names, strict=True)
    ]
    return pairs[:MOST_SHOWN]


def resolve(release: OpenRelease, parameter: Parameter, typed: str) -> str:
    """Return the value of a parameter as :meth:`Parameter.term` takes it, for a label, a short name or an IRI.

    Raises WrongUse, which names the parameter, where it is empty, unknown, or the name of more than one thing.
    """
    typed = typed.strip()
    if not typed:
        raise WrongUse(f"Parameter '{parameter.name}' is leeg.", f"Parameter '{parameter.name}' is empty.")
    if parameter.kind != "iri":
        parameter.term(typed, release.base)
        return typed
    known = things(release, parameter)
    exact = {each.iri: each for each in known if typed in each.labels.values()}
    like = {each.iri: each for each in known if typed.casefold() in {name.casefold() for name in each.labels.values()}}
    meant = exact or like or _begin(known, typed.casefold())
    if len(meant) > 1:
        names = ", ".join(sorted(each.short for each in meant.values())[:10])
        raise WrongUse(
            f"Parameter '{parameter.name}': '{typed}' is de naam van meer dan een ding. Kies uit: {names}.",
            f"Parameter '{parameter.name}': '{typed}' is the name of more than one thing. Choose from: {names}.",
        )
    if meant:
        return next(iter(meant))
    return _by_iri(release, parameter, typed, known)


def shown(release: OpenRelease, parameter: Parameter, value: str) -> str:
    """Return a value, or a default, as it is shown: an IRI by its short name. What is not known stays as it is."""
    value = rebase_text(value, release.base)
    if parameter.kind != "iri":
        return value
    try:
        return release.base.shorten(resolve(release, parameter, value))
    except WrongUse:
        return value


def _begin(known: list[Thing], typed: str) -> dict[str, Thing]:
    """Return the things with a label that begins so, if enough was typed to mean something."""
    if len(typed) < _ENOUGH:
        return {}
    return {each.iri: each for each in known if any(name.casefold().startswith(typed) for name in each.labels.values())}


def _by_iri(release: OpenRelease, parameter: Parameter, typed: str, known: list[Thing]) -> str:
    """Return the IRI that was typed, if the release knows it."""
    try:
        term = parameter.term(typed, release.base)
        if isinstance(term, NamedNode) and exists(release.store, term):
            return term.value
    except WrongUse:
        pass  # no IRI at all: what follows is the better answer, it knows the names
    shorts = {name: each.short for each in known for name in (*each.labels.values(), each.short)}
    by_folded = {name.casefold(): name for name in shorts}

    def show(folded: str) -> str:
        name = by_folded[folded]
        return name if name == shorts[name] else f"{name} ({shorts[name]})"

    nl, en = did_you_mean(typed.casefold(), by_folded, show, _ALIKE)
    raise WrongUse(
        f"Parameter '{parameter.name}': de gids kent geen '{typed[:200]}'{nl or '.'}",
        f"Parameter '{parameter.name}': the guide knows no '{typed[:200]}'{en or '.'}",
    )
