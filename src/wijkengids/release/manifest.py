"""The manifest: what a release is, what is in it, and what made it."""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from wijkengids.errors import CannotRun
from wijkengids.model.vocab import RDF_TYPE

NAME = "manifest.json"
_LIBRARIES = ("wijkengids", "pyoxigraph", "rdflib", "pyshacl")


@dataclass(frozen=True)
class Manifest:
    """What ``manifest.json`` holds.

    ``digest`` is the SHA-256 of the content under ``base``. ``built`` (UTC) and ``made_by`` say when and by what; they
    are no part of the digest. ``classes`` and ``graphs`` count instances and triples by IRI; ``files`` gives size in
    bytes and SHA-256 of every file beside the store, by path.
    """

    digest: str
    base: str
    built: str
    made_by: dict[str, str]
    triples: int
    classes: dict[str, int]
    graphs: dict[str, int]
    findings: dict[str, int]
    files: dict[str, dict[str, Any]]

    def write(self, folder: Path) -> None:
        """Write the manifest into a release folder."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of a release folder; CannotRun where it is missing or broken."""
        try:
            return cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise CannotRun(
                f"De uitgave in {folder} is onvolledig ({NAME}: {error}). Maak haar opnieuw met: wijkengids build",
                f"The release in {folder} is incomplete ({NAME}: {error}). Make it again with: wijkengids build",
            ) from error


def class_counts(quads: Iterable[Quad]) -> dict[str, int]:
    """Return class IRI to the number of its instances, by IRI."""
    pairs = {(q.subject, q.object.value) for q in quads if q.predicate == RDF_TYPE and isinstance(q.object, NamedNode)}
    return dict(sorted(Counter(name for _, name in pairs).items()))


def graph_counts(quads: Iterable[Quad]) -> dict[str, int]:
    """Return graph IRI to the number of its triples, by IRI."""
    return dict(sorted(Counter(q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode)).items()))


def file_facts(folder: Path) -> dict[str, dict[str, Any]]:
    """Return path to size and SHA-256 of every file in a release folder, the store's own files left out."""
    facts = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and not name.startswith("store/"):
            with path.open("rb") as file:
                facts[name] = {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
    return facts


def made_by() -> dict[str, str]:
    """Return the versions of Python and of the libraries that shape a release."""
    return {"python": platform.python_version()} | {name: version(name) for name in _LIBRARIES}
