"""The house: imports point down, modules stay small, what is public says what it is, texts exist in two languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from tests.conftest import ROOT

PACKAGE = ROOT / "src/wijkengids"
FLOORS = ["model", "knowledge", "engine", "release", "documents", "web", "tools", "console", "cli"]
"""From the ground up. errors lies under all of them; settings lies on engine, whose limits it names."""
MODULES = sorted(PACKAGE.rglob("*.py"))


def floor(module: str) -> int:
    """Return the height of a dotted module name; -1 for the ground under the floors."""
    room = module.removeprefix("wijkengids.").split(".")[0]
    if room == "settings":
        return FLOORS.index("engine")
    return FLOORS.index(room) if room in FLOORS else -1


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> list[tuple[str, int]]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("wijkengids"):
            parts = [f"{node.module}.{alias.name}" for alias in node.names]
            names = parts if node.module.count(".") < 2 else [node.module]
            found += [(name, node.col_offset) for name in names]
    return found


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    here = floor(name_of(path))
    if name_of(path) in {"wijkengids.__main__"}:
        return  # the door on top of everything
    for name, column in imports(path):
        assert column == 0, f"an import inside a function hides a dependency: {name}"
        assert floor(name) <= here, f"{name_of(path)} may not look up at {name}"


def test_there_is_no_circle_of_imports() -> None:
    graph = {name_of(path): {name for name, _ in imports(path)} for path in MODULES}
    graph = {name: {other for other in others if other in graph} for name, others in graph.items()}
    while graph:
        free = [name for name, others in graph.items() if not others & graph.keys()]
        assert free, f"a circle among {sorted(graph)}"
        for name in free:
            del graph[name]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_fit_the_eye(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 280
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            assert node.end_lineno - node.lineno < 50, f"{node.name} does not fit on a screen"


def test_every_text_of_a_page_has_an_english_one() -> None:
    method = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
    options = {"**/templates/**.html": {"trimmed": "true"}}
    found = {message for _, _, message, _, _ in extract_from_dir(PACKAGE / "web", method, options_map=options)}
    with (PACKAGE / "web/translations/en/LC_MESSAGES/messages.po").open("rb") as file:
        translated = {message.id: message.string for message in read_po(file) if message.id}
    assert {text for text in found if not translated.get(text)} == set(), "without an English text"
    assert set(translated) - found == set(), "no longer used"


def test_no_file_names_a_registry_or_a_path_of_a_machine() -> None:
    hosts = re.compile(r"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    paths = re.compile(r"(?<![\w./])/(?:work|root|home)/")
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT).parts
        if (
            not path.is_file()
            or inside[0] in {".git", "releases", "work"}
            or any(p.startswith(("__py", ".", "node_modules")) for p in inside[:-1])
        ):
            continue
        if path.suffix in {".py", ".md", ".toml", ".txt", ".ttl", ".trig", ".rq", ".html", ".json", "", ".cfg"}:
            text = path.read_text(encoding="utf-8", errors="replace")
            if path != Path(__file__):
                assert not hosts.search(text), path
                assert not paths.search(text), path


def test_the_skips_that_ci_accepts_have_reasons() -> None:
    for line in (ROOT / "tests/skips.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, bar, reason = line.partition(" | ")
            assert bar, line
            assert re.fullmatch(r"tests\.[\w.]+(\[.*\])?", name)
            assert len(reason.split()) > 4
