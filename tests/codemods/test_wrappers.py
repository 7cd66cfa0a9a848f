"""Helpers around fetch: all files of a front end together, or none."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods import reasons
from codemods.front_end import Settings
from codemods.front_ends import FrontEnds
from codemods.interactive import choose
from codemods.javascript.rewrite import rewrite
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN
from codemods.runner import run
from tests.codemods.cases import EVENTS, Case, app_of, rewrite_tree, trees
from tests.codemods.test_interactive import Script

HELPER = "export const api = (path, options) => fetch(path, options).then((r) => r.json());\n"
LIST = 'import { api } from "./api";\napi("/coaches").then(setCoaches);\n'


@pytest.mark.parametrize("case", trees(), ids=lambda case: case.name)
def test_tree(case: Case) -> None:
    """Every file becomes the file of the same name, and a second run changes nothing."""
    results = rewrite_tree(case)
    after = {path: result.after.decode() for path, result in results.items()}
    entry = f"/app/src/{case.path.name}"
    wanted = {**case.others_after, entry: case.output.read_bytes()}
    assert after == {path: data.decode() for path, data in wanted.items()}
    again = rewrite_tree(case, wanted)
    assert {path: result.after for path, result in again.items()} == wanted


def front_end(tmp_path: Path, files: dict[str, str]) -> Path:
    """Write the files of a front end."""
    (tmp_path / "package.json").write_text("{}")
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def settings(**more: object) -> Settings:
    """Return the settings of a run that needs no other process."""
    return Settings(EVENTS, jobs=1, **more)  # type: ignore[arg-type]


def test_file_without_fetch_is_rewritten_with_its_helper(tmp_path: Path) -> None:
    """A caller's file does not even contain the word fetch."""
    outcome = run([front_end(tmp_path, {"api.js": HELPER, "list.js": LIST})], settings())
    assert 'api("get_coaches").then(setCoaches);' in outcome.results[1].after.decode()
    assert {(site.outcome, site.rule, site.confidence) for site in outcome.sites} == {
        (REWRITTEN, "fetch_wrapper", LIKELY)
    }


def test_caller_outside_the_run_keeps_the_helper(tmp_path: Path) -> None:
    """A run over one file changes nothing that another file needs."""
    root = front_end(tmp_path, {"api.js": HELPER, "list.js": LIST})
    outcome = run([root / "api.js"], settings())
    (site,) = outcome.sites
    assert (site.outcome, site.reason) == (LEFT, reasons.URL_IS_PARAMETER)
    assert "list.js:2:1 is not among this front end's files in this run" in site.message


def test_one_caller_that_cannot_keeps_all(tmp_path: Path) -> None:
    """The helper's finding names the caller that is in the way and lists the others."""
    other = 'import { api } from "./api";\napi("/nowhere").then(setCoaches);\n'
    outcome = run([front_end(tmp_path, {"api.js": HELPER, "list.js": LIST, "other.js": other})], settings())
    assert not outcome.changed
    helper = outcome.sites[0]
    assert "All callers must become events: other.js:2:1 cannot: No route" in helper.message
    assert "Called at list.js:2:1, other.js:2:1." in helper.message
    assert [site.outcome for site in outcome.sites] == [LEFT] * 3


def test_rule_that_is_not_asked_for_leaves_the_group_whole(tmp_path: Path) -> None:
    """--skip fetch_wrapper leaves helper and callers, each with a finding."""
    root = front_end(tmp_path, {"api.js": HELPER, "list.js": LIST})
    outcome = run([root], settings(rules=frozenset({"fetch_chain"})))
    assert not outcome.changed
    assert {site.reason for site in outcome.sites} == {reasons.RULE_NOT_SELECTED}


def test_helper_of_another_server_is_external(tmp_path: Path) -> None:
    """Where all callers ask another server, nothing is left to do."""
    caller = 'import { api } from "./api";\napi("https://example.com/coaches").then(setCoaches);\n'
    outcome = run([front_end(tmp_path, {"api.js": HELPER, "list.js": caller})], settings())
    assert {site.outcome for site in outcome.sites} == {EXTERNAL}


@pytest.mark.parametrize(
    "use",
    [
        "window.api = api;",
        "api.call(null, '/coaches');",
        "[api].map((f) => f('/coaches'));",
        "const { ...rest } = { api };",
        "register(api);",
        "api = other;",
    ],
)
def test_helper_that_is_passed_on_is_left(use: str) -> None:
    """A value that goes where it cannot be followed has callers that cannot be seen."""
    text = f"let api = (path) => fetch(path).then((r) => r.json());\napi('/coaches').then(f);\n{use}\n"
    data = text.encode()
    result = rewrite(data, "/app/src/x.js", app_of("/app/src/x.js", data))
    assert result.after == data
    assert {site.reason for site in result.sites} == {reasons.URL_IS_PARAMETER}
    assert "who calls it cannot be seen" in result.sites[0].message


@pytest.mark.parametrize(
    "text",
    [
        "export const useApi = () => {\n  const ask = useCallback(async (path) => (await fetch(path)).json(), []);\n"
        "  return { ask };\n};\nexport function List() {\n  const { ask } = useApi();\n  ask('/coaches').then(f);\n}\n",
        "const api = {\n  ask(path) { return fetch(path).then((r) => r.json()); },\n"
        "  all() { return this.ask('/coaches'); }\n};\n"
        "api.all().then(f);\n",
        "class Api {\n  static ask(path) { return fetch(path).then((r) => r.json()); }\n}\n"
        "Api.ask('/coaches').then(f);\n",
        "class Base {\n  ask(path) { return fetch(path).then((r) => r.json()); }\n}\n"
        "class Coaches extends Base {\n  all() { return this.ask('/coaches'); }\n}\nnew Coaches().ask('/coaches');\n",
        "const ask = (path) => fetch(path).then((r) => r.json());\n"
        "const more = { ...{ ask } };\nmore.ask('/coaches');\n",
    ],
)
def test_function_is_followed_to_its_calls(text: str) -> None:
    """Through hooks that return it, objects, static methods, subclasses and spreads."""
    data = text.encode()
    result = rewrite(data, "/app/src/x.js", app_of("/app/src/x.js", data))
    assert {site.outcome for site in result.sites} == {REWRITTEN}, [site.message for site in result.sites]
    assert b"get_coaches" in result.after
    assert b"/coaches" not in result.after


@pytest.mark.parametrize("answer", ["y", "n"])
def test_helper_and_callers_are_one_question(tmp_path: Path, answer: str) -> None:
    """With -i all files of a helper are said yes or no to at once, one file with both too."""
    root = front_end(tmp_path, {"api.js": HELPER, "list.js": LIST, "own.js": HELPER + 'api("/coaches").then(f);\n'})
    outcome = run([root], settings())
    asker = Script(answer * 2)
    chosen = choose(outcome, FrontEnds([root], settings()), asker)
    assert len(asker.asked) == 2
    assert [one.is_changed for one in chosen.results] == [answer == "y"] * 3


def test_fault_in_the_plan_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with the helpers, the other calls are rewritten."""
    monkeypatch.setattr("codemods.javascript.wrappers.plan.Group.gather", lambda *_: 1 / 0)
    other = 'fetch("/logout", { method: "DELETE" });\n'
    outcome = run([front_end(tmp_path, {"api.js": HELPER, "other.js": other})], settings())
    assert [site.reason for site in outcome.sites] == [reasons.INTERNAL_ERROR, reasons.URL_IS_PARAMETER, ""]


def test_constants_made_of_one_another_come_to_an_end() -> None:
    """Code that cannot run is no endless work."""
    constants = "const a = b.x;\nconst b = a.y;\n"
    text = f"{constants}const api = (path) => fetch(path, a.z).then((r) => r.json());\napi('/coaches');\n"
    data = text.encode()
    result = rewrite(data, "/app/src/x.js", app_of("/app/src/x.js", data))
    assert result.after == data
    assert {site.outcome for site in result.sites} == {LEFT}
