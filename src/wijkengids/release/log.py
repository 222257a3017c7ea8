"""The log of published releases, ``data/uitgaven/*.json``: in git, so every clone and every replica has one history.

One file per version: version, date, digest and base of the content, and which resources were added, changed and
deleted since the version before it, each with the SHA-256 of its canonical N-Quads; and which documents changed.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from wijkengids.errors import CannotRun, WrongUse
from wijkengids.knowledge.sources import Project
from wijkengids.release.folder import Release, explained
from wijkengids.release.hashes import Content

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


@dataclass(frozen=True)
class Publication:
    """One published version.

    The first three maps give the resource's IRI and the SHA-256 of what is (was) said of it. ``documents`` gives the
    same of each document that changed: more than the resource itself, for a document also shows what links to it.
    """

    version: str
    date: str
    digest: str
    base: str
    added: dict[str, str]
    changed: dict[str, str]
    deleted: dict[str, str]
    documents: dict[str, str]

    @property
    def order(self) -> tuple[int, ...]:
        """The version as numbers, to sort by."""
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True)
class PublicationLog:
    """All publications, oldest first, in the folder where they are kept."""

    folder: Path
    entries: tuple[Publication, ...]

    @classmethod
    def of(cls, project: Project) -> PublicationLog:
        """Read the log of a project; CannotRun names a file that cannot be read."""
        folder = project.root / "data" / "uitgaven"
        entries = []
        for path in sorted(folder.glob("*.json")):
            try:
                entries.append(Publication(**json.loads(path.read_text(encoding="utf-8"))))
            except (ValueError, TypeError) as error:
                raise CannotRun(
                    f"{project.name(path)} is geen geldige uitgave in het logboek ({error}). Haal haar terug uit git.",
                    f"{project.name(path)} is no valid entry of the publication log ({error}). Restore it from git.",
                ) from error
        return cls(folder, tuple(sorted(entries, key=lambda entry: entry.order)))

    def digests(self) -> set[str]:
        """Return the digests of all published versions."""
        return {entry.digest for entry in self.entries}

    def version_of(self, digest: str) -> Publication | None:
        """Return the last publication with this digest."""
        return next((entry for entry in reversed(self.entries) if entry.digest == digest), None)

    def state(self) -> dict[str, str]:
        """Return resource to hash as of the last publication, by playing the log."""
        state: dict[str, str] = {}
        for entry in self.entries:
            state |= entry.added | entry.changed
            for iri in entry.deleted:
                state.pop(iri, None)
        return state

    def documents(self) -> dict[str, str]:
        """Return document to hash as of the last publication; what is gone since is still in it."""
        return {iri: value for entry in self.entries for iri, value in entry.documents.items()}

    def publish(self, release: Release, version: str, day: str) -> Publication:
        """Append a release to the log as ``version`` of ``day`` (ISO date) and return the entry.

        :class:`WrongUse` where version or date do not follow the last entry, or nothing has changed since.
        """
        self._refuse(release, version, day)
        before, shown = self.state(), self.documents()
        content = Content.of(release)
        now, shows = content.resources(), content.documents(release.manifest.base)
        entry = Publication(
            version=version,
            date=day,
            digest=release.manifest.digest,
            base=release.manifest.base,
            added={iri: value for iri, value in now.items() if iri not in before},
            changed={iri: value for iri, value in now.items() if iri in before and before[iri] != value},
            deleted={iri: value for iri, value in sorted(before.items()) if iri not in now},
            documents={iri: value for iri, value in shows.items() if shown.get(iri) != value},
        )
        with explained(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            path = self.folder / f"{version}.json"
            rest = path.with_suffix(".json.nieuw")
            rest.write_text(json.dumps(asdict(entry), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            rest.replace(path)
        return entry

    def _refuse(self, release: Release, version: str, day: str) -> None:
        if not _VERSION.fullmatch(version):
            raise WrongUse(
                f"'{version}' is geen versie: geef drie getallen met punten, bijvoorbeeld 1.0.0.",
                f"'{version}' is not a version: give three numbers with dots, for example 1.0.0.",
            )
        try:
            date.fromisoformat(day)
        except ValueError:
            raise WrongUse(
                f"'{day}' is geen datum: schrijf jjjj-mm-dd, bijvoorbeeld 2026-11-23.",
                f"'{day}' is not a date: write yyyy-mm-dd, for example 2026-11-23.",
            ) from None
        if not self.entries:
            return
        last = self.entries[-1]
        if tuple(int(part) for part in version.split(".")) <= last.order or day < last.date:
            raise WrongUse(
                f"De laatste uitgave is {last.version} van {last.date}: geef een hogere versie en geen eerdere datum.",
                f"The last release is {last.version} of {last.date}: give a higher version and no earlier date.",
            )
        if release.manifest.base != last.base:
            raise WrongUse(
                f"De huidige uitgave heeft basis {release.manifest.base}, de gepubliceerde {last.base}. Bouw opnieuw"
                " zonder --base.",
                f"The current release has base {release.manifest.base}, the published ones {last.base}. Build again"
                " without --base.",
            )
        if release.manifest.digest == last.digest:
            raise WrongUse(
                f"Er is niets veranderd sinds {last.version}: de inhoud heeft dezelfde digest.",
                f"Nothing has changed since {last.version}: the content has the same digest.",
            )
