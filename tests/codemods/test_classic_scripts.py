"""Plain scripts cannot import the client module, so what they call is left, with what loads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.events import Event, EventMap
from codemods import reasons
from codemods.front_end import Settings
from codemods.results import EXTERNAL, LEFT, REWRITTEN, Site
from codemods.runner import run

MAP = EventMap((Event("get_coaches", "GET", "/coaches"), Event("get_coach", "GET", "/coaches/<int:id>")))
CALL = 'fetch("/coaches").then(r => r.json()).then(show);\n'
PACKAGE = {"package.json": "{}"}


def found(root: Path, files: dict[str, str]) -> dict[str, Site]:
    """Return the first row of each file of a front end."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    results = run([root], Settings(MAP)).results
    return {Path(one.path).name: one.sites[0] for one in results if one.sites}


@pytest.mark.parametrize(
    "tag",
    [
        '<script src="/static/js/app.js"></script>',
        "<script src='/static/js/app.js?v=3'></script>",
        "<SCRIPT defer SRC=/static/js/app.js></SCRIPT>",
        '<script src="../static/js/app.js"></script>',
        """<script src="{{ url_for('static', filename='js/app.js') }}"></script>""",
        """<script src="{{ url_for("static", filename="js/app.js") }}" defer></script>""",
        """<script src="{{url_for('static',filename='js/app.js')}}?v={{ version }}"></script>""",
        '<script type="text/javascript" src="/js/app.js"></script>',
        '<script data-if="a > b" src="/js/app.js"></script>',
    ],
)
def test_a_script_of_a_page_is_left(tmp_path: Path, tag: str) -> None:
    """Whatever the tag looks like, and whether or not there is a package.json; the page is named."""
    page = {"templates/index.html": f"<body>\n{tag}\n</body>"}
    site = found(tmp_path, {**PACKAGE, **page, "static/js/app.js": CALL})["app.js"]
    assert (site.outcome, site.reason, site.event) == (LEFT, reasons.CLASSIC_SCRIPT, "get_coaches")
    assert site.message.startswith("templates/index.html loads the file with a <script>")


@pytest.mark.parametrize(
    "page",
    [
        '<script type="module" src="/static/js/app.js"></script>',
        '<script type="module">import { start } from "/static/js/app.js"; start();</script>',
        '<!-- <script src="/static/js/app.js"></script> -->',
        '{# <script src="/static/js/app.js"></script> #}',
        '<script src="/static/js/another.js"></script>',
        '<script src="https://cdn.example.com/js/app.js"></script>',
    ],
)
def test_a_module_of_a_page_is_rewritten(tmp_path: Path, page: str) -> None:
    """So is a script of which no page with a plain tag is known, where there is a package.json."""
    site = found(tmp_path, {**PACKAGE, "templates/index.html": page, "static/js/app.js": CALL})["app.js"]
    assert site.outcome == REWRITTEN


def test_without_a_package_a_script_without_modules_is_left(tmp_path: Path) -> None:
    """Nothing can have bundled it; what imports, is imported or is loaded as a module is none."""
    module = '<script type="module" src="main.js"></script>'
    files = {"alone.js": CALL, "main.js": CALL, "used.js": CALL, "a.js": f'import "./used.js";\n{CALL}', "b.jsx": CALL}
    sites = found(tmp_path, {"index.html": module, **files})
    assert {name for name, site in sites.items() if site.reason == reasons.CLASSIC_SCRIPT} == {"alone.js"}
    assert {name for name, site in sites.items() if site.outcome == REWRITTEN} == {
        "main.js",
        "used.js",
        "a.js",
        "b.jsx",
    }
    assert sites["alone.js"].message.startswith("There is no package.json")


def test_a_file_that_imports_is_a_module_whatever_a_page_says(tmp_path: Path) -> None:
    """A bundler takes it from the page (Parcel, say)."""
    page = {"index.html": '<script src="./app.js"></script>'}
    app = f'import {{ show }} from "./show";\n{CALL}'
    assert found(tmp_path, {**PACKAGE, **page, "app.js": app})["app.js"].outcome == REWRITTEN


def test_common_js_is_no_plain_script_and_amd_is(tmp_path: Path) -> None:
    """`require("x")` can bring the client module in; `define([...], ...)` cannot."""
    files = {
        "a.js": f'const show = require("./show");\n{CALL}',
        "b.js": f'define(["show"], function (show) {{ {CALL} }});\n',
    }
    sites = found(tmp_path, {**PACKAGE, **files})
    assert sites["a.js"].outcome == REWRITTEN
    assert (sites["b.js"].reason, sites["b.js"].message.split(",")[0]) == (
        reasons.CLASSIC_SCRIPT,
        "The file is an AMD module (define)",
    )


def test_helpers_in_a_plain_script_are_left_with_their_callers(tmp_path: Path) -> None:
    """A plan for several calls does not go past the reason; a call to another server stays external."""
    helper = "function api(path) {\n  return fetch(path).then(r => r.json());\n}\n"
    text = f'{helper}api("/coaches").then(show);\nfetch("https://example.com/x").then(show);\n'
    (tmp_path / "app.js").write_text(text)
    outcome = run([tmp_path], Settings(MAP))
    assert not outcome.changed
    assert [one.outcome for one in outcome.sites if "example.com" in one.url] == [EXTERNAL]
