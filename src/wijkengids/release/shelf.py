"""The releases that can be asked for by name: published versions and work releases, on disk or known to be gone."""

from __future__ import annotations

import contextlib
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from wijkengids.errors import CannotRun
from wijkengids.release.folder import Release, Releases
from wijkengids.release.published import Published, read_versions
from wijkengids.release.store import OpenRelease

_OPEN = 4
"""Older releases that stay open in a web process; each costs file handles, and memory for the names of its terms."""

_DIGEST = re.compile(r"[0-9a-f]{12,64}")
"""A content digest or the beginning of one, long enough to be no accident."""


@dataclass(frozen=True)
class Edition:
    """A release by the name under which it is cited: a version with its date (ISO), else the digest of its content.

    ``version`` and ``date`` are '' for a work release. ``name`` and ``built`` (UTC) are of its folder, and '' for a
    version that is known from the log but is not on this disk.
    """

    digest: str
    version: str = ""
    date: str = ""
    name: str = ""
    built: str = ""

    @classmethod
    def of(cls, opened: OpenRelease) -> Edition:
        """Return what an open release is cited as."""
        return _edition(opened.release, opened.published)

    @property
    def ref(self) -> str:
        """What stands for it in a URL."""
        return self.version or self.digest

    @property
    def order(self) -> tuple[bool, tuple[int, ...], str]:
        """What to sort by: versions by number, after them work releases by when they were made."""
        return not self.version, tuple(int(part) for part in re.findall(r"[0-9]+", self.version)), self.name


def _edition(release: Release, published: Published | None) -> Edition:
    version, date = (published.version, published.date) if published is not None else ("", "")
    return Edition(release.manifest.digest, version, date, release.name, release.manifest.built)


class Shelf:
    """All editions of a folder of releases, and the few older ones that are open. For any number of threads."""

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self._lock = threading.Lock()
        self._seen: object = None
        self._editions: tuple[Edition, ...] = ()
        self._open: OrderedDict[Edition, OpenRelease] = OrderedDict()

    def editions(self) -> tuple[Edition, ...]:
        """Return what there is, newest first, those that are gone among them; read again when the folder changed."""
        seen = self.releases.names(), self.releases.last_switch()
        with self._lock:
            if seen != self._seen:
                self._editions, self._seen = self._read(seen[0]), seen
                there = set(self._editions)
                for edition in [edition for edition in self._open if edition not in there]:
                    del self._open[edition]
            return self._editions

    def find(self, text: str) -> Edition | None:
        """Return the edition of a version, or of a digest or a beginning of 12 digits that only one release has."""
        editions = self.editions()
        if not _DIGEST.fullmatch(text):
            return next((edition for edition in editions if edition.version == text != ""), None)
        found = [edition for edition in editions if edition.digest.startswith(text)]
        return found[0] if len({edition.digest for edition in found}) == 1 else None

    def open(self, edition: Edition, current: OpenRelease) -> OpenRelease:
        """Return an edition that is on disk, open; CannotRun where it is damaged."""
        if edition.name == current.release.name:
            return current
        with self._lock:
            opened = self._open.pop(edition, None) or OpenRelease.open(self.releases.read(edition.name))
            self._open[edition] = opened  # the last one asked for comes last
            while len(self._open) > _OPEN:
                self._open.popitem(last=False)
            return opened

    def _read(self, names: list[str]) -> tuple[Edition, ...]:
        current = self.releases.current_name()
        by_digest: dict[str, Edition] = {}
        versions: dict[str, Edition] = {}
        for name in sorted(names, key=lambda name: (name == current, name)):  # of equal content the last one counts
            with contextlib.suppress(CannotRun):
                release = self.releases.read(name)
                for each in read_versions(release.folder):
                    versions[each.version] = Edition(each.digest, each.version, each.date)
                found = _edition(release, Published.read(release.folder))
                by_digest[found.digest] = found
                if found.version:
                    versions[found.version] = found
        for version, known in versions.items():
            there = by_digest.get(known.digest)
            if there is not None:
                versions[version] = replace(known, name=there.name, built=there.built)
        published = {edition.digest for edition in versions.values()}
        work = [edition for digest, edition in by_digest.items() if digest not in published]
        return tuple(sorted([*versions.values(), *work], key=lambda edition: edition.order, reverse=True))
