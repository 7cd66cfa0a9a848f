"""What parity learns of a route, by each source of knowledge, from apps in view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, request
from flask_restful import Api, Resource, reqparse
from flask_sqlalchemy import SQLAlchemy
from marshmallow import Schema, fields, validate
from werkzeug.test import Client

from bridge.discovery import discover
from bridge.parity.learning import learn
from bridge.parity.steps import Step
from bridge.parity.takes import Field, Takes
from bridge.parity.worker.http_request import http_request


class CoachSchema(Schema):
    """All kinds of fields."""

    id = fields.Int(dump_only=True)
    name = fields.Str(required=True, validate=[validate.Length(min=2, max=60), validate.Regexp("[A-Z].*")])
    age = fields.Int(required=True, validate=validate.Range(18, 80))
    level = fields.Str(validate=validate.OneOf(["new", "old"]), allow_none=True)
    mail = fields.Email(data_key="e-mail")
    born = fields.Date()
    tags = fields.List(fields.Str())
    address = fields.Nested(lambda: AddressSchema())


class AddressSchema(Schema):
    """An object in an object."""

    street = fields.Str(required=True)


def learned(app: Flask) -> dict[str, Takes]:
    """Return what is learned of an app, by event."""
    event_map = discover(app)

    def ask(step: Step) -> Any:
        event = event_map.get(step.event)
        assert event is not None
        try:
            return Client(app).open(**http_request(step, event.method, event.rule)).get_json(silent=True)
        except Exception:
            return None

    return {event.event: learn(app, event, ask) for event in event_map}


def by_name(some: tuple[Field, ...]) -> dict[str, Field]:
    return {field.name: field for field in some}


def post(view: Callable[[], Any]) -> dict[str, Field]:
    """Return the body that is learned of ``POST /coaches`` with this view."""
    app = Flask("app")
    app.add_url_rule("/coaches", "coaches", view, methods=["POST"])
    return by_name(learned(app)["new_coach"].body)


def test_a_schema_that_loads_the_body_is_read_field_by_field() -> None:
    """Kinds, bounds, choices, data keys, what may be null, what is required; not what is only dumped."""
    schema = CoachSchema()
    found = post(lambda: {"got": schema.load(request.get_json())})
    assert set(found) == {"name", "age", "level", "e-mail", "born", "tags", "address"}
    assert found["name"] == Field(
        "name", "string", required=True, min_length=2, max_length=60, pattern="[A-Z].*", source="schema"
    )
    assert (found["age"].kind, found["age"].min, found["age"].max) == ("integer", 18, 80)
    assert (found["level"].choices, found["level"].nullable) == (("new", "old"), True)
    assert [found[name].kind for name in ("e-mail", "born", "tags", "address")] == ["email", "date", "list", "object"]
    assert found["tags"].items == Field("tags", "string", source="schema")
    assert found["address"].fields == (Field("street", "string", required=True, source="schema"),)


def test_a_partial_load_requires_nothing() -> None:
    """What PATCH loads partially may be left out."""
    schema = CoachSchema()
    app = Flask("app")

    @app.patch("/coaches/<int:id>")
    def coach(id: int) -> Any:
        return {"got": schema.load(request.get_json(), partial=True), "id": id}

    assert not any(field.required for field in learned(app)["update_coach"].body)


def test_a_schema_is_known_although_nobody_is_let_in() -> None:
    """Where the view refuses who asks, its source still says which schema it would load."""
    schema = CoachSchema()

    def view() -> Any:
        if request.args.get("token") != "secret":
            return {"error": "no"}, 401
        return {"got": schema.load(request.get_json())}

    assert by_name_kind(post(view))["age"] == "integer"


def by_name_kind(found: dict[str, Field]) -> dict[str, str]:
    return {name: field.kind for name, field in found.items()}


def test_keys_are_read_from_the_source() -> None:
    """``data["x"]`` must be there, ``data.get("x")`` and ``"x" in data`` need not; helpers are followed."""

    def helper(data: Any) -> Any:
        return data["from_helper"]

    def view() -> Any:
        body = request.get_json()
        if "maybe" in body:
            body.get("other")
        return {"got": body["needed"], "more": helper(body)}

    found = post(view)
    assert {name: field.required for name, field in found.items()} == {
        "needed": True, "maybe": False, "other": False, "from_helper": True,
    }  # fmt: skip


def test_a_query_is_read_from_the_source() -> None:
    """``request.args`` says which names a GET looks up."""
    app = Flask("app")

    @app.get("/coaches")
    def coaches() -> Any:
        return [request.args.get("page"), request.args["sort"]]

    assert {one.name: one.required for one in learned(app)["get_coaches"].query} == {"page": False, "sort": True}


def test_arguments_of_reqparse_are_heard() -> None:
    """Types, choices and lists, by where they are looked for."""
    parser = reqparse.RequestParser()
    parser.add_argument("age", type=int, required=True, location="json")
    parser.add_argument("level", choices=("new", "old"), location="json")
    parser.add_argument("tags", action="append", location="json")
    parser.add_argument("page", type=int, location="args")

    class Coaches(Resource):
        def post(self) -> Any:
            return parser.parse_args()

    app = Flask("app")
    Api(app).add_resource(Coaches, "/coaches")
    takes = learned(app)["new_coach"]
    found = by_name(takes.body)
    assert (found["age"].kind, found["age"].required, found["age"].source) == ("integer", True, "parser")
    assert found["level"].choices == ("new", "old")
    assert found["tags"].kind == "list"
    assert [(one.name, one.kind) for one in takes.query] == [("page", "integer")]


def test_columns_tell_what_a_row_takes() -> None:
    """``for key in data: setattr(row, key, data[key])`` takes every column of the models that the view names."""
    app = Flask("app")
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite://"
    db = SQLAlchemy(app)

    class Team(db.Model):  # type: ignore[name-defined,misc]
        id = db.Column(db.Integer, primary_key=True)

    class Coach(db.Model):  # type: ignore[name-defined,misc]
        id = db.Column(db.Integer, primary_key=True)
        name = db.Column(db.String(60), nullable=False, unique=True)
        bio = db.Column(db.String)
        team_id = db.Column(db.ForeignKey("team.id"), nullable=False)
        active = db.Column(db.Boolean, nullable=False, default=True)

    @app.patch("/coaches/<int:id>")
    def coach(id: int) -> Any:
        row, data = db.session.get(Coach, id), request.get_json()
        for key in data:
            setattr(row, key, data[key])
        return {}

    del Team
    takes = learned(app)["update_coach"]
    found = by_name(takes.body)
    assert set(found) == {"name", "bio", "team_id", "active"}
    assert (found["name"].required, found["name"].unique, found["name"].max_length) == (True, True, 60)
    assert (found["bio"].required, found["bio"].nullable) == (False, True)
    assert found["team_id"].table == "team"
    assert found["active"].required is False
    assert takes.tables == ("coach",)
    assert takes.params == (Field("id", "integer", required=True, min=0, table="coach"),)


def test_converters_tell_what_a_path_takes() -> None:
    """int with its bounds, any with its choices, uuid, text."""
    app = Flask("app")
    rule = "/a/<int(min=2,max=9):number>/<any(up,down):way>/<uuid:key>/<name>"
    app.add_url_rule(rule, "a", lambda **_: "")
    [takes] = learned(app).values()
    number, way, key, name = takes.params
    assert (number.kind, number.min, number.max) == ("integer", 2, 9)
    assert way.choices == ("down", "up")
    assert (key.kind, name.kind) == ("uuid", "string")


def test_a_view_that_cannot_be_read_gives_less_knowledge_and_no_error() -> None:
    """A view without source, one that always raises, a schema that cannot be looked into."""
    app = Flask("app")
    app.add_url_rule("/plain", "plain", eval("lambda: 'x'"), methods=["POST"])
    app.add_url_rule("/raising", "raising", lambda: 1 / 0, methods=["POST"])
    assert {takes.body for takes in learned(app).values()} == {()}


def test_hooks_are_taken_out_again() -> None:
    """Afterwards marshmallow and reqparse are as they were."""
    before = (Schema.load, Schema.validate, reqparse.RequestParser.parse_args)
    post(lambda: CoachSchema().load(request.get_json()))
    assert (Schema.load, Schema.validate, reqparse.RequestParser.parse_args) == before
