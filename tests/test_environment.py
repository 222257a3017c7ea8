"""What of a request reaches Flask."""

from types import SimpleNamespace

from wijkengids.web.rsgi import environment


def test_a_header_with_an_underscore_does_not_pass_for_another() -> None:
    headers = {"x-forwarded-for": "192.0.2.1", "x_forwarded_for": "192.0.2.2", "content_length": "9"}
    scope = SimpleNamespace(
        server="127.0.0.1:80", client="127.0.0.1:9", method="GET", path="/", query_string="", http_version="1.1",
        scheme="http", authority="a", headers=headers,
    )  # fmt: skip
    found = environment(scope)  # type: ignore[arg-type]
    assert found["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert "CONTENT_LENGTH" not in found
