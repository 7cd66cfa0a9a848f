"""The endings of the files that are read; known without loading what reads them."""

from __future__ import annotations

ENDINGS = (".js", ".jsx", ".mjs", ".cjs", ".ts", ".tsx", ".vue")
