"""The ack: always JSON, always one object, and what ``response.json()`` would have given."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ack import Answer, ack_of, refusal
from tests.bridge.test_wire import JSON

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def ack(body: bytes, status: int = 200, kind: str = "application/json", method: str = "GET") -> dict[str, Any]:
    text = ack_of(Answer(status, [("Content-Type", kind)] if kind else [], body, method))
    ack = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} in an ack"))
    assert set(ack) - {"meta"} == {"ok", "status", "data", "errors"}
    assert ack["ok"] is (200 <= ack["status"] <= 299)
    assert ack["errors"] is None or not ack["ok"]
    return dict(ack)


@given(JSON, st.integers(200, 599).filter(lambda status: status not in (204, 205, 304)), st.booleans())
def test_any_json_body(value: Any, status: int, ascii_only: bool) -> None:
    """``data`` equals the body, and no ``meta`` says otherwise."""
    made = ack(json.dumps(value, ensure_ascii=ascii_only).encode(), status)
    assert made["data"] == value
    assert "meta" not in made


@given(st.binary(min_size=1), st.sampled_from([200, 404, 500]))
def test_any_bytes(body: bytes, status: int) -> None:
    """Bytes that are no JSON are text, and ``meta.type`` tells so; the ack is JSON in any case."""
    made = ack(body, status, "application/octet-stream")
    try:
        assert made["data"] == json.loads(body.decode("utf-8-sig", "replace"))
    except ValueError:
        assert made["data"] == body.decode("utf-8-sig", "replace")
        assert made["meta"] == {"type": "application/octet-stream"}
        assert made["errors"] == (None if made["ok"] else made["data"])


@pytest.mark.parametrize(("status", "method"), [(204, "GET"), (205, "POST"), (304, "GET"), (200, "HEAD")])
def test_answers_without_a_body(status: int, method: str) -> None:
    """204, 205, 304 and HEAD have no body, whatever the app wrote."""
    assert ack(b'{"a":1}', status, method=method) == {
        "ok": status < 300,
        "status": status,
        "data": None,
        "errors": None,
        "meta": {"type": ""},
    }


def test_an_empty_body() -> None:
    """An empty body is null, where ``response.json()`` would have rejected."""
    assert ack(b"", 200)["meta"] == {"type": ""}
    assert ack(b"", 500)["errors"] is None


@pytest.mark.parametrize(
    ("body", "errors"),
    [
        ({"errors": ["a"], "error": "b", "message": "c"}, ["a"]),
        ({"error": "b", "message": "c"}, "b"),
        ({"message": "c"}, "c"),
        ({"errors": None, "error": "b"}, "b"),
        ({"errors": []}, []),
        ({"name": "x"}, {"name": "x"}),
        (["a"], ["a"]),
        ("text", "text"),
        (None, None),
        ({"error": 2**70}, 2**70),
    ],
)
def test_errors(body: Any, errors: Any) -> None:
    """``errors`` is the body's errors, or error, or message, else the body."""
    assert ack(json.dumps(body).encode(), 422)["errors"] == errors


@pytest.mark.parametrize("body", [b"NaN", b"[Infinity]", b'{"a":-Infinity}', b"'a'", b"{a:1}", b"[1,]", b"\x00", b"01"])
def test_what_javascript_would_not_parse(body: bytes) -> None:
    """What ``JSON.parse`` refuses is text."""
    assert isinstance(ack(body)["data"], str)
    assert ack(body)["meta"] == {"type": "application/json"}


@pytest.mark.parametrize(
    "body", [b"\xef\xbb\xbf[1]", b" [1]\n", b'"\\ud800"', b"[" * 500 + b"]" * 500, b'{"a":1,"a":2}']
)
def test_what_javascript_would_parse(body: bytes) -> None:
    """A byte order mark, spaces, lone surrogates, depth and keys that repeat are JSON."""
    assert "meta" not in ack(body)


@given(TEXT, st.integers(400, 599))
def test_a_refusal(sentence: str, status: int) -> None:
    """The bridge's own refusal is an ack like any other."""
    made = json.loads(refusal(status, sentence))
    assert made == {"ok": False, "status": status, "data": {"message": sentence}, "errors": sentence}


def test_a_refusal_that_quotes_a_lone_surrogate() -> None:
    """A name that is no Unicode text can be quoted still."""
    assert json.loads(refusal(404, "no \ud800"))["errors"] == "no \ud800"
