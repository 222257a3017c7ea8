"""The policy on the grammar's tokens: what is a SERVICE, an update or a query, wherever and however it is written."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from wijkengids.engine.policy import QueryForm, inspect
from wijkengids.errors import QueryInvalid, QueryRefused

WORDS = ("SERVICE", "service", "SeRvIcE", "LOAD", "INSERT", "DELETE", "DROP", "CLEAR", "CREATE", "ADD", "MOVE", "COPY")

HARMLESS = [
    "SELECT * {{ ?s ?p '{word} <http://x/> {{}}' }}",
    'SELECT * {{ ?s ?p """\n{word} <http://x/> {{}}\n""" }}',
    "SELECT * {{ ?s ?p '''it''s {word} <http://x/>''' }}",
    "SELECT * {{ ?s ?p 'a\\'{word} <http://x/>' }}",
    'SELECT * {{ ?s ?p "a\\\\" . # {word} <http://x/> {{}}\n}}',
    "SELECT * {{ ?s ?p ?o }} # {word} <http://x/> {{}}",
    "#{word} <http://x/>\r\nSELECT * {{ ?s ?p ?o }}",
    "SELECT * {{ ?s <http://x/{word}> ?o }}",
    "SELECT * {{ ?s <{word}> ?o }}",
    "SELECT * {{ ?{word} ?p ${word} }}",
    "PREFIX {word}: <http://x/> SELECT * {{ ?s {word}:{word} ?o }}",
    "PREFIX : <http://x/> SELECT * {{ ?s :{word} :a.{word} }}",
    "PREFIX a: <http://x/> SELECT * {{ ?s a:{word}\\- a:b-{word} }}",
    "SELECT * {{ _:{word} ?p 'x'@{word} }}",
    "BASE <http://x/{word}/> SELECT * {{ ?s ?p ?o }}",
]

SERVICES = [
    "SELECT * {{ {service} <http://127.0.0.1/> {{ ?s ?p ?o }} }}",
    "SELECT * {{ {service} SILENT <http://127.0.0.1/> {{}} }}",
    "SELECT * {{ {service}<http://127.0.0.1/>{{}} }}",
    "SELECT * {{ {service}#<\n<http://127.0.0.1/> {{}} }}",
    "SELECT * {{ {service} # a comment ' \" with quotes\n\t SILENT\r\n?x {{}} }}",
    "SELECT * {{ {{ SELECT * {{ {{ SELECT ?s {{ {service} ?g {{}} }} }} }} }} }}",
    "SELECT * {{ OPTIONAL {{ {service} <http://x/> {{}} }} }}",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ {service} <http://x/> {{}} }} }}",
    "SELECT * {{ {{}} UNION {{ {service} <http://x/> {{}} }} }}",
    "SELECT * {{ GRAPH ?g {{ {service} <http://x/> {{}} }} }}",
    "SELECT * {{ ?s ?p ?o MINUS {{ {service} <http://x/> {{}} }} }}",
    "SELECT * {{ BIND(EXISTS {{ {service} <http://x/> {{}} }} AS ?b) }}",
    "SELECT (EXISTS {{ {service} <http://x/> {{}} }} AS ?b) {{}}",
    "ASK {{ {service} <http://x/> {{}} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {service} <http://x/> {{}} }}",
    "DESCRIBE ?s WHERE {{ {service} <http://x/> {{}} }}",
    "PREFIX a: <http://x/> SELECT * {{ ?s a:b a:c.\n{service} a:d {{}} }}",
    "SELECT * {{ ?s ?p 'x'@nl.{service} <http://x/> {{}} }}",
    "SELECT * {{ ?s ?p '''a''b'''.{service} <http://x/> {{}} }}",
    "SELECT * {{ ?s ?p 'a\\\\'.{service} <http://x/> {{}} }}",
    "SELECT * {{ ?s ?p 1e6.{service} <http://x/> {{}} }}",
    "SELECT * {{ ?s ?p <http://x/#>.{service} <http://x/> {{}} }}",
]


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize("text", HARMLESS)
def test_a_word_that_is_no_keyword_fools_nobody(text: str, word: str) -> None:
    query = text.format(word=word)
    assert inspect(query) == (QueryForm.SELECT, query)
    Store().query(query if "BASE" in query else f"BASE <http://b/> {query}")  # and the engine agrees: it is a query


@pytest.mark.parametrize("service", ["SERVICE", "service", "sErViCe"])
@pytest.mark.parametrize("text", SERVICES)
def test_a_service_is_refused_wherever_and_however_it_stands(text: str, service: str) -> None:
    with pytest.raises(QueryRefused, match="SERVICE"):
        inspect(text.format(service=service))


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "# SELECT\ninsert { ?s ?p ?o } WHERE {}",
        "PREFIX a: <http://SELECT/> BASE <http://x/> DELETE WHERE { ?s a:x ?o }",
        "DELETE { ?s ?p ?o } INSERT { ?s ?p ?o } WHERE {}",
        "WITH <http://g/> DELETE { ?s ?p ?o } WHERE {}",
        "LOAD <file:///etc/passwd>",
        "load silent <http://127.0.0.1/> INTO GRAPH <http://g/>",
        "CLEAR ALL",
        "DROP GRAPH <http://g/>",
        "CREATE GRAPH <http://g/>",
        "ADD DEFAULT TO <http://g/>",
        "MOVE <http://a/> TO DEFAULT",
        "COPY <http://a/> TO <http://b/>",
    ],
)
def test_every_update_is_refused_as_one(text: str) -> None:
    with pytest.raises(QueryRefused, match="update"):
        inspect(text)


@pytest.mark.parametrize("text", ["ASK {} ; DROP ALL", "SELECT * {} INSERT DATA {}", "ASK {} LOAD <http://x/>"])
def test_an_update_behind_a_query_is_no_query_to_the_engine(text: str) -> None:
    inspect(text)
    with pytest.raises(SyntaxError):
        Store().query(text)


@pytest.mark.parametrize(
    "text",
    [
        "DESCRIBE <http://x/>",
        "DESCRIBE ?s WHERE { ?s ?p ?o } LIMIT 1",
        "CONSTRUCT WHERE { ?s ?p ?o } LIMIT 1",
        "SELECT * { VALUES (?a ?b) { (UNDEF 'x'@nl) (1 2.0e1) } }",
        "SELECT * { ?s ?p ?o } VALUES ?s { <http://x/> }",
        "PREFIX a: <http://x/> SELECT * { ?s (a:p/^a:q|!(a:r|^a:s))*/a:t+/a:u? ?o }",
        "PREFIX geof: <http://www.opengis.net/def/function/geosparql/> SELECT (geof:sfWithin(?a, ?b) AS ?c) {}",
        "SELECT (GROUP_CONCAT(DISTINCT ?o; SEPARATOR=' SERVICE ') AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 1)",
        "SELECT * FROM <http://g/> FROM NAMED <file:///etc/passwd> { ?s ?p ?o MINUS { ?s a ?t } }",
        "ASK { FILTER NOT EXISTS { ?s ?p ?o } }",
    ],
)
def test_what_a_query_may_do_it_may(text: str) -> None:
    assert inspect(text)[1] == text
    Store().query(text)


def resolved(text: str) -> str:
    """Return a text with its codepoint escapes resolved before parsing, as section 19.2 has it."""
    return re.sub(r"\\(?:u(....)|U(........))", lambda match: chr(int(match[1] or match[2], 16)), text)


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (r"\u0053ELECT * {}", 1, 1),
        ("SELECT *\n{ \\u0053ERVICE <http://127.0.0.1/> {} }", 2, 3),
        ("SELECT * { S\\u0045RVICE <http://127.0.0.1/> {} }", 1, 13),
        ("SELECT * { SERVIC\\U00000045 <http://127.0.0.1/> {} }", 1, 18),
        ("SELECT * { ?s <http://x/\\u003E\\u0020?o.SERVICE<http://x/>> ?o }", 1, 25),
        (r"ASK { ?\u0061 ?p ?o }", 1, 8),
        (r"\u0049NSERT DATA {}", 1, 1),
    ],
)
def test_a_code_in_a_keyword_is_no_query_and_its_place_is_told(text: str, line: int, column: int) -> None:
    with pytest.raises((QueryInvalid, QueryRefused)) as caught:
        inspect(text)
    if isinstance(caught.value, QueryInvalid):
        assert (caught.value.line, caught.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?s { ?s ?p ?o # \\u000ASERVICE <http://127.0.0.1/> {}\n}",
        "SELECT ?s { ?s ?p ?o # \\u000D SERVICE <http://127.0.0.1/> {}\n}",
        r"SELECT ?s { ?s ?p 'x\u0027 . SERVICE <http://127.0.0.1/> {} # ' }",
        r'SELECT ?s { ?s ?p "x\U00000022 . SERVICE <http://127.0.0.1/> {} # " }',
        r"SELECT ?s { ?s ?p '''x\u0027\u0027\u0027 . SERVICE <http://127.0.0.1/> {} # ''' }",
        r"SELECT ?s { ?s ?p 'x\u005C' . FILTER(?s != ' . SERVICE <http://127.0.0.1/> {} # ') }",
        r"SELECT ?s { ?s ?p 'x\\' . ?s ?p ' . SERVICE <http://127.0.0.1/> {} # ' }",
        r"SELECT ?s { ?s ?p '\\u0027 . SERVICE <http://127.0.0.1/> {} # ' }",
        r"SELECT ?s { ?s ?p 'x\u000A\u000D' . FILTER(?s != 'SERVICE') }",
        r"SELECT ?s { ?s <http://x/\u0062> 'caf\u00e9 \u0053ERVICE' }",
    ],
)
def test_codes_are_written_so_that_every_engine_reads_one_query(text: str) -> None:
    form, query = inspect(text)
    assert form == QueryForm.SELECT
    Store().query(query)
    for reading in (query, resolved(query)):
        assert inspect(reading)[0] == QueryForm.SELECT, "no reading of it holds a SERVICE"


def test_a_code_keeps_its_meaning() -> None:
    text = r"""SELECT ('a\u0027b\u0022c\u005Cd\u000Ae\u00e9\\u0041' AS ?x) {} # \u000A"""
    [solution] = Store().query(inspect(text)[1])  # type: ignore[misc]
    [plain] = Store().query(text)  # type: ignore[misc]
    assert solution["x"] == plain["x"]
    assert solution["x"].value == "a'b\"c\\d\neé\\u0041"


PIECES = st.sampled_from(
    [
        "'SERVICE'",
        '"""SERVICE"""',
        "# SERVICE ' \"\n",
        "<http://SERVICE/>",
        "?SERVICE",
        "a:SERVICE",
        "a:b.SERVICE",
        "_:SERVICE",
        "'x'@SERVICE",
        "1.5",
        ".",
        ";",
        ",",
        "{",
        "}",
        "(",
        "FILTER",
        "OPTIONAL",
        "true",
        "?x",
        "<",
        "'''it's'''",
        "\\u0053",
        "'\\u0027'",
    ]
)
CASES = st.sampled_from(["SERVICE", "Service"])
GAPS = st.sampled_from([" ", "\n", "\t", " # ' \" SERVICE\n", "\r\n"])


@given(
    st.lists(st.tuples(PIECES, GAPS), max_size=12), st.integers(0, 12), st.sampled_from(["SERVICE", "Service"]), GAPS
)
def test_service_between_any_tokens_is_seen_and_else_it_is_not(
    pieces: list[tuple[str, str]], at: int, service: str, gap: str
) -> None:
    head, body = "PREFIX a: <http://x/> SELECT * { ", ["".join(piece) for piece in pieces]
    harmless = head + "".join(body) + " }"
    try:
        assert inspect(harmless)[0] == QueryForm.SELECT
    except QueryInvalid:
        assert "\\u0053" in harmless
    assert not isinstance(_refusal(harmless), QueryRefused)
    hostile = head + "".join([*body[:at], f" {service}{gap}", *body[at:]]) + " }"
    assert isinstance(_refusal(hostile), QueryRefused | QueryInvalid)
    if "\\u0053" not in hostile:
        assert isinstance(_refusal(hostile), QueryRefused)


def _refusal(text: str) -> Exception | None:
    try:
        inspect(text)
    except (QueryInvalid, QueryRefused) as error:
        return error
    return None


@given(
    st.lists(st.sampled_from(["SERVICE", "'", '"', "'''", '"""', "\\", "#", "\n", "<", ">", "a:", "?", ".", " ", "@"]))
)
def test_where_the_engine_reads_a_service_the_policy_has_refused(pieces: list[str]) -> None:
    # the engine's parser is the judge: what it takes and the policy let through holds no federated call
    body = "".join(pieces)
    for text in (
        f"PREFIX a: <http://x/> SELECT * {{ {body} <http://127.0.0.1:1/> {{ }} }}",
        f"SELECT * {{ ?s ?p {body} }}",
    ):
        if _refusal(text) is None:
            try:
                Store().query(text)
            except SyntaxError:
                continue
            except Exception as error:
                assert "SERVICE" not in str(error).upper(), text  # noqa: PT017


def test_it_reads_each_form_in_any_case() -> None:
    for form, casing in itertools.product(QueryForm, (str.upper, str.lower, str.title)):
        assert inspect(f"{casing(form.value)} {{}}")[0] == form


LISTED = {
    "https://a.example/sparql": "http://127.0.0.1:1/geheim/q/0",
    "http://b.example/": "http://127.0.0.1:1/geheim/q/1",
}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("SELECT * {{ SERVICE {0} {{ ?s ?p ?o }} }}", "<https://a.example/sparql>"),
        ("SELECT * {{ service silent{0}{{ ?s ?p ?o }} }}", "<https://a.example/sparql>"),
        ("SELECT * {{ ?s ?p 1.SERVICE #\n{0} {{}} }}", "<https://a.example/sparql>"),
        ("SELECT * {{ SERVICE {0} {{}} }}", r"<https://a.ex\u0061mple/sparql>"),
        ("SELECT * {{ SERVICE {0} {{}} }}", r"<https://a.ex\U00000061mple/sparql>"),
        ("PREFIX a: <https://a.example/> SELECT * {{ SERVICE {0} {{ ?s a:sparql ?o }} }}", "a:sparql"),
        ("PREFIX a: <https://a.ex> PREFIX : <https://a.> SELECT * {{ SERVICE {0} {{}} }}", ":example\\/sparql"),
        ("prefix a.b: <https://a.example/sparql> SELECT * {{ SERVICE SILENT {0} {{}} }}", "a.b:"),
        ("PREFIX a: <http://x/> PREFIX a: <https://a.example/> SELECT * {{ SERVICE {0} {{}} }}", "a:sparql"),
        ("PREFIX a: <https:> SELECT * {{ SERVICE {0} {{ ?s ?p a:x.y.z }} }}", "<https://a.example/sparql>"),
        (
            "SELECT * {{ '''SERVICE <http://x/> {{''' ?p <http://SERVICE/> SERVICE {0} {{}} }}",
            "<https://a.example/sparql>",
        ),
        ("SELECT * {{ SERVICE {0} {{ ?s ?p 'SERVICE <http://x/>' # SERVICE\n}} }}", "<https://a.example/sparql>"),
        ("SELECT * {{ FILTER EXISTS {{ ?s ?p '}}' }} SERVICE {0} {{}} }}", "<https://a.example/sparql>"),
        ("ASK {{ OPTIONAL {{ SERVICE {0} {{ {{}} UNION {{}} }} }} MINUS {{}} }}", "<https://a.example/sparql>"),
    ],
)
def test_an_endpoint_on_the_list_becomes_its_address_and_nothing_else_changes(text: str, written: str) -> None:
    _, query = inspect(text.format(written), None, LISTED)
    silently = "?silent" if "SILENT" in text.upper() else ""
    address = f"<{LISTED['https://a.example/sparql']}{silently}>"
    expected = text.format(address).replace("a:x.y.z", "<https:x.y.z>")
    assert query == expected
    with pytest.raises(QueryRefused, match="niet toegestaan"):
        inspect(text.format(written))


@pytest.mark.parametrize(
    "service",
    [
        "SERVICE ?x",
        "SERVICE SILENT $x",
        "SERVICE SILENT SILENT <https://a.example/sparql>",
        "SERVICE",
        "SERVICE <>",
        "SERVICE <sparql>",
        "SERVICE <https://A.example/sparql>",
        "SERVICE <https://a.example/sparql/>",
        "SERVICE <https://a.example:443/sparql>",
        "SERVICE <https://a.example/x/../sparql>",
        "SERVICE <https://a.example/%73parql>",
        "SERVICE 'https://a.example/sparql'",
        "SERVICE <http://127.0.0.1:1/geheim/q/0>",
        "SERVICE a:sparql",
        "SERVICE b:spar\\u0071l",
        "SERVICE _:x",
    ],
)
def test_what_is_not_exactly_on_the_list_is_refused_with_it(service: str) -> None:
    head = "BASE <https://a.example/> PREFIX a: <> PREFIX b: <https://a.example/>\n"
    with pytest.raises(QueryRefused) as caught:
        inspect(f"{head}SELECT * {{ {service} {{}} }}", None, LISTED)
    assert "SERVICE (regel 2, kolom 12)" in str(caught.value)
    assert "<https://a.example/sparql>, <http://b.example/>" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("SELECT * {{ {0} {{ {0} {{}} }} }}", "SERVICE"),
        ("SELECT * {{ {0} {{ {{}} UNION {{ ?s ?p ?o OPTIONAL {{ {0} {{}} }} }} }} }}", "SERVICE"),
        ("SELECT * {{ {0} {{ {{ SELECT * {{ {0} {{}} }} }} }} }}", "SERVICE"),
        ("SELECT * {{ FILTER NOT EXISTS {{ {0} {{}} }} }}", "EXISTS"),
        ("SELECT (exists{{ {{}} {0} {{}} }} AS ?x) {{}}", "EXISTS"),
        ("SELECT * {{ BIND(EXISTS {{ {{ SELECT * {{ {0} {{}} }} }} }} AS ?x) }}", "EXISTS"),
    ],
)
def test_a_service_within_another_or_within_exists_is_refused(text: str, around: str) -> None:
    with pytest.raises(QueryRefused, match=f"binnen de accolades van {around}"):
        inspect(text.format("SERVICE SILENT <http://b.example/>"), None, LISTED)


@given(st.lists(st.tuples(PIECES, GAPS), max_size=12), st.integers(0, 12), GAPS)
def test_between_any_tokens_a_service_leads_to_the_guard_or_nowhere(
    pieces: list[tuple[str, str]], at: int, gap: str
) -> None:
    body = ["".join(piece) for piece in pieces]
    for iri in (*LISTED, "http://c.example/"):
        service = f" SERVICE{gap}<{iri}>{gap}{{ }}"
        text = "PREFIX a: <http://x/> SELECT * { " + "".join([*body[:at], service, *body[at:]]) + " }"
        try:
            _, query = inspect(text, None, LISTED)
        except (QueryInvalid, QueryRefused):
            continue
        assert iri in LISTED
        assert f"SERVICE{gap}<{LISTED[iri]}>" in query
        with pytest.raises(QueryRefused):
            inspect(query)
        ours = {address: address for address in LISTED.values()}
        assert inspect(query, None, ours)[1] == query, "every service in it is ours"
