"""Tapes: files of real traffic that parity replays later (docs/tapes.md)."""
