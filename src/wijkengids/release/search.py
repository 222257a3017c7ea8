"""Search in the label index of a release: exact names first, then beginnings, words, and names misspelt.

Every query is bounded in words, in rows and in time; what was typed reaches FTS5 only as folded words between quotes.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from wijkengids.model.words import Stemmer, words
from wijkengids.release.index import END, LONGEST_NAME

MOST = 1000
"""Names that one query looks at: more results than this are not counted."""
MOST_WORDS = 8
"""Words of a query that count, where it is no name or beginning of one."""
PATIENCE = 0.5
"""Seconds after which a query ends with what it has found."""
_NEAR = 50_000
"""Words of the vocabulary that share a trigram with one that was typed; the spelling distance decides."""
_SHORT = 4
"""Characters of a word of which the beginning alone may be misspelt: more than this."""
_SPELLINGS = 12
"""Spellings of one word that are searched."""
_ENOUGH = 3
"""Found by words: with as many, nothing is taken for a misspelling."""
_STEPS = 2000
"""Steps of SQLite's machine between two looks at the clock."""

How = Literal["exact", "prefix", "words", "spelling"]


@dataclass(frozen=True, eq=False)
class Kind:
    """A class: its IRI, its labels by language, and how many named things are of it."""

    iri: str
    labels: dict[str, str]
    things: int


@dataclass(frozen=True)
class Thing:
    """A named thing: its labels and those of what tells it from others of its name, by language; its main class."""

    iri: str
    labels: dict[str, str]
    context: dict[str, str]
    kind: Kind | None


@dataclass(frozen=True)
class Hit:
    """A thing found, and the name that it was found by, with its language; ``label``: that name is a label of it."""

    thing: Thing
    matched: str
    language: str
    label: bool
    how: How


@dataclass(frozen=True)
class Found:
    """The best hits, at most as many as were asked for; of ``total`` things, or of more where not ``all``.

    ``kinds`` counts the things found by their main class, in the same order.
    """

    hits: list[Hit]
    total: int
    all: bool
    kinds: dict[Kind, int]


class Index:
    """The index in a release folder, read-only; every thread has a connection of its own.

    ``kinds`` are the classes that named things have, by IRI.
    """

    def __init__(self, path: Path) -> None:
        """Open the index in a file; sqlite3.Error where it is missing or damaged."""
        self._address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._local = threading.local()
        self._stemmer = Stemmer()
        ((self._leading,),) = self._rows("PRAGMA user_version")
        self.kinds = {kind.iri: kind for kind in self._kinds.values()}  # read now: damage shows at once

    @cached_property
    def _kinds(self) -> dict[int, Kind]:
        rows = self._rows("SELECT id, iri, labels, things FROM kind")
        return {number: Kind(iri, json.loads(texts), things) for number, iri, texts, things in rows}

    @cached_property
    def _vocabulary(self) -> list[str]:
        """The words that occur; the one with id 1 first. In memory: to rank by bm25 took ten times as long."""
        return [word for (word,) in self._rows("SELECT word FROM vocabulary ORDER BY id")]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {kind.iri: number for number, kind in self._kinds.items()}

    def thing(self, iri: str) -> Thing | None:
        """Return a thing by its IRI; None where it has no name."""
        found = self._things("SELECT * FROM thing WHERE iri = ?", iri)
        return found[0] if found else None

    def members(self, kind: str, limit: int) -> list[Thing]:
        """Return the first things of a class, by Dutch label."""
        select = "SELECT thing.* FROM member JOIN thing ON thing.id = member.thing WHERE member.kind = ?"
        return self._things(f"{select} ORDER BY member.thing LIMIT ?", self._ids.get(kind, 0), limit)

    def named(self, text: str, kind: str, limit: int, whole: bool) -> list[Hit]:
        """Return things of a class by name, folded: the ``whole`` name, or a beginning of it."""
        typed = words(text)[:LONGEST_NAME]
        if not typed or kind not in self._ids:
            return []
        asked = _exact(typed) if whole else _prefix(typed)
        how: How = "exact" if whole else "prefix"
        return self._hits(self._matches(asked, kind, limit), how)

    def search(self, text: str, kind: str | None = None, limit: int = 20) -> Found:
        """Return what a text finds, of one class (its IRI) or of any."""
        typed = words(text)[:LONGEST_NAME]
        if not typed or (kind is not None and kind not in self._ids):
            return Found([], 0, True, {})
        best: dict[int, tuple[int, How]] = {}
        all_seen = True
        until = time.monotonic() + PATIENCE
        self._database.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        try:
            for how, asked, most in self._tiers(typed, limit):
                rows = self._matches(asked, kind, most)
                for thing, name in rows:
                    best.setdefault(thing, (name, how))
                all_seen = len(rows) < MOST
            if len(best) < _ENOUGH and not any(how == "exact" for _, how in best.values()):
                for thing, name in self._misspelt(typed[:MOST_WORDS], kind):
                    best.setdefault(thing, (name, "spelling"))
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            all_seen = False
        finally:
            self._database.set_progress_handler(None, 0)
        # what says something about others comes behind all that readers look for, unless this is its very name
        chosen = sorted(best.items(), key=lambda found: found[1][1] != "exact" and found[0] > self._leading)[:limit]
        hits = [hit for thing, (name, how) in chosen for hit in self._hits([(thing, name)], how)]
        return Found(hits, len(best), all_seen, self._counts(best))

    def _counts(self, things: Iterable[int]) -> dict[Kind, int]:
        """Count things by their main class, in the order of results."""
        select = "SELECT kind, count(*) FROM thing WHERE id IN (SELECT value FROM json_each(?))"
        rows = self._rows(f"{select} GROUP BY kind ORDER BY min(id)", json.dumps(list(things)))
        return {self._kinds[number]: count for number, count in rows if number is not None}

    def _tiers(self, typed: Sequence[str], limit: int) -> list[tuple[How, str, int]]:
        """Return how names may match, best first, and how many names to look at; each takes in those before it."""
        *others, last = typed[:MOST_WORDS]
        either = [*map(self._like, others), f"({self._like(last)} OR words : {_quoted([last])} *)"]
        asked = " AND ".join(either)
        if 1 < len(typed) <= 3:  # 'poelen burg'
            asked = f"({asked}) OR words : {_quoted([''.join(typed)])} *"
        return [("exact", _exact(typed), limit), ("prefix", _prefix(typed), 4 * limit), ("words", asked, MOST)]

    def _like(self, word: str) -> str:
        """Return the expression for a word, or another with its stem."""
        forms = {word, *self._stemmer.stems(word, "nl"), *self._stemmer.stems(word, "en")}
        return f"{{words stems}} : ({' OR '.join(_quoted([form]) for form in sorted(forms))})"

    def _misspelt(self, typed: Sequence[str], kind: str | None) -> list[tuple[int, int]]:
        """Return (thing, name) of names with words that are spelt almost so, the nearest first."""
        spellings = [self._spellings(word, word is typed[-1]) for word in typed]
        if not all(spellings):
            return []
        asked = " AND ".join(f"words : ({' OR '.join(_quoted([word]) for word in each)})" for each in spellings)
        rows = self._rows(
            "SELECT name.thing, name.id, name.text FROM search JOIN name ON name.id = search.rowid"
            " WHERE search MATCH ? ORDER BY search.rowid LIMIT ?",
            self._of_kind(asked, kind),
            MOST,
        )
        far = []
        for thing, name, text in rows:
            there = words(text)
            distances = [min((far for word, far in each.items() if word in there), default=0) for each in spellings]
            far.append((sum(distances), name, thing))
        return [(thing, name) for _, name, thing in sorted(far)]

    def _spellings(self, word: str, last: bool) -> dict[str, float]:
        """Return the words that occur and are spelt almost as ``word``, with their distance, the nearest first.

        Of the ``last`` word the rest may still have to be typed.
        """
        most = 0 if len(word) < 4 else 1 if len(word) < 8 else 2 if len(word) < 12 else 3
        padded = f"^{word}$"
        grams = sorted({padded[at : at + 3] for at in range(len(padded) - 2)})
        asked = " OR ".join(_quoted([gram]) for gram in grams)
        rows = self._rows("SELECT rowid FROM spelled WHERE spelled MATCH ? LIMIT ?", asked, _NEAR)
        near = [self._vocabulary[number - 1] for (number,) in rows]
        whole = extract(word, near, scorer=OSA.distance, score_cutoff=most, limit=_SPELLINGS)
        found: dict[str, float] = {like: far for like, far, _at in whole}
        if last and len(word) > _SHORT:
            begun = [like[: len(word)] for like in near]
            for _like, far, at in extract(word, begun, scorer=OSA.distance, score_cutoff=most, limit=_SPELLINGS):
                found.setdefault(near[at], far + 0.5)
        return dict(sorted(found.items(), key=lambda pair: (pair[1], pair[0]))[:_SPELLINGS])

    def _matches(self, asked: str, kind: str | None, limit: int) -> list[tuple[int, int]]:
        """Return (thing, name) of the first names that an expression finds."""
        select = "SELECT name.thing, name.id FROM search JOIN name ON name.id = search.rowid WHERE search MATCH ?"
        return self._rows(f"{select} ORDER BY search.rowid LIMIT ?", self._of_kind(asked, kind), limit)

    def _of_kind(self, asked: str, kind: str | None) -> str:
        return asked if kind is None else f'kinds : "{self._ids[kind]}" AND ({asked})'

    def _hits(self, matches: Iterable[tuple[int, int]], how: How) -> list[Hit]:
        """Return each thing with the name that it was found by."""
        found = []
        for thing, name in matches:
            ((text, language, label),) = self._rows("SELECT text, language, label FROM name WHERE id = ?", name)
            (of,) = self._things("SELECT * FROM thing WHERE id = ?", thing)
            found.append(Hit(of, text, language, bool(label), how))
        return found

    def _things(self, select: str, *values: object) -> list[Thing]:
        return [
            Thing(iri, json.loads(labels), json.loads(context), self._kinds.get(kind))
            for _, iri, kind, labels, context in self._rows(select, *values)
        ]

    @property
    def _database(self) -> sqlite3.Connection:
        if not hasattr(self._local, "database"):
            self._local.database = sqlite3.connect(self._address, uri=True)
        found: sqlite3.Connection = self._local.database
        return found

    def _rows(self, select: str, *values: object) -> list[tuple[Any, ...]]:
        return self._database.execute(select, values).fetchall()


def _quoted(some: Sequence[str]) -> str:
    """Return folded words as a phrase of FTS5; a folded word holds no quote."""
    return '"' + " ".join(some) + '"'


def _exact(typed: Sequence[str]) -> str:
    return f"words : ^ {_quoted([*typed, END])}"


def _prefix(typed: Sequence[str]) -> str:
    return f"words : ^ {_quoted(typed)} *"
