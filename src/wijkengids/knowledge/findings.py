"""What a check finds: where, how serious, in words for an editor (nl, en), and what a program needs to go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from enum import IntEnum
from typing import Any

from wijkengids.errors import Text


class Severity(IntEnum):
    """How serious a finding is. Violation: must, blocks a build. Warning: will become must. Info: should."""

    INFO = 1
    WARNING = 2
    VIOLATION = 3

    @property
    def word(self) -> Text:
        """The word that is printed, nl and en."""
        return {3: Text("overtreding", "violation"), 2: Text("waarschuwing", "warning"), 1: Text("info", "info")}[self]


@dataclass(frozen=True, order=True)
class Place:
    """A place in a source file; ``file`` is relative to the project, line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or could be better.

    ``code`` says which check found it: a SHACL component without namespace ('MinCountConstraintComponent') or a name
    of our own ('syntax', 'unknown-term'). ``focus``, ``path`` and ``value`` are IRIs or lexical forms, where known.
    """

    place: Place
    severity: Severity
    code: str
    text: Text
    focus: str | None = None
    path: str | None = None
    value: str | None = None

    def line(self, language: str = "nl") -> str:
        """Return ``file:line: ernst: boodschap``."""
        return f"{self.place}: {self.severity.word.in_language(language)}: {self.text.in_language(language)}"

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain JSON values, for ``--format json`` and the report of a release."""
        return {
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "severity": self.severity.name.lower(),
            "code": self.code,
            "message": self.text._asdict(),
            "focus": self.focus,
            "path": self.path,
            "value": self.value,
        }


def did_you_mean(wrong: str, known: Iterable[str], show: Callable[[str], str], cutoff: float) -> Text:
    """Return '; bedoelde u ...?' (nl, en) with the known name that is nearest to a wrong one, or two empty texts.

    ``show`` writes the name as a reader knows it; ``cutoff`` is how alike it must be, from 0 to 1.
    """
    near = get_close_matches(wrong, list(known), n=1, cutoff=cutoff)
    return Text(f"; bedoelde u {show(near[0])}?", f"; did you mean {show(near[0])}?") if near else Text("", "")


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings by file and line in an order that never varies: causes first, then what shapes say.

    A misspelt term makes shapes say many things that are not the matter.
    """

    def key(found: Finding) -> tuple[object, ...]:
        by_shape = found.code.endswith("ConstraintComponent")
        return by_shape, found.place, -found.severity, found.code, found.text, found.path or "", found.value or ""

    return sorted(set(findings), key=key)


def counts(findings: Iterable[Finding]) -> dict[str, int]:
    """Return how many findings there are of each severity: violation, warning, info."""
    total = {severity.name.lower(): 0 for severity in reversed(Severity)}
    for finding in findings:
        total[finding.severity.name.lower()] += 1
    return total
