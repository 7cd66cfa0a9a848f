"""English plurals, as far as URL segments need them.

Event names must not change with a library's release, and the codemods compute them without any
dependency, so the few rules stand here; a name that comes out odd can be overridden (docs/events.md).
"""

from __future__ import annotations

_IRREGULAR = {
    "people": "person",
    "children": "child",
    "men": "man",
    "women": "woman",
    "mice": "mouse",
    "geese": "goose",
    "feet": "foot",
    "teeth": "tooth",
    "media": "medium",
    "criteria": "criterion",
    "indices": "index",
    "vertices": "vertex",
    "matrices": "matrix",
    "analyses": "analysis",
    "diagnoses": "diagnosis",
    "quizzes": "quiz",
    "axes": "axis",
}
_UNCOUNTABLE = frozenset(
    [
        "news",
        "series",
        "species",
        "data",
        "metadata",
        "information",
        "equipment",
        "feedback",
        "software",
        "hardware",
        "analytics",
        "physics",
        "mathematics",
        "sms",
        "gps",
        "dns",
        "css",
        "js",
        "aws",
        "https",
    ]
)
_IES_TO_IE = frozenset(
    [
        "movies",
        "cookies",
        "ties",
        "pies",
        "lies",
        "calories",
        "zombies",
        "selfies",
        "rookies",
        "hoodies",
        "brownies",
    ]
)
_CHES_TO_CHE = frozenset(["caches", "headaches", "niches", "avalanches", "moustaches"])
_VES_TO_F = {
    "leaves": "leaf",
    "halves": "half",
    "shelves": "shelf",
    "wolves": "wolf",
    "loaves": "loaf",
    "thieves": "thief",
    "calves": "calf",
    "knives": "knife",
    "wives": "wife",
    "lives": "life",
}
_OES_TO_OE = frozenset(["shoes", "toes", "canoes", "foes", "oboes"])
_USES_TO_USE = frozenset(
    [
        "houses",
        "warehouses",
        "causes",
        "clauses",
        "pauses",
        "spouses",
        "uses",
        "excuses",
        "abuses",
        "muses",
        "blouses",
    ]
)
_OES = {"heroes": "hero", "potatoes": "potato", "tomatoes": "tomato", "echoes": "echo", "vetoes": "veto"}
_PLURAL_OF = {one: many for words in (_IRREGULAR, _VES_TO_F, _OES) for many, one in words.items()}
_STRIP_ES = ("sses", "shes", "xes", "zzes")


def singular(word: str) -> str:
    """Return the singular of a lower-case word; the word itself where it is no plural."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if word in _UNCOUNTABLE or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("es"):
        return _singular_es(word)
    return word[:-1] if len(word) > 2 else word


def _singular_es(word: str) -> str:
    if word in _VES_TO_F:
        return _VES_TO_F[word]
    if word.endswith("ies"):
        return word[:-1] if word in _IES_TO_IE or len(word) < 5 else word[:-3] + "y"
    if word.endswith("ches"):
        return word[:-1] if word in _CHES_TO_CHE else word[:-2]
    if word.endswith("oes"):
        return word[:-1] if word in _OES_TO_OE else word[:-2]
    if word.endswith("uses"):
        return word[:-1] if word in _USES_TO_USE else word[:-2]
    return word[:-2] if word.endswith(_STRIP_ES) else word[:-1]


def plural(word: str) -> str:
    """Return the plural of a lower-case singular; a word that is a plural already comes back as it is."""
    if word in _PLURAL_OF:
        return _PLURAL_OF[word]
    if word in _UNCOUNTABLE or is_plural(word):
        return word
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    if word.endswith(("s", "sh", "ch", "x", "z")):
        return word + "es"
    return word + "s"


def is_plural(word: str) -> bool:
    """True where the word has a singular that differs from it."""
    return singular(word) != word


def split_last(name: str) -> tuple[str, str]:
    """Split ``workout_plans`` into ``("workout_", "plans")``: only the last word of a name is inflected."""
    head, mark, last = name.rpartition("_")
    return head + mark, last


def singular_name(name: str) -> str:
    """Return ``workout_plan`` for ``workout_plans``."""
    head, last = split_last(name)
    return head + singular(last)


def plural_name(name: str) -> str:
    """Return ``workout_plans`` for ``workout_plan``."""
    head, last = split_last(name)
    return head + plural(last)
