"""The answers to the questions as they stand, computed once: ``answers/{name}.srj``, or ``.nt`` for a graph."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import QueryTriples, RdfFormat, Store

from wijkengids.engine.policy import inspect
from wijkengids.errors import CannotRun
from wijkengids.knowledge.questions import Question
from wijkengids.model.formats import N_TRIPLES, RESULTS_JSON
from wijkengids.model.iris import Base
from wijkengids.model.serialize import to_bytes


def write_answers(folder: Path, questions: Iterable[Question], base: Base) -> None:
    """Ask the questions with their defaults of the store in a release folder; write each answer beside it.

    CannotRun names the question that has no answer: a release without it would be incomplete.
    """
    store = Store.read_only(str(folder / "store"))
    (folder / "answers").mkdir()
    for question in questions:
        _, text = inspect(question.bind({}, base), base.prefixes())
        try:
            found = store.query(text)
            if isinstance(found, QueryTriples):
                lines = to_bytes(found, RdfFormat.N_TRIPLES).splitlines(keepends=True)
                body, name = b"".join(sorted(lines)), N_TRIPLES.name
            else:
                body, name = bytes(found.serialize(format=RESULTS_JSON.results) or b""), RESULTS_JSON.name
        except (OSError, RuntimeError, SyntaxError) as error:
            raise CannotRun(
                f"De vraag '{question.name}' kon bij het bouwen niet beantwoord worden: {error}",
                f"The question '{question.name}' could not be answered during the build: {error}",
            ) from error
        (folder / "answers" / f"{question.name}.{name}").write_bytes(body)


def read_answer(folder: Path, name: str, extension: str) -> bytes | None:
    """Return the answer to a question of a release folder, or None where the release is of before they were kept."""
    try:
        return (folder / "answers" / f"{name}.{extension}").read_bytes()
    except FileNotFoundError:
        return None
