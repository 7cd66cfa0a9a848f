"""Names that only rewritten calls used are taken out, and no others."""

from __future__ import annotations

import pytest

from tests.codemods.cases import rewrite_text

CONFIG = {"/app/src/config.js": b'const API = "";\nexport const BASE = "";\nexport default API;\n'}
NOISY = {"/app/src/config.js": b'import "./polyfill";\nconst API = "";\nexport const BASE = "";\nexport default API;\n'}


def after(text: str, name: str = "input.jsx", others: dict[str, bytes] | None = None) -> str:
    """Return a file with its calls rewritten."""
    return rewrite_text(text, name, others).after.decode()


@pytest.mark.parametrize("line", ['import API from "./config";', 'import { BASE as API } from "./config";'])
def test_import_goes_with_its_last_use(line: str) -> None:
    """An import that nothing else needs is gone, unless loading the file does something."""
    text = f"{line}\nfetch(`${{API}}/coaches`);\n"
    assert "config" not in after(text, others=CONFIG)
    assert after(text, others=NOISY).startswith('import "./config";\n')


def test_what_was_unused_before_stays() -> None:
    """Only what the rewrite left behind is its business."""
    assert 'const old = "/x";' in after('const old = "/x";\nconst now = "/coaches";\nfetch(now);\n')


def test_name_of_a_template_stays() -> None:
    """A Vue template uses what its script declares at the top; what a function declares, it does not."""
    text = """<script setup>
const URL = "/coaches";
function load() {
  const all = `${URL}?page=1`;
  fetch(all);
}
</script>
<template><a :href="URL" @click="load">all</a></template>
"""
    result = after(text, "input.vue")
    assert 'const URL = "/coaches";' in result
    assert "const all" not in result


def test_left_call_keeps_its_constants() -> None:
    """A constant of two calls stays while one of them is left."""
    text = 'const JSON_TYPE = { Accept: "application/json" };\nfetch("/coaches", { headers: JSON_TYPE });\n'
    assert "JSON_TYPE" not in after(text)
    assert "const JSON_TYPE" in after(f'{text}fetch("/nowhere", {{ headers: JSON_TYPE }});\n')


def test_comments_behind_a_constant_stay() -> None:
    """No comment is lost with what it stood beside."""
    result = after('const url = "/coaches"; // all of them\nfetch(url);\n')
    assert "// all of them" in result
    assert "const url" not in result


@pytest.mark.parametrize(
    ("declared", "kept"),
    [
        ('const size = 1, now = "/coaches";', "const size = 1;"),
        ('const size = 1,\n  now = "/coaches";', "const size = 1;"),
        ('const now = "/coaches", size = 1;', "const size = 1;"),
        ('const size = {\n    a: 1,\n  },\n  now = "/coaches";', "const size = {"),
        ('const size = {\n  a: 1,\n}, now = "/coaches";', "const size = {"),
        ('const size = sum(\n  1,\n), now = "/coaches";', "const size = sum("),
        ('const size = [\n  1,\n], now = "/coaches";', "const size = ["),
        ('let $now = "/coaches";', ""),
        ('const $ = "/coaches";', ""),
    ],
)
def test_each_of_several_variables_is_looked_at(declared: str, kept: str) -> None:
    """A variable that came out of use goes, however it was declared, and leaves its neighbours."""
    name = "$now" if "$now" in declared else "$" if "$ =" in declared else "now"
    text = after(f"{declared}\nfetch({name});\nshow(typeof size);\n")
    assert "/coaches" not in text
    assert kept in text


def test_a_word_that_is_part_of_another_is_not_that_word() -> None:
    """``now`` in ``nowhere`` does not keep a constant, nor does it in a comment's ``now$``."""
    text = after('const now = "/coaches";\nconst nowhere = 1;\nfetch(now);\nshow(nowhere, now2); // now$\n')
    assert 'const now = "/coaches"' not in text
    assert "const nowhere = 1;" in text
