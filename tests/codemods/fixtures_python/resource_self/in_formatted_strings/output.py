from flask import request
from flask_restful import Resource

from config import api, bridge


class Coaches(Resource):
    size = 20
    names = {"a": "b"}

    def shown(self, value, width=1):
        return str(value) * width

    # fmt: off
    def get(self):
        é = "self.size"
        return [
            f"{self.size} {self.size!r} {{self.size}} {self.size:>{self.size}}",
            f"é {é} {self.names['a']} {self.size if self.size != 2 else self.size}"
            f"{ self.names['a'] }",
            rf"\d{self.size}", f"\N{BULLET} {self.size}",
            "self.size" f"{self.size:{'>'}{self.size}}" "{self.size}",
        ]

    def post(self):
        text = f"""
    {request.json["name"]} is kept where it stands
        {self.shown(request.get_json()["name"], width=self.size)}: {'''
    as this is'''}
"""
        return f"{self.shown(text)!s:>10}", 201


# fmt: off
@bridge.event("get_coaches", replaces=("GET", "/coaches"))
def get_coaches():
    é = "self.size"
    return [
        f"{Coaches.size} {Coaches.size!r} {{self.size}} {Coaches.size:>{Coaches.size}}",
        f"é {é} {Coaches.names['a']} {Coaches.size if Coaches.size != 2 else Coaches.size}"
        f"{ Coaches.names['a'] }",
        rf"\d{Coaches.size}", f"\N{BULLET} {Coaches.size}",
        "self.size" f"{Coaches.size:{'>'}{Coaches.size}}" "{self.size}",
    ]


@bridge.event("new_coach", replaces=("POST", "/coaches"))
def new_coach(data):
    resource = Coaches()
    text = f"""
    {data["name"]} is kept where it stands
        {resource.shown(data["name"], width=Coaches.size)}: {'''
    as this is'''}
"""
    return f"{resource.shown(text)!s:>10}", 201


api.add_resource(Coaches, "/coaches")
