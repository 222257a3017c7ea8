"""The Oxigraph store of a release: written once into a fresh folder, read by any number of processes."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import time
import weakref
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from wijkengids.errors import CannotRun
from wijkengids.knowledge.questions import Question, read_question
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDF_TYPE
from wijkengids.release.catalogue import GRAPH as CATALOGUE
from wijkengids.release.folder import Release, Releases
from wijkengids.release.index import NAME as INDEX
from wijkengids.release.index import write_index
from wijkengids.release.published import Published
from wijkengids.release.search import Index
from wijkengids.release.terms import Terms, read_terms
from wijkengids.release.void import read_void, void


def write_store(folder: Path, quads: list[Quad]) -> None:
    """Bulk-load the quads into a new store: the named graphs, and their merge as the default graph.

    Everything that a default query sees lies in the default graph (a union over named graphs is slower). The store is
    closed when this returns. No ``optimize()``: after a bulk load into a fresh folder it gains nothing.
    """
    store = Store(str(folder))
    store.bulk_extend(quads)
    store.bulk_extend([Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in quads])
    store.flush()
    del store


@dataclass(frozen=True)
class OpenRelease:
    """A release with its store open for trusted look-ups: bounded work on one resource, in this process."""

    release: Release
    store: Store

    @classmethod
    def open(cls, release: Release) -> OpenRelease:
        """Open a release read-only; CannotRun where its store is damaged."""
        try:
            opened = cls(release, Store.read_only(str(release.store)))
            # the store opens files when it reads: look at something, so that damage shows now
            next(opened.store.quads_for_pattern(None, RDF_TYPE, opened.base.term("Gids"), None), None)
            _ = opened.terms, opened.published, opened.index  # read now, not by the first clients all at once
            return opened
        except (OSError, RuntimeError, sqlite3.Error) as error:
            raise CannotRun(
                f"De opslag van uitgave {release.name} is beschadigd: {error}. Ga terug met: wijkengids rollback, of"
                " maak haar opnieuw met: wijkengids build",
                f"The store of release {release.name} is damaged: {error}. Go back with: wijkengids rollback, or make"
                " it again with: wijkengids build",
            ) from error

    @cached_property
    def base(self) -> Base:
        """The base under which this release publishes."""
        return Base(self.release.manifest.base)

    def modified(self, iri: str) -> date | None:
        """Return the day of the published release in which the document about ``iri`` last changed; None if unknown."""
        if self.published is None:
            return None
        catalogue = self.base.graph(CATALOGUE)
        if next(self.store.quads_for_pattern(NamedNode(iri), None, None, catalogue), None) is not None:
            found = self.published.day  # files and checksums are new in each release
        else:
            found = self.published.modified(iri)
        return found if found <= datetime.now(UTC).date() else None  # no answer is older than what it holds

    @cached_property
    def published(self) -> Published | None:
        """The version that this release is; None for a work release."""
        return Published.read(self.release.folder)

    @cached_property
    def terms(self) -> Terms:
        """Name and shape of every term; read from the store where the release is of before they were written."""
        try:
            return Terms.read(self.release.folder)
        except FileNotFoundError:
            return read_terms(list(self.store.quads_for_pattern(None, None, None, DefaultGraph())), self.base)

    @cached_property
    def index(self) -> Index:
        """The index of names; made now, in a folder of its own, where the release is of before it was written."""
        if (self.release.folder / INDEX).exists():
            return Index(self.release.folder / INDEX)
        folder = Path(tempfile.mkdtemp(prefix="wijkengids-"))
        write_index(folder, list(self.store.quads_for_pattern(None, None, None, DefaultGraph())), self.base)
        made = Index(folder / INDEX)
        weakref.finalize(made, shutil.rmtree, folder, ignore_errors=True)
        return made

    @property
    def void(self) -> list[Quad]:
        """What is in the release, counted; counted now where the release is of before that was written."""
        found = read_void(self.release.folder)
        if found is None:
            apart = {DefaultGraph(), self.base.graph(CATALOGUE)}
            quads = self.store.quads_for_pattern(None, None, None, None)
            found = list(void([quad for quad in quads if quad.graph_name not in apart], self.base))
        return found

    @cached_property
    def questions(self) -> dict[str, Question]:
        """The questions of this release by name, in order of their number."""
        paths = (self.release.folder / "queries").glob("*.rq")
        found = [read_question(path.stem, path.read_text(encoding="utf-8")) for path in paths]
        return {question.name: question for question in sorted(found, key=lambda q: (q.number, q.name))}


_RETRY = 5.0
"""Seconds after which a release that would not open is tried again."""


class Follower:
    """Follows ``current``: gives the open release of this moment, opening a new one when the link has moved.

    Who holds an :class:`OpenRelease` keeps it whole until done, so no answer mixes two releases. Where the new one
    cannot be opened (deleted, half copied), the last good one stays in use and ``trouble`` says why.
    """

    def __init__(self, releases: Releases) -> None:
        self.releases = releases
        self.trouble: CannotRun | None = None
        self._lock = threading.Lock()
        self._seen: object = None
        self._open: OpenRelease | None = None
        self._failed: object = None
        self._retry_at = 0.0

    def get(self) -> OpenRelease:
        """Return the open current release; CannotRun where there never was one that opens."""
        switch = self.releases.last_switch()  # looked at for each request: about a microsecond
        if switch == self._seen and self._open is not None:
            return self._open
        held = self._open
        if not self._lock.acquire(blocking=held is None) and held is not None:
            return held  # another thread opens the new one; until it has, the old one is right
        try:
            if self._open is None or switch != self._seen:
                self._open = self._follow(switch, self._open)
            return self._open
        finally:
            self._lock.release()

    def _follow(self, switch: object, held: OpenRelease | None) -> OpenRelease:
        """Open what ``current`` points to; where that fails, stay with what is held and try again later."""
        if held is not None and switch == self._failed and time.monotonic() < self._retry_at:
            return held
        try:
            opened = OpenRelease.open(self.releases.current())
        except CannotRun as error:
            if held is None:
                raise
            self.trouble, self._failed, self._retry_at = error, switch, time.monotonic() + _RETRY
            return held
        self._open = opened  # before what says that it has been seen
        self._seen, self.trouble = switch, None
        return opened
