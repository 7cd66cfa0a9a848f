"""The HTML page: whole, self-contained, harmless whatever it was made of."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

import bridge
from codemods import reasons, reports
from codemods.cli import main
from codemods.results import EXTERNAL, LEFT, LIKELY, REWRITTEN, SAFE, FileResult, Site
from codemods.run import Run
from tests.codemods.cases import FIXTURES
from tests.codemods.worlds import put, run_over

CLIENT = Path(bridge.__file__).parent / "client"
EVIL = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
VOID = {"meta", "wbr", "input", "rect"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text; unclosed elements fail."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] not in (["script"], ["style"]):
            self.text += data

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]

    def classed(self, name: str) -> list[dict[str, str | None]]:
        return [one for _, one in self.elements if name in (one.get("class") or "").split()]


FILES = {
    "package.json": '{\n  "dependencies": {}\n}\n',
    "src/App.jsx": "// top\n" * 30
    + 'fetch("/coaches").then((r) => r.json()).then(setCoaches);\nfetch(`/coaches?page=${p}`);\n',
    "src/left.js": 'fetch("/coachs");\nfetch("https://x.example/");\n',
}


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Page:
    """The page of a run with each outcome."""
    monkeypatch.chdir(tmp_path)
    return Page(reports.render(run_over(tmp_path, FILES), "html"))


def test_page_needs_nothing_beside_it(page: Page) -> None:
    """No element loads anything, and the policy forbids it."""
    assert not [tag for tag, _ in page.elements if tag in {"link", "img", "iframe", "object", "base", "form"}]
    assert not [one for _, one in page.elements if {"src", "style", "onclick"} & one.keys()]
    assert all((one["href"] or "").startswith("#") for one in page.all("a"))
    policy = next(one["content"] for one in page.all("meta") if one.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_policy_names_the_style_and_the_script() -> None:
    """The hashes of the policy are those of the only style and the only script."""
    source = reports.render(Run(()), "html")
    for tag in ("style", "script"):
        (inner,) = re.findall(f"<{tag}>(.*?)</{tag}>", source, re.S)
        digest = base64.b64encode(hashlib.sha256(inner.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in source


def test_figures(page: Page) -> None:
    """The heading says the share of the app's own calls; the picture has a part for each outcome."""
    assert "66 %" in page.text
    assert "2 of 3 calls to the app’s server rewritten" in page.text
    whole, *_ = page.all("svg")
    assert whole["aria-label"] == "1 safe, 1 likely, 1 left, 1 external"
    widths = [float(one["width"] or 0) for one in page.all("rect")[:4]]
    assert widths == [250.0] * 4


def test_each_finding_is_shown_with_what_to_do(page: Page) -> None:
    """A finding has its place, its line of code and its sentence, below its reason's meaning and advice."""
    for text in (
        "src/left.js:1:1",
        'fetch("/coachs");',
        "No route of the server matches /coachs; the nearest is /coaches.",
        reasons.MEANINGS[reasons.NO_ROUTE],
        reasons.ADVICE[reasons.NO_ROUTE],
        "undefined and lists in the query string are sent differently",
    ):
        assert text in page.text
    assert [(one["class"] or "").split()[1] for one in page.classed("group")] == [LEFT, LIKELY, EXTERNAL]


def test_each_call_of_a_changed_file_says_how_to_review_it(page: Page) -> None:
    """A safe rewrite can be merged as it is, a likely one is to be looked at."""
    assert "merge without review" in page.text
    assert page.text.count("look at it") == 2  # the legend, and the one likely call
    assert [one["id"] for one in page.classed("file")] == ["f0", "f1", "f2", "f3"]


def test_unchanged_lines_are_folded_but_there(page: Page) -> None:
    """Between the hunks lines are kept as text, numbered on both sides, so that the whole file can be read."""
    gaps = page.classed("gap")
    assert [(one["data-old"], one["data-new"]) for one in gaps][:1] == [("4", "6")]
    assert "24 unchanged lines" in page.text
    added = sum(text.count(b"\n") for text in map(Path.read_bytes, CLIENT.glob("socket.*")))
    shown = sum("data-n" in one for _, one in page.elements)
    assert shown < added + 60


HOSTILE = FileResult(
    f"src/{EVIL}\udcff\u202e.js",
    f"fetch('{EVIL}');\r\n<!-- {EVIL}\n\x1b[2J]]>\n".encode(),
    f"emit('{EVIL}');\r\n<!-- {EVIL}\n\x00]]>".encode(),
    (
        Site(f"src/{EVIL}\udcff\u202e.js", 1, 1, REWRITTEN, "", EVIL, "fetch_then", LIKELY, EVIL, EVIL, EVIL),
        Site(f"src/{EVIL}\udcff\u202e.js", 2, 1, LEFT, "no_route", EVIL),
        Site(f"src/{EVIL}\udcff\u202e.js", 2, 1, REWRITTEN, confidence=SAFE, rule=EVIL),
        Site(f"src/{EVIL}\udcff\u202e.js", 99, 1, EXTERNAL, "other_origin", ""),
    ),
    f"failed {EVIL}",
)


def test_hostile_names_and_code_are_text() -> None:
    """Markup in names, code, messages, URLs and next steps stays text; control characters and bidi marks are shown."""
    source = reports.render(Run((HOSTILE,), (), (EVIL,)), "html")
    page = Page(source)
    assert len(page.all("script")) == 1
    assert page.all("img") == []
    assert not [one for _, one in page.elements if any(key.startswith("on") for key in one)]
    assert source.count(EVIL) == 0
    assert page.text.count(EVIL) > 8
    assert "\u202e" not in source
    assert "\\u202e" in source
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", source)
    source.encode()


def test_command_line_writes_the_page(tmp_path: Path) -> None:
    """--format html goes to stdout, or with --report into a file; both are the same page."""
    put(tmp_path, FILES)
    args = ["scan", str(tmp_path), "--events", str(FIXTURES / "events.json"), "--format", "html"]
    shown = CliRunner().invoke(main, args)
    target = tmp_path / "report.html"
    assert CliRunner().invoke(main, [*args, "--report", str(target)]).exit_code == 0
    assert shown.exit_code == 0
    assert target.read_text(encoding="utf-8") == shown.stdout
    assert shown.stdout.startswith("<!doctype html>")


def test_empty_run() -> None:
    """A run without calls is a page that says so."""
    assert "No calls to rewrite" in Page(reports.render(Run(()), "html")).text


def test_many_files_stay_small() -> None:
    """500 changed files of 300 lines make a page of a few megabytes whose files are closed and whose rows are few."""
    line = "  const something = useState({ a: 1, b: 2 });\n"
    before = (line * 150 + 'fetch("/coaches");\n' + line * 150).encode()
    after = before.replace(b'fetch("/coaches")', b'socket.emit("get_coaches")')
    sites = [Site(f"src/{n}.js", 151, 1, REWRITTEN, rule="fetch_alone", confidence=SAFE) for n in range(500)]
    source = reports.render(Run(tuple(FileResult(site.file, before, after, (site,)) for site in sites)), "html")
    assert len(source) < 11_000_000
    assert source.count("data-n=") == 500 * 14
    assert 'class="file" id="f7" open' not in source


def test_page_is_the_same_each_time() -> None:
    """Nothing of the moment or the machine goes into a page, so that two can be compared."""
    assert reports.render(Run((HOSTILE,)), "html") == reports.render(Run((HOSTILE,)), "html")
