"""Writes front ends that nobody thought of: calls, handlings and places, put together from small lists.

The axes are those of real front ends (docs/codemods.md): method, URL, body, what becomes of the answer, and
where the call stands. Each recorded function has a name of its own, so that a log says which one ran.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

_T = TypeVar("_T")

_URLS = {
    "GET": (
        '"/coaches"',
        '"/coaches/7"',
        "`/coaches/${id}`",
        '"/coaches/" + id',
        "`/coaches?page=${p}&q=${encodeURIComponent(q)}`",
        "`/coaches/${id}/plans`",
        "`/users/${encodeURIComponent(username)}`",
        "`${BASE}/plans`",
    ),
    "POST": ('"/coaches"', "`/coaches/${id}/votes`", "'/login'", "`${BASE}/plans`"),
    "PATCH": ("`/coaches/${values.id}`", "`/plans/${id}`", '"/coaches/" + c.id'),
    "PUT": ("`/coaches/${id}`", "`/coaches/${values.id}`"),
    "DELETE": ("`/coaches/${c.id}`", '"/logout"', "`/stats/${id}`"),
}
_BODIES = ("values", "{ name, age: +age }", "{ ...values, name }", "values, null, 2", "{ id, reason }", "[id]")
_CONDITIONS = (
    "r.ok",
    "!r.ok",
    "r.status === 200",
    "r.status === 404",
    "r.status >= 400",
    "r.ok && id",
    "r.status < 300",
)
_PLACES = {
    "top": "TEXT",
    "function": "function run() {\n  TEXT\n}",
    "arrow": "const run = () => {\n  TEXT\n  NAME();\n};",
    "effect": "useEffect(() => {\n  TEXT\n}, []);",
    "button": "export const Out = () => <button onClick={() => { TEXT }}>x</button>;",
    "each": "[1, 2].forEach((id) => {\n  TEXT\n});",
    "async function": "async function run() {\n  TEXT\n}",
    "async effect": "useEffect(() => {\n  const load = async () => {\n  TEXT\n  };\n  load();\n}, []);",
    "try": "async function run() {\n  TEXT\n}",
}


class Grammar:
    """Draws programs from ``random``; the same seed draws the same ones."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._numbers = itertools.count(1)
        self._declared: list[str] = []

    def program(self) -> str:
        """Return the source of a front end with one call or a few."""
        self._declared = ['const BASE = "";']
        place = self._pick(tuple(_PLACES))
        makers: Sequence[Callable[[], str]] = (self._chain, self._chain, self._alone)
        if place.startswith(("async", "try")):
            makers = (self._awaited, self._awaited, self._awaited_chain, self._all)
        text = self._pick(makers)()
        if place == "function" and self._chance(0.4):
            text = self._returned()
        return "\n".join([*self._declared, self._placed(place, text), ""])

    def _pick(self, options: Sequence[_T]) -> _T:
        return self._random.choice(options)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _name(self) -> str:
        return f"do{next(self._numbers)}"

    def _placed(self, place: str, text: str) -> str:
        if place == "try":
            ending = self._pick(("", f" finally {{ {self._name()}(); }}"))
            text = f"try {{\n  {text}\n  }} catch (e) {{ {self._name()}(e.message); }}{ending}"
        return _PLACES[place].replace("TEXT", text).replace("NAME", self._name())

    # ---- calls --------------------------------------------------------------------------------------

    def _call(self) -> str:
        method = self._pick(tuple(_URLS))
        url = self._pick(_URLS[method])
        options = ", ".join(self._options(method))
        return f"fetch({url}, {{ {options} }})" if options else f"fetch({url})"

    def _options(self, method: str) -> list[str]:
        options = [f'method: "{method}"'] if method != "GET" or self._chance(0.2) else []
        headers = []
        if method not in {"GET", "DELETE"} and self._chance(0.85):
            headers.append('"Content-Type": "application/json"')
            options.append(f"body: JSON.stringify({self._pick(_BODIES)})")
        if self._chance(0.2):
            headers.append("Authorization: `Bearer ${token}`")
        if headers:
            options.append(f"headers: {{ {', '.join(headers)} }}")
        if self._chance(0.15):
            options.append('credentials: "include"')
        return options

    def _alone(self) -> str:
        return f"{self._pick(('', '', 'void ', 'id && '))}{self._call()};"

    # ---- promises -----------------------------------------------------------------------------------

    def _chain(self) -> str:
        return f"{self._call()}{self._links()}{self._ends()};"

    def _returned(self) -> str:
        return f"return {self._call()}{self._links()}{self._ends()};"

    def _awaited_chain(self) -> str:
        return f"const data = await {self._call()}{self._links()};\n  {self._name()}(data);"

    def _links(self) -> str:
        if self._chance(0.5):
            links = f".then({self._pick(('(r) => r.json()', 'r => r.json()', 'async (r) => await r.json()'))})"
            return links + (f".then({self._data_callback()})" if self._chance(0.9) else "")
        links = f".then({self._named(self._response_callback())})"
        return links + (f".then({self._data_callback()})" if self._chance(0.3) else "")

    def _named(self, callback: str) -> str:
        """Return a callback, or its name where it is declared above."""
        if self._chance(0.8):
            return callback
        name = f"handle{len(self._declared)}"
        is_function = callback.startswith("function (")
        declared = (
            f"function {name} {callback.removeprefix('function ')}" if is_function else f"const {name} = {callback};"
        )
        self._declared.append(declared)
        return name

    def _ends(self) -> str:
        text = ""
        if self._chance(0.35):
            text += f".catch((e) => {self._name()}(e.message))"
        if self._chance(0.2):
            text += f".finally(() => {self._name()}(false))"
        return text

    def _data_callback(self) -> str:
        one, two = self._name(), self._name()
        return self._pick(
            (
                one,
                f"(data) => {one}(data)",
                f"data => {{ {one}(data); {two}(data.name); }}",
                f"({{ name, id }}) => {one}(name, id)",
                f"function (data) {{ {one}(data); }}",
                f"(data) => {{ if (data.error) {{ {one}(data.error); return; }} {two}(data); }}",
                f"(data) => {one}({two}(), data)",
                f"async (data) => {{ await {one}(data); {two}(data); }}",
                f"() => {one}(id)",
                f"(data) => ({one}(data), {two}(data))",
            )
        )

    # ---- what is done with a Response -----------------------------------------------------------------

    def _response_callback(self) -> str:
        one, two = self._name(), self._name()
        return self._pick(
            (
                f"(r) => {{ {self._branch(2)} }}",
                f"(r) => {{ {self._branch(2)} }}",
                f"r => {{ {self._branch(1)} {self._branch(1)} }}",
                f"(r) => r.ok && {one}(id)",
                "(r) => (r.ok ? r.json() : null)",
                "(r) => { if (!r.ok) throw new Error(`status ${r.status}`); return r.json(); }",
                "(r) => { if (r.ok) { return r.json(); } throw new Error('failed'); }",
                "(r) => r.json().then((data) => ({ ok: r.ok, data }))",
                f"({{ ok, status }}) => {one}(ok, status)",
                f"({{ ok }}) => {{ if (ok) {one}(); else {two}(); }}",
                f"async (r) => {{ const data = await r.json(); if (r.ok) {one}(data); else {two}(data.error); }}",
                f"async (r) => {{ if (r.ok) {{ {one}(await r.json()); }} else {{ {two}(r.status); }} }}",
                f"function (r) {{ {self._branch(2)} }}",
            )
        )

    def _branch(self, depth: int) -> str:
        if depth == 0 or self._chance(0.25):
            return self._leaf()
        first = f"if ({self._pick(_CONDITIONS)}) {{ {self._branch(depth - 1)} }}"
        if self._chance(0.6):
            return f"{first} else {{ {self._branch(depth - 1)} }}"
        return f"{first}{f' {self._leaf()}' if self._chance(0.4) else ''}"

    def _leaf(self) -> str:
        one = self._name()
        return self._pick(
            (
                f"{one}(id);",
                f"{one}(r.status);",
                f"r.json().then({self._data_callback()});",
                f"r.json().then({self._data_callback()});",
                f"{one}(); r.json().then({self._data_callback()});",
                f"r.json().then({self._data_callback()}); {one}();",
                f"{one}(); return;",
                "return r.json();",
                f"return r.json().then({self._data_callback()});",
            )
        )

    # ---- await --------------------------------------------------------------------------------------

    def _awaited(self) -> str:
        one, two, three = self._name(), self._name(), self._name()
        start = f"const r = await {self._call()};"
        ending = self._pick(
            (
                f"const data = await r.json();\n  {one}(data);",
                f"const data = await r.json();\n  if (!r.ok) throw new Error(data.error);\n  {one}(data);",
                f"if (r.ok) {{\n    const data = await r.json();\n    {one}(data);\n  }} else {two}(r.status);",
                f"if (r.ok) {one}(await r.json());\n  else {two}((await r.json()).error);",
                f"if (!r.ok) {{\n    {one}(r.status);\n    return;\n  }}\n  {two}(await r.json());",
                f"{one}(r.ok);\n  const {{ name }} = await r.json();\n  {two}(name);",
                f"if (r.status === 404) return {one}();\n  r.json().then({two});\n  {three}();",
                f"return r.ok ? await r.json() : {one}();",
                "return r.json();",
                f"r.json().then((data) => {{ {one}(data); {two}(); }});",
            )
        )
        return f"{start}\n  {ending}"

    def _all(self) -> str:
        one = self._name()
        first, second = '"/coaches"', "`/coaches/${id}/plans`"
        if self._chance(0.5):
            calls = f"fetch({first}).then((r) => r.json()), fetch({second}).then((r) => r.json())"
            return f"const [a, b] = await Promise.all([{calls}]);\n  {one}(a, b);"
        return (
            f"const rs = await Promise.all([fetch({first}), fetch({second})]);\n"
            f"  const [a, b] = await Promise.all(rs.map((r) => r.json()));\n  {one}(a, b);"
        )
