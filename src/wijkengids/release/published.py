"""``publication.json``: which published version a release is, and since when each of its documents is as it is.

It stands beside the manifest, outside the digest and outside the manifest's list of files: a release is published after
it was made. A release without it is a work release. ``versions.json`` stands there too, also in a work release: which
versions the log had by then, so that a server, which has no log, knows what was published once and is not here now.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "publication.json"
VERSIONS = "versions.json"


@dataclass(frozen=True)
class Published:
    """A version, its date (ISO), and the days on which documents last changed.

    ``since`` is the day that holds for most documents; ``days`` has the others, by the IRI that a document is about.
    """

    version: str
    date: str
    since: str
    days: dict[str, str]

    @property
    def day(self) -> dt.date:
        """The day of the publication."""
        return dt.date.fromisoformat(self.date)

    def modified(self, iri: str) -> dt.date:
        """Return the day of the published release in which the document about ``iri`` last changed."""
        return dt.date.fromisoformat(self.days.get(iri, self.since))

    @classmethod
    def read(cls, folder: Path) -> Published | None:
        """Read it from a release folder; None for a work release."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        return None


@dataclass(frozen=True)
class Version:
    """A version of the log: its number, its date (ISO), the digest of its content."""

    version: str
    date: str
    digest: str


def read_versions(folder: Path) -> list[Version]:
    """Read the versions that the log had when a release was made; none where they were not written down."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        return [Version(**each) for each in json.loads((folder / VERSIONS).read_text(encoding="utf-8"))]
    return []


def write_versions(folder: Path, versions: Iterable[Version]) -> None:
    """Write the versions of the log into a release folder, whole or not at all."""
    rest = folder / f".{VERSIONS}"
    rest.write_text(json.dumps([asdict(each) for each in versions], indent=1) + "\n", encoding="utf-8")
    rest.replace(folder / VERSIONS)
