"""Makes a process repeatable: clocks stand still, and random numbers, salts and uuids depend on the step alone.

All surfaces then store the same times and hashes. What a database or a C library draws by itself stays as it is;
the second run of the control finds that.
"""

from __future__ import annotations

import os
import random
import sys
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from bridge.parity.worker.passwords import Told, hash_quickly

START = datetime(2026, 3, 4, 10, 30, tzinfo=UTC)
"""The time at the beginning of each sequence; a step takes a second."""


class Stillness:
    """The clock and the dice of this process; ``begin(number)`` puts them where step ``number`` has them."""

    def __init__(self, seed: int, passwords: Told = None) -> None:
        self._seed = seed
        self._passwords = passwords
        self._dice = random.Random(seed)
        self._clock: Any = None
        self._number = 0

    def install(self) -> None:
        """Take over, before the app is imported: it may keep functions that it imports by name."""
        import time_machine

        os.urandom = self._bytes
        random._urandom = self._bytes  # type: ignore[attr-defined]  # what random.SystemRandom and secrets call
        uuid._UuidCreate = uuid._generate_time_safe = None  # type: ignore[attr-defined]  # uuid1 by Python, not by C
        uuid._last_timestamp = None  # type: ignore[attr-defined]
        uuid.getnode = lambda: 0x_02_00_5E_10_00_00
        hash_quickly(self._passwords)
        self._clock = time_machine.travel(START, tick=False).start()
        self.begin(0)

    def begin(self, number: int) -> None:
        """Start a step: its position in its sequence decides what it draws, so that it draws the same when repeated."""
        self._number = number
        self._clock.move_to(START + timedelta(seconds=number), tick=False)
        self.roll()

    def roll(self) -> None:
        """Take up the dice of this step anew: whoever made the request, a client or a connection, has drawn too."""
        seed = self._seed * 100_003 + self._number
        self._dice.seed(seed)
        random.seed(seed)
        for name, module in (("numpy.random", sys.modules.get("numpy.random")), ("faker", sys.modules.get("faker"))):
            if module is not None:
                (module.seed if name == "numpy.random" else module.Faker.seed)(seed % 2**32)

    def _bytes(self, size: int) -> bytes:
        return self._dice.randbytes(size)
