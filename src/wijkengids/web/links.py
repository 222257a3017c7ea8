"""Typed links (RFC 8288): one list, written as a Link header and as a linkset (RFC 9264), for FAIR Signposting."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.urls import iri_to_uri

_URI = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:@/?#-]*")


@dataclass(frozen=True)
class Link:
    """A link from a document: where to (relative to the request, or absolute), in what role, to what sort of thing."""

    target: str
    rel: str
    type: str = ""
    profile: str = ""
    hreflang: str = ""

    @property
    def attributes(self) -> dict[str, str]:
        """The target attributes that say something."""
        pairs = {"type": self.type, "profile": self.profile, "hreflang": self.hreflang}
        return {name: value for name, value in pairs.items() if value}


def header(links: Sequence[Link]) -> str:
    """Return the links as the value of a Link header."""
    return ", ".join(_written(link) for link in links)


def _written(link: Link, *more: str) -> str:
    parts = [f'rel="{link.rel}"', *more, *(f'{name}="{value}"' for name, value in link.attributes.items())]
    target = link.target if _URI.fullmatch(link.target) else iri_to_uri(link.target)
    return "; ".join([f"<{target}>", *parts])


LinksOf = Sequence[tuple[str, Sequence[Link]]]
"""Anchors (the documents that the links go out from) with their links."""


def linkset_json(contexts: LinksOf) -> bytes:
    """Return links as application/linkset+json."""
    found = []
    for anchor, links in contexts:
        by_rel: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for link in links:
            # section 4.2.4: 'type' is a string, what may be repeated is an array
            attributes = {name: value if name == "type" else [value] for name, value in link.attributes.items()}
            by_rel[link.rel].append({"href": link.target, **attributes})
        context: dict[str, Any] = {"anchor": anchor, **by_rel}
        found.append(context)
    return json.dumps({"linkset": found}, ensure_ascii=False, indent=1).encode() + b"\n"


def linkset_text(contexts: LinksOf) -> bytes:
    """Return links as application/linkset: the value of a Link header with an anchor at each link."""
    lines = [_written(link, f'anchor="{anchor}"') for anchor, links in contexts for link in links]
    return ",\n".join(lines).encode() + b"\n"
