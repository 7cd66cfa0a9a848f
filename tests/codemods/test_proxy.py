"""Where the dev server sends calls."""

from __future__ import annotations

import pytest

from codemods.javascript.modules import Modules
from codemods.javascript.proxy import read_proxies

RULES = '{ "/coaches": "http://localhost:5555" }'


@pytest.mark.parametrize(
    ("config", "prefixes"),
    [
        (f"export default {{ server: {{ proxy: {RULES} }} }};", ["/coaches"]),
        (f'export default {{ server: {{ "proxy": {RULES} }} }};', ["/coaches"]),
        (f"export default {{ server: {{ 'proxy': {RULES} }} }};", ["/coaches"]),
        (f"const rules = {RULES};\nexport default {{ server: {{ proxy: rules }} }};", ["/coaches"]),
        (f"// proxy: none\nconst proxy = {RULES};\nexport default {{ note: 'proxy', server: {{}} }};", []),
        ("export default { plugins: [proxy()], server: { port: 'proxy' } };", []),
        ("proxy", []),
    ],
)
def test_the_proxy_of_vite_is_what_is_called_so(config: str, prefixes: list[str]) -> None:
    """The key, in quotes or not; not a name, a value or a comment of that word."""
    modules = Modules.of({"/app/vite.config.js": config.encode()})
    assert [one.prefix for one in read_proxies(modules)] == prefixes
