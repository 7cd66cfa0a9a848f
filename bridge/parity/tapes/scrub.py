"""Takes credentials out of what is recorded, before anything reaches the disk.

Each is replaced by a placeholder, ``$secret:3``, the same for the same value, so that a token that an answer gave and a
later request sent can still be told to be one. The numbers are given in the order in which values are met: nothing
can be worked back from them, unlike from a digest of a password.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from bridge.parity.tapes.secret_shapes import (
    PLACEHOLDER,
    is_card_number,
    is_credential_name,
    secrets_in,
)

#: Shorter ones are replaced where they stand only, not where the same letters happen to stand within other text.
_SHORT = 4
_PLAIN_NAME = re.compile(r"[A-Za-z_]+")


class Scrubber:
    """Knows the placeholder of each credential that it has met; not to be used by two threads at once."""

    def __init__(self, allow: Collection[str] = (), also: Collection[str] = ()) -> None:
        """``allow`` are names whose values are no credentials, whatever they look like; ``also`` those that are."""
        self._allowed = frozenset(map(_plain, allow))
        self._also = frozenset(map(_plain, also))
        self._key = secrets.token_bytes(32)  # so that not even the memory of a recorder holds a password for long
        self._numbers: dict[bytes, int] = {}

    def scrubbed(self, *values: Any) -> list[Any]:
        """Return JSON values that belong together, a request and its answer, without credentials.

        What is a credential in one of them is taken out of all: a password that an error message repeats.
        """
        found = {text for value in values for text in self._found(value, "")}
        inside = sorted((text for text in found if len(text) >= _SHORT), key=len, reverse=True)
        return [self._cleaned(value, "", found, inside) for value in values]

    def text(self, text: str) -> str:
        """Return text, of a path say, without what has the shape of a credential."""
        return str(self.scrubbed(text)[0])

    def is_credential(self, name: str) -> bool:
        """True where what goes by this name is taken out."""
        return _plain(name) in self._also or (not self.allows(name) and is_credential_name(name))

    def allows(self, name: str) -> bool:
        """True where what goes by this name is let through as it is."""
        return _plain(name) in self._allowed

    def placeholder(self, text: str) -> str:
        """Return what stands for a credential; the number 3 and the text "3" are the same one."""
        digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()
        return f"$secret:{self._numbers.setdefault(digest, len(self._numbers) + 1)}"

    # -- finding ----------------------------------------------------------------------------------

    def _found(self, value: Any, name: str) -> Iterator[str]:
        """Yield each credential in a value that goes by ``name``."""
        if self.is_credential(name):
            yield from _leaves(value)
        elif isinstance(value, dict):
            for key, item in value.items():
                yield from secrets_in(key)
                yield from self._found(item, key)
        elif isinstance(value, list):
            for item in value:
                yield from self._found(item, name)
        elif isinstance(value, str) and not self.allows(name):
            yield from self._found_in_text(value)
        elif _is_number(value) and not self.allows(name) and is_card_number(str(value)):
            yield str(value)

    def _found_in_text(self, text: str) -> Iterator[str]:
        inner = _json_in(text)
        if inner is not None:
            yield from self._found(inner, "")
        yield from secrets_in(text)
        yield from PLACEHOLDER.findall(text)  # somebody else's, or a client's that plays tricks

    # -- replacing --------------------------------------------------------------------------------

    def _cleaned(self, value: Any, name: str, found: Collection[str], inside: list[str]) -> Any:
        if self.is_credential(name):
            return _with_leaves(value, self.placeholder, lambda key: self._key_of(key, inside))
        if isinstance(value, dict):
            return {self._key_of(key, inside): self._cleaned(item, key, found, inside) for key, item in value.items()}
        if isinstance(value, list):
            return [self._cleaned(item, name, found, inside) for item in value]
        if isinstance(value, str):
            return self._cleaned_text(value, found, inside)
        is_secret = _is_number(value) and len(str(value)) >= _SHORT and str(value) in found
        return self.placeholder(str(value)) if is_secret else value

    def _cleaned_text(self, text: str, found: Collection[str], inside: list[str]) -> str:
        inner = _json_in(text)
        if inner is not None:
            clean = self._cleaned(inner, "", found, inside)
            if clean != inner:
                return json.dumps(clean)
        if text in found and len(text) >= _SHORT:
            return self.placeholder(text)
        return self._replaced(text, inside)

    def _key_of(self, key: str, inside: list[str]) -> str:
        """Return a key of an object; a password that is a plain word may well be a field's name too."""
        return self._replaced(key, [one for one in inside if not _PLAIN_NAME.fullmatch(one)])

    def _replaced(self, text: str, inside: Iterable[str]) -> str:
        """Return text with placeholders for credentials within it; none is looked for within a placeholder."""
        present = [re.escape(secret) for secret in inside if secret in text]
        if not present:
            return text
        return re.sub("|".join(present), lambda match: self.placeholder(match[0]), text)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secrets_in(key)
            yield from _leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item)
    elif value is not None and value != "" and not isinstance(value, bool):
        yield str(value)


def _with_leaves(value: Any, change: Callable[[str], str], key_of: Callable[[str], str]) -> Any:
    """Return a value with its leaves replaced, but for null, true, false and "", which give nothing away."""
    if isinstance(value, dict):
        return {key_of(key): _with_leaves(item, change, key_of) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_leaves(item, change, key_of) for item in value]
    return value if value is None or value == "" or isinstance(value, bool) else change(str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _json_in(text: str) -> Any:
    """Return the object, list or text in quotes that a text is as JSON, else None."""
    if text.lstrip()[:1] not in ("{", "[", '"'):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
