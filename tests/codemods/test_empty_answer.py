"""A route that answers 204 and nothing else: code that reads JSON from that never got any further (row 9)."""

from __future__ import annotations

import pytest

from codemods import reasons
from tests.codemods.cases import rewrite_text

CALL = 'fetch(`/drafts/${id}`, { method: "DELETE" })'
READS = "r.json().then((draft) => done(draft))"


def outcome(callback: str, call: str = CALL) -> tuple[str, str]:
    """Return what becomes of a call whose Response goes to a callback with this body."""
    (site,) = rewrite_text(f"{call}.then((r) => {{ {callback} }});\n").sites
    return site.outcome, site.reason


@pytest.mark.parametrize(
    "callback",
    [
        f"return {READS};",
        f"if (r.ok) {{ {READS}; }} else {{ failed(r.status); }}",
        f"if (!r.ok) {{ failed(r.status); return; }} {READS};",
        f"if (r.status === 204) {{ {READS}; }}",
        f"if (r.status < 300) {{ {READS}; }}",
        f"if (r.status >= 400) {{ failed(); }} else {{ {READS}; }}",
        f"if (confirmed) {{ {READS}; }}",
        f"if (r.ok && confirmed) {{ {READS}; }}",
    ],
)
def test_json_of_an_empty_answer_is_left(callback: str) -> None:
    """Where an answer of 204 gets to json(), the call is left, with that as the reason."""
    assert outcome(callback) == ("left", reasons.EMPTY_ANSWER)


@pytest.mark.parametrize(
    "callback",
    [
        "if (r.ok) done();",
        f"if (r.ok) {{ done(); }} else {{ {READS}; }}",
        f"if (!r.ok) {{ {READS}; }}",
        f"if (r.ok) {{ done(); return; }} {READS};",
        f"if (r.status === 204) {{ done(); }} else {{ {READS}; }}",
        f"if (r.status !== 204) {{ {READS}; }}",
        f"if (r.status == 200) {{ {READS}; }}",
        f"if (r.status >= 400) {{ {READS}; }}",
        f"if (200 === r.status || r.status === 201) {{ {READS}; }}",
        f"if (!(r.ok)) {{ {READS}; }} else {{ done(); }}",
    ],
)
def test_code_that_does_not_get_there_is_rewritten(callback: str) -> None:
    """Where ok or status keeps an answer of 204 away from json(), the call is rewritten."""
    assert outcome(callback)[0] == "rewritten"


def test_a_route_whose_status_is_not_known_is_rewritten_as_before() -> None:
    """Without the key in the event map nothing changes."""
    assert outcome(f"if (r.ok) {{ {READS}; }}", CALL.replace("drafts", "coaches"))[0] == "rewritten"


@pytest.mark.parametrize(
    "text",
    [
        f"const run = async () => {{ const r = await {CALL}; done(await r.json()); }};",
        f"const run = async () => {{ let r; r = await {CALL}; done(await r.json()); }};",
        f"const run = async () => {{ done(await (await {CALL}).json()); }};",
        f"{CALL}.then((r) => r.json()).then(done).catch(failed);",
        f"const run = () => {CALL}.then((r) => r.json());",
    ],
)
def test_awaited_and_chained_calls(text: str) -> None:
    """It makes no difference how the Response is waited for."""
    (site,) = rewrite_text(f"{text}\n").sites
    assert (site.outcome, site.reason) == ("left", reasons.EMPTY_ANSWER)
    assert site.event == "delete_draft"
