"""How a file is written, for what is put into it."""

from __future__ import annotations

import pytest

from codemods.javascript.parser import parse
from codemods.javascript.style import style_of

IMPORTS = "import a from 'a';\nimport b from 'b';\nimport c from 'c';\nimport d from 'd';\n"
BODY = 'const all = load("x")\nshow("a")\nshow("b")\nshow("c")\nshow("d")\nshow("e")\n'
CALL = 'function load() {\n  fetch("/coaches")\n  show("x")\n  show("y")\n}\n'


@pytest.mark.parametrize(
    ("text", "quote", "semicolon"),
    [
        (IMPORTS + "fetch('/coaches');\n", "'", ";"),
        (IMPORTS.replace(";", "") + "fetch('/coaches')\n", "'", ""),
        (IMPORTS.replace("'", '"') + 'fetch("/coaches");\n', '"', ";"),
        (IMPORTS + BODY + CALL, '"', ""),
        (IMPORTS + CALL, "'", ";"),
        ("fetch(url)", '"', ""),
        ("", '"', ";"),
    ],
    ids=["alike", "no semicolons", "double quotes", "mostly the body's", "mostly the imports'", "one call", "empty"],
)
def test_the_style_is_that_of_most_of_the_file(text: str, quote: str, semicolon: str) -> None:
    """Parts that are all alike decide; where they are not, the whole file is counted."""
    style = style_of(parse(text.encode(), "/app/src/a.jsx"))
    assert (style.quote, style.semicolon) == (quote, semicolon)


def test_quotes_of_jsx_attributes_do_not_count() -> None:
    """``className="x"`` is in double quotes whatever the code around it is in."""
    text = IMPORTS + 'fetch(\'/coaches\');\nconst all = <a className="x"><b id="y" /><c d="z" e="u" f="v" /></a>;\n'
    assert style_of(parse(text.encode(), "/app/src/a.jsx")).quote == "'"


@pytest.mark.parametrize(("unit", "step"), [("\t", "\t"), ("  ", "  "), ("    ", "    ")])
def test_a_level_of_indentation_is_the_files(unit: str, step: str) -> None:
    """Tabs, two blanks or four."""
    text = f"function a() {{\n{unit}if (b) {{\n{unit}{unit}c();\n{unit}}}\n}}\n"
    assert style_of(parse(text.encode(), "/app/src/a.js")).unit == step
