"""docs/contract.md is the whole truth about commands, settings and URLs."""

from __future__ import annotations

import re
from dataclasses import fields

import click
from flask import Flask

from tests.conftest import ROOT
from wijkengids.cli import main
from wijkengids.settings import PREFIX, Settings

TEXT = (ROOT / "docs/contract.md").read_text(encoding="utf-8")
HIDDEN = {"-h", "--help"}


def rows(pattern: str) -> dict[str, str]:
    return {found[1]: found[0] for found in re.finditer(rf"^\| `{pattern}`.*$", TEXT, re.MULTILINE)}


def test_every_command_with_its_options_is_told_and_no_other() -> None:
    told = rows(r"wijkengids (\w+)[^`]*")
    assert set(told) == set(main.commands)
    for name, row in told.items():
        options = {
            text
            for option in main.commands[name].params
            if isinstance(option, click.Option)
            for text in option.opts
            if text.startswith("--")
        }
        assert set(re.findall(r"--[a-z-]+", row)) == options - HIDDEN, name


def test_every_make_target_is_told() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE)) - {"setup"}
    assert {target for target in targets if f"`make {target}`" not in TEXT} == set()


def test_every_setting_is_told_with_its_default() -> None:
    told = dict(re.findall(rf"^\| `{PREFIX}(\w+)` \|(.*?) \|", TEXT, re.MULTILINE))
    expected = {f.name.upper(): f" `{f.default}`" if str(f.default) else "" for f in fields(Settings)}
    assert told == expected


def test_every_url_is_told_and_no_other(app: Flask) -> None:
    section = TEXT.split("## HTTP")[1]
    told = {
        url for row in re.findall(r"^\| (`/[^|]*) \|", section, re.MULTILINE) for url in re.findall(r"`([^`]+)`", row)
    }
    told = {re.sub(r"\.\{.*\}", "", url) for url in told}
    served = set()
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", rule.rule)
        variants = [path.replace("<any(def, shapes):name>", name) for name in ("def", "shapes")]
        served |= set(variants if "any(" in path else [path])
    assert told == served
