"""The command line: every step of the flow, with clear messages and exit codes.

Exit: 0 fine, 1 findings at or above ``--fail-on``, 2 wrong use, 3 could not run.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from wijkengids import __version__
from wijkengids.console import Explained, Progress, concerns, show_releases, summarise, tell
from wijkengids.errors import Text, WrongUse
from wijkengids.knowledge.check import check
from wijkengids.knowledge.findings import Severity, counts
from wijkengids.knowledge.sources import Project
from wijkengids.model.iris import Base
from wijkengids.model.vocab import CANONICAL_BASE
from wijkengids.release.build import KEEP, Blocked, build
from wijkengids.release.folder import Releases
from wijkengids.release.log import PublicationLog
from wijkengids.release.publish import publish
from wijkengids.settings import INTERFACES, Settings
from wijkengids.tools.ask import FORMATS, ask, read_parameters
from wijkengids.tools.push import put, steps
from wijkengids.tools.skeleton import KINDS, skeleton
from wijkengids.web.server import claim
from wijkengids.web.server import serve as serve_until_stopped

_F = TypeVar("_F", bound=Callable[..., Any])
_STEPS = 8
"""Steps of a build, for the progress bar."""


@click.group(cls=Explained, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    envvar="WIJKENGIDS_PROJECT",
    metavar="MAP",
    help="Map met ontology/ en data/ (anders: de dichtstbijzijnde hogere map die ze heeft).",
)
@click.option(
    "--lang",
    type=click.Choice(["nl", "en"]),
    default="nl",
    envvar="WIJKENGIDS_LANG",
    show_default=True,
    help="Taal van de meldingen. Language of messages.",
)
@click.version_option(__version__, prog_name="wijkengids")
@click.pass_context
def main(ctx: click.Context, project: Path | None, lang: str) -> None:
    """De wijkengids als kennisgraaf: controleren, bouwen, publiceren, bedienen.

    The Dutch neighbourhood guide as a knowledge graph: check, build, publish, serve.
    """
    ctx.obj = {"project": project, "lang": lang}


_releases_option: Callable[[_F], _F] = click.option(
    "--releases",
    type=click.Path(path_type=Path),
    envvar="WIJKENGIDS_RELEASES",
    metavar="MAP",
    help="Map met de uitgaven (anders: releases/ in het project).",
)


def _project(ctx: click.Context) -> Project:
    return Project.find(ctx.obj["project"])


def _releases(ctx: click.Context, given: Path | None) -> Releases:
    """Return the releases folder. A server needs no project: only where no folder is given is one looked for."""
    return Releases((given or _project(ctx).root / "releases").absolute())


@main.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PAD]...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Vorm van de bevindingen.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["violation", "warning", "info"]),
    default="violation",
    show_default=True,
    help="Vanaf welke ernst de opdracht met 1 eindigt.",
)
@click.pass_context
def check_command(ctx: click.Context, paths: tuple[Path, ...], format_: str, fail_on: str) -> None:
    """Controleer de inhoud; meldt 'bestand:regel: ernst: boodschap'. PAD beperkt wat gemeld wordt."""
    project = _project(ctx)
    for path in paths:
        if not path.exists():
            raise WrongUse(f"'{path}' is er niet: kijk de naam na.", f"'{path}' does not exist: check its name.")
    checked = check(project)
    findings = [finding for finding in checked.findings if concerns(project, finding, paths)]
    if format_ == "json":
        report = {"counts": counts(findings), "findings": [finding.as_dict() for finding in findings]}
        click.echo(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        tell(findings, ctx.obj["lang"])
    ctx.exit(1 if any(finding.severity >= Severity[fail_on.upper()] for finding in findings) else 0)


@main.command("build")
@click.option("--out", type=click.Path(path_type=Path), metavar="MAP", help="Map voor de uitgaven (als --releases).")
@_releases_option
@click.option("--base", default=CANONICAL_BASE, show_default=True, metavar="IRI", help="Basis-IRI van de uitgave.")
@click.option(
    "--keep", default=KEEP, show_default=True, type=click.IntRange(min=1), help="Hoeveel werkuitgaven blijven staan."
)
@click.pass_context
def build_command(ctx: click.Context, out: Path | None, releases: Path | None, base: str, keep: int) -> None:
    """Controleer, maak een uitgave en neem haar in een stap in gebruik. Mislukt het, dan verandert er niets."""
    _build(ctx, _releases(ctx, out or releases), base, keep)


def _build(ctx: click.Context, releases: Releases, base: str, keep: int = KEEP) -> None:
    language = ctx.obj["lang"]
    progress = Progress(_STEPS, language)
    before = releases.current_base()
    try:
        release, checked = build(_project(ctx), releases, Base(base), progress, keep)
    except Blocked as error:
        progress.done()
        tell(list(error.checked.findings), language)
        raise
    progress.done()
    summarise(checked, language)
    if before is not None and before != base:
        nl = f"Let op: de uitgave hiervoor had basis {before}, deze heeft {base} (--base {before} houdt de oude)."
        en = f"Mind: the release before this one had base {before}, this one has {base} (--base {before} keeps it)."
        click.echo(Text(nl, en).in_language(language), err=True)
    click.echo(release.folder)


@main.command("publish")
@click.argument("version", metavar="VERSIE")
@click.option("--date", "day", required=True, metavar="JJJJ-MM-DD", help="Datum van de uitgave.")
@_releases_option
@click.pass_context
def publish_command(ctx: click.Context, version: str, day: str, releases: Path | None) -> None:
    """Maak van de huidige uitgave een genummerde: schrijft het logboek in data/uitgaven/ (voor git)."""
    project = _project(ctx)
    folder = _releases(ctx, releases)
    entry = publish(project, folder, version, day)
    changes = (len(entry.added), len(entry.changed), len(entry.deleted))
    nl = "data/uitgaven/{}.json: {} toegevoegd, {} gewijzigd, {} verwijderd. Zet het bestand in git."
    en = "data/uitgaven/{}.json: {} added, {} changed, {} deleted. Commit the file."
    click.echo(Text(nl, en).in_language(ctx.obj["lang"]).format(version, *changes))


@main.command("serve")
@click.option("--host", metavar="ADRES", help="Adres om op te luisteren.  [standaard: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65535), help="Poort om op te luisteren.  [standaard: 8000]")
@click.option("--interface", type=click.Choice(INTERFACES), help="wsgi: voor documenten.  [standaard: rsgi]")
@click.option("--workers", type=click.IntRange(min=1), help="Webprocessen, bij wsgi.  [standaard: 2]")
@click.option("--trusted-proxies", type=click.IntRange(0, 9), help="Vertrouwde proxy's ervoor.  [standaard: 0]")
@click.option("--engine", metavar="URL", help="Stel vragen aan deze SPARQL-engine in plaats van aan de eigen.")
@click.option("--build", "fresh", is_flag=True, help="Bouw eerst een nieuwe uitgave, ook als er al een is.")
@click.option("--base", default=CANONICAL_BASE, metavar="IRI", help="Basis-IRI, als er gebouwd wordt.")
@_releases_option
@click.pass_context
def serve_command(ctx: click.Context, /, fresh: bool, base: str, releases: Path | None, **given: Any) -> None:
    """Bedien de huidige uitgave; bouwt er eerst een als er nog geen is."""
    folder = _releases(ctx, releases)
    settings = Settings.read(**given, releases=folder.root)
    claim(settings)  # before a build: who cannot listen should not publish
    if fresh or folder.current_name() is None:
        _build(ctx, folder, base)
    base = folder.current().manifest.base
    language = ctx.obj["lang"]

    def ready(address: str) -> None:
        nl = f"De wijkengids staat op {address} (stoppen: Ctrl-C)"
        en = f"The wijkengids is at {address} (stop: Ctrl-C)"
        click.echo(Text(nl, en).in_language(language))
        if not address.startswith(base):
            nl = f"IRI's in de gegevens beginnen met {base}; bouw met --base {address} om ze hier te laten uitkomen."
            en = f"IRIs in the data begin with {base}; build with --base {address} to make them lead here."
            click.echo(Text(nl, en).in_language(language))

    serve_until_stopped(settings, ready)


@main.command("query")
@click.argument("name", metavar="NAAM|BESTAND|-")
@click.option(
    "--param", "parameters", multiple=True, metavar="NAAM=WAARDE", help="Parameter van een vraag; herhaalbaar."
)
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True, help="Vorm van het antwoord."
)
@_releases_option
@click.pass_context
def query_command(
    ctx: click.Context, name: str, parameters: tuple[str, ...], format_: str, releases: Path | None
) -> None:
    """Stel een vraag uit queries/ (bij naam), of een SPARQL-vraag uit een bestand of van stdin (-)."""
    click.echo(ask(_releases(ctx, releases).current(), name, read_parameters(parameters), format_), nl=False)


@main.command("push")
@click.argument("target", metavar="URL|BESTAND.nq")
@click.option("--release", "name", metavar="NAAM", help="Welke uitgave (anders: de huidige).")
@_releases_option
@click.pass_context
def push_command(ctx: click.Context, target: str, name: str | None, releases: Path | None) -> None:
    """Zet een uitgave op een andere SPARQL-engine: URL van haar Graph Store, of een bestand om daar in te lezen.

    Naam en wachtwoord komen uit WIJKENGIDS_ENGINE_USER en WIJKENGIDS_ENGINE_PASSWORD.
    """
    release = _releases(ctx, releases).read(name) if name else _releases(ctx, releases).current()
    progress = Progress(steps(release, target), ctx.obj["lang"])
    try:
        said = put(release, target, Settings.read().access, progress)
    finally:
        progress.done()
    click.echo(said.in_language(ctx.obj["lang"]))


@main.command("releases")
@_releases_option
@click.pass_context
def releases_command(ctx: click.Context, releases: Path | None) -> None:
    """Toon de uitgaven: naam, versie, datum, digest; * is de huidige."""
    folder = _releases(ctx, releases)
    show_releases(folder, PublicationLog.of(_project(ctx)) if _has_project(ctx) else None, ctx.obj["lang"])


def _has_project(ctx: click.Context) -> bool:
    try:
        _project(ctx)
    except WrongUse:
        return False
    return True


@main.command("rollback")
@click.argument("name", required=False, metavar="[NAAM]")
@_releases_option
@click.pass_context
def rollback_command(ctx: click.Context, name: str | None, releases: Path | None) -> None:
    """Ga terug naar de vorige uitgave, of naar NAAM."""
    click.echo(_releases(ctx, releases).rollback(name))


@main.command("new")
@click.argument("kind", type=click.Choice(KINDS), metavar="SOORT")
@click.argument("ref", metavar="REF")
@click.option("--title", default="", metavar="TEKST", help="Titel of naam.")
@click.pass_context
def new_command(ctx: click.Context, kind: str, ref: str, title: str) -> None:
    """Begin een gidspagina (nieuw bestand), of toon een blok om in een referentiebestand te zetten.

    SOORT is gidsartikel, wijk, organisatie of rapport; REF is een sectienummer (10.2) of een korte naam (de-dreef).
    """
    click.echo(skeleton(_project(ctx), kind, ref, title, ctx.obj["lang"]))
