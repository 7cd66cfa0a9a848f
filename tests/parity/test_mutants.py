"""Faults that were planted in the bridge and in native handlers are found within a minute, in at most three steps."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bridge.parity.options import Options
from bridge.parity.result import NATIVE, Result
from bridge.parity.run import run
from tests.parity.conftest import LOGINS, SOURCE, environ
from tests.parity.mutants import bridge_faults, native_faults

SECONDS, STEPS = 60.0, 3
LEDGER = "tests.parity.mutants.ledger:app"
#: The sample never takes back what it has written.
ROLLED_BACK = {"pushed_after_a_rollback"}
_SETUP = "tests.parity.mutants.bridge_faults"


def found(result: Result) -> None:
    """Assert that a run ended with a mismatch, and that it is short."""
    assert result.mismatches
    assert result.seconds < SECONDS
    assert max(len(one.steps) for one in result.mismatches) <= STEPS


@pytest.mark.parametrize("name", bridge_faults.FAULTS)
def test_a_fault_of_the_bridge_is_found(name: str, seeded: Mapping[str, str]) -> None:
    """The bridged Resource differs from HTTP where the bridge has a fault."""
    source = LEDGER if name in ROLLED_BACK else "sample_app.server.bridged:app"
    options = Options(
        source,
        surface="bridge",
        budget=SECONDS,
        logins=() if source == LEDGER else LOGINS,
        setup=_SETUP,
        environ={**seeded, "PARITY_FAULT": name},
        stops_at_first=True,
    )
    found(run(options))


@pytest.mark.parametrize("name", native_faults.FAULTS)
def test_a_fault_of_a_native_handler_is_found(name: str, own_native_sample: Path) -> None:
    """The native handler differs from HTTP where it has a fault, and the Resource behind the event does not."""
    fault = native_faults.FAULTS[name]
    file = own_native_sample / "sample_app" / "server" / "resources" / f"{fault.file}.py"
    before, after, handler = file.read_text(encoding="utf-8").partition(fault.after)
    assert fault.old in handler
    file.write_text(before + after + handler.replace(fault.old, fault.new, 1), encoding="utf-8")
    result = run(
        Options(
            SOURCE,
            app_dir=str(own_native_sample),
            budget=SECONDS,
            logins=LOGINS,
            environ=environ(own_native_sample),
            stops_at_first=True,
        )
    )
    found(result)
    assert {one.surface for one in result.mismatches} == {NATIVE}
