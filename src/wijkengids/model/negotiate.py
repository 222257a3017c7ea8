"""Content negotiation: which of the representations on offer a client wants most.

Everything here is a pure function of what a URL offers and what a client's headers say, so the Flask routes and the
frozen layer decide alike. Header values are parsed by werkzeug.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NamedTuple

from werkzeug.datastructures import Accept, LanguageAccept, MIMEAccept
from werkzeug.http import parse_accept_header

from wijkengids.model.formats import HTML, Format

LANGUAGES = ("nl", "en")
CODINGS = ("br", "zstd", "gzip")
"""Content codings, the one that we would rather send first."""

_LONGEST = 512
"""Characters of a header value up to which a decision is remembered; the values are the client's, the memory ours."""
_PROFILE = re.compile(r"<([^<>]*)>([^,<]*)")


class Wishes(NamedTuple):
    """What a client says it wants: the header values as they came, None where one is missing."""

    accept: str | None
    language: str | None
    profile: str | None


class Choice(NamedTuple):
    """One representation: its format, its profile (IRI, or '' where there is but one) and its language ('' if none)."""

    format: Format
    profile: str
    language: str


@dataclass(frozen=True, eq=False)
class Offers:
    """What one URL can answer with.

    ``profiles`` pairs the IRI of each profile with the formats that it comes in, the default first. What the URL
    itself already fixes is not open to ``Accept`` or ``Accept-Profile``; ``language`` is what ``?lang=`` fixed, or ''.
    ``spoken`` are the formats that exist in each language.
    """

    profiles: tuple[tuple[str, tuple[Format, ...]], ...]
    open_format: bool = True
    open_profile: bool = False
    language: str = ""
    spoken: tuple[Format, ...] = (HTML,)

    @cached_property
    def vary(self) -> str:
        """The request headers that this URL negotiates on."""
        speaks = any(f in self.spoken for _, formats in self.profiles for f in formats) and not self.language
        axes = {"Accept": self.open_format, "Accept-Profile": self.open_profile, "Accept-Language": speaks}
        return ", ".join([*(name for name, is_open in axes.items() if is_open), "Accept-Encoding"])


def offer(*formats: Format) -> Offers:
    """Return the offers of a URL with one profile and these formats, all open to Accept."""
    return Offers((("", formats),))


NOTHING = Offers((), open_format=False)
"""The offers of a URL that only ever answers one thing, such as a redirect."""


def choose(offers: Offers, wishes: Wishes) -> Choice | None:
    """Return the representation that a client wants most, or None if none is acceptable (406).

    A profile that is not on offer is no reason to refuse: the default is given, as with a language.
    """
    if sum(len(value) for value in wishes if value) > _LONGEST:
        return _choose(offers, wishes)
    return _remembered(offers, wishes)


def _choose(offers: Offers, wishes: Wishes) -> Choice | None:
    for name, formats in _by_preference(offers, wishes.profile):
        best = negotiate(wishes.accept, formats) if offers.open_format else formats[0]
        if best is not None:
            language = (offers.language or negotiate_language(wishes.language)) if best in offers.spoken else ""
            return Choice(best, name, language)
    return None


_remembered = lru_cache(maxsize=4096)(_choose)


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the best of ``offers`` for an Accept header, or None if none is acceptable (406).

    No header, or an empty one, accepts everything: the first offer. On equal quality the earlier offer wins. Media
    type parameters other than q (charset, profile) play no part: werkzeug would let them hide a match.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges: dict[str, float] = {}
    for value, q in parse_accept_header(accept, MIMEAccept):
        ranges.setdefault(value.partition(";")[0].strip().lower(), q)
    types = {offer.media_type for offer in offers}
    best, most = None, (0.0, 0)
    for offer in offers:
        named = [(ranges[alias], 2) for alias in offer.aliases if alias in ranges and alias not in types]
        worth = max([_worth(offer.media_type, ranges), *named])
        if worth[0] > 0 and worth > most:
            best, most = offer, worth
    return best


def _worth(media_type: str, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Return the q of the most specific range that matches a type (RFC 9110, 12.5.1), and how specific that is."""
    for specific, name in ((3, media_type), (1, media_type.partition("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], specific
    return 0.0, 0


def negotiate_language(header: str | None) -> str:
    """Return 'nl' or 'en' for an Accept-Language header; Dutch where it names neither.

    'en-GB' asks for English as 'en' does: of all that a client names, the best q of each language counts.
    """
    wanted: dict[str, float] = {}
    for tag, q in parse_accept_header(header, LanguageAccept):
        language = tag.lower().partition("-")[0]
        wanted[language] = max(q, wanted.get(language, 0.0))
    return max(LANGUAGES, key=lambda language: wanted.get(language, wanted.get("*", 0.0)))


def negotiate_coding(header: str | None) -> str:
    """Return the content coding for an Accept-Encoding header, or '' to send the bytes as they are."""
    if not header:
        return ""
    return _remembered_coding(header) if len(header) <= _LONGEST else _choose_coding(header)


def _choose_coding(header: str) -> str:
    accepted = parse_accept_header(header, Accept)
    quality = {coding: accepted.quality(coding) for coding in CODINGS}
    best = max(CODINGS, key=lambda coding: quality[coding])
    return best if quality[best] > 0 and quality[best] >= accepted.quality("identity") else ""


_remembered_coding = lru_cache(maxsize=512)(_choose_coding)


def _by_preference(offers: Offers, header: str | None) -> list[tuple[str, tuple[Format, ...]]]:
    """Return the profiles on offer, those that the client asks for first and the default behind them."""
    if not offers.open_profile or not header:
        return list(offers.profiles)[:1]
    asked = {name.strip(): _quality(parameters) for name, parameters in _PROFILE.findall(header)}
    wanted = [pair for pair in offers.profiles if asked.get(pair[0], 0) > 0]
    return [*sorted(wanted, key=lambda pair: -asked[pair[0]]), offers.profiles[0]]


def _quality(parameters: str) -> float:
    match = re.search(r";\s*q=\s*([01](?:\.\d{0,3})?)\s*$", parameters)
    return min(1.0, float(match[1])) if match else 1.0
