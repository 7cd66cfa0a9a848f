"""Writes the outputs of the fixtures anew, to be read before they are committed: ``python -m ...write_outputs``."""

from __future__ import annotations

from tests.codemods.pyclient.cases import pairs, rewritten

if __name__ == "__main__":
    for folder in pairs():
        (folder / "output.py").write_bytes(rewritten((folder / "input.py").read_bytes()).after)
