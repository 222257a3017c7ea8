"""Where in the files a statement stands, so that a message can say 'regel 42'.

No RDF parser for Python tells the position of a triple. This walks the tokens of Turtle, TriG, N-Triples or N-Quads
(already found correct by the real parser) and keeps where each subject, predicate and object was written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

from wijkengids.knowledge.findings import Place
from wijkengids.model.tokens import Lines, Token, string_value, tokenize, unescape
from wijkengids.model.vocab import RDF_TYPE

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_Key = tuple[str, str | None, str | None]


class Places:
    """Look-up from a subject, and where known its predicate and object, to where it was written."""

    def __init__(self) -> None:
        self._places: dict[_Key, list[Place]] = {}

    def add(self, place: Place, subject: str, predicate: str | None = None, value: str | None = None) -> None:
        """Remember that ``subject`` (with this predicate, with this object) was written at ``place``."""
        self._places.setdefault((subject, predicate, value), []).append(place)

    def find(self, subject: str, predicate: str | None = None, value: str | None = None) -> Place | None:
        """Return the most precise place known: of the statement, of the predicate, of the subject where it is typed."""
        for key in (
            (subject, predicate, value),
            (subject, predicate, None),
            (subject, RDF_TYPE.value, None),
            (subject, None, None),
        ):
            if key in self._places:
                return self._places[key][0]
        return None

    def all(self, subject: str, predicate: str, value: str | None = None) -> list[Place]:
        """Return every place of a statement, in the order in which the files were read."""
        return self._places.get((subject, predicate, value), [])

    def subject_in(self, subject: str, file: str) -> Place | None:
        """Return where ``subject`` is first written as a subject in one file, or None."""
        return next((p for p in self._places.get((subject, None, None), []) if p.file == file), None)


def read_places(places: Places, file: str, text: str, suffix: str, base_iri: str) -> None:
    """Add to ``places`` all that is stated in one file (``suffix`` tells its syntax)."""
    if suffix in {".ttl", ".trig", ".nt", ".nq", ".n3"}:
        _Walk(places, file, text, base_iri).run()
    else:
        for subject, offset in _subjects(text, suffix):
            places.add(Place(file, *Lines(text).at(offset)), urljoin(base_iri, subject))


def _subjects(text: str, suffix: str) -> Iterator[tuple[str, int]]:
    """Yield (IRI, offset) of subjects in RDF/XML and JSON-LD: only the subject's place is known there."""
    pattern = r'"@id"\s*:\s*"((?:[^"\\]|\\.)*)"' if suffix == ".jsonld" else r"\brdf:(?:about|ID)\s*=\s*[\"']([^\"']*)"
    for match in re.finditer(pattern, text):
        yield (json.loads(f'"{match[1]}"') if suffix == ".jsonld" else match[1]), match.start()


def _resolve(base: str, token: str) -> str:
    """Return the IRI of an IRI token. An absolute one stays as it is: urljoin would drop an empty fragment."""
    iri = unescape(token[1:-1])
    return iri if _ABSOLUTE.match(iri) else urljoin(base, iri)


@dataclass
class _State:
    """Where in a statement the walk stands; one more of these for each open bracket."""

    subject: str | None = None
    predicate: str | None = None
    expects: str = "subject"


@dataclass
class _Walk:
    """One pass over the tokens of one file."""

    places: Places
    file: str
    text: str
    base: str
    prefixes: dict[str, str] = field(default_factory=dict)
    state: _State = field(default_factory=_State)
    outer: list[_State] = field(default_factory=list)

    def run(self) -> None:
        self.lines = Lines(self.text)
        tokens = list(tokenize(self.text))
        index = 0
        while index < len(tokens):
            index += self.step(tokens, index)

    def step(self, tokens: list[Token], i: int) -> int:
        """Take in the token at ``i``; return how many tokens were used."""
        token = tokens[i]
        word = token.text.lower()
        if token.kind in {"at", "word"} and word.lstrip("@") in {"prefix", "base"} and self.state.expects == "subject":
            return self.directive(tokens, i)
        if token.kind == "mark":
            self.mark(token)
            return 1
        if token.kind == "word" and word == "graph" and self.state.expects == "subject":
            return 1
        if i + 1 < len(tokens) and tokens[i + 1].text == "{":
            return 2  # the name of a graph and its opening brace
        used = 1
        if token.kind == "string" and i + 1 < len(tokens):
            used = 2 if tokens[i + 1].kind == "at" else 3 if tokens[i + 1].text == "^^" else 1
        self.term(token)
        return used

    def directive(self, tokens: list[Token], i: int) -> int:
        if "prefix" in tokens[i].text.lower():
            self.prefixes[tokens[i + 1].text[:-1]] = _resolve(self.base, tokens[i + 2].text)
            used = 3
        else:
            self.base = _resolve(self.base, tokens[i + 1].text)
            used = 2
        return used + (1 if i + used < len(tokens) and tokens[i + used].text == "." else 0)

    def mark(self, token: Token) -> None:
        state = self.state
        if token.text in {"[", "("}:
            self.outer.append(state)
            # what stands inside a bracket is reported where its named owner has it
            self.state = _State(state.subject or "", state.predicate, "predicate" if token.text == "[" else "object")
        elif token.text in {"]", ")"} and self.outer:
            self.state = self.outer.pop()
            if self.state.expects == "subject":
                self.state.subject, self.state.expects = self.state.subject or "", "predicate"
        elif token.text == ";":
            state.expects = "predicate"
        elif token.text == "," or token.text == "^^":
            pass
        elif token.text in {".", "{", "}"}:
            self.state, self.outer = _State(), []

    def term(self, token: Token) -> None:
        state, value = self.state, self.value(token)
        place = Place(self.file, *self.lines.at(token.start))
        if state.expects == "subject":
            state.subject, state.expects = value, "predicate"
            self.places.add(place, value)
        elif state.expects == "predicate":
            state.predicate, state.expects = value, "object"
            if state.subject is not None:
                self.places.add(place, state.subject, value)
        elif state.subject is not None:
            self.places.add(place, state.subject, state.predicate, value)

    def value(self, token: Token) -> str:
        """Return the IRI or lexical form that a term token stands for; '' for a blank node."""
        if token.kind == "iri":
            return _resolve(self.base, token.text)
        if token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            return self.prefixes.get(prefix, prefix + ":") + unescape(local)
        if token.kind == "string":
            return string_value(token.text)
        if token.kind == "bnode":
            return ""  # the parser renames them; all that is nameless is known under one empty name
        if token.text == "a" and self.state.expects == "predicate":
            return RDF_TYPE.value
        return token.text
