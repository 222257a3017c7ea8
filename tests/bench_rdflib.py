"""What a publisher does without a store or a cache: parse with rdflib and serialise with rdflib, at every request."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rdflib

_COPY = Path(os.environ.get("BENCH_COPY", "."))


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer with the document in Turtle."""
    if environ["PATH_INFO"] == "/health":
        start_response("200 OK", [("Content-Length", "0")])
        return [b""]
    graph = rdflib.Graph().parse(_COPY / (environ["PATH_INFO"].lstrip("/") + ".nt"), format="nt")
    body = graph.serialize(format="turtle", encoding="utf-8")
    start_response("200 OK", [("Content-Type", "text/turtle; charset=utf-8"), ("Content-Length", str(len(body)))])
    return [body]
