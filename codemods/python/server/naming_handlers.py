"""What a handler is called: as its event, unless the file uses that name for something else."""

from __future__ import annotations

import keyword
import re


def handler_name(event: str, taken: set[str]) -> str:
    """Return a free name for a handler, which is taken from then on."""
    base = re.sub(r"\W", "_", event).lstrip("_") or "handler"
    base = f"event_{base}" if base[0].isdigit() else base
    candidates = [base, f"on_{base}", f"{base}_event", *(f"{base}_event_{number}" for number in range(2, 1000))]
    found = next(one for one in candidates if one not in taken and not keyword.iskeyword(one))
    taken.add(found)
    return found
