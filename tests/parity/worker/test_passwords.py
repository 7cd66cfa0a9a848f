"""Slow hashes cost little in a worker, and still tell a right password from a wrong one."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from werkzeug import security

from bridge.parity.worker.passwords import Told, hash_quickly

_SLOW = "scrypt:32768:8:1"


class Counted:
    """``hashlib.scrypt``, and how often it was called with what makes it slow."""

    def __init__(self, original: object) -> None:
        self.original = original
        self.slow = 0

    def __call__(self, *args: object, **more: object) -> object:
        self.slow += more["n"] > 1024  # type: ignore[operator]
        return self.original(*args, **more)  # type: ignore[operator]


@pytest.fixture
def scrypt(monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """The functions that ``hash_quickly`` replaces, put back afterwards; returns what counts slow hashes."""
    defaults = security.generate_password_hash.__defaults__
    counted = Counted(hashlib.scrypt)
    monkeypatch.setattr(security, "_hash_internal", security._hash_internal)
    monkeypatch.setattr(hashlib, "scrypt", counted)
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", hashlib.pbkdf2_hmac)
    monkeypatch.setitem(sys.modules, "bcrypt", fake_bcrypt())
    yield counted
    security.generate_password_hash.__defaults__ = defaults


def fake_bcrypt() -> ModuleType:
    """Return a module with the names of bcrypt, whose hashes end with the password."""
    module = ModuleType("bcrypt")
    module.hashpw = lambda password, salt: salt[:29] + password.ljust(31, b".")  # type: ignore[attr-defined]
    module.gensalt = lambda rounds=12, prefix=b"2b": b"unused"  # type: ignore[attr-defined]
    return module


@pytest.fixture(scope="module")
def stored() -> str:
    """A hash of "right" that was made elsewhere."""
    return security.generate_password_hash("right", _SLOW)


@pytest.mark.parametrize("told", [None, ("right",)])
def test_a_told_password_is_really_checked(told: Told, scrypt: Counted, stored: str) -> None:
    """What a run logs in with is let in, once it was computed; the second time it is remembered."""
    hash_quickly(told)
    assert security.check_password_hash(stored, "right")
    assert security.check_password_hash(stored, "right")
    assert scrypt.slow == 1


def test_another_password_is_refused_at_once(scrypt: Counted, stored: str) -> None:
    """A password that nobody told is refused, without the work; all are checked where none is left out."""
    hash_quickly(("right",))
    assert not security.check_password_hash(stored, "wrong")
    assert scrypt.slow == 0


def test_without_a_list_all_are_checked(scrypt: Counted, stored: str) -> None:
    """Calls written by hand may use any password."""
    hash_quickly(None)
    assert not security.check_password_hash(stored, "wrong")
    assert scrypt.slow == 1


@pytest.mark.parametrize(
    ("method", "in_full", "size"),
    [
        (_SLOW, _SLOW, 128),
        ("scrypt", _SLOW, 128),
        ("pbkdf2", "pbkdf2:sha256:1000000", 64),
        ("pbkdf2:sha512", "pbkdf2:sha512:1000000", 128),
        ("pbkdf2:sha256:600000", "pbkdf2:sha256:600000", 64),
    ],
)
def test_a_slow_hash_made_here_is_checked_as_made(method: str, in_full: str, size: int, scrypt: Counted) -> None:
    """An app that asks for a slow method gets a hash of its form and length, which lets in its password alone."""
    hash_quickly(())
    made = security.generate_password_hash("mine", method)
    assert [made.split("$")[0], len(made.split("$")[2])] == [in_full, size]
    assert security.check_password_hash(made, "mine")
    assert not security.check_password_hash(made, "other")
    assert scrypt.slow == 0


def test_what_is_no_method_is_refused_as_ever(scrypt: Counted) -> None:
    """The error is Werkzeug's own."""
    del scrypt
    hash_quickly(())
    with pytest.raises(ValueError, match="Invalid hash method"):
        security.generate_password_hash("mine", "rot13:1")


def test_bcrypt_stands_in_for_many_rounds(scrypt: Counted) -> None:
    """Hashes with many rounds are made from a digest, but for the told ones; those with few are real."""
    del scrypt
    hash_quickly(("right",))
    bcrypt = sys.modules["bcrypt"]
    many, few = b"$2b$12$" + b"a" * 22, b"$2b$04$" + b"a" * 22
    real = b"right".ljust(31, b".")
    assert bcrypt.hashpw(b"right", many) == many + real
    assert bcrypt.hashpw(b"right", few) == few + real
    assert bcrypt.hashpw(b"other", few) == few + b"other".ljust(31, b".")
    made = bcrypt.hashpw(b"other", many)
    assert made.startswith(many)
    assert len(made) == 60
    assert not made.endswith(b"other".ljust(31, b"."))
    assert bcrypt.checkpw(b"other", made)
    assert not bcrypt.checkpw(b"another", made)
    assert bcrypt.gensalt(12).startswith(b"$2b$04$")
