"""The differential test is no rubber stamp: a fault planted into an expected output shows."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.codemods.behaviour.allowances import Pair, allowance
from tests.codemods.behaviour.answers import CIRCUMSTANCES
from tests.codemods.behaviour.driver import Driver
from tests.codemods.behaviour.fixtures import before, front_end
from tests.codemods.cases import Case, pairs, rewrite_case

CASES = {case.name: case for case in pairs()}


@dataclass(frozen=True)
class Fault:
    """``old`` in the expected output of a fixture becomes ``new``; it must show in ``seen`` at least."""

    name: str
    fixture: str
    old: str
    new: str
    seen: str


FAULTS = (
    Fault("another event", "fetch_then/row_07_id_and_body", "update_coach", "replace_coach", "200 object"),
    Fault("another parameter", "fetch_then/row_07_id_and_body", "{ id }", "{ id: 8 }", "200 object"),
    Fault("a query dropped", "fetch_then/row_41_query", ', sort: "name"', "", "200 object"),
    Fault("a header dropped", "fetch_alone/row_33_headers_and_body", ', "X-CSRFToken": csrf', "", "200 object"),
    Fault("the body dropped", "fetch_alone/body_with_delete", ", { reason }", "", "200 object"),
    Fault("null sent as a body", "fetch_alone/post_without_body", "null", "{}", "200 object"),
    Fault("no callback", "fetch_then/row_01_setter", ", (result) => setCoaches(json(result))", "", "200 list"),
    Fault("another callback", "fetch_then/row_07_id_and_body", "onUpdate", "onDelete", "200 object"),
    Fault(
        "two calls swapped",
        "fetch_then/row_02_block",
        "setCount(data.length);\n  setCoaches(data);",
        "setCoaches(data);\n  setCount(data.length);",
        "200 list",
    ),
    Fault("a page of HTML for data", "fetch_then/row_01_setter", "json(result)", "result.data", "500 page"),
    Fault(
        "a failure that nobody hears of",
        "fetch_then/row_01_setter",
        "setCoaches(json(result))",
        "result.meta || setCoaches(result.data)",
        "500 page",
    ),
    Fault("data for json in a seen promise", "fetch_chain/row_16_return", ".then(json)", ".then((r) => r.data)", "204"),
    Fault(
        "no error branch",
        "fetch_then/row_03_blog",
        "setErrors(result.data.errors);",
        "",
        "422",
    ),
    Fault("the error branch turned", "fetch_then/row_03_blog", "if (result.ok)", "if (!result.ok)", "200 object"),
    Fault("errors for data.errors", "fetch_then/row_03_blog", "result.data.errors", "result.errors", "401"),
    Fault("a rejection swallowed", "fetch_chain/row_16_return", ".then(json)", ".then(json).catch(() => {})", "dead"),
    Fault("a catch lost", "fetch_chain/row_11_catch", "\n  .catch((e) => setError(e.message))", "", "dies"),
    Fault(
        "a callback where nothing may be told",
        "fetch_chain/runs_on_success_too",
        'socket.timeout(TIMEOUT).emitWithAck("delete_coach", { id }).then((result) => {',
        'socket.emit("delete_coach", { id }, (result) => {',
        "dead",
    ),
    Fault(
        "not waited for",
        "fetch_await/alone",
        "await socket",
        "void socket",
        "200 object",
    ),
    Fault("asked for side by side", "fetch_await/row_23_loop", "if (!r.ok) break;", "", "404"),
    Fault("called before the answer", "fetch_then/row_08_delete", "{ if (result.ok) onDelete(c.id) });",
          "{}); onDelete(c.id);", "200 object"),
    Fault("asked twice", "fetch_alone/row_10_delete", 'socket.emit("delete_logout");',
          'socket.emit("delete_logout");\nsocket.emit("delete_logout");', "204"),
    Fault("answers mixed up", "fetch_all/row_22", '.emitWithAck("get_coaches"),\n    socket.timeout(TIMEOUT)'
          '.emitWithAck("get_plans")', '.emitWithAck("get_plans"),\n    socket.timeout(TIMEOUT)'
          '.emitWithAck("get_coaches")', "200 list"),
)  # fmt: skip


def planted(fault: Fault) -> tuple[Case, str]:
    """Return a fixture and its expected output with a fault in it."""
    case = CASES[fault.fixture]
    output = case.output.read_text()
    assert output.count(fault.old) == 1
    return case, output.replace(fault.old, fault.new)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_fault_is_seen(driver: Driver, fault: Fault) -> None:
    """With a fault in it, an expected output no longer does what the input did, and no allowance hides that."""
    case, output = planted(fault)
    old = driver.run([(before(case), one) for one in CIRCUMSTANCES.values()])
    new = driver.run([(front_end(case, output), one) for one in CIRCUMSTANCES.values()])
    usual = dict(zip(CIRCUMSTANCES, old, strict=True))
    notes = " ".join(site.message for site in rewrite_case(case).sites)
    found = {
        name: allowance(Pair(usual[name], log, CIRCUMSTANCES[name], usual, output, notes))
        for name, log in zip(CIRCUMSTANCES, new, strict=True)
    }
    assert found[fault.seen] is None, found
