"""IRIs and refs: ``{base}id/{soort}/{ref}``, and the web path that answers for each of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from posixpath import relpath
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from wijkengids.errors import WrongUse
from wijkengids.model.vocab import CANONICAL_BASE, FOREIGN_PREFIXES, OWN_PREFIXES, XSD

_REF = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")
_BASE = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+/")


@dataclass(frozen=True)
class Base:
    """The IRI under which a release publishes; everything of ours begins with it."""

    iri: str = CANONICAL_BASE

    def __post_init__(self) -> None:
        if not _BASE.fullmatch(self.iri):
            raise WrongUse(
                f"De basis-IRI '{self.iri}' kan niet: geef een http(s)-adres dat op een schuine streep eindigt,"
                " bijvoorbeeld https://gids.example.nl/",
                f"The base IRI '{self.iri}' cannot be used: give an http(s) address that ends in a slash,"
                " for example https://guide.example.org/",
            )

    def term(self, name: str) -> NamedNode:
        """Return a class or property of our own ontology: ``term('Wijk')``."""
        return NamedNode(f"{self.iri}def#{name}")

    def resource(self, kind: str, ref: str) -> NamedNode:
        """Return ``{base}id/{kind}/{ref}``."""
        return NamedNode(f"{self.iri}id/{kind}/{ref}")

    def graph(self, ref: str) -> NamedNode:
        """Return the IRI of a named graph, for example ``graph('gids/9.3.2')``."""
        return self.resource("graaf", ref)

    def ref(self, iri: str) -> str | None:
        """Return '{soort}/{ref}' of an instance of ours, or None for any other IRI."""
        head = f"{self.iri}id/"
        return iri[len(head) :] if iri.startswith(head) else None

    def path(self, iri: str) -> str | None:
        """Return the web path (no leading slash) that answers for an IRI of ours, or None.

        A resource is shown at ``doc/...``; terms and shapes stay at ``def#...`` and ``shapes#...``.
        """
        if not iri.startswith(self.iri):
            return None
        rest = iri[len(self.iri) :]
        return "doc/" + rest[3:] if rest.startswith("id/") else rest

    @lru_cache(maxsize=16)  # noqa: B019 -- of a value with one field, and few of them
    def prefixes(self) -> Mapping[str, str]:
        """Return prefix to namespace, ours under this base first."""
        return {name: self.iri + path for name, path in OWN_PREFIXES.items()} | FOREIGN_PREFIXES

    def shorten(self, iri: str) -> str:
        """Return ``prefix:name`` where a prefix fits and the name needs no escape, else the IRI itself."""
        best = max(
            ((ns, name) for name, ns in self.prefixes().items() if iri.startswith(ns)),
            key=lambda pair: len(pair[0]),
            default=None,
        )
        if best is None:
            return iri
        local = iri[len(best[0]) :]
        return f"{best[1]}:{local}" if re.fullmatch(r"[\w-](?:[\w.-]*[\w-])?", local) else iri


def is_ref(ref: str) -> bool:
    """Tell whether ``ref`` may be the part of an IRI after ``id/``: segments of letters, digits, '.', '_', '-'."""
    return _REF.fullmatch(ref) is not None and not any(part in {".", ".."} for part in ref.split("/"))


@lru_cache(maxsize=8192)
def relative(path: str, folder: str) -> str:
    """Return the link from a document in ``folder`` to ``path``.

    ``path`` goes from the root, without a leading slash; it may end in a query or a fragment. ``folder`` begins with a
    slash. No host plays a part, so the bytes of a document are the same on every mirror.
    """
    end = min((at for at in (path.find("?"), path.find("#")) if at >= 0), default=len(path))
    path, rest = path[:end], path[end:]
    found = relpath("/" + path, folder)
    if path and found.endswith(
        "."
    ):  # a document with the name of the folder, or of one above it: by its name, no slash
        found = f"{found}/../{path.rpartition('/')[2]}".removeprefix("./")
    elif found == ".":
        found = "./"
    return found + rest


def rebase(quads: Iterable[Quad], base: Base) -> Iterator[Quad]:
    """Yield the quads with every IRI, and every xsd:anyURI literal, moved from the canonical base to ``base``."""
    if base.iri == CANONICAL_BASE:
        yield from quads
        return
    move = _Mover(base.iri)
    for quad in quads:
        yield Quad(move(quad.subject), move(quad.predicate), move(quad.object), move(quad.graph_name))


def rebase_text(text: str, base: Base) -> str:
    """Return a query (or other text of ours) with the canonical base replaced."""
    return text.replace(CANONICAL_BASE, base.iri)


class _Mover:
    """Move one term; the same term is moved once."""

    def __init__(self, iri: str) -> None:
        self.iri = iri
        self.known: dict[str, NamedNode] = {}

    def __call__(self, term: Any) -> Any:
        """Return the term moved, of the type that it had."""
        if isinstance(term, NamedNode):
            if term.value not in self.known:
                self.known[term.value] = (
                    NamedNode(term.value.replace(CANONICAL_BASE, self.iri, 1))
                    if (term.value.startswith(CANONICAL_BASE))
                    else term
                )
            return self.known[term.value]
        if isinstance(term, Literal):
            return self.literal(term)
        if isinstance(term, BlankNode | DefaultGraph):
            return term
        raise ValueError(f"Unexpected RDF term {term!r}")

    def literal(self, term: Literal) -> Literal:
        if term.datatype == XSD["anyURI"] and term.value.startswith(CANONICAL_BASE):
            return Literal(term.value.replace(CANONICAL_BASE, self.iri, 1), datatype=term.datatype)
        if term.datatype.value.startswith(CANONICAL_BASE):
            return Literal(term.value, datatype=self(term.datatype))
        return term


def is_ground(node: object) -> bool:
    """Tell whether a term is no blank node (and no triple term that may hold one)."""
    return not isinstance(node, BlankNode | Triple)
