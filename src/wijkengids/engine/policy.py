"""What a query may do, decided on the tokens of the grammar before it reaches an engine.

A keyword token outside strings, IRIs, names and comments can only be the keyword, so SERVICE in a comment or a literal
fools nobody, in either direction. (Codepoint escapes are no way round: the engine rejects them in keywords.)
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from wijkengids.errors import QueryInvalid, QueryRefused
from wijkengids.model.tokens import Lines, Token, tokenize, unescape

_UPDATES = {"INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"}


class QueryForm(Enum):
    """The four query forms; the first two answer with a results format, the last two with a graph."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"

    @property
    def is_graph(self) -> bool:
        """True if the answer is a graph."""
        return self in {QueryForm.CONSTRUCT, QueryForm.DESCRIBE}


def inspect(text: str, known: Mapping[str, str] | None = None) -> tuple[QueryForm, str]:
    """Return the form of a query that is allowed, and the query as the engine takes it.

    Raises :class:`QueryRefused` for an update and for SERVICE, :class:`QueryInvalid` for what is no query at all, or
    has a prefix that is not declared; ``known`` prefixes (name to namespace) make that message say what to add.
    """
    tokens = list(tokenize(text))
    form = _form(text, tokens)
    for token in tokens:
        if token.kind == "word" and token.text.upper() == "SERVICE":
            line, column = Lines(text).at(token.start)
            raise QueryRefused(
                f"SERVICE (regel {line}, kolom {column}) is niet toegestaan: dit endpoint vraagt niets op bij andere"
                " servers. Stel de vraag aan beide endpoints en combineer de antwoorden.",
                f"SERVICE (line {line}, column {column}) is not allowed: this endpoint requests nothing from other"
                " servers. Ask both endpoints and combine the answers.",
            )
    return form, _with_whole_names(text, tokens, known or {})


def _with_whole_names(text: str, tokens: list[Token], known: Mapping[str, str]) -> str:
    """Return the query with names such as ``gidsartikel:9.3.2`` written as IRIs: the engine's parser takes one dot."""
    declared: dict[str, str] = {}
    parts, end = [], 0
    for i, token in enumerate(tokens):
        if token.kind != "pname":
            continue
        prefix, _, local = token.text.partition(":")
        if i and tokens[i - 1].text.upper() == "PREFIX" and i + 1 < len(tokens):
            declared[prefix] = tokens[i + 1].text[1:-1]
        elif prefix not in declared:
            raise _undeclared(text, token, prefix, known)
        elif local.count(".") > 1:
            parts += [text[end : token.start], f"<{declared[prefix]}{unescape(local)}>"]
            end = token.start + len(token.text)
    return "".join([*parts, text[end:]])


def _undeclared(text: str, token: Token, prefix: str, known: Mapping[str, str]) -> QueryInvalid:
    line, column = Lines(text).at(token.start)
    nl, en = f"Zet bovenaan: PREFIX {prefix}: <...>", f"Add at the top: PREFIX {prefix}: <...>"
    if prefix in known:
        nl, en = nl.replace("...", known[prefix]), en.replace("...", known[prefix])
    return QueryInvalid(
        f"De prefix '{prefix}:' op regel {line}, kolom {column} is niet gedeclareerd. {nl}",
        f"The prefix '{prefix}:' at line {line}, column {column} is not declared. {en}",
        line,
        column,
    )


def update_refused() -> QueryRefused:
    """Return what a client is told that sends an update, in whatever way."""
    return QueryRefused(
        "Dit endpoint is alleen om te lezen: een update wordt niet uitgevoerd.",
        "This endpoint is for reading only: an update is not carried out.",
    )


def _form(text: str, tokens: list[Token]) -> QueryForm:
    """Return the form named by the first keyword after the prologue."""
    words = (token for token in tokens if token.kind in {"word", "error", "mark"})
    first = next((token for token in words if token.text.upper() not in {"PREFIX", "BASE", "VERSION"}), None)
    name = first.text.upper() if first else ""
    if name in QueryForm.__members__:
        return QueryForm[name]
    if name in _UPDATES:
        raise update_refused()
    line, column = Lines(text).at(first.start if first else len(text))
    raise QueryInvalid(
        f"Dit is geen SPARQL-vraag: verwacht SELECT, ASK, CONSTRUCT of DESCRIBE op regel {line}, kolom {column}.",
        f"This is not a SPARQL query: expected SELECT, ASK, CONSTRUCT or DESCRIBE at line {line}, column {column}.",
        line,
        column,
    )
