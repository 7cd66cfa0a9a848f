"""Makes a tree of front ends to run the codemod over: the sample app's files under other names, and more like them.

The proportions are those of 1,595 hand-written script files of the front ends of 30 public apps with a Flask back end
(node_modules, built, minified and vendored files left out): 12.4 % call ``fetch``, 1.7 times each, 9.7 % only have the
letters in them (``refetch``, ``fetchData``, a method ``fetch`` of something else), the others do not. The sizes of
each kind are drawn from the sizes measured. The same seed gives the same bytes everywhere.
"""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.tree_blocks import BARE_WORD, CALLS, LINE, PLAIN, WORDS

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_app" / "client"
FRONT_ENDS, FILES_EACH = 22, 200
_NOUNS = (
    *("invoice", "order", "ticket", "patient", "course", "lesson", "recipe", "garden", "vessel", "driver", "parcel"),
    *("tenant", "loan", "grant", "artist", "album", "concert", "venue", "player", "league", "budget", "claim"),
)
_FETCH = re.compile(r"\bfetch\b")
_HEADER = 'import { useEffect, useState } from "react";\n'

# ---- what was measured --------------------------------------------------------------------------

_CALLING, _WITH_WORD = 0.124, 0.097
_BARE = 3
"""Of so many files with the letters only, one has the word by itself."""
_MORE_CALLS = (2, 3, 3, 3, 5)
"""Calls of the files beside the sample's, most of whose files have one: 1.7 a file, as measured."""
_ENDINGS = (".js", ".jsx", ".tsx")
_SHARES = (84, 8, 8)
_PERCENT = (0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 98, 100)
_CALLING_SIZES = (296, 1168, 1555, 1933, 2414, 2989, 3516, 4305, 4961, 6441, 8313, 14494, 27875)
_WORD_SIZES = (523, 1460, 2550, 3297, 4057, 5076, 6730, 8609, 10578, 12891, 21907, 26552, 35306)
_OTHER_SIZES = (30, 330, 494, 704, 912, 1287, 1754, 2342, 3428, 5391, 7631, 12417, 24179)
"""Bytes of a file, at each percentage of the files of its kind."""


@dataclass(eq=False)
class _Writer:
    """Writes code in the words of one front end; ``number`` makes each name a new one."""

    noun: str
    chance: random.Random
    number: int = 9

    def block(self, template: str) -> str:
        self.number += 1
        words = {"noun": self.noun, "Noun": self.noun.title(), "UPPER": self.noun.upper()}
        return template.format(number=self.number, **words)

    def size(self, sizes: Sequence[int]) -> int:
        """Draw the size of a file."""
        at = self.chance.uniform(0, 100)
        upper = min(bisect_right(_PERCENT, at), len(_PERCENT) - 1)
        low, high = _PERCENT[upper - 1], _PERCENT[upper]
        return round(sizes[upper - 1] + (sizes[upper] - sizes[upper - 1]) * (at - low) / (high - low))

    def grown(self, text: str, size: int) -> str:
        """Return a file's text with so much more behind it that it has about this size."""
        pieces, length = [text], len(text)
        while length < size:
            block = self.block(self.chance.choice(PLAIN))
            if length + len(block) > size + len(block) // 2:
                block = self.block(LINE)
            pieces.append(block)
            length += len(block)
        return "".join(pieces)


def make(folder: Path, front_ends: int = FRONT_ENDS, files_each: int = FILES_EACH, seed: int = 1) -> int:
    """Write the tree and return how many script files it has."""
    count = 0
    for number in range(front_ends):
        writer = _Writer(_NOUNS[number % len(_NOUNS)], random.Random(f"{seed}.{number}"))
        root = folder / f"{writer.noun}_{number}"
        _put(root / ".gitignore", "node_modules\ndist\n*.log\n")
        _put(root / "package.json", (SAMPLE / "package.json").read_text(encoding="utf-8"))
        _put(root / "vite.config.js", (SAMPLE / "vite.config.js").read_text(encoding="utf-8"))
        for name, text in _files(writer, files_each - 1):
            _put(root / "src" / name, text)
        count += files_each
    return count


def _files(writer: _Writer, count: int) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of one front end: the sample with its calls, then more files of each kind."""
    paths = sorted(path for path in (SAMPLE / "src").rglob("*") if path.suffix in {".js", ".jsx"})
    texts = {
        path.relative_to(SAMPLE / "src"): _renamed(path.read_text(encoding="utf-8"), writer.noun) for path in paths
    }
    for name, text in texts.items():
        sizes = _CALLING_SIZES if _FETCH.search(text) else _OTHER_SIZES
        yield name.as_posix(), writer.grown(text, writer.size(sizes))
    ending = writer.chance.choices(_ENDINGS, _SHARES)[0]
    calling = round(_CALLING * (count + 1)) - sum(_FETCH.search(text) is not None for text in texts.values())
    with_word = round(_WITH_WORD * (count + 1))
    for number in range(calling):
        calls = (writer.block(writer.chance.choice(CALLS)) for _ in range(_MORE_CALLS[number % len(_MORE_CALLS)]))
        yield f"panels/Panel{number}{ending}", writer.grown(_HEADER + "".join(calls), writer.size(_CALLING_SIZES))
    for number in range(with_word):
        block = writer.block(BARE_WORD if number % _BARE == 0 else writer.chance.choice(WORDS))
        yield f"state/state{number}{ending}", writer.grown(block, writer.size(_WORD_SIZES))
    yield from _calm(writer, texts, ending, count - len(texts) - max(calling, 0) - with_word)


def _calm(writer: _Writer, texts: dict[Path, str], ending: str, count: int) -> Iterator[tuple[str, str]]:
    """Yield files without the word: the sample's components once more where they fit, else code of their size."""
    others = [(name, text) for name, text in texts.items() if name.suffix == ".jsx" and len(name.parts) > 1]
    for number in range(count):
        name, text = others[number % len(others)]
        place = Path("features", f"{writer.noun}{number // len(others)}", *name.parts).with_suffix(ending)
        text = f'import {{ load }} from "../../../rows.js";\n{_FETCH.sub("load", text)}'.replace(
            '.jsx";', f'{ending}";'
        )
        size = writer.size(_OTHER_SIZES)
        yield place.as_posix(), writer.grown(text if len(text) <= size else "", size)


def _renamed(text: str, noun: str) -> str:
    """Return a file with other names in it; what follows a slash is a path or a URL and stays."""
    text = re.sub(r"(?<![\w/-])coach(?:es)?(?=[\W_A-Z])", noun, text)
    return re.sub(r"(?<![\w/.-])(set)?Coach(?=es|\b)", lambda found: f"{found[1] or ''}{noun.title()}", text)


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
