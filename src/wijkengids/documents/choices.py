"""What may be chosen for a parameter: the things of its class by name, and from what a reader typed to one of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from wijkengids.documents.describe import exists
from wijkengids.documents.labels import pick
from wijkengids.errors import WrongUse
from wijkengids.knowledge.questions import Parameter
from wijkengids.model.iris import rebase_text
from wijkengids.release.search import Index
from wijkengids.release.store import OpenRelease

MOST_SHOWN = 500
"""Names in the list of a form; a longer list is of no help."""
_MOST_ALIKE = 50
"""Things of one name that are looked at."""
_LONGEST = 200
"""Characters of what was typed in which a name is looked for."""
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
    """Return the first :data:`MOST_SHOWN` things of the class of an ``iri`` parameter, by Dutch label."""
    return [
        Thing(one.iri, release.base.shorten(one.iri), one.labels)
        for one in release.index.members(_class(release, parameter), MOST_SHOWN)
    ]


def options(known: list[Thing], language: str) -> list[tuple[str, str]]:
    """Return (what to type, what is meant) for a list on a form; the short name where a label is not the only one."""
    names = [each.label(language) for each in known]
    often = {name for name, number in Counter(names).items() if number > 1}
    return [
        (each.short, name) if name in often else (name, each.short) for each, name in zip(known, names, strict=True)
    ]


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
    meant = _meant(release.index, _class(release, parameter), typed)
    if len(meant) > 1:
        names = ", ".join(sorted(map(release.base.shorten, meant))[:10])
        raise WrongUse(
            f"Parameter '{parameter.name}': '{typed}' is de naam van meer dan een ding. Kies uit: {names}.",
            f"Parameter '{parameter.name}': '{typed}' is the name of more than one thing. Choose from: {names}.",
        )
    return meant.pop() if meant else _by_iri(release, parameter, typed)


def shown(release: OpenRelease, parameter: Parameter, value: str) -> str:
    """Return a value, or a default, as it is shown: an IRI by its short name. What is not known stays as it is."""
    value = rebase_text(value, release.base)
    if parameter.kind != "iri":
        return value
    try:
        return release.base.shorten(resolve(release, parameter, value))
    except WrongUse:
        return value


def _class(release: OpenRelease, parameter: Parameter) -> str:
    """Return the IRI of the class that the value of an ``iri`` parameter is of; '' where it names none."""
    prefix, _, local = (parameter.klass or "").partition(":")
    namespace = release.base.prefixes().get(prefix)
    return "" if parameter.kind != "iri" or namespace is None else namespace + local


def _meant(index: Index, kind: str, typed: str) -> set[str]:
    """Return the things of a class that a name stands for: as written, else in any case, else folded, else begun.

    In each of these a label goes before another name.
    """
    hits = index.named(typed, kind, _MOST_ALIKE, whole=True)
    tests: tuple[Callable[[str], bool], ...] = (
        lambda name: name == typed,
        lambda name: name.casefold() == typed.casefold(),
        lambda name: True,
    )
    for test in tests:
        for label in (True, False):
            found = {hit.thing.iri for hit in hits if hit.label is label and test(hit.matched)}
            if found:
                return found
    begun = index.named(typed, kind, _MOST_ALIKE, whole=False) if len(typed) >= _ENOUGH else []
    return {hit.thing.iri for hit in begun}


def _by_iri(release: OpenRelease, parameter: Parameter, typed: str) -> str:
    """Return the IRI that was typed, if the release knows it."""
    try:
        term = parameter.term(typed, release.base)
        if isinstance(term, NamedNode) and exists(release.store, term):
            return term.value
    except WrongUse:
        pass  # no IRI at all: what follows is the better answer, it knows the names
    near = _nearest(release, _class(release, parameter), typed)
    nl, en = (f"; bedoelde u {near}?", f"; did you mean {near}?") if near else (".", ".")
    raise WrongUse(
        f"Parameter '{parameter.name}': de gids kent geen '{typed[:200]}'{nl}",
        f"Parameter '{parameter.name}': the guide knows no '{typed[:200]}'{en}",
    )


def _nearest(release: OpenRelease, kind: str, typed: str) -> str:
    """Return what may have been meant by a name, or by an IRI that does not exist; '' for nothing."""
    is_iri = "://" in typed or typed.partition(":")[0] in release.base.prefixes()
    local = typed[max(map(typed.rfind, "/#:")) + 1 :] if is_iri else typed
    hits = release.index.search(local[:_LONGEST], kind, 1).hits
    if not hits:
        return ""
    short = release.base.shorten(hits[0].thing.iri)
    return short if is_iri else f"{hits[0].matched} ({short})"
