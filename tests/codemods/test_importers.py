"""Which files import which, from their text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from codemods.javascript.importers import imported_by, importing, leading_to
from codemods.javascript.modules import Modules

PATHS = (
    "/app/src/index.js",
    "/app/src/App.jsx",
    "/app/src/pages/index.js",
    "/app/src/pages/Home.jsx",
    "/app/src/pages/home.data.js",
    "/app/src/pages/deep/index.tsx",
    "/app/src/style.css",
)
SOURCES = (
    *("./App", "./App.jsx", ".", "./", "..", "../..", "./pages", "./pages/", "../pages", "./pages/index", "./Home"),
    *("@/pages/Home", "~/pages", "pages/deep", "./deep", "./deep/index.tsx", "./home.data", "./style.css", "react"),
)


@given(st.fixed_dictionaries({path: st.lists(st.sampled_from(SOURCES), max_size=3) for path in PATHS}))
def test_who_leads_to_a_file_is_what_following_every_import_says(imports: dict[str, list[str]]) -> None:
    """Looking at those imports only that may mean a file finds all that do."""
    texts = {path: "".join(f'import x from "{one}";\n' for one in found) for path, found in imports.items()}
    modules = Modules.of({path: text.encode() for path, text in texts.items()})
    graph = {path: imported_by(modules, path) for path in PATHS}
    for wanted in PATHS:
        assert importing(modules, wanted) == [path for path in modules.files if wanted in graph[path]]
        found = {wanted}
        while more := {path for path in PATHS if graph[path] & found} - found:
            found |= more
        assert leading_to(modules, [wanted]) == [path for path in modules.files if path in found]


def test_each_way_to_import_counts() -> None:
    """Static, for its effect, on the spot, re-exported, required; a comment within does no harm."""
    ways = ('import "./b"', "import('./b')", 'export * from "./b"', 'require("./b")', 'import(/* x */ "./b")')
    files = {f"/app/src/a{at}.js": f"{text};".encode() for at, text in enumerate(ways)}
    modules = Modules.of({**files, "/app/src/b.js": b""})
    assert importing(modules, "/app/src/b.js") == list(files)
