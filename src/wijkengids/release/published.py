"""``publication.json``: which published version a release is, and since when each of its documents is as it is.

It stands beside the manifest, outside the digest and outside the manifest's list of files: a release is published after
it was made. A release without it is a work release.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

from wijkengids.knowledge.sources import Project
from wijkengids.release.folder import Releases, explained
from wijkengids.release.log import Publication, PublicationLog

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

    def modified(self, iri: str) -> dt.date:
        """Return the day of the published release in which the document about ``iri`` last changed."""
        return dt.date.fromisoformat(self.days.get(iri, self.since))

    @classmethod
    def read(cls, folder: Path) -> Published | None:
        """Read it from a release folder; None for a work release."""
        with contextlib.suppress(OSError, ValueError, TypeError):
            return cls(**json.loads((folder / NAME).read_text(encoding="utf-8")))
        return None


def mark(folder: Path, digest: str, log: PublicationLog) -> None:
    """Write down in a release folder which version of the log it is, if any."""
    entry = log.version_of(digest)
    if entry is None:
        return
    days: dict[str, str] = {}
    for each in log.entries:
        if each.order <= entry.order:
            days |= dict.fromkeys(each.documents, each.date)
    since = Counter(days.values()).most_common(1)[0][0] if days else entry.date
    others = {iri: day for iri, day in sorted(days.items()) if day != since}
    text = json.dumps(asdict(Published(entry.version, entry.date, since, others)), ensure_ascii=False, indent=1)
    rest = folder / f".{NAME}"
    rest.write_text(text + "\n", encoding="utf-8")
    rest.replace(folder / NAME)


def publish(project: Project, releases: Releases, version: str, day: str) -> Publication:
    """Make the current release a numbered one, in the log and in its folder, and let servers notice."""
    release = releases.current()
    entry = PublicationLog.of(project).publish(release, version, day)
    with explained(release.folder):
        mark(release.folder, release.manifest.digest, PublicationLog.of(project))
        releases.switch(release.name)
    return entry
