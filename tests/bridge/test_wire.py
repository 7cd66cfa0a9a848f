"""Frames: what comes in is taken apart without being rewritten, what goes out can be read by any client."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge import wire

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SPACE = st.sampled_from(["", " ", "\n", "\t \r\n"])
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def spaced(values: list[Any], space: str, *, ascii_only: bool) -> str:
    parts = [json.dumps(value, ensure_ascii=ascii_only, indent=1 if space else None) for value in values]
    return f"[{space}" + f"{space},{space}".join(parts) + f"{space}]{space}"


def read(text: str) -> wire.Frame:
    header = wire.read_header(text)
    assert header is not None
    return wire.read_event(text, header)


@given(NAMES, st.lists(JSON, min_size=1, max_size=4), SPACE, st.booleans())
def test_the_last_argument_is_handed_on_as_it_was_written(
    name: str, args: list[Any], space: str, ascii_only: bool
) -> None:
    """Whatever the arguments are, the text of the last one is a JSON text of just that argument."""
    frame = read("2" + spaced([name, *args], space, ascii_only=ascii_only))
    assert (frame.event, frame.problem) == (name, "")
    assert json.loads(frame.last_argument()) == args[-1] == frame.args[-1]
    assert frame.last_argument() in frame.text


@given(
    st.lists(JSON, max_size=3), st.sampled_from(["1.0", "1e400", "12345678901234567890123", "-0", '{"b":1,"a":1.0}'])
)
def test_numbers_and_key_order_of_the_last_argument_stay(before: list[Any], last: str) -> None:
    """Texts that Python would write otherwise are kept to the letter."""
    values = "".join(f"{json.dumps(value)}, " for value in before)
    frame = read(f'27["event", {values}{last} ]')
    assert frame.problem or frame.last_argument() == last


@given(st.text(max_size=40))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    """Nonsense gives a frame with a problem, or an event; never an exception."""
    header = wire.read_header("2" + text)
    if header is not None:
        frame = wire.read_event("2" + text, header)
        assert frame.problem or isinstance(frame.event, str)


@pytest.mark.parametrize(
    ("text", "namespace", "ack_id", "attachments"),
    [
        ('2["a"]', "/", "", 0),
        ('213["a"]', "/", "13", 0),
        ('2/admin,13["a"]', "/admin", "13", 0),
        ('52-/admin,13["a"]', "/admin", "13", 2),
        ('51-["a"]', "/", "", 1),
        ("6", "/", "", 0),
        ('2/,1["a"]', "/", "1", 0),
    ],
)
def test_a_header(text: str, namespace: str, ack_id: str, attachments: int) -> None:
    """Type, attachments, namespace and ack number are read as Socket.IO writes them."""
    header = wire.read_header(text)
    assert header is not None
    assert (header.type, header.namespace, header.id, header.attachments) == (text[0], namespace, ack_id, attachments)


@pytest.mark.parametrize("text", ["", "1", "3[]", "x", "4"])
def test_no_header(text: str) -> None:
    """Packets of other types have no such header."""
    assert wire.read_header(text) is None


@given(JSON, st.sampled_from(["/", "/admin"]), st.integers(0, 10**17))
def test_an_ack_packet_reads_as_socketio_writes_it(value: Any, namespace: str, ack_id: int) -> None:
    """python-socketio decodes our ACK packet to the very value."""
    from socketio.packet import ACK, Packet

    packet = Packet(encoded_packet=wire.ack_text(namespace, str(ack_id), json.dumps(value)))
    assert (packet.packet_type, packet.namespace or "/", packet.id) == (ACK, namespace, ack_id)
    assert packet.data == [value]


@given(JSON)
def test_an_event_packet_reads_as_socketio_writes_it(value: Any) -> None:
    """python-socketio decodes our EVENT packet to the very name and value."""
    from socketio.packet import EVENT, Packet

    packet = Packet(encoded_packet=wire.event_text("name", value))
    assert (packet.packet_type, packet.data) == (EVENT, ["name", value])
