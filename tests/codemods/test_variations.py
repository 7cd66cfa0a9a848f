"""The rows of the table as other people write them: what each becomes, or why it is left."""

from __future__ import annotations

import pytest

from codemods.results import REWRITTEN
from tests.codemods.cases import rewrite_text

POST = 'method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(values)'
VARIATIONS: list[tuple[int, str, str]] = [
    (1, 'fetch("/coaches").then((res) => { return res.json() }).then(setCoaches)', "setCoaches(json(result))"),
    (1, 'fetch("/coaches").then(function (r) { return r.json(); }).then(this.setCoaches)', "this.setCoaches(json("),
    (1, 'fetch("/coaches").then(async (r) => await r.json()).then(setCoaches)', "setCoaches(json(result))"),
    (2, 'fetch("/coaches").then(r => r.json()).then(({ rows }) => setRows(rows))', "const { rows } = json(result)"),
    (
        2,
        'fetch("/coaches").then(r => r.json()).then(d => { if (d.error) fail(d.error); else set(d); })',
        "json(result)",
    ),
    (2, 'fetch("/coaches").then(r => r.json()).then((d) => set(d.map((c) => c.name)))', "json(result).map("),
    (
        3,
        f'fetch("/coaches", {{ {POST} }}).then(r => {{ if (!r.ok) {{ fail(); return; }} r.json().then(add); }})',
        "add(",
    ),
    (
        3,
        f'fetch("/coaches", {{ {POST} }}).then(r => r.ok ? r.json().then(add) : r.json().then(fail))',
        "fail(result.data)",
    ),
    (3, f'fetch("/coaches", {{ {POST} }}).then(r => r.ok && r.json().then(add))', "result.ok && add(result.data)"),
    (4, f'fetch("/coaches", {{ {POST.replace("values)", "values, undefined, 2)")} }})', 'emit("new_coach", values)'),
    (4, f'fetch("/coaches", {{ {POST.replace("values)", "values, null, 4)")} }})', 'emit("new_coach", values)'),
    (5, f'fetch("/coaches", {{ {POST.replace("values)", "values, (k, v) => v ?? null)")} }})', "!json_replacer"),
    (6, f'fetch("/coaches", {{ {POST.replace("values", "{ ...values, age: +age }")} }})', "{ ...values, age: +age }"),
    (6, f'fetch("/coaches", {{ {POST.replace("values", "[1, 2]")} }})', 'emit("new_coach", [1, 2])'),
    (6, f'fetch("/coaches", {{ {POST.replace("values", "name")} }})', 'emit("new_coach", name)'),
    (7, f'fetch("/coaches/" + id, {{ {POST.replace("POST", "PATCH")} }})', '"update_coach", { id }, values'),
    (
        7,
        f"fetch(`/coaches/${{props.coach.id}}`, {{ {POST.replace('POST', 'PUT')} }})",
        "{ id: props.coach.id }, values",
    ),
    (7, f'fetch(`/coaches/${{values["id"]}}`, {{ {POST.replace("POST", "PATCH")} }})', 'id: values["id"]'),
    (8, 'fetch("/coaches/" + c.id, { method: "DELETE" }).then((r) => r.ok && onDelete(c.id))', "{ id: c.id }"),
    (8, 'fetch(`/coaches/${c.id}`, { method: "DELETE" }).then(() => onDelete(c.id))', "emitWithAck("),
    (10, 'void fetch("/logout", { method: "DELETE" })', 'void socket.emit("delete_logout")'),
    (10, 'busy || fetch("/logout", { method: "DELETE" })', 'busy || socket.emit("delete_logout")'),
    (11, 'fetch("/coaches").then(r => r.json()).then(set).catch(console.error)', ".catch(console.error)"),
    (11, 'fetch("/coaches").then(r => r.json()).then(set, fail).catch(() => {})', ".then(set, fail).catch("),
    (12, 'fetch("/coaches").then(r => r.json()).then(set).finally(() => setBusy(false))', ".finally("),
    (
        13,
        'fetch("/coaches").then(r => { if (r.status >= 400) throw new Error("no"); return r.json(); }).then(set)',
        "throw",
    ),
    (
        13,
        'fetch("/coaches").then(r => r.ok ? r.json() : Promise.reject(r.status)).then(set)',
        "Promise.reject(result.status)",
    ),
    (13, 'fetch("/coaches").then(r => r.ok ? r.json() : Promise.reject(r)).then(set)', "!response_escapes"),
    (
        14,
        'fetch("/coaches").then(r => { if (!r.ok) throw Error(`${r.status} ${r.statusText}`); })',
        "!reads_status_text",
    ),
    (15, 'fetch("/coaches").then(r => r.json(), fail).then(set)', ".then(json, fail).then(set)"),
    (16, 'const load = () => fetch("/coaches").then(r => r.json())', '.emitWithAck("get_coaches").then(json)'),
    (16, 'const load = async () => (await fetch("/coaches")).json()', "json(await socket"),
    (16, 'async function load() { return await (await fetch("/coaches")).json() }', "return json(await socket"),
    (
        17,
        'async () => { let r; try { r = await fetch("/coaches"); } catch { return; } set(await r.json()); }',
        "set(json(r))",
    ),
    (17, 'async () => { const r = await fetch("/coaches"); if (r.ok) r.json().then(set); }', "set(r.data)"),
    (17, 'async () => { const r = await fetch("/coaches"); r.json().then(set); }', "!nested_chain"),
    (18, 'async () => { const r = await fetch("/coaches"); const d = await r.json(); if (!r.ok) throw d; }', "throw d"),
    (
        21,
        'async () => { const { status: code } = await fetch("/coaches"); set(code); }',
        "{ status: code } = await socket",
    ),
    (
        21,
        'async () => { const { ok } = await fetch("/logout", { method: "DELETE" }); set(ok); }',
        "{ ok } = await socket",
    ),
    (23, 'async () => { while (more) { const r = await fetch("/coaches"); more = r.ok; } }', "await socket"),
    (25, 'fetch("/coaches").then(async r => ({ ok: r.ok, data: await r.json() })).then(set)', "data: json(result)"),
    (27, 'async () => { const r = await fetch("/coaches"); this.last = r; }', "!response_escapes"),
    (
        28,
        'async () => { const r = await fetch("/coaches"); if (r.ok) set(await r.json()); log(await r.json()); }',
        "!json_read_twice",
    ),
    (29, 'async () => { const r = await fetch("/coaches"); if (r.redirected) go(r.url); }', "!reads_headers"),
    (30, 'fetch("/coaches").then(r => r.arrayBuffer()).then(set)', "!reads_blob"),
    (30, 'fetch("/coaches").then(r => r.text()).then(t => set(JSON.parse(t)))', "!reads_text"),
    (31, 'fetch("/coaches", { method: "POST", body: formData })', "!body_not_json"),
    (32, f'fetch("/coaches", {{ {POST.replace("Content-Type", "content-type")} }})', 'emit("new_coach", values)'),
    (32, 'fetch("/coaches", { headers: { Accept: "application/json, text/plain, */*" } })', 'emit("get_coaches")'),
    (
        33,
        'fetch("/coaches", { headers: { Authorization: `Bearer ${t}` } })',
        "$headers: { Authorization: `Bearer ${t}` }",
    ),
    (33, 'fetch("/coaches", { headers: { "X-Requested-With": "XMLHttpRequest" } })', "$headers"),
    (34, 'fetch("/coaches", { headers: { "X-Api-Key": k } })', "!header_not_allowed"),
    (35, 'fetch("/check_session", { credentials: "same-origin" })', 'emit("get_check_session")'),
    (37, 'fetch("/coaches", { mode: "cors", redirect: "follow" })', 'emit("get_coaches")'),
    (37, 'fetch("/coaches", { next: { revalidate: 60 } })', "!fetch_option"),
    (39, 'const API = "/coaches"; fetch(API)', 'emit("get_coaches")'),
    (39, 'const API = { coaches: "/coaches" }; fetch(API.coaches)', 'emit("get_coaches")'),
    (40, 'fetch("http://127.0.0.1:5555/coaches/7")', '"get_coach", { id: 7 }'),
    (41, 'fetch("/coaches?page=1&sort=name")', '{ page: "1", sort: "name" }'),
    (41, "fetch(`/coaches?q=${encodeURIComponent(q)}`)", "{ q }"),
    (42, "fetch(`/users/${encodeURIComponent(user.name)}`)", "{ username: user.name }"),
    (44, 'fetch(`/coaches/${id}`, { method: on ? "DELETE" : "GET" })', 'on ? "delete_coach" : "get_coach"'),
    (44, 'let m = "POST"; if (id) m = "PATCH"; fetch("/coaches", { method: m })', "!dynamic_method"),
    (45, 'const f = (options) => fetch("/coaches", options)', "!options_not_constant"),
    (45, 'fetch("/coaches", { ...(token && { credentials: "include" }) })', "!options_not_constant"),
    (46, 'const fetch = require("node-fetch"); fetch("/coaches")', "?"),
    (46, 'import { fetch } from "undici"; fetch("/coaches")', "?"),
    (47, 'self.fetch("/coaches")', 'emit("get_coaches")'),
    (47, "const { fetch: original } = window; original('/coaches')", "?"),
    (48, 'fetch("/coaches").then(r => r.json()).then(function (d) { set(d) })', "set(json(result))"),
    (49, 'useEffect(() => void fetch("/coaches"), [])', 'void socket.emit("get_coaches")'),
    (51, f'const f = (values) => {{ fetch("/coaches", {{ {POST} }}); values.name = ""; }}', "!payload_mutated"),
    (51, f'const f = (values) => {{ fetch("/coaches", {{ {POST} }}); values = {{}}; }}', 'emit("new_coach", values)'),
    (52, 'const socket = 1; fetch("/coaches")', "socket as socket2"),
    (53, 'fetch("/coaches" /* all */, { /* none */ method: "GET" })', "/* none */"),
    (57, 'fetch("/coach")', "!no_route"),
    (57, 'fetch("/coaches/7", { method: "POST" })', "!wrong_method"),
]


@pytest.mark.parametrize(("row", "text", "wanted"), VARIATIONS)
def test_variation(row: int, text: str, wanted: str) -> None:
    """``wanted`` is in the output; after ``!`` stands the reason for leaving the call, ``?`` means no call of ours."""
    result = rewrite_text(f"{text};\n")
    reasons = {site.reason for site in result.sites if site.outcome != REWRITTEN}
    if wanted[0] in "!?":
        assert not result.is_changed
        assert reasons == ({wanted[1:]} if wanted[0] == "!" else set())
    else:
        assert not reasons
        assert wanted in result.after.decode()
        assert "fetch(" not in result.after.decode()
