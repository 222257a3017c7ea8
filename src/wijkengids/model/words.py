"""Texts as a search sees them: folded words (case, diacritics and hyphens gone) and their stems, Dutch and English."""

from __future__ import annotations

import re
import threading
import unicodedata

import snowballstemmer

LONGEST = 40
"""Characters of a word that count."""

_WORD = re.compile(r"[^\W_]+")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ı": "i"})
"""Letters that Unicode does not take apart."""
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019](?=\w)")
_STEMMERS = {"nl": ("dutch", "dutch_porter"), "en": ("english",)}
"""Two for Dutch: each misses plurals that the other knows (docs/besluiten/0015-zoeken.md)."""


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded: "'s-Gravenhage" is ['s', 'gravenhage'], "één" is ['een'].

    An apostrophe within a word goes: "foto's" is ['fotos'].
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = _APOSTROPHE.sub("", plain.casefold().translate(_LETTERS))
    return [word[:LONGEST] for word in _WORD.findall(unicodedata.normalize("NFKC", plain))]


class Stemmer(threading.local):
    """Snowball's stemmers; some of its own for every thread, for a stemmer works on state in itself."""

    def __init__(self) -> None:
        self._stemmers = {code: [snowballstemmer.stemmer(n) for n in names] for code, names in _STEMMERS.items()}

    def stems(self, word: str, language: str) -> set[str]:
        """Return the stems of a folded word: by the English rules for 'en', else by the Dutch ones."""
        return {stemmer.stemWord(word) for stemmer in self._stemmers["en" if language == "en" else "nl"]}
