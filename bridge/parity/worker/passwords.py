"""Password hashes that cost little: slow on purpose, they would be most of a run's time.

New hashes are made with few rounds. A stored hash that was made with many is really checked with the passwords that
the run was told, and with all others by a stand-in: a digest of the same arguments, which agrees with itself, so that
a password whose hash was made in this process is let in, and an unknown one is refused as it would be.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import os
import re
from collections.abc import Callable, Collection
from typing import Any

_CHEAP = "scrypt:256:8:1"  # below 128 the limit of memory that Werkzeug sets is too small
"""Werkzeug's own is scrypt:32768:8:1, 50 ms; the method stands in each hash, so that all are checked as made."""
_MOST_SCRYPT, _MOST_PBKDF2, _LEAST_BCRYPT = 1024, 1000, 4
_KEPT = 512
_BCRYPT = re.compile(rb"(\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{22}).*", re.DOTALL)

Told = Collection[str] | None
"""The passwords that stored hashes are really checked with; None: all."""


def hash_quickly(told: Told) -> None:
    """Take over from Werkzeug and bcrypt, before the app is imported."""
    from werkzeug import security

    security.generate_password_hash.__defaults__ = (_CHEAP, 16)
    hashlib.scrypt = _remembered(hashlib.scrypt)
    hashlib.pbkdf2_hmac = _remembered(hashlib.pbkdf2_hmac)
    if told is not None:
        security._hash_internal = _standing_in(security._hash_internal, frozenset(told))
    try:
        import bcrypt
    except ImportError:
        return
    bcrypt.gensalt = _gensalt
    hashpw = _remembered(bcrypt.hashpw)
    bcrypt.hashpw = hashpw if told is None else _bcrypt_standing_in(hashpw, frozenset(told))
    bcrypt.checkpw = lambda password, hashed_password: bcrypt.hashpw(password, hashed_password) == hashed_password


def _standing_in(original: Callable[..., tuple[str, str]], told: frozenset[str]) -> Callable[..., tuple[str, str]]:
    """Return Werkzeug's function from method, salt and password to the hash and the method in full."""

    def hashed(method: str, salt: str, password: str) -> tuple[str, str]:
        in_full = _in_full(method)
        size = 0 if password in told else _costly_size(in_full)
        if not size:
            return original(method, salt, password)
        digest = hashlib.shake_256(f"{in_full}${salt}${password}".encode())
        return digest.hexdigest(size), in_full

    return hashed


def _in_full(method: str) -> str:
    """Return a method with the arguments that Werkzeug takes where they are left out."""
    from werkzeug.security import DEFAULT_PBKDF2_ITERATIONS

    match method.split(":"):
        case ["scrypt"]:
            return "scrypt:32768:8:1"
        case ["pbkdf2"]:
            return f"pbkdf2:sha256:{DEFAULT_PBKDF2_ITERATIONS}"
        case ["pbkdf2", name]:
            return f"pbkdf2:{name}:{DEFAULT_PBKDF2_ITERATIONS}"
    return method


def _costly_size(method: str) -> int:
    """Return the bytes of a hash by a slow method; 0 for all others, and for what is none."""
    match method.split(":"):
        case ["scrypt", cost, _, _] if cost.isdecimal() and int(cost) > _MOST_SCRYPT:
            return 64
        case ["pbkdf2", name, rounds] if rounds.isdecimal() and int(rounds) > _MOST_PBKDF2:
            return hashlib.new(name).digest_size if name in hashlib.algorithms_available else 0
    return 0


def _bcrypt_standing_in(original: Callable[..., bytes], told: frozenset[str]) -> Callable[..., bytes]:
    def hashpw(password: bytes, salt: bytes) -> bytes:
        parts = _BCRYPT.match(salt)
        if parts is None or int(parts[2]) <= _LEAST_BCRYPT or password.decode("utf-8", "replace") in told:
            return original(password, salt)
        digest = hashlib.sha256(parts[1] + b"$" + password).digest()
        return parts[1] + base64.b64encode(digest, b"./")[:31]

    return hashpw


def _remembered(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a slow, pure function that keeps what it came to."""
    kept = functools.lru_cache(_KEPT)(function)

    @functools.wraps(function)
    def remembered(*args: Any, **kwargs: Any) -> Any:
        try:
            return kept(*args, **kwargs)
        except TypeError:  # an argument that cannot be a key, a bytearray say
            return function(*args, **kwargs)

    return remembered


def _gensalt(rounds: int = 12, prefix: bytes = b"2b") -> bytes:
    """Return a salt made from our dice, as bcrypt's own come from Rust; 4 rounds are the fewest that it takes."""
    del rounds
    salt = base64.b64encode(os.urandom(16))[:22].replace(b"+", b".").decode()
    return f"${prefix.decode()}$04${salt}".encode()
