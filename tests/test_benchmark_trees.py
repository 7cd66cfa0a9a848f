"""The trees that the codemod is measured on are what the benchmark's page says of them."""

import re
from pathlib import Path

from click.testing import CliRunner

from benchmarks import gathered, tree

_CALL = re.compile(r"(?<![\w$.])fetch\s*\(")


def test_made_tree_has_the_proportions_that_were_measured(tmp_path: Path) -> None:
    """12.4 % of the files call fetch, 1.7 times each; 9.7 % only have the letters in them."""
    count = tree.make(tmp_path, front_ends=2)
    texts = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.suffix in {".js", ".jsx", ".tsx"}]
    calls = [len(_CALL.findall(text)) for text in texts if _CALL.search(text)]
    with_word = sum("fetch" in text for text in texts) - len(calls)
    assert len(texts) == count == 400
    assert round(len(calls) / count, 2) == 0.12
    assert round(sum(calls) / len(calls), 1) == 1.7
    assert round(with_word / count, 2) in {0.09, 0.1}


def test_same_seed_gives_the_same_tree(tmp_path: Path) -> None:
    for name in ("one", "other"):
        tree.make(tmp_path / name, front_ends=1, files_each=60)
    one, other = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.js*")}
        for name in ("one", "other")
    )
    assert one == other


def test_gathered_tree_holds_what_people_wrote_only(tmp_path: Path) -> None:
    """Installed and minified files are left out, and apps are copied again until there are files enough."""
    files = {
        "client/package.json": "{}",
        "client/src/App.js": 'fetch("/coaches")',
        "client/node_modules/x/index.js": 'fetch("/x")',
        "client/src/big.js": "x;" * 4000,
        "server/app.py": 'from flask import Flask\napp = Flask(__name__)\n@app.get("/coaches")\ndef coaches(): ...\n',
    }
    for name, text in files.items():
        path = tmp_path / "apps/gym" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(gathered.main, [str(tmp_path / "apps"), str(tmp_path / "out"), "--least", "2"])
    assert done.output == "1 apps, 1 script files, 2 times; 1 events\n"
    found = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.js*"))
    copies = [f"tree/gym.{number}/client/{name}" for number in (0, 1) for name in ("package.json", "src/App.js")]
    assert found == ["events.json", *copies]
