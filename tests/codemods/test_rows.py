"""The table of idioms is the specification: each of its rows has a fixture whose name carries ``row_NN``."""

from __future__ import annotations

import re

import pytest

from tests.codemods.cases import live_pairs, noops, pairs

ROWS = range(1, 58)


def rows_shown() -> set[int]:
    """Return the rows that some fixture names."""
    return {int(row) for case in [*pairs(), *live_pairs(), *noops()] for row in re.findall(r"row_(\d\d)", case.name)}


@pytest.mark.parametrize("row", ROWS)
def test_row_has_a_fixture(row: int) -> None:
    """What the table says of a row is shown by a pair, or by a no-op that names the reason."""
    assert row in rows_shown()


def test_fixtures_name_rows_of_the_table_only() -> None:
    """No fixture names a row that is not there."""
    assert rows_shown() <= set(ROWS)
