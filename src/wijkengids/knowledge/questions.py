"""The questions in ``queries/*.rq``: a header that says what is asked, and a query that runs anywhere as it stands.

The header is TOML behind ``#+`` (docs/besluiten/0005-vragen.md). A parameter's default stands in the query itself, as
one inline block ``VALUES ?jaar { "2010"^^xsd:gYear }``; binding replaces that one term by another term. Text is never
pasted: what goes in is written by the RDF library from a value that was checked first.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import Literal, NamedNode, Store

from wijkengids.errors import Text, WrongUse
from wijkengids.knowledge.findings import Finding, Place, Severity
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base, rebase_text
from wijkengids.model.tokens import Lines, Token, string_value, syntax_detail, tokenize
from wijkengids.model.vocab import WG, XSD

PARAMETER_KINDS = ("iri", "jaar", "tekst", "taal", "getal")
RESERVED = frozenset({"lang", "bom"})
"""Names that mean something in the URL of any question; so does every name that begins with an underscore."""
_YEAR = re.compile(r"[0-9]{4}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]+)*")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


class HeaderError(ValueError):
    """A question's header or parameter is wrong; ``line`` is where in the file, ``text`` what to do about it."""

    def __init__(self, line: int, nl: str, en: str) -> None:
        super().__init__(nl)
        self.line = line
        self.text = Text(nl, en)


@dataclass(frozen=True)
class Parameter:
    """A parameter of a question: its kind, the class its value should have (iri only), label, and default term.

    ``span`` is where in the query text the default stands (offsets).
    """

    name: str
    kind: str
    label: Text
    klass: str | None
    default: str
    span: tuple[int, int]

    def term(self, value: str, base: Base) -> NamedNode | Literal:
        """Return the RDF term for a value given as text; :class:`WrongUse` names the parameter and what it takes."""
        value = value.strip()
        if self.kind == "iri":
            return NamedNode(self._iri(value, base))
        if self.kind == "jaar" and _YEAR.fullmatch(value):
            return Literal(value, datatype=XSD["gYear"])
        if self.kind == "getal" and _NUMBER.fullmatch(value):
            return Literal(value, datatype=XSD["decimal" if "." in value else "integer"])
        if self.kind == "tekst" or (self.kind == "taal" and _LANGUAGE.fullmatch(value)):
            return Literal(value)
        wanted = {"jaar": ("een jaar van vier cijfers", "a year of four digits"), "getal": ("een getal", "a number")}
        nl, en = wanted.get(self.kind, ("een taalcode zoals nl", "a language code such as nl"))
        raise WrongUse(
            f"Parameter '{self.name}' moet {nl} zijn, niet '{value}'.",
            f"Parameter '{self.name}' must be {en}, not '{value}'.",
        )

    def _iri(self, value: str, base: Base) -> str:
        prefix, colon, local = value.partition(":")
        iri = base.prefixes()[prefix] + local if colon and prefix in base.prefixes() else value
        if re.fullmatch(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+", iri):
            return iri
        raise WrongUse(
            f"Parameter '{self.name}' moet een IRI zijn, bijvoorbeeld wijk:poelenburg, niet '{value}'.",
            f"Parameter '{self.name}' must be an IRI, for example wijk:poelenburg, not '{value}'.",
        )


@dataclass(frozen=True)
class Question:
    """A question: its name (the file's), number, title and description, parameters, and the query.

    ``columns`` are titles of columns, by variable, for those that no term of the ontology names.
    """

    name: str
    number: int
    title: Text
    description: Text
    parameters: tuple[Parameter, ...]
    query: str
    columns: Mapping[str, Text] = field(default_factory=dict)

    def bind(self, values: Mapping[str, str], base: Base) -> str:
        """Return the query under ``base`` with the given parameters in place of their defaults."""
        known = {parameter.name: parameter for parameter in self.parameters}
        for name in values:
            if name not in known:
                names = ", ".join(known) or "-"
                raise WrongUse(
                    f"De vraag '{self.name}' heeft geen parameter '{name}'; wel: {names}.",
                    f"The question '{self.name}' has no parameter '{name}'; it has: {names}.",
                )
        query = self.query
        for parameter in sorted(self.parameters, key=lambda p: p.span, reverse=True):
            if parameter.name in values:
                start, end = parameter.span
                query = query[:start] + str(parameter.term(values[parameter.name], base)) + query[end:]
        return rebase_text(query, base)


def read_question(name: str, text: str) -> Question:
    """Return the question in the text of an ``.rq`` file; :class:`HeaderError` says what is wrong with it."""
    header = _header(text)
    defaults = dict(_values(text))
    stated = sorted(_table(header, "parameters").items(), key=lambda item: defaults.get(item[0], ("", (0, 0)))[1])
    parameters = tuple(_parameter(text, key, about, defaults) for key, about in stated)
    number = header.get("nummer")
    if not isinstance(number, int):
        raise HeaderError(1, "de kop mist 'nummer', een geheel getal", "the header lacks 'nummer', a whole number")
    columns = _columns(text, _table(header, "kolommen"))
    return Question(name, number, _text(header, "titel"), _text(header, "omschrijving"), parameters, text, columns)


def _parameter(
    text: str, key: str, about: Mapping[str, Any], defaults: Mapping[str, tuple[str, tuple[int, int]]]
) -> Parameter:
    """Return a parameter as the header states it, with its default in the query."""
    line = _line(text, f"parameters.{key}")
    if key in RESERVED or key.startswith("_"):
        raise HeaderError(
            line,
            f"parameter '{key}' kan zo niet heten: die naam heeft in elke URL al een betekenis; kies een andere",
            f"parameter '{key}' cannot be called so: that name means something in every URL; choose another",
        )
    if key not in defaults:
        raise HeaderError(
            line,
            f"parameter '{key}' heeft geen standaardwaarde in de vraag: zet er VALUES ?{key} {{ ... }} in",
            f"parameter '{key}' has no default in the query: add VALUES ?{key} {{ ... }} to it",
        )
    if about.get("soort") not in PARAMETER_KINDS:
        kinds = ", ".join(PARAMETER_KINDS)
        raise HeaderError(
            line,
            f"parameter '{key}': soort moet een van {kinds} zijn",
            f"parameter '{key}': soort must be one of {kinds}",
        )
    default, span = defaults[key]
    return Parameter(key, about["soort"], _text(about, "label", line), about.get("klasse"), default, span)


def _columns(text: str, stated: Mapping[str, Any]) -> dict[str, Text]:
    """Return the titles of columns; each must be a variable of the query."""
    variables = {token.text[1:] for token in tokenize(text) if token.kind == "variable"}
    for name in stated:
        if name not in variables:
            raise HeaderError(
                _line(text, f"kolommen.{name}"),
                f"de kop noemt een kolom '{name}', maar de vraag heeft geen ?{name}",
                f"the header names a column '{name}', but the query has no ?{name}",
            )
    return {name: _text(stated, name, _line(text, f"kolommen.{name}")) for name in stated}


def _table(header: Mapping[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """Return a table of tables in the header, empty where it is absent."""
    found = header.get(key, {})
    if not isinstance(found, dict) or not all(isinstance(value, dict) for value in found.values()):
        raise HeaderError(
            1, f"'{key}' in de kop moet per naam een tabel zijn", f"'{key}' must be a table for each name"
        )
    return found


def _line(text: str, key: str) -> int:
    """Return the line of the header where a key stands, 1 where it is written in another way."""
    wanted = re.compile(rf"#\+\s*\[?{re.escape(key)}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 1)


def _header(text: str) -> dict[str, Any]:
    lines = [line[2:].removeprefix(" ") if line.startswith("#+") else "" for line in text.splitlines()]
    try:
        return tomllib.loads("\n".join(lines))
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise HeaderError(
            int(found[1]) if found else 1,
            f"de kop (achter #+) is geen TOML: {error}",
            f"the header (behind #+) is not TOML: {error}",
        ) from error


def _text(about: Mapping[str, Any], key: str, line: int = 1) -> Text:
    value = about.get(key)
    if not isinstance(value, dict) or not all(isinstance(value.get(language), str) for language in ("nl", "en")):
        raise HeaderError(
            line,
            f"de kop mist '{key}.nl' of '{key}.en'",
            f"the header lacks '{key}.nl' or '{key}.en'",
        )
    return Text(value["nl"], value["en"])


def _values(text: str) -> Iterator[tuple[str, tuple[str, tuple[int, int]]]]:
    """Yield (variable, (default, span)) for every inline block of one variable and one value."""
    tokens = list(tokenize(text))
    for i, token in enumerate(tokens):
        if token.kind == "word" and token.text.upper() == "VALUES" and i + 2 < len(tokens):
            variable, opening = tokens[i + 1], tokens[i + 2]
            closing = next((j for j in range(i + 3, len(tokens)) if tokens[j].text == "}"), None)
            if variable.kind == "variable" and opening.text == "{" and closing and closing > i + 3:
                term = tokens[i + 3 : closing]
                span = (term[0].start, term[-1].start + len(term[-1].text))
                if len(term) == 1 or term[1].kind == "at" or term[1].text == "^^":
                    yield variable.text[1:], (_plain(term[0]), span)


def _plain(token: Token) -> str:
    """Return a default as a user would type it: a CURIE, an IRI, or the text of a literal."""
    if token.kind == "string":
        return string_value(token.text)
    return token.text[1:-1] if token.kind == "iri" else token.text


def read_questions(project: Project) -> tuple[list[Question], list[Finding]]:
    """Read ``queries/*.rq``; return the questions by number, and a finding for each that cannot be used."""
    questions: list[Question] = []
    findings: list[Finding] = []
    folder = project.root / "queries"
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        said = Text("de map met vragen kan niet gelezen worden", "the folder of questions cannot be read")
        findings.append(Finding(Place("queries"), Severity.VIOLATION, "unreadable", said))
    for path in sorted(folder.glob("*.rq")):
        file = project.name(path)
        try:
            text = path.read_text(encoding="utf-8")
            questions.append(read_question(path.stem, text))
        except HeaderError as error:
            findings.append(Finding(Place(file, error.line), Severity.VIOLATION, "question-header", error.text))
            continue
        except (UnicodeDecodeError, OSError) as error:
            nl, en = f"de vraag kan niet gelezen worden: {error}", f"the question cannot be read: {error}"
            findings.append(Finding(Place(file), Severity.VIOLATION, "encoding", Text(nl, en)))
            continue
        findings.extend(_check_query(file, text))
    return sorted(questions, key=lambda q: (q.number, q.name)), findings


def _check_query(file: str, text: str) -> Iterator[Finding]:
    try:
        Store().query(text)
    except SyntaxError as error:
        line, column, detail = syntax_detail(error)
        yield Finding(
            Place(file, line or 1, column or 1),
            Severity.VIOLATION,
            "question-syntax",
            Text(f"de vraag is geen geldige SPARQL: {detail}", f"the question is not valid SPARQL: {detail}"),
        )


def terms_in(text: str) -> Iterator[tuple[str, int]]:
    """Yield (IRI, line) of every term of our ontology that a query names."""
    lines = Lines(text)
    for token in tokenize(text):
        if token.kind == "pname" and token.text.startswith("wg:") and len(token.text) > 3:
            yield WG[token.text[3:]].value, lines.at(token.start)[0]
