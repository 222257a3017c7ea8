"""What a query may do, decided on the tokens of the grammar before it reaches an engine.

A keyword token outside strings, IRIs, names and comments can only be the keyword, so SERVICE in a comment or a literal
fools nobody, in either direction. (Codepoint escapes are no way round: the engine rejects them in keywords.)
"""

from __future__ import annotations

from enum import Enum

from wijkengids.errors import QueryInvalid, QueryRefused
from wijkengids.model.tokens import Lines, Token, tokenize

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


def inspect(text: str) -> QueryForm:
    """Return the form of a query that is allowed.

    Raises :class:`QueryRefused` for an update and for SERVICE, :class:`QueryInvalid` for what is no query at all.
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
    return form


def _form(text: str, tokens: list[Token]) -> QueryForm:
    """Return the form named by the first keyword after the prologue."""
    words = (token for token in tokens if token.kind in {"word", "error", "mark"})
    first = next((token for token in words if token.text.upper() not in {"PREFIX", "BASE", "VERSION"}), None)
    name = first.text.upper() if first else ""
    if name in QueryForm.__members__:
        return QueryForm[name]
    if name in _UPDATES:
        raise QueryRefused(
            "Dit endpoint is alleen om te lezen: een update wordt niet uitgevoerd.",
            "This endpoint is for reading only: an update is not carried out.",
        )
    line, column = Lines(text).at(first.start if first else len(text))
    raise QueryInvalid(
        f"Dit is geen SPARQL-vraag: verwacht SELECT, ASK, CONSTRUCT of DESCRIBE op regel {line}, kolom {column}.",
        f"This is not a SPARQL query: expected SELECT, ASK, CONSTRUCT or DESCRIBE at line {line}, column {column}.",
        line,
        column,
    )
