"""What an engine elsewhere sent, read and written again by pyoxigraph in the format that the client wants.

So every format comes out as our own workers write it, and half an answer, or an error behind a 200, is no answer.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, parse, parse_query_results

from wijkengids.engine.policy import QueryForm
from wijkengids.engine.transport import LOG, Reply, broken
from wijkengids.errors import EngineBroken
from wijkengids.model.formats import N_TRIPLES, RDF_XML, RESULTS_JSON, RESULTS_XML, TURTLE, Format
from wijkengids.model.iris import Base
from wijkengids.model.serialize import tidy, to_bytes

ROWS = f"{RESULTS_JSON.media_type}, {RESULTS_XML.media_type};q=0.5"
"""What is asked of an engine for SELECT and ASK; CSV would lose the types, TSV is not written well by all."""

GRAPH = f"{N_TRIPLES.media_type}, {TURTLE.media_type};q=0.9, {RDF_XML.media_type};q=0.5"
"""What is asked of an engine for CONSTRUCT and DESCRIBE."""

_ASK_AS_ROWS = "__ASK_RETVAL"
"""The variable by which Virtuoso answers an ASK: a row for true, none for false."""

_OWN_WAYS = (
    (re.compile(rb'("type": *"bnode", *"value": *"|<bnode>)nodeID://'), rb"\1"),
    (re.compile(rb'("typed-literal", *"datatype": *"[^"]*#boolean", *"value": *)"1"'), rb'\1"true"'),
    (re.compile(rb'("typed-literal", *"datatype": *"[^"]*#boolean", *"value": *)"0"'), rb'\1"false"'),
    (
        re.compile(rb'("datatype": *"|datatype="|"\^\^<)http://www\.openlinksw\.com/schemas/virtrdf#Geometry(?=["<>])'),
        rb"\1http://www.opengis.net/ont/geosparql#wktLiteral",
    ),
)
"""What Virtuoso writes in a way of its own: labels of blank nodes that no format allows, booleans as numbers, points.

Quotation marks in a value are escaped, so these never match inside one.
"""


def translated(reply: Reply, form: QueryForm, wanted: Format, base: str) -> bytes:
    """Return an answer in the ``wanted`` format; EngineBroken where the engine sent something else than an answer.

    ``base`` gives a graph its prefixes.
    """
    if form.is_graph:
        return _graph(reply, wanted, base)
    found = rows(reply, form)
    with _readable():
        return bytes(found.serialize(format=wanted.results) or b"")


def rows(reply: Reply, form: QueryForm) -> QuerySolutions | QueryBoolean:
    """Return the answer to a SELECT or an ASK."""
    syntax = QueryResultsFormat.from_media_type(reply.media_type) if reply.media_type else None
    if syntax not in {QueryResultsFormat.JSON, QueryResultsFormat.XML}:
        raise _unusable(reply)
    with _readable():
        found = parse_query_results(_plain(reply.body), format=syntax)
        if form is QueryForm.ASK and isinstance(found, QuerySolutions):
            found = _boolean(found)
    if isinstance(found, QueryBoolean) != (form is QueryForm.ASK):
        raise broken("geeft een ander soort antwoord dan gevraagd", "gives an answer of another kind than asked")
    return found


def _plain(body: bytes) -> bytes:
    for pattern, new in _OWN_WAYS:
        body = pattern.sub(new, body)
    return body


def _boolean(found: QuerySolutions) -> QuerySolutions | QueryBoolean:
    if [variable.value for variable in found.variables] != [_ASK_AS_ROWS]:
        return found
    said = b"true" if any(True for _ in found) else b"false"
    return parse_query_results(b'{"head": {}, "boolean": %s}' % said, format=QueryResultsFormat.JSON)


def _graph(reply: Reply, wanted: Format, base: str) -> bytes:
    syntax = RdfFormat.from_media_type(reply.media_type) if reply.media_type else None
    if syntax is None:
        raise _unusable(reply)
    if wanted.rdf is None:
        raise ValueError(f"Unexpected format {wanted.name!r}: it does not hold a graph")
    with _readable():
        triples = list(dict.fromkeys(quad.triple for quad in parse(_plain(reply.body), format=syntax)))
    return tidy(to_bytes(triples, wanted.rdf, Base(base).prefixes()), wanted)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """Turn what pyoxigraph cannot read into a problem of the engine."""
    try:
        yield
    except (SyntaxError, ValueError, OSError) as error:
        LOG.error("the answer of the engine cannot be read: %s", error)
        raise broken("geeft een antwoord dat niet te lezen is", "gives an answer that cannot be read") from error


def _unusable(reply: Reply) -> EngineBroken:
    kind = reply.media_type or "-"
    LOG.error("the engine answers with %s: %s", kind, reply.message)
    return broken(f"antwoordt met {kind}, geen SPARQL", f"answers with {kind}, not SPARQL")
