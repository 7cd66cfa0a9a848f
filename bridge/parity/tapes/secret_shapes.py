"""What a credential looks like: the names that it goes by, and the shapes that it has under any other name.

Wrong guesses are not alike: a value too many makes a tape a little poorer, a value too few is a leak.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

PLACEHOLDER = re.compile(r"\$secret:\d+")

#: Found anywhere in a name that is written without its case and its ``_`` and ``-``.
_PARTS = (
    *("password", "passwd", "passphrase", "passcode", "secret", "token", "credential", "authoriz", "bearer", "cookie"),
    *("apikey", "privatekey", "accesskey", "signingkey", "encryptionkey", "sshkey", "csrf", "xsrf", "sessionid"),
    *("sessionkey", "cardnumber", "creditcard", "debitcard", "ccnumber", "cardno", "securitycode", "accountnumber"),
    *("routingnumber", "verificationcode", "resetcode", "authcode", "onetimecode", "backupcode", "recoverycode"),
    *("socialsecurity", "signature", "privkey", "mnemonic", "seedphrase"),
)
#: Found as a whole word only: ``pin`` is one, ``shipping`` is none.
_WORDS = frozenset(
    [
        *("pass", "pwd", "pw", "auth", "jwt", "otp", "totp", "hotp", "pin", "cvv", "cvc", "cvn", "cvv2", "cvc2"),
        *("pan", "ssn", "iban", "mfa", "salt", "nonce", "hmac", "sig", "sid"),
    ]
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMED = (
    r"(?:password|passwd|passphrase|passcode|pwd|secret|[\w-]{0,40}token|api[_-]?key|access[_-]?key|private[_-]?key|"
    r"credentials?|otp|pin|cvv|cvc)"
)

#: Each has the secret in its last group, so that what stands before it stays readable.
_SHAPES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (r"(-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$))", 0),
        (r"\b(?:bearer|basic|digest|negotiate)\s+([\w.~+/=-]{6,})", re.I),
        (rf"\b{_NAMED}[\"']?\s*[:=]\s*[\"']?([^\s\"'&,;<>{{}}]+)", re.I),
        (r"://[^\s/:@]*:([^\s/@]+)@", 0),
        (r"(?<![\w-])(eyJ[\w-]{5,}\.[\w-]+(?:\.[\w-]*){0,3})", 0),
        (r"(?<![\w.-])(\.?[\w-]{6,}\.[\w-]{6}\.[\w-]{20,})(?![\w-])", 0),
        (r"(?<![\w-])((?:sk|pk|rk)_(?:live|test)_\w{8,}|gh[pousr]_\w{20,}|xox[a-z]-[\w-]{10,})", 0),
        (r"(?<![\w-])(AKIA[0-9A-Z]{16}|AIza[\w-]{30,}|SG\.[\w-]{10,}\.[\w-]{10,})", 0),
        (r"(?<![\w])(\$(?:2[abxy]|argon2\w*|scrypt|pbkdf2[\w-]*|[156])\$[\w./+,=$-]{8,})", 0),
        (r"(?<![\w])((?:pbkdf2|scrypt):[\w:]+\$[\w./+-]+\$[\w./+=-]+)", 0),
        (r"(?<![0-9A-Za-z])([0-9A-Fa-f]{32,})(?![0-9A-Za-z])", 0),
    )
)
_OPAQUE = re.compile(r"(?<![\w+/=-])([\w+/-]{32,}={0,2})(?![\w+/=-])")
_CARD = re.compile(r"(?<![\d.])([2-6](?:[ -]?\d){12,18})(?![\d.])")


def is_credential_name(name: str) -> bool:
    """True where what goes by this name is a credential: ``newPassword``, ``X-CSRF-Token``, ``pin``."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    if any(part in plain for part in _PARTS):
        return True
    words = {word.lower() for word in _WORD.findall(name)}
    return not words.isdisjoint(_WORDS) or plain in _WORDS


def secrets_in(text: str) -> Iterator[str]:
    """Yield what has the shape of a credential: JWTs, bearer strings, signed cookies, keys, long hex, card numbers."""
    for shape in _SHAPES:
        yield from (match[1] for match in shape.finditer(text))
    yield from (match[1] for match in _OPAQUE.finditer(text) if _is_mixed(match[1]))
    yield from (match[1] for match in _CARD.finditer(text) if is_card_number(match[1]))


def is_card_number(text: str) -> bool:
    """True for 13 to 19 digits with a right check digit (ISO/IEC 7812) and the first digit of a card."""
    digits = [int(letter) for letter in text if letter.isdigit()]
    if not 13 <= len(digits) <= 19 or not 2 <= digits[0] <= 6:
        return False
    doubled = [digit * 2 - 9 if digit > 4 else digit * 2 for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_mixed(text: str) -> bool:
    """True unless it may be words: ``a-long-slug-of-an-article-from-2024`` has no upper case, a path has no digits."""
    kinds = (str.islower, str.isupper, str.isdigit)
    return "." not in text and all(any(kind(letter) for letter in text) for kind in kinds)
