"""``wijkengids query``: a question or any query, asked of the current release in this process.

The one who asks is the one who pays: no worker and no deadline here, Ctrl-C ends it.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from prettytable import PrettyTable
from pyoxigraph import QueryTriples, RdfFormat

from wijkengids.documents.answers import LICENCE
from wijkengids.documents.results import read_table, with_labels
from wijkengids.documents.sheets import parquet, xlsx
from wijkengids.engine.policy import inspect
from wijkengids.errors import CannotRun, QueryInvalid, WrongUse
from wijkengids.model.formats import RESULTS_CSV, RESULTS_JSON, TURTLE
from wijkengids.model.serialize import tidy, to_bytes
from wijkengids.model.tokens import syntax_detail
from wijkengids.release.folder import Release
from wijkengids.release.store import OpenRelease

FORMATS = ("table", "csv", "json", "ttl", "xlsx", "parquet")
"""How an answer can be shown; ttl for CONSTRUCT and DESCRIBE."""
_FILES = {"xlsx": xlsx, "parquet": parquet}


def ask(release: Release, name: str, values: Mapping[str, str], format_: str) -> bytes:
    """Return the answer to a question (by name), to the query in a file, or to the one on stdin ('-')."""
    if format_ in _FILES and sys.stdout.isatty():
        raise WrongUse(
            f"{format_} is een bestand en geen tekst: stuur het ergens heen, bijvoorbeeld > {_file(name, format_)}",
            f"{format_} is a file and no text: send it somewhere, for example > {_file(name, format_)}",
        )
    opened = OpenRelease.open(release)
    text = _query(opened, name, values)
    form, text = inspect(text, opened.base.prefixes())
    if form.is_graph and format_ not in {"ttl", "table"}:
        raise WrongUse(
            f"{form.value} geeft een graaf: kies --format ttl.", f"{form.value} gives a graph: choose --format ttl."
        )
    if not form.is_graph and format_ == "ttl":
        raise WrongUse(
            f"{form.value} geeft rijen: kies --format table, csv, json, xlsx of parquet.",
            f"{form.value} gives rows: choose --format table, csv, json, xlsx or parquet.",
        )
    try:
        found = opened.store.query(text)
    except SyntaxError as error:
        line, column, detail = syntax_detail(error)
        raise QueryInvalid(
            f"De vraag is geen geldige SPARQL (regel {line}, kolom {column}): {detail}",
            f"The query is not valid SPARQL (line {line}, column {column}): {detail}",
            line,
            column,
        ) from error
    except (OSError, RuntimeError) as error:
        raise CannotRun(
            f"De vraag kon niet beantwoord worden: {error}", f"The query could not be answered: {error}"
        ) from error
    if isinstance(found, QueryTriples):
        return tidy(to_bytes(found, RdfFormat.TURTLE, opened.base.prefixes()), TURTLE)
    wanted = RESULTS_CSV if format_ in {"csv", "table"} else RESULTS_JSON
    body = bytes(found.serialize(format=wanted.results) or b"")
    if format_ in _FILES:
        table = with_labels(read_table(body), opened.store, "nl")
        return _FILES[format_](table, _about(opened, name, values))
    return _table(body, opened) if format_ == "table" else body


def read_parameters(given: Iterable[str]) -> dict[str, str]:
    """Return the values in texts like ``wijk=wijk:poelenburg``; WrongUse where one has no equals sign."""
    values: dict[str, str] = {}
    for parameter in given:
        key, equals, value = parameter.partition("=")
        if not equals:
            raise WrongUse(
                f"--param {parameter}: schrijf NAAM=WAARDE, bijvoorbeeld --param wijk=wijk:poelenburg.",
                f"--param {parameter}: write NAME=VALUE, for example --param wijk=wijk:poelenburg.",
            )
        values[key] = value
    return values


def _file(name: str, format_: str) -> str:
    return f"{Path(name).stem if name != '-' else 'antwoord'}.{format_}"


def _about(opened: OpenRelease, name: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return what goes into the file with the rows: what was asked, and of which release."""
    question = opened.questions.get(name)
    asked = {"Vraag": question.title.nl, "Omschrijving": question.description.nl} if question else {"Vraag": name}
    fixed = {"Uitgave": opened.release.manifest.digest, "Licentie": LICENCE}
    return asked | fixed | {f"?{key}": value for key, value in values.items()}


def _query(opened: OpenRelease, name: str, values: Mapping[str, str]) -> str:
    if name in opened.questions:
        return opened.questions[name].bind(values, opened.base)
    if values:
        raise WrongUse(
            f"--param hoort bij een vraag uit queries/; '{name}' is er geen.",
            f"--param goes with a question from queries/; '{name}' is none.",
        )
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        names = ", ".join(opened.questions)
        raise WrongUse(
            f"'{name}' is geen vraag en geen leesbaar bestand ({error}). Vragen: {names}.",
            f"'{name}' is no question and no readable file ({error}). Questions: {names}.",
        ) from error


def _table(body: bytes, opened: OpenRelease) -> bytes:
    """Return CSV results as a table for a terminal, IRIs shortened."""
    if body.strip() in {b"true", b"false"}:
        return body.strip() + b"\n"
    header, *rows = csv.reader(io.StringIO(body.decode()))
    table = PrettyTable(header, align="l")
    table.add_rows([[opened.base.shorten(cell) for cell in row] for row in rows])
    return f"{table.get_string()}\n{len(rows)} {'rij' if len(rows) == 1 else 'rijen'}\n".encode()
