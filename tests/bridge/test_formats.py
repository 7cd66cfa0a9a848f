"""An event map for people, for TypeScript and for AsyncAPI tools."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bridge.events import Event, EventMap
from bridge.formats import FORMATS, asyncapi, plain, typescript, write_events

EVENTS = EventMap.of(
    [
        Event("get_coaches", "GET", "/coaches", live="coaches"),
        Event("new_coach", "POST", "/coaches"),
        Event("update_coach", "PATCH", "/coaches/<int:id>", ("id",)),
        Event("delete_note", "DELETE", "/coaches/<int:id>/notes/<name>", ("id", "name"), status=204),
    ]
)


def at(document: Any, reference: str) -> Any:
    """Follow a JSON reference within a document."""
    for key in reference.removeprefix("#/").split("/"):
        document = document[key]
    return document


def test_asyncapi_has_an_operation_and_a_reply_for_each_event() -> None:
    """Every reference leads somewhere; a message is the event's arguments, the reply an ack."""
    document = json.loads(asyncapi(EVENTS))
    assert document["asyncapi"] == "3.0.0"
    assert list(document["operations"]) == [event.event for event in EVENTS]
    references = re.findall(r'"\$ref": "([^"]+)"', asyncapi(EVENTS))
    assert all(isinstance(at(document, one), dict) for one in references)
    update = at(document, "#/channels/socket/messages/update_coach")["payload"]
    assert update["maxItems"] == 2
    assert update["prefixItems"][0] == {
        "type": "object",
        "properties": {"id": {"type": "integer"}},
        "required": ["id"],
    }
    assert at(document, "#/channels/socket/messages/get_coaches")["payload"]["maxItems"] == 1
    reply = document["operations"]["new_coach"]["reply"]["messages"][0]["$ref"]
    assert at(document, reply)["payload"]["required"] == ["ok", "status", "data", "errors"]


def test_typescript_names_every_event_with_its_parameters() -> None:
    """Params by event, a signature by whether the method has a body, and what the server pushes."""
    text = typescript(EVENTS)
    assert "  delete_note: { id: string | number; name: string | number };" in text
    assert '  get_coaches: Read<EventParams["get_coaches"]>;' in text
    assert '  update_coach: Write<EventParams["update_coach"]>;' in text
    assert "  coaches: (...args: any[]) => void;" in text


def test_table_into_a_file_is_plain_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Names, methods, rules and who answers, in columns."""
    write_events(EVENTS, tmp_path / "events.txt", "table")
    assert (tmp_path / "events.txt").read_text() == plain(EVENTS)
    assert [line.split()[:3] for line in plain(EVENTS).splitlines()[:2]] == [
        ["event", "method", "rule"],
        ["get_coaches", "GET", "/coaches"],
    ]
    assert "4 events written" in capsys.readouterr().err


def test_a_table_in_a_pipe_is_never_cut(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """`fetch2socket events server | grep ...` finds whole rules, however narrow the terminal."""
    monkeypatch.setenv("COLUMNS", "40")
    rule = "/relationships/schema/<int:schema_id>/" + "long/" * 20
    write_events(EventMap.of([Event("get_it", "GET", rule, (), "it", "")]), None, None)
    assert f"get_it  GET     {rule}  it\n1 event\n" in capsys.readouterr().out


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_map_has_every_format(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An app without routes is no fault."""
    write_events(EventMap.of([]), None, form)
    assert capsys.readouterr().out.strip()


def test_every_key_and_format_is_documented() -> None:
    """docs/events.md has a row for each key of the document."""
    page = (Path(__file__).parents[2] / "docs" / "events.md").read_text(encoding="utf-8")
    keys = Event("a", "GET", "/a", ("b",), "c", "D", ("/a/",), "e", 204).to_dict()
    assert [key for key in keys if f"`{key}`" not in page] == []
    assert [form for form in FORMATS if f"--format {form}" not in page and form not in {"table", "json"}] == []
