"""How to cite a release, or a result from one: in words, and as BibTeX, RIS and CSL-JSON for reference managers.

All forms say the same. Nothing here is of this moment: when a result was looked at is for the reader to add. Sources:
biblatex manual (``@dataset``), RIS as EndNote and Zotero read it (``DATA``), the schema csl-data.json of CSL 1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, Literal, NamedNode

from wijkengids.documents.labels import label, pick
from wijkengids.errors import Text
from wijkengids.model.formats import BIBTEX, CSL_JSON, RIS, Format
from wijkengids.model.vocab import CC_BY, DCTERMS
from wijkengids.release.shelf import Edition
from wijkengids.release.store import OpenRelease

_NAMES = {CC_BY.value: "CC BY 4.0"}
_WORK = Text("werkuitgave", "work release")


@dataclass(frozen=True)
class Citation:
    """What is cited, in one language ('nl' or 'en').

    ``whole`` is the title of the dataset where a part of it is cited, else ''. ``author`` and ``publisher`` are names
    of organisations, '' where unknown; ``licences`` are IRIs. ``remark`` is one more sentence, or ''.
    """

    key: str
    title: str
    whole: str
    author: str
    publisher: str
    edition: Edition
    url: str
    licences: tuple[str, ...]
    language: str
    remark: str = ""

    @property
    def version(self) -> str:
        """The version; of a work release that it is one, and its digest."""
        return self.edition.version or f"{_WORK.in_language(self.language)} {self.edition.digest}"

    @property
    def notes(self) -> list[str]:
        """What no form has a field for: digest, licence, remark."""
        english = self.language == "en"
        licence = "Licence" if english else "Licentie"
        content = "SHA-256 of the content" if english else "SHA-256 van de inhoud"
        named = [f"{licence}: {_NAMES[iri]}, {iri}" if iri in _NAMES else f"{licence}: {iri}" for iri in self.licences]
        return [*named, f"{content}: {self.edition.digest}", *([self.remark] if self.remark else [])]

    @property
    def text(self) -> str:
        """The citation as a sentence, in the order that DataCite advises; the publisher where it is not the author."""
        english = self.language == "en"
        year = self.edition.date[:4] or ("n.d." if english else "z.d.")
        work = f"{_WORK.in_language(self.language)} {self.edition.digest[:12]}"  # the URL has all of it
        numbered = f"{'version' if english else 'versie'} {self.version}" if self.edition.version else work
        parts = [
            f"{self.author} ({year})" if self.author else f"({year})",
            self.title if self.whole else "",
            f"{self.whole or self.title} ({numbered}) [dataset]",
            self.publisher if self.publisher != self.author else "",
            ", ".join(_NAMES.get(iri, iri) for iri in self.licences),
            self.url,
        ]
        return ". ".join(part for part in parts if part)


def cite(
    release: OpenRelease,
    edition: Edition,
    language: str,
    path: str,
    title: str = "",
    part: str = "",
    remark: str = "",
) -> Citation:
    """Return the citation of a release, or of a ``part`` of it (an ASCII name) with a title of its own.

    ``path`` is the permalink without the base. The words are those of the catalogue of that release.
    """
    dataset = release.base.resource("dataset", "wijkengids")
    store = release.store
    titles = {o.language or "": o.value for o in _objects(release, dataset, "title") if isinstance(o, Literal)}
    whole = pick(titles, language) or release.base.iri

    def organisation(name: str) -> str:
        found = sorted(o.value for o in _objects(release, dataset, name) if isinstance(o, NamedNode))
        return ", ".join(label(store, NamedNode(iri), language) or iri for iri in found)

    publisher = organisation("publisher")
    return Citation(
        key="-".join(filter(None, ("wijkengids", edition.version or edition.digest[:12], part))),
        title=title or whole,
        whole=whole if title else "",
        author=organisation("creator") or publisher,
        publisher=publisher,
        edition=edition,
        url=release.base.iri + path,
        licences=tuple(sorted(o.value for o in _objects(release, dataset, "license") if isinstance(o, NamedNode))),
        language=language,
        remark=remark,
    )


def write_citation(citation: Citation, format_: Format) -> str:
    """Return a citation in one of ``CITATION_FORMATS``."""
    writers: dict[Format, Callable[[Citation], str]] = {BIBTEX: _bibtex, RIS: _ris, CSL_JSON: _csl_json}
    return writers[format_](citation)


def _objects(release: OpenRelease, node: NamedNode, name: str) -> Iterator[object]:
    return (quad.object for quad in release.store.quads_for_pattern(node, DCTERMS[name], None, DefaultGraph()))


def _line(text: str) -> str:
    """Return a text on one line, without characters that no text has."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]", " ", text).split())


_LATEX = str.maketrans(
    {character: f"\\{character}" for character in "$&#%_"}
    | {"\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}"}
    # BibTeX counts braces, also behind a backslash: one alone would swallow what follows
    | {"{": "\\textbraceleft{}", "}": "\\textbraceright{}"}
)


def _bibtex(citation: Citation) -> str:
    """Return BibTeX in UTF-8. Names and titles are in braces of their own: kept whole, capitals as they are."""
    date = citation.edition.date
    english = citation.language == "en"
    fields = {
        "title": f"{{{_latex(citation.title)}}}",
        "series": f"{{{_latex(citation.whole)}}}" if citation.whole else "",
        "author": f"{{{_latex(citation.author)}}}" if citation.author else "",
        "publisher": f"{{{_latex(citation.publisher)}}}" if citation.publisher else "",
        "date": date,
        "year": date[:4],
        "version": _latex(citation.version),
        "url": citation.url,  # verbatim: \url wants no escapes, and a percent sign is no comment within an entry
        "langid": "english" if english else "dutch",
        "note": _latex(". ".join(citation.notes)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@dataset{{{citation.key},", *lines, "}", ""])


def _latex(text: str) -> str:
    return _line(text).translate(_LATEX)


def _ris(citation: Citation) -> str:
    """Return RIS: a tag and a value a line, lines ending in CR LF."""
    date = citation.edition.date
    pairs = [
        ("TY", "DATA"),
        ("ID", citation.key),
        ("TI", citation.title),
        ("T2", citation.whole),
        ("AU", citation.author),
        ("PB", citation.publisher),
        ("PY", date[:4]),
        ("DA", date.replace("-", "/")),
        ("ET", citation.version),
        ("LA", citation.language),
        *(("N1", note) for note in citation.notes),
        ("UR", citation.url),
    ]
    return "".join(f"{tag}  - {_line(value)}\r\n" for tag, value in pairs if value) + "ER  - \r\n"


def _csl_json(citation: Citation) -> str:
    """Return CSL-JSON: a list of one item, as its schema has it."""
    date = citation.edition.date
    item: dict[str, object] = {
        "id": citation.key,
        "type": "dataset",
        "title": _line(citation.title),
        "container-title": _line(citation.whole),
        "author": [{"literal": _line(citation.author)}] if citation.author else [],
        "publisher": _line(citation.publisher),
        "issued": {"date-parts": [[int(part) for part in date.split("-")]]} if date else {},
        "version": citation.version,
        "URL": citation.url,
        "language": citation.language,
        "note": ". ".join(map(_line, citation.notes)),
    }
    return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=1) + "\n"
