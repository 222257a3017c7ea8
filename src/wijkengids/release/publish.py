"""Publishing: the current release becomes a numbered one, in the log and in its own folder."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from wijkengids.knowledge.sources import Project
from wijkengids.release.folder import Releases, explained
from wijkengids.release.log import Publication, PublicationLog
from wijkengids.release.published import NAME, Published, Version, write_versions


def mark(folder: Path, digest: str, log: PublicationLog) -> None:
    """Write down in a release folder which versions there are, and which of them it is, if any."""
    if log.entries:
        write_versions(folder, [Version(each.version, each.date, each.digest) for each in log.entries])
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
    with releases.writing():  # no build may switch or prune meanwhile
        release = releases.current()
        entry = PublicationLog.of(project).publish(release, version, day)
        with explained(release.folder):
            mark(release.folder, release.manifest.digest, PublicationLog.of(project))
            releases.switch(release.name)
    return entry
