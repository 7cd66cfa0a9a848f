"""What tests ask for, and their mocks of fetch, are left and counted apart from the app's calls."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.javascript.in_tests import is_test
from codemods.reports.tally import tally
from codemods.reports.text import share
from codemods.results import EXTERNAL, LEFT, REWRITTEN
from tests.codemods.cases import rewrite_text

MOCK = "global.fetch = jest.fn(() => Promise.resolve({ ok: true }));\n"
CALL = 'fetch("/coaches").then((r) => r.json()).then(show);\n'
NOWHERE = 'fetch("/nowhere");\n'
ELSEWHERE = 'fetch("https://example.com/x");\n'


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("src/Coaches.test.jsx", True),
        ("src/api.spec.ts", True),
        ("src/__tests__/Coaches.js", True),
        ("src/__mocks__/api.js", True),
        ("src/setupTests.js", True),
        ("cypress/support/commands.js", True),
        ("tests/login.js", True),
        ("src/tests/TestList.jsx", False),
        ("src/test.jsx", False),
        ("src/latest.js", False),
    ],
)
def test_a_test_is_told_by_its_place(path: str, found: bool) -> None:
    """An app about tests may have a folder of that name."""
    assert is_test(f"/app/{path}", "/app") is found


@pytest.mark.parametrize("text", [MOCK, CALL, NOWHERE], ids=["mock", "call", "no route"])
def test_what_is_in_a_test_is_left_for_that(text: str) -> None:
    """Whatever else would keep it, or would not."""
    result = rewrite_text(text, "Coaches.test.jsx")
    assert not result.is_changed
    assert [(site.outcome, site.reason) for site in result.sites] == [(LEFT, reasons.IN_TEST)]


def test_they_do_not_count_as_the_app_s() -> None:
    """The share is that of the app's calls; another server's stay external."""
    in_tests = rewrite_text(MOCK + CALL + ELSEWHERE, "Coaches.test.jsx").sites
    own = rewrite_text(CALL).sites
    assert [site.outcome for site in in_tests] == [LEFT, LEFT, EXTERNAL]
    assert [site.outcome for site in own] == [REWRITTEN]
    found = tally([*own, *in_tests])
    assert (found.own, found.share, found.tests) == (1, 100, 2)
    assert share(found) == "1 of 1 call rewritten (100 %), 1 to another server, 2 in tests"
