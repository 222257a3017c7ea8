"""How long a search takes in an index of 100 000 names and more: ``python -m tests.bench_search [--triples 1000000]``.

Two indexes: of a generated guide (many names of few words), and of 100 000 names of made-up words (few names of many
words). Each sort of query is asked 200 times in a fixed order, of any kind and with 20 results; times in milliseconds.
"""

from __future__ import annotations

import argparse
import sqlite3
import string
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

from pyoxigraph import DefaultGraph, Literal, Quad

from tests.generator import published
from wijkengids.model.iris import Base
from wijkengids.model.vocab import RDF_TYPE, RDFS_LABEL
from wijkengids.release.index import NAME, write_index
from wijkengids.release.search import Index

_TIMES = 200
_BASE = Base()


def made_up(number: int, random: Random) -> Iterator[Quad]:
    """Yield wijken with names of words that nobody knows, and some that all do."""
    starts, vowels, ends = (
        ["b", "br", "d", "g", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "sch", "t", "v", "w", "z"],
        ["a", "aa", "e", "ee", "i", "ie", "o", "oe", "u", "ij"],
        "lnrstmk",
    )
    parts = [a + v + e for a in starts for v in vowels for e in ends]
    rare = ["".join(random.choices(parts, k=random.choice((2, 2, 3)))) for _ in range(60_000)]
    common = ["wijk", "buurt", "de", "van", "oost", "west", "noord", "zuid", "centrum", "aanpak"]
    for at in range(number):
        size = random.choice((1, 2, 2, 3, 4))
        words = [random.choice(common if random.random() < 0.4 else rare) for _ in range(size)]
        iri = _BASE.resource("wijk", f"w{at}")
        yield Quad(iri, RDF_TYPE, _BASE.term("Wijk"), DefaultGraph())
        yield Quad(iri, RDFS_LABEL, Literal(" ".join(words), language="nl"), DefaultGraph())


def misspelt(word: str, random: Random) -> str:
    """Return a word with one letter dropped or changed."""
    if len(word) < 5:
        return word
    at = random.randrange(1, len(word) - 1)
    return word[:at] + random.choice(["", random.choice(string.ascii_lowercase)]) + word[at + 1 :]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def measure(title: str, quads: list[Quad]) -> None:
    """Write an index and print how long that took, and how long each sort of query."""
    random = Random(3)
    sorts = {
        "exact": lambda name: name,
        **{f"first {n}": lambda name, n=n: name[:n] for n in (1, 2, 4)},
        "two words": lambda name: " ".join(random.sample(name.split(), min(2, len(name.split())))),
        "misspelt": lambda name: " ".join(misspelt(word, random) for word in name.split()),
    }
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        write_index(Path(folder), quads, _BASE)
        took, file = time.perf_counter() - start, Path(folder) / NAME
        with closing(sqlite3.connect(file)) as database:
            names = [text for (text,) in database.execute("SELECT text FROM name WHERE language = 'nl' ORDER BY id")]
        _say(f"{title}: {len(names)} Dutch names, written in {took:.1f} s, {file.stat().st_size / 1e6:.1f} MB")
        index = Index(file)
        index.search("begin")
        for sort, ask in sorts.items():
            times = []
            for _ in range(_TIMES):
                text = ask(random.choice(names))
                start = time.perf_counter()
                index.search(text)
                times.append((time.perf_counter() - start) * 1000)
            times.sort()
            _say(f"  {sort:10} p50 {times[_TIMES // 2]:6.2f}   p99 {times[_TIMES * 99 // 100]:6.2f}")


def main() -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000)
    measure("generated guide", list(published(parser.parse_args().triples)))
    measure("made-up words", list(made_up(100_000, Random(5))))


if __name__ == "__main__":
    main()
