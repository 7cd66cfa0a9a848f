"""Where two JSON values differ: every path, in order, type-strict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.differing import MISSING, differences, general, path_text, value_text

values = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, "", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("one", "other", "paths"),
    [
        ({"a": 1, "b": [1, {"c": None}]}, {"b": [1, {"c": None}], "a": 1}, []),
        ({"a": 1}, {"a": 1.0}, ["$.a"]),
        ([True], [1], ["$[0]"]),
        ({"a": None}, {}, ["$.a"]),
        ({}, {"x y": 0}, ['$["x y"]']),
        ([1, 2], [1], ["$[1]"]),
        ([1], [2, 3, 4], ["$[0]", "$[1]"]),
        ({"b": 1, "a": [{"n": "x"}]}, {"b": 2, "a": [{"n": ""}]}, ["$.b", "$.a[0].n"]),
        ("a", None, ["$"]),
    ],
)
def test_paths(one: Any, other: Any, paths: list[str]) -> None:
    """Key order is no difference; a type is; of lists that differ in length the first further item is named."""
    assert [path_text(path) for path, _, _ in differences(one, other)] == paths


@given(values, values)
def test_differing_is_what_json_text_says(one: Any, other: Any) -> None:
    """There is a difference exactly where the texts with sorted keys differ, seen from either side."""
    import json

    texts = [json.dumps(value, sort_keys=True) for value in (one, other)]
    forth = {(path, str(a), str(b)) for path, a, b in differences(one, other)}
    assert bool(forth) == (texts[0] != texts[1])
    assert forth == {(path, str(b), str(a)) for path, a, b in differences(other, one)}


def test_values_are_cut() -> None:
    """A value is shown as JSON, no longer than asked; one that is not there is shown as nothing."""
    assert value_text({"a": "é"}, 100) == '{"a": "é"}'
    assert value_text("x" * 50, 10) == '"xxxxxxxx…'
    assert value_text(MISSING, 10) == ""


def test_depth_is_no_limit() -> None:
    """Values that are nested deeper than Python calls may be are compared."""
    deep: Any = 1
    other: Any = 2
    for _ in range(5000):
        deep, other = [deep], [other]
    assert len(list(differences(deep, other))) == 1
    assert general(("a", 0, "b", 12)) == ("a", -1, "b", -1)
