"""What the pages of questions show, as plain values for the templates; and the list of questions as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from wijkengids.documents.answers import Page
from wijkengids.documents.chart import bars, points
from wijkengids.documents.choices import options, resolve, shown, things
from wijkengids.documents.results import Column, Table, labels_of
from wijkengids.knowledge.questions import Parameter, Question
from wijkengids.model.formats import Format
from wijkengids.release.store import OpenRelease
from wijkengids.web.pages import Value, example
from wijkengids.web.respond import asked_language, at, language, relative


@dataclass(frozen=True)
class Field:
    """One input of the form: its parameter, label, value, type, and (what to type, what is meant) to choose from."""

    name: str
    label: str
    value: str
    type: str
    options: list[tuple[str, str]]


@dataclass(frozen=True)
class AnswerPage:
    """The page of a question and its answer. A row has a value for each head; ``turtle`` is a graph instead of rows."""

    title: str
    description: str
    number: int
    action: str
    language: str
    fields: list[Field]
    ways: Sequence[Value]
    sparql: str
    heads: list[tuple[str, bool]] = field(default_factory=list)
    rows: list[list[Value]] = field(default_factory=list)
    first: int = 0
    last: int = 0
    total: int = 0
    turns: Mapping[str, str] = field(default_factory=dict)
    chart: str = ""
    map: str = ""
    turtle: str = ""


def page(
    release: OpenRelease,
    asked: Question,
    given: Mapping[str, str],
    table: Table,
    part: Page,
    ways: Sequence[Value],
    turns: Mapping[str, str],
) -> AnswerPage:
    """Return the page of a question with the rows of one page of its answer; drawings stand on the first page."""
    rows = table.page(part.number, part.size)
    columns = [column for column in rows.columns if not column.of]
    title = asked.title.in_language(language())
    labels = labels_of(release.store, (t for c in columns if c.kind == "iri" for t in c.texts if t), language())
    drawn = _named(rows, labels) if part.number == 1 else Table((), 0)
    return AnswerPage(
        **_head(release, asked, given, ways),
        heads=[(table.title(column.name, language()), column.is_number) for column in columns],
        rows=[[_value(release, column, at, rows, labels) for column in columns] for at in range(rows.size)],
        first=(part.number - 1) * part.size + 1,
        last=(part.number - 1) * part.size + rows.size,
        total=table.size,
        turns=turns,
        chart=bars(drawn, title, _("per")),
        map=points(drawn, title),
    )


def _named(rows: Table, labels: Mapping[str, str]) -> Table:
    """Return the rows with the labels of the page's language, for a drawing."""
    columns = []
    for column in rows.columns:
        named = rows.column(column.of)
        if named is not None:
            texts = zip(named.texts, column.texts, strict=True)
            column = replace(column, texts=tuple(labels.get(iri or "") or own for iri, own in texts))  # noqa: PLW2901
        columns.append(column)
    return replace(rows, columns=tuple(columns))


def graph_page(
    release: OpenRelease, asked: Question, given: Mapping[str, str], turtle: str, ways: Sequence[Value]
) -> AnswerPage:
    """Return the page of a question that makes a graph."""
    return AnswerPage(**_head(release, asked, given, ways), turtle=turtle)


def _head(release: OpenRelease, asked: Question, given: Mapping[str, str], ways: Sequence[Value]) -> dict[str, Any]:
    bound = {p.name: resolve(release, p, given[p.name]) for p in asked.parameters if p.name in given}
    query = asked.bind(bound, release.base)
    return {
        "title": asked.title.in_language(language()),
        "description": asked.description.in_language(language()),
        "number": asked.number,
        "action": relative(at(f"queries/{asked.name}")),
        "language": asked_language(),
        "fields": [_field(release, parameter, given) for parameter in asked.parameters],
        "ways": ways,
        "sparql": relative(at("sparql")) + "?" + urlencode({"query": example(asked, query)}),
    }


def _field(release: OpenRelease, parameter: Parameter, given: Mapping[str, str]) -> Field:
    """Return the input for a parameter; an IRI is shown by its name where that name is enough to find it again."""
    known = things(release, parameter)
    listed = options(known, language())
    value = given.get(parameter.name, parameter.default)
    if parameter.kind == "iri":
        short = shown(release, parameter, value)
        value = next((typed for typed, meant in listed if short in {typed, meant}), short)
    kinds = {"jaar": "number", "getal": "text"}
    label = parameter.label.in_language(language())
    return Field(parameter.name, label, value, kinds.get(parameter.kind, "text"), listed)


def _value(release: OpenRelease, column: Column, at: int, rows: Table, labels: Mapping[str, str]) -> Value:
    """Return one cell: an IRI as a link with its label, a text with its language where that is not the page's."""
    text = column.texts[at]
    if text is None:
        return Value("")
    if column.kind != "iri":
        return Value(text, language=column.language if column.language != language() else "")
    named = rows.label_of(column.name)
    own = named.texts[at] if named is not None else None
    label = labels.get(text) or own or release.base.shorten(text)
    path = release.base.path(text)
    return Value(label, text if path is None else relative(path), text)


def values_shown(release: OpenRelease, asked: Question, given: Mapping[str, str]) -> dict[str, str]:
    """Return every parameter with the value that was asked with: an IRI short, a default where none was given."""
    return {p.name: shown(release, p, given.get(p.name, p.default)) for p in asked.parameters}


def listed(release: OpenRelease, spoken: str, formats_of: Callable[[Question], Sequence[Format]]) -> str:
    """Return the questions as JSON: texts, parameters with their kind and default, and where each answer is."""
    found = [
        {
            "name": asked.name,
            "number": asked.number,
            "title": asked.title.in_language(spoken),
            "description": asked.description.in_language(spoken),
            "url": relative(f"queries/{asked.name}"),
            "parameters": [
                {
                    "name": parameter.name,
                    "label": parameter.label.in_language(spoken),
                    "kind": parameter.kind,
                    "default": parameter.default,
                    "class": parameter.klass,
                }
                for parameter in asked.parameters
            ],
            "formats": {
                format_.media_type: relative(f"queries/{asked.name}.{format_.name}") for format_ in formats_of(asked)
            },
        }
        for asked in release.questions.values()
    ]
    return json.dumps({"questions": found}, ensure_ascii=False, indent=1) + "\n"
