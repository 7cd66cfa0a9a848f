"""A state machine of Hypothesis whose calls are asked on all surfaces: write rules that make sense in your app."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis.stateful import RuleBasedStateMachine

from bridge.parity.conversation import Conversation, laboratories
from bridge.parity.ignoring import ignores_of
from bridge.parity.observation import Observation
from bridge.parity.options import Options
from bridge.parity.steps import ABSENT


class ParityMachine(RuleBasedStateMachine):
    """Subclass it, name the app in ``source``, and write rules that call ``self.post("/coaches", json=...)`` and so on.

    ``TestStudio = Studio.TestCase`` makes a test of the class ``Studio``. Each example begins with the rows of the
    database as they are; a call that is answered otherwise on some surface fails with the mismatch in full.
    """

    source: ClassVar[str] = ""
    app_dir: ClassVar[str] = "."
    logins: ClassVar[tuple[str, ...]] = ()
    setup: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        told = Options(self.source, self.app_dir, logins=self.logins, setup=self.setup)
        self.parity = Conversation(laboratories.of(told), ignores_of(type(self)))

    def get(self, path: str, **more: Any) -> Observation:
        """Ask a GET on all surfaces."""
        return self.parity.get(path, **more)

    def post(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a POST on all surfaces."""
        return self.parity.post(path, json, **more)

    def put(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a PUT on all surfaces."""
        return self.parity.put(path, json, **more)

    def patch(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a PATCH on all surfaces."""
        return self.parity.patch(path, json, **more)

    def delete(self, path: str, json: Any = ABSENT, **more: Any) -> Observation:
        """Ask a DELETE on all surfaces."""
        return self.parity.delete(path, json, **more)
