"""The JUnit report: what Jenkins and GitLab read out of it."""

from __future__ import annotations

from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bridge.parity.reports import render
from bridge.parity.result import Result
from bridge.parity.steps import Step
from tests.parity.reports.examples import COACHES, EVIL, mismatch, run

CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase", "system-out"],
    "properties": ["property"],
    "testcase": ["failure", "skipped", "system-out"],
}
"""What may stand in what, and in which order, in both tools' schemas."""
ATTRIBUTES = {
    "testsuites": {"name", "tests", "failures", "errors", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time"},
    "property": {"name", "value"},
    "testcase": {"name", "classname", "time"},
    "failure": {"type", "message"},
    "skipped": {"message"},
}


def suite_of(result: Result) -> Element:
    suite = ElementTree.fromstring(render(result, "junit").encode()).find("testsuite")
    assert suite is not None
    return suite


def cases_of(result: Result) -> dict[tuple[str, str], Element]:
    return {(one.attrib["classname"], one.attrib["name"]): one for one in suite_of(result).iter("testcase")}


def test_each_route_on_each_surface_is_a_testcase() -> None:
    """The class is the surface, the name the route with its event; no two are the same."""
    result = run(60)
    cases = cases_of(result)
    assert (
        len(cases) == sum(len(route.surfaces) for route in result.routes) == len([*suite_of(result).iter("testcase")])
    )
    assert ("native", "POST /trainers = new_trainer") in cases


def test_only_known_elements_and_attributes() -> None:
    """The report has what the schemas of both tools know, in their order."""
    for element in ElementTree.fromstring(render(run(5, 3), "junit").encode()).iter():
        order = [CHILDREN[element.tag].index(child.tag) for child in element]
        assert order == sorted(order)
        assert set(element.attrib) == ATTRIBUTES.get(element.tag, set())


def test_counts_are_those_of_the_testcases() -> None:
    """Failures and skips are counted by testcase."""
    suite = suite_of(run(5, 8))
    for name, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
        assert int(suite.attrib[name]) == len([*suite.iter(tag)])


def test_mismatches_of_a_testcase_are_one_failure() -> None:
    """Both tools show one failure a testcase: it tells the first mismatch in short and all of them in full."""
    found = (mismatch(), mismatch("$.status", (201, 200)))
    (failure,) = cases_of(run(mismatches=found))[("native", "POST /coaches = new_coach")].iter("failure")
    assert failure.attrib["message"] == (
        "POST /coaches = new_coach (native) differs at $.errors.name: "
        '["Shorter than minimum length 2."] over HTTP, null here; and 1 mismatch more'
    )
    assert (failure.text or "").count("MISMATCH") == 2


def test_ignored_routes_are_skipped_with_their_reason() -> None:
    """So are those that no step reached: neither has passed."""
    cases = cases_of(run(cells=()))
    messages = {name: one.attrib["message"] for name, case in cases.items() for one in case.iter("skipped")}
    assert messages.pop(("native", "PATCH /trainers/<int:id> = update_trainer")).startswith(
        "ignored: Waits for the new"
    )
    assert set(messages.values()) == {"no step reached it"}
    assert len(messages) == len(cases) - 1


def test_ignored_paths_do_not_hide_the_rest() -> None:
    """A route of which one path is ignored is compared; the note is told."""
    result = run()
    note = type(result.ignored[0])(result.routes[1], "native", "$.data.at", "A clock.")
    case = cases_of(run(ignored=(note,)))[("native", "GET /trainers = get_trainers")]
    assert case.find("skipped") is None
    assert "ignored: GET /trainers = get_trainers (native) $.data.at: A clock." in (case.findtext("system-out") or "")


def test_any_value_is_valid_xml() -> None:
    """Control characters, ends of CDATA and half surrogate pairs are shown as escapes."""
    one = mismatch(f"$.data.{EVIL}", (EVIL, "\x00\uffff"), steps=(Step("new_coach", {}, EVIL),), command=EVIL)
    (failure,) = cases_of(run(routes=(COACHES,), mismatches=(one,), warnings=()))[
        ("native", "POST /coaches = new_coach")
    ].iter("failure")
    assert "</script>" in failure.attrib["message"]
    assert "\\u0000" in (failure.text or "")
