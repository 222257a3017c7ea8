"""Which release a store folder is, told to an engine elsewhere."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from pyoxigraph import Store

from wijkengids.engine.dataset import Dataset
from wijkengids.release.folder import Release


@lru_cache(maxsize=16)
def dataset_of(store: str) -> Dataset:
    """Return what an engine holds of the release with this store folder; CannotRun where the release is incomplete.

    A release never changes, so this is read once.
    """
    manifest = Release.read(Path(store).parent).manifest
    graphs = tuple(sorted(graph.value for graph in Store.read_only(store).named_graphs()))
    return Dataset(manifest.digest, manifest.base, graphs)
