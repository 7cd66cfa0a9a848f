"""Reads an HTML page: its elements, its text; fails on elements that are not closed."""

from __future__ import annotations

from html.parser import HTMLParser

VOID = {"meta", "wbr", "input"}


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text without script and style."""

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

    def classed(self, *names: str) -> list[dict[str, str | None]]:
        return [one for _, one in self.elements if {*names} <= {*(one.get("class") or "").split()}]
