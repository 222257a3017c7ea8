"""``publication.json``: which published version a release is, and since when each of its documents is as it is.

It stands beside the manifest, outside the digest and outside the manifest's list of files: a release is published after
it was made. A release without it is a work release.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path

NAME = "publication.json"


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
