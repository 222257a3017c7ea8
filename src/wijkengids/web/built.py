"""The interactive parts of the pages: bundles that ``src/frontend`` builds into ``static/build`` (docs/frontend.md).

Names of built files hold a hash of what is in them. Where nothing was built (no Node.js, no network) the pages work
without.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wijkengids.web.respond import relative

FOLDER = Path(__file__).parent / "static" / "build"


@dataclass(frozen=True)
class Built:
    """The script and the style sheet of one page, as links from the requested URL."""

    js: str
    css: str


def built(page: str) -> Built | None:
    """Return what was built for a page ('werkbank'); None where nothing was."""
    files = _manifest().get(page)
    if files is None:
        return None
    return Built(relative(f"static/build/{files['js']}"), relative(f"static/build/{files['css']}"))


@cache
def _manifest() -> dict[str, dict[str, str]]:
    """Return page to kind to file name; read once, as the server of a page also serves what the page names."""
    try:
        found: dict[str, dict[str, str]] = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return found
