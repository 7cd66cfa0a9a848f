"""The calls of one Promise.all are rewritten together, or none of them."""

from __future__ import annotations

from codemods import reasons
from tests.codemods.cases import rewrite_text


def test_one_call_that_cannot_be_rewritten_keeps_the_other() -> None:
    """Each says why: its own reason, or that of the other."""
    result = rewrite_text('Promise.all([fetch("/coaches"), fetch("/nowhere")]).then(([a, b]) => show(a.ok, b.ok));\n')
    assert not result.is_changed
    assert [site.reason for site in result.sites] == [reasons.PROMISE_ALL, reasons.NO_ROUTE]
    assert "/nowhere" in result.sites[0].message


def test_calls_with_chains_of_their_own_are_independent() -> None:
    """A chain in the array gives data, not a Response."""
    result = rewrite_text(
        'Promise.all([fetch("/coaches").then((r) => r.json()), fetch("/nowhere").then((r) => r.json())]).then(show);\n'
    )
    assert [site.reason for site in result.sites] == ["", reasons.NO_ROUTE]
    assert result.is_changed
