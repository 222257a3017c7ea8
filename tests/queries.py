"""A hypothesis grammar of what endpoints are sent: queries that are right, that are broken, that are meant to hurt."""

from __future__ import annotations

from hypothesis import strategies as st

WG = "https://w3id.org/wijkengids/"
PROLOGUE = (
    f"PREFIX wg: <{WG}def#> PREFIX wijk: <{WG}id/wijk/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>\n"
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX geof: <http://www.opengis.net/def/function/geosparql/>\n"
)

variables = st.sampled_from(["?a", "?b", "?c", "$d", "?naam"])
iris = st.sampled_from(["wijk:poelenburg", "wg:Wijk", f"<{WG}id/stad/zaanstad>", "<urn:x>", "wijk:geen", "<http://é/>"])
literals = st.one_of(
    st.sampled_from(
        ["'Poelenburg'@nl", "'2010'^^xsd:gYear", "true", "'a\\u0027b'", "'''lang\n'''", "''", "'POINT(1 2)'"]
    ),
    st.integers(-(10**20), 10**20).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda number: f"{number:e}"),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="'\\\n\r"), max_size=12).map(
        lambda s: f"'{s}'"
    ),
)
terms = st.one_of(variables, iris, literals)
steps = st.sampled_from(["a", "rdfs:label", "wg:ligtIn", "wg:heeftWijkaanpak"])
paths = st.recursive(
    steps,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("*+?")).map(lambda pair: f"({pair[0]}){pair[1]}"),
        st.tuples(inner, st.sampled_from("/|"), inner).map(lambda found: f"({''.join(found)})"),
        inner.map(lambda path: f"^({path})"),
        st.just("!(a|^rdfs:label)"),
    ),
    max_leaves=4,
)
patterns = st.tuples(st.one_of(variables, iris), st.one_of(paths, variables), terms).map(lambda t: " ".join(t) + " . ")
expressions = st.recursive(
    terms,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["=", "!=", "<", "&&", "||", "+", "*", "/"]), inner).map(
            lambda found: f"({' '.join(found)})"
        ),
        st.tuples(
            st.sampled_from(["STR", "LANG", "BOUND", "STRLEN", "UCASE", "YEAR", "MD5", "ABS", "IRI", "geof:envelope"]),
            inner,
        ).map(lambda found: f"{found[0]}({found[1]})"),
        st.tuples(inner, inner, inner).map(lambda found: f"IF({', '.join(found)})"),
        st.tuples(inner, st.sampled_from(["'(a+)+$'", "'^P'", "'['", "'.*.*.*x'"])).map(
            lambda found: f"REGEX(STR({found[0]}), {found[1]})"
        ),
        st.tuples(inner, st.lists(terms, max_size=4)).map(lambda found: f"({found[0]} IN ({', '.join(found[1])}))"),
    ),
    max_leaves=6,
)
groups = st.recursive(
    st.lists(patterns, max_size=3).map("".join),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["OPTIONAL", "MINUS", "", "FILTER NOT EXISTS", "GRAPH ?g"]), inner).map(
            lambda found: f"{found[0]} {found[1]} {{ {found[2]} }} "
        ),
        st.tuples(inner, inner).map(lambda found: f"{{ {found[0]} }} UNION {{ {found[1]} }} "),
        st.tuples(inner, expressions).map(lambda found: f"{found[0]} FILTER({found[1]}) "),
        st.tuples(inner, expressions).map(lambda found: f"{found[0]} BIND({found[1]} AS ?nieuw) "),
        st.tuples(variables, st.lists(st.one_of(iris, literals, st.just("UNDEF")), max_size=4), inner).map(
            lambda found: f"VALUES {found[0]} {{ {' '.join(found[1])} }} {found[2]}"
        ),
        inner.map(lambda group: f"{{ SELECT * {{ {group} }} LIMIT 5 }} "),
    ),
    max_leaves=5,
)
ends = st.sampled_from(["", " LIMIT 10", " ORDER BY ?a DESC(?b) LIMIT 3", " OFFSET 2", " ORDER BY LCASE(STR(?c))"])
right = st.one_of(
    st.tuples(st.sampled_from(["SELECT *", "SELECT DISTINCT ?a ?b", "select reduced ?c"]), groups, ends).map(
        lambda found: f"{PROLOGUE}{found[0]} {{ {found[1]} }}{found[2]}"
    ),
    st.tuples(groups, variables).map(
        lambda found: f"{PROLOGUE}SELECT {found[1]} (COUNT(*) AS ?n) {{ {found[0]} }} GROUP BY {found[1]} LIMIT 9"
    ),
    groups.map(lambda group: f"{PROLOGUE}ASK {{ {group} }}"),
    st.tuples(st.lists(patterns, max_size=2).map("".join), groups, ends).map(
        lambda found: f"{PROLOGUE}CONSTRUCT {{ {found[0]} }} WHERE {{ {found[1]} }}{found[2]}"
    ),
    st.tuples(st.one_of(iris, variables), groups).map(
        lambda found: f"{PROLOGUE}DESCRIBE {found[0]} WHERE {{ {found[1]} }} LIMIT 2"
    ),
)

CRUMBS = [
    "{",
    "}",
    "(",
    ")",
    "'",
    '"',
    "<",
    ">",
    "\\",
    "\\u0053",
    "\x00",
    "\ufeff",
    "SERVICE",
    "INSERT",
    ";",
    "#",
    "'''",
]


def _break(query: str, at: int, length: int, crumb: str) -> str:
    start = at % (len(query) + 1)
    return query[:start] + crumb + query[start + length :]


broken = st.builds(_break, right, st.integers(0, 5000), st.integers(0, 20), st.sampled_from(CRUMBS))
rubbish = st.one_of(st.binary(max_size=200), st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))

CROSS = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i . "
hostile = st.one_of(
    st.sampled_from(
        [
            f"SELECT (COUNT(*) AS ?n) {{ {CROSS} }}",
            f"SELECT * {{ {CROSS} }} ORDER BY ?c ?f",
            f"SELECT * {{ {CROSS} }}",
            f"SELECT DISTINCT ?a ?d ?g {{ {CROSS} }}",
            f"CONSTRUCT {{ ?a ?e ?i }} WHERE {{ {CROSS} }}",
            "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
            "SELECT * { ?a (<urn:a>|!<urn:a>)* ?b . ?b (<urn:a>|!<urn:a>)* ?c }",
            "SELECT * { ?a ?b ?c FILTER(REGEX(STR(?c), '(a*)*(b*)*(c*)*$')) }",
            "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
            "SELECT * { SERVICE SILENT ?g { ?s ?p ?o } }",
            "LOAD <file:///etc/passwd>",
            "DROP ALL",
            "SELECT * FROM <file:///etc/passwd> FROM <http://127.0.0.1:1/> { ?s ?p ?o }",
            "DESCRIBE ?s ?o WHERE { ?s ?p ?o }",
        ]
    ),
    st.integers(10, 20_000).map(lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }"),
    st.integers(10, 20_000).map(lambda n: "ASK " + "{" * n + "}" * n),
    st.integers(10, 20_000).map(lambda n: "ASK { FILTER(" + "!" * n + "true) }"),
    st.integers(10, 5_000).map(lambda n: "ASK { ?s " + "^" * n + "a ?o }"),
    st.integers(10, 5_000).map(lambda n: "ASK { ?s a" + "/a" * n + " ?o }"),
    st.integers(10, 5_000).map(lambda n: "ASK {" + "{} UNION " * n + "{} }"),
    st.integers(10, 5_000).map(lambda n: "ASK { FILTER(1" + "+1" * n + " = 2) }"),
    st.integers(10, 50_000).map(lambda n: "ASK { VALUES ?x { " + "1 " * n + "} }"),
    st.integers(10, 40).map(lambda n: "SELECT * { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(n)) + "}"),
    st.integers(2, 30).map(
        lambda n: (
            "SELECT (STRLEN(?x0) AS ?n) { BIND('xxxxxxxxxxxxxxxx' AS ?x"
            f"{n}) " + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i - 1})" for i in range(n, 0, -1)) + " }"
        )
    ),
    st.integers(1, 100_000).map(lambda n: "ASK { ?s ?p '" + "x" * n + "' }"),
    st.integers(1, 100_000).map(lambda n: "#" * n),
    st.integers(1, 20_000).map(lambda n: "SELECT" + " ?x" * n + " {}"),
)

kinds = st.sampled_from(["right"] * 5 + ["broken"] * 3 + ["rubbish"] + ["hostile"])
queries = kinds.flatmap(
    lambda kind: {
        "right": right.map(str.encode),
        "broken": broken.map(str.encode),
        "rubbish": rubbish,
        "hostile": hostile.map(str.encode),
    }[kind]
)
"""Bodies of a POST direct."""
