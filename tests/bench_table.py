"""Tables of figures, as text for a terminal and as Markdown for the page that keeps the last ones."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from datetime import date
from importlib.metadata import version
from pathlib import Path

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


class Table:
    """A title, columns, rows that begin with a name, and notes below."""

    def __init__(self, title: str, columns: list[str]) -> None:
        self.title, self.columns = title, columns
        self.rows: list[list[str]] = []
        self.notes: list[str] = []

    def row(self, name: str, values: list[str]) -> None:
        """Add a row."""
        assert len(values) == len(self.columns), (name, values)
        self.rows.append([name, *values])

    def note(self, text: str) -> None:
        """Add a sentence below the table."""
        self.notes.append(text)

    def text(self) -> str:
        """Return the table for a terminal."""
        widths = [max(len(row[i]) for row in [["", *self.columns], *self.rows]) for i in range(len(self.columns) + 1)]
        lines = [f"\n{self.title}"]
        for first, *rest in [["", *self.columns], *self.rows]:
            cells = (cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True))
            lines.append("  ".join((first.ljust(widths[0]), *cells)).rstrip())
        return "\n".join([*lines, *self.notes]) + "\n"

    def markdown(self) -> str:
        """Return the table for a page."""
        lines = [f"### {self.title}", "", f"| | {' | '.join(self.columns)} |", "|---" * (len(self.columns) + 1) + "|"]
        lines += [f"| {' | '.join(row)} |" for row in self.rows]
        return "\n".join([*lines, *(f"\n{note}" for note in self.notes)]) + "\n"


def machine(command: str) -> str:
    """Return the date, the machine and what it runs, in one paragraph."""
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    memory = re.search(r"MemTotal: +(\d+)", Path("/proc/meminfo").read_text(encoding="utf-8"))
    size = f", {int(memory[1]) / 2**20:.0f} GiB" if memory else ""
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "granian", "flask", "rdflib"))
    return (
        f"{date.today()}, {cpu[1] if cpu else platform.machine()}, {os.cpu_count()} cores{size}, {platform.system()}"
        f" {platform.release()}, Python {platform.python_version()}, {libraries}{_tools()}. Command: `{command}`."
    )


def _tools() -> str:
    found = ""
    for name, arguments in (("nginx", ["-v"]), ("wrk", ["-v"])):
        try:
            done = subprocess.run([name, *arguments], capture_output=True, text=True, check=False)
        except OSError:
            continue
        number = re.search(r"\d+\.\d+\.\d+", done.stderr + done.stdout)
        found += f", {name} {number[0] if number else '?'}"
    return found


def keep(page: Path, head: str, tables: list[Table]) -> None:
    """Replace the marked part of a page by these tables."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    body = "\n".join(table.markdown() for table in tables)
    page.write_text(f"{before}{BEGIN}\n{head}\n\n{body}{END}{after}", encoding="utf-8")
