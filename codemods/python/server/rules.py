"""The rules of ``fetch2socket server``: what a method needs to become a handler (docs/server.md)."""

from __future__ import annotations

from msgspec import Struct

RESOURCE_METHOD = "resource_method"
JSON_BODY = "json_body"
RESOURCE_SELF = "resource_self"
INHERITED_METHOD = "inherited_method"
INIT_APP = "init_app"
REMOVE_RESOURCE = "remove_resource"


class Rule(Struct, frozen=True):
    """A rule by its name, which is its name everywhere, and what it does."""

    name: str
    sentence: str


RULES = (
    Rule(RESOURCE_METHOD, "A Resource's method becomes a native handler below its class; its body stays line by line."),
    Rule(JSON_BODY, "The same, and the handler takes the JSON body, where the method reads that before all else."),
    Rule(RESOURCE_SELF, "The same, for a method that uses self: the class, or an instance of the handler's own."),
    Rule(INHERITED_METHOD, "The same, for a method that a base Resource of the same file defines."),
)
WHOLE_APP = (
    Rule(INIT_APP, "--init: the app gets its bridge, and is started with sockets."),
    Rule(REMOVE_RESOURCE, "--remove: a Resource's method that has its native handler goes, with what only it needed."),
)
"""What is done to an app at once, and cannot be chosen by --only or --skip."""
