"""The whole release as files to download, in every RDF format; the same content gives the same bytes."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Quad

from wijkengids.model.formats import GRAPH_FORMATS, N_QUADS, N_TRIPLES
from wijkengids.model.iris import Base
from wijkengids.model.serialize import write

NAME = "wijkengids"
"""The name of the dump of everything."""


def write_dumps(folder: Path, quads: list[Quad], n_quads: bytes, base: Base) -> None:
    """Write ``wijkengids.*`` into ``folder``: nq and trig hold the named graphs, the other formats their merge.

    ``n_quads`` are the canonical N-Quads of ``quads``: the very bytes that the digest was taken of.
    """
    folder.mkdir()
    for format_ in GRAPH_FORMATS:
        path = folder / f"{NAME}.{format_.name}"
        if format_ == N_QUADS:
            path.write_bytes(n_quads)
        elif format_ == N_TRIPLES:
            lines = sorted(set(write(quads, format_, {}).splitlines(keepends=True)))
            path.write_bytes(b"".join(lines))
        else:
            path.write_bytes(write(quads, format_, base.prefixes()))
