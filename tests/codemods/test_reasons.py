"""The reasons: each has a meaning and an advice, in whole sentences."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.reasons import ADVICE, MEANINGS

CODES = {value for name, value in vars(reasons).items() if name.isupper() and isinstance(value, str)}


def test_every_reason_has_a_meaning_and_an_advice() -> None:
    """No code goes without the two sentences that reports show, and the lists have one order."""
    assert set(MEANINGS) == CODES
    assert list(MEANINGS) == list(ADVICE) == sorted(CODES)


@pytest.mark.parametrize("sentence", [*MEANINGS.values(), *ADVICE.values()])
def test_sentences_are_whole(sentence: str) -> None:
    """A meaning and an advice end as sentences do."""
    assert sentence.endswith((".", "?"))
