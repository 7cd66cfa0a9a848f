"""What a name means where it stands."""

from __future__ import annotations

import pytest

from codemods.javascript.parser import Module, parse
from codemods.javascript.scope import Binding, Scopes

MEANINGS = {
    "a var of a block is the file's": ("if (a) {\n  var URL = 1;\n}\nfetch(URL);", 2),
    "a var of a function's block is the function's": (
        "const URL = 1;\nfunction load() {\n  if (a) {\n    var URL = 2;\n  }\n  fetch(URL);\n}",
        4,
    ),
    "a var of a loop is the function's": ("for (var URL of urls) {\n  ask();\n}\nfetch(URL);", 1),
    "a let of a loop is the loop's": ("const URL = 1;\nfor (let URL of urls) {\n  ask();\n}\nfetch(URL);", 1),
    "a const of a block is the block's": ("const URL = 1;\nif (a) {\n  const URL = 2;\n}\nfetch(URL);", 1),
    "the innermost declaration counts": ("const URL = 1;\n{\n  const URL = 2;\n  { fetch(URL); }\n}", 3),
    "a parameter hides what is outside": ("const URL = 1;\nconst load = (URL) =>\n  fetch(URL);", 2),
    "a function's own name is known inside": ("const load = function URL() {\n  fetch(URL);\n};", 1),
    "what is caught is known in its block": ("const URL = 1;\ntry { ask(); } catch (URL) {\n  fetch(URL);\n}", 2),
    "nothing declares a global": ("if (a) {\n  const URL = 1;\n}\nfetch(URL);", 0),
}


@pytest.mark.parametrize(("text", "line"), MEANINGS.values(), ids=MEANINGS)
def test_a_name_means_the_declaration_around_it(text: str, line: int) -> None:
    """Of the name in the call, or of one that would be written beside it; 0 stands for a global."""
    module = parse(text.encode(), "/app/src/a.js")
    scopes = Scopes(module)
    (used,) = [one for one in module.words("URL") if one.parent is not None and one.parent.type == "arguments"]
    assert _line(module, scopes.binding(used)) == line
    (fetch,) = module.words("fetch")
    assert _line(module, scopes.visible(fetch, "URL")) == line


def _line(module: Module, binding: Binding | None) -> int:
    return module.line(binding.node.start_byte) if binding is not None else 0
