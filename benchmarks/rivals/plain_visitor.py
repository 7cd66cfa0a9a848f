"""What one would start from with LibCST: a codemod that visits every function of every file, and changes none."""

from __future__ import annotations

import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand


class PlainVisitor(VisitorBasedCodemodCommand):
    """Visits."""

    DESCRIPTION = "Visits every function."

    def leave_FunctionDef(  # noqa: N802 - LibCST's name
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        """Leave a function as it is."""
        return updated_node
