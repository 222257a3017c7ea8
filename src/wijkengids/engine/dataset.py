"""How a release lies in an engine of other people's making: every graph by its own name, the merge too.

What an engine sees without a graph differs from one to the next: its default graph, the union of all graphs, a union
with duplicates, or that with tables of the engine itself. So the merge of all graphs is a graph with a name of its own
there, and every query says by the protocol which graph is its default graph. That holds on all of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from wijkengids.model.vocab import DCTERMS


@dataclass(frozen=True)
class Dataset:
    """A release as an engine holds it: the digest of its content, its base, its named graphs in order."""

    digest: str
    base: str
    graphs: tuple[str, ...]

    @property
    def merge(self) -> str:
        """The graph that holds the merge; of this release only, so that two can stand side by side."""
        return f"{self.base}#samen-{self.digest[:16]}"

    @property
    def index(self) -> str:
        """The graph that says which release is there, complete; written last of all."""
        return f"{self.base}#engine"

    @property
    def nothing(self) -> str:
        """A graph that never exists: what is asked where nothing of the dataset asked for is ours."""
        return f"{self.base}#leeg"

    def known(self, graphs: tuple[str, ...] | None) -> tuple[str, ...]:
        """Return those of the graphs that the release has; one that is always empty where it has none of them."""
        return tuple(graph for graph in graphs or () if graph in self.graphs) or (self.nothing,)

    def about(self, complete: bool, others: tuple[str, ...] = ()) -> list[Triple]:
        """Return what the index says: the graphs that lie there, and the digest only where all of them are complete.

        ``others`` are graphs of an earlier release that are still there.
        """
        here = NamedNode(self.index)
        graphs = sorted({*self.graphs, self.merge, *others})
        said = [Triple(here, DCTERMS["hasPart"], NamedNode(graph)) for graph in graphs]
        return [Triple(here, DCTERMS["identifier"], Literal(self.digest)), *said] if complete else said

    def present(self) -> str:
        """Return the query that asks whether this release is there, complete; for the index as default graph."""
        return f'ASK {{ <{self.index}> <{DCTERMS["identifier"].value}> "{self.digest}" }}'
