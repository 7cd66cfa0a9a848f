"""Imports are added and taken away in the file's own style, and nothing else moves."""

from __future__ import annotations

import libcst as cst
import pytest

from codemods.python.imports import add_import
from codemods.python.unused_imports import remove_unused_imports

_OWN = {"config", "models", "shop"}


def _added(code: str, source: str = "config", name: str = "bridge", before: int | None = None) -> str:
    def is_own(module: str) -> bool:
        return module.partition(".")[0] in _OWN

    return add_import(cst.parse_module(code), source, name, is_own=is_own, before=before).code


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from config import app, db\n", "from config import app, bridge, db\n"),
        ("from config import db, app\n", "from config import db, app, bridge\n"),
        ("from config import app\n", "from config import app, bridge\n"),
        ("from config import db\n", "from config import bridge, db\n"),
        ("from config import bridge, db\n", "from config import bridge, db\n"),
        ("from config import API, Base, app # x\n", "from config import API, Base, app, bridge # x\n"),
        (
            "from config import (\n    app,\n    db,  # rows\n)\n",
            "from config import (\n    app,\n    bridge,\n    db,  # rows\n)\n",
        ),
        (
            "from config import (\n    app,\n    api  # rows\n)\n",
            "from config import (\n    app,\n    api,\n    bridge  # rows\n)\n",
        ),
        ("from config import (app, api)\r\n", "from config import (app, api, bridge)\r\n"),
        ("from config import app as flask_app\n", "from config import app as flask_app, bridge\n"),
    ],
)
def test_a_name_joins_the_import_of_its_source(before: str, after: str) -> None:
    """Sorted names stay sorted, others get it at the end, and lines look as they did."""
    assert _added(before) == after


def test_a_line_that_gets_too_long_is_wrapped() -> None:
    """Over 88 columns, names stand one on a line, as black has it."""
    names = [f"some_name_{letter}" for letter in "abcde"]
    wanted = "".join(f"    {one},\n" for one in ["bridge", *names])
    assert _added(f"from config import {', '.join(names)}\n") == f"from config import (\n{wanted})\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\n\nimport flask\n\nimport models\n", "import os\n\nimport flask\n\nimport models\nNEW\n"),
        ("import os\nimport flask\nx = 1\n", "import os\nimport flask\nNEW\nx = 1\n"),
        ("import os\n\nimport flask\n\nx = 1\n", "import os\n\nimport flask\n\nNEW\n\nx = 1\n"),
        ("from models import A\n", "NEW\nfrom models import A\n"),
        ("import flask\n\n# ours\nfrom models import A\n", "import flask\n\nNEW\n# ours\nfrom models import A\n"),
        ('"""Doc."""\n\nx = 1\n', '"""Doc."""\n\nNEW\n\nx = 1\n'),
        ('"""Doc."""\nx = 1\n', '"""Doc."""\n\nNEW\n\nx = 1\n'),
        ("# licence\n\nx = 1", "# licence\n\nNEW\n\nx = 1"),
        ("from .a import b\n", "NEW\nfrom .a import b\n"),
        (
            "try:\n    import config\nexcept ImportError:\n    pass\n",
            "NEW\n\ntry:\n    import config\nexcept ImportError:\n    pass\n",
        ),
    ],
)
def test_a_new_line_stands_among_its_kind(before: str, after: str) -> None:
    """Standard library, packages, the project's own, relative: groups and their order stay."""
    assert _added(before) == after.replace("NEW", "from config import bridge")


def test_an_import_below_its_use_is_no_help() -> None:
    """Only imports above the statement that needs the name count."""
    code = "import flask\nx = 1\nfrom config import app\n"
    assert _added(code, before=1) == "import flask\n\nfrom config import bridge\nx = 1\nfrom config import app\n"


def test_relative_sources() -> None:
    """A relative import is added to, or put last."""
    assert _added("from . import app\n", source=".") == "from . import app, bridge\n"
    assert _added("import flask\nfrom ..a import x\n", source="..extensions") == (
        "import flask\nfrom ..a import x\nfrom ..extensions import bridge\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from flask import request\nx = 1\n", "x = 1\n"),
        ("from flask import Flask, request\nFlask\n", "from flask import Flask\nFlask\n"),
        ("from flask import request, Flask\nFlask\n", "from flask import Flask\nFlask\n"),
        ("from flask import (\n    Flask,\n    request\n)\nFlask\n", "from flask import (\n    Flask\n)\nFlask\n"),
        ("from flask import (\n    Flask,\n    request,\n)\nFlask\n", "from flask import (\n    Flask,\n)\nFlask\n"),
        ("import os; import request\nos\n", "import os\nos\n"),
        ("# why\nfrom flask import request\nx = 1\n", "# why\nx = 1\n"),
        ("from flask import request  # why\nx = 1\n", "# why\nx = 1\n"),
        ("x = 1\nfrom flask import request", "x = 1"),
        ("import request.inner\nx = 1\n", "x = 1\n"),
        ("from a import b as request\nx = 1\n", "x = 1\n"),
    ],
)
def test_an_unused_name_goes(before: str, after: str) -> None:
    """The name goes, with its line where nothing else is on it; comments stay."""
    assert remove_unused_imports(cst.parse_module(before), ["request"]).code == after


@pytest.mark.parametrize(
    "code",
    [
        "from flask import request\nrequest.json\n",
        "from flask import request\n__all__ = ['request']\n",
        "from flask import request\ndef f(x: 'list[request]'): ...\n",
        "from flask import request  # noqa: F401\n",
        "from flask import *\n",
        "from flask import session\n",
        "try:\n    from flask import request\nexcept ImportError:\n    pass\n",
    ],
)
def test_what_may_be_used_stays(code: str) -> None:
    """Used, quoted, marked with noqa, or not at the module's own level."""
    assert remove_unused_imports(cst.parse_module(code), ["request"]).code == code
