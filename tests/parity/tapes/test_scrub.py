"""No credential reaches a tape: by its name, by its shape, or because it stands elsewhere too."""

from __future__ import annotations

import base64
import json
import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.parity.tapes.ids import found_in
from bridge.parity.tapes.scrub import Scrubber
from bridge.parity.tapes.secret_shapes import is_card_number, is_credential_name
from bridge.parity.tapes.tape import Recorded

NAMES = [
    *("password", "newPassword", "_password_hash", "PASSWORD", "passwd", "user_pwd", "access_token", "refreshToken"),
    *("api_key", "apiKey", "X-API-Key", "client_secret", "csrf_token", "X-CSRF-Token", "Authorization", "cookie"),
    *(
        "pin",
        "otp",
        "cvv",
        "card_number",
        "cardNumber",
        "iban",
        "ssn",
        "jwt",
        "session_id",
        "private_key",
        "Set-Cookie",
    ),
    *("tokens", "credentials", "security_code", "backup_codes_token", "user[password]", "auth"),
]
HARMLESS = [
    "name",
    "shipping",
    "author",
    "authors",
    "spinning",
    "company",
    "email",
    "keyboard",
    "compass",
    "description",
]

LETTERS = string.ascii_letters + string.digits + "!#%*+.-_äß😀\"\\'<>&="
#: None of these is a piece of what a tape says anyway.
secrets = (
    st.text(LETTERS, min_size=8, max_size=40).map(lambda text: f"Zq9{text}").filter(lambda text: text == text.strip())
)
numbers = st.integers(10**9, 10**15)
scalars = st.none() | st.booleans() | st.integers(-1000, 1000) | st.text("abc déf", max_size=12)
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(HARMLESS), inner, max_size=3),
    max_leaves=8,
)


def nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return something that has ``inner`` somewhere in it."""
    return (
        inner
        | st.lists(inner, min_size=1, max_size=2)
        | st.builds(lambda key, value, other: {**other, key: value}, st.sampled_from(HARMLESS), inner, noise)
        | inner.map(json.dumps)
    )


noise = st.dictionaries(st.sampled_from(HARMLESS), json_values, max_size=3)


def around(value: Any) -> st.SearchStrategy[Any]:
    return nested(nested(nested(st.just(value))))


def line(*values: Any, scrubber: Scrubber | None = None) -> str:
    """Return what a tape would have of a request (params, body, headers) and its answer."""
    names = ("params", "body", "headers", "answer")
    params, body, headers, answer = [dict(zip(names, values, strict=False)).get(name) for name in names]
    parts = (scrubber or Scrubber()).scrubbed({"of": params}, body, {"of": headers}, {"id": answer})
    return (
        json.dumps(parts)
        + Recorded("r", 1, 0, "e", "POST", "/x", 200, parts[0], parts[1], parts[2], found_in(parts[3])).to_line()
    )


def is_in(secret: object, text: str) -> bool:
    """True where a secret is in a text, in any of the ways in which JSON in JSON may write it."""
    plain, seen = str(secret), text
    for _ in range(5):
        if plain in seen or json.dumps(plain)[1:-1] in seen:
            return True
        seen = seen.replace('\\"', '"').replace("\\\\", "\\")
        seen = json.loads(f'"{seen}"') if seen.isascii() and '"' not in seen and not seen.endswith("\\") else seen
    return False


@settings(max_examples=400, deadline=None)
@given(st.data(), st.sampled_from(NAMES), secrets | numbers, st.sampled_from(["params", "body", "headers", "answer"]))
def test_what_goes_by_a_credentials_name_is_in_no_line(data: st.DataObject, name: str, secret: Any, part: str) -> None:
    """Wherever it is: nested, in a list, in JSON within a string, alone or below the name."""
    below = data.draw(
        nested(st.just(secret)) if not isinstance(secret, str) else st.just(secret) | nested(st.just(secret))
    )
    planted = data.draw(around({name: below}))
    values = {one: planted if one == part else data.draw(noise) for one in ("params", "body", "headers", "answer")}
    assert not is_in(secret, line(*values.values()))


@settings(max_examples=200, deadline=None)
@given(st.data(), st.sampled_from(NAMES), secrets)
def test_what_repeats_a_credential_is_in_no_line(data: st.DataObject, name: str, secret: str) -> None:
    """An error message that quotes the password, an answer that has it under another name, a key that is it."""
    echo = data.draw(
        st.sampled_from([f"{secret} is too common", {"detail": [f"«{secret}»"]}, {"note": secret}, {f"x {secret}": 1}])
    )
    assert not is_in(secret, line({}, {name: secret}, {}, echo))
    assert not is_in(secret, line({"q": echo}, {}, {}, {name: secret}))
    assert not is_in(secret, line({"q": echo}, {"payload": json.dumps({name: [secret]})}))


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def luhn(body: str) -> str:
    return next(body + digit for digit in string.digits if is_card_number(body + digit))


word = st.text(string.ascii_letters + string.digits, min_size=24, max_size=60)
shaped = st.one_of(
    st.builds(lambda user, sig: f"eyJ{b64(b'x' * 12)}.{b64(user.encode())}.{sig}", word, word),
    word.map(lambda text: f"sk_live_{text}"),
    word.map(lambda text: f"ghp_{text}"),
    st.binary(min_size=16, max_size=64).map(lambda data: data.hex()),
    st.binary(min_size=30, max_size=60).map(b64).filter(lambda text: text.isalnum() and not text.isalpha()),
    st.builds(lambda text, salt: f"$2b$12${(text + salt)[:53]}", word, word),
    st.builds(lambda text, salt: f"scrypt:32768:8:1${salt}${text}", word, word),
    st.builds(lambda text, sig: f".{text}.{sig[:6]}.{sig[:24]}", word, word),
    st.builds(lambda first, rest: luhn(f"{first}{rest:014}"), st.sampled_from("3456"), st.integers(0, 10**14 - 1)),
)


@settings(max_examples=300, deadline=None)
@given(st.data(), shaped, st.sampled_from(["{}", "see {} there", "Bearer {}", "a={}&b=1", "“{}”", "\n{}\n"]))
def test_what_has_a_credentials_shape_is_in_no_line(data: st.DataObject, secret: str, around_it: str) -> None:
    """A JWT, a key, a hash, a signed cookie or a card number is told by itself, under any name and within text."""
    planted = data.draw(around(around_it.format(secret)))
    text = line(planted, data.draw(noise), {}, data.draw(around(secret)))
    assert not is_in(secret, text)


@settings(max_examples=100, deadline=None)
@given(secrets, st.sampled_from(["Bearer {}", "password={}&x=1", "my api_key: {}", "https://ann:{}@example.com/x"]))
def test_what_text_calls_a_credential_is_in_no_line(secret: str, text: str) -> None:
    """Text that names a credential gives it away as an object would: ``password=...``, ``Bearer ...``."""
    secret = "".join(letter for letter in secret if letter.isalnum() and letter.isascii()) + "xyzxyz"
    assert secret not in line({"note": text.format(secret)})


@given(noise)
def test_what_is_no_credential_stays_as_it_is(value: Any) -> None:
    """Names, numbers and texts of a call are replayed as they were."""
    assert Scrubber().scrubbed(value) == [value]


@pytest.mark.parametrize(
    "value",
    [
        {"id": 3, "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e", "slug": "a-long-article-about-nothing-in-2024"},
        {"email": "ann@example.com", "at": 1732600000000, "day": "2026-11-26T06:44:28+00:00", "price": 12.5},
        {"url": "https://example.com/some/rather/long/path/to/a/page?page=2", "phone": "+49 30 1234567"},
        {"password": None, "token": "", "is_token_valid": True},
    ],
)
def test_ids_dates_and_empty_values_are_no_credentials(value: Any) -> None:
    """What a replay needs is not taken away by being long; null and "" under a credential's name give nothing away."""
    assert Scrubber().scrubbed(value) == [value]


@given(secrets, secrets)
def test_the_same_credential_has_the_same_placeholder(one: str, other: str) -> None:
    """Two calls with one password can be told to have one; the placeholder depends on the order alone."""
    scrubber = Scrubber()
    first, second, third = (scrubber.scrubbed({"password": text})[0]["password"] for text in (one, other, one))
    assert first == third == "$secret:1"
    assert second == ("$secret:1" if one == other else "$secret:2")


def test_a_token_is_the_same_with_and_without_bearer() -> None:
    """A login's answer and the header of the calls behind it have one placeholder."""
    scrubber = Scrubber()
    assert scrubber.scrubbed({"access_token": "abcdef123"}) == [{"access_token": "$secret:1"}]
    assert scrubber.scrubbed({"note": "Bearer abcdef123"}) == [{"note": "Bearer $secret:1"}]
    assert scrubber.scrubbed({"pin": 1234}, {"pin": "1234"}) == [{"pin": "$secret:2"}, {"pin": "$secret:2"}]


def test_names_can_be_allowed_and_added() -> None:
    """``allow`` lets through by name, whatever the value looks like; ``also`` takes out."""
    scrubber = Scrubber(allow=["coupon_token", "etag"], also=["favourite colour"])
    value = {"couponToken": "A1", "etag": "0123456789abcdef" * 2, "favourite_colour": "green", "token": "x"}
    assert scrubber.scrubbed(value)[0] == {
        "couponToken": "A1",
        "etag": "0123456789abcdef" * 2,
        "favourite_colour": "$secret:1",
        "token": "$secret:2",
    }


def test_a_client_cannot_write_a_placeholder() -> None:
    """Text that looks like a placeholder is replaced by one of its own."""
    scrubber = Scrubber()
    scrubber.scrubbed({"password": "x"})
    assert scrubber.scrubbed({"name": "$secret:1"}) == [{"name": "$secret:2"}]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_credentials(name: str) -> None:
    """Credentials go by these names."""
    assert is_credential_name(name)


@pytest.mark.parametrize("name", [*HARMLESS, "id", "coach_id", "session", "passenger", "pinned", "authorName", "cards"])
def test_names_that_are_none(name: str) -> None:
    """These only look a little like it."""
    assert not is_credential_name(name)


@pytest.mark.parametrize("number", [4111111111111111, 5500005555555559])
def test_a_card_number_is_told_as_a_number_too(number: int) -> None:
    """Digits with a right check digit are taken out, whether they are text or a number."""
    assert Scrubber().scrubbed({"n": number}) == [{"n": "$secret:1"}]
    spaced = " ".join(str(number)[i : i + 4] for i in range(0, 16, 4))
    assert Scrubber().scrubbed({"n": spaced}) == [{"n": "$secret:1"}]
    assert Scrubber().scrubbed({"n": number + 1}) == [{"n": number + 1}]
