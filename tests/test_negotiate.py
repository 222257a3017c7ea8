"""Negotiation and addresses by properties: any header, any path, against a reference written straight from the RFC."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from wijkengids.model.formats import BY_NAME, HTML, RESOURCE_FORMATS, RESULTS_FORMATS, Format, cut_extension
from wijkengids.model.iris import Base, is_ref
from wijkengids.model.negotiate import CODINGS, LANGUAGES, negotiate, negotiate_coding, negotiate_language

DOC = "/doc/wijk/poelenburg"
with_client = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)

# --- The reference: RFC 9110 section 12.5.1, with no eye for speed ---

Ranges = Sequence[tuple[str, float]]


def quality(media_type: str, ranges: Ranges) -> float | None:
    """Return the q of the most specific range that matches a type; None where none does."""
    main = media_type.split("/", maxsplit=1)[0]
    for matching in (media_type, f"{main}/*", "*/*"):
        for name, q in ranges:
            if name.lower() == matching:
                return q
    return None


def worth(offer: Format, offers: Sequence[Format], ranges: Ranges) -> float:
    """Return how much a client wants an offer: by its type, or by an alias that the client names itself.

    An alias under a wildcard says nothing: what is sent is labelled with the real type. Nor does one that is the type
    of another offer.
    """
    taken = {other.media_type for other in offers}
    named = [q for name, q in ranges if name.lower() in offer.aliases and name.lower() not in taken]
    return max([quality(offer.media_type, ranges) or 0, *named])


def written(ranges: Ranges, parameters: Sequence[str], space: str) -> str:
    """Write ranges as a header, each with one of the parameters and white space between."""
    return f"{space},{space}".join(
        f"{name}{parameters[n % len(parameters)]}{space};{space}q={q:.3f}" for n, (name, q) in enumerate(ranges)
    )


TYPES = [name for offer in RESOURCE_FORMATS for name in (offer.media_type, *offer.aliases)]
RANGES = st.sampled_from([*TYPES, *(name.upper() for name in TYPES[:3]), "image/png", "text/*", "application/*", "*/*"])
QUALITIES = st.integers(0, 1000).map(lambda n: n / 1000) | st.sampled_from([0.0, 0.5, 1.0])
HEADERS = st.lists(st.tuples(RANGES, QUALITIES), min_size=1, max_size=8, unique_by=lambda pair: pair[0].lower())
PARAMETERS = st.lists(st.sampled_from(["", ";charset=utf-8", ' ; profile="a,b"', ";level=1"]), min_size=1, max_size=3)
OFFERS = st.lists(st.sampled_from(RESOURCE_FORMATS), min_size=1, max_size=10, unique=True)


@settings(max_examples=600)
@given(HEADERS, PARAMETERS, st.sampled_from(["", " ", "\t"]), OFFERS)
@example([("text/turtle", 0.0), ("*/*", 1.0)], [""], "", [BY_NAME["ttl"]])
@example([("text/turtle", 0.1), ("*/*", 0.9)], [""], "", list(RESOURCE_FORMATS))
def test_the_choice_is_what_the_client_wants_most(
    ranges: Ranges, parameters: list[str], space: str, offers: list[Format]
) -> None:
    chosen = negotiate(written(ranges, parameters, space), offers)
    values = {offer.name: worth(offer, offers, ranges) for offer in offers}
    best = max(values.values())
    if best == 0:
        assert chosen is None, values
    else:
        assert chosen is not None, values
        assert values[chosen.name] == best, values


@given(HEADERS, OFFERS)
def test_the_order_of_a_header_plays_no_part(ranges: list[tuple[str, float]], offers: list[Format]) -> None:
    forward, backward = (negotiate(written(order, [""], " "), offers) for order in (ranges, ranges[::-1]))
    assert forward == backward


@given(OFFERS)
def test_of_what_is_wanted_alike_the_first_offer_is_given(offers: list[Format]) -> None:
    alike = ", ".join(offer.media_type for offer in reversed(offers))
    for accept in (None, "", "*/*", alike):
        assert negotiate(accept, offers) == offers[0]


@given(st.sampled_from([*RESOURCE_FORMATS, *RESULTS_FORMATS]), OFFERS)
def test_a_named_type_is_given_and_nothing_else(asked: Format, offers: list[Format]) -> None:
    chosen = negotiate(asked.media_type, offers)
    assert (chosen == asked) == (asked in offers) or asked.media_type in {a for offer in offers for a in offer.aliases}
    assert negotiate(f"{asked.media_type};q=0", offers) is None


@given(st.text(max_size=200) | st.text("*/;=,q.01 \"'<>texapilcon+-", max_size=80), OFFERS)
def test_no_header_breaks_the_choice(header: str, offers: list[Format]) -> None:
    assert negotiate(header, offers) in {None, *offers}
    assert negotiate_language(header) in LANGUAGES
    assert negotiate_coding(header) in {"", *CODINGS}


TAGS = st.sampled_from(["nl", "en", "nl-NL", "nl-BE", "en-GB", "EN-us", "de", "fr-FR"])


@given(st.lists(st.tuples(TAGS, st.integers(0, 1000)), max_size=6, unique_by=lambda pair: pair[0].lower()))
@example([("en-GB", 1000), ("nl", 500)])
def test_the_language_is_the_one_wanted_most(tags: list[tuple[str, int]]) -> None:
    """Without wildcards: the best q of any tag of a language counts, Dutch where nothing of ours is wanted."""
    assume(len({q for _, q in tags}) == len(tags))
    chosen = negotiate_language(", ".join(f"{tag};q={q / 1000:.3f}" for tag, q in tags))
    wanted = {lang: max((q for t, q in tags if t.lower().split("-")[0] == lang), default=0) for lang in LANGUAGES}
    assert chosen == ("en" if wanted["en"] > wanted["nl"] else "nl")


CODING_NAMES = st.sampled_from([*CODINGS, "identity", "*", "deflate", "GZIP"])


@given(st.lists(st.tuples(CODING_NAMES, QUALITIES), max_size=6, unique_by=lambda pair: pair[0].lower()))
def test_a_coding_is_one_that_the_client_takes(pairs: Ranges) -> None:
    """RFC 9110 12.5.3: never one at q=0 or one not named; of what it takes, none is wanted more."""
    wanted = {name.lower(): q for name, q in pairs}
    values = {coding: wanted.get(coding, wanted.get("*", 0.0)) for coding in CODINGS}
    chosen = negotiate_coding(", ".join(f"{name};q={q:.3f}" for name, q in pairs))
    if chosen:
        assert values[chosen] > 0
        assert values[chosen] == max(values.values())
    elif not {"identity", "*"} & wanted.keys():  # '*' may stand for identity too
        assert max(values.values()) == 0


# --- Addresses ---

SEGMENT = st.text("ABCabc019._-", min_size=1, max_size=12).filter(lambda part: part not in {".", ".."})
REFS = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)
BASES = st.sampled_from(["https://w3id.org/wijkengids/", "http://127.0.0.1:8000/", "https://gids.example.nl/a/b/"])


@given(BASES, REFS)
def test_a_ref_comes_back_from_its_iri(base_iri: str, ref: str) -> None:
    base = Base(base_iri)
    iri = f"{base.iri}id/{ref}"
    assert is_ref(ref)
    assert base.ref(iri) == ref
    assert base.path(iri) == f"doc/{ref}"
    kind, _, rest = ref.partition("/")
    if rest:
        assert base.resource(kind, rest).value == iri
    prefix, colon, local = base.shorten(iri).partition(":")
    if iri != base.shorten(iri):
        assert colon
        assert base.prefixes()[prefix] + local == iri


@given(st.text(max_size=40))
def test_a_ref_is_safe_in_a_url(ref: str) -> None:
    """What counts as a ref needs no escape, cannot climb and cannot end a header line."""
    if is_ref(ref):
        assert quote(ref, safe="/") == ref
        assert not {"", ".", ".."} & set(ref.split("/"))
        assert "\n" not in ref


@given(REFS, st.sampled_from(RESOURCE_FORMATS))
def test_an_extension_comes_off_as_it_went_on(ref: str, format_: Format) -> None:
    assert cut_extension(f"{ref}.{format_.name}") == (ref, format_)


@given(st.text(max_size=40))
def test_cutting_an_extension_loses_nothing(ref: str) -> None:
    stem, format_ = cut_extension(ref)
    assert stem + (f".{format_.name}" if format_ else "") == ref
    assert stem or not ref


# --- The whole application: nothing that a client can say breaks it ---

LINES = st.binary(max_size=120).map(lambda raw: raw.decode("latin-1").replace("\n", "").replace("\r", ""))
NAMES = [
    "Accept",
    "Accept-Language",
    "Accept-Encoding",
    "Accept-Profile",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
]


@with_client
@given(st.dictionaries(st.sampled_from(NAMES), LINES | st.text('*/;=,q.01 "<>textapli+-W', max_size=60)))
def test_no_header_breaks_a_document(client: FlaskClient, headers: dict[str, str]) -> None:
    response = client.get(DOC, headers=headers)
    assert response.status_code in {200, 304, 406}
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if response.status_code == 406:
        assert "Accept" in headers
    if "Accept" not in headers and response.status_code == 200:
        assert response.mimetype == "text/turtle"


@with_client
@given(st.sampled_from(["_mediatype", "_profile", "lang", "_in", "_page", "x"]), LINES | st.text(max_size=30))
def test_no_parameter_breaks_a_document(client: FlaskClient, name: str, value: str) -> None:
    response = client.get(DOC, query_string={name: value}, headers={"Accept": "text/html"})
    assert response.status_code in {200, 400, 404, 406}
    assert client.get("/id/wijk/poelenburg", query_string={name: value}).status_code == 303


PATHS = (
    st.text(max_size=40)
    | st.lists(
        st.sampled_from(["doc", "id", "wijk", "poelenburg", "..", "", ".ttl", "def", "dump", "static", "%"])
    ).map("/".join)
    | REFS
)


@with_client
@given(PATHS, st.sampled_from(["", "/id/", "/doc/", "/def/", "/linkset/", "/profile/", "/dump/", "/static/"]))
def test_no_path_breaks_the_server(client: FlaskClient, path: str, room: str) -> None:
    # Flask's client takes '//x' for a host; the table sends that through a socket
    response = client.get("/" + quote(f"{room}{path}", safe="/%").lstrip("/"))
    assert response.status_code < 500
    location = response.headers.get("Location")
    assert location is None or not location.startswith(("//", "http:", "https:"))
    response.close()


@with_client
@given(st.text(max_size=30))
def test_what_was_asked_comes_back_escaped(client: FlaskClient, text: str) -> None:
    response = client.get("/doc/wijk/" + quote(f"<b>{text}"), headers={"Accept": "text/html"})
    assert response.status_code in {404, 308}
    assert "<b>" not in response.text
    problem = client.get("/doc/wijk/" + quote(f'"{text}'))
    assert problem.status_code in {404, 308}
    if problem.status_code == 404:
        assert json.loads(problem.data)["status"] == 404


@pytest.mark.parametrize("format_", RESOURCE_FORMATS, ids=lambda f: f.name)
def test_each_format_answers_to_its_names(client: FlaskClient, format_: Format) -> None:
    taken = {offer.media_type for offer in RESOURCE_FORMATS} - {format_.media_type}
    for name in {format_.media_type, *format_.aliases} - taken:
        response = client.get(DOC, headers={"Accept": name})
        assert (response.status_code, response.mimetype) == (200, format_.media_type)
        assert (format_ == HTML) == ("Content-Language" in response.headers)
