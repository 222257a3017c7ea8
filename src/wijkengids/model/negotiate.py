"""Content negotiation: which of the formats on offer a client wants most."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from wijkengids.model.formats import Format


def negotiate(accept: str | None, offers: Sequence[Format]) -> Format | None:
    """Return the best of ``offers`` for an Accept header, or None if none is acceptable (406).

    No header, or an empty one, accepts everything: the first offer. On equal quality the earlier offer wins. Media
    type parameters other than q (charset, profile) play no part: werkzeug would let them hide a match.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = MIMEAccept([(value.split(";")[0].strip(), q) for value, q in parse_accept_header(accept, MIMEAccept)])
    by_type: dict[str, Format] = {}
    for offer in offers:
        by_type.setdefault(offer.media_type, offer)
    for offer in offers:
        for alias in offer.aliases:
            by_type.setdefault(alias, offer)
    best = ranges.best_match(list(by_type))
    return None if best is None else by_type[best]
