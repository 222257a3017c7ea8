"""The canonical form of a dataset, and its digest: the same content gives the same digest on any machine.

SHA-256 over the sorted canonical N-Quads (docs/besluiten/0002-digest.md). Ground quads need no canonicalisation; the
few that touch a blank node (lists in shapes and ontology) get the labels of RDFC-1.0, which looks at those quads only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat

from wijkengids.model.iris import is_ground
from wijkengids.model.serialize import to_bytes


def canonical(quads: Iterable[Quad]) -> list[Quad]:
    """Return the distinct quads with canonical blank node labels."""
    ground: dict[Quad, None] = {}
    rest = Dataset()
    for quad in quads:
        if is_ground(quad.subject) and is_ground(quad.object):
            ground[quad] = None
        else:
            rest.add(quad)
    rest.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return [*ground, *rest]


def n_quads(quads: Iterable[Quad]) -> bytes:
    """Return canonical quads as sorted N-Quads lines (by Unicode code point, which UTF-8 keeps)."""
    return b"".join(sorted(to_bytes(list(quads), RdfFormat.N_QUADS).splitlines(keepends=True)))


def digest(canonical_n_quads: bytes) -> str:
    """Return the SHA-256 of canonical N-Quads in hexadecimal."""
    return hashlib.sha256(canonical_n_quads).hexdigest()
