"""Read the project's files: every RDF syntax in ``data/`` and ``ontology/``, one named graph per file.

A guide page ``data/gids/9.3.2.trig`` states its triples in the graph ``{base}id/graaf/gids/9.3.2``; any file without
graphs of its own lands in the graph named after its place: ``data/referentie/wijken.ttl`` in
``{base}id/graaf/referentie/wijken``, ``ontology/shapes.ttl`` in ``{base}id/graaf/ontology/shapes``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple, parse

from wijkengids.errors import Text, WrongUse
from wijkengids.knowledge.findings import Finding, Place, Severity
from wijkengids.knowledge.places import Places, read_places
from wijkengids.model.formats import SOURCE_FORMATS
from wijkengids.model.iris import Base
from wijkengids.model.vocab import CANONICAL_BASE

_NOT_CONTENT = ("data/uitgaven/", "data/catalogus.")
"""Below these stands what is made of, or said about, releases: no content."""
_PAGE = re.compile(r"data/gids/[0-9]{1,2}(\.[0-9]{1,2}){0,2}\.[a-z0-9]+")
_OTHER = re.compile(r"(ontology|data/referentie)/[A-Za-z0-9_-]+\.[a-z0-9]+")


@dataclass(frozen=True)
class Project:
    """The folder with ``ontology/``, ``data/`` and ``queries/``."""

    root: Path

    @classmethod
    def find(cls, given: Path | None = None) -> Project:
        """Return the project at ``given``, or at the nearest parent of the working folder that looks like one."""
        start = (given or Path.cwd()).absolute()
        for folder in (start,) if given else (start, *start.parents):
            if (folder / "ontology").is_dir() and (folder / "data").is_dir():
                return cls(folder)
        raise WrongUse(
            f"Geen project gevonden in {start}: er is geen map met ontology/ en data/. Ga naar de map van het project"
            " of geef --project MAP.",
            f"No project found in {start}: no folder with ontology/ and data/. Go to the project's folder or give"
            " --project DIR.",
        )

    def files(self) -> list[Path]:
        """Return the source files in a fixed order: the ontology first, then data."""
        found = [
            path
            for folder in ("ontology", "data")
            for path in sorted((self.root / folder).rglob("*"))
            if path.suffix in SOURCE_FORMATS and path.is_file() and not self.name(path).startswith(_NOT_CONTENT)
        ]
        if not any(self.name(path).startswith("data/") for path in found):
            raise WrongUse(
                f"Er is niets te publiceren: {self.root / 'data'} bevat geen enkel RDF-bestand. Haal data/ terug uit"
                " git of begin met: wijkengids new gidsartikel NUMMER",
                f"There is nothing to publish: {self.root / 'data'} has no RDF file at all. Restore data/ from git or"
                " begin with: wijkengids new gidsartikel NUMBER",
            )
        return found

    def name(self, path: Path) -> str:
        """Return a file's path as it is shown in messages: relative to the project, with slashes."""
        return path.relative_to(self.root).as_posix()


@dataclass(frozen=True)
class Sources:
    """All that was read: the quads as stated, where they stand, and what could not be read."""

    quads: tuple[Quad, ...]
    places: Places
    findings: tuple[Finding, ...]


def graph_of(name: str) -> NamedNode:
    """Return the graph in which a source file states its triples (canonical base)."""
    return Base(CANONICAL_BASE).graph(name.rpartition(".")[0].removeprefix("data/"))


def read_sources(project: Project) -> Sources:
    """Read every source file. What cannot be parsed becomes a finding with line and column; the rest is kept."""
    quads: list[Quad] = []
    findings: list[Finding] = []
    places = Places()
    for path in project.files():
        name = project.name(path)
        if not _PAGE.fullmatch(name) and not _OTHER.fullmatch(name):
            findings.append(_misplaced(name))
            continue
        try:
            text = path.read_bytes().decode("utf-8-sig")
            read = list(_read(text, path.suffix, name))
        except UnicodeDecodeError as error:
            findings.append(_not_utf8(name, path.read_bytes(), error))
            continue
        except SyntaxError as error:
            findings.append(_syntax(name, error))
            continue
        except OSError as error:
            findings.append(_unreadable(name, error))
            continue
        read_places(places, name, text, path.suffix, graph_of(name).value)
        findings.extend(_rdf_1_2(name, read, places))
        findings.extend(_stray_graphs(name, read, places))
        findings.extend(_empty_page(name, read))
        quads.extend(read)
    return Sources(tuple(quads), places, tuple(findings))


def _read(text: str, suffix: str, name: str) -> Iterator[Quad]:
    """Yield the quads of one file; its blank nodes get labels that no other file has."""
    graph = graph_of(name)
    names_graphs = suffix in {".trig", ".nq"}
    for quad in parse(text, format=SOURCE_FORMATS[suffix], base_iri=graph.value, rename_blank_nodes=True):
        own = isinstance(quad.graph_name, DefaultGraph) and not names_graphs
        yield Quad(quad.subject, quad.predicate, quad.object, graph) if own else quad


def _syntax(name: str, error: SyntaxError) -> Finding:
    detail = str(error.msg).split(": ", 1)[-1]
    return Finding(
        Place(name, error.lineno or 1, error.offset or 1),
        Severity.VIOLATION,
        "syntax",
        Text(
            f"het bestand kan niet gelezen worden (kolom {error.offset or 1}): {detail}",
            f"the file cannot be read (column {error.offset or 1}): {detail}",
        ),
    )


def _misplaced(name: str) -> Finding:
    return Finding(
        Place(name),
        Severity.VIOLATION,
        "misplaced",
        Text(
            "dit bestand hoort hier niet of heet verkeerd: een pagina heet data/gids/NUMMER.trig, gedeelde gegevens"
            " staan in data/referentie/, in een naam zonder spaties of leestekens. Is het een kopie? Haal haar dan weg",
            "this file does not belong here or has a wrong name: a page is data/gids/NUMBER.trig, shared data stand in"
            " data/referentie/, in a name without spaces or punctuation. Is it a copy? Then remove it",
        ),
    )


def _unreadable(name: str, error: OSError) -> Finding:
    return Finding(
        Place(name),
        Severity.VIOLATION,
        "unreadable",
        Text(
            f"het bestand kan niet gelezen worden ({error.strerror}): geef uzelf het recht om het te lezen",
            f"the file cannot be read ({error.strerror}): give yourself permission to read it",
        ),
    )


def _empty_page(name: str, quads: list[Quad]) -> Iterator[Finding]:
    """Yield a finding for a page that says nothing of its own article: lost, or never written."""
    number = name.rpartition("/")[2].rpartition(".")[0]
    article = Base().resource("gidsartikel", number)
    if name.startswith("data/gids/") and not any(quad.subject == article for quad in quads):
        yield Finding(
            Place(name),
            Severity.VIOLATION,
            "empty-page",
            Text(
                f"de pagina zegt niets over gidsartikel:{number}: is zij leeg of half bewaard? Haal haar terug uit git,"
                f" of beschrijf gidsartikel:{number} in de graaf gidsgraaf:{number}",
                f"the page says nothing about gidsartikel:{number}: is it empty or half saved? Restore it from git, or"
                f" describe gidsartikel:{number} in the graph gidsgraaf:{number}",
            ),
        )


def _not_utf8(name: str, raw: bytes, error: UnicodeDecodeError) -> Finding:
    line = raw[: error.start].count(b"\n") + 1
    return Finding(
        Place(name, line),
        Severity.VIOLATION,
        "encoding",
        Text(
            "het bestand is geen UTF-8: bewaar het in uw tekstverwerker opnieuw met codering UTF-8",
            "the file is not UTF-8: save it again in your editor with encoding UTF-8",
        ),
    )


def _rdf_1_2(name: str, quads: list[Quad], places: Places) -> Iterator[Finding]:
    """Yield a finding for each triple term or base direction: most tools, rdflib among them, cannot read these yet."""
    for quad in quads:
        if isinstance(quad.object, Triple) or (isinstance(quad.object, Literal) and quad.object.direction):
            place = places.find(getattr(quad.subject, "value", ""), quad.predicate.value) or Place(name)
            yield Finding(
                place,
                Severity.VIOLATION,
                "rdf12",
                Text(
                    "dit is RDF 1.2 (een triple als waarde, of een schrijfrichting); gebruik RDF 1.1",
                    "this is RDF 1.2 (a triple as a value, or a base direction); use RDF 1.1",
                ),
            )


def _stray_graphs(name: str, quads: list[Quad], places: Places) -> Iterator[Finding]:
    """Yield one finding where subjects stand outside the graph of their file."""
    own = graph_of(name)
    strays = list(dict.fromkeys(quad.subject for quad in quads if quad.graph_name != own))
    found = sorted(places.subject_in(getattr(subject, "value", ""), name) or Place(name) for subject in strays)
    if found:
        count = len(found)
        yield Finding(
            found[0],
            Severity.VIOLATION,
            "stray-graph",
            Text(
                f"van hier af staat iets ({count}) buiten de graaf van het bestand: zet het in <{own.value}> {{ ... }}",
                f"from here on something ({count}) is outside the graph of the file: put it in <{own.value}> {{ ... }}",
            ),
        )
