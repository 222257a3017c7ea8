r"""What a query may do, decided on the tokens of the grammar before it reaches an engine.

A keyword token outside strings, IRIs, names and comments can only be the keyword, so SERVICE in a comment or a literal
fools nobody, in either direction.

Codepoint escapes (SPARQL 1.1 section 19.2) are where engines differ: some resolve ``\u0053ERVICE`` before they parse,
as the specification says, ours reads them within strings and IRIs only. So a query leaves here written such that both
ways of reading it are one; where that cannot be, in keywords and names, it is refused as no query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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


def inspect(
    text: str, known: Mapping[str, str] | None = None, services: Mapping[str, str] | None = None
) -> tuple[QueryForm, str]:
    """Return the form of a query that is allowed, and the query as the engine takes it.

    ``services`` are the endpoints that SERVICE may name, each with the address at which the engine asks it instead.
    Raises :class:`QueryRefused` for an update and any other SERVICE, :class:`QueryInvalid` for what is no query at
    all, or has a prefix that is not declared; ``known`` prefixes (name to namespace) make that message say what to add.
    """
    tokens = list(tokenize(text))
    form = _form(text, tokens)
    asked = list(_services(text, tokens, services or {}))
    changes = {change[0]: change for change in (*_whole_names(text, tokens, known or {}), *_escapes(text), *asked)}
    return form, _changed(text, sorted(changes.values()))


Change = tuple[int, int, str]
"""Offsets of the text to replace, and what comes in its place."""


_SILENTLY = "?silent"
"""Behind the address of a SERVICE SILENT, so that who asks knows that a failure is none."""


def _services(text: str, tokens: list[Token], services: Mapping[str, str]) -> Iterator[Change]:
    """Yield the endpoint of each SERVICE as the address at which it is asked; none stands within another."""
    threes = zip(tokens, tokens[1:], tokens[2:], strict=False) if services else ()
    prefixes = {name.text[:-1]: iri.text for word, name, iri in threes if word.text.upper() == "PREFIX"}
    for i, token, around in _with_surroundings(tokens):
        if token.text.upper() != "SERVICE":
            continue
        if services and around:
            raise _service_misplaced(text, token, around)
        rest = [other for other in tokens[i + 1 : i + 3] if other.text.upper() != "SILENT"]
        address = services.get(_iri(rest[0], prefixes)) if rest else None
        if address is None:
            raise _service_refused(text, token, services)
        silent = rest[0] != tokens[i + 1]
        yield rest[0].start, rest[0].start + len(rest[0].text), f"<{address}{_SILENTLY if silent else ''}>"


def _with_surroundings(tokens: list[Token]) -> Iterator[tuple[int, Token, str]]:
    """Yield each word with its number and the SERVICE or EXISTS in whose braces it stands, if in any."""
    depth = 0
    around: list[tuple[int, str]] = []
    for i, token in enumerate(tokens):
        if token.kind == "word":
            word = token.text.upper()
            yield i, token, around[-1][1] if around else ""
            if word in {"SERVICE", "EXISTS"}:
                around.append((depth, word))
        elif token.kind == "mark" and token.text == "{":
            depth += 1
        elif token.kind == "mark" and token.text == "}":
            depth -= 1
            while around and around[-1][0] >= depth:
                around.pop()


def _iri(token: Token, prefixes: Mapping[str, str]) -> str:
    """Return the IRI that a token is, escapes resolved; the empty text where it is none."""
    if token.kind == "iri":
        return unescape(token.text[1:-1])
    prefix, _, local = token.text.partition(":")
    if token.kind != "pname" or prefix not in prefixes:
        return ""
    return unescape(prefixes[prefix][1:-1]) + unescape(local)


def _service_misplaced(text: str, token: Token, around: str) -> QueryRefused:
    """Return what is told of a SERVICE that the other endpoint would do, or that would be done again for each row."""
    line, column = Lines(text).at(token.start)
    return QueryRefused(
        f"SERVICE (regel {line}, kolom {column}) staat binnen de accolades van {around}, waar hij niet kan. Zet hem"
        " ernaast, en koppel met een gedeelde variabele of met MINUS.",
        f"SERVICE (line {line}, column {column}) stands within the braces of {around}, where it cannot be. Put it"
        " beside that, and join by a shared variable or by MINUS.",
    )


def _service_refused(text: str, token: Token, allowed: Iterable[str]) -> QueryRefused:
    line, column = Lines(text).at(token.start)
    place = (f"SERVICE (regel {line}, kolom {column})", f"SERVICE (line {line}, column {column})")
    listed = ", ".join(f"<{iri}>" for iri in allowed)
    if listed:
        return QueryRefused(
            f"{place[0]} is alleen toegestaan naar {listed}. Schrijf zo'n adres precies zo, en niet als variabele.",
            f"{place[1]} is allowed only to {listed}. Write such an address exactly so, and not as a variable.",
        )
    return QueryRefused(
        f"{place[0]} is niet toegestaan: dit endpoint vraagt niets op bij andere"
        " servers. Stel de vraag aan beide endpoints en combineer de antwoorden.",
        f"{place[1]} is not allowed: this endpoint requests nothing from other"
        " servers. Ask both endpoints and combine the answers.",
    )


def _changed(text: str, changes: Iterable[Change]) -> str:
    parts, end = [], 0
    for start, stop, new in changes:
        parts += [text[end:start], new]
        end = stop
    return "".join([*parts, text[end:]])


def _whole_names(text: str, tokens: list[Token], known: Mapping[str, str]) -> Iterator[Change]:
    """Yield names such as ``gidsartikel:9.3.2`` as IRIs: the engine's parser takes one dot. Each prefix is declared."""
    declared: dict[str, str] = {}
    for i, token in enumerate(tokens):
        if token.kind != "pname":
            continue
        prefix, _, local = token.text.partition(":")
        if i and tokens[i - 1].text.upper() == "PREFIX" and i + 1 < len(tokens):
            declared[prefix] = tokens[i + 1].text[1:-1]
        elif prefix not in declared:
            raise _undeclared(text, token, prefix, known)
        elif local.count(".") > 1:
            yield token.start, token.start + len(token.text), f"<{declared[prefix]}{unescape(local)}>"


_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|.)", re.DOTALL)
_PLAIN = {"'": "\\'", '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}
"""Characters that end or break a string, as they stand in one whatever the way of reading."""


def _escapes(text: str) -> Iterator[Change]:
    """Yield codepoint escapes that would mean something else if they were resolved before parsing."""
    if "\\" not in text:
        return
    for token in tokenize(text, comments=True):
        if token.kind == "error" and token.text == "\\":
            raise _escape_out_of_place(text, token.start)
        if token.kind not in {"string", "comment", "iri"} or "\\" not in token.text:
            continue
        for match in _ESCAPE.finditer(token.text):
            start = token.start + match.start()
            code = match[1] or match[2]
            if token.kind == "comment":
                yield start, start + 1, "/"
            elif code and token.kind == "iri" and _ends_iri(int(code, 16)):
                raise _escape_out_of_place(text, start)
            elif code and token.kind == "string" and int(code, 16) < 128 and chr(int(code, 16)) in _PLAIN:
                yield start, token.start + match.end(), _PLAIN[chr(int(code, 16))]


def _ends_iri(code: int) -> bool:
    """Tell whether a character cannot stand in an IRI."""
    return code <= 32 or (code < 128 and chr(code) in '<>"{}|^`\\')


def _escape_out_of_place(text: str, start: int) -> QueryInvalid:
    line, column = Lines(text).at(start)
    return QueryInvalid(
        f"Op regel {line}, kolom {column} staat een '\\' waar geen teken als code geschreven kan worden: dat kan in een"
        " tekst of een IRI, en daar alleen voor een teken dat er ook zelf mag staan.",
        f"At line {line}, column {column} a '\\' stands where no character can be written as a code: that is for texts"
        " and IRIs, and there only for a character that may stand there itself.",
        line,
        column,
    )


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
