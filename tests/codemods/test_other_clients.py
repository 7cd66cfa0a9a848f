"""Requests that are made with something else than fetch are counted, whatever file the client comes from."""

from __future__ import annotations

import pytest

from codemods import reasons
from codemods.javascript.client_words import may_name_client
from codemods.javascript.interest import is_of_interest
from codemods.javascript.modules import Modules
from codemods.results import EXTERNAL, LEFT, Site
from tests.codemods.cases import rewrite_text

NAMED = b"""import axios from "axios";
export const api = axios.create({ baseURL: "http://localhost:5555/" });
"""
DEFAULT = b'import axios from "axios";\naxios.defaults.withCredentials = true;\nexport default axios;\n'


def sites(text: str, others: dict[str, bytes] | None = None) -> list[Site]:
    """Return the rows of a file, which must stay as it is."""
    result = rewrite_text(text, others=others)
    assert not result.is_changed
    return list(result.sites)


@pytest.mark.parametrize(
    ("name", "line", "contents"),
    [
        ("services/api.js", 'import { api } from "./services/api";', NAMED),
        ("services/api.js", 'import { api as a } from "./services/api";', NAMED),
        ("http.js", 'import http from "./http";', DEFAULT),
        ("client.js", 'import client from "./client";', NAMED + b"export default api;\n"),
    ],
)
def test_instance_is_followed_through_imports(name: str, line: str, contents: bytes) -> None:
    """A configured client is one wherever it is imported; its base URL goes before the call's."""
    local = line.split(" from")[0].split()[-1 if "{" not in line else -2]
    (site,) = sites(f'{line}\n{local}.get("/coaches");\n', {f"/app/src/{name}": contents})
    assert (site.outcome, site.reason, site.event) == (LEFT, reasons.OTHER_CLIENT, "get_coaches")


@pytest.mark.parametrize("made", ["const a = $;", 'const a = require("ky");', "const a = $ /* jQuery */;"])
def test_client_is_found_in_no_word_of_the_file_itself(made: str) -> None:
    """What may be a client is told by the words of all files that an import leads to, also past a comment."""
    others = {
        "/app/src/api.js": b'export * from /* the one */ "./two";\n',
        "/app/src/two.js": f"{made}\nexport {{ a }};\n".encode(),
    }
    (site,) = sites('import { a } from "./api";\na.get("/coaches");\n', others)
    assert (site.line, site.reason, site.event) == (2, reasons.OTHER_CLIENT, "get_coaches")


@pytest.mark.parametrize(
    ("data", "is_named"),
    [
        (b"$.get(url);", True),
        (b"const api = $;", True),
        (b"this.$http.get(url);", True),
        (b"import got from 'got';", True),
        (b"const got = map.get(`${name}`);", False),
        (b"if (/^[a-z]+$/.test(name)) names.get(name);", False),
        (b"if (/a$|b$/.test(name)) $names.get(name + '$');", False),
    ],
)
def test_words_tell_whether_a_client_is_named(data: bytes, is_named: bool) -> None:
    """Where no file has one of the words, no call is looked at."""
    assert may_name_client(Modules.of({"/app/src/a.js": data}), "/app/src/a.js", data) is is_named


def test_function_that_makes_an_instance_is_followed() -> None:
    """``api(token).get(...)``: the function may stand in another file."""
    made = b"""import axios from "axios";
const api = (token) => {
  const instance = axios.create({ baseURL: "/", headers: { Authorization: token } });
  return instance;
};
export default api;
"""
    text = 'import api from "./api";\napi(token).get("/coaches");\nother(token).get("/coaches");\n'
    (site,) = sites(text, {"/app/src/api.js": made})
    assert (site.line, site.reason, site.event) == (2, reasons.OTHER_CLIENT, "get_coaches")


def test_row_says_what_is_known() -> None:
    """Place, method, URL and the event that the call would be."""
    (site,) = sites('\nimport axios from "axios";\n  axios.delete(`/coaches/${id}`);\n')
    assert (site.line, site.column, site.method, site.url) == (3, 3, "DELETE", "/coaches/${id}")
    assert site.message == "The call is made with axios; only fetch is rewritten; its event is delete_coach."


def test_instance_of_another_host_is_external() -> None:
    """What its base URL names is another server."""
    text = (
        'import axios from "axios";\nconst a = axios.create({ baseURL: "https://x.example.com" });\na.get("/coaches");'
    )
    (site,) = sites(text)
    assert (site.outcome, site.reason) == (EXTERNAL, reasons.OTHER_ORIGIN)


def test_fetch_beside_it_is_still_rewritten() -> None:
    """The rows are in the order of the source."""
    text = 'import axios from "axios";\nfetch("/logout", { method: "DELETE" });\naxios.get("/coaches");\n'
    result = rewrite_text(text)
    assert [(site.line, site.rule) for site in result.sites] == [(2, "fetch_alone"), (3, "")]


@pytest.mark.parametrize(
    ("data", "is_interesting"),
    [
        (b'fetch("/x")', True),
        (b"prefetch(x)", False),
        (b'axios.get("/x")', True),
        (b"$.ajax({})", True),
        (b'$("#x").show()', False),
        (b'import api from "../services/api";\napi.get("/x")', True),
        (b'import api from "../services/api";\napi.start()', False),
        (b'import m from "./maps";\nm.get("x")', False),
        (b"new XMLHttpRequest()", True),
        (b"// put here by `fetch2socket client`\nfetch(x)", False),
    ],
)
def test_interest_goes_by_bytes(data: bytes, is_interesting: bool) -> None:
    """A file without any of the words is not even parsed."""
    assert is_of_interest(data) is is_interesting


def test_client_beside_a_fetch_with_a_literal_url() -> None:
    """A file that is read for its fetch is looked through for other clients too, whatever their module is called."""
    net = b'import axios from "axios";\nexport const net = axios.create({ baseURL: "/" });\n'
    source = 'import { net } from "./net";\nfetch("/coaches");\nnet.get(url);\n'
    found = rewrite_text(source, others={"/app/src/net.js": net}).sites
    assert [(one.line, one.reason) for one in found] == [(2, ""), (3, reasons.OTHER_CLIENT)]
