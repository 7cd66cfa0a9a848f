"""What people write by hand, as in the blog post that the sample follows, works as it stands there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sample_app.serving import serve_sample
from tests.support.clients import JavaScriptClient, Node


@pytest.fixture
def client(node: Node, tmp_path: Path) -> Iterator[JavaScriptClient]:
    """A plain socket.io-client, without the client module."""
    with serve_sample(tmp_path / "fitness.db") as served:
        client = JavaScriptClient(node, served.url)
        yield client
        client.close()


def test_the_server_says_connected(client: JavaScriptClient) -> None:
    """socket.on("connected", ...) hears who it is."""
    client.emit("get_stats")
    event, hello = client.heard()[0]
    assert event == "connected"
    assert "is connected" in hello["data"]


def test_new_coach_with_values(client: JavaScriptClient) -> None:
    """socket.emit("new_coach", values, result => ...) makes a coach, id and all from the form ignored."""
    values = {"id": "", "name": "Ida Brandt", "age": "33", "specialty": "Rowing"}
    result = client.emit("new_coach", values)
    assert result["ok"]
    assert result["data"]["name"] == "Ida Brandt"
    assert result["errors"] is None
    refused = client.emit("new_coach", {**values, "age": "7"})
    assert not refused["ok"]
    assert refused["errors"] == refused["data"]["errors"] == {"age": ["Between 18 and 80, please."]}


def test_update_coach_with_values(client: JavaScriptClient) -> None:
    """socket.emit("update_coach", values, ...) finds the coach by the id in the values."""
    coach = client.emit("get_coach", {"id": 4})["data"]
    result = client.emit("update_coach", {**coach, "bio": "Touches his toes twice."})
    assert result["data"] == {**coach, "bio": "Touches his toes twice."}
    assert client.emit("get_coach", {"id": 4})["data"]["bio"] == "Touches his toes twice."


def test_delete_and_lists(client: JavaScriptClient) -> None:
    """The rest of the blog's events work as well: lists without arguments, a delete by id."""
    assert client.emit("delete_coach", {"id": 8})["status"] == 204
    for event, count in (("get_coaches", 7), ("get_workout_plans", 8), ("get_exercise_moves", 20)):
        assert len(client.emit(event)["data"]) == count
