"""Profiles: which selection of the facts a document holds, after Content Negotiation by Profile."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from wijkengids.model.formats import CSV, GEOJSON, GRAPH_FORMATS, HTML, JSON, JSON_LD, Format
from wijkengids.model.iris import Base


@dataclass(frozen=True)
class Profile:
    """A selection of the facts. ``name`` is its token; ``formats`` what it can be written in, first the default."""

    name: str
    formats: tuple[Format, ...]

    def iri(self, base: Base) -> NamedNode:
        """Return ``{base}profile/{name}``."""
        return NamedNode(f"{base.iri}profile/{self.name}")


DEFAULT = "volledig"
"""The name of the profile that is given where none is asked for."""

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(DEFAULT, (*GRAPH_FORMATS, JSON, CSV, GEOJSON, HTML)),
        Profile("labels", GRAPH_FORMATS),
        Profile("schema", (JSON_LD, *(format_ for format_ in GRAPH_FORMATS if format_ != JSON_LD))),
        Profile("alt", (*GRAPH_FORMATS, HTML)),
    )
}
"""Token to profile. What each of them is, is content: ``ontology/profielen.ttl``."""
