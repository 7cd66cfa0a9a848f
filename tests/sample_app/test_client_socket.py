"""sample_app/client_socket is the codemod's output: scripts/migrate_sample.sh writes it."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from codemods.cli import main
from sample_app.build import sources
from tests.browser.conftest import LEGACY_CLIENT, MIGRATED_CLIENT

ROOT = Path(__file__).parents[2]


def test_the_migrated_client_is_what_the_codemod_writes(tmp_path: Path) -> None:
    """Running the codemod over the legacy client gives the committed files, byte for byte."""
    target = tmp_path / "client_socket"
    arguments = [
        "client",
        str(LEGACY_CLIENT),
        "--events",
        "sample_app.server.bridged:app",
        "--live",
        "--to",
        str(target),
    ]
    result = CliRunner().invoke(main, [*arguments, "--app-dir", str(ROOT)])
    assert result.exit_code == 0, result.output
    assert sources(target) == sources(MIGRATED_CLIENT)


def test_the_migrated_client_has_nothing_left_to_migrate() -> None:
    """A second run over the output changes nothing."""
    arguments = ["client", str(MIGRATED_CLIENT), "--events", "sample_app.server.bridged:app", "--live", "--check"]
    result = CliRunner().invoke(main, [*arguments, "--app-dir", str(ROOT)])
    assert result.exit_code == 0, result.output
