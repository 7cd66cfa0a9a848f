"""On which pages code runs, and what a relative URL in it reaches from there."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.javascript.modules import Modules
from codemods.javascript.router import Router
from codemods.results import LEFT, LIKELY, REWRITTEN
from tests.codemods.cases import rewrite_text

SAVE = """
fetch(`${values.id}`, {
  method: "PATCH",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(values),
}).then((r) => {
  if (r.ok) r.json().then(onUpdate);
});
"""
EDIT = f"export default function Edit({{ values, onUpdate }}) {{{SAVE}}}\n"


def pages(files: dict[str, str], path: str = "Edit.jsx") -> list[str]:
    """Return the pages on which the first statement of a file that is no import runs."""
    modules = Modules.of({f"/app/src/{name}": text.encode() for name, text in files.items()})
    module = modules.module(f"/app/src/{path}")
    assert module is not None
    statement = next(one for one in module.root.named_children if one.type != "import_statement")
    return Router(modules).pages(module, statement)


def react(routes: str, **others: str) -> list[str]:
    """Return the pages of Edit in an app with these routes; ``Other=...`` is a further component of Other.jsx."""
    imports = "".join(f'import {name} from "./{name}";\n' for name in ("Edit", *others))
    app = f"{imports}const BASE = '/coaches';\nexport default function App() {{ return <div>{routes}</div>; }}\n"
    files = {f"{name}.jsx": f'import Edit from "./Edit";\n{text}\n' for name, text in others.items()}
    main = 'import App from "./App";\nrender(<App />);\n'
    return pages({"App.jsx": app, "main.jsx": main, "Edit.jsx": EDIT, **files})


FIVE = {
    "component": ("<Switch><Route path='/coaches/:id' component={Edit} /></Switch>", ["/coaches/:id"]),
    "render": ("<Switch><Route exact path='/a' render={() => <Edit />} /></Switch>", ["/a"]),
    "children as an attribute": ("<Route exact path='/a' children={<Edit />} />", ["/a"]),
    "children": ("<Switch><Route exact path='/a'><Wrap><Edit /></Wrap></Route></Switch>", ["/a"]),
    "several paths": ("<Route exact path={['/a', '/b']} component={Edit} />", ["/a", "/b"]),
    "path from a constant": ("<Route exact path={BASE} component={Edit} />", ["/coaches"]),
    "path from a template": ("<Route exact path={`${BASE}/:id`} component={Edit} />", ["/coaches/:id"]),
    "path that is not known": ("<Route exact path={where()} component={Edit} />", ["*"]),
    "optional parameter": ("<Route exact path='/a/:id?' component={Edit} />", ["/a", "/a/:id"]),
    "behind a condition": ("<Switch>{user && (<Route path='/a'><Edit /></Route>)}</Switch>", ["/a"]),
    "a route of one's own": ("<Switch><PrivateRoute path='/a' component={Edit} /></Switch>", ["/a"]),
    "last of a Switch": ("<Switch><Route path='/a' component={B} /><Route><Edit /></Route></Switch>", ["*"]),
    "siblings are other pages": (
        "<Switch><Route path='/a/new'><B /></Route><Route path='/a'><Edit /></Route></Switch>",
        ["/a"],
    ),
    "nowhere": ("<Switch><Route path='/a'><B /></Route><Route path='/b'><B /></Route></Switch>", ["/a", "/b"]),
}
SIX = {
    "element": ("<Routes><Route path='/a' element={<Edit />} /></Routes>", ["/a"]),
    "element in another": ("<Routes><Route path='a' element={<Guard><Edit /></Guard>} /></Routes>", ["/a"]),
    "nested": ("<Routes><Route path='a'><Route path=':id' element={<Edit />} /></Route></Routes>", ["/a/:id"]),
    "index": ("<Routes><Route path='a'><Route index element={<Edit />} /></Route></Routes>", ["/a"]),
    "layout": (
        "<Routes><Route element={<Edit />}><Route path='a' element={<B />} /></Route></Routes>",
        ["/a"],
    ),
    "parent with children": (
        "<Routes><Route path='/a' element={<Edit />}><Route path='new' element={<B />} /></Route></Routes>",
        ["/a", "/a/new"],
    ),
    "any other page": ("<Routes><Route path='*' element={<Edit />} /></Routes>", ["/*"]),
}


@pytest.mark.parametrize(("routes", "wanted"), [*FIVE.values(), *SIX.values()], ids=[*FIVE, *SIX])
def test_react_routes(routes: str, wanted: list[str]) -> None:
    """The paths of the routes that show a component; all pages for one that no route shows."""
    assert react(routes) == wanted


def test_pages_below_an_open_route_are_those_that_its_components_declare() -> None:
    """React Router 5: a path without exact shows its component on the pages below it too."""
    routes = "<Switch><Route path='/a'><Coach /></Route><Route path='/b'><B /></Route></Switch>"
    frame = "const match = useRouteMatch();\n  return <Route path={`${match.url}/:id`}>{children}</Route>;"
    found = react(
        routes,
        Coach='import Frame from "./Frame";\nexport default () => <Frame><Edit /></Frame>;',
        Frame=f"export default function Frame({{ children }}) {{ {frame} }}",
    )
    assert found == ["/a", "/a/:id"]


def test_routes_below_a_star_continue_its_path() -> None:
    """React Router 6: a table within a component that is shown at /admin/*."""
    found = react(
        "<Routes><Route path='/admin/*' element={<Admin />} /></Routes>",
        Admin="export default () => <Routes><Route path='users/:id' element={<Edit />} /></Routes>;",
    )
    assert found == ["/admin/users/:id"]


def test_component_in_memo_and_context_is_followed() -> None:
    """Wrapped exports, indirect uses and tests of a component do not blur its pages."""
    edit = f"const Plain = () => {{{SAVE}}};\nconst Edit = memo(Plain);\nexport default connect(select)(Edit);\n"
    page = 'import Edit from "./Edit";\nexport const Page = () => <Edit />;\n'
    app = 'import { Page } from "./Page";\nconst App = () => <Routes><Route path="/a" element={<Page />} /></Routes>;\n'
    test = 'import Edit from "./Edit";\nit("works", () => render(<Edit />));\n'
    files = {"Edit.jsx": edit, "Page.jsx": page, "App.jsx": app, "Edit.test.jsx": test, "x.jsx": "const a = <Route />;"}
    assert pages(files) == ["/a"]


@pytest.mark.parametrize(
    "table",
    [
        'createBrowserRouter([{ path: "/a", children: [{ path: ":id", element: <Edit /> }] }]);',
        'const routes = [{ path: "/a", children: [{ path: ":id", Component: Edit }] }];\ncreateBrowserRouter(routes);',
        'createBrowserRouter([{ path: "/a/:id", lazy: () => import("./Edit") }]);',
        'const Lazy = lazy(() => import("./Edit"));\nuseRoutes([{ path: "a/:id", element: <Lazy /> }]);',
        "createBrowserRouter(createRoutesFromElements(<Route path='/a/:id' element={<Edit />} />));",
    ],
)
def test_react_router_objects(table: str) -> None:
    """Route objects, given at once or by name, and lazy components."""
    text = f'import Edit from "./Edit";\n{table}\n' if "./Edit" not in table else f"{table}\n"
    assert pages({"main.jsx": text, "Edit.jsx": EDIT}) == ["/a/:id"]


def test_hash_router_has_one_page() -> None:
    """Behind a hash the path of the page never changes."""
    table = 'import Edit from "./Edit";\ncreateHashRouter([{ path: "/a/:id", element: <Edit /> }]);\n'
    assert pages({"main.jsx": table, "Edit.jsx": EDIT}) == ["/"]


EDIT_VUE = f"<template><p/></template>\n<script setup>\nconst save = (values) => {{{SAVE}}};\n</script>\n"
VUE = {
    "import": ('import Edit from "./Edit.vue";', "routes: [{ path: '/a/:id', component: Edit }]", ["/a/:id"]),
    "lazy": ("", "routes: [{ path: '/a/:id', component: () => import('@/Edit.vue') }]", ["/a/:id"]),
    "by name": (
        'import Edit from "./Edit.vue";\nconst routes = [{ path: "/a", component: Edit }];',
        "routes",
        ["/a"],
    ),
    "spread": (
        'import Edit from "./Edit.vue";\nconst own = [{ path: "/a", component: Edit }];',
        "routes: [...own, { path: '/b', redirect: '/a' }]",
        ["/a"],
    ),
    "children": (
        'import Edit from "./Edit.vue";',
        "routes: [{ path: '/a', children: [{ path: '', component: Edit }, { path: '/c', component: Edit }] }]",
        ["/a", "/c"],
    ),
    "parent of children": (
        'import Edit from "./Edit.vue";',
        "routes: [{ path: '/a', component: Edit, children: [{ path: ':id', component: B }] }]",
        ["/a", "/a/:id"],
    ),
    "alias": (
        'import Edit from "./Edit.vue";',
        "routes: [{ path: '/a', alias: ['/b'], component: Edit }]",
        ["/a", "/b"],
    ),
    "named views": (
        'import Edit from "./Edit.vue";',
        "routes: [{ path: '/a', components: { default: B, side: Edit } }]",
        ["/a"],
    ),
    "any other page": (
        'import Edit from "./Edit.vue";',
        "routes: [{ path: '/:pathMatch(.*)*', component: Edit }]",
        ["/:pathMatch(.*)*"],
    ),
}


@pytest.mark.parametrize(("imports", "options", "wanted"), VUE.values(), ids=VUE)
def test_vue_router(imports: str, options: str, wanted: list[str]) -> None:
    """Vue Router's table, its components by import or on demand."""
    table = f"{imports}\nexport default createRouter({{ history: createWebHistory(), {options} }});\n"
    assert pages({"router.js": table, "Edit.vue": EDIT_VUE}, "Edit.vue") == wanted


@pytest.mark.parametrize(
    "page",
    [
        "<script setup>\nimport Edit from './Edit.vue';\n</script>\n<template><Edit /></template>\n",
        "<script>\nimport Edit from './Edit';\nexport default { components: { Edit } };\n</script>\n",
    ],
)
def test_vue_component_within_a_page(page: str) -> None:
    """A component is shown where those that import it are."""
    table = 'import P from "./P.vue";\nnew VueRouter({ mode: "history", routes: [{ path: "/a", component: P }] });\n'
    app = "<script>\nimport Menu from './Menu.vue';\n</script>\n<template><Menu /><router-view /></template>\n"
    files = {"router.js": table, "P.vue": page, "App.vue": app, "Edit.vue": EDIT_VUE, "Menu.vue": EDIT_VUE}
    assert pages(files, "Edit.vue") == ["/a"]


def test_vue_router_2_uses_the_hash_unless_told() -> None:
    """Without a mode all pages have one path."""
    table = 'import P from "./Edit.vue";\nnew VueRouter({ routes: [{ path: "/a", component: P }] });\n'
    assert pages({"router.js": table, "Edit.vue": EDIT_VUE}, "Edit.vue") == ["/"]


# ---- what a relative URL reaches ------------------------------------------------------------------


def app_with(routes: str) -> dict[str, bytes]:
    """Return the other files of a front end whose router has these routes."""
    text = f"import Edit from './input';\nexport default function App() {{ return <Routes>{routes}</Routes>; }}\n"
    return {"/app/src/App.jsx": text.encode()}


@pytest.mark.parametrize(
    ("routes", "outcome"),
    [
        ('<Route path="/coaches/:id" element={<Edit />} />', REWRITTEN),
        ('<Route path="/coaches" element={<Edit />}><Route path="new" element={<b />} /></Route>', REWRITTEN),
        ('<Route path="/coaches/:id" element={<Edit />} /><Route path="/plans/:id" element={<Edit />} />', LEFT),
        ('<Route path="/coaches/:id/edit" element={<Edit />} />', LEFT),
        ('<Route path="/coaches/:id" element={<Edit />} /><Route path="*" element={<Edit />} />', LEFT),
        ('<Route path="*" element={<Edit />} />', LEFT),
        ('<Route path="/plans" element={<b />} />', LEFT),
    ],
)
def test_relative_url_is_resolved_against_its_pages(routes: str, outcome: str) -> None:
    """Rewritten only where all pages on which it reaches a route give the same, and none is unknown."""
    (site,) = rewrite_text(EDIT, others=app_with(routes)).sites
    assert site.outcome == outcome, site.message
    assert site.confidence == (LIKELY if outcome == REWRITTEN else "")
    assert site.reason == ("" if outcome == REWRITTEN else reasons.RELATIVE_URL)


def test_relative_url_names_what_each_page_would_hit() -> None:
    """The finding names the pages."""
    routes = '<Route path="/coaches/:id" element={<Edit />} /><Route path="/plans/:id" element={<Edit />} />'
    (site,) = rewrite_text(EDIT, others=app_with(routes)).sites
    assert "on /coaches/:id PATCH /coaches/<int:id>; on /plans/:id PATCH /plans/<int:id>" in site.message


def test_pages_on_which_a_relative_url_reached_nothing_are_named() -> None:
    """The rewritten call reaches its route there too, so the report says so."""
    routes = '<Route path="/coaches" element={<Edit />}><Route path="new" element={<b />} /></Route>'
    (site,) = rewrite_text(EDIT, others=app_with(routes)).sites
    assert site.message == "relative to the page /coaches/new; on /coaches it reached no route"


def test_relative_url_goes_through_the_dev_proxy() -> None:
    """A relative ``api/coaches`` is stripped of the proxy's prefix, as a rooted one is."""
    config = b'export default { server: { proxy: { "/api": { target: "http://localhost:5555", rewrite: REWRITE } } } };'
    config = config.replace(b"REWRITE", rb'(path) => path.replace(/^\/api/, "")')
    others = {**app_with('<Route path="/plans" element={<Edit />} />'), "/app/vite.config.js": config}
    text = 'export default function Edit() { fetch("api/coaches").then((r) => r.json()).then(f); }\n'
    (site,) = rewrite_text(text, others=others).sites
    assert (site.outcome, site.event) == (REWRITTEN, "get_coaches"), site.message


def test_earlier_rewrites_do_not_hide_the_pages() -> None:
    """A relative URL that is rewritten in a later round, in a file that has moved, has its pages still."""
    text = 'export function First() { fetch("/coaches").then((r) => r.json()).then(f); }\n'
    nested = EDIT.replace("r.json().then(onUpdate)", "fetch(`${values.id}`).then((a) => a.json()).then(onUpdate)")
    result = rewrite_text(text + nested, others=app_with('<Route path="/coaches/:id" element={<Edit />} />'))
    assert [site.outcome for site in result.sites] == [REWRITTEN] * 3, [site.message for site in result.sites]


ROUTES = "<Routes><Route path='/coaches/:id' element={<Edit />} /></Routes>"
TABLE = "[{ path: '/coaches/:id', component: Edit }]"
BASES = {
    "basename": (f"<BrowserRouter basename='/app'>{ROUTES}</BrowserRouter>", "/app/coaches/:id"),
    "with slashes": (f"<BrowserRouter basename='/app/'>{ROUTES}</BrowserRouter>", "/app/coaches/:id"),
    "from a constant": (f"<BrowserRouter basename={{BASE}}>{ROUTES}</BrowserRouter>", "/coaches/coaches/:id"),
    "nothing": (f"<BrowserRouter basename=''>{ROUTES}</BrowserRouter>", "/coaches/:id"),
    "at run time": (f"<BrowserRouter basename={{where()}}>{ROUTES}</BrowserRouter>", "/*/coaches/:id"),
    "no homepage": (f"<BrowserRouter basename={{process.env.PUBLIC_URL}}>{ROUTES}</BrowserRouter>", "/coaches/:id"),
    "data router": (
        "{createBrowserRouter([{ path: '/coaches/:id', element: <Edit /> }], { basename: '/app' })}",
        "/app/coaches/:id",
    ),
    "history": (f"{{createRouter({{ history: createWebHistory('/app/'), routes: {TABLE} }})}}", "/app/coaches/:id"),
    "no base": (f"{{createRouter({{ history: createWebHistory(), routes: {TABLE} }})}}", "/coaches/:id"),
    "Vite's": (
        f"{{createRouter({{ history: createWebHistory(import.meta.env.BASE_URL), routes: {TABLE} }})}}",
        "/coaches/:id",
    ),
    "Vue 2": (f"{{new VueRouter({{ mode: 'history', base: '/app', routes: {TABLE} }})}}", "/app/coaches/:id"),
}


@pytest.mark.parametrize(("text", "wanted"), BASES.values(), ids=BASES)
def test_a_base_stands_before_every_page(text: str, wanted: str) -> None:
    """What a router is told to put before its paths is part of the page's URL, and so of one relative to it."""
    assert react(text) == [wanted]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("vite.config.js", "export default { base: '/shop/' };", "/shop/coaches/:id"),
        ("vite.config.ts", "export default { plugins: [], base: process.env.BASE };", "/*/coaches/:id"),
        ("vite.config.js", "export default { base: process.env.BASE || '/shop/' };", "/shop/coaches/:id"),
        ("vite.config.js", "export default { base: './' };", "/*/coaches/:id"),
        ("vite.config.js", "export default { plugins: [vue()] };", "/coaches/:id"),
    ],
)
def test_the_base_of_vite(name: str, text: str, wanted: str) -> None:
    """`import.meta.env.BASE_URL` is what Vite's configuration says, as far as it can be read."""
    app = BASES["Vite's"][0][1:-1]
    files = {f"../{name}": text, "App.jsx": f'import Edit from "./Edit";\n{app};\n', "Edit.jsx": EDIT}
    modules = Modules.of(
        {
            f"/app/{one.removeprefix('../')}" if one[0] == "." else f"/app/src/{one}": value.encode()
            for one, value in files.items()
        }
    )
    module = modules.module("/app/src/Edit.jsx")
    assert module is not None
    assert Router(modules).pages(module, module.root.named_children[0]) == [wanted]


@pytest.mark.parametrize(
    ("homepage", "wanted"),
    [("/shop", "/shop/coaches/:id"), ("https://example.com/shop/", "/shop/coaches/:id"), (".", "/*/coaches/:id")],
)
def test_the_base_of_create_react_app(homepage: str, wanted: str) -> None:
    """`process.env.PUBLIC_URL` is the path of `homepage`."""
    app = BASES["no homepage"][0]
    files = {
        "/app/package.json": f'{{"homepage": "{homepage}"}}',
        "/app/src/App.jsx": f'import Edit from "./Edit";\nexport const App = () => {app};\n',
        "/app/src/Edit.jsx": EDIT,
    }
    modules = Modules.of({path: text.encode() for path, text in files.items()})
    module = modules.module("/app/src/Edit.jsx")
    assert module is not None
    assert Router(modules).pages(module, module.root.named_children[0]) == [wanted]


def test_a_base_may_stand_in_a_file_without_a_route() -> None:
    """As an attribute of a component that hands it on."""
    app = f'import Edit from "./Edit";\nexport default function App() {{ return {ROUTES}; }}\n'
    main = 'import App from "./App";\nrender(<Shell basename="/app"><App /></Shell>);\n'
    assert pages({"App.jsx": app, "main.jsx": main, "Edit.jsx": EDIT}) == ["/app/coaches/:id"]


def test_a_base_that_is_not_known_keeps_a_relative_call() -> None:
    """Nobody can say what it reached."""
    router = f"<BrowserRouter basename={{where()}}>{ROUTES}</BrowserRouter>"
    app = f"import Edit from './input';\nexport default () => {router};\n"
    sites = rewrite_text(EDIT, others={"/app/src/App.jsx": app.encode()}).sites
    assert [(site.outcome, site.reason) for site in sites] == [(LEFT, reasons.RELATIVE_URL)]
    known = app.replace("{where()}", "''")
    assert [site.outcome for site in rewrite_text(EDIT, others={"/app/src/App.jsx": known.encode()}).sites] == [
        REWRITTEN
    ]
