"""The rules of all commands and the codes of advice, by name, with where the documentation tells more."""

from __future__ import annotations

from importlib import import_module

from msgspec import Struct

_SERVER = "codemods.python.server.rules"
_CATALOGUES = (
    ("codemods.javascript.rules.catalogue", "RULES", "docs/codemods.md#rules---only---skip"),
    (_SERVER, "RULES", "docs/server.md#rules---only---skip"),
    (_SERVER, "WHOLE_APP", "docs/server-setup.md"),
    ("codemods.python.pyclient.rules", "RULES", "docs/pyclient.md#fetch2socket-pyclient"),
)

ADVISED = {
    "every_origin": "SocketIO takes pages of every web site, which would act with your users' cookies: name your own.",
    "leaks_exception": "An answer shows the text of an exception that was not written for the client.",
    "mass_assignment": "The client chooses which attributes are set: list the fields that it may.",
    "unchecked_key": "A key of the client's body is read that may be missing, which ends in a 500.",
}
"""What is kept as it is, and its author may want to change."""


class Word(Struct, frozen=True):
    """A rule: what it does, and the page that says more."""

    sentence: str
    page: str


def rules() -> dict[str, Word]:
    """Return every rule by its name."""
    found = ((rule, page) for module, name, page in _CATALOGUES for rule in getattr(import_module(module), name))
    return {rule.name: Word(rule.sentence, page) for rule, page in found}
