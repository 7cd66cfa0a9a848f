"""Properties of the rewrite, and what is settled between files."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codemods import reasons
from codemods.javascript.parser import parse
from codemods.results import EXTERNAL, LIKELY, REWRITTEN, SAFE
from tests.codemods.cases import app_of, noops, pairs, rewrite_text


@given(st.binary(max_size=300).filter(lambda data: b"fetch" not in data))
def test_file_without_fetch_is_not_even_parsed(data: bytes) -> None:
    """Whatever it holds, the same bytes come out."""
    from codemods.javascript.rewrite import rewrite

    result = rewrite(data, "/app/src/x.js", app_of("/app/src/x.js", data))
    assert result.after is data
    assert result.sites == ()


PIECES = [case.data.decode() for case in pairs() if case.path.suffix == ".jsx" and "export" not in case.data.decode()]
LEFT = [case.data.decode() for case in noops() if case.path.suffix == ".jsx"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from([*PIECES, *LEFT]), min_size=1, max_size=4), st.sampled_from(["", "\t", "    "]))
def test_any_mixture_parses_and_is_stable(pieces: list[str], indent: str) -> None:
    """Fixtures side by side, each in a function: what comes out parses, and a second run changes nothing."""
    bodies = [piece for piece in pieces if "import " not in piece and "require" not in piece and "#!" not in piece]
    text = "\n".join(f"async () => {{\n{indent}{piece.strip()}\n}};" for piece in bodies)
    once = rewrite_text(text)
    if not parse(text.encode(), "x.jsx").is_broken:
        assert not parse(once.after, "x.jsx").is_broken
    again = rewrite_text(once.after.decode())
    assert again.after == once.after
    left = [site for site in once.sites if site.outcome != REWRITTEN]
    assert [site.reason for site in again.sites] == [site.reason for site in left]


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(PIECES), st.integers(min_value=0, max_value=400))
def test_half_a_file_is_no_trouble(piece: str, end: int) -> None:
    """Source that breaks off anywhere is rewritten where it is whole, or left; nothing is raised."""
    rewrite_text(piece[:end])


def test_formatting_outside_the_edits_is_kept() -> None:
    """Odd spacing elsewhere in the file stays."""
    before = "const   a = [1,2 ,3]   ;\n\n\nfetch('/logout', {method:'DELETE'})\n\tconst b = {  }\n"
    after = rewrite_text(before).after.decode()
    assert after == (
        "import { socket } from './socket'\n\nconst   a = [1,2 ,3]   ;\n\n\n"
        "socket.emit('delete_logout')\n\tconst b = {  }\n"
    )


def test_byte_order_mark_stays_first() -> None:
    """A BOM stays where it is."""
    assert rewrite_text('\ufefffetch("/logout", { method: "DELETE" });\n').after.startswith(b"\xef\xbb\xbfimport {")


def test_output_that_does_not_parse_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """If a rewrite breaks the file, all its edits go, and its calls say so."""
    monkeypatch.setattr("codemods.javascript.rules.fetch_alone.plain", lambda *_: "socket.emit((")
    result = rewrite_text('fetch("/logout", { method: "DELETE" });\n')
    assert result.after == result.before
    assert [site.reason for site in result.sites] == [reasons.OUTPUT_UNPARSABLE]


def test_existing_import_is_extended() -> None:
    """Names are added to the import that is there."""
    text = 'import { socket as s } from "./socket";\ns.emit("x");\nfetch("/coaches").then((r) => r.json()).then(f);\n'
    after = rewrite_text(text).after.decode()
    assert 'import { socket as s, json } from "./socket";' in after
    assert 's.emit("get_coaches", (result) => f(json(result)));' in after


def test_place_of_a_site_counts_from_1_in_characters() -> None:
    """Line and column are those of ``fetch``, before any edit."""
    result = rewrite_text('\n/* é */ fetch("/logout", { method: "DELETE" });\n')
    assert [(site.line, site.column) for site in result.sites] == [(2, 9)]


@pytest.mark.parametrize(
    ("url", "outcome", "confidence"),
    [
        ('"/coaches"', REWRITTEN, SAFE),
        ('"http://localhost:5555/coaches"', REWRITTEN, LIKELY),
        ('"https://example.com/coaches"', EXTERNAL, ""),
        ('"//cdn.example.com/coaches"', EXTERNAL, ""),
        ('"data:text/plain,x"', EXTERNAL, ""),
    ],
)
def test_hosts_without_a_proxy(url: str, outcome: str, confidence: str) -> None:
    """Without a dev proxy any localhost is taken for the app's server, which is likely only."""
    (site,) = rewrite_text(f"fetch({url}).then((r) => r.json()).then(f);").sites
    assert (site.outcome, site.confidence) == (outcome, confidence)


def test_localhost_on_another_port_is_another_server() -> None:
    """The dev proxy says which port is the app's."""
    others = {"/app/package.json": b'{"proxy": "http://localhost:5000"}'}
    (site,) = rewrite_text('fetch("http://localhost:9000/coaches").then((r) => r.json()).then(f);', others=others).sites
    assert site.outcome == EXTERNAL


@pytest.mark.parametrize("port", ["3000", "5000", "5173"])
def test_ports_that_flask_and_dev_servers_use_unless_told_are_likely(port: str) -> None:
    """Flask's own default, and the page's own dev server, whose proxy hands requests on."""
    others = {"/app/package.json": b'{"proxy": "http://localhost:5555"}'}
    (site,) = rewrite_text(
        f'fetch("http://localhost:{port}/coaches").then((r) => r.json()).then(f);', others=others
    ).sites
    assert (site.outcome, site.confidence) == (REWRITTEN, LIKELY)


def test_defined_constant_resolves() -> None:
    """--define gives a value to an environment variable."""
    text = "const API = import.meta.env.VITE_API;\nfetch(`${API}/coaches`).then((r) => r.json()).then(f);"
    assert rewrite_text(text).sites[0].reason == reasons.UNKNOWN_BASE
    assert rewrite_text(text, defines={"VITE_API": "http://localhost:5555"}).sites[0].outcome == REWRITTEN


@pytest.mark.parametrize(
    ("others", "source"), [("import './b.js';\nrun();\n", "./socket.js"), ("import './b';\n", "./socket")]
)
def test_the_import_names_its_ending_as_other_files_do(others: str, source: str) -> None:
    """Where the file itself has no import; the first line counts, too."""
    result = rewrite_text('fetch("/coaches").then(() => done());\n', others={"/app/src/main.js": others.encode()})
    assert f'from "{source}";' in result.after.decode()
