"""The label index of a release: one SQLite file with every named thing, made in the build, outside the digest.

    thing       id, IRI, kind, labels and context (JSON by language); ids go by kind, then by label
    kind        the classes; member says which things are of which class, superclasses included
    name        every name of a thing: labels, preferred and alternative labels, titles; ids go as those of things
    search      FTS5, a row for each name: its folded words, their stems, the classes of the thing
    spelled     FTS5 trigrams of every word that occurs (vocabulary), for names that are misspelt

Because ids lie in the order in which results are shown, the first rows of an FTS5 query are its best ones: nothing is
sorted, and a query ends at its limit. ``user_version`` is the last id of a thing that readers look for themselves.
:mod:`wijkengids.release.search` reads it. Why it is so: docs/besluiten/0015-zoeken.md.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad

from wijkengids.knowledge.enrich import supers
from wijkengids.model.iris import Base
from wijkengids.model.labels import labels, pick
from wijkengids.model.vocab import DCTERMS, KINDS, RDF_TYPE, RDFS_LABEL, SKOS
from wijkengids.model.words import Stemmer, words

NAME = "search.sqlite"
END = "$"
"""Stands behind the last word of a name, so that a whole name can be asked for."""
LONGEST_NAME = 64
"""Words of one name by which it can be found."""
_NAMES = (RDFS_LABEL, SKOS["prefLabel"], SKOS["altLabel"], SKOS["hiddenLabel"], DCTERMS["title"], DCTERMS["identifier"])
_CODE = "code"
"""Our property for the code of a CBS area, a name as well."""
_CONTEXT = ("ligtIn", "voertUitIn", "blijktUit", "beschrevenIn")
"""Properties that tell two things of one name apart, the first that there is."""
_LAST = frozenset({"cbs", "koppeling", "waarneming", "inzet", "periode", "geometrie", "bron"})
"""Kinds that say something about others, often by their name: behind all that readers look for themselves."""

_SCHEMA = f"""
CREATE TABLE kind (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, labels TEXT NOT NULL, things INTEGER NOT NULL);
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind INTEGER, labels TEXT, context TEXT);
CREATE TABLE member (kind INTEGER, thing INTEGER, PRIMARY KEY (kind, thing)) WITHOUT ROWID;
CREATE TABLE name (id INTEGER PRIMARY KEY, thing INTEGER NOT NULL, text TEXT NOT NULL, language TEXT, label INTEGER);
CREATE TABLE vocabulary (id INTEGER PRIMARY KEY, word TEXT NOT NULL);
CREATE VIRTUAL TABLE search USING fts5(
  words, stems, kinds, content='', columnsize=0, prefix='1 2 3', tokenize="ascii tokenchars '{END}'");
CREATE VIRTUAL TABLE spelled USING fts5(word, content='', columnsize=0, detail=none, tokenize='trigram');
"""


@dataclass
class _Thing:
    """What is known of one thing; ``labels`` are those that a reader sees, by language."""

    iri: str
    names: dict[tuple[str, str], None]
    labels: dict[str, str]
    classes: set[str]
    context: str = ""


def write_index(folder: Path, quads: Sequence[Quad], base: Base) -> None:
    """Write the index of the named things in the quads into a release folder.

    The same quads give the same bytes with the same version of SQLite. ``quads`` hold superclasses explicitly.
    """
    things = _things(quads, base)
    above = {name.value: {one.value for one in found} for name, found in supers(quads).items()}
    shown = {node.value: texts for node, texts in labels(q for q in quads if q.predicate == RDFS_LABEL).items()}
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA page_size=8192;")
        database.executescript(_SCHEMA)
        database.execute("BEGIN")
        kinds = _write_kinds(database, things, shown)
        _write_things(database, things, shown, kinds, above, base)
        occurring = _write_names(database, things, kinds)
        for number, word in enumerate(sorted(occurring), 1):
            database.execute("INSERT INTO vocabulary VALUES (?, ?)", (number, word))
            database.execute("INSERT INTO spelled(rowid, word) VALUES (?, ?)", (number, f"^{word}$"))
        leading = sum(_kind(thing, base) not in _LAST for thing in things)
        database.execute(f"PRAGMA user_version={leading}")
        database.execute("INSERT INTO search(search) VALUES ('optimize')")
        database.execute("INSERT INTO spelled(spelled) VALUES ('optimize')")
        database.execute("COMMIT")
        database.execute("VACUUM")


def _things(quads: Iterable[Quad], base: Base) -> list[_Thing]:
    """Return the named things in the order in which they are shown: by kind, then by Dutch label."""
    names: dict[str, set[tuple[int, bool, str, str]]] = defaultdict(set)
    classes: dict[str, set[str]] = defaultdict(set)
    contexts: dict[str, set[tuple[int, str]]] = defaultdict(set)
    by_rank = {base.term(name): rank for rank, name in enumerate(_CONTEXT)}
    naming = {predicate: rank for rank, predicate in enumerate((*_NAMES, base.term(_CODE)))}
    shapes = f"{base.iri}shapes"  # they bear the names of the classes that they are about
    for quad in quads:
        if not isinstance(quad.subject, NamedNode) or quad.subject.value.startswith(shapes):
            continue
        subject, value = quad.subject.value, quad.object
        if quad.predicate in naming and isinstance(value, Literal):
            language = value.language or ""
            names[subject].add((naming[quad.predicate], language != "nl", value.value, language))
        elif quad.predicate == RDF_TYPE and isinstance(value, NamedNode):
            classes[subject].add(value.value)
        elif quad.predicate in by_rank and isinstance(value, NamedNode):
            contexts[subject].add((by_rank[quad.predicate], value.value))
    found = []
    for iri, named in names.items():
        texts = dict.fromkeys((text, language) for _, _, text, language in sorted(named))
        own = {language: text for rank, _, text, language in sorted(named, reverse=True) if rank == 0}
        context = min(contexts[iri])[1] if iri in contexts else ""
        found.append(_Thing(iri, texts, own, classes[iri], context))
    return sorted(found, key=lambda thing: _order(thing, base))


def _order(thing: _Thing, base: Base) -> tuple[bool, int, list[str], str]:
    kind = _kind(thing, base)
    rank = KINDS.index(kind) if kind in KINDS else len(KINDS)
    return kind in _LAST, rank, words(pick(thing.labels, "nl") or next(iter(thing.names))[0]), thing.iri


def _kind(thing: _Thing, base: Base) -> str:
    return (base.ref(thing.iri) or "").partition("/")[0]


def _write_kinds(
    database: sqlite3.Connection, things: Iterable[_Thing], shown: dict[str, dict[str, str]]
) -> dict[str, int]:
    """Write the classes that occur; return IRI to id."""
    counted: dict[str, int] = defaultdict(int)
    for thing in things:
        for name in thing.classes:
            counted[name] += 1
    kinds = {iri: number for number, iri in enumerate(sorted(counted), 1)}
    rows = [(number, iri, _json(shown.get(iri, {})), counted[iri]) for iri, number in kinds.items()]
    database.executemany("INSERT INTO kind VALUES (?, ?, ?, ?)", rows)
    return kinds


def _write_things(
    database: sqlite3.Connection,
    things: Sequence[_Thing],
    shown: dict[str, dict[str, str]],
    kinds: dict[str, int],
    above: dict[str, set[str]],
    base: Base,
) -> None:
    """Write the things with the most specific of their classes, and all of their classes."""
    for number, thing in enumerate(things, 1):
        general = {name for one in thing.classes for name in above.get(one, ()) if name != one}
        special = sorted(thing.classes - general, key=lambda iri: (not iri.startswith(base.iri), iri))
        kind = kinds[special[0]] if special else None
        context = _json(shown.get(thing.context, {}))
        row = (number, thing.iri, kind, _json(thing.labels), context)
        database.execute("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", row)
    members = sorted((kinds[name], number) for number, thing in enumerate(things, 1) for name in thing.classes)
    database.executemany("INSERT INTO member VALUES (?, ?)", members)


def _write_names(database: sqlite3.Connection, things: Iterable[_Thing], kinds: dict[str, int]) -> set[str]:
    """Write the names and what they are found by; return all words that occur."""
    stemmed = _Stems()
    occurring: set[str] = set()
    for number, (at, thing, text, language) in enumerate(_each(things), 1):
        found = words(text)[:LONGEST_NAME]
        label = text == thing.labels.get(language)
        database.execute("INSERT INTO name VALUES (?, ?, ?, ?, ?)", (number, at, text, language, label))
        stems = [stem for word in found for stem in stemmed[word, language]]
        stems += ["".join(found)] if 1 < len(found) <= 3 else []  # 'velvelindenhof' finds Velve-Lindenhof
        ids = " ".join(str(kinds[name]) for name in sorted(thing.classes))
        row = (number, " ".join([*found, END]), " ".join(stems), ids)
        database.execute("INSERT INTO search(rowid, words, stems, kinds) VALUES (?, ?, ?, ?)", row)
        occurring.update(found)
    return occurring


def _each(things: Iterable[_Thing]) -> Iterator[tuple[int, _Thing, str, str]]:
    """Yield (id of the thing, thing, text, language) for each name."""
    for number, thing in enumerate(things, 1):
        for text, language in thing.names:
            yield number, thing, text, language


class _Stems(dict[tuple[str, str], list[str]]):
    """Word and language to its stems other than itself; each word is stemmed once."""

    def __init__(self) -> None:
        super().__init__()
        self._stemmer = Stemmer()

    def __missing__(self, key: tuple[str, str]) -> list[str]:
        word, language = key
        self[key] = sorted(self._stemmer.stems(word, language) - {word})
        return self[key]


def _json(texts: dict[str, Any]) -> str:
    return json.dumps(texts, ensure_ascii=False, sort_keys=True)
