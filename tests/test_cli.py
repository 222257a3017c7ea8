"""The command line: its messages, its exit codes, and that nothing is lost."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Run, free_port
from tests.test_knowledge import WIJKEN, change
from wijkengids.release.folder import Releases


def test_check_on_clean_content_is_0_and_counts(run: Run) -> None:
    done = run("--project", ROOT, "check")
    assert done.returncode == 0
    assert re.search(r"^overtredingen: 0, waarschuwingen: 0, info: \d+$", done.stdout, re.MULTILINE)
    assert run("--project", ROOT, "check", "--fail-on", "info").returncode == 1


def test_a_finding_is_file_line_severity_message_in_both_languages(run: Run, copy: Path) -> None:
    change(copy, WIJKEN, "    wg:ligtIn stad:arnhem ;\n", "")
    done = run("--project", copy, "check")
    assert done.returncode == 1
    assert re.search(
        rf"^{WIJKEN}:40: overtreding: wijk:presikhaaf: Wijk zonder stad: voeg wg:ligtIn stad:… toe\.$",
        done.stdout,
        re.MULTILINE,
    )
    english = run("--project", copy, "--lang", "en", "check").stdout
    assert f"{WIJKEN}:40: violation: wijk:presikhaaf: Neighbourhood without a city" in english


def test_check_as_json_and_of_one_path(run: Run, copy: Path) -> None:
    line = change(copy, WIJKEN, "wg:ligtIn stad:arnhem", "wg:ligtInn stad:arnhem")
    done = run("--project", copy, "check", "--format", "json", copy / WIJKEN)
    found = json.loads(done.stdout)
    assert done.returncode == 1
    assert found["counts"]["violation"] == 2
    assert {"file": WIJKEN, "line": line, "code": "unknown-term"}.items() <= found["findings"][0].items()
    elsewhere = run("--project", copy, "check", copy / "data/gids")
    assert elsewhere.returncode == 0
    assert WIJKEN not in elsewhere.stdout


def test_a_blocked_build_says_what_blocks_it(run: Run, copy: Path, tmp_path: Path) -> None:
    change(copy, WIJKEN, "    wg:ligtIn stad:arnhem ;\n", "")
    done = run("--project", copy, "build", "--out", tmp_path / "uit")
    assert done.returncode == 1
    assert "Wijk zonder stad" in done.stdout
    assert "Geen uitgave gemaakt: 1 overtreding(en)" in done.stderr
    assert Releases(tmp_path / "uit").names() == []


def test_from_build_to_publish_releases_and_rollback(run: Run, copy: Path) -> None:
    one = run("--project", copy, "build").stdout.strip()
    two = run("--project", copy, "build").stdout.strip()
    assert Path(one).parent == Path(two).parent == copy / "releases"
    done = run("--project", copy, "publish", "1.0.0", "--date", "2026-11-23")
    assert re.match(r"data/uitgaven/1\.0\.0\.json: \d+ toegevoegd, 0 gewijzigd, 0 verwijderd", done.stdout)
    listed = run("--project", copy, "releases").stdout.splitlines()
    assert [line[0] for line in listed] == [" ", "*"]
    assert all("1.0.0" in line and "2026-11-23" in line for line in listed), "the digest is the same"
    assert run("--project", copy, "rollback").stdout.strip() == Path(one).name
    assert run("--project", copy, "releases").stdout.splitlines()[0].startswith("* " + Path(one).name)
    again = run("--project", copy, "publish", "1.0.1", "--date", "2026-11-24")
    assert again.returncode == 2
    assert "niets veranderd" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "data/nergens"], 2, "'data/nergens' is er niet"),
        (["build", "--base", "gids.nl"], 2, "bijvoorbeeld https://gids.example.nl/"),
        (["query", "nix"], 2, "Vragen: "),
        (["query", "programmas-in-jaar", "--param", "jaar=20l3"], 2, "een jaar van vier cijfers"),
        (["query", "programmas-in-jaar", "--param", "jaar"], 2, "NAAM=WAARDE"),
        (["query", "programmas-in-jaar", "--param", "jaren=2010"], 2, "wel: jaar"),
        (["query", "wijken-met-stad", "--format", "ttl"], 2, "kies --format table, csv, json, xlsx of parquet"),
        (["rollback", "nix"], 2, "wijkengids releases"),
        (["new", "gidsartikel", "9.3.2"], 2, "er is niets overschreven"),
        (["new", "gidsartikel", "negen"], 2, "bijvoorbeeld 10.2"),
        (["new", "wijk", "De Dreef"], 2, "bijvoorbeeld de-dreef"),
        (["publish", "1.0", "--date", "2026-01-01"], 2, "bijvoorbeeld 1.0.0"),
        (["serve", "--port", "99999"], 2, "99999"),
        (["onzin"], 2, "onzin"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_2(
    run: Run, releases: Releases, arguments: list[str], code: int, said: str
) -> None:
    done = run("--project", ROOT, *arguments, env={"PATH": "", "WIJKENGIDS_RELEASES": str(releases.root)})
    assert done.returncode == code, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_change_of_base_is_told(run: Run, copy: Path) -> None:
    assert "Let op" not in run("--project", copy, "build").stderr
    moved = run("--project", copy, "build", "--base", "http://127.0.0.1:8000/")
    assert "hiervoor had basis https://w3id.org/wijkengids/" in moved.stderr


def test_a_damaged_store_is_one_sentence_and_exit_3(run: Run, copy: Path) -> None:
    folder = Path(run("--project", copy, "build").stdout.strip())
    for path in (folder / "store").glob("*.sst"):
        path.write_bytes(b"onzin" * 30)
    for arguments in (["query", "rapporten"], ["serve", "--port", str(free_port())]):
        done = run("--project", copy, *arguments)
        assert done.returncode == 3, arguments
        assert "Traceback" not in done.stderr
        assert "wijkengids" in done.stderr


def test_a_setting_that_is_no_number_is_named(run: Run, releases: Releases) -> None:
    environment = {"PATH": "", "WIJKENGIDS_RELEASES": str(releases.root), "WIJKENGIDS_QUERY_DEADLINE": "snel"}
    done = run("serve", env=environment)
    assert done.returncode == 2
    assert "WIJKENGIDS_QUERY_DEADLINE='snel'" in done.stderr


def test_without_a_release_a_query_says_how_to_make_one(run: Run, tmp_path: Path) -> None:
    done = run("query", "wijken-met-stad", "--releases", tmp_path)
    assert done.returncode == 3
    assert "wijkengids build" in done.stderr


def test_query_reads_a_file_and_stdin_and_writes_every_format(run: Run, releases: Releases, tmp_path: Path) -> None:
    options = ("--releases", releases.root)
    query = "SELECT ?s { ?s a <https://w3id.org/wijkengids/def#Gids> }"
    (tmp_path / "vraag.rq").write_text(query)
    assert "gids:wijkengids" in run("query", tmp_path / "vraag.rq", *options).stdout
    assert "1 rij\n" in run("query", "-", *options, input=query).stdout
    assert json.loads(run("query", "-", *options, "--format", "json", input=query).stdout)["results"]["bindings"]
    graph = run("query", "-", *options, "--format", "ttl", input=query.replace("SELECT ?s", "DESCRIBE ?s")).stdout
    assert graph.startswith("@prefix")
    assert run("query", "-", *options, input="ASK {}").stdout == "true\n"
    wrong = run("query", "-", *options, input="SELECT * {")
    assert wrong.returncode == 2
    assert "regel 1, kolom 11" in wrong.stderr


@pytest.mark.parametrize("kind", ["wijk", "organisatie", "rapport"])
def test_new_shows_a_block_for_a_reference_file(run: Run, kind: str) -> None:
    done = run("--project", ROOT, "new", kind, "de-dreef", "--title", 'De "Dreef"')
    assert done.returncode == 0
    assert f"{kind}:de-dreef a wg:" in done.stdout
    assert 'De \\"Dreef\\"' in done.stdout


def test_a_new_page_passes_check_as_it_is(run: Run, copy: Path) -> None:
    done = run("--project", copy, "new", "gidsartikel", "10.2", "--title", "Veilig wonen")
    assert done.returncode == 0, done.stderr
    assert "data/gids/10.2.trig is gemaakt" in done.stdout
    checked = run("--project", copy, "check", "--fail-on", "warning", copy / "data/gids/10.2.trig")
    assert checked.returncode == 0, checked.stdout
    built = run("--project", copy, "build")
    assert built.returncode == 0
