"""Script blocks of Vue files: what is script and what is not, and that nothing else is touched."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods.javascript.parser import parse
from codemods.javascript.vue import blanked, blocks, scripts, template_calls
from codemods.results import REWRITTEN
from tests.codemods.cases import rewrite_text

CALL = 'fetch("/logout", { method: "DELETE" });'


def script_texts(text: str) -> list[str]:
    """Return the contents of the script blocks."""
    data = text.encode()
    return [data[one.start : one.end].decode() for one in scripts(data)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<script>a</script>", ["a"]),
        ("<script>a</script><script setup>b</script>", ["a", "b"]),
        ("<template><script>a</script></template><script>b</script>", ["b"]),
        ("<template><template>x</template><script>a</script></template><script>b</script>", ["b"]),
        ("<template><template/><script>a</script></template><script>b</script>", ["b"]),
        ("<template><p :a=\"'</template>'\"/><script>a</script></template><script>b</script>", ["b"]),
        ("<template><!-- </template> <script>a</script> --></template><script>b</script>", ["b"]),
        ('<template lang="pug"><template><script>a</script></template><script>b</script>', ["b"]),
        ("<template>it's {{ a <b }} and {{ c > d }}</template><script>b</script>", ["b"]),
        ("<!-- <script>a</script> --><script>b</script>", ["b"]),
        ("<style>a::before { content: '<script>' }</style><script>b</script>", ["b"]),
        ("<docs><script>a</script></docs><script>b</script>", ["b"]),
        ("<script>const a = '<script>';</script>", ["const a = '<script>';"]),
        ("<script>const a = `<template>`;</script>", ["const a = `<template>`;"]),
        ("<SCRIPT>a</Script >", ["a"]),
        ('<script lang="coffee">a</script>', []),
        ('<script src="./a.js" />', []),
        ('<script src="./a.js"></script>', [""]),
        ("<script>never closed", ["never closed"]),
        ("<template><p>never closed<script>a</script>", []),
        ("no tags at all", []),
    ],
)
def test_script_blocks(text: str, wanted: list[str]) -> None:
    """Blocks are found as Vue finds them."""
    assert script_texts(text) == wanted


@pytest.mark.parametrize(
    ("tag", "ending"),
    [
        ("<script>", ".js"),
        ("<script setup lang='ts'>", ".ts"),
        ("<script lang=tsx setup>", ".tsx"),
        ('<script\n  lang="jsx"\n>', ".jsx"),
        ('<script setup lang="ts" generic="T extends Record<string, number>">', ".ts"),
    ],
)
def test_language_of_a_script(tag: str, ending: str) -> None:
    """The lang attribute chooses the grammar."""
    assert [one.ending for one in scripts(f"{tag}a</script>".encode())] == [ending]


PIECES = st.sampled_from(
    ["<script>", "<script setup>", "</script>", "<template>", "</template>", "<style>", "</style>", "<!--", "-->"]
    + [CALL, '"', "'", "`", "é", "\r\n", "\n", "  ", "<p>", "</p>", "{{", "}}", "//", "/*", "{", "}", "<", "a"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_blanking_moves_nothing(text: str) -> None:
    """The blanked text has the file's length and line breaks, and the scripts at their places."""
    data = text.encode()
    kept = scripts(data)
    script = blanked(data, kept)
    assert len(script) == len(data)
    assert [at for at, one in enumerate(data) if one in b"\r\n" and script[at] != one] == []
    assert all(script[one.start : one.end] == data[one.start : one.end] for one in kept)
    outside = script
    for one in reversed(kept):
        outside = outside[: one.start] + outside[one.end :]
    assert not outside.replace(b"{}", b"").strip()


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join))
def test_only_scripts_change(text: str) -> None:
    """Whatever stands around the scripts is byte for byte the same after the rewrite, in the same order."""
    before = text.encode()
    after = rewrite_text(text, "input.vue").after
    assert around(after) == around(before)


def around(data: bytes) -> list[bytes]:
    """Return what stands between the script blocks."""
    kept = scripts(data)
    starts = [0, *(one.end for one in kept)]
    ends = [*(one.start for one in kept), len(data)]
    return [data[start:end] for start, end in zip(starts, ends, strict=True)]


@settings(deadline=None)
@given(st.text(max_size=80), st.text(max_size=80))
def test_place_of_a_call_is_that_in_the_file(before: str, after: str) -> None:
    """Line and column count from the top of the .vue file, whatever stands above the script."""
    above = f"<docs>{before}</docs>\n".replace("\r", "")
    if len(list(blocks(above.encode()))) != 1:
        return
    text = f"{above}<script>\n  {CALL}</script>{after}"
    (site,) = rewrite_text(text, "input.vue").sites
    assert site.outcome == REWRITTEN
    assert (site.line, site.column) == (above.count("\n") + 2, 3)


def test_statement_does_not_run_on_into_the_next_block() -> None:
    """Two blocks without semicolons are not one statement."""
    setup = "(async () => {\n  await fetch('/coaches')\n})()"
    text = f"<script>\nconst a = b // end</script><script setup>\n{setup}\n</script>"
    result = rewrite_text(text, "input.vue")
    assert not parse(result.after, "input.vue").is_broken
    assert [one.outcome for one in result.sites] == [REWRITTEN]
    assert "<script setup>\nimport { socket, TIMEOUT } from './socket'\n\n(async" in result.after.decode()


def test_one_line_script_gets_its_import_inside() -> None:
    """The import goes between the tags."""
    after = rewrite_text(f"<script>{CALL}</script>", "input.vue").after.decode()
    assert after.startswith('<script>import { socket } from "./socket";\n\nsocket.emit')


def test_second_block_uses_the_import_of_the_first() -> None:
    """Both blocks are one module: what the first imports, the second may use."""
    text = f'<script>\nimport {{ socket }} from "./socket";\n</script>\n<script setup>\n{CALL}\n</script>\n'
    after = rewrite_text(text, "input.vue").after.decode()
    assert after == text.replace(CALL, 'socket.emit("delete_logout");')


def test_script_in_another_language_is_named() -> None:
    """CoffeeScript is not read, and the report says so."""
    result = rewrite_text('<script lang="coffee">\nfetch "/coaches"\n</script>', "input.vue")
    assert result.unparsable == "a script block is neither JavaScript nor TypeScript"
    assert result.sites == ()


@pytest.mark.parametrize(
    "piece", ["{{", ":", " @", "<a ", '<a "', "<!--", "<template>", "<p>", "</p", "v-x = ", " :a='"]
)
def test_reading_takes_time_in_proportion(piece: str) -> None:
    """No text makes the reading of tags and expressions start over and over."""
    data = f"<template>{piece * 100_000}</template><script>fetch</script>{piece * 100_000}".encode()
    before = time.process_time()
    assert len(list(template_calls(data))) + len(scripts(data)) <= 1
    assert time.process_time() - before < 3


@pytest.mark.parametrize(
    ("template", "count"),
    [
        ("<a @click=\"fetch('/x')\"/>", 1),
        ('<a v-on:click="() => window.fetch(url)"/>', 1),
        ("<a onclick='fetch(1)'/>", 1),
        ("{{ fetch( 1 ) }}", 1),
        ("<a @click='prefetch(1)'/>{{ api.fetch(1) }}{{ $fetch(1) }}", 0),
        ("<p title=\"fetch('/x')\">fetch('/x')</p>", 0),
    ],
)
def test_calls_in_templates(template: str, count: int) -> None:
    """Directives, event handlers and interpolations are code; text and plain attributes are not."""
    assert len(list(template_calls(f"<template>{template}</template>".encode()))) == count
