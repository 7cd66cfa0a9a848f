"""Finds out what each route of an app takes, inside the process that hosts it: schemas, parsers, columns, source."""

from bridge.parity.learning.routes import learn

__all__ = ["learn"]
