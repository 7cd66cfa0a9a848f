"""Proof that HTTP, bridged and native answers are the same (docs/parity.md); nothing of it is loaded by a server."""
