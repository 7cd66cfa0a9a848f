"""Reads Python source: it is parsed, never imported or run."""
