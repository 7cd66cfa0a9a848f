"""What a file's bytes say of it before anything is parsed."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from codemods.javascript import interest
from codemods.javascript.fetch_calls import find_uses
from codemods.javascript.interest import has_fetch, is_of_interest, may_have_other_client, may_wrap
from codemods.javascript.parser import parse
from codemods.javascript.scope import Scopes


@pytest.mark.parametrize(
    "text",
    [
        "fetch(url);",
        "window.fetch(url);",
        "window\n  .fetch(url);",
        "window?.fetch(url);",
        "globalThis.fetch(url);",
        "call(...fetch);",
        "const { fetch } = window;",
        "const get = fetch;",
    ],
)
def test_the_browsers_fetch_is_of_interest(text: str) -> None:
    """Whatever may be the browser's own is looked at."""
    assert has_fetch(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        "collection.fetch();",
        "this.fetch();",
        "list[0].fetch();",
        "store().fetch();",
        "my$.fetch();",
        "refetch();",
        "fetchCoaches();",
        "prefetch.all();",
    ],
)
def test_another_objects_fetch_is_not(text: str) -> None:
    """A file is not parsed for a method that is called fetch; no scope could make it the browser's."""
    module = parse(text.encode(), "/app/src/a.js")
    assert not has_fetch(text.encode())
    assert not list(find_uses(module, Scopes(module)))


def test_a_file_with_another_objects_fetch_is_read_for_other_clients() -> None:
    """What such a file asks by another client is counted as in any file with the word."""
    assert is_of_interest(b"all.fetch();\nhttp.get('/coaches');")
    assert not is_of_interest(b"all.fetch();")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("const sums = new Map();\nsums.get(key);", False),
        ("const form = new FormData();\nform.get(key);\nform.delete(key);", False),
        ("const sums = new Map();\nsums.get(key);\napi.get('/coaches');", True),
        ("this.http.get('/coaches');", True),
        ("import api, { sums } from './api';\nif (a) { const sums = new Map(); }\nsums.get('/coaches');", True),
        ("if (a) { const sums = new Map(); }\nconst sums = make();\nsums.get('/coaches');", True),
        ("make().get('/coaches');", True),
        ("const sums = 1;", False),
    ],
)
def test_what_new_made_is_no_client(text: str, wanted: bool) -> None:
    """A Map has ``get`` too, and most that have are made in the file that asks them."""
    assert may_have_other_client(text.encode()) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("const r = await fetch('/a');\nlog();\nreturn r;", True),
        ("const r: Response = await window.fetch('/a');\nreturn r;", True),
        ("const r = await fetch('/a');\nreturn rest;", False),
        ("const r = await fetch('/a');\nreturn r2;", False),
        ("if (a === fetch) return a;", False),
    ],
)
def test_a_response_that_is_kept_and_returned_may_be_a_helpers(text: str, wanted: bool) -> None:
    """The name that holds the Response is the one that is returned."""
    assert may_wrap(text.encode()) is wanted


PIECES = st.lists(
    st.sampled_from(
        [
            *("fetch", ".fetch", "(", ")", "'", '"', "`", "\n", " ", "\f", "$", "$http", "$.ajax(", "$.getJSON(", "x"),
            *(".get(", ".post(", ".put(", ".patch(", ".delete(", ".head(", "axios", "EventSource", "sendBeacon"),
            *(
                "superagent",
                "XMLHttpRequest",
                "useSWR",
                "jQuery",
                "'ky'",
                "import http from './http';",
                "sums = new Map();",
            ),
        ]
    ),
    max_size=8,
).map("".join)


def _has_other_client(data: bytes) -> bool:
    """Return what one search after another says, without those that tell at once that there is nothing."""
    named = re.search(rb"axios|EventSource|sendBeacon|superagent|XMLHttpRequest|useSWR", data)
    jquery = re.search(rb"\$(?:http\b|\.(?:ajax|get|post|getJSON)\()", data)
    asks = re.search(rb"\.(?:get|post|put|patch|delete)\(\s*[`'\"]", data) and interest._IMPORT.search(data)
    return bool(named or jquery or asks)


@given(PIECES)
@example("import http from './http';http.get( '/a');")
@example("import http from './http';http.delete(\f`/a`);")
@example("fetch;x.head(")
@example("fetch;x.request(")
def test_what_is_passed_over_at_once_has_nothing(text: str) -> None:
    """One search for all words comes first; it changes no answer."""
    data = text.encode()
    has_word = re.search(rb"(?<![\w$])fetch(?![\w$])", data) is not None
    wanted = _has_other_client(data) or (has_word and (has_fetch(data) or may_have_other_client(data)))
    assert is_of_interest(data) is wanted
    if not has_word:
        return
    asked = re.findall(rb"([\w$]*)\.(?:get|post|put|patch|delete|del|head|options|request)\(", data)
    if any(not owner or not interest._is_made_here(data, owner) for owner in asked):
        assert may_have_other_client(data)
