"""``useLive`` in a real page with React: rows as state, cheap to render, cleaned up."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

import bridge
from tests.bridge.live.world import World
from tests.browser.conftest import MIGRATED_CLIENT
from tests.support.node_packages import NODE, node

CLIENT = Path(bridge.__file__).parent / "client"
PAGE = """
import { memo, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { socket } from "./socket";
import { useLive } from "./useLive";

window.socket = socket;
window.renders = [];
const Row = memo(function Row({ row }) {
  window.renders.push(row.id);
  return <li>{row.name}</li>;
});
function List({ name }) {
  const [status, setStatus] = useState("");
  const rows = useLive(name, { onLost: (ack) => setStatus(`refused: ${ack.status}`) });
  return rows ? <ul>{rows.map((row) => <Row key={row.id} row={row} />)}</ul> : <p>{status || "loading"}</p>;
}
function App() {
  const [name, setName] = useState("coaches");
  return (
    <>
      {["coaches", "plans", ""].map((one) => <button key={one} onClick={() => setName(one)}>{one || "none"}</button>)}
      {name && <List name={name} />}
    </>
  );
}
createRoot(document.getElementById("root")).render(STRICT ? <StrictMode><App /></StrictMode> : <App />);
"""


@pytest.fixture(params=[False, True], ids=["plain", "strict"])
def world(request: pytest.FixtureRequest, tmp_path: Path, migrated_dist: Path) -> World:
    """Three coaches, and a page that shows them, built with the packages of the sample's front end."""
    node()
    for name in ("socket.js", "useLive.js"):
        shutil.copy(CLIENT / name, tmp_path)
    (tmp_path / "page.jsx").write_text(PAGE, encoding="utf-8")
    strict = str(request.param).lower()
    command = ["page.jsx", "--bundle", "--outfile=page.js", "--jsx=automatic", f"--define:STRICT={strict}"]
    modules = {"NODE_PATH": str(MIGRATED_CLIENT / "node_modules")}
    esbuild = NODE / "node_modules" / ".bin" / "esbuild"
    subprocess.run([esbuild, *command], cwd=tmp_path, env={**os.environ, **modules}, check=True, capture_output=True)
    world = World(tmp_path, coaches={"scope": lambda: 0}, plans={})
    script = (tmp_path / "page.js").read_text(encoding="utf-8")
    html = '<meta charset="utf-8"><link rel="icon" href="data:,"><div id="root"></div><script src="/page.js"></script>'
    world.app.add_url_rule("/page", "page", lambda: html)
    world.app.add_url_rule("/page.js", "script", lambda: (script, {"Content-Type": "text/javascript"}))
    with world.write() as db:
        db.add_all([world.Coach(name=name) for name in ("Maya", "Theo", "Zoe")])
        db.add(world.Plan(name="mine", coach_id=1))
    return world


@pytest.fixture
def opened(page: Page, world: World) -> Iterator[Page]:
    with world.serving() as url:
        page.goto(f"{url}/page")
        expect(page.get_by_role("listitem")).to_have_text(["Maya", "Theo", "Zoe"])
        yield page
        page.goto("about:blank")


def test_a_change_renders_the_row_that_changed(opened: Page, world: World) -> None:
    """The others are the same objects, so that memo() holds."""
    opened.evaluate("window.renders = []")
    with world.write() as db:
        db.get(world.Coach, 2).name = "Tea"
    expect(opened.get_by_role("listitem")).to_have_text(["Maya", "Tea", "Zoe"])
    assert set(opened.evaluate("window.renders")) == {2}


def test_another_name_another_list(opened: Page) -> None:
    """Never one collection's rows under the name of another; a refusal is heard of, and a login ends it."""
    opened.get_by_role("button", name="plans").click()
    expect(opened.get_by_text("refused: 401")).to_be_visible()
    expect(opened.get_by_role("listitem")).to_have_count(0)
    opened.evaluate("new Promise((done) => window.socket.emit('login', { coach: 1 }, done))")
    expect(opened.get_by_role("listitem")).to_have_text(["mine"])
    opened.get_by_role("button", name="coaches").click()
    expect(opened.get_by_role("listitem")).to_have_text(["Maya", "Theo", "Zoe"])


def test_a_component_that_goes_ends_its_subscription(opened: Page) -> None:
    """The socket has no listener of it any more."""
    assert opened.evaluate("window.socket.listeners('coaches').length") == 1
    opened.get_by_role("button", name="none").click()
    expect(opened.get_by_role("listitem")).to_have_count(0)
    assert opened.evaluate("window.socket.listeners('coaches').length") == 0
