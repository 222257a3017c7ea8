"""``wijkengids new``: a guide page to fill in, or a block for a reference file, that passes ``check`` as it is."""

from __future__ import annotations

import re
from importlib.resources import files
from string import Template

from wijkengids.errors import Text, WrongUse
from wijkengids.knowledge.sources import Project
from wijkengids.model.vocab import CANONICAL_BASE, FOREIGN_PREFIXES, OWN_PREFIXES
from wijkengids.release.folder import explained

KINDS = ("gidsartikel", "wijk", "organisatie", "rapport")
"""Kinds that have a skeleton."""

_SECTION = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,2}){0,2}")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def skeleton(project: Project, kind: str, ref: str, title: str, language: str) -> str:
    """Write a new guide page and return what to do next; for the other kinds return the block to paste."""
    pattern, example = (_SECTION, "10.2") if kind == "gidsartikel" else (_SLUG, "de-dreef")
    if not pattern.fullmatch(ref):
        raise WrongUse(
            f"'{ref}' kan niet als naam van een {kind}: schrijf bijvoorbeeld {example}.",
            f"'{ref}' cannot be the name of a {kind}: write for example {example}.",
        )
    text = _fill(kind, ref, title or ref)
    if kind != "gidsartikel":
        return text
    path = project.root / "data" / "gids" / f"{ref}.trig"
    if path.exists():
        raise WrongUse(
            f"{project.name(path)} bestaat al; er is niets overschreven.",
            f"{project.name(path)} exists already; nothing was overwritten.",
        )
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    nl = f"{project.name(path)} is gemaakt. Vul het in en kijk met: wijkengids check {project.name(path)}"
    en = f"{project.name(path)} was made. Fill it in and look with: wijkengids check {project.name(path)}"
    return Text(nl, en).in_language(language)


def _fill(kind: str, ref: str, title: str) -> str:
    body = (files("wijkengids.tools") / "skeletons" / f"{kind}.trig").read_text(encoding="utf-8")
    quoted = title.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
    text = Template(body).substitute(ref=ref, title=quoted)
    if kind != "gidsartikel":
        return text
    prefixes = {name: CANONICAL_BASE + path for name, path in OWN_PREFIXES.items()} | FOREIGN_PREFIXES
    used = [name for name in prefixes if re.search(rf"(?<![\w-]){name}:", text)]
    return "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(used)) + "\n" + text
