"""Exercise moves, which can be filtered by what they train."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, make_response, request
from flask_restful import Resource
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError

from sample_app.server.db import db
from sample_app.server.models import ExerciseMove, assign
from sample_app.server.schemas import exercise_move_schema, exercise_moves_schema

NAME_TAKEN = {"error": "There is a move of this name already."}


class ExerciseMoves(Resource):
    """All moves, or with ``?focus=Legs`` those for one part of the body."""

    def get(self) -> Response:
        query = ExerciseMove.query.order_by(ExerciseMove.id)
        focus = request.args.get("focus")
        if focus:
            query = query.filter_by(focus=focus)
        return make_response(jsonify(exercise_moves_schema.dump(query.all())), 200)

    def post(self) -> tuple[dict[str, Any], int]:
        try:
            move = ExerciseMove(**exercise_move_schema.load(request.json))
        except ValidationError as error:
            return {"errors": error.messages}, 422
        db.session.add(move)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            return NAME_TAKEN, 409
        return exercise_move_schema.dump(move), 201


class ExerciseMoveById(Resource):
    """One move."""

    def get(self, id: int) -> Response:
        move = ExerciseMove.query.filter_by(id=id).first()
        if not move:
            return make_response({"error": "Exercise move not found"}, 404)
        return make_response(exercise_move_schema.dump(move), 200)

    def patch(self, id: int) -> tuple[dict[str, Any], int]:
        move = db.get_or_404(ExerciseMove, id)
        try:
            assign(move, exercise_move_schema.load(request.json, partial=True))
            db.session.commit()
        except ValidationError as error:
            return {"errors": error.messages}, 422
        except IntegrityError:
            db.session.rollback()
            return NAME_TAKEN, 409
        return exercise_move_schema.dump(move), 200

    def delete(self, id: int) -> tuple[dict[str, Any], int]:
        move = db.get_or_404(ExerciseMove, id)
        db.session.delete(move)
        db.session.commit()
        return {}, 200
