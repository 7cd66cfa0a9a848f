"""Tells by a file that some requests were answered: a test then knows that a run is under way."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import Any

from flask import request_finished

_ENOUGH = 300
_numbers = count(1)


def _tell(_sender: Any, **_more: Any) -> None:
    if next(_numbers) == _ENOUGH:
        Path(os.environ["TOLD"]).touch()


request_finished.connect(_tell, weak=False)
