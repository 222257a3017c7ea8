"""What of a query may go to an engine of other people's making: the standard, and nothing that only that engine knows.

Our own workers are locked in, so there a query may try what it likes. An engine elsewhere has functions that fetch
pages, pragmas that load graphs, comments that mean something (Virtuoso's ``bif:``, ``define``, ``OPTION``). So the
query is sent with its comments blanked, with the words of SPARQL 1.1 only, and with its dataset taken out of the text:
the dataset goes along by the protocol, and names only graphs that the release has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.errors import QueryInvalid, QueryRefused
from wijkengids.model.tokens import Lines, Token, tokenize, unescape

WORDS = frozenset(
    """
    a true false BASE PREFIX SELECT DISTINCT REDUCED AS CONSTRUCT DESCRIBE ASK WHERE FROM NAMED GROUP BY HAVING ORDER
    ASC DESC LIMIT OFFSET VALUES UNDEF OPTIONAL GRAPH BIND UNION MINUS FILTER IN NOT EXISTS COUNT SUM MIN MAX AVG SAMPLE
    GROUP_CONCAT SEPARATOR STR LANG LANGMATCHES DATATYPE BOUND IRI URI BNODE RAND ABS CEIL FLOOR ROUND CONCAT STRLEN
    UCASE LCASE ENCODE_FOR_URI CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER YEAR MONTH DAY HOURS MINUTES SECONDS
    TIMEZONE TZ NOW UUID STRUUID MD5 SHA1 SHA256 SHA384 SHA512 COALESCE IF STRLANG STRDT SAMETERM ISIRI ISURI ISBLANK
    ISLITERAL ISNUMERIC REGEX SUBSTR REPLACE
    """.upper().split()
)
"""Every bare word of the grammar of SPARQL 1.1 Query, in capitals; SERVICE is left to the policy."""

_OWN_SCHEMES = re.compile(r"(?:bif|sql|java|javascript|file|data):", re.IGNORECASE)
"""Schemes of IRIs by which engines call functions of their own, or read what is no graph of ours."""

_BLANKED = re.compile(r"[^\r\n]")


@dataclass(frozen=True)
class Standard:
    """A query for any engine: its form, its text without FROM, the graphs that FROM named (None: there was no FROM).

    ``asks_graphs`` tells whether GRAPH occurs in it, so whether it matters which named graphs there are.
    """

    form: QueryForm
    text: str
    default_graphs: tuple[str, ...] | None
    named_graphs: tuple[str, ...] | None
    asks_graphs: bool


def standard(text: str) -> Standard:
    """Return a query as any engine takes it. Raises what the policy raises, and QueryInvalid for what is not standard.

    Lines and columns stay where they were, so that what an engine says of them holds for the text of the client.
    """
    form, text = inspect(text)
    tokens = list(tokenize(text, comments=True))
    dataset = _Dataset(tokens)
    for token in tokens:
        _check(text, token)
    has_dataset = bool(dataset.default or dataset.named)
    return Standard(
        form,
        _blank(text, [*dataset.clauses, *((t.start, t.start + len(t.text)) for t in tokens if t.kind == "comment")]),
        tuple(dataset.default) if has_dataset else None,
        tuple(dataset.named) if has_dataset else None,
        any(token.kind == "word" and token.text.upper() == "GRAPH" for token in tokens),
    )


def _check(text: str, token: Token) -> None:
    """Refuse a token that is not in the standard, or names a function of one engine."""
    if token.kind == "error" or (token.kind == "word" and token.text.upper() not in WORDS):
        line, column = Lines(text).at(token.start)
        raise QueryInvalid(
            f"De vraag is geen geldige SPARQL 1.1: '{token.text}' op regel {line}, kolom {column}.",
            f"The query is not valid SPARQL 1.1: '{token.text}' at line {line}, column {column}.",
            line,
            column,
        )
    if token.kind == "iri" and _OWN_SCHEMES.match(unescape(token.text[1:-1])):
        line, column = Lines(text).at(token.start)
        raise QueryRefused(
            f"{token.text} (regel {line}, kolom {column}) is niet toegestaan: functies van een engine en bestanden"
            " worden niet aangeroepen.",
            f"{token.text} (line {line}, column {column}) is not allowed: functions of an engine and files are not"
            " called upon.",
        )


class _Dataset:
    """The FROM and FROM NAMED clauses: where they stand in the text, and the graphs that they name."""

    def __init__(self, tokens: list[Token]) -> None:
        self.clauses: list[tuple[int, int]] = []
        self.default: list[str] = []
        self.named: list[str] = []
        self.base = ""
        self.prefixes: dict[str, str] = {}
        self._read(token for token in tokens if token.kind != "comment")

    def _read(self, tokens: Iterator[Token]) -> None:
        for token in tokens:
            word = token.text.upper() if token.kind == "word" else ""
            if word == "BASE":
                self.base = urljoin(self.base, self._iri(next(tokens, None)))
            elif word == "PREFIX":
                name, namespace = next(tokens, None), next(tokens, None)
                if name is not None:
                    self.prefixes[name.text[:-1]] = self._iri(namespace)
            elif word == "FROM":
                self._clause(token, tokens)

    def _clause(self, start: Token, tokens: Iterator[Token]) -> None:
        graphs, graph = self.default, next(tokens, None)
        if graph is not None and graph.kind == "word" and graph.text.upper() == "NAMED":
            graphs, graph = self.named, next(tokens, None)
        if graph is not None and graph.kind in {"iri", "pname"}:  # else the engine says that the grammar is broken
            graphs.append(self._iri(graph))
            self.clauses.append((start.start, graph.start + len(graph.text)))

    def _iri(self, token: Token | None) -> str:
        if token is None:
            return ""
        if token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            return self.prefixes.get(prefix, "") + unescape(local)
        return urljoin(self.base, unescape(token.text[1:-1]))


def _blank(text: str, ranges: list[tuple[int, int]]) -> str:
    """Return the text with spaces for the characters in these ranges; line ends stay."""
    parts, end = [], 0
    for start, stop in sorted(ranges):
        if start >= end:  # a comment inside a FROM clause is gone with it
            parts += [text[end:start], _BLANKED.sub(" ", text[start:stop])]
            end = stop
    return "".join([*parts, text[end:]])
