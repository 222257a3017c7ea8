"""What the command line shows: progress, findings, and one clear sentence where something is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from wijkengids.errors import Text, WijkengidsError
from wijkengids.knowledge.check import Checked
from wijkengids.knowledge.findings import Finding, counts
from wijkengids.knowledge.sources import Project
from wijkengids.release.folder import Releases
from wijkengids.release.log import PublicationLog


class Explained(click.Group):
    """A group whose problems of ours become one clear sentence and an exit code, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except WijkengidsError as error:
            click.echo(f"wijkengids: {error.text.in_language(ctx.params.get('lang') or 'nl')}", err=True)
            ctx.exit(error.exit_code)
        except OSError as error:
            what = f"{error.filename}: {error.strerror}" if error.filename else str(error)
            text = Text(f"Dit lukt niet op deze machine ({what}).", f"This machine does not let us ({what}).")
            click.echo(f"wijkengids: {text.in_language(ctx.params.get('lang') or 'nl')}", err=True)
            ctx.exit(3)


class Progress:
    """A bar on a terminal, a plain line per step otherwise; on stderr, so that output stays clean."""

    def __init__(self, steps: int, language: str) -> None:
        self.language = language
        self.bar = click.progressbar(length=steps, file=sys.stderr, item_show_func=lambda item: item or "", width=24)
        self.terminal = sys.stderr.isatty()

    def __call__(self, step: Text) -> None:
        text = step.in_language(self.language)
        if self.terminal:
            self.bar.update(1, text)
        else:
            click.echo(f"  {text}", err=True)

    def done(self) -> None:
        """End the bar's line."""
        if self.terminal:
            self.bar.update(self.bar.length or 0, "")
            self.bar.render_finish()


def concerns(project: Project, finding: Finding, paths: tuple[Path, ...]) -> bool:
    """Tell whether a finding stands in one of the files or folders asked for; all do where none was."""
    if not paths:
        return True
    place = (project.root / finding.place.file).resolve()
    return any(place == path.resolve() or path.resolve() in place.parents for path in paths)


def tell(findings: list[Finding], language: str) -> None:
    """Print findings, a line each, and their number by severity."""
    for finding in findings:
        click.echo(finding.line(language))
    nl = "overtredingen: {violation}, waarschuwingen: {warning}, info: {info}"
    en = "violations: {violation}, warnings: {warning}, info: {info}"
    click.echo(Text(nl, en).in_language(language).format(**counts(findings)))


def show_releases(folder: Releases, log: PublicationLog | None, language: str) -> None:
    """Print the releases, a line each: name, version, date, digest; ``*`` marks the current one."""
    current = folder.current_name()
    for name in folder.names():
        release = folder.read(name)
        entry = log.version_of(release.manifest.digest) if log else None
        mark = "*" if name == current else " "
        version, day = (entry.version, entry.date) if entry else ("-", release.manifest.built[:10])
        click.echo(f"{mark} {name}  {version:8}  {day}  {release.manifest.digest}")
    if not folder.names():
        nl, en = "Er zijn nog geen uitgaven: wijkengids build", "There are no releases yet: wijkengids build"
        click.echo(Text(nl, en).in_language(language), err=True)


def summarise(checked: Checked, language: str) -> None:
    """Say on stderr how many findings there were that did not block."""
    number = counts(checked.findings)
    if sum(number.values()):
        nl = f"{number['warning']} waarschuwing(en), {number['info']} info: zie wijkengids check"
        en = f"{number['warning']} warning(s), {number['info']} info: see wijkengids check"
        click.echo(Text(nl, en).in_language(language), err=True)
