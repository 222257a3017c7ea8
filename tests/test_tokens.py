"""The tokenizer: terms whole, positions right, nothing lost, linear in the length of its input."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from tests.conftest import ROOT
from wijkengids.model.tokens import Lines, string_value, syntax_detail, tokenize, unescape


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gidsartikel:9.3.2 .", [("pname", "gidsartikel:9.3.2"), ("mark", ".")]),
        ("a:b.", [("pname", "a:b"), ("mark", ".")]),
        ("true.SERVICE", [("word", "true"), ("mark", "."), ("word", "SERVICE")]),
        ("ex:a.SERVICE", [("pname", "ex:a.SERVICE")]),
        ('"a\\"b"@nl', [("string", '"a\\"b"'), ("at", "@nl")]),
        ('"""een "twee" drie"""', [("string", '"""een "twee" drie"""')]),
        ("'''a'b''c'''", [("string", "'''a'b''c'''")]),
        ('"1"^^xsd:int', [("string", '"1"'), ("mark", "^^"), ("pname", "xsd:int")]),
        ("<http://a/b#c>", [("iri", "<http://a/b#c>")]),
        ("?a<?b", [("variable", "?a"), ("mark", "<"), ("variable", "?b")]),
        ("-1.5e3, .5", [("number", "-1.5e3"), ("mark", ","), ("number", ".5")]),
        ("_:b.1", [("bnode", "_:b.1")]),
        ("wg:a\\/b%20c", [("pname", "wg:a\\/b%20c")]),
        ("# SERVICE\nASK", [("word", "ASK")]),
        ('"niet af', [("error", '"'), ("word", "niet"), ("word", "af")]),
        ("é:ü", [("pname", "é:ü")]),
    ],
)
def test_terms_come_out_whole(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@given(st.text(alphabet="ab:.<>\"'\\#@^_{}[]()?$1-+e \n\té%/&|=", max_size=80))
def test_every_character_is_in_one_token_or_is_white_space(text: str) -> None:
    position = 0
    for token in tokenize(text, comments=True):
        assert text[position : token.start].strip() == ""
        assert text[token.start : token.start + len(token.text)] == token.text
        position = token.start + len(token.text)
    assert text[position:].strip() == ""


@given(st.text(min_size=0, max_size=30))
def test_string_values_agree_with_the_parser(value: str) -> None:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r")
    try:
        escaped.encode()
    except UnicodeEncodeError:
        return  # a lone surrogate is no Unicode text
    token = next(tokenize(f'"{escaped}"'))
    [quad] = parse(f'<http://a> <http://b> "{escaped}" .', format=RdfFormat.TURTLE)
    assert string_value(token.text) == getattr(quad.object, "value", None) == value


def test_the_sources_have_no_error_token() -> None:
    for path in [*ROOT.glob("data/**/*.t*"), *ROOT.glob("ontology/*.ttl"), *ROOT.glob("queries/*.rq")]:
        bad = [token for token in tokenize(path.read_text(encoding="utf-8")) if token.kind == "error"]
        assert not bad, f"{path.name}: {bad[:3]}"


@pytest.mark.parametrize(
    "piece", ["a.", '"', ":", "<", "a:a.", "'''a'", "\\", "_:a.", "1.", "<<(", '"""', "@a-", "%20"]
)
def test_hostile_repetition_is_read_in_linear_steps(piece: str) -> None:
    # a quadratic reader would need minutes for this
    assert sum(1 for _ in tokenize(piece * 100_000)) > 0


def test_lines_counts_from_one_and_knows_every_line_end() -> None:
    lines = Lines("een\r\ntwee\rdrie\nvier")
    assert [lines.at(offset) for offset in (0, 2, 5, 10, 15)] == [(1, 1), (1, 3), (2, 1), (3, 1), (4, 1)]


def test_unescape() -> None:
    assert unescape("a\\tb\\u00e9\\U0001F600\\/") == "a\tbé😀/"
    assert unescape("\\UFFFFFFFF") == "\\UFFFFFFFF"


def test_a_syntax_error_is_told_short() -> None:
    line, column, detail = syntax_detail(SyntaxError('error at 2:5: expected one of "(", "[", [_], A, IRI'))
    assert (line, column, detail) == (2, 5, 'expected one of "(", "[", IRI')
    assert syntax_detail(SyntaxError("raar")) == (None, None, "raar")
