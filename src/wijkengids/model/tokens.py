"""One tokenizer with positions, for Turtle, TriG, N-Triples, N-Quads and SPARQL: their terminals are the same.

It serves messages that name a line, the SPARQL policy, and tools that must keep a writer's layout. It never fails:
what is no token comes out as kind 'error', and the real parser says what is wrong. Linear in the length of the text
(possessive quantifiers; a name is read once). Source of the terminals: SPARQL 1.1 section 19.8, Turtle section 6.5.
PyPI has no maintained lexer of these languages that gives whole terms with positions (Pygments' cuts a string and a
prefixed name into parts and knows no TriG; tree-sitter has SPARQL only).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

_CHAR = r"[\w\-·‿⁀]"
_ESCAPE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_DOTTED_NAME = rf"[^\W\d_](?:{_CHAR}|\.++(?={_CHAR}))*+"
_LOCAL = rf"(?:[\w:]|{_ESCAPE})(?:{_CHAR}|:|{_ESCAPE}|\.++(?=[\w\-·:%\\]))*+"

_TOKEN = re.compile(
    rf"""
      (?P<space>\s++)
    | (?P<comment>\#[^\n\r]*+)
    | (?P<string>\"\"\"(?:"{{0,2}}(?:[^"\\]|\\.))*+\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*+'''
        |"(?:[^"\\\n\r]|\\.)*+"|'(?:[^'\\\n\r]|\\.)*+')
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*+>)
    | (?P<bnode>_:[\w](?:{_CHAR}|\.++(?={_CHAR}))*+)
    | (?P<name>(?=[^\W\d_]|:)(?P<prefix>{_DOTTED_NAME})?(?P<colon>:(?:{_LOCAL})?)?)
    | (?P<variable>[?$]\w++)
    | (?P<at>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[a-z]++)?)
    | (?P<number>[+-]?(?:\d++\.\d*+[eE][+-]?\d++|\.?\d++[eE][+-]?\d++|\d*+\.\d++|\d++))
    | (?P<mark>\^\^|<<\(|\)>>|<<|>>|\{{\||\|\}}|&&|\|\||!=|<=|>=|[{{}}()\[\].,;^|/*+\-!=<>~?@&])
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """A token: its kind, its text as written, and the offset of its first character.

    Kinds: comment, string, iri, bnode, pname (``wijk:poelenburg``, ``wg:``), word (keywords, ``a``, ``true``),
    variable, at (``@nl``, ``@prefix``), number, mark (punctuation), error (one character that is no token).
    """

    kind: str
    text: str
    start: int


def tokenize(text: str, comments: bool = False) -> Iterator[Token]:
    """Yield the tokens of ``text``; white space is left out, comments too unless asked for."""
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or match.end() == position:
            yield Token("error", text[position], position)
            position += 1
            continue
        kind = str(match.lastgroup) if match.lastgroup not in {"prefix", "colon"} else "name"
        if kind == "name":
            yield from _name(match)
        elif kind != "space" and (comments or kind != "comment"):
            yield Token(kind, match.group(), position)
        position = match.end()


def _name(match: re.Match[str]) -> Iterator[Token]:
    """Yield one prefixed name, or the words and dots of a run such as ``true.SERVICE`` that has no colon."""
    if match.group("colon"):
        yield Token("pname", match.group(), match.start())
        return
    position = match.start()
    for part in re.split(r"(\.)", match.group()):
        if part:
            yield Token("mark" if part == "." else "word", part, position)
        position += len(part)


class Lines:
    """From an offset in a text to its line and column, both counted from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]

    def at(self, offset: int) -> tuple[int, int]:
        """Return (line, column) of the character at ``offset``."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


_UNESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(text: str) -> str:
    """Return ``text`` with the escapes of Turtle and SPARQL (letters, code points, local names) resolved."""

    def resolve(match: re.Match[str]) -> str:
        code = match.group(1) or match.group(2)
        if code:
            return chr(int(code, 16)) if int(code, 16) < 0x110000 else match.group()
        return _LETTERS.get(match.group(3), match.group(3))

    return _UNESCAPE.sub(resolve, text) if "\\" in text else text


def string_value(text: str) -> str:
    """Return the value of a string token: quotes off, escapes resolved."""
    quotes = 3 if text[:3] in {'"""', "'''"} and len(text) >= 6 else 1
    return unescape(text[quotes:-quotes])


_SYNTAX_ERROR = re.compile(r"at (\d+):(\d+): (.*)", re.DOTALL)
_WORDS_LISTED = 8


def syntax_detail(error: SyntaxError) -> tuple[int | None, int | None, str]:
    """Return (line, column, detail) of a SPARQL syntax error of pyoxigraph, its list of what it expected cut short."""
    found = _SYNTAX_ERROR.search(str(error))
    if not found:
        return None, None, str(error)
    head, _, listed = found[3].partition("expected one of ")
    words = re.findall(r'"(?:\\.|[^"\\])+"|\b[A-Z]{2,}(?: [A-Z]+)*\b', listed)
    shown = ", ".join(words[:_WORDS_LISTED]) + (", ..." if len(words) > _WORDS_LISTED else "")
    return int(found[1]), int(found[2]), f"{head}expected one of {shown}" if shown else found[3]
