"""The parameters of a question as a request gives them: known, given once, and of the right kind, or a 400 by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from flask import Response, abort, g, request

from wijkengids.documents.choices import resolve, shown
from wijkengids.errors import Text, WrongUse
from wijkengids.knowledge.findings import did_you_mean
from wijkengids.knowledge.questions import Question
from wijkengids.web.respond import PARAMETERS, problem, release

OWN_PARAMETERS = frozenset({"_size", "bom"})
"""What the URL of a question takes besides what every URL takes."""


def values(asked: Question) -> tuple[dict[str, str], dict[str, str]]:
    """Return the parameters as given, and those that differ from the default as bound; 400 names one that is wrong."""
    names = {parameter.name for parameter in asked.parameters}
    once(names | (PARAMETERS - {"_in"}) | OWN_PARAMETERS, names)
    given = {name: value.strip() for name, value in request.args.items() if name in names}
    found = {}
    for parameter in asked.parameters:
        if parameter.name in given:
            try:
                value = resolve(release(), parameter, given[parameter.name])
            except WrongUse as error:
                abort(problem(400, error.text))
            if shown(release(), parameter, value) != shown(release(), parameter, parameter.default):
                found[parameter.name] = value
    return given, found


def once(known: Collection[str], told: Iterable[str]) -> None:
    """Let only known parameters through, each given once; 400 names one that is not, and those that are ``told``."""
    names = sorted(told)
    for name, values in request.args.lists():
        if name not in known:
            listed = ", ".join(names) or "-"
            nl, en = did_you_mean(name, names, str, 0.5)
            abort(
                bad(
                    f"Er is hier geen parameter '{name[:100]}'{nl or ';'} wel: {listed}.",
                    f"There is no parameter '{name[:100]}' here{en or ';'} there is: {listed}.",
                )
            )
        if len(values) > 1:
            abort(bad(f"Parameter '{name}' staat er twee keer.", f"Parameter '{name}' is given twice."))


def note_parameters(asked: Question, given: Mapping[str, str]) -> None:
    """Say which parameters an answer may be kept under: those of which there is an end."""
    g.asked = tuple(given)
    g.parameters = frozenset({"bom", *(p.name for p in asked.parameters if p.kind in {"iri", "jaar"})})


def paging() -> dict[str, str]:
    """Return the parameters that choose a page, as given."""
    return {name: request.args[name] for name in ("_page", "_size") if name in request.args}


def whole(name: str, default: int, most: int) -> int:
    """Return a whole number of 1 or more in the query string; 400 that names it where it is none."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 11 and 1 <= int(text) <= most):
        abort(
            bad(
                f"Parameter '{name}' moet een getal van 1 tot en met {most} zijn.",
                f"Parameter '{name}' must be a number from 1 to {most}.",
            )
        )
    return int(text)


def bad(nl: str, en: str) -> Response:
    """Return a 400 that says what is wrong with the parameters."""
    return problem(400, Text(nl, en))
