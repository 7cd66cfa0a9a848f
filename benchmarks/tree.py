"""Makes a tree of front ends to run the codemod over: the sample app's files, many times, under other names.

One file in ten calls ``fetch``, and a file has five kilobytes: so it was in the real trees that were counted. The same
seed gives the same bytes everywhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_app" / "client"
FRONT_ENDS, FILES_EACH = 22, 200
_NOUNS = (
    *("invoice", "order", "ticket", "patient", "course", "lesson", "recipe", "garden", "vessel", "driver", "parcel"),
    *("tenant", "loan", "grant", "artist", "album", "concert", "venue", "player", "league", "budget", "claim"),
)
_FETCH = re.compile(r"\bfetch\b")
_BLOCKS = (
    """
export const {UPPER}_COLUMNS_{number} = [
  {{ key: "name", label: "Name", width: 180, isSortable: true }},
  {{ key: "created_at", label: "Created", width: 120, format: (value) => new Date(value).toLocaleDateString() }},
  {{ key: "total", label: "Total", width: 90, align: "right", format: (value) => `${{value.toFixed(2)}} EUR` }},
  {{ key: "status", label: "Status", width: 100, format: (value) => {UPPER}_STATES_{number}[value] ?? "unknown" }},
];

export const {UPPER}_STATES_{number} = {{ 0: "draft", 1: "open", 2: "paid", 3: "overdue", 4: "closed" }};
""",
    """
export function {noun}Reducer{number}(state, action) {{
  switch (action.type) {{
    case "{noun}/added":
      return {{ ...state, rows: [...state.rows, action.row], changed: Date.now() }};
    case "{noun}/changed":
      return {{ ...state, rows: state.rows.map((row) => (row.id === action.row.id ? action.row : row)) }};
    case "{noun}/removed":
      return {{ ...state, rows: state.rows.filter((row) => row.id !== action.id), selected: null }};
    case "{noun}/selected":
      return {{ ...state, selected: state.selected === action.id ? null : action.id }};
    default:
      return state;
  }}
}}
""",
    """
/** Sums of the rows by month, newest first; rows without a date are left out. */
export function {noun}ByMonth{number}(rows, limit = {number}) {{
  const sums = new Map();
  for (const row of rows) {{
    if (!row.date || row.total < 0) continue;
    const month = row.date.slice(0, 7);
    const known = sums.get(month) ?? {{ month, total: 0, count: 0 }};
    sums.set(month, {{ month, total: known.total + row.total, count: known.count + 1 }});
  }}
  return [...sums.values()].sort((a, b) => (a.month < b.month ? 1 : -1)).slice(0, limit);
}}
""",
    """
export function {Noun}Badge{number}({{ row, isCompact, onSelect }}) {{
  const label = isCompact ? row.name.slice(0, 12) : `${{row.name}} (${{row.count ?? 0}})`;
  if (!row.isVisible && isCompact) return null;
  return (
    <button type="button" className={{`badge badge-${{row.status}}`}} onClick={{() => onSelect?.(row.id)}}>
      <span aria-hidden="true">{{row.icon}}</span>
      {{label}}
      {{row.warnings.length > 0 && <em title={{row.warnings.join(", ")}}>{{row.warnings.length}}</em>}}
    </button>
  );
}}
""",
    """
const {noun}Rules{number} = {{
  name: (value) => (value.trim().length < 2 ? "Shorter than 2 characters." : null),
  email: (value) => (/^[^@\\s]+@[^@\\s]+$/.test(value) ? null : "This is no e-mail address."),
  age: (value) => (Number.isInteger(+value) && +value >= {number} ? null : "Must be {number} at least."),
}};

export function check{Noun}{number}(values) {{
  const found = Object.entries({noun}Rules{number}).map(([key, rule]) => [key, rule(values[key] ?? "")]);
  return Object.fromEntries(found.filter(([, problem]) => problem !== null));
}}
""",
)


def make(folder: Path, front_ends: int = FRONT_ENDS, files_each: int = FILES_EACH, seed: int = 1) -> int:
    """Write the tree and return how many script files it has."""
    count = 0
    for number in range(front_ends):
        noun = _NOUNS[number % len(_NOUNS)]
        chance = random.Random(f"{seed}.{number}")
        root = folder / f"{noun}_{number}"
        _put(root / ".gitignore", "node_modules\ndist\n*.log\n")
        _put(root / "package.json", (SAMPLE / "package.json").read_text(encoding="utf-8"))
        _put(root / "vite.config.js", (SAMPLE / "vite.config.js").read_text(encoding="utf-8"))
        for name, text in _files(noun, files_each - 1, chance):
            _put(root / "src" / name, text)
        count += files_each
    return count


def _files(noun: str, count: int, chance: random.Random) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of one front end: the sample with its calls, then more like it without."""
    paths = sorted(path for path in (SAMPLE / "src").rglob("*") if path.suffix in {".js", ".jsx"})
    texts = {path.relative_to(SAMPLE / "src"): _renamed(path.read_text(encoding="utf-8"), noun) for path in paths}
    for name, text in texts.items():
        yield name.as_posix(), text + _filling(noun, chance, 2)
    ending = chance.choice((".jsx", ".tsx"))
    others = [(name, text) for name, text in texts.items() if name.suffix == ".jsx" and len(name.parts) > 1]
    for number in range(count - len(texts)):
        name, text = others[number % len(others)]
        calm = f'import {{ load }} from "../../load.js";\n{_FETCH.sub("load", text)}'
        place = Path("features", f"{noun}{number // len(others)}", *name.parts)
        yield place.with_suffix(ending).as_posix(), calm + _filling(noun, chance, 6)


def _renamed(text: str, noun: str) -> str:
    """Return a file with other names in it; what follows a slash is a path or a URL and stays."""
    text = re.sub(r"(?<![\w/-])coach(?:es)?(?=[\W_A-Z])", noun, text)
    return re.sub(r"(?<![\w/.-])(set)?Coach(?=es|\b)", lambda found: f"{found[1] or ''}{noun.title()}", text)


def _filling(noun: str, chance: random.Random, most: int) -> str:
    blocks = [chance.choice(_BLOCKS) for _ in range(chance.randint(most // 2, most))]
    words = {"noun": noun, "Noun": noun.title(), "UPPER": noun.upper()}
    return "".join(block.format(number=number + 10, **words) for number, block in enumerate(blocks))


def _put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
