"""Words in a text."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.javascript.words import Words, places


@given(st.text(alphabet="ab_ .$", max_size=40), st.text(alphabet="ab_", min_size=1, max_size=4))
def test_a_words_places_are_those_of_a_search_for_it(text: str, word: str) -> None:
    """Short words are looked for in another way than long ones; both find what a plain expression finds."""
    found = [one.start() for one in re.finditer(rf"(?<!\w){word}(?!\w)", text, re.ASCII)]
    assert places(text.encode(), word.encode()) == found


@pytest.mark.parametrize(("text", "found"), [("id, id2, _id, id", [0, 14]), ("", []), ("idid", [])])
def test_parts_of_longer_words_are_not_found(text: str, found: list[int]) -> None:
    """Letters beside it make it another word."""
    assert places(text.encode(), b"id") == found


@given(st.lists(st.text(alphabet="abc.", min_size=1, max_size=4), min_size=1, max_size=6), st.text(alphabet="abc. "))
def test_words_are_found_as_one_after_another_is(words: list[str], text: str) -> None:
    """Whether they overlap, or are parts of each other."""
    search = Words(*(word.encode() for word in words))
    assert search.any_in(text.encode()) is any(word in text for word in words)
